"""Loops compiled to machine code, kept on disk where that is possible."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from numba import njit

BLAS = "scipy.linalg.cython_blas"


def compiled(loop: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a loop that lets go of the interpreter while it runs.

    The machine code is kept beside the file, else among the user's own caches. Where neither can be written the loop is
    compiled anew in every process.
    """
    try:
        kept: Callable[..., Any] = njit(cache=True, nogil=True)(loop)
    except RuntimeError:  # there is no place to keep it
        kept = njit(nogil=True)(loop)
    return kept


def without_scipy() -> None:
    """Have numba load its arrays without scipy, which takes longer than all loops here: none multiplies matrices.

    For a process of our own, before it has loaded a loop: numba multiplies no matrices in it any more.
    """
    if BLAS not in sys.modules:
        sys.modules[BLAS] = None  # type: ignore[assignment]  # Python's own word for what cannot be imported
        try:
            import_module("numba.np.arraymath")
        finally:
            del sys.modules[BLAS]
