"""Rules and accepted deviations in a comparison, against a judge that reads plain lists of events."""

from __future__ import annotations

import gzip
import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact
from statsmodels.stats.proportion import proportion_confint

from mining.errors import ExpressionError
from mining.journey_map import JourneyMap
from pipeline import cli
from pipeline.compare import compare
from pipeline.findings import Findings
from pipeline.store import Workspace

START = datetime(2026, 1, 1)
HOUR = timedelta(hours=1)
LETTERS = "abcd"
Journeys = dict[str, list[tuple[str, float]]]  # letter and hour of each event


def plan_of(rest: str, *, goal: str = "d", inactive: str = "10h") -> JourneyMap:
    """Give a map whose touchpoints are letters, in any order and number; x is off it."""
    steps = ", ".join(f"{{id: {letter}, events: {letter}, optional: true}}" for letter in LETTERS)
    return JourneyMap.parse(
        f"{{id: m, goal: {goal}, inactive_after: {inactive}, personas: [{{id: big, where: 'size > 5'}}],\n"
        f" stages: [{{id: s, steps: [{steps}]}}],\n {rest}}}"
    )


def write_log(file: Path, journeys: Journeys, **attributes: dict[str, Any]) -> Path:
    rows = [
        {"case": key, "act": letter, "ts": START + hour * HOUR} | {name: of[key] for name, of in attributes.items()}
        for key, events in journeys.items()
        for letter, hour in events
    ]
    pl.DataFrame(rows).write_csv(file)
    return file


def found_in(tmp_path: Path, plan: JourneyMap, journeys: Journeys, **attributes: dict[str, Any]) -> Findings:
    with Workspace() as ws:
        ws.ingest(write_log(tmp_path / "log.csv", journeys, **attributes), journey="case", activity="act", time="ts")
        return compare(ws, plan)


def rule_rows(found: Findings) -> list[tuple[str, int, int, int]]:
    return found.rules.select("rule", "journeys", "of", "open").rows()


EVERY = """rules: [
  {id: before, before: c, must: [a, b]}, {id: after, after: [a, b], must: c},
  {id: within, after: [a, b], must: [c, d], within: 3h}, {id: apart, never_together: [a, b, d]},
  {id: most, at_most: 2, of: [a, c]}, {id: never, at_most: 0, of: d}, {id: first, starts_with: [a, c]},
  {id: last, ends_with: [c, d]}]"""


def judged(journeys: Journeys) -> list[tuple[str, int, int, int]]:
    """Judge the rules of `EVERY` journey by journey: who breaks each, whom it applies to, who is too early to judge."""
    end = max(hour for events in journeys.values() for _, hour in events)
    verdicts: dict[str, list[str]] = {}

    def say(rule: str, asked: bool, early: bool, broken: bool) -> None:
        word = "" if not asked else "open" if early else "broken" if broken else "kept"
        verdicts.setdefault(rule, []).append(word)

    for events in journeys.values():
        path = [letter for letter, _ in events if letter in LETTERS]
        running = events[-1][1] > end - 10
        say("before", "c" in path, False, "c" in path and not {"a", "b"} & set(path[: path.index("c")]))
        asks = [n for n, letter in enumerate(path) if letter in "ab"]
        say("after", bool(asks), running, bool(asks) and "c" not in path[asks[-1] + 1 :])
        timed = [(n, hour) for n, (letter, hour) in enumerate(events) if letter in "ab"]
        due = [(n, hour) for n, hour in timed if hour + 3 < end]
        late = [1 for n, hour in due if not any(x in "cd" and at <= hour + 3 for x, at in events[n + 1 :])]
        say("within", bool(timed), not due, bool(late))
        say("apart", bool({"a", "b", "d"} & set(path)), False, len({"a", "b", "d"} & set(path)) > 1)
        say("most", bool({"a", "c"} & set(path)), False, sum(letter in "ac" for letter in path) > 2)
        say("never", "d" in path, False, "d" in path)
        say("first", bool(path), False, path[:1] not in (["a"], ["c"]))
        say("last", bool(path), running, path[-1:] not in (["c"], ["d"]))
    return [
        (rule, said.count("broken"), said.count("broken") + said.count("kept"), said.count("open"))
        for rule, said in verdicts.items()
    ]


