"""A map made of a process tree allows what the tree allows: exactly, or, where a note says so, more."""

from __future__ import annotations

import itertools
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mining.automaton import compile_map
from mining.errors import MapError, ModelError
from mining.journey_map import JourneyMap
from mining.map_proposal import MOST_STAGES, _parted, propose_map, with_milestones
from mining.process_tree import ANY_OF, CHOICE, LOOP, PARALLEL, SEQUENCE, ProcessTree, tree_to_net
from mining.tree_size import most_states

LONGEST = 4


@st.composite
def trees(draw: st.DrawFn) -> ProcessTree:
    """A tree in which no activity stands twice, as the inductive miner gives them."""
    names = iter("abcdef")

    def grown(depth: int) -> ProcessTree:
        operator = draw(st.sampled_from([None, None, SEQUENCE, CHOICE, PARALLEL, LOOP, ANY_OF][: 7 if depth else 2]))
        if operator is None:
            return ProcessTree(label=draw(st.sampled_from([None, "x"])) and next(names, None))
        n = 2 if operator == LOOP else draw(st.integers(2, 3))
        return ProcessTree(operator, None, tuple(grown(depth - 1) for _ in range(n)))

    return grown(2)


def words_of_map(plan: JourneyMap) -> set[tuple[str, ...]]:
    automaton = compile_map(plan)
    after = defaultdict(list)
    for source, label, target in zip(automaton.source, automaton.label, automaton.target, strict=True):
        after[int(source)].append((automaton.labels[label], int(target)))
    words, todo = set(), {((), 0)}
    for _ in range(LONGEST + 1):
        words |= {word for word, state in todo if automaton.final[state]}
        todo = {((*word, label), target) for word, state in todo for label, target in after[state]}
    return words


@settings(max_examples=60)
@given(tree=trees())
def test_the_map_has_the_words_of_the_tree_and_others_only_where_it_says_so(words_of, tree: ProcessTree) -> None:
    expected = words_of(tree_to_net(tree), LONGEST)
    try:
        proposal = propose_map(tree, {})
    except MapError:
        assert expected == {()}
        return
    found = words_of_map(proposal.map)
    assert found >= expected
    assert proposal.notes or found == expected


@given(tree=trees())
def test_the_map_is_valid_and_survives_writing(tree: ProcessTree) -> None:
    try:
        plan = propose_map(tree, {}).map
    except MapError:
        return
    assert JourneyMap.parse(plan.to_yaml()) == plan
    assert plan.goal in {t.id for _, t in plan.planned()}
    assert len(plan.stages) <= MOST_STAGES


def leaf(name: str) -> ProcessTree:
    return ProcessTree(label=name)


def sequence(*names: str) -> ProcessTree:
    return ProcessTree(SEQUENCE, None, tuple(map(leaf, names)))


def test_stages_are_parts_of_the_sequence_named_by_their_ends() -> None:
    plan = propose_map(sequence("Look", "Ask me", "Ask-me", "Buy!", "Pay", "Rate"), {}).map
    assert [[t.id for t in stage.touchpoints()] for stage in plan.stages] == [
        ["look", "ask_me", "ask-me"],
        ["buy", "pay", "rate"],
    ]
    assert plan.stages[0].title.get("en") == "Stage 1: Look – Ask-me"
    assert plan.stages[0].title.get("vi") == "Giai đoạn 1: Look – Ask-me"
    assert [t.id for _, t in plan.milestones()] == ["ask-me", "rate"]
    assert plan.goal == "rate"


def test_names_that_give_the_same_id_are_told_apart() -> None:
    plan = propose_map(sequence("A b", "a_B", "★", "☆"), {}).map
    assert [t.id for t in plan.touchpoints()] == ["a_b", "a_b_2", "touchpoint", "touchpoint_2"]


def test_the_goal_is_the_one_asked_for_or_where_most_journeys_end() -> None:
    either = ProcessTree(CHOICE, None, (leaf("yes"), leaf("no")))
    assert propose_map(either, {"no": 7, "yes": 3}).map.goal == "no"
    assert propose_map(either, {"no": 7, "yes": 3}, goal="yes").map.goal == "yes"
    with pytest.raises(MapError, match=r"^The map would have no maybe to be its goal\. It would have: yes, no\.$"):
        propose_map(either, {}, goal="maybe")


def test_the_goal_is_the_last_step_that_a_tenth_of_the_journeys_end_with() -> None:
    """A payment that most never make is the goal; the refund that few ask for after it is not."""

    def goal(ends: dict[str, int], last: ProcessTree) -> str:
        maybe = ProcessTree(CHOICE, None, (last, ProcessTree()))
        return propose_map(ProcessTree(SEQUENCE, None, (leaf("view"), leaf("cart"), maybe)), ends).map.goal

    assert goal({"view": 5, "cart": 70, "pay": 25}, leaf("pay")) == "pay"
    assert goal({"view": 5, "cart": 70, "pay": 25}, sequence("pay", "thanks")) == "pay"
    assert goal({"cart": 70, "pay": 25, "refund": 5}, sequence("pay", "refund")) == "pay"
    assert goal(
        {"cart": 60, "pay": 15, "invoice": 25}, ProcessTree(PARALLEL, None, (leaf("pay"), leaf("invoice")))
    ) == ("invoice")
    assert goal({}, leaf("pay")) == "cart"


