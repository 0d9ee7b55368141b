"""The main job on logs small enough to be worked out by hand, and against brute force."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from mining.conditions import both
from mining.errors import ExpressionError, SourceError
from mining.journey_map import JourneyMap
from pipeline.compare import compare
from pipeline.findings import Findings
from pipeline.store import Workspace
from tests.mining.oracle import edit_cost, regex, words

START = datetime(2026, 1, 1)

SHOP = """
id: shop
goal: pay
inactive_after: 10d
stages:
  - id: look
    steps:
      - {id: see, events: [S], milestone: true}
      - {id: read, events: [R], optional: true}
  - id: buy
    questions:
      - {text: Is it safe?, answered_by: [cart]}
      - {text: When will it come?}
    steps:
      - {id: cart, events: [C], milestone: true}
      - {id: chat, events: []}
      - {id: pay, events: [P]}
      - {id: thank, events: [T], optional: true}
  - id: stay
    steps:
      - {id: review, events: [V]}
anywhere:
  - {id: help, events: [H]}
"""


def write_log(
    folder: Path, journeys: dict[str, str], *, days: dict[str, float] | None = None, **columns: object
) -> Path:
    """Write a log: one letter per event, one day apart, starting on day `days[key]`."""
    rows = [
        {"case": key, "act": letter, "ts": START + timedelta(days=(days or {}).get(key, 0) + n)}
        | {name: values[key][n] for name, values in columns.items()}  # type: ignore[index]
        for key, path in journeys.items()
        for n, letter in enumerate(path)
    ]
    file = folder / "log.csv"
    pl.DataFrame(rows).write_csv(file)
    return file


@pytest.fixture
def ws() -> Iterator[Workspace]:
    with Workspace() as workspace:
        yield workspace


def findings_of(ws: Workspace, tmp_path: Path, plan: str, journeys: dict[str, str], **options: object) -> Findings:
    ws.ingest(write_log(tmp_path, journeys, **options), journey="case", activity="act", time="ts")  # type: ignore[arg-type]
    return compare(ws, JourneyMap.parse(plan))


def rows(frame: pl.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return sorted(frame.select(columns).rows(), key=str)


def test_every_kind_that_paths_show(ws: Workspace, tmp_path: Path) -> None:
    found = findings_of(
        ws,
        tmp_path,
        SHOP,
        {
            "a": "SRCP",  # follows the plan; what comes after the goal is never missing
            "b": "SP",  # cart is missing
            "c": "SCXP",  # X is ad hoc, in the stage buy
            "d": "SSCP",  # see is repeated
            "e": "SPC",  # cart came after pay: one irregularity, not one missing and one extra
            "f": "HSHCHPH",  # help is free anywhere
            "g": "P",  # the whole stage look is skipped, and cart
            "h": "SC",  # stopped: nothing is missing
            "i": "SCPTR",  # read after the goal: extra
        },
        days=dict.fromkeys("abcdefghi", 0) | {"i": 100},
    )
    assert rows(found.deviations, "kind", "touchpoint", "activity", "stage", "journeys", "occurrences", "examples") == (
        sorted(
            [
                ("ad_hoc", None, "X", "buy", 1, 1, ["c"]),
                ("extra", "read", None, "look", 1, 1, ["i"]),
                ("irregular_sequence", "cart", None, "buy", 1, 1, ["e"]),
                ("missing", "cart", None, "buy", 2, 2, ["b", "g"]),
                ("missing", "see", None, "look", 1, 1, ["g"]),
                ("repeated", "see", None, "look", 1, 1, ["d"]),
                ("stage_skipped", None, None, "look", 1, 1, ["g"]),
            ],
            key=str,
        )
    )
    assert dict(found.journeys.select("key", "cost").rows()) == {
        **{"a": 0, "b": 1, "c": 1, "d": 1, "e": 2, "f": 0, "g": 2, "h": 0, "i": 1}
    }
    assert found.alignment.perfect_journeys == 3
    assert found.alignment.total_cost == 8
    # All events (32), and for the eight that converted the three visible steps to the goal.
    assert found.alignment.fitness == pytest.approx(1 - 8 / (32 + 8 * 3))
    assert found.map.event_coverage == pytest.approx(31 / 32)
    assert found.map.journey_coverage == pytest.approx(8 / 9)
    assert dict(found.reach.select("touchpoint", "n_journeys").rows())["help"] == 1


def test_outcomes_and_drop_off(ws: Workspace, tmp_path: Path) -> None:
    """The log ends on day 30; silence of ten days or more is a drop-off, younger silence is open."""
    found = findings_of(
        ws,
        tmp_path,
        SHOP,
        {"a": "SCP", "b": "SX", "c": "SC", "d": "S", "e": "SC", "f": "XX", "g": "SCP"},
        days={"a": 0, "b": 1, "c": 2, "d": 20.5, "e": 19.0, "f": 0, "g": 28},
    )
    assert dict(found.journeys.select("key", pl.col("outcome").cast(pl.String)).rows()) == {
        **{"a": "converted", "g": "converted", "b": "dropped", "c": "dropped", "f": "dropped"},
        **{"d": "open", "e": "dropped"},  # e was last seen on day 20: exactly ten days are no longer younger
    }
    outcomes = found.outcomes
    assert (outcomes.converted, outcomes.dropped, outcomes.open) == (2, 4, 1)
    assert outcomes.before_first_milestone == {"dropped": 1, "open": 0}
    assert rows(found.drop_off, "milestone", "reached", "went_on", "dropped", "open", "mature") == sorted(
        [
            ("see", 6, 4, 1, 1, 4),  # mature: a, b, c, e; not d (open), not g (seen on day 28)
            ("cart", 4, 2, 2, 0, 3),
            ("pay", 2, 2, 0, 0, 1),
        ],
        key=str,
    )
    [start] = found.at_start.to_dicts()
    # mature: all but g, which began on day 28, and d, which began on day 20.5; f met no milestone
    assert [start[n] for n in ("reached", "went_on", "dropped", "open", "mature")] == [7, 6, 1, 0, 5]
    assert (start["next"], start["last_touchpoints"]) == (
        [{"name": "X", "journeys": 1}],
        [{"name": None, "journeys": 1}],
    )
    assert found.from_start["dropped"].sum() == outcomes.dropped
    see = found.drop_off.row(by_predicate=pl.col("milestone") == "see", named=True)
    assert see["rate"] == pytest.approx(1 / 4)
    assert see["next"] == [{"name": "X", "journeys": 1}]
    assert see["last_touchpoints"] == [{"name": "see", "journeys": 1}]
    cart = found.drop_off.row(by_predicate=pl.col("milestone") == "cart", named=True)
    assert cart["next"] == [{"name": None, "journeys": 2}]


def test_the_default_window_is_the_95th_percentile_of_gaps(ws: Workspace, tmp_path: Path) -> None:
    plan = SHOP.replace("inactive_after: 10d\n", "")
    found = findings_of(ws, tmp_path, plan, {"a": "SCP", "b": "SC"})
    assert found.outcomes.inactive_after_s == 86400.0
    assert not found.outcomes.inactive_after_declared


def test_gaps(ws: Workspace, tmp_path: Path) -> None:
    found = findings_of(ws, tmp_path, SHOP, {"a": "SCPV", "b": "SPX", "c": "X"})
    assert rows(found.gaps, "kind", "touchpoint", "activity", "stage", "journeys") == sorted(
        [
            ("unanswered_question", None, None, "buy", 2),
            ("unmeasured", "chat", None, "buy", 2),
            ("silent", "read", None, "look", 2),
            ("silent", "thank", None, "buy", 1),
            ("silent", "help", None, None, 3),
            ("skipped", "cart", None, "buy", 1),
            ("off_map", None, "X", "buy", 2),
        ],
        key=str,
    )


def test_the_share_of_a_gap_is_of_all_journeys_and_of_a_skip_of_those_that_got_as_far(
    ws: Workspace, tmp_path: Path
) -> None:
    found = findings_of(ws, tmp_path, SHOP, {"a": "SCPV", "b": "SPX", "c": "X"})
    shares = {row[0] or row[1]: row[2:] for row in found.gaps.select("touchpoint", "activity", "of", "share").rows()}
    assert shares["cart"] == (2, 0.5)
    assert shares["X"] == (3, 2 / 3)
    for row in found.gaps.iter_rows(named=True):
        expected = proportion_confint(row["journeys"], row["of"], method="wilson")
        assert (row["low"], row["high"]) == pytest.approx(expected)


CHECKED = """
id: m
goal: end
personas:
  - {id: rich, where: money > 10}
  - {id: new, where: visits = 1}
