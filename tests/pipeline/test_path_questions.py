"""Conditions on the path of a journey, against a plain reading of its events."""

from __future__ import annotations

from itertools import pairwise, product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mining.errors import ExpressionError
from pipeline import queries
from pipeline.store import Workspace

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
JOURNEYS = st.lists(
    st.lists(st.tuples(st.sampled_from(["a", "b", "it's c"]), st.integers(0, 5)), min_size=1, max_size=6),
    min_size=1,
    max_size=6,
)
Journey = list[tuple[str, int]]


def loaded(ws: Workspace, folder: Path, journeys: list[Journey]) -> list[list[tuple[str, int]]]:
    """Load journeys given by activities and waits in hours; gives them with their times in hours."""
    lines, timed = ["case,what,at"], []
    for n, journey in enumerate(journeys):
        hour, events = 0, []
        for what, wait in journey:
            hour += wait
            events.append((what, hour))
            lines.append(f"j{n:02d},{what},{1_767_225_600 + 3600 * hour}")
        timed.append(events)
    (folder / "log.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    ws.ingest(folder / "log.csv", journey="case", activity="what", time="at")
    return timed


def chosen(ws: Workspace, where: str) -> list[str]:
    return queries.journeys(ws, where)["key"].to_list()


def within(events: list[tuple[str, int]], a: str, b: str, hours: float) -> bool:
    return any(
        y == b and any(x == a and later - t <= hours for x, t in events[:n]) for n, (y, later) in enumerate(events)
    )


def holds(question: str, events: list[tuple[str, int]], a: str, b: str) -> bool:
    """Answer a question by going through the events."""
    names = [name for name, _ in events]
    answers = {
        "passes({a})": a in names,
        "follows({a}, {b})": within(events, a, b, float("inf")),
        "follows({a}, {b}, '3h')": within(events, a, b, 3),
        "directly_follows({a}, {b})": (a, b) in pairwise(names),
        "first_activity = {a} and not passes({b})": names[0] == a and b not in names,
        "last_activity in ({a}, {b})": names[-1] in (a, b),
    }
    return answers[question]


QUESTIONS = (
    *("passes({a})", "follows({a}, {b})", "follows({a}, {b}, '3h')", "directly_follows({a}, {b})"),
    *("first_activity = {a} and not passes({b})", "last_activity in ({a}, {b})"),
)


@QUICK
@given(journeys=JOURNEYS, question=st.sampled_from(QUESTIONS))
def test_paths_choose_the_journeys_that_a_plain_reading_chooses(
    tmp_path: Path, journeys: list[Journey], question: str
) -> None:
    with Workspace() as ws:
        timed = loaded(ws, tmp_path, journeys)
        names = sorted({name for journey in journeys for name, _ in journey})
        for a, b in product(names, names):
            where = question.format(**{k: "'" + n.replace("'", "''") + "'" for k, n in (("a", a), ("b", b))})
            expected = [f"j{n:02d}" for n, events in enumerate(timed) if holds(question, events, a, b)]
            assert chosen(ws, where) == expected, where


def test_unknown_activities_and_wrong_questions_are_told(workspace: Workspace, tmp_path: Path) -> None:
    loaded(workspace, tmp_path, [[("Call centre", 0), ("Pay", 1)]])
    with pytest.raises(ExpressionError, match="no activity 'Call center': did you mean 'Call centre'"):
        chosen(workspace, "passes('Call center')")
    with pytest.raises(ExpressionError, match=r"(?i)follows\('Pay'\) is not allowed here"):
        chosen(workspace, "follows('Pay')")
    with pytest.raises(ExpressionError, match="is not allowed here"):
        chosen(workspace, "read_text('/etc/passwd') = 'x'")
    with pytest.raises(ExpressionError, match="is not allowed here"):
        chosen(workspace, "follows('Pay', 'Pay', 'soon')")
    assert chosen(workspace, "PASSES('Pay') and variant_id = 0") == ["j00"]
