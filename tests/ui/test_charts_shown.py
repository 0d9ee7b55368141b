"""Charts on a page: drawn once for the same values, language and paper; what is sent is what altair itself makes."""

from __future__ import annotations

import json

import altair
import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from ui.charts import shown

DRAWN: list[str] = []
DATA = pl.DataFrame({"name": ["<b>", "Ü"], "n": [1, 2]})


def bars(data: pl.DataFrame, title: str, *, dark: bool) -> altair.Chart:
    DRAWN.append(title)
    return altair.Chart(data, title=title).mark_bar(color="white" if dark else "black").encode(x="n:Q", y="name:N")


def page() -> None:
    import streamlit as st

    from tests.ui.test_charts_shown import DATA, bars
    from ui.charts.shown import show

    for title in st.session_state.get("titles", ["one"]):
        show(bars, DATA, title, alt=title)


def test_a_chart_is_drawn_once_for_the_same_values() -> None:
    shown._spec.clear()
    DRAWN.clear()
    app = AppTest.from_function(page, default_timeout=30).run().run()
    assert DRAWN == ["one"]
    app.session_state["titles"] = ["one", "two"]
    app.run()
    assert DRAWN == ["one", "two"]
    app.session_state["lang"] = "vi"
    app.run()
    assert DRAWN == ["one", "two", "one", "two"]


def test_what_is_sent_is_the_chart_and_its_data() -> None:
    chart = AppTest.from_function(page, default_timeout=30).run().get("vega_lite_chart")[0].proto
    sent = json.loads(chart.spec)
    with altair.theme.enable("none"):
        whole = bars(DATA, "one", dark=False).to_dict()
    name = sent["data"].pop("name")
    assert whole["datasets"][whole["data"].pop("name")] == DATA.to_dicts()
    assert {part: sent[part] for part in ("data", "mark", "encoding", "title")} == {
        part: whole[part] for part in ("data", "mark", "encoding", "title")
    }
    (data,) = chart.datasets
    assert data.name == name
    assert pl.read_ipc_stream(data.data.data).equals(DATA)


def test_values_that_cannot_be_told_apart_are_not_taken() -> None:
    with pytest.raises(Exception, match="hash"):
        shown._spec(bars, "bars", (object(),), {}, "en")
