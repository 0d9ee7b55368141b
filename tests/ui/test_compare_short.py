"""The lines above the map: what the plan is of, and the first findings of the report; they can be hidden."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from mining.journey_map import JourneyMap
from pipeline.compare import compare
from pipeline.language import Language
from pipeline.names import Names
from pipeline.report.sentences import told
from pipeline.store import Workspace
from ui import state

OpenApp = Callable[..., AppTest]


def test_the_first_findings_of_the_report_stand_above_the_map(open_app: OpenApp, sample: Path) -> None:
    text = state.sample_map("bbb_2013j").read_text(encoding="utf-8")
    with Workspace(sample) as workspace:
        found = compare(workspace, JourneyMap.parse(text))
    english = Language("en")
    first = next(told(found, Names(found.plan, english), english))
    app = open_app(sample, "compare")
    said = [m.value.replace("\\", "") for m in app.markdown]
    assert any("distance-learning module of the Open University" in line for line in said)
    assert any(first in line for line in said)
    app.button(key="compare_short_hide").click().run()
    assert not any(first in m.value.replace("\\", "") for m in app.markdown)
    app.button(key="compare_short_back").click().run()
    assert any(first in m.value.replace("\\", "") for m in app.markdown)
