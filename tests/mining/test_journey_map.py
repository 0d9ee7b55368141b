"""Reading, checking and writing maps."""

from __future__ import annotations

import string
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mining.errors import MapError
from mining.journey_map import Binding, Block, Deadline, JourneyMap, Touchpoint
from mining.localised import Text

LOAN = """
schema: desirepath/journey-map@1
id: loan
title: {en: Loan application, vi: Hồ sơ vay}
goal: accepted
inactive_after: 30d
stages:
  - id: apply
    title: {en: Apply, vi: Nộp hồ sơ}
    phase: buyer
    feeling: 1
    owner: Sales
    questions:
      - {text: "Am I eligible?", answered_by: [precheck]}
      - {text: "How long will it take?", answered_by: []}
    steps:
      - {id: submit, events: [A_SUBMITTED, {activity: click, page: /apply}], milestone: true}
      - {id: precheck, events: [no], optional: true, within: 2d, target: {reach: ">= 0.6"}}
      - choice:
          - {id: call, events: [W_Call], channel: [phone], actor: frontstage, repeatable: true}
          - {id: visit, events: [], channel: [branch], trackable: false}
      - any_order: [{id: docs, events: [404]}, {id: id_check, events: [I]}]
  - id: decide
    may_return_to: [apply]
    steps:
      - {id: accepted, events: [A_ACCEPTED], within: {time: 90m, after: submit}}
anywhere:
  - {id: hotline, events: [W_Complaint]}
"""


def problems_of(text: str) -> list[tuple[int | None, str]]:
    with pytest.raises(MapError) as caught:
        JourneyMap.parse(text)
    return [(p.line, str(p.message)) for p in caught.value.problems]


def test_the_example_of_the_design_is_read_in_full() -> None:
    plan = JourneyMap.parse(LOAN)
    assert [t.id for t in plan.touchpoints()] == [
        *("submit", "precheck", "call", "visit", "docs", "id_check", "accepted", "hotline")
    ]
    assert [t.id for _, t in plan.milestones()] == ["submit", "accepted"]
    assert plan.inactive_after_s == 30 * 86400
    assert plan.title.get("vi") == "Hồ sơ vay"
    submit, precheck, choice, _ = plan.stages[0].steps
    assert isinstance(submit, Touchpoint)
    assert submit.events == (Binding("A_SUBMITTED"), Binding("click", (("page", "/apply"),)))
    assert isinstance(precheck, Touchpoint)
    assert precheck.within == Deadline(2 * 86400.0)
    assert isinstance(choice, Block)
    assert choice.kind == "choice"
    assert plan.stages[1].may_return_to == ("apply",)
    assert plan.stage_of()["hotline"] is None


def test_words_that_yaml_takes_for_other_things_stay_text() -> None:
    plan = JourneyMap.parse(LOAN)
    events = {t.id: t.events for t in plan.touchpoints()}
    assert events["precheck"] == (Binding("no"),)
    assert events["docs"] == (Binding("404"),)


def test_written_back_it_reads_equal() -> None:
    plan = JourneyMap.parse(LOAN)
    assert JourneyMap.parse(plan.to_yaml()) == plan


def test_a_version_says_from_when_until_when_it_is_in_force() -> None:
    plan = JourneyMap.parse(LOAN + "valid_from: 2026-01-31\nvalid_until: '2026-02-28'\n")
    assert (plan.valid_from, plan.valid_until) == (date(2026, 1, 31), date(2026, 2, 28))
    assert JourneyMap.parse(plan.to_yaml()) == plan
    assert [text for _, text in problems_of(LOAN + "valid_from: 2026-02-01\nvalid_until: 2026-01-31\n")] == [
        "`valid_until` is before `valid_from`"
    ]
    assert [text for _, text in problems_of(LOAN + "valid_from: spring\n")] == [
        "valid_from should be a day such as 2026-03-31, found `spring`"
    ]


def test_json_is_read_too() -> None:
    text = '{"id": "m", "goal": "b", "stages": [\n{"id": "s", "steps": [{"id": "b", "events": ["B"]}]}]}'
    assert JourneyMap.parse(text).goal == "b"


def test_json_may_escape_a_character_in_two_halves() -> None:
    """RFC 8259, section 7: U+1D11E may be written as two escapes."""
    text = (
        '{"id": "m", "goal": "t", "stages": [{"id": "s", "steps": [{"id": "t", "milestone": true, "events": [%s]}]}]}'
    )
    plan = JourneyMap.parse(text % r'"\uD834\uDD1E\ud83d\ude00", "\\ud834\\udd1e", "\u00e9"')
    assert [match.activity for match in plan.touchpoints()[0].events] == ["𝄞😀", r"\ud834\udd1e", "é"]


