"""A chart on a page. What was drawn before from the same values is not drawn again: that takes longer than all else."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterable
from copy import deepcopy
from threading import Lock
from typing import Any

import altair
import polars as pl
import streamlit as st

from ui.language import current
from ui.theme import is_dark

_settings = Lock()  # those of altair hold for all threads


def show(draw: Callable[..., Any], *values: Any, alt: str, said: Iterable[str] = (), **options: Any) -> None:
    """Show a chart on the paper of the reader.

    Parameters
    ----------
    draw : callable
        Makes the chart of `values`, `options` and ``dark``, and of nothing else but the language in use.
    *values, **options
        Frames and plain values.
    alt : str
        What the chart shows, for people who hear it.
    said : iterable of str
        What its marks say, for them: a chart without a table beside it has its values here.
    """
    name = f"{draw.__module__}.{draw.__name__}"
    spec, data = _spec(draw, name, values, options | {"dark": is_dark()}, current())
    heard = "; ".join(said)
    st.vega_lite_chart({**deepcopy(spec), "datasets": dict(data)}, alt=f"{alt}: {heard}" if heard else alt)


@st.cache_resource(show_spinner=False, max_entries=300)
def _spec(
    _draw: Callable[..., Any], name: str, values: tuple[Any, ...], options: dict[str, Any], language: str
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Give what the browser draws, and its data by name, as Arrow."""
    data: dict[str, bytes] = {}

    def by_name(frame: Any) -> dict[str, str]:
        stream = io.BytesIO()
        frame.write_ipc_stream(stream, compat_level=pl.CompatLevel.oldest())
        called = f"data-{zlib.crc32(stream.getvalue())}"
        data[called] = stream.getvalue()
        return {"name": called}

    chart = _draw(*values, **options)
    with _settings:
        altair.data_transformers.register("by_name", by_name)
        with altair.theme.enable("none"), altair.data_transformers.enable("by_name"):
            return chart.configure(aria=False).to_dict(), data  # its marks are heard in `said`, once
