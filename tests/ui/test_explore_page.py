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
