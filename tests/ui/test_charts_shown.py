"""Charts on a page: drawn once for the same values, language and paper, and sent as they are."""

from __future__ import annotations

import json

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from ui.charts import shown
from ui.charts.fields import Spec, nominal, quantitative

DRAWN: list[str] = []
DATA = pl.DataFrame({"name": ["<b>", "Ü"], "n": [1, 2]})


def bars(data: pl.DataFrame, title: str, *, dark: bool) -> Spec:
    DRAWN.append(title)
    return {
        "datasets": {"bars": data},
        "data": {"name": "bars"},
        "mark": {"type": "bar", "color": "white" if dark else "black"},
        "encoding": {"x": quantitative("n"), "y": nominal("name"), "color": nominal("name", title=None)},
        "title": title,
    }


def page() -> None:
    import streamlit as st

    from tests.ui.test_charts_shown import DATA, bars
    from ui.charts.shown import show

    for title in st.session_state.get("titles", ["one"]):
        show(bars, DATA, title, alt=title)


def test_a_chart_is_drawn_once_for_the_same_values() -> None:
    shown._drawn.clear()
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
    app = AppTest.from_function(page, default_timeout=30).run()
    for _again in range(2):
        chart = app.run().get("vega_lite_chart")[0].proto
        sent, whole = json.loads(chart.spec), bars(DATA, "one", dark=False)
        (data,) = chart.datasets
        assert data.name == sent["data"]["name"]
        assert pl.read_ipc_stream(data.data.data).equals(DATA)
        assert sent["config"] == {"aria": False}
        assert {part: sent[part] for part in ("data", "mark", "title")} == {
            part: whole[part] for part in ("data", "mark", "title")
        }
        color = whole["encoding"]["color"] | {"title": " "}  # a legend without a title, as Streamlit writes it
        assert sent["encoding"] == whole["encoding"] | {"color": color}


def test_values_that_cannot_be_told_apart_are_not_taken() -> None:
    with pytest.raises(Exception, match="hash"):
        shown._drawn(bars, "bars", (object(),), {}, "en")
