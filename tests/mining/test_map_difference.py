"""Differences of maps and models against all their words, written out."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from mining.automaton import compile_map, compile_net
from mining.journey_map import JourneyMap
from mining.map_changes import Change, changes
from mining.map_difference import MOST_EXAMPLES, by_events, difference
from mining.process_tree import CHOICE, LOOP, PARALLEL, SEQUENCE, ProcessTree, tree_to_net

LONGEST = 5
Words = set[tuple[str, ...]]
LEAVES = st.sampled_from([ProcessTree(label=name) for name in "abc"] + [ProcessTree()])
TREES = st.recursive(
    LEAVES,
    lambda below: st.one_of(
        st.builds(
            lambda operator, children: ProcessTree(operator, None, tuple(children)),
            st.sampled_from([SEQUENCE, CHOICE, PARALLEL]),
            st.lists(below, min_size=1, max_size=3),
        ),
        st.builds(lambda do, redo: ProcessTree(LOOP, None, (do, redo)), below, below),
    ),
    max_leaves=5,
)


@settings(max_examples=150)
@given(one=TREES, other=TREES)
def test_examples_are_paths_of_one_that_part_from_the_other_where_it_says(
    words_of: Callable[..., Words], one: ProcessTree, other: ProcessTree
) -> None:
    nets = tree_to_net(one), tree_to_net(other)
    found = difference(compile_net(nets[0]), compile_net(nets[1]), most=100)
    here, there = (words_of(net, LONGEST) for net in nets)
    assert found.complete
    shortest = min((len(example.path) for example in found.examples), default=LONGEST + 1)
    assert min(map(len, here - there), default=LONGEST + 1) == min(shortest, LONGEST + 1)
    begun = {word[:n] for word in there for n in range(len(word) + 1)}
    for path, parts_at in ((example.path, example.parts_at) for example in found.examples):
        if len(path) <= LONGEST:
            assert path in here - there
            assert parts_at == len(path) or path[: parts_at + 1] not in begun
        # A prefix of LONGEST letters tells nothing of longer words, so only shorter ones are held against it.
        if parts_at < len(path) and parts_at < LONGEST - 2 and not any(len(word) == LONGEST for word in there):
            assert path[:parts_at] in begun


@given(tree=TREES)
def test_a_model_does_not_differ_from_itself(tree: ProcessTree) -> None:
    automaton = compile_net(tree_to_net(tree))
    found = difference(automaton, automaton)
    assert (found.examples, found.complete) == ((), True)


def plan(steps: str, more: str = "") -> JourneyMap:
    return JourneyMap.parse(f"{{id: m, goal: z, stages: [{{id: s, steps: [{steps}, {{id: z, events: Z}}]}}]{more}}}")


A, B, C = ("{id: a, events: A}", "{id: b, events: B}", "{id: c, events: C}")


def test_examples_are_short_and_each_parts_in_its_own_way() -> None:
    loose = compile_map(plan("{any_order: [" + ", ".join([A, B, C]) + "]}"))
    strict = compile_map(plan(", ".join([A, B, C])))
    found = difference(loose, strict)
    assert [(example.path, example.parts_at) for example in found.examples] == [
        (("b", "a", "c", "z"), 0),
        (("c", "a", "b", "z"), 0),
        (("a", "c", "b", "z"), 1),
    ]
    assert difference(strict, loose).examples == ()


def test_no_more_examples_than_asked_for() -> None:
    every = "{any_order: [" + ", ".join(f"{{id: t{n}, events: T{n}}}" for n in range(6)) + "]}"
    found = difference(compile_map(plan(every)), compile_map(plan(A)))
    assert len(found.examples) == MOST_EXAMPLES
    assert {example.path[example.parts_at] for example in found.examples} == {f"t{n}" for n in range(5)}


def test_over_events_a_touchpoint_is_any_of_those_bound_to_it() -> None:
    old = plan("{id: ask, events: [Call, Mail]}")
    events = {t.id: [b.name for b in t.events] for t in old.touchpoints()}
    model = ProcessTree(SEQUENCE, None, (ProcessTree(label="Call"), ProcessTree(label="Z")))
    automaton = by_events(compile_map(old), events)
    assert [e.path for e in difference(automaton, compile_net(tree_to_net(model))).examples] == [("Mail", "Z")]
    assert difference(compile_net(tree_to_net(model)), automaton).examples == ()


def test_over_events_no_path_leads_through_a_touchpoint_that_can_never_be_seen() -> None:
    events = {"a": ["A"], "shadowed": [], "z": ["Z"], "help": ["Help"]}
    shadowed, only_z = "{id: shadowed, events: A}", compile_net(tree_to_net(ProcessTree(label="Z")))
    choice = by_events(compile_map(plan("{choice: [" + A + ", " + shadowed + "]}")), events)
    assert [e.path for e in difference(choice, only_z).examples] == [("A", "Z")]
    assert [e.path for e in difference(only_z, choice).examples] == [("Z",)]
    nothing = by_events(compile_map(plan(shadowed, ", anywhere: [{id: help, events: Help}]")), events)
    assert difference(nothing, only_z).examples == ()
    assert [e.path for e in difference(only_z, nothing).examples] == [("Z",)]


def test_what_changed_is_listed_in_the_words_of_the_map() -> None:
    old = plan(f"{A}, {B}, {C}, {{id: gone, events: G}}")
    new = plan(
        "{id: new, events: N}, {id: b, events: [B, B2], optional: true}, {any_order: [{id: a, events: A}, "
        "{id: c, events: C, repeatable: true}]}"
    )
    assert changes(old, new) == [
        Change("removed", "gone"),
        Change("added", "new"),
        Change("events", "b", old="B", new="B, B2"),
        Change("optional", "b"),
        Change("repeatable", "c"),
        Change("order", "b", "a", "after", "before"),
        Change("order", "a", "c", "before", "either"),
    ]


@settings(max_examples=60)
@given(data=st.data())
def test_changes_of_meaning_are_those_of_the_words(data: st.DataObject) -> None:
    """By brute force: required is in every word, repeatable twice in one, and orders are read off all words."""

    def drawn() -> JourneyMap:
        flags = st.sampled_from(["", ", optional: true", ", repeatable: true"])
        steps = [f"{{id: {name}, events: {name}{data.draw(flags)}}}" for name in data.draw(st.permutations("abc"))]
        kind = data.draw(st.sampled_from(["sequence", "choice", "any_order"]))
        return plan(f"{{{kind}: [{steps[0]}, {steps[1]}]}}, {steps[2]}")

    def facts(made: JourneyMap) -> dict[str, object]:
        words = _words(made)
        found: dict[str, object] = {f"{a} required": all(a in word for word in words) for a in "abc"}
        found |= {f"{a} again": any(word.count(a) > 1 for word in words) for a in "abc"}
        pairs = {(word[i], word[j]) for word in words for j in range(len(word)) for i in range(j)}
        return found | {f"{a}{b}": ((a, b) in pairs, (b, a) in pairs) for a, b in ("ab", "ac", "bc")}

    old, new = drawn(), drawn()
    was, is_ = facts(old), facts(new)
    expected = {name for name in was if was[name] != is_[name]}
    said = set()
    for change in changes(old, new):
        if change.kind == "order":
            said.add("".join(sorted((change.touchpoint, str(change.other)))))
        elif change.kind in ("required", "optional"):
            said.add(f"{change.touchpoint} required")
        elif change.kind in ("repeatable", "not_repeatable"):
            said.add(f"{change.touchpoint} again")
    assert said == expected


def _words(made: JourneyMap) -> set[str]:
    automaton = compile_map(made)
    words, todo = set(), {("", 0)}
    edges = list(zip(automaton.source.tolist(), automaton.label.tolist(), automaton.target.tolist(), strict=True))
    for _ in range(8):
        words |= {word for word, state in todo if automaton.final[state]}
        todo = {(word + automaton.labels[a], t) for word, state in todo for s, a, t in edges if s == state}
    return words
