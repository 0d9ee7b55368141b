"""The panels for gaps and for ids: they show the numbers they are given, in both languages."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.shown import tables
from ui.charts.gap_curve import gap_curve_chart, gap_curve_data
from ui.language import speaking


def gaps() -> None:
    import polars as pl
    import streamlit as st

    from mining.messages import Message
    from pipeline.sessions import GapHint
    from ui.journeys_panel import gap_panel

    curve = pl.DataFrame({"gap_s": [60.0, 1800.0, 86400.0], "n_journeys": [9000, 1234, 7]})
    gap_panel(curve, st.session_state.get("gap", 1800.0), GapHint(7200.0, Message("{share:.0%} *here*", share=0.5)))


def ids() -> None:
    import polars as pl
    import streamlit as st

    from pipeline.identity import stitch
    from pipeline.identity.tables import identity_tables
    from pipeline.store import Workspace
    from ui.journeys_panel import identity_choice, identity_preview

    rule = identity_choice(["cookie", "email", "plan"])
    st.session_state["rule"] = rule
    if rule is None:
        return
    events = [(f"e{i}@x.vn", "tablet") for i in range(6)] + [("e0@x.vn", "own"), (None, "own"), (None, None)]
    with Workspace() as ws, ws.change(keep=False) as db:
        frame = pl.DataFrame(events, schema={"email": pl.String, "cookie": pl.String}, orient="row")
        db.register("made", frame.with_row_index("event_no"))
        db.execute(
            "CREATE TEMP TABLE staged AS SELECT '' AS key, 'a' AS activity, TIMESTAMP '2026-01-01' AS time, event_no, "
            "0 AS source_id, email, cookie, NULL AS plan FROM made"
        )
        found = stitch(db, "staged", {c: c for c in rule.columns}, rule)
        identity_preview(found.as_dict(), identity_tables(db))


def run(script: Any, language: str, **state: Any) -> AppTest:
    app = AppTest.from_function(script, default_timeout=60)
    app.session_state["lang"] = language
    for name, value in state.items():
        app.session_state[name] = value
    app.run()
    assert not app.exception
    return app


def test_the_curve_marks_the_chosen_gap() -> None:
    curve = pl.DataFrame({"gap_s": [1800.0, 60.0], "n_journeys": [1234, 9000]})
    with speaking("vi"):
        data = gap_curve_data(curve, 1800.0)
        chart = gap_curve_chart(data, dark=False)
    assert data.rows() == [(60.0, 9000, False, "1 phút", "9.000"), (1800.0, 1234, True, "30 phút", "1.234")]
    assert chart["encoding"]["x"]["scale"]["domain"] == [60.0, 1800.0]
    assert '"1800": "30 phút"' in chart["encoding"]["x"]["axis"]["labelExpr"]


def test_a_curve_of_nothing_can_be_drawn() -> None:
    empty = pl.DataFrame(schema={"gap_s": pl.Float64, "n_journeys": pl.Int64})
    assert gap_curve_chart(gap_curve_data(empty, 1800.0), dark=True)["height"] == 260


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_gap_panel_says_how_many_and_what_the_log_suggests(language: str) -> None:
    said = [caption.value for caption in run(gaps, language).caption]
    assert len(said) == 2
    assert ("1,234" if language == "en" else "1.234") in said[0].replace("\\", "")
    assert "50% *here*" in said[1].replace("\\", "").replace(" %", "%")


def test_nothing_is_asked_before_a_column_is_picked() -> None:
    app = run(ids, "en")
    assert app.session_state["rule"] is None
    assert app.multiselect[0].options == ["email", "plan", "cookie"]
    assert not app.selectbox


def test_the_preview_shows_before_and_after_and_the_evidence() -> None:
    app = run(ids, "en", identity_columns=["email", "cookie"])
    assert app.session_state["rule"].forms == ("email", "exact")
    assert [(m.label, m.value) for m in app.metric] == [
        ("Ids", "8"),
        ("Persons", "6"),
        ("With several ids", "1"),
        ("Shared ids", "1"),
    ]
    said = " ".join(caption.value for caption in app.caption)
    assert "there would be 1 person; 6 of those above" in said
    assert "1 event names nobody" in said
    shared, persons, why = tables(app)
    assert shared["value"].to_list() == ["tablet"]
    assert persons["person"].to_list() == ["email:e0@x.vn"]
    assert why.select("value_a", "value_b", "n_events").rows() == [("e0@x.vn", "own", 1)]


def test_a_higher_limit_lets_the_tablet_link() -> None:
    app = run(ids, "vi", identity_columns=["email", "cookie"])
    app.number_input(key="identity_most_trusted").set_value(6).run()
    assert [m.value for m in app.metric] == ["8", "1", "1", "0"]
