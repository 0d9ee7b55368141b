"""Touchpoints and stages put in, moved and taken out of a map's text: the map is as asked, comments elsewhere stay."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from mining.errors import MapError
from mining.journey_map import Block, JourneyMap, Step, Touchpoint
from mining.map_places_text import (
    new_id,
    with_stage,
    with_stage_moved,
    with_touchpoint,
    with_touchpoint_moved,
    with_touchpoint_to_stage,
    without_stage,
    without_touchpoint,
)
from mining.map_text import with_title

TEMPLATES = sorted((Path(__file__).resolve().parents[2] / "data" / "templates").glob("*.yaml"))
TEXT = """# our shop
id: shop
goal: buy
stages:
  - id: find   # where it begins
    questions:
      - {text: "Is it dear?", answered_by: [ask, look]}
    steps:
      # by eye
      - {id: look, events: [Look]}  # for long

      # by phone
      - id: ask # a call
        title: "Asks: a lot"
        doing:
          - >
            Calls
            and waits
    # the end of finding

  # money
  - id: pay
    may_return_to: [find]
    steps:
      - choice:
          - {id: buy, events: [Buy]}
          # for a month
          - id: rent
            events: [Rent]
      - {id: rate, events: [Rate]}
  - {id: use, steps: [{id: sleep}, {id: eat, events: [Eat]}]}
  - id: tell