stages:
  - id: s
    steps:
      - {id: begin, events: [B]}
      - {id: quick, events: [Q], within: 1d}
      - {id: desk, events: [D], channel: [Quầy, phone], optional: true, within: {time: 3d, after: begin}}
      - {id: gift, events: [G], personas: [rich]}
      - {id: form, events: [{activity: F, form: long}], optional: true}
      - {id: end, events: [E], fails_when: "grade < 5"}
"""


def checked(ws: Workspace, tmp_path: Path) -> Findings:
    """Five journeys whose events carry times, channels, grades and kinds of form."""
    table = [
        ("a", "B", 0, None, 20, 9), ("a", "Q", 1, None, 20, 9), ("a", "D", 2, "quầy", 20, 9),
        ("a", "G", 3, None, 20, 9), ("a", "E", 4, None, 20, 9),
        ("b", "B", 0, None, 5, 4), ("b", "Q", 1.5, None, 5, 4), ("b", "D", 3.5, "web", 5, 4), ("b", "E", 4, None, 5, 4),
        ("c", "B", 0, None, 5, 9), ("c", "Q", 1, None, 5, 9), ("c", "G", 2, None, 5, 9), ("c", "E", 3, None, 5, 9),
        ("d", "B", 0, None, 20, 9), ("d", "Q", 1, None, 20, 9), ("d", "E", 2, None, 20, 9),
    ]  # fmt: skip
    frame = pl.DataFrame(
        [(k, a, START + timedelta(days=d), c, m, g) for k, a, d, c, m, g in table],
        schema=["case", "act", "ts", "channel", "money", "grade"],
        orient="row",
    ).with_columns(visits=pl.lit(2), form=pl.lit("short"))
    file = tmp_path / "log.parquet"
    frame.write_parquet(file)
    ws.ingest(file, journey="case", activity="act", time="ts")
    return compare(ws, JourneyMap.parse(CHECKED))


def test_deviations_that_need_times_and_attributes(ws: Workspace, tmp_path: Path) -> None:
    found = checked(ws, tmp_path)
    assert rows(found.deviations, "kind", "touchpoint", "journeys", "examples") == sorted(
        [
            ("late", "quick", 1, ["b"]),  # 1.5 days after begin
            ("late", "desk", 1, ["b"]),  # 3.5 days after begin
            ("wrong_channel", "desk", 1, ["b"]),  # web; a was at the Quầy, whatever the case of letters
            ("failed", "end", 1, ["b"]),  # grade 4
            ("wrong_persona", "gift", 1, ["c"]),  # c is not rich
            ("missing", "gift", 1, ["d"]),  # d is rich; b is not, so the gift is not asked of it
        ],
        key=str,
    )
    assert found.alignment.total_cost == 1


def test_a_binding_by_attribute_takes_only_the_events_that_fit(ws: Workspace, tmp_path: Path) -> None:
    steps = "[{id: a, events: [{activity: X, page: /in}]}, {id: b, events: [{page: /out}]}]"
    plan = f"{{id: m, goal: b, stages: [{{id: s, steps: {steps}}}]}}"
    pages = {"u": ["/in", "/out"], "v": ["/in", "/else"], "w": ["/out", "/out"]}
    found = findings_of(ws, tmp_path, plan, {"u": "XY", "v": "XX", "w": "XY"}, page=pages)
    assert rows(found.deviations, "kind", "touchpoint", "activity", "journeys", "examples") == sorted(
        [
            ("ad_hoc", None, "X", 1, ["v"]),
            ("missing", "a", None, 1, ["w"]),
            ("repeated", "b", None, 1, ["w"]),
        ],
        key=str,
    )
    assert found.outcomes.converted == 2


def test_attributes_that_the_log_lacks_never_match_and_are_noted(ws: Workspace, tmp_path: Path) -> None:
    plan = "{id: m, goal: b, stages: [{id: s, steps: [{id: b, events: [{page: x, name: y}, Y]}]}]}"
    found = findings_of(ws, tmp_path, plan, {"u": "XY"}, name={"u": ["y", "z"]})
    assert [str(note) for note in found.notes] == [
        "The log has no attribute 'page': the events bound by it never match."
    ]
    assert (found.outcomes.converted, found.alignment.total_cost) == (1, 1)


def test_values_of_every_type_bind_as_text(ws: Workspace, tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "case": ["a", "b", "c"],
            "act": "X",
            "ts": [START] * 3,
            "price": [5.0, 1e20, None],
            "day": [START, START + timedelta(hours=1), START],
            "is_new": [True, False, True],
        }
    )
    frame.write_parquet(tmp_path / "log.parquet")
    ws.ingest(tmp_path / "log.parquet", journey="case", activity="act", time="ts")
    events = '[{price: "5.0", is_new: "true"}, {day: "2026-01-01 01:00:00"}]'
    plan = JourneyMap.parse(f"{{id: m, goal: b, stages: [{{id: s, steps: [{{id: b, events: {events}}}]}}]}}")
    found = compare(ws, plan)
    assert dict(found.journeys.select("key", pl.col("outcome").cast(pl.String)).rows()) == {
        **{"a": "converted", "b": "converted", "c": "dropped"}
    }
    assert found.log.journeys == 3


def test_a_condition_that_the_log_cannot_meet_is_told_in_its_own_words(ws: Workspace, tmp_path: Path) -> None:
    file = write_log(tmp_path, {"a": "S"})
    ws.ingest(file, journey="case", activity="act", time="ts")
    with pytest.raises(ExpressionError, match="'n_events > 1; drop table events' uses more"):
        compare(ws, JourneyMap.parse("where: n_events > 0\n" + SHOP), where="n_events > 1; drop table events")


def test_a_value_belongs_to_the_events_that_carry_it(ws: Workspace, tmp_path: Path) -> None:
    """An error on one event of a journey is no error of the others, though the journey knows only one value."""
    plan = SHOP.replace("{id: cart, events: [C], milestone: true}", CARTS)
    error = {"a": ["", "timeout", "", ""], "b": ["", "", ""]}
    found = findings_of(ws, tmp_path, plan, {"a": "SCCP", "b": "SCP"}, error=error)
    assert rows(found.deviations, "kind", "touchpoint", "journeys", "occurrences") == [("failed", "cart", 1, 1)]


CARTS = """{id: cart, events: [C], milestone: true, repeatable: true, fails_when: "error = 'timeout'"}"""


def test_grouping_steps_in_a_sequence_changes_no_number(ws: Workspace, tmp_path: Path) -> None:
    plain = "{id: m, goal: g, stages: [{id: s, steps: [{id: a, events: A}, B, C, {id: g, events: G}]}]}"
    steps = ("{id: b, events: B}", "{id: c, events: C}")
    grouped = plain.replace("B, C", f"{{sequence: [{', '.join(steps)}]}}")
    plain = plain.replace("B, C", ", ".join(steps))
    journeys = {f"{path}{n}": path for path in ("A", "AB", "ABG", "ABCG") for n in range(40)}
    ws.ingest(write_log(tmp_path, journeys), journey="case", activity="act", time="ts")
    documents = [compare(ws, JourneyMap.parse(text)).to_dict() for text in (plain, grouped)]
    for document in documents:
        document["alignment"].pop("seconds")
    assert documents[0] == documents[1]


def test_an_activity_that_is_partly_bound_is_off_the_map_only_where_it_is_not(ws: Workspace, tmp_path: Path) -> None:
    plan = "{id: m, goal: b, stages: [{id: s, steps: [{id: b, events: [{activity: X, page: /a}]}]}]}"
    pages = {"u": ["/a"], "v": ["/a"], "w": ["/b"]}
    found = findings_of(ws, tmp_path, plan, {"u": "X", "v": "X", "w": "X"}, page=pages)
    assert rows(found.gaps, "kind", "activity", "journeys") == [("off_map", "X", 1)]


def test_blanks_around_names_do_not_matter(ws: Workspace, tmp_path: Path) -> None:
    plan = '{id: m, goal: b, stages: [{id: s, steps: [{id: b, events: [" X "]}]}]}'
    assert findings_of(ws, tmp_path, plan, {"u": "X"}).outcomes.converted == 1


def test_targets_that_are_missed_and_touchpoints_seen_only_elsewhere(ws: Workspace, tmp_path: Path) -> None:
    plan = """
