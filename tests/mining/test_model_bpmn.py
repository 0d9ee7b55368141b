from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mining.errors import ModelError
from mining.model_reader import read_petri_net
from mining.petri import PetriNet

Words = set[tuple[str, ...]]


def node(tag: str, key: str, inside: str = "") -> str:
    """A node that is called like its id, in capitals."""
    return f'<{tag} id="{key}" name="{key.upper()}">{inside}</{tag}>'


def flows(*pairs: str) -> str:
    """Flows between nodes whose ids are given with a blank between them."""
    ends = [pair.split() for pair in pairs]
    return "".join(f'<sequenceFlow id="f{n}" sourceRef="{a}" targetRef="{b}"/>' for n, (a, b) in enumerate(ends))


ENDS = node("startEvent", "s") + node("endEvent", "e")


def document(*processes: str, before: str = "") -> str:
    inside = "".join(f'<process id="p{n}">{process}</process>' for n, process in enumerate(processes))
    return f'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">{before}{inside}</definitions>'


def read(folder: Path, content: str) -> PetriNet:
    (folder / "plan.bpmn").write_text(content, encoding="utf-8")
    return read_petri_net(folder / "plan.bpmn")


def problems(folder: Path, content: str) -> list[str]:
    with pytest.raises(ModelError) as caught:
        read(folder, content)
    return [p.text() for p in caught.value.problems]


@pytest.mark.parametrize(
    ("gateway", "words"),
    [
        ("exclusiveGateway", {("A",), ("B",)}),
        ("eventBasedGateway", {("A",), ("B",)}),
        ("parallelGateway", {("A", "B"), ("B", "A")}),
        ("inclusiveGateway", {("A",), ("B",), ("A", "B"), ("B", "A")}),
    ],
)
def test_gateways_mean_what_they_say(words_of: Callable[..., Words], tmp_path: Path, gateway: str, words: Words):
    join = "exclusiveGateway" if gateway == "eventBasedGateway" else gateway
    nodes = ENDS + node(gateway, "g") + node("userTask", "a") + node("sendTask", "b") + node(join, "j")
    net = read(tmp_path, document(nodes + flows("s g", "g a", "g b", "a j", "b j", "j e")))
    assert words_of(net, 4) == words


def test_a_loop_of_gateways_can_be_walked_again(words_of: Callable[..., Words], tmp_path: Path):
    nodes = ENDS + node("exclusiveGateway", "in") + node("task", "a") + node("exclusiveGateway", "out")
    net = read(tmp_path, document(nodes + flows("s in", "in a", "a out", "out in", "out e")))
    assert words_of(net, 3) == {("A",), ("A", "A"), ("A", "A", "A")}


def test_a_task_with_two_flows_into_it_waits_for_either(words_of: Callable[..., Words], tmp_path: Path):
    nodes = ENDS + node("exclusiveGateway", "g") + node("task", "a") + node("task", "b")
    net = read(tmp_path, document(nodes + flows("s g", "g a", "g b", "a b", "b e")))
    assert words_of(net, 3) == {("A", "B"), ("B",)}


def test_names_keep_their_words_and_events_are_passed_through(words_of: Callable[..., Words], tmp_path: Path):
    nodes = ENDS + '<task id="a" name="Nhận&#10;hồ sơ"/><task id="b"/>' + node("intermediateCatchEvent", "timer")
    net = read(tmp_path, document(nodes + flows("s a", "a timer", "timer b", "b e")))
    assert words_of(net, 3) == {("Nhận hồ sơ",)}
    assert [str(note) for note in net.notes] == [
        "Intermediate events are passed through, not looked for in the log: TIMER.",
        "Tasks without a name are silent: b.",
    ]


def test_one_pool_with_lanes_beside_an_empty_one_is_read(words_of: Callable[..., Words], tmp_path: Path):
    pools = (
        '<collaboration id="c"><participant id="x" name="Shop" processRef="p0"/>'
        '<participant id="y" name="Customer"/></collaboration>'
    )
    lanes = '<laneSet id="l"><lane id="m"><flowNodeRef>a</flowNodeRef></lane></laneSet>'
    net = read(tmp_path, document(lanes + ENDS + node("task", "a") + flows("s a", "a e"), before=pools))
    assert words_of(net, 3) == {("A",)}


def test_every_element_without_an_exact_meaning_is_named_with_its_line(tmp_path: Path):
    several = node("subProcess", "many", ENDS + "<multiInstanceLoopCharacteristics/>")
    nodes = [
        ENDS,
        '<subProcess id="sub" name="SUB" triggeredByEvent="true"/>',
        node("adHocSubProcess", "free", node("task", "in")),
        node("boundaryEvent", "undo", "<compensateEventDefinition/>"),
        node("complexGateway", "odd"),
        several,
    ]
    assert sorted(problems(tmp_path, document("\n".join(nodes)))) == [
        "line 2: SUB is an event sub-process, which may start at any time. Draw it as an event attached to a "
        "sub-process.",
        "line 3: FREE is an ad-hoc sub-process. Draw the order of its steps, with gateways.",
        "line 4: UNDO compensates for other steps, which is not read. Draw the steps it causes.",
        "line 5: ODD is a complex gateway. Draw exclusive or parallel gateways instead.",
        "line 6: MANY runs several times at once, which has no bound. Mark it as sequential, or draw one run.",
    ]


def test_several_pools_with_steps_are_refused_by_name(tmp_path: Path):
    pools = (
        '<collaboration id="c"><participant id="x" name="Shop" processRef="p0"/>'
        '<participant id="y" name="Customer" processRef="p1"/></collaboration>'
    )
    assert problems(tmp_path, document(ENDS, node("task", "z"), before=pools)) == [
        "line 1: There are 2 pools or processes with steps: Shop, Customer. Keep the one that customers walk through."
    ]


@pytest.mark.parametrize(
    ("process", "complaints"),
    [
        ("", ["line 1: There is no process with tasks in it."]),
        (
            node("task", "a"),
            [
                "There is no start event. Draw one, with a flow to the first step.",
                "There is no end event. Draw one, with a flow from the last step.",
                "line 1: No flow leads to A. Draw one, or take the element out.",
                "line 1: No flow leads on from A. Draw one to the next step.",
            ],
        ),
        (
            ENDS + flows("s e", "s gone"),
            [
                "line 1: The flow from s to gone lacks an end.",
                "line 1: 2 flows leave S. Draw a gateway after it that says whether all or one of them is taken.",
            ],
        ),
        (
            ENDS + node("task", "a") + node("task", "a") + flows("s a", "a e"),
            ["line 1: The id of A is missing or used twice."],
        ),
        (
            ENDS + node("task", "a") + node("task", "b") + flows("s a", "a b", "a e", "b e"),
            ["line 1: 2 flows leave A. Draw a gateway after it that says whether all or one of them is taken."],
        ),
        (
            ENDS + node("inclusiveGateway", "g") + node("task", "a") + flows("s g", "g a", "g e", "a e"),
            [
                "line 1: G is an inclusive gateway; only a split with a join of all its branches, and nothing else, is "
                "read. Draw parallel gateways, and exclusive ones around the branches that may be left out."
            ],
        ),
    ],
)
def test_what_is_not_complete_is_refused(tmp_path: Path, process: str, complaints: list[str]):
    assert problems(tmp_path, document(process)) == complaints
