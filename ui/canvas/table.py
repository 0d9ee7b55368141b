"""The table in the browser: takes columns as plain JSON, and gives the row that the reader has chosen.

It is made of the page's own elements: a screen reader reads it, and it stands as soon as it is there. What draws it is
built with the map, from the sources in ``frontend/``.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from ui.canvas import component, nothing


def show(
    columns: Sequence[Mapping[str, Any]],
    *,
    n: int,
    seen: int,
    key: str | None = None,
    select: bool = False,
    first: int | None = None,
    closed: int = 0,
    lines: int = 1,
    words: Mapping[str, str | None],
) -> int | None:
    """Draw a table, and give the number of the row that is chosen.

    Parameters
    ----------
    columns : sequence of mappings
        Each with ``label``, ``kind`` (text, number, bar or chips), ``help`` and ``width`` (pixels) where it has any,
        and one item per row: ``texts`` as they are written, ``values`` where it is sorted by something else, ``chips``.
    n : int
        How many rows there are.
    seen : int
        How many are seen without scrolling.
    key : str, optional
        Identity of the table.
    select : bool
        Whether a row can be chosen.
    first : int, optional
        The number of the row that is chosen to begin with; one always is then.
    closed : int
        How often the reader has given up a choice outside of the table; one more, and it is given up inside.
    lines : int
        How many lines a text may take: 1 or 2.
    words : mapping of str to str
        ``alt``, ``download`` and ``language``.
    """
    rows = zlib.crc32(repr([column.get("values") or column.get("texts") for column in columns]).encode())
    scene = {"kind": "table", "columns": list(columns), "n": n, "seen": seen, "rows": rows, "lines": lines, **words}
    begin = first if n else None
    if not select:
        component()(data=[scene], key=key)
        return begin
    scene |= {"select": True, "first": first, "closed": closed}
    result = component()(data=[scene], key=key, default={"chosen": None}, on_chosen_change=nothing)
    chosen = result.chosen
    if not chosen or chosen["row"] is None or (chosen["rows"], chosen.get("closed", 0)) != (rows, closed):
        return begin
    row: int = chosen["row"]
    return row
