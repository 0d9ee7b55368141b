"""Gaps: what is told of each kind, and what its numbers count."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.shown import scenes, tables
from tests.ui.test_map_panels import journeys

OpenApp = Callable[..., AppTest]


def columns(app: AppTest, number: int) -> dict[str, dict[str, object]]:

    return {column["name"]: column for column in scenes(app)[number]["columns"]}


def test_the_help_says_what_the_number_of_a_kind_counts(open_app: OpenApp, small: Path, shop: str) -> None:
    app = open_app(small, "gaps", plan=shop)
    assert [frame.columns for frame in tables(app)] == [
        ["what", "stage", "journeys", "share", "range"],
        ["what", "stage", "journeys", "share", "range"],
        ["what", "journeys", "share", "range", "detail"],
    ]
    said = [columns(app, number)["journeys"]["help"] for number in range(3)]
    assert said == [
        "Journeys that got as far as this stage",
        "Journeys that went on to this place or past it; whether they met the touchpoint is not known",
        "Journeys in which this happened",
    ]


def test_a_silent_touchpoint_names_the_events_it_waits_for(open_app: OpenApp, small: Path, shop: str) -> None:
    app = open_app(small, "gaps", plan=shop.replace("title: {en: Basket", "events: [Put, Fill], title: {en: Basket"))
    silent = next(frame for frame in tables(app) if "Put, Fill" in str(frame.rows()))
    assert silent.select("what", "detail").rows() == [("Basket", "Put, Fill")]


def test_the_columns_fit_at_1280_pixels(open_app: OpenApp, sample: Path) -> None:
    app = open_app(sample, "gaps")
    for number in range(len(scenes(app))):
        widths = [column.get("width") for column in columns(app, number).values()]
        assert sum(width for width in widths if isinstance(width, int)) <= 905


@pytest.mark.parametrize(
    ("table", "button", "kind", "place"),
    [
        (0, "gap_stage_only", "unanswered_question", 1),
        (2, "deviation_gap_only", "skipped", 2),
        (3, "deviation_gap_only", "off_map", 0),
    ],
)
def test_a_row_chooses_the_journeys_it_tells(
    open_app: OpenApp, sample: Path, table: int, button: str, kind: str, place: int
) -> None:
    app = open_app(sample, "gaps")
    shown = scenes(app)[table]
    app.session_state[f"gaps_{kind}"] = {"chosen": {"rows": shown["rows"], "row": place}}
    app.run()
    app.button(key=button).click().run()
    assert not app.exception
    n = tables(open_app(sample, "gaps"))[table]["journeys"][place]
    if kind == "off_map":  # in the first of the stages where it happens
        n = int(tables(open_app(sample, "gaps"))[table]["detail"][place].split(" \u00b7 ")[0].split()[-1])
    assert journeys(app) == n
