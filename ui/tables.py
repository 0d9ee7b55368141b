"""Tables: what a column is called and how its values are written; the values themselves stay numbers, to sort by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st
from streamlit.errors import StreamlitAPIException

from ui.canvas import table
from ui.formats import NOTHING
from ui.language import _, current
from ui.text import visible

MOST_UNPINNED = 12  # so many columns fit without scrolling sideways


@dataclass(frozen=True)
class Column:
    """One column: its heading, its explanation, its width in pixels, and how a value is written.

    ``bar`` shows a share as a bar; ``chips`` a list of names as chips; ``empty`` stands where nothing is known.
    """

    label: str
    form: Callable[[Any], str] | None = None
    help: str | None = None
    width: int | None = None
    bar: bool = False
    chips: bool = False
    pinned: bool = False
    empty: str = NOTHING


def show(
    frame: pl.DataFrame,
    columns: Mapping[str, Column],
    *,
    key: str | None = None,
    select: bool = False,
    first: int | None = None,
    rows: int = 12,
    closed: int = 0,
    lines: int = 1,
    alt: str | None = None,
) -> int | None:
    """Show a table.

    Parameters
    ----------
    frame : polars.DataFrame
        The rows, in the order to show.
    columns : mapping of str to Column
        Which columns to show, in order.
    key : str, optional
        Identity of the widget.
    select : bool, default False
        Let one row be chosen.
    first : int, optional
        The number of the row that is chosen to begin with; without it none is.
    rows : int, default 12
        How many rows are seen without scrolling.
    closed : int, default 0
        How often a choice was given up outside of the table; one more, and it is given up inside.
    lines : int, default 1
        How many lines a text may take: 1 or 2.
    alt : str, optional
        What the table shows, for people who hear it.

    Returns
    -------
    int or None
        The number of the chosen row.
    """
    plain = [_plain(frame[name], column, len(columns) > MOST_UNPINNED) for name, column in columns.items()]
    words = {"alt": alt, "download": _("Download (CSV)"), "language": current()}
    try:
        return table.show(
            plain, n=frame.height, seen=rows, key=key, select=select, first=first, closed=closed, lines=lines,
            words=words,
        )  # fmt: skip
    except StreamlitAPIException:  # the browser's part is not installed
        written = {column["name"]: column.get("texts") or column.get("values") or column["chips"] for column in plain}
        st.dataframe(written, hide_index=True, column_config={column["name"]: column["label"] for column in plain})
        return first if frame.height else None


def _plain(values: pl.Series, column: Column, scrolls: bool) -> dict[str, Any]:
    """Give a column as plain JSON: what is read, and what it is sorted by where that is something else."""
    plain: dict[str, Any] = {"name": visible(values.name), "label": visible(column.label)}
    plain |= {name: told for name in ("help", "width") if (told := getattr(column, name)) is not None}
    if column.pinned and scrolls:
        plain["pinned"] = True
    known = [None if value != value else value for value in values.to_list()]  # what is not a number is not known
    if column.chips:
        return plain | {"kind": "chips", "chips": [[visible(name) for name in names or ()] for names in known]}
    if column.bar:
        return plain | {"kind": "bar", "values": known}
    write = column.form or _written
    plain["texts"] = [None if value is None else write(value) for value in known]
    if column.empty != NOTHING:
        plain["empty"] = column.empty
    if values.dtype.is_numeric():
        return plain | {"kind": "number", "values": known}
    if values.dtype.is_temporal():
        return plain | {"kind": "text", "values": [None if value is None else str(value) for value in known]}
    return plain | {"kind": "text"}


def _written(value: object) -> str:
    return visible(str(value))
