"""A chart on a page. What was drawn before from the same values is not drawn again."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any

import polars as pl
import streamlit as st

from ui.charts.fields import Spec
from ui.language import current
from ui.theme import is_dark


def show(draw: Callable[..., Spec], *values: Any, alt: str, said: Iterable[str] = (), **options: Any) -> None:
    """Show a chart on the paper of the reader.

    Parameters
    ----------
    draw : callable
        Makes the chart of `values`, `options` and ``dark``, and of nothing else but the language in use: a Vega-Lite
        specification whose ``datasets`` are frames.
    *values, **options
        Frames and plain values.
    alt : str
        What the chart shows, for people who hear it.
    said : iterable of str
        What its marks say, for them: a chart without a table beside it has its values here.
    """
    name = f"{draw.__module__}.{draw.__name__}"
    heard = "; ".join(said)
    chart = _drawn(draw, name, values, options | {"dark": is_dark()}, current())
    # Streamlit writes a space where the title of a legend is null, and changes nothing else of what is kept.
    st.vega_lite_chart(chart, alt=f"{alt}: {heard}" if heard else alt)


@st.cache_resource(show_spinner=False, max_entries=300)
def _drawn(
    _draw: Callable[..., Spec], name: str, values: tuple[Any, ...], options: dict[str, Any], language: str
) -> Spec:
    """Give what the browser draws, its data as Arrow; the marks are heard in `said`, once."""
    chart = _draw(*values, **options)
    datasets = {called: _arrow(frame) for called, frame in chart["datasets"].items()}
    return {**chart, "datasets": datasets, "config": {"aria": False}}


def _arrow(frame: pl.DataFrame) -> bytes:
    stream = io.BytesIO()
    frame.write_ipc_stream(stream, compat_level=pl.CompatLevel.oldest())
    return stream.getvalue()
