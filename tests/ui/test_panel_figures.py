"""What panels say of deviations, stages and drop-offs, against the events of the log counted one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from statistics import median

import polars as pl
import pytest

from mining.journey_map import JourneyMap
from pipeline import queries
from pipeline.compare import compare
from pipeline.store import Workspace
from ui import doors, side_panel, state
from ui.deviations import Seen
from ui.laid_out import Shown
from ui.language import speaking
from ui.panel_data import Panel
from ui.scenes.laid import lay

PLAN = """
id: shop
goal: deliver
inactive_after: 10d
personas: [{id: known, where: "segment = 'known'"}, {id: new, where: "segment = 'new'"}]
stages:
  - {id: find, steps: [{id: ad, events: [Ad]}, {id: visit, events: [Visit], channel: [web]}]}
  - id: ask
    steps:
      - {id: price, events: [Ask], within: {time: 1d, after: ad}}
      - {id: offer, events: [Offer], personas: [new], optional: true}
  - {id: buy, steps: [{id: pay, events: [Pay], fails_when: "result = 'failed'"}, {id: deliver, events: [Deliver]}]}
rules: [{id: first, before: deliver, must: pay}, {id: soon, after: pay, must: deliver, within: 1d}]
"""
Event = tuple[str, datetime, str, str, str]  # activity, time, channel, result, segment


def made() -> dict[str, list[Event]]:
    """Make 300 journeys in the order of the plan, each of its steps left out now and then."""
    random, found = Random(7), {}
    for number in range(300):
        time, segment, events = datetime(2026, 1, 1) + timedelta(hours=number), random.choice(["new", "known"]), []
        for activity, share, hours in (
            *(("Ad", 1.0, 5), ("Visit", 0.9, 9), ("Chat", 0.2, 2), ("Ask", 0.7, 20), ("Offer", 0.4, 5)),
            *(("Pay", 0.6, 30), ("Deliver", 0.6, 50)),
        ):
            if random.random() < share:
                result = "failed" if random.random() < 0.3 else "ok"
                events.append((activity, time, random.choice(["web", "app"]), result, segment))
                time += timedelta(minutes=round(60 * random.expovariate(1 / hours)))
        found[f"K{number:03}"] = events
    return found


LOG = made()


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    folder = tmp_path_factory.mktemp("panels")
    names = ["case", "event", "at", "channel", "result", "segment"]
    rows = [(key, *event) for key, events in LOG.items() for event in events]
    pl.DataFrame(rows, names, orient="row").write_csv(folder / "shop.csv")
    path = folder / "shop.duckdb"
    with Workspace(path) as workspace:
        workspace.ingest(folder / "shop.csv", journey="case", activity="event", time="at", channel="channel")
    log = state.log_at(str(path))
    plan = JourneyMap.parse(PLAN)
    found = compare(log.workspace, plan)
    return Shown(Seen(log, state.Plan("shop", PLAN, plan), found), lay(found))


def said(shown: Shown, kind: str, place: str) -> Panel:
    rows = shown.seen.found.deviations.filter(pl.col("kind") == kind)
    return doors.of_deviation(shown, next(row for row in rows.iter_rows(named=True) if place in row.values()))


def waits(shown: Shown, panel: Panel) -> list[float]:
    assert panel.waits is not None
    return sorted(queries.waits_at(shown.seen.log.workspace, panel.waits.spans)["wait_s"])


def nexts(panel: Panel) -> dict[str, int]:
    assert panel.following is not None
    return {str(node): n for node, n in panel.following.select("next", "n").iter_rows()}


NODE = {"Ad": "t:ad", "Visit": "t:visit", "Ask": "t:price", "Offer": "t:offer", "Pay": "t:pay", "Deliver": "t:deliver"}


def node_behind(events: list[Event], position: int) -> str:
    behind = events[position + 1][0] if position + 1 < len(events) else None
    return "end" if behind is None else NODE.get(behind, f"x:find:{behind}")


def seconds(events: list[Event], since: int, until: int) -> float:
    return (events[until][1] - events[since][1]).total_seconds()


def faulty(activity: str, at_fault: Callable[[list[Event], int], bool]) -> list[tuple[list[Event], int]]:
    """Give the journeys and positions of the events of an activity that are at fault."""
    found = []
    for events in LOG.values():
        found += [(events, at) for at, event in enumerate(events) if event[0] == activity and at_fault(events, at)]
    return found


@pytest.mark.parametrize(
    ("kind", "place", "activity", "at_fault", "spans"),
    [
        ("failed", "pay", "Pay", lambda events, at: events[at][3] == "failed", (0, 1)),
        ("wrong_channel", "visit", "Visit", lambda events, at: events[at][2] == "app", (-1, 0)),
        ("wrong_persona", "offer", "Offer", lambda events, at: events[at][4] == "known", (-1, 0)),
    ],
)
def test_what_is_at_fault_is_followed_and_timed(
    shown: Shown, kind: str, place: str, activity: str, at_fault: Callable[..., bool], spans: tuple[int, int]
) -> None:
    wrong, panel = faulty(activity, at_fault), said(shown, kind, place)
    assert (panel.n, panel.times, panel.n_followed) == (len(wrong),) * 3
    assert nexts(panel) == Counter(node_behind(events, at) for events, at in wrong)
    since, until = spans
    timed = [(events, at) for events, at in wrong if at + since >= 0 and at + until < len(events)]
    assert waits(shown, panel) == sorted(seconds(events, at + since, at + until) for events, at in timed)


def test_what_is_late_is_timed_with_all_that_was_due(shown: Shown) -> None:
    due, panel = faulty("Ask", lambda events, at: True), said(shown, "late", "price")
    delays = sorted(seconds(events, 0, at) for events, at in due)  # every journey begins with the ad
    assert waits(shown, panel) == delays
    assert panel.waits is not None
    assert panel.waits.limit_s == 86_400
    late = [(events, at) for events, at in due if seconds(events, 0, at) > 86_400]
    assert (panel.n, panel.times, panel.n_followed) == (len(late),) * 3
    assert nexts(panel) == Counter(node_behind(events, at) for events, at in late)


def test_a_stage_that_is_skipped_is_passed_at_once(shown: Shown) -> None:
    panel, inside = said(shown, "stage_skipped", "ask"), {"Ask"}  # the offer is optional
    passed = []
    for events in LOG.values():
        names = [event[0] for event in events]
        later = [at for at, name in enumerate(names) if name in ("Offer", "Pay", "Deliver")]
        if later and not inside & set(names):
            passed.append((events, later[0]))
    assert panel.n == len(passed)
    assert nexts(panel) == Counter(NODE[events[at][0]] for events, at in passed)


def test_time_in_a_stage_runs_to_what_comes_after_it(shown: Shown) -> None:
    panel, inside = doors.of_stage(shown, "ask"), ("Ask", "Offer")
    stays = []
    for events in LOG.values():
        there = [at for at, event in enumerate(events) if event[0] in inside]
        if there:
            stays.append((events, there[0], there[-1]))
    assert panel.n_followed == len(stays) <= panel.n
    assert nexts(panel) == Counter(node_behind(events, last) for events, _, last in stays)
    gone = [(events, first, last + 1) for events, first, last in stays if last + 1 < len(events)]
    times = waits(shown, panel)
    assert times == sorted(seconds(*stay) for stay in gone)
    assert panel.waits is not None
    assert (panel.waits.n, panel.waits.stayed) == (len(gone), len(stays))
    with speaking("en"):
        whose = f"Only of the {len(gone)} journeys that went on, of {len(stays)} in the stage:"
        assert whose in side_panel.stated(panel.waits, pl.Series(times))
        few = side_panel.stated(panel.waits, pl.Series(times[:29]))
    assert "of 29 times: too few for an interval" in few


def test_a_rule_that_is_broken_is_followed_from_there(shown: Shown) -> None:
    early = faulty("Deliver", lambda events, at: "Pay" not in [event[0] for event in events[:at]])
    panel = said(shown, "rule_broken", "first")
    assert nexts(panel) == Counter(node_behind(events, at) for events, at in early)
    assert waits(shown, panel) == sorted(seconds(events, at - 1, at) for events, at in early)


def test_a_rule_with_a_time_is_timed_with_all_that_it_asks(shown: Shown) -> None:
    """The delivery is the last step: where it comes it is the next event after the payment."""
    paid = faulty("Pay", lambda events, at: True)
    delays = sorted(seconds(events, at, at + 1) for events, at in paid if at + 1 < len(events))
    panel, end = said(shown, "rule_broken", "soon"), max(event[1] for events in LOG.values() for event in events)
    assert waits(shown, panel) == delays
    late = [
        (events, at) for events, at in paid
        if (end - events[at][1]).total_seconds() > 86_400
        and (at + 1 == len(events) or seconds(events, at, at + 1) > 86_400)
    ]  # fmt: skip
    assert (panel.n, panel.n_followed) == (len(late),) * 2
    assert nexts(panel) == Counter(node_behind(events, at) for events, at in late)


def test_who_left_is_followed_from_there(shown: Shown) -> None:
    panel = doors.of_left(shown, "price")
    assert panel.n == shown.laid.left["t:price"] > 0
    assert sum(nexts(panel).values()) == panel.n


def test_every_deviation_says_its_number_and_whom_it_chooses(shown: Shown) -> None:
    ws, found = shown.seen.log.workspace, shown.seen.found
    for row in found.deviations.iter_rows(named=True):
        panel = doors.of_deviation(shown, row)
        assert (panel.n, panel.of, panel.times) == (row["journeys"], row["of"], row["occurrences"])
        assert panel.condition is not None
        chosen = compare(ws, found.plan, where=panel.condition)
        assert chosen.log.journeys == panel.n
        if panel.waits is not None:
            assert panel.n_followed == panel.times
            assert median(waits(shown, panel)) >= 0
