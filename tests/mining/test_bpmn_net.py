"""The constructs of BPMN, each in a small diagram whose words can be told by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mining.errors import ModelError
from mining.model_reader import read_petri_net
from mining.model_writing import tree_to_bpmn
from mining.petri import PetriNet
from mining.process_tree import ANY_OF, CHOICE, LOOP, PARALLEL, SEQUENCE, ProcessTree, tree_to_net
from mining.reachability import check_sound, explore

Words = set[tuple[str, ...]]


def node(tag: str, key: str, inside: str = "", **more: str) -> str:
    """A node that is called like its id, in capitals."""
    said = "".join(f' {name}="{value}"' for name, value in more.items())
    return f'<{tag} id="{key}" name="{key.upper()}"{said}>{inside}</{tag}>'


def flows(*ways: str) -> str:
    """Flows along ways of ids with blanks between them."""
    pairs = [pair for way in ways for pair in zip(way.split(), way.split()[1:], strict=False)]
    return "".join(f'<sequenceFlow sourceRef="{a}" targetRef="{b}"/>' for a, b in pairs)


def tasks(*keys: str) -> str:
    return "".join(node("task", key) for key in keys)


ENDS = node("startEvent", "s") + node("endEvent", "e")
INNER = node("startEvent", "s2") + node("endEvent", "e2")


def document(process: str) -> str:
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">'
        f'<process id="p">{process}</process></definitions>'
    )


def read(folder: Path, process: str) -> PetriNet:
    (folder / "plan.bpmn").write_text(document(process), encoding="utf-8")
    return read_petri_net(folder / "plan.bpmn")


def refused(folder: Path, process: str) -> list[str]:
    with pytest.raises(ModelError) as caught:
        read(folder, process)
    return [problem.text().removeprefix("line 1: ") for problem in caught.value.problems]


def spelled(words: Words) -> set[str]:
    return {"".join(word) for word in words}


def sub(*parts: str, key: str = "sub", **more: str) -> str:
    return node("subProcess", key, INNER + "".join(parts), **more)


SEQUENTIAL = '<multiInstanceLoopCharacteristics isSequential="true"/>'
ERROR = "<errorEventDefinition/>"
TWO_BRANCHES = node("parallelGateway", "g") + node("parallelGateway", "j") + tasks("b", "c")


@pytest.mark.parametrize(
    ("process", "longest", "words"),
    [
        pytest.param(
            ENDS + sub(tasks("b", "c"), flows("s2 b c e2")) + tasks("a", "d") + flows("s a sub d e"),
            5,
            {"ABCD"},
            id="embedded",
        ),
        pytest.param(
            ENDS
            + sub(tasks("a"), sub(tasks("b"), flows("s3 b e3"), key="in").replace("2", "3"), flows("s2 a in e2"))
            + flows("s sub e"),
            5,
            {"AB"},
            id="nested",
        ),
        pytest.param(
            ENDS + sub(TWO_BRANCHES, flows("s2 g b j e2", "g c j")) + tasks("a") + flows("s sub a e"),
            5,
            {"BCA", "CBA"},
            id="parallel inside",
        ),
        pytest.param(
            ENDS
            + sub(tasks("b", "c"), node("exclusiveGateway", "g"), node("endEvent", "e4"), flows("s2 g b e2", "g c e4"))
            + flows("s sub e"),
            5,
            {"B", "C"},
            id="two ends inside",
        ),
        pytest.param(ENDS + node("subProcess", "a") + flows("s a e"), 3, {"A"}, id="collapsed"),
        pytest.param(ENDS + node("callActivity", "a") + flows("s a e"), 3, {"A"}, id="called"),
        pytest.param(
            ENDS + node("task", "a", "<standardLoopCharacteristics/>") + flows("s a e"),
            3,
            {"A", "AA", "AAA"},
            id="loop",
        ),
        pytest.param(
            ENDS + node("task", "a", '<standardLoopCharacteristics testBefore="true"/>') + flows("s a e"),
            2,
            {"", "A", "AA"},
            id="loop that asks first",
        ),
        pytest.param(
            ENDS + node("task", "a", "<multiInstanceLoopCharacteristics/>") + flows("s a e"), 2, {"A", "AA"}, id="many"
        ),
        pytest.param(
            ENDS + sub(tasks("a", "b"), SEQUENTIAL, flows("s2 a b e2")) + flows("s sub e"),
            4,
            {"AB", "ABAB"},
            id="sub-process in a row",
        ),
        pytest.param(
            ENDS
            + tasks("a", "b", "x")
            + node("boundaryEvent", "late", attachedToRef="a")
            + flows("s a b e", "late x b"),
            4,
            {"AB", "XB"},
            id="interrupted task",
        ),
        pytest.param(
            ENDS
            + tasks("a", "b", "x")
            + node("endEvent", "e9")
            + node("boundaryEvent", "ask", attachedToRef="a", cancelActivity="false")
            + flows("s a b e", "ask x e9"),
            4,
            {"AB", "XAB", "AXB", "ABX"},
            id="uninterrupted task",
        ),
        pytest.param(
            ENDS
            + sub(tasks("a", "b"), flows("s2 a b e2"))
            + tasks("c", "x")
            + node("boundaryEvent", "late", attachedToRef="sub")
            + node("endEvent", "e9")
            + flows("s sub c e", "late x e9"),
            4,
            {"ABC", "X", "AX", "ABX"},
            id="interrupted sub-process",
        ),
        pytest.param(
            ENDS
            + sub(
                tasks("a", "b"),
                node("exclusiveGateway", "g"),
                node("endEvent", "bad", ERROR),
                flows("s2 a g b e2", "g bad"),
            )
            + tasks("c", "x")
            + node("boundaryEvent", "caught", ERROR, attachedToRef="sub")
            + node("endEvent", "e9")
            + flows("s sub c e", "caught x e9"),
            4,
            {"ABC", "AX"},
            id="error caught",
        ),
        pytest.param(
            ENDS
            + tasks("a", "b")
            + node("intermediateThrowEvent", "t", '<linkEventDefinition name="L"/>')
            + node("intermediateCatchEvent", "c", '<linkEventDefinition name="L"/>')
            + flows("s a t", "c b e"),
            3,
            {"AB"},
            id="link",
        ),
        pytest.param(
            ENDS
            + TWO_BRANCHES.replace('id="j"', 'id="j0"').replace(
                '<parallelGateway id="j0" name="J"></parallelGateway>', ""
            )
            + node("endEvent", "e9")
            + flows("s g b e", "g c e9"),
            3,
            {"BC", "CB"},
            id="branches that end alone",
        ),
        pytest.param(
            node("startEvent", "s")
            + node("startEvent", "s0")
            + node("endEvent", "e")
            + tasks("a", "b")
            + flows("s a b e", "s0 b"),
            3,
            {"AB", "B"},
            id="two starts",
        ),
        pytest.param(
            ENDS.replace("></endEvent>", "><terminateEventDefinition/></endEvent>") + tasks("a") + flows("s a e"),
            3,
            {"A"},
            id="terminate alone",
        ),
        pytest.param(
            ENDS
            + tasks("a", "b", "c")
            + node("inclusiveGateway", "g")
            + node("inclusiveGateway", "j")
            + flows("s g a j e", "g b j", "g c j"),
            3,
            {"A", "B", "C", "AB", "BA", "AC", "CA", "BC", "CB", "ABC", "ACB", "BAC", "BCA", "CAB", "CBA"},
            id="one or more of three",
        ),
        pytest.param(
            ENDS
            + tasks("a", "b", "c")
            + node("inclusiveGateway", "g")
            + node("inclusiveGateway", "j")
            + node("exclusiveGateway", "x")
            + flows("s g x a j e", "x b j", "g c j", "g j"),
            3,
            {"", "A", "B", "C", "AC", "CA", "BC", "CB"},
            id="a branch that leads to the join in two ways, and an empty one",
        ),
        pytest.param(
            ENDS
            + tasks("a", "b", "c")
            + "".join(node("inclusiveGateway", key) for key in ("g", "h", "i", "j"))
            + flows("s g h a i j e", "h b i", "g c j"),
            3,
            {"A", "B", "C", "AB", "BA", "AC", "CA", "BC", "CB", "ABC", "ACB", "BAC", "BCA", "CAB", "CBA"},
            id="one pair inside another",
        ),
    ],
)
def test_the_words_of_a_construct(
    words_of: Callable[..., Words], tmp_path: Path, process: str, longest: int, words: set[str]
) -> None:
    net = read(tmp_path, process)
    assert spelled(words_of(net, longest)) == words
    graph = explore(net, 1000)
    assert graph is not None
    check_sound(net, graph)


def test_what_was_read_in_a_simpler_way_is_said(tmp_path: Path) -> None:
    process = (
        ENDS
        + node("callActivity", "a")
        + node("task", "b", "<standardLoopCharacteristics/>")
        + tasks("c")
        + node("boundaryEvent", "late", attachedToRef="c")
        + node("boundaryEvent", "ask", attachedToRef="c", cancelActivity="false")
        + node("subProcess", "d")
        + flows("s a b c d e", "late e", "ask e")
    )
    assert [str(note) for note in read(tmp_path, process).notes] == [
        "Call activities and sub-processes drawn without their steps are read as one step: A, D.",
        "A mark of repetition is read as a loop without a limit of rounds: B.",
        "A step that an attached event interrupts counts as not done: C.",
        "An attached event that does not interrupt happens at most once: ASK.",
    ]


LATE = node("boundaryEvent", "late", attachedToRef="sub") + flows("late e")


@pytest.mark.parametrize(
    ("process", "complaints"),
    [
        (
            ENDS + node("subProcess", "sub", tasks("a")) + flows("s sub e"),
            [
                "There is no start event in SUB. Draw one, with a flow to its first step.",
                "There is no end event in SUB. Draw one, with a flow from its last step.",
                "No flow leads to A. Draw one, or take the element out.",
                "No flow leads on from A. Draw one to the next step.",
            ],
        ),
        (
            ENDS + sub(tasks("a"), flows("s2 a e2")) + tasks("b") + flows("s sub e", "b a"),
            [
                "The flow from b to a crosses the border of a sub-process.",
                "No flow leads to B. Draw one, or take the element out.",
            ],
        ),
        (
            ENDS + tasks("a") + node("boundaryEvent", "late", attachedToRef="gone") + flows("s a e", "late e"),
            ["LATE is not attached to a task or sub-process next to it."],
        ),
        (
            ENDS
            + tasks("a")
            + node("intermediateThrowEvent", "t", '<linkEventDefinition name="L"/>')
            + node("intermediateCatchEvent", "c", '<linkEventDefinition name="M"/>')
            + flows("s a t", "c e"),
            [
                "No link event is called like T, so it leads nowhere. Give both the same name.",
                "No link event is called like C, so nothing leads there. Give both the same name.",
            ],
        ),
        (
            ENDS + tasks("a") + node("endEvent", "f") + flows("s a e", "e a", "a s"),
            [
                "S is where something begins; no flow may lead to it.",
                "E is an end; no flow may leave it.",
                "2 flows leave A. Draw a gateway after it that says whether all or one of them is taken.",
                "No flow leads to F. Draw one, or take the element out.",
            ],
        ),
        (
            ENDS + sub(TWO_BRANCHES, flows("s2 g b j e2", "g c j")) + LATE + flows("s sub e"),
            ["LATE cuts off steps that run in parallel. Attach it to single steps of the sub-process."],
        ),
        (
            ENDS
            + TWO_BRANCHES
            + node("exclusiveGateway", "x")
            + node("endEvent", "stop", "<terminateEventDefinition/>")
            + flows("s g b x j e", "g c j", "x stop"),
            ["STOP cuts off steps that run in parallel. Join them before the end."],
        ),
        (
            ENDS
            + sub(
                tasks("a"), node("exclusiveGateway", "x"), node("endEvent", "bad", ERROR), flows("s2 x a e2", "x bad")
            )
            + flows("s sub e"),
            ["BAD is caught by no event attached to its sub-process. Attach one, with a flow from it."],
        ),
        (
            ENDS
            + sub(node("parallelGateway", "g"), tasks("b", "c"), node("endEvent", "e4"), flows("s2 g b e2", "g c e4"))
            + flows("s sub e"),
            ["The branches of SUB end one by one. Join them before its end."],
        ),
        (
            ENDS
            + tasks("a", "b")
            + node("inclusiveGateway", "g")
            + node("inclusiveGateway", "j")
            + node("exclusiveGateway", "x")
            + node("endEvent", "e9")
            + flows("s g a j e", "g x b j", "x e9"),
            [
                f"{gateway} is an inclusive gateway; only a split with a join of all its branches, and nothing else, "
                "is read. Draw parallel gateways, and exclusive ones around the branches that may be left out."
                for gateway in "GJ"
            ],
        ),
    ],
)
def test_what_has_no_exact_meaning_is_refused_by_name(tmp_path: Path, process: str, complaints: list[str]) -> None:
    assert refused(tmp_path, process) == complaints


LEAVES = st.sampled_from([ProcessTree(label=name) for name in "abc"] + [ProcessTree()])
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(
            lambda operator, parts: ProcessTree(operator, None, tuple(parts)),
            st.sampled_from([SEQUENCE, CHOICE, PARALLEL, ANY_OF]),
            st.lists(inner, min_size=2, max_size=3),
        ),
        st.builds(lambda body, again: ProcessTree(LOOP, None, (body, again)), inner, inner),
    ),
    max_leaves=5,
)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=TREES)
def test_a_drawn_tree_is_read_back_with_its_words(words_of: Callable[..., Words], tmp_path: Path, tree: ProcessTree):
    (tmp_path / "drawn.bpmn").write_bytes(tree_to_bpmn(tree))
    net = read_petri_net(tmp_path / "drawn.bpmn")
    assert words_of(net, 4) == words_of(tree_to_net(tree), 4)


NOT_ANY_OF = TREES.filter(lambda tree: ANY_OF not in str(tree))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=NOT_ANY_OF)
def test_a_drawn_tree_has_the_words_that_pm4py_gives_the_drawing(
    words_of: Callable[..., Words], tmp_path: Path, tree: ProcessTree
) -> None:
    import pm4py

    file = tmp_path / "drawn.bpmn"
    file.write_bytes(tree_to_bpmn(tree))
    pm4py.write_pnml(*pm4py.convert_to_petri_net(pm4py.read_bpmn(str(file))), str(tmp_path / "theirs.pnml"))
    assert words_of(read_petri_net(file), 4) == words_of(read_petri_net(tmp_path / "theirs.pnml"), 4)
