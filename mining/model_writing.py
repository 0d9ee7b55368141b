"""Writes process trees as PTML and as drawn BPMN 2.0 diagrams, nets as PNML; the same model gives the same bytes.

A block of a tree is drawn in a rectangle of its own: sequences from left to right, branches below each other, and what
leads back in a loop below, from right to left.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from xml.etree import ElementTree as xml

from mining.bpmn_document import EVENT, GAP, GATEWAY, TASK, Flow, Shape, bpmn_document
from mining.model_xml import xml_bytes, xml_safe
from mining.petri import PetriNet
from mining.process_tree import ANY_OF, CHOICE, LOOP, PARALLEL, SEQUENCE, ProcessTree

_GATEWAYS = {
    CHOICE: "exclusiveGateway",
    LOOP: "exclusiveGateway",
    PARALLEL: "parallelGateway",
    ANY_OF: "inclusiveGateway",
}
_PTML = {SEQUENCE: "sequence", CHOICE: "xor", PARALLEL: "and", LOOP: "xorLoop", ANY_OF: "or"}


@dataclass(frozen=True)
class _Block:
    """A drawn part: its shapes and arrows, the first and the last shape (None: nothing to see), and its size."""

    shapes: tuple[Shape, ...] = ()
    flows: tuple[Flow, ...] = ()
    width: float = 0
    height: float = TASK[1]

    @property
    def empty(self) -> bool:
        """Whether it is nothing but an arrow."""
        return not self.shapes

    def moved(self, x: float, y: float, offset: int, *, mirrored: bool = False) -> _Block:
        """Put it elsewhere, its shapes numbered from `offset`; mirrored, it runs from right to left."""
        return replace(
            self,
            shapes=tuple(replace(s, x=x + (self.width - s.x if mirrored else s.x), y=y + s.y) for s in self.shapes),
            flows=tuple(Flow(f.source + offset, f.target + offset, f.row + y) for f in self.flows),
        )


def tree_to_bpmn(tree: ProcessTree, name: str = "") -> bytes:
    """Give a BPMN 2.0 document, with its drawing, that has the runs of a process tree.

    Read back by `mining.model_reader.read_petri_net` it gives a net with the same runs.
    """
    body = _drawn(tree)
    ends = [Shape(tag, "", EVENT[0] / 2, TASK[1] / 2, EVENT) for tag in ("startEvent", "endEvent")]
    start, end = (_Block((shape,), (), EVENT[0]) for shape in ends)
    whole = _in_sequence([start, *([] if body.empty else [body]), end])
    return bpmn_document(whole.shapes, whole.flows, name)


def _drawn(tree: ProcessTree) -> _Block:
    """Draw one block; its first shape is where it is entered, its last where it is left, both at half its first row."""
    if tree.operator is None:
        if tree.label is None:
            return _Block()
        return _Block((Shape("task", tree.label, TASK[0] / 2, TASK[1] / 2, TASK),), (), TASK[0])
    parts = [_drawn(child) for child in tree.children]
    if tree.operator == SEQUENCE:
        return _in_sequence([part for part in parts if not part.empty])
    return _between_gateways(parts, tree.operator)


def _in_sequence(parts: list[_Block]) -> _Block:
    """Draw parts one after the other, joined by arrows."""
    shapes: list[Shape] = []
    flows: list[Flow] = []
    x = 0.0
    for part in parts:
        if shapes:
            flows.append(Flow(len(shapes) - 1, len(shapes), TASK[1] / 2))
            x += GAP
        placed = part.moved(x, 0, len(shapes))
        shapes.extend(placed.shapes)
        flows.extend(placed.flows)
        x += part.width
    return _Block(tuple(shapes), tuple(flows), x, max((part.height for part in parts), default=TASK[1]))


def _between_gateways(parts: list[_Block], operator: str) -> _Block:
    """Draw branches below each other between two gateways; in a loop all but the first lead back."""
    inner = max(part.width for part in parts)
    width = inner + 2 * (GATEWAY[0] + GAP)
    first, middle = GATEWAY[0] / 2, TASK[1] / 2
    shapes = [Shape(_GATEWAYS[operator], "", first, middle, GATEWAY, splits=operator != LOOP)]
    last = 1 + sum(len(part.shapes) for part in parts)
    flows: list[Flow] = []
    y = 0.0
    for index, part in enumerate(parts):
        back = operator == LOOP and index > 0
        placed = part.moved(GATEWAY[0] + GAP + (inner - part.width) / 2, y, len(shapes), mirrored=back)
        source, target = (last, 0) if back else (0, last)
        if part.empty:
            flows.append(Flow(source, target, y + middle))
        else:
            flows.append(Flow(source, len(shapes), y + middle))
            flows.append(Flow(len(shapes) + len(part.shapes) - 1, target, y + middle))
        shapes.extend(placed.shapes)
        flows.extend(placed.flows)
        y += part.height + GAP / 2
    shapes.append(Shape(_GATEWAYS[operator], "", width - first, middle, GATEWAY, splits=operator == LOOP))
    return _Block(tuple(shapes), tuple(flows), width, y - GAP / 2)


def net_to_pnml(net: PetriNet, name: str = "") -> bytes:
    """Give a PNML document that `mining.model_reader.read_petri_net`, ProM and pm4py read back as the same net."""
    root = xml.Element("pnml", {"xmlns": "http://www.pnml.org/version-2009/grammar/pnml"})
    kind = "http://www.pnml.org/version-2009/grammar/pnmlcoremodel"
    inside = xml.SubElement(root, "net", {"id": "net", "type": kind})
    _text(inside, "name", name)
    page = xml.SubElement(inside, "page", {"id": "page"})
    for number, place in enumerate(net.places):
        element = xml.SubElement(page, "place", {"id": f"p{number}"})
        _text(element, "name", place)
        if number in dict(net.initial):
            _text(element, "initialMarking", dict(net.initial)[number])
    arcs = []
    for number, transition in enumerate(net.transitions):
        element = xml.SubElement(page, "transition", {"id": f"t{number}"})
        _text(element, "name", transition.name if transition.label is None else transition.label)
        if transition.label is None:
            hidden = {"tool": "ProM", "version": "6.4", "activity": "$invisible$", "localNodeID": f"t{number}"}
            xml.SubElement(element, "toolspecific", hidden)
        arcs += [(f"p{place}", f"t{number}", weight) for place, weight in transition.inputs]
        arcs += [(f"t{number}", f"p{place}", weight) for place, weight in transition.outputs]
    for number, (source, end, weight) in enumerate(arcs):
        arc = xml.SubElement(page, "arc", {"id": f"a{number}", "source": source, "target": end})
        _text(arc, "inscription", weight)
    marking = xml.SubElement(xml.SubElement(inside, "finalmarkings"), "marking")
    for number, count in net.final:
        _text(xml.SubElement(marking, "place", {"idref": f"p{number}"}), None, count)
    return xml_bytes(root)


def tree_to_ptml(tree: ProcessTree) -> bytes:
    """Give a PTML document of a process tree, as ProM and pm4py write it: a loop has a third part, what comes after."""
    root = xml.Element("ptml")
    inside = xml.SubElement(root, "processTree", {"id": "tree", "name": "", "root": "n0"})
    links: list[tuple[int, int]] = []

    def write(part: ProcessTree) -> int:
        number = len(inside)
        tag = _PTML[part.operator] if part.operator else "automaticTask" if part.label is None else "manualTask"
        xml.SubElement(inside, tag, {"id": f"n{number}", "name": xml_safe(part.label or "")})
        links.extend((number, write(child)) for child in _ptml_parts(part))
        return number

    write(tree)
    for n, (parent, child) in enumerate(sorted(links)):
        link = {"id": f"link{n}", "sourceId": f"n{parent}", "targetId": f"n{child}"}
        xml.SubElement(inside, "parentsNode", link)
    return xml_bytes(root)


def _ptml_parts(tree: ProcessTree) -> tuple[ProcessTree, ...]:
    if tree.operator != LOOP:
        return tree.children
    body, *back = tree.children
    return body, back[0] if len(back) == 1 else ProcessTree(CHOICE, None, tuple(back)), ProcessTree()


def _text(parent: xml.Element, tag: str | None, content: Any) -> None:
    """Add words in the way of PNML: inside an element ``text``."""
    holder = parent if tag is None else xml.SubElement(parent, tag)
    xml.SubElement(holder, "text").text = xml_safe(str(content))