def test_ten_mistakes_are_told_at_once_with_their_lines() -> None:
    text = """schema: desirepath/journey-map@2
id: my map
goal: bougth
inactive_after: 30
gaol: x
stages:
  - id: look
    feeling: 5
    may_return_to: [buy]
    steps:
      - {id: see, events: {a: b}, within: soon}
      - {id: see, optional: perhaps}
      - choice: []
  - id: buy
    steps:
      - {id: bought, personas: [rich], weight: -1}
"""
    found = problems_of(text)
    assert [line for line, _ in found] == [1, 2, 3, 4, 5, 7, 8, 11, 11, 12, 12, 13, 16, 16]
    said = dict(found)
    assert "did you mean `goal`" in said[5]
    assert "did you mean `bought`" in said[3]
    assert "already used in line 11" in next(text for line, text in found if "already" in text)
    assert "earlier stage" in said[7]


def test_text_that_is_no_yaml_names_the_line() -> None:
    assert problems_of("id: x\nstages: [1\nb: 2")[0][0] == 3


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "is empty"),
        ("just words", "should be written as `key: value` pairs"),
        ("a: &a [*a]", "refers to itself"),
        ("a: \x00", "not readable as YAML"),
    ],
)
def test_odd_input_gets_one_clear_message(text: str, part: str) -> None:
    with pytest.raises(MapError, match=part):
        JourneyMap.parse(text)


def test_aliases_that_blow_up_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(MapError, match="too large"):
        JourneyMap.parse("\n".join(lines))


def test_missing_file_and_wrong_encoding(tmp_path) -> None:
    with pytest.raises(MapError, match="There is no map"):
        JourneyMap.read(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes("id: café".encode("latin-1"))
    with pytest.raises(MapError, match="not UTF-8"):
        JourneyMap.read(tmp_path / "latin.yaml")


def test_the_last_milestone_is_the_goal_where_none_is_named() -> None:
    steps = "[{id: a, milestone: true}, {id: b, milestone: true}, {id: c}]"
    assert JourneyMap.parse(f"{{id: m, stages: [{{id: s, steps: {steps}}}]}}").goal == "b"


def test_a_binding_that_can_never_match_is_a_warning() -> None:
    plan = JourneyMap.parse(
        "{id: m, goal: b, stages: [{id: s, steps: [{id: a, events: [X]}, {id: b, events: [X, Y]}]}]}"
    )
    assert [str(w.message) for w in plan.warnings] == [
        "`b` binds the event `X`, which `a` binds first, so it never gets it"
    ]


names = st.text(string.ascii_letters + "đắ_", min_size=1, max_size=6)
printable = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\x85\u2028\u2029\ufeff")
texts = st.text(printable, max_size=12)


@st.composite
def maps(draw: st.DrawFn) -> JourneyMap:
    ids = draw(st.lists(names, min_size=2, max_size=6, unique=True))
    touchpoints = [
        Touchpoint(
            id=name,
            title=Text((("en", draw(texts) + "."), ("vi", "ừ"))),
            events=tuple(Binding(event) for event in draw(st.lists(names, max_size=2, unique=True))),
            optional=draw(st.booleans()),
            repeatable=draw(st.booleans()),
            weight=draw(st.sampled_from([0.0, 0.5, 1.0, 2.125])),
            within=draw(st.sampled_from([None, Deadline(90.0), Deadline(86400.0, ids[0]), Deadline(0.5)])),
        )
        for name in ids
    ]
    from mining.journey_map import Question, Stage

    kind = draw(st.sampled_from(["choice", "any_order", "sequence"]))
    steps = (touchpoints[0], Block(kind, tuple(touchpoints[1:]), optional=draw(st.booleans())))
    question = Question(Text((("", draw(texts) + "?"),)), (ids[0],))
    stage = Stage(id="s", steps=steps, questions=(question,), may_skip=draw(st.booleans()))
    return JourneyMap(id="m", goal=ids[0], stages=(stage,), inactive_after_s=draw(st.sampled_from([None, 3600.0])))


@settings(max_examples=60, deadline=None)
@given(maps())
def test_any_map_survives_writing_and_reading(plan: JourneyMap) -> None:
    assert JourneyMap.parse(plan.to_yaml()) == plan
