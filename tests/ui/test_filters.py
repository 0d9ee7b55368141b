"""Conditions are said in words, counted alike on every page, taken back, kept, and carried on."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from mining.conditions import both
from mining.recipe import Recipe
from pipeline import queries
from pipeline.store import Workspace
from tests.ui.conftest import SAMPLE
from ui.filter_words import Known, in_words, said
from ui.filters import Filter
from ui.language import speaking

PLAN = "module = 'BBB' and presentation = '2013J' and banked = 0"
NOBODY = Known({}, {})


def counts(app: AppTest) -> list[str]:
    return [m.value for m in app.markdown if "journeys" in m.value and "**" in m.value]


def chips(app: AppTest) -> list[str]:
    return [b.label for b in app.button if str(b.key).startswith("chip_")]


def choose(app: AppTest, *conditions: str) -> AppTest:
    app.session_state["filter"] = Filter(conditions)
    return app.run()


def opened(app: AppTest, kind: str, changes: int = 0) -> AppTest:
    app.session_state[f"filter_editor_{changes}"] = True
    app.run()
    return app.selectbox(key="filter_kind").select(kind).run()


def menu(app: Any, changes: int = 0) -> AppTest:
    """Run the page, or what was done on it, with the menu of the filter open."""
    page: AppTest = getattr(app, "root", app)
    page.session_state[f"filter_menu_{changes}"] = True
    return page.run()


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("region = 'Wales'", "region: Wales"),
        ("not region in ('A', 'B', 'C', 'D')", "region: not A, B, C and 1 more"),
        ("first_activity = 'Ask'", "starts with Ask"),
        ("not last_activity = 'Ask'", "does not end with Ask"),
        ("variant_id in (1, 2)", "on 2 chosen paths"),
        ("passes('Pay')", "goes through “Pay”"),
        ("not follows('Ask', 'Pay')", "“Pay” never after “Ask”"),
        ("follows('Ask', 'Pay', '2d')", "“Pay” within 2 days after “Ask”"),
        ("directly_follows('Ask', 'Pay')", "“Pay” directly after “Ask”"),
        ("not has('channel', 'web', 'app')", "no event with channel: web, app"),
        ("n_events >= 1000", "number of events: at least 1,000"),
        ("duration_s between 3600 and 7200", "lasts 1 hr to 2 hr"),
        ("start >= '2026-01-01' and start < '2026-02-01'", "begins Jan 1, 2026 – Jan 31, 2026"),
        ("lower(region) = 'wales'", "region in lower case equals “wales”"),
        ("region =", "region ="),
    ],
)
def test_a_condition_in_words(condition: str, words: str) -> None:
    assert said(condition, NOBODY)[1] == words


def test_a_joined_condition_is_said_part_by_part() -> None:
    with speaking("vi"):
        words = in_words("module = 'BBB' and not passes('CMA 3')")
    assert words == "module: BBB · không đi qua “CMA 3”"
    assert in_words("region =") == "region ="


def test_what_the_plan_names_is_called_by_its_name() -> None:
    known = Known({"n = 1": "Returning"}, {"passes('Buy')": "reached the goal"})
    assert said("n = 1", known)[1] == "Persona: Returning"
    assert said("passes('Buy')", known)[1] == "Outcome: reached the goal"


def test_conditions_are_counted_alike_on_every_page(open_app: Callable[..., AppTest], sample: Path) -> None:
    chosen = ("gender = 'F'", "n_events > 3")
    with Workspace(sample) as workspace:
        expected = queries.summary(workspace, both(PLAN, *chosen)).journeys
    app = choose(open_app(sample), *chosen)
    for page in ("compare", "explore", "drop_off", "gaps"):
        app.switch_page(f"ui/{page}_page.py").run()
        assert f"**{expected:,}** of 32,593 journeys" in counts(app), page
        assert not app.exception
        assert app.query_params["where"] == list(chosen)


def test_a_condition_is_added_counted_and_taken_out(open_app: Callable[..., AppTest], sample: Path) -> None:
    app = opened(open_app(sample), "activities")
    assert app.button(key="filter_add").disabled
    app.selectbox(key="filter_activity").select("Withdraw").run()
    with Workspace(sample) as workspace:
        expected = queries.summary(workspace, both(PLAN, "passes('Withdraw')")).journeys
    assert any(f"leaves **{expected:,}** journeys" in m.value for m in app.markdown)
    app.button(key="filter_add").click().run()
    assert f"**{expected:,}** of 32,593 journeys" in counts(app)
    assert chips(app) == [":material/route: goes through “Withdraw”"]
    next(b for b in app.button if str(b.key).startswith("chip_")).click().run()
    assert "**2,187** of 32,593 journeys" in counts(app)


def test_outcomes_choose_the_journeys_that_the_comparison_counts(
    open_app: Callable[..., AppTest], sample: Path
) -> None:
    app = opened(open_app(sample), "outcome")
    app.selectbox(key="filter_outcome").select("dropped").run()
    app.button(key="filter_add").click().run()
    assert "**1,129** of 32,593 journeys" in counts(app)  # as `desirepath compare` counts dropped journeys
    assert chips(app) == [":material/flag: Outcome\\: dropped out"]


def test_a_persona_is_a_condition_with_a_name(open_app: Callable[..., AppTest], sample: Path) -> None:
    app = opened(open_app(sample), "persona")
    persona = app.selectbox(key="filter_persona")
    persona.select(persona.options[0]).run()
    app.button(key="filter_add").click().run()
    assert chips(app)[0].startswith(":material/person: Persona")
    app.segmented_control(key="lang").set_value("vi").run()
    assert not app.exception
    assert len(chips(app)) == 1


def test_changes_are_taken_back_and_made_again(open_app: Callable[..., AppTest], sample: Path) -> None:
    app = opened(open_app(sample), "events")
    app.number_input(key="filter_fewest").set_value(4).run()
    app.button(key="filter_add").click().run()
    few = counts(app)[0]
    app.button(key="filter_undo").click().run()
    assert "**2,187** of 32,593 journeys" in counts(app)
    assert app.button(key="filter_undo").disabled
    app.switch_page("ui/explore_page.py").run()
    app.button(key="filter_redo").click().run()
    assert counts(app)[0] == few
    app.button(key="filter_clear").click().run()
    app.button(key="filter_undo").click().run()
    assert counts(app)[0] == few


def test_the_address_brings_the_filter_back(open_app: Callable[..., AppTest], sample: Path) -> None:
    first = choose(open_app(sample), "gender = 'F'")
    app = open_app(sample, where=["gender = 'F'"])
    assert counts(app) == counts(first)
    assert chips(app) == [":material/filter_alt: gender\\: F"]


def test_an_attribute_of_events_chooses_by_any_of_them(open_app: Callable[..., AppTest], sample: Path) -> None:
    app = opened(open_app(sample), "attribute")
    app.selectbox(key="filter_attribute").select("score").run()
    app.multiselect(key="filter_values_score").select("100").run()
    rows = pl.read_parquet(SAMPLE)
    meant = rows.filter((pl.col("module") == "BBB") & (pl.col("presentation") == "2013J") & (pl.col("banked") == 0))
    expected = meant.filter(pl.col("score") == 100)["registration"].n_unique()
    assert any(f"leaves **{expected:,}** journeys" in m.value for m in app.markdown)


def test_the_most_common_paths_are_those_of_the_journeys_looked_at(
    open_app: Callable[..., AppTest], sample: Path
) -> None:
    app = open_app(sample, "explore")
    app.button(key="whole_log").click().run()
    app = opened(app, "paths", 1)
    with Workspace(sample) as workspace:
        counts = queries.variants(workspace)["n_journeys"].sort(descending=True)
    assert any(f"leaves **{counts.head(10).sum():,}** journeys" in m.value for m in app.markdown)


def test_explore_looks_beyond_the_plan_when_asked(open_app: Callable[..., AppTest], sample: Path) -> None:
    app = open_app(sample, "explore")
    app.button(key="whole_log").click().run()
    assert "all **32,593** journeys" in counts(app)
    app.button(key="whole_log").click().run()
    assert "**2,187** of 32,593 journeys" in counts(app)


def test_a_wrong_condition_says_what_is_known_and_can_be_taken_out(
    open_app: Callable[..., AppTest], sample: Path
) -> None:
    app = choose(open_app(sample, "explore"), "regiom = 'Wales'")
    assert "names what is not there" in app.error[0].value
    assert any("did you mean" in m.value and "region" in m.value for m in app.markdown)
    assert not app.exception
    next(b for b in app.button if str(b.key).startswith("chip_")).click().run()
    assert not app.error
    assert "**2,187** of 32,593 journeys" in counts(app)


def test_a_filter_that_leaves_nobody_is_explained(open_app: Callable[..., AppTest], sample: Path) -> None:
    app = choose(open_app(sample, "explore"), "n_events > 999")
    assert "No journey meets the filter" in app.info[0].value


def test_a_filter_is_kept_with_the_workspace_and_carried_on(
    open_app: Callable[..., AppTest], sample: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own.duckdb"
    shutil.copy(sample, own)
    app = menu(choose(open_app(own), "gender = 'F'", "n_events > 3"))
    assert "--where '(gender = '\"'\"'F'\"'\"') and (n_events > 3)'" in app.code[0].value
    app.text_input(key="filter_name").input("  Women  ")
    menu(next(b for b in app.button if b.label == "Keep this filter with the workspace").click())
    other = menu(open_app(own))
    menu(other.button(key="kept_Women").click())
    assert counts(other) == counts(app)
    menu(other, 1)
    menu(other.button(key="filter_drop_Women").click(), 1)
    assert not [b for b in menu(other, 1).button if b.key == "kept_Women"]


def test_the_recipe_file_holds_the_filter() -> None:
    recipe = Recipe.parse("[{drop: [ping]}]")
    written = Recipe(recipe.steps, ("gender = 'F'",)).as_yaml()
    assert Recipe.parse(written) == Recipe(recipe.steps, ("gender = 'F'",))
