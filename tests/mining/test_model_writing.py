from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as xml

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mining.model_reader import read_petri_net
from mining.model_writing import net_to_pnml, tree_to_bpmn, tree_to_ptml
from mining.petri import build_net
from mining.process_tree import CHOICE, LOOP, PARALLEL, SEQUENCE, ProcessTree, tidy, tree_to_net

Words = set[tuple[str, ...]]
LONGEST = 4
DI = {"bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI", "dc": "http://www.omg.org/spec/DD/20100524/DC"}
AWKWARD = "Trả tiền <\"&'>  twice  — 客户"

LEAVES = st.sampled_from([ProcessTree(label=label) for label in ("a", "b", "c", None)])
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
once_per_test = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)


def leaves(*labels: str | None) -> tuple[ProcessTree, ...]:
    return tuple(ProcessTree(label=label) for label in labels)


@once_per_test
@given(tree=TREES)
def test_a_written_diagram_reads_back_with_the_same_words(words_of: Callable[..., Words], tmp_path: Path, tree):
    (tmp_path / "tree.bpmn").write_bytes(tree_to_bpmn(tree))
    assert words_of(read_petri_net(tmp_path / "tree.bpmn"), LONGEST) == words_of(tree_to_net(tree), LONGEST)


@given(tree=TREES)
def test_a_tidy_tree_has_the_same_words_and_no_more_blocks(words_of: Callable[..., Words], tree: ProcessTree):
    assert words_of(tree_to_net(tidy(tree)), LONGEST) == words_of(tree_to_net(tree), LONGEST)
    assert str(tidy(tree)).count("ProcessTree") <= str(tree).count("ProcessTree")
    assert tidy(tidy(tree)) == tidy(tree)


@once_per_test
@given(tree=TREES)
def test_a_written_tree_reads_back_with_the_same_words(words_of: Callable[..., Words], tmp_path: Path, tree):
    (tmp_path / "tree.ptml").write_bytes(tree_to_ptml(tree))
    assert words_of(read_petri_net(tmp_path / "tree.ptml"), LONGEST) == words_of(tree_to_net(tree), LONGEST)


def test_pm4py_reads_a_written_tree(tmp_path: Path):
    import pm4py

    again = (ProcessTree(label="c"), ProcessTree(label="d"))
    body = ProcessTree(SEQUENCE, None, leaves("a", "b"))
    (tmp_path / "tree.ptml").write_bytes(tree_to_ptml(ProcessTree(LOOP, None, (body, *again))))
    assert str(pm4py.read_ptml(str(tmp_path / "tree.ptml"))) == "*( ->( 'a', 'b' ), X( 'c', 'd' ) )"


@once_per_test
@given(tree=TREES)
def test_a_written_net_reads_back_the_same(tmp_path: Path, tree: ProcessTree):
    net = tree_to_net(tree)
    assume(net.transitions)  # a net of nothing is refused
    (tmp_path / "net.pnml").write_bytes(net_to_pnml(net))
    back = read_petri_net(tmp_path / "net.pnml")
    arcs = [(t.label, t.inputs, t.outputs) for t in net.transitions]
    assert [(t.label, t.inputs, t.outputs) for t in back.transitions] == arcs
    assert (back.initial, back.final, back.notes) == (net.initial, net.final, ())


def test_pm4py_reads_a_written_net(tmp_path: Path):
    import pm4py

    places, arcs = ["p", "q"], [("1", "pay", {"p": 2}, {"q": 1}), ("2", None, {"q": 1}, {"p": 1})]
    (tmp_path / "net.pnml").write_bytes(net_to_pnml(build_net(places, arcs, initial={"p": 2}, final={"q": 1})))
    net, initial, final = pm4py.read_pnml(str(tmp_path / "net.pnml"))
    assert sorted((t.label or "", [a.weight for a in t.in_arcs]) for t in net.transitions) == [("", [1]), ("pay", [2])]
    assert ({p.name: n for p, n in initial.items()}, {p.name: n for p, n in final.items()}) == ({"p0": 2}, {"p1": 1})


@pytest.mark.parametrize("write", [tree_to_bpmn, lambda tree: net_to_pnml(tree_to_net(tree))])
def test_any_name_survives_and_what_xml_forbids_is_marked(tmp_path: Path, write: Callable[[ProcessTree], bytes]):
    (tmp_path / "model.xml").write_bytes(write(ProcessTree(SEQUENCE, None, leaves(AWKWARD, "bell\x07\ud800"))))
    assert read_petri_net(tmp_path / "model.xml").labels == (AWKWARD, "bell\ufffd\ufffd")


def test_a_diagram_is_drawn_without_overlaps():
    tree = ProcessTree(
        SEQUENCE,
        None,
        (
            ProcessTree(label="a"),
            ProcessTree(
                CHOICE,
                None,
                (
                    ProcessTree(PARALLEL, None, leaves("b", "c")),
                    ProcessTree(LOOP, None, leaves("d", "e")),
                    *leaves(None),
                ),
            ),
        ),
    )
    root = xml.fromstring(tree_to_bpmn(tree))
    boxes = [
        tuple(float(bounds.get(key, "")) for key in ("x", "y", "width", "height"))
        for bounds in root.iterfind(".//bpmndi:BPMNShape/dc:Bounds", DI)
    ]
    assert len(boxes) == 5 + 2 + 6
    for n, (x, y, width, height) in enumerate(boxes):
        assert x >= 0
        assert y >= 0
        for left, top, wide, high in boxes[:n]:
            assert x >= left + wide or left >= x + width or y >= top + high or top >= y + height
    edges = root.findall(".//bpmndi:BPMNEdge", DI)
    assert len(edges) == len(root.findall(".//{*}sequenceFlow"))
    for edge in edges:  # arrows run straight across or straight up and down
        points = [(point.get("x"), point.get("y")) for point in edge]
        assert len(points) >= 2
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(points))


def test_the_same_tree_gives_the_same_bytes():
    tree = ProcessTree(PARALLEL, None, leaves("b", "a"))
    assert tree_to_bpmn(tree) == tree_to_bpmn(tree)
    assert tree_to_bpmn(tree, "Shop") != tree_to_bpmn(tree)
