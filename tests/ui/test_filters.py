"""Picks become conditions that the log understands, and the counts follow."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pipeline import queries
from pipeline.store import Workspace
from ui.filters import condition


@pytest.mark.parametrize(
    ("attribute", "values", "said"),
    [
        ("region", ["Wales"], "region = 'Wales'"),
        ("region", ["King's Lynn", "Wales"], "region in ('King''s Lynn', 'Wales')"),
        ("case:paid", [True], '"case:paid" = true'),
        ('a"b', [1, 2], '"a""b" in (1, 2)'),
    ],
)
def test_a_pick_as_a_condition(attribute: str, values: list[object], said: str) -> None:
    assert condition(attribute, values) == said


def test_picks_and_conditions_are_counted_on_every_page(open_app: Callable[..., AppTest], sample: Path) -> None:
    with Workspace(sample) as workspace:
        plan = "module = 'BBB' and presentation = '2013J' and banked = 0"
        where = f"({plan}) and (gender = 'F') and (n_events > 3)"
        expected = queries.summary(workspace, where).journeys
    app = open_app(sample)
    app.selectbox(key="attribute").select("gender").run()
    app.multiselect(key="values").select("F").run()
    app.text_input(key="condition").input("n_events > 3").run()
    said = f"**{expected:,}** of 32,593 journeys"
    assert said in [m.value for m in app.markdown]
    for page in ("explore", "drop_off", "gaps"):
        app.switch_page(f"ui/{page}_page.py").run()
        assert said in [m.value for m in app.markdown], page
        assert not app.exception


def test_a_wrong_condition_says_what_is_known(open_app: Callable[..., AppTest], sample: Path) -> None:
    app = open_app(sample, "explore")
    app.text_input(key="condition").input("regiom = 'Wales'").run()
    assert "names what is not there" in app.error[0].value
    assert any("did you mean" in m.value and "region" in m.value for m in app.markdown)
    assert not app.exception


def test_a_filter_that_leaves_nobody_is_explained(open_app: Callable[..., AppTest], sample: Path) -> None:
    app = open_app(sample, "explore")
    app.text_input(key="condition").input("n_events > 999").run()
    assert "No journey meets the filter" in app.info[0].value


def test_a_persona_narrows_the_journeys(open_app: Callable[..., AppTest], sample: Path) -> None:
    app = open_app(sample)
    app.selectbox(key="persona").select("returning").run()
    with_persona = next(m.value for m in app.markdown if "of 32,593 journeys" in m.value)
    assert with_persona != "**2,187** of 32,593 journeys"
    next(b for b in app.button if b.label == "Clear the filter").click().run()
    assert "**2,187** of 32,593 journeys" in [m.value for m in app.markdown]


def test_a_cleared_filter_is_empty_and_stays_so_on_other_pages(open_app: Callable[..., AppTest], sample: Path) -> None:
    app = open_app(sample)
    app.selectbox(key="attribute").select("gender").run()
    app.multiselect(key="values").select("F").run()
    app.text_input(key="condition").input("n_events > 3").run()
    app.selectbox(key="persona").select("returning").run()
    app.switch_page("ui/explore_page.py").run()
    app.toggle(key="whole_log").set_value(True).run()
    next(b for b in app.button if b.label == "Clear the filter").click().run()
    for page in ("explore", "drop_off", "compare"):
        app.switch_page(f"ui/{page}_page.py").run()
        assert app.selectbox(key="attribute").value is None, page
        assert app.selectbox(key="persona").value is None, page
        assert app.text_input(key="condition").value == "", page
        assert "**2,187** of 32,593 journeys" in [m.value for m in app.markdown], page
    app.selectbox(key="attribute").select("gender").run()
    assert app.multiselect(key="values").value == []


def test_a_persona_stays_chosen_when_the_language_changes(open_app: Callable[..., AppTest], sample: Path) -> None:
    app = open_app(sample)
    app.selectbox(key="persona").select("returning").run()
    app.segmented_control(key="lang").set_value("vi").run()
    assert not app.exception
    assert app.selectbox(key="persona").value == "returning"
