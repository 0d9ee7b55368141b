"""A BPMN diagram as plain values: nodes, flows between them, and which sub-process each node stands in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from mining.messages import Message

TASK, START, END = "task", "start", "end"
EXCLUSIVE, PARALLEL, INCLUSIVE = "exclusive", "parallel", "inclusive"
EVENT, BOUNDARY, SUB_PROCESS = "event", "boundary", "sub-process"
AT_LEAST_ONCE, ANY_NUMBER = "at least once", "any number of times"


@dataclass(frozen=True)
class Node:
    """One task, event, gateway or sub-process.

    Attributes
    ----------
    id, name : str
        As in the file; the name may be empty.
    kind : str
        One of the constants of this file. An event-based gateway is exclusive: one of the events happens.
    scope : str
        Id of the sub-process it stands in; "" for the process itself.
    repeated : str
        ``AT_LEAST_ONCE`` or ``ANY_NUMBER`` where it carries a mark of repetition.
    attached : str
        Of a boundary event, the id of what it is attached to.
    interrupting : bool
        Of a boundary event, whether it ends what it is attached to.
    trigger : str
        Of ends and boundary events, what kind of event it is, such as ``error``; "" for a plain one.
    line : int or None
        Where it stands in the file.
    """

    id: str
    kind: str
    name: str = ""
    scope: str = ""
    repeated: str = ""
    attached: str = ""
    interrupting: bool = True
    trigger: str = ""
    line: int | None = field(default=None, compare=False)

    @property
    def shown(self) -> str:
        """Its name for a person."""
        return self.name or self.id


@dataclass(frozen=True)
class Flow:
    """One sequence flow between two nodes, by their ids; a pair of link events is a flow, too."""

    id: str
    source: str
    target: str
    line: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Diagram:
    """One process; nodes and flows in the order of the file, notes on what was simplified.

    `lanes` gives for the id of a node the name of the lane that it stands in.
    """

    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]
    notes: tuple[Message, ...] = ()
    lanes: tuple[tuple[str, str], ...] = ()

    def within(self, scope: str) -> Iterator[Node]:
        """Give every node of a sub-process, those of the sub-processes in it, too."""
        for node in self.nodes:
            if node.scope == scope:
                yield node
                if node.kind == SUB_PROCESS:
                    yield from self.within(node.id)


def by_end(flows: Iterable[Flow]) -> tuple[dict[str, list[Flow]], dict[str, list[Flow]]]:
    """Give the flows that lead into each node, and those that leave it."""
    into: dict[str, list[Flow]] = defaultdict(list)
    out: dict[str, list[Flow]] = defaultdict(list)
    for flow in flows:
        into[flow.target].append(flow)
        out[flow.source].append(flow)
    return into, out
