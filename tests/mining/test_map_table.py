"""A map as a table and back: nothing lost, and problems told by row."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mining.errors import MapError
from mining.journey_map import Binding, Block, Deadline, JourneyMap, Persona, Question, Stage, Target, Touchpoint
from mining.localised import Text
from mining.map_table import from_table, to_table

ROOT = Path(__file__).resolve().parents[2]
MAPS = sorted([*(ROOT / "data" / "templates").glob("*.yaml"), *(ROOT / "data" / "open_university").glob("*.yaml")])


@pytest.mark.parametrize("file", MAPS, ids=lambda file: file.stem)
def test_every_map_that_ships_comes_back_unchanged(file: Path) -> None:
    plan = JourneyMap.read(file)
    header, rows = to_table(plan)
    assert from_table(header, rows, "other.csv") == plan
    assert len(rows) == len(plan.touchpoints()) + sum(not stage.steps for stage in plan.stages)
    assert not any(all(not row[column] for row in rows) for column in range(len(header)))


def test_what_the_cells_say() -> None:
    plan = JourneyMap.parse(
        "{id: m, title: {en: T, vi: U}, goal: b, stages: [{id: s, title: S, steps: [{id: a, events: [A, B]}, {choice: "
        "[{id: b, milestone: true, events: [{activity: c, page: p}]}, {sequence: [{id: c, weight: 2.5}], optional: "
        "true, repeatable: true}]}]}, {id: empty}], anywhere: [{id: z, events: ['x;y']}]}"
    )
    header, rows = to_table(plan)
    assert header == [
        *("stage", "block", "id", "events", "milestone", "weight"),
        *("stage title", "map id", "map title en", "map title vi", "map goal"),
    ]
    assert rows == [
        ["s", "", "a", "A; B", "", "", "S", "m", "T", "U", "b"],
        ["s", "choice 1", "b", '[{"activity": "c", "page": "p"}]', "true", "", "", "", "", "", ""],
        ["s", "choice 1 > sequence 2?+", "c", "", "", "2.5", "", "", "", "", ""],
        ["empty", "", "", "", "", "", "", "", "", "", ""],
        ["(anywhere)", "", "z", '["x;y"]', "", "", "", "", "", "", ""],
    ]
    assert from_table(header, rows, "m.csv") == plan


def test_a_table_by_hand_needs_only_stages_and_ids() -> None:
    """Blanks around names, blocks without numbers, empty rows, columns without a name: taken as they are meant."""
    plan = from_table(
        ["stage ", "id", "events", "block", "milestone", ""],
        [
            ["Look", " see ", "Visit; Ad", "", "", "a remark"],
            ["", "", "", "", "", ""],
            ["Look", "ask", "Ask", "choice", ""],
            ["Look", "call", "Call", "choice"],
            ["Buy", "pay", "Pay", "", "TRUE"],
        ],
        "my shop.xlsx",
    )
    assert plan.id == "my_shop"
    assert plan.goal == "pay"
    see, ask, call = (Touchpoint(id=i, events=tuple(map(Binding, e))) for i, e in
                      (("see", ("Visit", "Ad")), ("ask", ("Ask",)), ("call", ("Call",))))  # fmt: skip
    assert plan.stages[0].steps == (see, Block("choice", (ask, call)))
    assert [t.id for t in plan.stages[1].touchpoints()] == ["pay"]


def problems(header: list[str], *rows: list[str]) -> list[str]:
    with pytest.raises(MapError) as caught:
        from_table(header, rows, "t.csv")
    return [problem.text() for problem in caught.value.problems]


def test_problems_name_the_row_of_the_spreadsheet() -> None:
    assert problems(["id", "evnts", "stage titel", "mop id"], ["a"]) == [
        "line 1: There is no column `stage`, which tells the stage of each touchpoint.",
        "line 1: the column `evnts` is not known; did you mean `events`?",
        "line 1: the column `stage titel` is not known; did you mean `title`?",
        "line 1: the column `mop id` is not known",
    ]
    assert problems(
        ["stage", "id", "feeling", "map goal"],
        ["s", "a", "9", "b"],
        ["", "", "", ""],
        ["s", "a b", "", ""],
        ["r", "b", "", ""],
        ["s", "c", "", ""],
    ) == [
        "line 2: feeling should be a number from -2 (very bad) to 2 (very good), found `9`",
        "line 4: the id `a b` may only have letters, digits, `_`, `.` and `-`",
        "line 6: the stage id `s` is already used in line 2",
    ]
    assert problems(["stage", "block", "id"], ["s", "either 1", "a"])[1].startswith(
        "line 2: a touchpoint has no `either 1`"
    )
    assert problems(["stage", "id"]) == [
        "line 1: a map needs at least one stage under `stages`",
        "line 1: name the milestone that means success: `goal: <touchpoint id>`",
    ]


WORDS = st.text(max_size=6).map(str.strip)
TEXTS = st.one_of(
    WORDS.map(lambda said: Text((("", said),)) if said else Text()),
    st.tuples(WORDS, WORDS).map(
        lambda two: Text(tuple(pair for pair in zip(("en", "vi"), two, strict=True) if pair[1]))
    ),
)
LISTS = st.lists(TEXTS.filter(bool), max_size=2).map(tuple)
NAMES = WORDS.filter(bool)
BINDINGS = st.one_of(NAMES.map(Binding), st.tuples(NAMES, NAMES).map(lambda two: Binding(None, (two,))))


@st.composite
def touchpoints(draw: st.DrawFn, name: str) -> Touchpoint:
    return Touchpoint(
        id=name,
        title=draw(TEXTS),
        events=tuple(draw(st.lists(BINDINGS.filter(lambda b: b.attributes[:1] != (("activity", ""),)), max_size=2))),
        milestone=draw(st.booleans()),
        optional=draw(st.booleans()),
        within=draw(st.sampled_from([None, Deadline(90.0), Deadline(86400.0, "t0")])),
        channel=tuple(draw(st.lists(NAMES, max_size=2))),
        actor=draw(st.sampled_from([None, "frontstage"])),
        doing=draw(LISTS),
        feeling=draw(st.sampled_from([None, -1.0, 0.5])),
        asset=draw(TEXTS),
        weight=draw(st.sampled_from([1.0, 2.0, 0.125])),
        target=draw(st.sampled_from([None, Target(reach=">= 0.6", within_s=60.0)])),
    )


@st.composite
def blocks(draw: st.DrawFn, names: list[str]) -> tuple[Touchpoint | Block, ...]:
    if len(names) < 2 or draw(st.booleans()):
        return tuple(draw(touchpoints(name)) for name in names)
    cut = draw(st.integers(0, len(names) - 1))
    kind = draw(st.sampled_from(["choice", "any_order", "sequence"]))
    inner = Block(kind, draw(blocks(names[cut:])), draw(st.booleans()), draw(st.booleans()))
    return (*draw(blocks(names[:cut])), inner)


@st.composite
def maps(draw: st.DrawFn) -> JourneyMap:
    first, second = draw(blocks(["t0", "t1", "t2", "t3"])), draw(blocks(["u0", "u1"]))
    question = Question(draw(TEXTS.filter(bool)), ("t0",))
    return JourneyMap(
        id="m",
        title=draw(TEXTS),
        goal="t0",
        personas=(Persona("p", title=draw(TEXTS), needs=draw(LISTS)),),
        stages=(
            Stage("one", title=draw(TEXTS), questions=(question,), steps=first, may_skip=draw(st.booleans())),
            Stage("two", steps=second, tactics=draw(LISTS), may_return_to=("one",)),
            Stage("three"),
        ),
        anywhere=tuple(draw(touchpoints(name)) for name in draw(st.sampled_from([[], ["z0", "z1"]]))),
    )


@given(plan=maps())
def test_any_map_comes_back_unchanged(plan: JourneyMap) -> None:
    """As YAML gives it back, since a file knows no more than that."""
    try:
        plan = JourneyMap.parse(plan.to_yaml())
    except MapError:
        return  # texts that no YAML file holds
    assert from_table(*to_table(plan), "m.csv") == plan
