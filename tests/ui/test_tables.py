"""Tables: names too long for their column end with an ellipsis, and the value beneath is whole."""

from __future__ import annotations

import json

import polars as pl
from streamlit.testing.v1 import AppTest

LONG = "CMA 1: first computer-marked assignment"


def page() -> None:
    import polars as pl

    from ui.tables import Column, show

    names = ["CMA 1: first computer-marked assignment", "TMA 2", None]
    show(
        pl.DataFrame({"name": names, "free": names}),
        {"name": Column("Name", width=150), "free": Column("Free")},
    )


def test_a_long_name_ends_with_an_ellipsis_where_its_column_has_a_width() -> None:
    table = AppTest.from_function(page).run().dataframe[0]
    assert table.value["name"].tolist() == [LONG, "TMA 2", None]
    assert json.loads(table.proto.columns)["_index"]["hidden"]
    shown = pl.read_ipc_stream(table.proto.arrow_data.styler.display_values)
    first, second, _none = shown["name"].to_list()
    assert first.endswith("…")
    assert LONG.startswith(first[:-1])
    assert second == "TMA 2"
    assert shown["free"].to_list()[0] == LONG
