"""Writes BPMN 2.0 documents with their drawing, from shapes and arrows that have their place already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as xml

from mining.model_xml import xml_bytes, xml_safe

TASK, GATEWAY, EVENT, GAP = (120, 60), (50, 50), (36, 36), 50
_BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"


@dataclass(frozen=True)
class Shape:
    """An element of the diagram: its tag, name, centre and size; `splits` says that branches leave it."""

    tag: str
    name: str
    x: float
    y: float
    size: tuple[int, int]
    splits: bool = False


@dataclass(frozen=True)
class Flow:
    """An arrow between shapes, by their numbers; `row` is the height at which it runs where nothing stands between."""

    source: int
    target: int
    row: float


def bpmn_document(shapes: Sequence[Shape], flows: Sequence[Flow], name: str = "") -> bytes:
    """Give the document of a process that is drawn like this."""
    root = xml.Element(
        "definitions",
        {
            "xmlns": _BPMN,
            "xmlns:bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
            "xmlns:dc": "http://www.omg.org/spec/DD/20100524/DC",
            "xmlns:di": "http://www.omg.org/spec/DD/20100524/DI",
            "id": "definitions",
            "targetNamespace": "urn:desirepath",
        },
    )
    process = xml.SubElement(root, "process", {"id": "process", "name": xml_safe(name), "isExecutable": "false"})
    diagram = xml.SubElement(root, "bpmndi:BPMNDiagram", {"id": "diagram"})
    plane = xml.SubElement(diagram, "bpmndi:BPMNPlane", {"id": "plane", "bpmnElement": "process"})
    for n, shape in enumerate(shapes):
        _write_shape(n, shape, process, plane)
    for n, flow in enumerate(flows):
        ends = {"sourceRef": f"node_{flow.source}", "targetRef": f"node_{flow.target}"}
        xml.SubElement(process, "sequenceFlow", {"id": f"flow_{n}", **ends})
        edge = xml.SubElement(plane, "bpmndi:BPMNEdge", {"id": f"flow_{n}_drawn", "bpmnElement": f"flow_{n}"})
        for x, y in _waypoints(flow, shapes):
            xml.SubElement(edge, "di:waypoint", {"x": f"{x:g}", "y": f"{y:g}"})
    return xml_bytes(root)


def _write_shape(n: int, shape: Shape, process: xml.Element, plane: xml.Element) -> None:
    """Write one element and where it is drawn."""
    attributes = {"id": f"node_{n}"}
    if shape.name:
        attributes["name"] = xml_safe(shape.name)
    if "Gateway" in shape.tag:
        attributes["gatewayDirection"] = "Diverging" if shape.splits else "Converging"
    xml.SubElement(process, shape.tag, attributes)
    drawn = xml.SubElement(plane, "bpmndi:BPMNShape", {"id": f"node_{n}_drawn", "bpmnElement": f"node_{n}"})
    width, height = shape.size
    place = {"x": shape.x - width / 2, "y": shape.y - height / 2, "width": width, "height": height}
    xml.SubElement(drawn, "dc:Bounds", {key: f"{value:g}" for key, value in place.items()})


def _waypoints(flow: Flow, shapes: Sequence[Shape]) -> Iterator[tuple[float, float]]:
    """Give the corners of an arrow: along its row, and up or down at the gateways."""
    source, target = shapes[flow.source], shapes[flow.target]
    forward = 1 if target.x > source.x else -1
    for shape, side in ((source, forward), (target, -forward)):
        if flow.row == shape.y:
            corners = [(shape.x + side * shape.size[0] / 2, shape.y)]
        else:
            edge = shape.size[1] / 2 if flow.row > shape.y else -shape.size[1] / 2
            corners = [(shape.x, shape.y + edge), (shape.x, flow.row)]
        yield from corners if shape is source else reversed(corners)
