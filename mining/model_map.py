"""A model of plain steps (BPMN, Petri net, process tree) -> a journey map to start from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from mining.bpmn_diagram import Diagram
from mining.errors import ModelError
from mining.journey_map import ACTORS, JourneyMap
from mining.localised import Text
from mining.lookalikes import bare
from mining.map_edit import with_each_touchpoint
from mining.map_proposal import propose_map
from mining.messages import N_, Message
from mining.model_bpmn import read_bpmn
from mining.model_reader import read_petri_net
from mining.model_xml import read_xml
from mining.net_tree import net_to_tree
from mining.process_tree import ProcessTree, read_ptml, tidy

# What lanes are called that mean an actor of a map, in English and Vietnamese.
_CALLED = {
    "customer": ("customer", "client", "user", "khách hàng", "khách", "người dùng"),
    "frontstage": ("frontstage", "front stage", "front office", "front line", "tuyến đầu"),
    "backstage": ("backstage", "back stage", "back office", "hậu trường"),
    "technology": ("technology", "system", "it system", "công nghệ", "hệ thống"),
}
_ACTOR_OF = {bare(name): actor for actor in ACTORS for name in _CALLED[actor]}


def read_model_map(path: str | Path) -> tuple[JourneyMap, list[Message]]:
    """Read a BPMN diagram, Petri net or process tree as a journey map.

    Returns
    -------
    plan : JourneyMap
        Called like the file. In a diagram with lanes, touchpoints have the actor that their lane is called by.
    notes : list of Message
        What was inferred in reading the model, and what the map says in another way.

    Raises
    ------
    ModelError, MapError
        When the file cannot be read, is not built from blocks, or uses an activity in several places.
    """
    root = read_xml(path)
    id_ = re.sub(r"[^\w.-]+", "_", Path(path).stem)
    if root.tag == "ptml":
        return tree_to_map(tidy(read_ptml(root, path)), id_)
    net = read_petri_net(path)
    actors, lanes = lane_actors(read_bpmn(root, path)) if root.tag == "definitions" else ({}, [])
    plan, widened = tree_to_map(net_to_tree(net), id_, actors)
    return plan, [*net.notes, *lanes, *widened]


def tree_to_map(
    tree: ProcessTree, id_: str, actors: Mapping[str, str] | None = None
) -> tuple[JourneyMap, list[Message]]:
    """Give a map of what a model plans, and what it says in another way than the model.

    Parameters
    ----------
    tree : ProcessTree
        The model.
    id_ : str
        What the map is called.
    actors : mapping of str to str, optional
        Activity -> the actor of its touchpoint.

    Raises
    ------
    ModelError
        When an activity stands in several places: in a map every event belongs to one touchpoint.
    MapError
        When there is no activity in it.
    """
    several = [name for name, n in Counter(_labels(tree)).items() if n > 1]
    if several:
        raise ModelError(
            N_(
                "In a map every activity belongs to one touchpoint, but in the model these stand in several places: "
                "{names}. `desirepath align` takes the model as it is."
            ),
            names=", ".join(several),
        )
    proposal = propose_map(tree, {})
    known = actors or {}
    plan = with_each_touchpoint(proposal.map, lambda t: replace(t, actor=known.get(t.events[0].activity or "")))
    return replace(plan, id=id_, title=Text()), [*proposal.notes]


def _labels(tree: ProcessTree) -> Iterator[str]:
    if tree.label is not None:
        yield tree.label
    for child in tree.children:
        yield from _labels(child)


def lane_actors(diagram: Diagram) -> tuple[dict[str, str], list[Message]]:
    """Give the actor of each activity by the lane it stands in, and the lanes that name none of the actors of a map."""
    lane_of = dict(diagram.lanes)
    actors = {
        node.name: _ACTOR_OF[bare(lane_of[node.id])]
        for node in diagram.nodes
        if node.name and bare(lane_of.get(node.id, "")) in _ACTOR_OF
    }
    others = sorted({lane for lane in lane_of.values() if bare(lane) not in _ACTOR_OF})
    if not others:
        return actors, []
    note = N_("Lanes that name no actor of a map ({actors}) are left out: {lanes}.")
    return actors, [Message(note, actors=", ".join(ACTORS), lanes=", ".join(others))]
