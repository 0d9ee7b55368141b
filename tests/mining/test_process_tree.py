from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mining.errors import ModelError
from mining.model_xml import read_xml
from mining.petri import build_net
from mining.petri_reduction import reduce_net
from mining.process_tree import ANY_OF, CHOICE, LOOP, PARALLEL, SEQUENCE, ProcessTree, _steps, read_ptml, tree_to_net

LONGEST = 5
Words = set[tuple[str, ...]]


def leaf(label: str | None) -> ProcessTree:
    return ProcessTree(label=label)


def block(operator: str, *children: ProcessTree | str) -> ProcessTree:
    return ProcessTree(operator, None, tuple(leaf(c) if isinstance(c, str) else c for c in children))


def shuffled(left: tuple[str, ...], right: tuple[str, ...]) -> Words:
    if not left or not right:
        return {left + right}
    return {(left[0], *rest) for rest in shuffled(left[1:], right)} | {
        (right[0], *rest) for rest in shuffled(left, right[1:])
    }


def meaning(tree: ProcessTree, longest: int = LONGEST) -> Words:
    """The words of a tree straight from what its operators mean: the oracle, without any net."""
    if tree.operator is None:
        return {() if tree.label is None else (tree.label,)}
    parts = [meaning(child, longest) for child in tree.children]
    if tree.operator == SEQUENCE:
        found = {sum(words, ()) for words in itertools.product(*parts)}
    elif tree.operator == CHOICE:
        found = set().union(*parts)
    elif tree.operator == PARALLEL:
        found = interleaved(parts)
    elif tree.operator == ANY_OF:
        chosen = (c for n in range(1, len(parts) + 1) for c in itertools.combinations(parts, n))
        found = set().union(*(interleaved(list(c)) for c in chosen))
    else:
        found, again = set(parts[0]), set().union(*parts[1:])
        while True:
            more = {w + a + b for w in found for a in again for b in parts[0] if len(w + a + b) <= longest} - found
            if not more:
                break
            found |= more
    return {word for word in found if len(word) <= longest}


def interleaved(parts: list[Words]) -> Words:
    found: Words = {()}
    for part in parts:
        found = set().union(*(shuffled(a, b) for a in found for b in part))
    return found


LEAVES = st.sampled_from([leaf("a"), leaf("b"), leaf("c"), leaf(None)])
TREES = st.recursive(
    LEAVES,
    lambda below: st.one_of(
        st.builds(
            lambda operator, children: ProcessTree(operator, None, tuple(children)),
            st.sampled_from([SEQUENCE, CHOICE, PARALLEL, ANY_OF]),
            st.lists(below, min_size=1, max_size=3),
        ),
        st.builds(lambda do, redo: ProcessTree(LOOP, None, (do, redo)), below, below),
    ),
    max_leaves=5,
)


@given(tree=TREES)
def test_the_net_of_a_tree_has_the_words_of_the_tree(words_of: Callable[..., Words], tree: ProcessTree):
    assert words_of(tree_to_net(tree), LONGEST) == meaning(tree)


@given(tree=TREES)
def test_reduction_keeps_every_word_and_never_adds_a_transition(words_of: Callable[..., Words], tree: ProcessTree):
    steps = list(_steps(tree, "source", "sink", (f"p{n}" for n in itertools.count())))
    places = dict.fromkeys(place for _, taken, given_ in steps for place in [*taken, *given_])
    transitions = [(str(n), s[0], dict.fromkeys(s[1], 1), dict.fromkeys(s[2], 1)) for n, s in enumerate(steps)]
    net = build_net(places, transitions, initial={"source": 1}, final={"sink": 1})
    smaller = reduce_net(net)
    assert words_of(smaller, LONGEST) == words_of(net, LONGEST)
    assert len(smaller.transitions) <= len(net.transitions)
    assert reduce_net(smaller) == smaller


def test_reduction_leaves_no_silent_step_in_a_plain_sequence_with_a_parallel_block(words_of: Callable[..., Words]):
    net = tree_to_net(block(SEQUENCE, "a", block(PARALLEL, "b", "c"), "d"))
    assert [t.label for t in net.transitions] == ["a", "b", "c", "d"]
    assert words_of(net, 9) == {("a", "b", "c", "d"), ("a", "c", "b", "d")}


def test_any_of_runs_at_least_one_branch(words_of: Callable[..., Words]):
    assert words_of(tree_to_net(block(ANY_OF, "a", "b")), 9) == {("a",), ("b",), ("a", "b"), ("b", "a")}


def test_a_loop_with_three_parts_ends_with_the_third(tmp_path: Path):
    file = tmp_path / "loop.ptml"
    file.write_text(
        '<ptml><processTree root="l"><xorLoop id="l" name=""/><manualTask id="a" name="a"/>'
        '<manualTask id="b" name="b"/><manualTask id="c" name=" c&#10; c "/><parentsNode sourceId="l" targetId="a"/>'
        '<parentsNode sourceId="l" targetId="b"/>'
        '<parentsNode sourceId="l" targetId="c"/></processTree></ptml>'
    )
    assert read_ptml(read_xml(file), file) == block(SEQUENCE, block(LOOP, "a", "b"), "c c")


def test_a_tree_too_deep_to_walk_is_refused(tmp_path: Path):
    ids = [f"s{n}" for n in range(5_000)]
    nodes = "".join(f'<and id="{i}" name="{i}"/>' for i in ids) + '<manualTask id="t" name="t"/>'
    links = "".join(f'<parentsNode sourceId="{a}" targetId="{b}"/>' for a, b in zip(ids, [*ids[1:], "t"], strict=True))
    (tmp_path / "deep.ptml").write_text(f'<ptml><processTree root="s0">{nodes}{links}</processTree></ptml>')
    with pytest.raises(ModelError) as caught:
        read_ptml(read_xml(tmp_path / "deep.ptml"), "deep.ptml")
    said = [problem.text() for problem in caught.value.problems]
    assert said == ["line 1: Blocks stand inside one another more than 100 times. Draw the tree flatter."]


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("", "There are 0 trees in it; one is read."),
        ('<processTree root="x"/>', "The root of the tree, x, is not in it."),
        (
            '<processTree root="a"><manualTask id="a" name="a"/><maybe id="m" name="odd"/></processTree>',
            "odd is of the unknown kind maybe.",
        ),
        ('<processTree root="a"><sequence id="a" name="s"/></processTree>', "s (sequence) has 0 parts."),
        (
            '<processTree root="a"><manualTask id="a" name="a"/><manualTask id="b" name="b"/></processTree>',
            "b does not stand in exactly one block.",
        ),
        (
            '<processTree root="a"><and id="a" name=""/><parentsNode sourceId="a" targetId="z"/></processTree>',
            "A link of the tree lacks an end.",
        ),
        (
            '<processTree root="a"><and id="a" name="x"/><and id="b" name="y"/><parentsNode sourceId="a" targetId="b"/>'
            '<parentsNode sourceId="b" targetId="a"/></processTree>',
            "x does not stand in exactly one block.",
        ),
    ],
)
def test_what_is_no_tree_is_refused_with_its_line(tmp_path: Path, body: str, complaint: str):
    file = tmp_path / "bad.ptml"
    file.write_text(f"<ptml>\n{body}</ptml>")
    with pytest.raises(ModelError, match="cannot be read as a process tree") as caught:
        read_ptml(read_xml(file), file)
    assert complaint in [str(p.message) for p in caught.value.problems]
    assert all(p.line in (1, 2) for p in caught.value.problems)