def test_of_a_block_that_is_repeated_any_step_may_be_the_last() -> None:
    loop = ProcessTree(LOOP, None, (sequence("draft", "check"), leaf("mend")))
    assert propose_map(loop, {"check": 9, "mend": 1}).map.goal == "check"


def test_a_stage_that_may_be_left_out_has_the_step_most_reached_as_its_milestone() -> None:
    either = ProcessTree(CHOICE, None, (leaf("chat"), sequence("call", "visit")))
    plan = propose_map(either, {"visit": 5}, {"chat": 3, "call": 6, "visit": 5}).map
    assert [t.id for t in plan.touchpoints() if t.milestone] == ["call"]
    assert plan.goal == "visit"


def test_a_loop_back_is_widened_and_says_so() -> None:
    tree = ProcessTree(LOOP, None, (sequence("draft", "check"), leaf("mend")))
    proposal = propose_map(tree, {})
    assert [str(note) for note in proposal.notes] == [
        "mend leads back to draft / check; the map lets draft / check repeat without it, and journeys go on behind it."
    ]
    assert {("draft", "check"), ("draft", "check", "mend"), ("draft", "check", "draft", "check")} <= words_of_map(
        proposal.map
    )


def test_the_whole_may_happen_again_by_a_return_to_the_first_stage() -> None:
    proposal = propose_map(ProcessTree(LOOP, None, (sequence("a", "b"), ProcessTree())), {})
    assert proposal.notes == ()
    assert proposal.map.stages[-1].may_return_to == (proposal.map.stages[0].id,)
    assert words_of_map(proposal.map) == {("a", "b"), ("a", "b", "a", "b")}


@given(sizes=st.lists(st.integers(1, 4), min_size=1, max_size=8))
def test_no_other_cut_is_more_even(sizes: list[int]) -> None:
    names = iter(range(1000))
    tree = ProcessTree(
        SEQUENCE,
        None,
        tuple(ProcessTree(PARALLEL, None, tuple(leaf(str(next(names))) for _ in range(n))) for n in sizes),
    )
    stages = propose_map(tree, {}).map.stages
    found = [len(list(stage.touchpoints())) for stage in stages]
    cuts = itertools.combinations(range(1, len(sizes)), len(stages) - 1)
    best = min(sum(sum(sizes[a:b]) ** 2 for a, b in itertools.pairwise((0, *cut, len(sizes)))) for cut in cuts)
    assert sum(n**2 for n in found) == best


def test_one_part_of_nothing_to_cut() -> None:
    assert len(_parted(propose_map(leaf("a"), {}).map.stages[0].steps)) == 1


@pytest.mark.parametrize(
    ("passed", "milestones"),
    [
        ({"a": 0.6, "b": 1.0, "c": 0.9, "d": 0.95}, ["b", "c", "d", "goal"]),
        ({"a": 0.6, "b": 0.9, "c": 0.7, "d": 0.1}, ["a", "b", "c", "goal"]),
        ({"a": 0.1, "b": 0.4, "c": 0.2, "after": 1.0}, ["b", "c", "goal"]),
        (dict.fromkeys("abcdef", 1.0), ["a", "c", "d", "f", "goal"]),
        ({}, ["goal"]),
    ],
)
def test_milestones_are_what_most_pass_that_get_to_the_goal(passed: dict[str, float], milestones: list[str]) -> None:
    plan = propose_map(sequence("a", "b", "c", "d", "e", "f", "goal", "after"), {}, goal="goal").map
    plan = with_milestones(plan, lambda goal: passed if goal == "goal" else {})
    told = [t.id for _stage, t in plan.milestones()]
    assert told == milestones if passed else set(told) >= set(milestones)


@given(tree=trees())
@settings(max_examples=60, deadline=None)
def test_the_states_told_beforehand_are_never_too_few(tree: ProcessTree) -> None:
    """Each state can stand in the automaton twice: before the goal, and behind it."""
    if tree.activities:
        plan = propose_map(tree, {}).map
        assert compile_map(plan).n_states <= 2 * most_states(tree)


def test_a_block_with_too_many_orders_is_refused_before_they_are_gone_through() -> None:
    """2 to the power of 60 states: going through them would not end."""
    names = tuple(ProcessTree(label=f"step {n}") for n in range(60))
    plan = propose_map(ProcessTree(PARALLEL, None, names), {}).map
    with pytest.raises(ModelError, match="any_order block"):
        compile_map(plan)
    assert most_states(ProcessTree(PARALLEL, None, names)) == 2**60
