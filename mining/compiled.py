"""Loops compiled to machine code, kept on disk where that is possible."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit


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
