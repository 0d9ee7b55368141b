"""Nets drawn as BPMN: read back they have the same words; nets that no diagram can say are refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as xml

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mining.errors import ModelError
from mining.model_reader import read_petri_net
from mining.net_bpmn import net_to_bpmn
from mining.petri import PetriNet, build_net
from mining.process_tree import ProcessTree, tree_to_net
from tests.mining.test_model_writing import LONGEST, TREES, Words

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = {"bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI"}


def net_of(steps: str, *, initial: str = "i", final: str = "o") -> PetriNet:
    """Give the net of some steps, one a line: ``label: taken > put``, places of one letter each, no label: silent."""
    lines = [line.strip().partition(":") for line in steps.splitlines()]
    sides = [(label.strip() or None, *(side.split() for side in arcs.split(">"))) for label, _, arcs in lines]
    places = dict.fromkeys([*initial, *(place for _, *both in sides for side in both for place in side), *final])
    return build_net(
        places,
        [(f"t{n}", label, dict.fromkeys(take, 1), dict.fromkeys(put, 1)) for n, (label, take, put) in enumerate(sides)],
        initial=dict.fromkeys(initial, 1),
        final=dict.fromkeys(final, 1),
    )


FREE = {
    "a join before a choice": "a: i > p q\nb: p q > o\nc: p q > r\nd: r > o",
    "parallel branches with loops": ": i > p q\na: p > r\nb: q > s\nc: s > q\n: s > t\n: r t > o",
    "one label at several places": "a: i > p\nb: i > q\nc: p > r\nc: q > r\nc: r > o\n: r > o",
    "one label in parallel with itself": ": i > p q\na: p > r\na: q > s\n: r s > t\na: t > o\nb: t > o",
    "branches that choose what to wait for": ": i > p q\na: p > r\nb: p > r\nc: q > s\nd: q > s\ne: r s > o",
    "a branch that ends by itself": "a: i > o p\nb: p >",
    "a loop of silent steps": ": i > p\n: p > q\n: q > p\na: q > o",
}


@pytest.mark.parametrize("steps", FREE.values(), ids=FREE)
def test_a_drawn_net_reads_back_with_the_same_words(words_of: Callable[..., Words], tmp_path: Path, steps: str) -> None:
    net = net_of(steps)
    (tmp_path / "net.bpmn").write_bytes(net_to_bpmn(net))
    words = words_of(net, LONGEST)
    assert words
    assert words_of(read_petri_net(tmp_path / "net.bpmn"), LONGEST) == words


def test_several_places_may_begin_and_end(words_of: Callable[..., Words], tmp_path: Path) -> None:
    net = net_of("a: i > p\nb: j > q\nc: p > i", initial="ij", final="pq")
    (tmp_path / "net.bpmn").write_bytes(net_to_bpmn(net))
    words = words_of(read_petri_net(tmp_path / "net.bpmn"), LONGEST)
    assert words == words_of(net, LONGEST) > {("a", "b"), ("b", "a"), ("a", "c", "a", "b")}


places = st.sets(st.sampled_from("ipqro"), min_size=1, max_size=2).map(sorted).map(" ".join)
steps = st.builds("{}: {} > {}".format, st.sampled_from(["a", "b", "c", ""]), places, places)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(steps=st.lists(steps, min_size=1, max_size=6))
def test_any_net_is_refused_or_reads_back(words_of: Callable[..., Words], tmp_path: Path, steps: list[str]) -> None:
    net = net_of("\n".join(steps))
    try:
        (tmp_path / "net.bpmn").write_bytes(net_to_bpmn(net))
    except ModelError:
        return
    assert words_of(read_petri_net(tmp_path / "net.bpmn"), LONGEST) == words_of(net, LONGEST)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(tree=TREES)
def test_the_net_of_a_tree_reads_back(words_of: Callable[..., Words], tmp_path: Path, tree: ProcessTree) -> None:
    net = tree_to_net(tree)
    (tmp_path / "net.bpmn").write_bytes(net_to_bpmn(net))
    assert words_of(read_petri_net(tmp_path / "net.bpmn"), LONGEST) == words_of(net, LONGEST)


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ("a: i > p q\nb: p > r\nc: p q > o\nd: r q > o", "hangs on others: b, c, d"),
        ("a: i > p q\n: p > r\n: p q > s\nb: r q > o\nc: s > o", "hangs on others: b, c"),
        ("a: i > o\nb: > p\nc: p > o", "The model has no bound: b can be repeated without end"),
        ("a: i > o\nb: i > p", "The model is not sound"),
        ("a: i > o\nb: p > o", "The model is not sound"),
        ("a: i > p q\nb: p > o\nc: q > o", "The model is not sound"),
    ],
)
def test_a_net_that_no_diagram_can_say_is_refused(steps: str, said: str) -> None:
    with pytest.raises(ModelError, match=said) as caught:
        net_to_bpmn(net_of(steps))
    assert "Written as .pnml it stays what it is." in str(caught.value)


def test_several_tokens_at_once_are_refused() -> None:
    net = build_net("io", [("t", "a", {"i": 1}, {"o": 2})], initial={"i": 1}, final={"o": 2})
    with pytest.raises(ModelError, match="several tokens at once"):
        net_to_bpmn(net)


def test_each_activity_of_a_directly_follows_net_is_one_task_and_everything_is_drawn() -> None:
    steps = "a: i > p\nb: i > q\nb: p > q\nc: p > r\nc: q > r\na: r > p\n: r > o\n: q > o"
    document = net_to_bpmn(net_of(steps))
    assert document == net_to_bpmn(net_of(steps))
    root = xml.fromstring(document)
    process = root.find(f"{BPMN}process")
    assert process is not None
    tasks = sorted(task.get("name", "") for task in process.findall(f"{BPMN}task"))
    assert tasks == ["a", "b", "c"]
    drawn = {
        shape.get("bpmnElement") for kind in ("Shape", "Edge") for shape in root.iterfind(f".//bpmndi:BPMN{kind}", DI)
    }
    assert drawn == {element.get("id") for element in process}
    spots = [tuple(bounds.attrib.values()) for bounds in root.iter() if bounds.tag.endswith("Bounds")]
    assert len(spots) == len(set(spots))
