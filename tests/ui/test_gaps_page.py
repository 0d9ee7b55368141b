"""Gaps: what is told of each kind, and what its numbers count."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

OpenApp = Callable[..., AppTest]


def columns(app: AppTest, number: int) -> dict[str, dict[str, object]]:
    import json

    return dict(json.loads(app.dataframe[number].proto.columns))


def test_the_help_says_what_the_number_of_a_kind_counts(open_app: OpenApp, small: Path, shop: str) -> None:
    app = open_app(small, "gaps", plan=shop)
    assert [list(frame.value.columns) for frame in app.dataframe] == [
        ["what", "stage", "journeys", "share"],
        ["what", "stage", "journeys", "share"],
        ["what", "journeys", "share", "detail"],
    ]
    said = [columns(app, number)["journeys"]["help"] for number in range(3)]
    assert said == [
        "Journeys that got as far as this stage",
        "Journeys that went on to this place or past it; whether they met the touchpoint is not known",
        "Journeys in which this happened",
    ]


def test_a_silent_touchpoint_names_the_events_it_waits_for(open_app: OpenApp, small: Path, shop: str) -> None:
    app = open_app(small, "gaps", plan=shop.replace("title: {en: Basket", "events: [Put, Fill], title: {en: Basket"))
    silent = next(frame.value for frame in app.dataframe if "Put, Fill" in frame.value.to_string())
    assert silent[["what", "detail"]].values.tolist() == [["Basket", "Put, Fill"]]


def test_the_columns_fit_beside_the_words_at_1280_pixels(open_app: OpenApp, sample: Path) -> None:
    app = open_app(sample, "gaps")
    for number in range(len(app.dataframe)):
        widths = [column.get("width") for column in columns(app, number).values()]
        assert sum(width for width in widths if isinstance(width, int)) <= 600
