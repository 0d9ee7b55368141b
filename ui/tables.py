"""Tables: what a column is called and how its values are written; the values themselves stay numbers, to sort by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import polars as pl
import streamlit as st

from pipeline.report.pictures.svg import fitted
from ui.formats import NOTHING
from ui.text import visible

ROW_PX = 31
LETTER_PX, PADDING_PX = 10.6, 17  # of the font of tables, as `fitted` measures it; of a cell
MOST_UNPINNED = 12  # so many columns fit without scrolling sideways
Width = Literal["small", "medium", "large"] | int | None


@dataclass(frozen=True)
class Column:
    """One column: its heading, its explanation, its width, and how a value is written.

    ``bar`` shows a share as a bar; ``chips`` a list of names as chips; ``empty`` stands where nothing is known.
    """

    label: str
    form: Callable[[Any], str] | None = None
    help: str | None = None
    width: Width = None
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
    first: bool = False,
    rows: int = 12,
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
    first : bool, default False
        Choose the first row to begin with.
    rows : int, default 12
        How many rows are seen without scrolling.
    alt : str, optional
        What the table shows, for people who hear it.

    Returns
    -------
    int or None
        The number of the chosen row.
    """
    chosen, columns = plain(frame.select(*columns), columns)
    options: dict[str, Any] = {}
    if select:
        options = {"on_select": "rerun", "selection_mode": "single-row-required" if first else "single-row"}
        if first:
            options["selection_default"] = {"selection": {"rows": [0]}}
    event = st.dataframe(
        _styled(chosen, columns),
        hide_index=True,
        width="stretch",
        height="content" if frame.height <= rows else ROW_PX * (rows + 1),
        column_config={name: _config(column, len(columns) > MOST_UNPINNED) for name, column in columns.items()},
        key=key,
        placeholder=NOTHING,
        alt=alt,
        **options,
    )
    picked = event["selection"]["rows"] if select else []
    return picked[0] if picked and picked[0] < frame.height else (0 if first and frame.height else None)


def plain(frame: pl.DataFrame, columns: Mapping[str, Column]) -> tuple[pl.DataFrame, dict[str, Column]]:
    """Give frame and columns with a mark for each control character in a name: no table can be made with a NUL."""
    names: dict[str, str] = {}
    for name in columns:
        cleaned = visible(name)
        while cleaned in names.values():
            cleaned += "\u2060"
        names[name] = cleaned
    return frame.rename(names), {
        names[name]: replace(column, label=visible(column.label)) for name, column in columns.items()
    }


def _styled(frame: pl.DataFrame, columns: Mapping[str, Column]) -> Any:
    """Give the frame with the written form of its values beside them."""
    forms = {name: _writer(c.form, c.empty) for name, c in columns.items() if c.form is not None and not c.bar}
    forms |= {name: _writer(_cut(c.width), c.empty) for name, c in columns.items() if _may_be_cut(frame[name], c)}
    if not forms:
        return frame
    return frame.to_pandas(types_mapper=None).style.format(forms)  # type: ignore[arg-type]


def _writer(form: Callable[[Any], str], empty: str) -> Callable[[Any], str]:
    def write(value: Any) -> str:
        return empty if value is None or value != value else form(value)

    return write


def _may_be_cut(values: pl.Series, column: Column) -> bool:
    """Say whether a column of texts has a width of its own, and so may be too narrow for some."""
    return column.form is None and isinstance(column.width, int) and values.dtype == pl.String


def _cut(width: Width) -> Callable[[str], str]:
    """Give what ends a long text with an ellipsis; a double click on its cell still shows all of it."""
    room = float(width) - PADDING_PX  # type: ignore[arg-type]  # asked before
    return lambda text: fitted(text, LETTER_PX, room)


def _config(column: Column, scrolls: bool) -> Any:
    pinned = (column.pinned and scrolls) or None  # a pinned column is grey, as if it could not be used
    common: dict[str, Any] = {"help": column.help, "width": column.width, "pinned": pinned}
    if column.bar:
        return st.column_config.ProgressColumn(column.label, min_value=0.0, max_value=1.0, format=" ", **common)
    if column.chips:
        return st.column_config.ListColumn(column.label, **common)
    return st.column_config.Column(column.label, **common)