gaps = st.sampled_from([0.0, 1.0, 2.5, 3.0, 3.5, 8.0])
journeys_ = st.lists(
    st.tuples(
        st.sampled_from([0.0, 2.0, 9.0, 15.0]),
        st.lists(st.tuples(st.sampled_from("abcdx"), gaps), min_size=1, max_size=6),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(journeys_)
def test_every_rule_judges_as_one_reading_journey_by_journey(
    tmp_path: Path, drawn: list[tuple[float, list[tuple[str, float]]]]
) -> None:
    journeys: Journeys = {}
    for number, (hour, events) in enumerate(drawn):
        journeys[f"j{number}"] = []
        for letter, gap in events:
            hour += gap
            journeys[f"j{number}"].append((letter, hour))
    assert rule_rows(found_in(tmp_path, plan_of(EVERY), journeys)) == judged(journeys)


def test_a_deadline_that_is_not_over_is_no_violation(tmp_path: Path) -> None:
    """The log ends at hour 20: who asked at 17 still has a moment, since hour 20 may hold more."""
    rule = "rules: [{id: r, after: a, must: b, within: 3h}]"
    journeys: Journeys = {
        "in time": [("a", 0), ("b", 3)],
        "late": [("a", 0), ("b", 3.1)],
        "never": [("a", 0), ("c", 1)],
        "waiting": [("a", 17)],
        "quick": [("a", 19), ("b", 20)],
        "once of two": [("a", 0), ("b", 1), ("a", 2), ("b", 6)],
        "not asked": [("b", 1)],
    }
    found = found_in(tmp_path, plan_of(rule), journeys)
    assert rule_rows(found) == [("r", 3, 4, 2)]
    row = found.deviations.filter(pl.col("kind") == "rule_broken").row(0, named=True)
    assert row["examples"] == ["late", "never", "once of two"]
    assert (row["rule"], row["occurrences"], row["share"]) == ("r", 3, 0.75)


def test_what_has_no_time_is_never_held_against_a_journey(tmp_path: Path) -> None:
    """An answer without a time counts as one; who asked at an unknown time cannot be judged."""
    file = tmp_path / "log.csv"
    rows = ["p,a,2026-01-01", "p,b,", "p,c,2026-01-09", "q,a,2026-01-01", "q,c,2026-01-09"]
    rows += ["r,c,2026-01-01", "r,a,", "r,b,2026-01-09", "s,x,2026-02-01"]
    file.write_text("\n".join(["case,act,ts", *rows]) + "\n")
    with Workspace() as ws:
        ws.ingest(file, journey="case", activity="act", time="ts", undated="keep")
        found = compare(ws, plan_of("rules: [{id: r, after: a, must: b, within: 1d}]"))
    assert rule_rows(found) == [("r", 1, 2, 1)]
    assert found.deviations.filter(pl.col("kind") == "rule_broken")["examples"].to_list() == [["q"]]


def test_share_interval_effect_and_q_are_those_of_the_journeys_it_applies_to(tmp_path: Path) -> None:
    """40 keep the rule, of which 30 reach the goal; 40 break it, of which 8 do; 20 it does not concern."""
    plan = plan_of("rules: [{id: r, before: b, must: a}]")
    paths = ["abd"] * 30 + ["ab"] * 10 + ["bd"] * 8 + ["b"] * 32 + ["d"] * 20
    journeys: Journeys = {f"j{n:03}": [(x, m) for m, x in enumerate(path)] for n, path in enumerate(paths)}
    journeys["end"] = [("x", 500)]
    found = found_in(tmp_path, plan, journeys)
    row = next(r for r in found.to_dict()["deviations"] if r["kind"] == "rule_broken")
    low, high = proportion_confint(40, 80, method="wilson")
    assert (row["journeys"], row["of"], row["share"]) == (40, 80, 0.5)
    assert (row["low"], row["high"]) == pytest.approx((low, high), rel=1e-5)
    assert (row["n_with"], row["n_without"], row["effect"]) == (40, 40, pytest.approx(8 / 40 - 30 / 40))
    p = fisher_exact([[8, 32], [30, 10]]).pvalue
    assert found.tests == 1
    assert row["q"] == pytest.approx(p, rel=1e-5)


def test_a_rule_is_for_the_journeys_it_names(tmp_path: Path) -> None:
    plan = plan_of(
        "rules: [{id: all, before: b, must: a}, {id: near, before: b, must: a, where: \"town = 'Hue'\"},"
        " {id: big, before: b, must: a, personas: [big]},"
        " {id: both, before: b, must: a, personas: [big], where: size < 8}]"
    )
    journeys: Journeys = {key: [("b", 0), ("d", 1)] for key in "pqrs"}
    towns = {"p": "Hue", "q": "Hue", "r": "Vinh", "s": "Vinh"}
    found = found_in(tmp_path, plan, journeys, town=towns, size={"p": 1, "q": 7, "r": 7, "s": 9})
    assert rule_rows(found) == [("all", 4, 4, 0), ("near", 2, 2, 0), ("big", 3, 3, 0), ("both", 2, 2, 0)]
    with pytest.raises(ExpressionError, match="The condition 'twon = 1' names what is not there") as caught:
        found_in(tmp_path, plan_of("rules: [{id: r, before: b, must: a, where: twon = 1}]"), journeys, town=towns)
    assert "did you mean 'town'" in str(caught.value)


def test_a_rule_that_the_log_cannot_answer_is_noted(tmp_path: Path) -> None:
    plan = JourneyMap.parse(
        "{id: m, goal: b, stages: [{id: s, steps: [{id: a}, {id: b, events: b}]}],"
        " anywhere: [{id: c, events: c}],"
        " rules: [{id: r, before: b, must: a}, {id: t, after: b, must: c, within: 2h}, {id: u, after: b, must: c}]}"
    )
    file = tmp_path / "log.xes"
    events = "".join(f'<event><string key="concept:name" value="{letter}"/></event>' for letter in "bcb")
    trace = f'<trace><string key="concept:name" value="1"/>{events}</trace>'
    file.write_text(f'<?xml version="1.0" encoding="UTF-8"?><log xes.version="1.0">{trace}</log>')
    with Workspace() as ws:
        ws.ingest(file)
        found = compare(ws, plan)
    assert rule_rows(found) == [("u", 1, 1, 0)]
    assert [str(note) for note in found.notes] == [
        "The rule r is not checked, since nothing is bound to a.",
        "The rule t is not checked, since the log has no times.",
    ]


ACCEPTING = """accepted: [
  {{kind: ad_hoc, activity: x, owner: {{en: Sales, vi: Kinh doanh}}, reason: Trial, until: {until}}},
  {{kind: rule_broken, rule: r, owner: IT, reason: Old app, until: 2027-01-01}},
  {{kind: ad_hoc, activity: xx, owner: IT, reason: Gone, until: 2027-01-01}},
  {{kind: repeated, touchpoint: c, owner: IT, reason: Gone, until: 2027-01-01}}],
  rules: [{{id: r, before: b, must: a}}]"""
SOME: Journeys = {
    **{f"x{n}": [("x", 0), ("a", 1), ("d", 2)] for n in range(40)},
    **{f"b{n}": [("b", 0), ("a", 1)] for n in range(40)},
    "last": [("a", 36)],
}


def test_what_is_accepted_is_counted_and_neither_ranked_nor_tested(tmp_path: Path) -> None:
    """The log ends on 2 January, the last day of the first acceptance."""
    without = found_in(tmp_path, plan_of("rules: [{id: r, before: b, must: a}]"), SOME)
    found = found_in(tmp_path, plan_of(ACCEPTING.format(until="2026-01-02")), SOME)
    assert (without.tests, found.tests) == (1, 0)
    assert set(without.deviations["kind"]) - set(found.deviations["kind"]) == {"ad_hoc", "rule_broken"}
    document = found.to_dict()
    assert [
        (row["kind"], row["activity"], row["rule"], row["journeys"], row["of"]) for row in document["accepted"]
    ] == [
        ("ad_hoc", "x", None, 40, 81),
        ("rule_broken", None, "r", 40, 40),
    ]
    assert document["accepted"][0].items() >= {"owner": "Sales", "reason": "Trial", "until": "2026-01-02"}.items()
    assert [gap["kind"] for gap in document["gaps"]] == ["silent"]
    assert [gap["kind"] for gap in without.to_dict()["gaps"]] == ["silent", "off_map"]
    assert document["rules"][0]["journeys"] == 40
    assert [str(note) for note in found.notes] == [
        "Nothing in this log is the accepted `ad_hoc` of xx; did you mean `x`?",
        "Nothing in this log is the accepted `repeated` of c.",
    ]
    json.dumps(document)


def test_an_acceptance_that_has_run_out_counts_again_and_says_so(tmp_path: Path) -> None:
    found = found_in(tmp_path, plan_of(ACCEPTING.format(until="2026-01-01")), SOME)
    row = next(row for row in found.to_dict()["deviations"] if row["kind"] == "ad_hoc")
    assert (row["journeys"], row["expired"]) == (40, "2026-01-01")
    assert "The acceptance of `ad_hoc` of x ran out on 2026-01-01: it counts again." in map(str, found.notes)
    assert found.accepted["kind"].to_list() == ["rule_broken"]


def test_the_report_tells_rules_acceptances_and_notes(tmp_path: Path) -> None:
    found = found_in(tmp_path, plan_of(ACCEPTING.format(until="2026-01-01")), SOME)
    found.to_html(tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    text = " ".join(re.sub("<[^>]*>", " ", page).split())
    assert "broke the rule “Before b comes a”" not in text  # it is accepted
    assert re.search(r"Before b comes a .*40", text)
    assert re.search(r"Before b comes a .* IT .*Old app", text)
    assert "It was accepted until Jan 1, 2026; it counts again." in text
    assert "Nothing in this log is the accepted `repeated` of c." in text


def test_an_acceptance_of_one_stage_leaves_the_others(tmp_path: Path) -> None:
    plan = JourneyMap.parse(
        "{id: m, goal: b, stages: [{id: s, steps: [{id: a, events: a}]}, {id: t, steps: [{id: b, events: b}]}],"
        " accepted: [{kind: ad_hoc, activity: x, stage: t, owner: IT, reason: why, until: 2030-01-01}]}"
    )
    found = found_in(tmp_path, plan, {"j": [("a", 0), ("x", 1), ("b", 2), ("x", 3)]})
    assert found.deviations.select("kind", "stage").rows() == [("ad_hoc", "s")]
    assert found.accepted.select("kind", "stage").rows() == [("ad_hoc", "t")]


def test_a_check_passes_over_what_is_accepted_unless_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = write_log(tmp_path / "log.csv", SOME)
    workspace, plan = str(tmp_path / "log.duckdb"), tmp_path / "map.yaml"
    plan.write_text(plan_of(ACCEPTING.format(until="2026-01-02")).to_yaml())
    columns = ["--journey", "case", "--activity", "act", "--time", "ts"]
    assert cli.main(["ingest", str(log), "--workspace", workspace, *columns]) == 0
    check = ["compare", workspace, str(plan), "--fail-on", "ad_hoc > 10% or rule_broken > 10%"]
    capsys.readouterr()
    assert cli.main(check) == 0
    said = capsys.readouterr().out
    assert "Answers for it" in said  # the head of what the plan accepts
    assert "Old app" in said
    assert "Before b comes a" in said
    assert cli.main([*check, "--fail-on-accepted"]) == 3
    assert cli.main(["map", "check", str(plan), "--log", workspace]) == 0
    assert "Nothing in this log is the accepted `ad_hoc` of xx; did you mean `x`?" in capsys.readouterr().err


BPIC = """
id: loans
goal: approved
inactive_after: 20d
stages:
  - id: all
    steps:
      - {id: submitted, events: A_SUBMITTED, optional: true}
      - {id: sent, events: O_SENT, optional: true}
      - {id: back, events: O_SENT_BACK, optional: true}
      - {id: accepted, events: O_ACCEPTED, optional: true}
      - {id: approved, events: A_APPROVED, optional: true}
      - {id: declined, events: A_DECLINED, optional: true}
      - {id: cancelled, events: A_CANCELLED, optional: true}
rules:
  - {id: asked, before: approved, must: accepted}
  - {id: answered, after: sent, must: [back, cancelled, declined]}
  - {id: soon, after: sent, must: back, within: 14d}
  - {id: either, never_together: [approved, declined, cancelled]}
  - {id: calm, at_most: 1, of: sent}
  - {id: begins, starts_with: submitted}
  - {id: ends, ends_with: [declined, cancelled]}
"""
BOUND = {
    "A_SUBMITTED": "submitted", "O_SENT": "sent", "O_SENT_BACK": "back", "O_ACCEPTED": "accepted",
    "A_APPROVED": "approved", "A_DECLINED": "declined", "A_CANCELLED": "cancelled",
}  # fmt: skip


def loans(file: Path) -> pl.DataFrame:
    """Read case, no, touchpoint and time of every event out of the XML; what is bound to nothing is null."""
    rows, number = [], 0
    with gzip.open(file) as stream:
        for _, trace in ElementTree.iterparse(stream):
            if trace.tag.rpartition("}")[2] != "trace":
                continue
            for event in trace:
                if event.tag.rpartition("}")[2] == "event":
                    value = {field.get("key"): field.get("value") for field in event}
                    rows.append(
                        (number, BOUND.get(value["concept:name"]), datetime.fromisoformat(value["time:timestamp"]))
                    )
            number += 1
            trace.clear()
    log = pl.DataFrame(rows, schema={"case": pl.Int64, "at": pl.String, "time": pl.Datetime("us", "UTC")}, orient="row")
    return log.sort("case", "time", maintain_order=True).with_row_index("no")


def test_the_rules_of_a_real_log_are_those_that_its_events_tell(shared_data: Path) -> None:
    """BPI Challenge 2012 (doi 10.4121/uuid:3926db30-f712-4394-aebc-75976070e91f), counted in frames of events."""
    file = shared_data / "bpic2012" / "BPI_Challenge_2012.xes.gz"
    with Workspace() as ws:
        ws.ingest(file)
        found = compare(ws, JourneyMap.parse(BPIC))
    log = loans(file)
    end = log["time"].max()
    over = set(
        log.group_by("case").agg(pl.col("time").max()).filter(pl.col("time") <= end - timedelta(days=20))["case"]
    )

    def of(*names: str) -> pl.DataFrame:
        return log.filter(pl.col("at").is_in(names))

    def pairs(asks: pl.DataFrame, answers: pl.DataFrame) -> pl.DataFrame:
        """Give every event that asks with every event that answers it later in its journey."""
        return asks.join(answers, on="case", suffix="_answer").filter(pl.col("no_answer") > pl.col("no"))

    def cases(frame: pl.DataFrame) -> set[int]:
        return set(frame["case"])

    sent = of("sent")
    unanswered = sent.join(pairs(sent, of("back", "cancelled", "declined")), on="no", how="anti")
    due = sent.filter(pl.col("time") < end - timedelta(days=14))
    in_time = pairs(due, of("back")).filter(pl.col("time_answer") - pl.col("time") <= timedelta(days=14))
    early = pairs(of("accepted"), of("approved"))
    kinds = of("approved", "declined", "cancelled").group_by("case").agg(pl.col("at").n_unique())
    on_map = log.filter(pl.col("at").is_not_null()).group_by("case", maintain_order=True)
    is_over = pl.col("case").is_in(list(over))
    first, last = on_map.first(), on_map.last().filter(is_over)
    expected = {  # who breaks it, whom it applies to, who is too early to judge
        "asked": (of("approved").filter(~pl.col("no").is_in(early["no_answer"].to_list())), of("approved"), set()),
        "answered": (unanswered.filter(is_over), sent.filter(is_over), cases(sent) - over),
        "soon": (due.join(in_time, on="no", how="anti"), due, cases(sent) - cases(due)),
        "either": (kinds.filter(pl.col("at") > 1), kinds, set()),
        "calm": (sent.group_by("case").len().filter(pl.col("len") > 1), sent, set()),
        "begins": (first.filter(pl.col("at") != "submitted"), first, set()),
        "ends": (last.filter(~pl.col("at").is_in(["declined", "cancelled"])), last, cases(first) - over),
    }
    assert rule_rows(found) == [
        (rule, len(cases(broken)), len(cases(asked)), len(waiting))
        for rule, (broken, asked, waiting) in expected.items()
    ]
    assert [(rule, n) for rule, n, _, _ in rule_rows(found) if n] == [
        ("asked", 801), ("answered", 112), ("soon", 2611), ("calm", 1438), ("ends", 1945),
    ]  # fmt: skip