# that is all
"""

Shape = list[tuple[str, list[object]]]


def shape(text: str) -> Shape:
    """Give the stages with the ids of their steps, a block as a list."""

    def of(step: Step) -> object:
        return [of(inner) for inner in step.steps] if isinstance(step, Block) else step.id

    return [(stage.id, [of(step) for step in stage.steps]) for stage in JourneyMap.parse(text).stages]


WHOLE: Shape = [
    ("find", ["look", "ask"]),
    ("pay", [["buy", "rent"], "rate"]),
    ("use", ["sleep", "eat"]),
    ("tell", []),
]


def changed(**stages: list[object]) -> Shape:
    return [(id_, stages.get(id_, steps)) for id_, steps in WHOLE]


EDITS = {
    "new in lines": (lambda t: with_touchpoint(t, "find", "new", "N: é", ["N"]), changed(find=["look", "ask", "new"])),
    "new in brackets": (lambda t: with_touchpoint(t, "use", "new", "N", ["N"]), changed(use=["sleep", "eat", "new"])),
    "new in an empty stage": (lambda t: with_touchpoint(t, "tell", "new", "N", ["N"]), changed(tell=["new"])),
    "first taken out": (lambda t: without_touchpoint(t, "look"), changed(find=["ask"])),
    "last taken out": (lambda t: without_touchpoint(t, "ask"), changed(find=["look"])),
    "one of a choice taken out": (lambda t: without_touchpoint(t, "rent"), changed(pay=[["buy"], "rate"])),
    "first in brackets": (lambda t: without_touchpoint(t, "sleep"), changed(use=["eat"])),
    "last in brackets": (lambda t: without_touchpoint(t, "eat"), changed(use=["sleep"])),
    "up": (lambda t: with_touchpoint_moved(t, "ask", -1), changed(find=["ask", "look"])),
    "down": (lambda t: with_touchpoint_moved(t, "look", 1), changed(find=["ask", "look"])),
    "down in brackets": (lambda t: with_touchpoint_moved(t, "sleep", 1), changed(use=["eat", "sleep"])),
    "up in brackets": (lambda t: with_touchpoint_moved(t, "eat", -1), changed(use=["eat", "sleep"])),
    "up at the top": (lambda t: with_touchpoint_moved(t, "look", -1), WHOLE),
    "out of a block, down": (lambda t: with_touchpoint_moved(t, "rent", 1), changed(pay=[["buy"], "rent", "rate"])),
    "out of a block, up": (lambda t: with_touchpoint_moved(t, "buy", -1), changed(pay=["buy", ["rent"], "rate"])),
    "lines to lines": (
        lambda t: with_touchpoint_to_stage(t, "ask", "pay"),
        changed(find=["look"], pay=[["buy", "rent"], "rate", "ask"]),
    ),
    "lines to brackets": (
        lambda t: with_touchpoint_to_stage(t, "ask", "use"),
        changed(find=["look"], use=["sleep", "eat", "ask"]),
    ),
    "brackets to lines": (
        lambda t: with_touchpoint_to_stage(t, "sleep", "find"),
        changed(find=["look", "ask", "sleep"], use=["eat"]),
    ),
    "into an empty stage": (
        lambda t: with_touchpoint_to_stage(t, "rent", "tell"),
        changed(pay=[["buy"], "rate"], tell=["rent"]),
    ),
    "a new stage": (lambda t: with_stage(t, "new", "New"), [*WHOLE, ("new", [])]),
    "a stage up": (lambda t: with_stage_moved(t, "use", -1), [WHOLE[0], WHOLE[2], WHOLE[1], WHOLE[3]]),
    "a stage down": (lambda t: with_stage_moved(t, "use", 1), [WHOLE[0], WHOLE[1], WHOLE[3], WHOLE[2]]),
    "the last stage down": (lambda t: with_stage_moved(t, "tell", 1), WHOLE),
    "the last stage out": (lambda t: without_stage(t, "tell"), WHOLE[:3]),
    "a stage in brackets out": (lambda t: without_stage(t, "use"), [*WHOLE[:2], WHOLE[3]]),
}
OWN = {  # comments that stand above or behind what is taken out, or are lost where a block is put into brackets
    "first taken out": {"# by eye", "# for long"},
    "last taken out": {"# by phone", "# a call"},
    "one of a choice taken out": {"# for a month"},
    "lines to brackets": {"# by phone", "# a call"},
}
COMMENTS = {"#" + line.split("#")[1] for line in TEXT.splitlines() if "#" in line}


@pytest.mark.parametrize("edit", EDITS)
def test_the_map_is_as_asked_and_comments_stay(edit: str) -> None:
    change, expected = EDITS[edit]
    new = change(TEXT)
    assert shape(new) == expected
    lost = {comment for comment in COMMENTS if comment not in new}
    assert lost == OWN.get(edit, set())
    before = {t.id: t for t in JourneyMap.parse(TEXT).touchpoints()}
    for touchpoint in JourneyMap.parse(new).touchpoints():
        if touchpoint.id in before:
            assert plain(touchpoint) == plain(before[touchpoint.id])


def plain(touchpoint: Touchpoint) -> str:
    plan = JourneyMap.parse("{id: x, goal: a, stages: [{id: s, steps: [{id: a, events: [A]}]}]}")
    return replace(plan, anywhere=(touchpoint,)).to_yaml()


def test_a_comment_moves_with_what_it_stands_above() -> None:
    new = with_touchpoint_moved(TEXT, "ask", -1)
    assert new.index("# by phone") < new.index("id: ask") < new.index("# by eye") < new.index("id: look")


def test_who_is_gone_answers_nothing_and_nobody_returns_there() -> None:
    plan = JourneyMap.parse(without_touchpoint(TEXT, "ask"))
    assert [q.answered_by for stage in plan.stages for q in stage.questions] == [("look",)]
    plan = JourneyMap.parse(without_stage(TEXT, "find"))
    assert [stage.may_return_to for stage in plan.stages] == [(), (), ()]


def test_a_block_goes_with_its_last_touchpoint_and_an_empty_stage_can_be_filled() -> None:
    text = without_touchpoint(without_touchpoint(TEXT, "rent"), "rate")
    assert shape(with_touchpoint_to_stage(text, "buy", "find"))[:2] == [("find", ["look", "ask", "buy"]), ("pay", [])]
    emptied = without_touchpoint(with_touchpoint_to_stage(TEXT, "buy", "tell"), "rent")
    emptied = without_touchpoint(emptied, "rate")
    assert shape(with_touchpoint(emptied, "pay", "new", "New", ["New"]))[1] == ("pay", ["new"])


def test_a_new_touchpoint_has_its_title_and_events() -> None:
    plan = JourneyMap.parse(with_touchpoint(TEXT, "find", "new", 'Says "hi": # 1', ["no", "a, b"]))
    new = next(t for t in plan.touchpoints() if t.id == "new")
    assert (str(new.title), [b.activity for b in new.events]) == ('Says "hi": # 1', ["no", "a, b"])


def test_json_stays_json() -> None:
    text = '{"id": "x", "goal": "a", "stages": [{"id": "s", "steps": [{"id": "a", "events": ["A"]}, {"id": "b"}]}]}'
    text = with_stage(text, "t", "T")
    text = with_touchpoint_to_stage(text, "b", "t")
    text = with_touchpoint(text, "s", "c", "C", ["C"])
    text = with_touchpoint_moved(with_stage_moved(text, "t", -1), "c", -1)
    assert [(stage["id"], [step["id"] for step in stage["steps"]]) for stage in json.loads(text)["stages"]] == [
        ("t", ["b"]),
        ("s", ["c", "a"]),
    ]


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.stem)
def test_in_every_template_a_touchpoint_can_go_and_come_to_another_stage(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    plan = JourneyMap.parse(text)
    last = plan.stages[-1].id
    for touchpoint in [t for _stage, t in plan.planned()][::4]:
        moved = JourneyMap.parse(with_touchpoint_to_stage(text, touchpoint.id, last))
        assert [t.id for t in moved.stages[-1].touchpoints()][-1] == touchpoint.id
        assert {t.id: plain(t) for t in moved.touchpoints()} == {t.id: plain(t) for t in plan.touchpoints()}
        for by in (-1, 1):
            again = JourneyMap.parse(with_touchpoint_moved(text, touchpoint.id, by))
            assert {t.id: plain(t) for t in again.touchpoints()} == {t.id: plain(t) for t in plan.touchpoints()}


def test_a_title_that_was_proposed_is_replaced_in_every_language() -> None:
    titles = "{en: 'Stage 1: A – B', vi: 'Giai đoạn 1: A – B'}"
    text = f"id: x\ngoal: a\nstages:\n- id: s\n  title: {titles}\n  steps: [{{id: a}}]\n"
    assert JourneyMap.parse(with_title(text, "s", "Tìm", "vi", stage=True)).stages[0].title.by_language == (
        ("en", "Tìm"),
        ("vi", "Tìm"),
    )
    own = text.replace("Giai đoạn 1: A – B", "Giai đoạn 1: Khám phá")
    assert JourneyMap.parse(with_title(own, "s", "Tìm", "vi", stage=True)).stages[0].title.get("en") == "Stage 1: A – B"


def test_what_is_not_there_is_said() -> None:
    for edit in (
        lambda: without_touchpoint(TEXT, "nobody"),
        lambda: without_stage(TEXT, "nowhere"),
        lambda: with_touchpoint_to_stage(TEXT, "ask", "nowhere"),
    ):
        with pytest.raises(MapError, match="has no place called"):
            edit()


def test_ids_are_readable_and_new() -> None:
    assert new_id("Đến cửa hàng", []) == "đến_cửa_hàng"
    assert new_id("★", ["place"]) == "place_2"
