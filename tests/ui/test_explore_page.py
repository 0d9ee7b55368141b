"""Explore: what the search for a journey says, and what the graph says about its boxes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

OpenApp = Callable[..., AppTest]


def test_a_search_without_a_hit_says_so(open_app: OpenApp, small: Path) -> None:
    app = open_app(small, "explore")
    app.segmented_control(key="explore_view").set_value("journeys").run()
    app.text_input(key="journey_search").input("$x$").run()
    assert [i.value for i in app.info] == [r"No key contains “\$x\$”. Capital and small letters differ."]
    assert list(app.dataframe) == []


def test_boxes_that_others_need_are_counted_apart(open_app: OpenApp, small: Path) -> None:
    app = open_app(small, "explore")
    app.slider(key="graph_boxes_4").set_value(1).run()
    said = next(m.value for m in app.markdown if "links, **" in m.value)
    assert "1 of 4 boxes" in said
    assert "chosen +" not in said


def test_a_box_that_needs_others_says_how_many(open_app: OpenApp, sample: Path) -> None:
    app = open_app(sample, "explore")
    slider = next(s for s in app.slider if str(s.key).startswith("graph_boxes_"))
    slider.set_value(1).run()
    said = next(m.value for m in app.markdown if "links, **" in m.value)
    shown = int(said.split(" boxes,")[0].split("· ")[-1].split(" of ")[0])
    assert shown > 1
    assert said.rstrip("]").endswith(rf" · boxes: 1 chosen + {shown - 1} needed to reach them")


def test_a_small_log_begins_with_all_its_links(open_app: OpenApp, small: Path, sample: Path) -> None:
    """By hand: three links between activities, two from the start and three to the end."""
    app = open_app(small, "explore")
    assert app.slider(key="graph_links_100").value == 100
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
    shown = app.dataframe[0].value
    first = shown[shown["step"] == 1]
    assert dict(zip(first["after"], first["n_journeys"], strict=True)) == {"Look": 3, "<b>$x$</b> | **:smile:**": 1}


def test_dots_are_a_sample_that_says_so(open_app: OpenApp, sample: Path) -> None:
    app = open_app(sample, "explore")
    app.segmented_control(key="explore_view").set_value("dots").run()
    assert not app.exception
    assert any("400 of 2,187 journeys, drawn at random" in caption.value for caption in app.caption)
    app.segmented_control(key="dots_as").set_value("table").run()
    assert app.dataframe[0].value["row"].nunique() == 400


def test_lengths_and_loops_are_told(open_app: OpenApp, small: Path) -> None:
    app = open_app(small, "explore")
    app.segmented_control(key="explore_view").set_value("numbers").run()
    assert not app.exception
    lengths, activities, loops = (frame.value for frame in app.dataframe)
    assert lengths["n_events"].tolist()[2] == 1.5
    assert activities["n_events"].sum() == 8
    assert loops[["name", "with_", "n_journeys"]].values.tolist() == [["Help", "Look", 1]]
