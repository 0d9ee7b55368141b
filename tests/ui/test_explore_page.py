"""Explore: what the search for a journey says, and what the graph says about its boxes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from tests.ui.shown import tables
from ui.explore_paths import alike, folded
from ui.language import speaking

OpenApp = Callable[..., AppTest]


def test_a_search_without_a_hit_says_so(open_app: OpenApp, small: Path) -> None:
    app = open_app(small, "explore")
    app.segmented_control(key="explore_view").set_value("journeys").run()
    app.text_input(key="journey_search").input("$x$").run()
    assert [i.value for i in app.info] == [r"No key contains “\$x\$”. Capital and small letters differ."]
    assert tables(app) == []


def test_boxes_that_others_need_are_counted_apart(open_app: OpenApp, small: Path) -> None:
    app = open_app(small, "explore")
    app.slider(key="graph_boxes_4").set_value(1).run()
    said = next(m.value for m in app.markdown if " boxes, " in m.value)
    assert "1 of 4 boxes" in said
    assert "chosen +" not in said


def test_a_box_that_needs_others_says_how_many(open_app: OpenApp, sample: Path) -> None:
    app = open_app(sample, "explore")
    slider = next(s for s in app.slider if str(s.key).startswith("graph_boxes_"))
    slider.set_value(1).run()
    said = next(m.value for m in app.markdown if " boxes, " in m.value)
    shown = int(said.split(" of ")[0].rpartition("[")[2])
    assert shown > 1
    assert said.rstrip("]").endswith(rf" · boxes: 1 chosen + {shown - 1} needed to reach them")


def test_a_small_log_begins_with_all_its_links(open_app: OpenApp, small: Path, sample: Path) -> None:
    """By hand: three links between activities, two from the start and three to the end."""
    app = open_app(small, "explore")
    assert app.slider(key="graph_links_100").value == 100
    app.segmented_control(key="explore_graph_as_table").set_value(True).run()
    assert any("**8 of 8** links" in m.value for m in app.markdown)
    large = open_app(sample, "explore")
    assert next(s for s in large.slider if str(s.key).startswith("graph_links_")).value == 30


def test_steps_are_drawn_and_told(open_app: OpenApp, small: Path) -> None:
    app = open_app(small, "explore")
    app.segmented_control(key="explore_view").set_value("steps").run()
    assert not app.exception
    for how in ("matrix", "table"):
        app.segmented_control(key="steps_as").set_value(how).run()
        assert not app.exception
    shown = tables(app)[0]
    first = shown.filter(pl.col("step") == 1)
    assert dict(zip(first["after"], first["n_journeys"], strict=True)) == {"Look": 3, "<b>$x$</b> | **:smile:**": 1}


def test_dots_are_a_sample_that_says_so(open_app: OpenApp, sample: Path) -> None:
    app = open_app(sample, "explore")
    app.segmented_control(key="explore_view").set_value("dots").run()
    assert not app.exception
    assert any("400 of 2,187 journeys, drawn at random" in caption.value for caption in app.caption)
    app.segmented_control(key="dots_as").set_value("table").run()
    assert tables(app)[0]["row"].n_unique() == 400


def test_lengths_and_loops_are_told(open_app: OpenApp, small: Path) -> None:
    app = open_app(small, "explore")
    app.segmented_control(key="explore_view").set_value("numbers").run()
    assert not app.exception
    lengths, activities, loops = tables(app)
    assert lengths["n_events"][2] == 1.5
    assert activities["n_events"].sum() == 8
    assert loops.select("name", "with_", "n_journeys").rows() == [("Help", "Look", 1)]


COMMON = tuple("abcdefghij")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("abcdefghix", ["1–9 as #1", "x"]),
        ("abcxdefghij", ["1–3 as #1", "x", "5–11 as #1"]),
        ("abcdefghi", ["1–9 as #1", "without j"]),
        ("abcefghij", ["1–3 as #1", "without d", "4–9 as #1"]),
        ("abx", ["a", "b", "x"]),
        ("xbcdefghy", list("xbcdefghy")),
    ],
)
def test_a_long_path_shows_where_it_parts_from_the_most_common_one(path: str, said: list[str]) -> None:
    with speaking("en"):
        assert folded(path, COMMON) == said


@given(path=st.text("abc", max_size=14), other=st.text("abc", max_size=14))
def test_what_two_paths_share_is_the_longest_there_is(path: str, other: str) -> None:
    """Brute force over all lengths."""
    begin, end = alike(path, other)
    lengths = range(min(len(path), len(other)) + 1)
    assert begin == max(n for n in lengths if path[:n] == other[:n])
    rest, others = path[begin:], other[begin:]
    most = min(len(rest), len(others))
    assert end == max(n for n in range(most + 1) if rest.endswith(others[len(others) - n :]))


def test_paths_are_folded_told_in_full_when_picked_and_unfolded_on_request(open_app: OpenApp, sample: Path) -> None:
    app = open_app(sample, "explore")
    app.segmented_control(key="explore_view").set_value("paths").run()
    rows = tables(app)[0]["path"].to_list()
    assert len({tuple(row) for row in rows}) == len(rows)  # no two look alike
    assert any("as #1" in step for row in rows[1:] for step in row)
    app.toggle(key="paths_folded").set_value(False).run()
    whole = tables(app)[0]
    assert [len(path) for path in whole["path"]] == whole["steps"].to_list()
