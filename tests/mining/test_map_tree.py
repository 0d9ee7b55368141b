"""A map drawn as blocks has the paths of the map: its automaton, built in another way, accepts the same words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mining.automaton import compile_map
from mining.errors import ModelError
from mining.journey_map import Binding, Block, JourneyMap, Stage, Touchpoint
from mining.map_mermaid import to_mermaid
from mining.map_tree import map_to_tree
from mining.process_tree import CHOICE, LOOP, ProcessTree, tree_to_net

Words = set[tuple[str, ...]]
LONGEST = 4


def accepted(plan: JourneyMap) -> Words:
    """Give every short word of the map, as names of activities."""
    automaton = compile_map(plan)
    names = {t.id: t.events[0].activity for t in plan.touchpoints() if t.events}
    edges = list(zip(automaton.source.tolist(), automaton.label.tolist(), automaton.target.tolist(), strict=True))
    reached: set[tuple[int, tuple[str, ...]]] = {(0, ())}
    todo = list(reached)
    while todo:
        state, word = todo.pop()
        for source, label, target in edges:
            longer = (target, (*word, str(names[automaton.labels[label]])))
            if source == state and len(word) < LONGEST and longer not in reached:
                reached.add(longer)
                todo.append(longer)
    return {word for state, word in reached if automaton.final[state]}


@st.composite
def steps(draw: st.DrawFn, letters: str) -> tuple[Touchpoint | Block, ...]:
    """Some steps over these letters; one without events now and then."""
    if len(letters) == 1:
        events = () if draw(st.integers(0, 5)) == 0 else (Binding(letters.upper()),)
        flags = {"optional": draw(st.booleans()), "repeatable": draw(st.integers(0, 3)) == 0}
        return (Touchpoint(id=letters, events=events, **flags),)
    cut = draw(st.integers(1, len(letters) - 1))
    inner = (*draw(steps(letters[:cut])), *draw(steps(letters[cut:])))
    kind = draw(st.sampled_from(["choice", "any_order", "sequence", None]))
    flags = {"optional": draw(st.integers(0, 3)) == 0, "repeatable": draw(st.integers(0, 3)) == 0}
    return inner if kind is None else (Block(kind, inner, **flags),)


@st.composite
def maps(draw: st.DrawFn) -> JourneyMap:
    stages = []
    for n, letters in enumerate(draw(st.sampled_from([("ab", "c"), ("a", "b", "c"), ("abc",), ("a", "b", "c", "d")]))):
        back = draw(st.sets(st.integers(0, n), max_size=1)) if draw(st.booleans()) else set()
        returns = tuple(f"s{other}" for other in back)
        stages.append(
            Stage(id=f"s{n}", steps=draw(steps(letters)), may_skip=draw(st.booleans()), may_return_to=returns)
        )
    anywhere = (Touchpoint(id="z", events=(Binding("Z"),)),) if draw(st.integers(0, 3)) == 0 else ()
    return JourneyMap(id="m", goal="a", stages=tuple(stages), anywhere=anywhere)


@settings(max_examples=150)
@given(plan=maps())
def test_blocks_have_the_words_of_the_map(words_of: Callable[..., Words], plan: JourneyMap) -> None:
    try:
        tree, _ = map_to_tree(plan)
    except ModelError:  # returns that cross, see below
        return
    assert words_of(tree_to_net(tree), LONGEST) == accepted(plan)


def stages(*returns: tuple[str, ...]) -> JourneyMap:
    made = [
        Stage(id=f"s{n}", steps=(Touchpoint(id=f"t{n}", events=(Binding(f"T{n}"),)),), may_return_to=back)
        for n, back in enumerate(returns)
    ]
    return JourneyMap(id="m", goal="t0", stages=tuple(made))


def test_returns_inside_one_another_are_loops_and_crossing_ones_are_refused(words_of: Callable[..., Words]) -> None:
    nested = stages((), ("s1",), ("s0", "s1"))
    assert words_of(tree_to_net(map_to_tree(nested)[0]), LONGEST) == accepted(nested)
    with pytest.raises(ModelError) as caught:
        map_to_tree(stages((), (), ("s0",), ("s1",)))
    assert [p.text() for p in caught.value.problems] == [
        "line 0: The return from s3 to s1 crosses another return, so it cannot be drawn as blocks."
    ]


def test_leaves_are_activities_and_what_is_lost_is_said() -> None:
    plan = JourneyMap.parse(
        "{id: m, goal: buy, stages: [{id: s, steps: ["
        "{id: see, title: Sees it}, {id: ask, events: [Phone, Mail, Phone]}, {id: again, events: [Phone, Chat]},"
        "{id: look, title: Looks, events: [{activity: click, page: /a}]}, {id: buy, events: [Buy]}]}],"
        "anywhere: [{id: help, events: [Help]}]}"
    )
    tree, notes = map_to_tree(plan)
    leaf = {name: ProcessTree(label=name) for name in ("Phone", "Mail", "Chat", "Looks", "Buy", "Help")}
    silent = ProcessTree()
    assert tree.operator == "parallel"
    assert tree.children[0].children == (
        silent, ProcessTree(CHOICE, None, (leaf["Mail"], leaf["Phone"])), leaf["Chat"], leaf["Looks"], leaf["Buy"]
    )  # fmt: skip
    assert tree.children[1] == ProcessTree(LOOP, None, (silent, leaf["Help"]))
    assert [str(note) for note in notes] == [
        "Left out, since no event shows them: Sees it.",
        "Told by attributes in the map; here they have a name alone, which the log may not know: Looks.",
        "Only the order of the steps is kept: no stages, goals, weights, deadlines or texts.",
    ]


def test_mermaid_text_has_stages_scores_and_actors_and_no_sign_that_ends_a_name() -> None:
    plan = JourneyMap.parse(
        '{id: m, title: {en: "Buy: it", vi: Mua}, goal: buy, stages: ['
        '{id: s, title: "Step #1", feeling: -1, steps: [{id: look, title: "a;  b", actor: technology}, '
        "{id: buy, events: [Buy], feeling: 2}]}, {id: later, steps: []}], anywhere: [{id: help, events: [Help]}]}"
    )
    assert to_mermaid(plan).splitlines() == [
        "journey",
        "    title Buy： it",
        "    section Step ＃1",
        "      a； b: 2: technology",
        "      buy: 5: customer",
        "    section later",
        "    section …",
        "      help: 3: customer",
    ]
    assert to_mermaid(plan, "vi").splitlines()[1] == "    title Mua"