id: m
goal: b
stages:
  - id: s
    steps:
      - {id: a, events: [A], channel: [web], target: {reach: ">= 0.9", conversion: ">= 0.5"}}
      - {id: b, events: [B], target: {reach: ">= 0.3"}}
"""
    channel = {"u": ["desk", "web"], "v": ["desk"], "w": ["web"]}
    found = findings_of(ws, tmp_path, plan, {"u": "AB", "v": "A", "w": "X"}, channel=channel, days={"w": 30})
    assert [(g["kind"], g["touchpoint"], str(g["detail"])) for g in found.gaps.iter_rows(named=True)] == [
        ("elsewhere", "a", "Seen only in other channels than planned."),
        ("off_map", None, "Not on the map; it happens in s (1)."),
        ("missed_target", "a", "Reach is 66.7% of 3 journeys; the target is >= 0.9."),
    ]


def test_a_goal_that_cannot_be_seen_is_reached_by_nobody(ws: Workspace, tmp_path: Path) -> None:
    plan = "{id: m, goal: b, stages: [{id: s, steps: [{id: a, events: [A]}, {id: b}]}]}"
    found = findings_of(ws, tmp_path, plan, {"u": "A"})
    assert (found.outcomes.converted, found.alignment.total_cost) == (0, 0)
    assert "no journey can be seen to succeed" in str(found.plan.warnings[0].message)


def test_channels_that_cannot_be_checked_are_noted(ws: Workspace, tmp_path: Path) -> None:
    plan = "{id: m, goal: a, stages: [{id: s, steps: [{id: a, events: [A], channel: web}]}]}"
    found = findings_of(ws, tmp_path, plan, {"u": "A"})
    assert [str(note) for note in found.notes] == ["The log has no channel, so those of a were not checked."]


def test_what_comes_after_the_goal_has_no_effect_on_it(ws: Workspace, tmp_path: Path) -> None:
    """36 see again after they paid, 44 before it, of whom 11 pay, and of 50 who never do so 20 pay; 99 pay twice."""
    paths = ["SCPS"] * 36 + ["SSCP"] * 11 + ["SSC"] * 33 + ["SCP"] * 20 + ["SC"] * 30 + ["SCPP"] * 99
    journeys = {f"m{n:03}": path for n, path in enumerate(paths)} | {"last": "S"}
    found = findings_of(ws, tmp_path, SHOP, journeys, days={"last": 100})
    rows = {row["touchpoint"]: row for row in found.deviations.to_dicts() if row["kind"] == "repeated"}
    assert (rows["see"]["journeys"], rows["see"]["n_with"], rows["see"]["n_without"]) == (80, 44, 185)
    assert rows["see"]["effect"] == pytest.approx(11 / 44 - (36 + 20 + 99) / 185)
    assert (rows["pay"]["journeys"], rows["pay"]["n_with"], rows["pay"]["effect"]) == (99, 0, None)


@pytest.mark.parametrize(("late_step", "n_with"), [("cart", 40), ("thank", 0), ("pay", 0)])
def test_lateness_before_the_goal_alone_has_an_effect_on_it(
    ws: Workspace, tmp_path: Path, late_step: str, n_with: int
) -> None:
    """The step is late by a day in 40 of 80 journeys that pay."""
    events, days = {"cart": ("[C]", 1), "pay": ("[P]", 2), "thank": ("[T]", 3)}[late_step]
    plan = SHOP.replace(f"events: {events}", f"events: {events}, within: {{time: {days}d, after: see}}")
    slow = {"cart": "SRCPT", "thank": "SCHPT", "pay": "SCHPT"}[late_step]
    paths = {f"s{n}": slow for n in range(40)} | {f"q{n}": "SCPT" for n in range(40)} | {"last": "S"}
    found = findings_of(ws, tmp_path, plan, paths, days={"last": 100})
    (row,) = found.deviations.filter(kind="late").to_dicts()
    assert (row["touchpoint"], row["journeys"], row["n_with"]) == (late_step, 40, n_with)


def test_effects_and_the_ledger(ws: Workspace, tmp_path: Path) -> None:
    """40 journeys skip the cart and 10 of them pay; 60 do not and 45 of them pay."""
    journeys = {f"m{n:02}": "STV" if n >= 10 else "SP" for n in range(40)}
    journeys |= {f"k{n:02}": "SCP" if n < 45 else "SC" for n in range(60)}
    journeys |= {"late": "S"}  # closes the others: their window ends before the log does
    found = findings_of(ws, tmp_path, SHOP, journeys, days={"late": 100})
    cart = found.deviations.row(
        by_predicate=(pl.col("kind") == "missing") & (pl.col("touchpoint") == "cart"), named=True
    )
    assert (cart["journeys"], cart["n_with"], cart["n_without"]) == (40, 40, 60)
    assert cart["effect"] == pytest.approx(10 / 40 - 45 / 60)
    assert cart["effect_low"] < cart["effect"] < cart["effect_high"] < 0
    few = found.deviations.filter(pl.col("n_with").is_between(0, 29))
    assert few["effect"].null_count() == few.height
    assert found.tests == found.deviations["q"].count()


def test_the_condition_of_the_map_and_of_the_caller_both_hold(ws: Workspace, tmp_path: Path) -> None:
    file = write_log(tmp_path, {"a": "SCP", "b": "SC", "c": "S"}, kind={"a": "xxx", "b": "xx", "c": "y"})
    ws.ingest(file, journey="case", activity="act", time="ts")
    plan = JourneyMap.parse("where: kind = 'x'\n" + SHOP)
    assert compare(ws, plan).log.journeys == 2
    assert compare(ws, plan, where="n_events = 3").journeys["key"].to_list() == ["a"]
    with pytest.raises(SourceError, match="No journey is left"):
        compare(ws, plan, where="n_events = 1")
    assert both("a", None, "b or c") == "(a) and (b or c)"


def test_two_runs_give_the_same_document_in_any_order_of_rows(tmp_path: Path) -> None:
    journeys = {f"j{n}": path for n, path in enumerate(["SCP", "SXP", "CS", "SSP", "HSC", "VP", "XSX"] * 5)}
    documents = []
    for order in (1, -1):
        shuffled = dict(list(journeys.items())[::order])
        with Workspace() as ws:
            found = findings_of(ws, tmp_path, SHOP, shuffled).to_dict()
        found["alignment"].pop("seconds")
        documents.append(json.dumps(found))
    assert documents[0] == documents[1]


def test_the_report_shows_names_as_text(ws: Workspace, tmp_path: Path) -> None:
    plan = SHOP.replace("id: shop", "id: shop\ntitle: <script>alert(1)</script>")
    found = findings_of(ws, tmp_path, plan, {"a": "SCP", "b": "S<P"})
    found.to_html(tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "In 1 journey (50%) “&lt;” happened" in page


def test_findings_are_written_by_the_ending_of_the_name(ws: Workspace, tmp_path: Path) -> None:
    found = findings_of(ws, tmp_path, SHOP, {"a": "SCP"})
    found.write(tmp_path / "f.json")
    assert json.loads((tmp_path / "f.json").read_text()) == found.to_dict()
    found.write_moves(tmp_path / "m.parquet")
    assert pl.read_parquet(tmp_path / "m.parquet")["touchpoint"].to_list() == ["see", "cart", "pay"]
    with pytest.raises(SourceError, match=r"is none of these"):
        found.write(tmp_path / "f.docx")
    assert not (tmp_path / "f.docx").exists()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text("SRCPTVX", min_size=1, max_size=6), min_size=1, max_size=8))
def test_the_journey_reading_equals_brute_force(tmp_path: Path, paths: list[str]) -> None:
    """A journey with the goal is edited into a prefix of a word that holds the goal; any other into any prefix."""
    plan = JourneyMap.parse(SHOP.replace("anywhere:\n  - {id: help, events: [H]}\n", ""))
    letters = "".join("SRC_PTV")  # one per touchpoint in map order; chat has no events
    language = words(regex(plan), "abcefg", 6)
    prefixes = {word[:n] for word in language for n in range(len(word) + 1)}
    spelt = [str.translate(p, {ord("a") + n: letter for n, letter in enumerate(letters)}) for p in prefixes]
    with Workspace() as ws:
        journeys = {f"j{n}": path for n, path in enumerate(paths)}
        ws.ingest(write_log(tmp_path, journeys), journey="case", activity="act", time="ts")
        found = dict(compare(ws, plan).journeys.select("key", "cost").rows())
    for key, path in journeys.items():
        allowed = [p for p in spelt if "P" in p] if "P" in path else spelt
        assert found[key] == min(edit_cost(path, p) for p in allowed)


def test_what_others_do_is_not_silent_among_those_looked_at(ws: Workspace, tmp_path: Path) -> None:
    ws.ingest(write_log(tmp_path, {"a": "SRCP", "b": "SCP"}), journey="case", activity="act", time="ts")
    plan = JourneyMap.parse(SHOP)
    assert [g["touchpoint"] for g in compare(ws, plan, where="key = 'b'").gaps.filter(kind="silent").to_dicts()] == (
        [g["touchpoint"] for g in compare(ws, plan).gaps.filter(kind="silent").to_dicts()]
    )
