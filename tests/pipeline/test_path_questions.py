"""Conditions on the path of a journey, against a plain reading of its events."""

from __future__ import annotations

from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mining.conditions import has
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


VALUES = st.lists(
    st.lists(st.sampled_from(["web", "app", "it's 1", ""]), min_size=1, max_size=4), min_size=2, max_size=6
)


@QUICK
@given(journeys=VALUES, amounts=st.data())
def test_an_attribute_of_events_is_asked_of_all_of_them(
    tmp_path: Path, journeys: list[list[str]], amounts: Any
) -> None:
    lines, paid = ["case,what,at,channel,paid"], []
    for n, channels in enumerate([*journeys, ["web", "app"]]):  # the last makes sure that it is one of events
        numbers = [amounts.draw(st.integers(1, 3)) for _ in channels]
        if n == len(journeys):
            numbers = [1, 2]
        paid.append(set(numbers))
        lines += [
            f'j{n},a,{1_767_225_600 + i},"{channel}",{number}'
            for i, (channel, number) in enumerate(zip(channels, numbers, strict=True))
        ]
    (tmp_path / "log.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with Workspace() as ws:
        ws.ingest(tmp_path / "log.csv", journey="case", activity="what", time="at", attributes=["channel", "paid"])
        all_of = [set(channels) for channels in [*journeys, ["web", "app"]]]
        for asked in (["web"], ["it's 1"], ["web", "it's 1"], ["no such"]):
            expected = [f"j{n}" for n, found in enumerate(all_of) if found & set(asked)]
            assert chosen(ws, has("channel", asked)) == expected
            rest = [f"j{n}" for n in range(len(all_of)) if f"j{n}" not in expected]
            assert chosen(ws, has("Channel", asked, negated=True)) == rest
        assert chosen(ws, has("paid", [2, "3.0"])) == [f"j{n}" for n, found in enumerate(paid) if found & {2, 3}]


def test_what_is_no_attribute_of_events_is_told(workspace: Workspace, tmp_path: Path) -> None:
    loaded(workspace, tmp_path, [[("Call", 0), ("Pay", 1)]])
    with pytest.raises(ExpressionError, match=r"'channel' is none\. Known are: –"):
        chosen(workspace, "has('channel', 'web')")


def test_unknown_activities_and_wrong_questions_are_told(workspace: Workspace, tmp_path: Path) -> None:
    loaded(workspace, tmp_path, [[("Call centre", 0), ("Pay", 1)]])
    with pytest.raises(ExpressionError, match="no activity 'Call center': did you mean 'Call centre'"):
        chosen(workspace, "passes('Call center')")
    with pytest.raises(ExpressionError, match=r"(?i)follows\('Pay'\) is not allowed here"):
        chosen(workspace, "follows('Pay')")
    with pytest.raises(ExpressionError, match="is not allowed here"):
        chosen(workspace, "read_text('/etc/passwd') = 'x'")
    with pytest.raises(ExpressionError, match="gives the time 'soon'"):
        chosen(workspace, "follows('Pay', 'Pay', 'soon')")
    assert chosen(workspace, "PASSES('Pay') and variant_id = 0") == ["j00"]
