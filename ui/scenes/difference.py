"""Two choices of journeys on the same planned map, as a scene: what A does more than B, and what less."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mining.flow_nodes import touchpoint_node
from mining.flows import OK
from mining.messages import N_
from mining.statistics import TOO_FEW
from ui.formats import percent, points, points_interval, q_equals
from ui.language import _, current, local
from ui.scenes.cards import names_of, stage_of
from ui.scenes.changes import FEW, LESS, MORE, SAME, Change, Changes, Key, Side
from ui.scenes.laid import FLOW_SHARE
from ui.scenes.parts import STATUSES, VERSION, Scene, from_to, legend, share_of, words
from ui.scenes.planned import edge_id
from ui.text import shortened

JUDGED = {
    MORE: N_("More often in A, beyond chance"),
    LESS: N_("Less often in A, beyond chance"),
    SAME: N_("Within chance"),
    FEW: N_("Too few journeys to tell"),
}
LONGEST_NAME = 40


@dataclass(frozen=True)
class Difference:
    """What a picture of a difference, its table and its panels show: the two sides, and how they differ."""

    a: Side
    b: Side
    changes: Changes

    @classmethod
    def between(cls, a: Side, b: Side, share: float = FLOW_SHARE) -> Difference:
        """Hold two sides of `ui.scenes.changes.sides` against each other; for `share` see `Changes.between`."""
        return cls(a, b, Changes.between(a, b, share))

    def names(self) -> dict[str, str]:
        """Name every node, as plain text in the language in use."""
        return names_of(self.b.found.plan, self.b.laid) | names_of(self.a.found.plan, self.a.laid)

    def ghosts(self) -> dict[str, str]:
        """Give the nodes that are not in the plan, and the stage that each stands in."""
        return {node: stage for side in (self.b, self.a) for node, (stage, _activities) in side.laid.ghosts.items()}

    def told(self, change: Change) -> list[str]:
        """Say a difference, and whether it is beyond chance, in lines."""
        difference, low, high = change.difference
        return [
            f"A · {self.a.name}: {share_of(change.n_a, change.of_a)}",
            f"B · {self.b.name}: {share_of(change.n_b, change.of_b)}",
            _("Difference: {points} percentage points, 95% interval {interval}", points=points(difference),
              interval=points_interval(low, high)),
            self.judged(change),
        ]  # fmt: skip

    def judged(self, change: Change) -> str:
        """Say whether a difference is beyond chance, with its q-value where it was tested."""
        status = self.changes.status(change)
        if status == FEW:
            return _("Too few journeys to tell: {n} are needed on each side", n=TOO_FEW)
        return f"{_(JUDGED[status])} (q {q_equals(self.changes.q[change])})"


def difference_scene(shown: Difference) -> Scene:
    """Put two comparisons with the same map into one scene; numbers are those of A minus those of B."""
    a, b, names = shown.a, shown.b, shown.names()
    stages = a.found.plan.stages
    scene: Scene = {
        "version": VERSION,
        "kind": "difference",
        "language": current(),
        "direction": "right",
        "measure": "journeys",
        "title": _("{second} compared with {first}", first=b.name, second=a.name),
        "stages": [_stage(stage.id, local(stage.title) or stage.id, shown) for stage in stages],
        "nodes": [*_cards(shown, names), *_ghosts(shown, names)],
        "edges": [_edge(key, change, shown, names) for key, change in shown.changes.edges.items()],
        "legend": legend(
            ("planned", _("Planned path")),
            (MORE, _("More often in A: {name}", name=shortened(a.name, LONGEST_NAME))),
            (LESS, _("Less often in A")),
            (SAME, _("No difference beyond chance")),
            ("width", _("Links: percentage points of journeys")),
        ),
        "words": words(),
        "coverage": _coverage(shown.changes),
    }
    return scene


def _coverage(changes: Changes) -> Scene:
    """Say how many of the differences are beyond chance."""
    n = changes.beyond_chance
    said = _("{n} of {tests} differences beyond chance", n=n, tests=changes.tests)
    text = said if n else _("Nothing differs beyond chance")
    kept = _("Stages, touchpoints, drop-offs and links are tested; false discoveries among them are kept below 5%.")
    return {"text": text, "tip": [said, kept]}


def _stage(stage: str, name: str, shown: Difference) -> Scene:
    change = shown.changes.stages[stage]
    of_a, of_b = change.shares
    return {
        "id": stage,
        "label": name,
        "text": f"A {percent(of_a)} · B {percent(of_b)}",
        "share": of_a,
        "was": of_b,
        "tip": [name, *shown.told(change)],
    }


def _cards(shown: Difference, names: Mapping[str, str]) -> Iterable[Scene]:
    for order, touchpoint in enumerate(shown.a.found.plan.touchpoints()):
        node = touchpoint_node(touchpoint.id)
        card: Scene = {"id": node, "label": names[node], "role": "touchpoint", "order": order}
        card["stage"] = stage_of(shown.a.found, shown.a.laid, touchpoint)
        if touchpoint.measured:
            yield card | _changed(node, names[node], shown) | _left(node, shown)
        else:
            unseen = _("not measured")
            yield card | {"status": "unmeasured", "value": None, "text": unseen, "tip": [names[node], unseen]}


def _coloured(change: Change | None, shown: Difference) -> str:
    """Give the status that a card or a link is drawn with: what is not known to differ looks like what does not."""
    status = SAME if change is None else shown.changes.status(change)
    return status if status in (MORE, LESS) else SAME


def _changed(node: str, name: str, shown: Difference) -> Scene:
    """Give what a card says of a difference."""
    change = shown.changes.nodes[node]
    of_a, of_b = change.shares
    return {
        "status": _coloured(change, shown),
        "value": 100 * change.difference[0],
        "text": f"{percent(of_a)} · {points(change.difference[0])}",
        "share": of_a,
        "was": of_b,
        "tip": [name, *shown.told(change)],
    }


def _left(node: str, shown: Difference) -> Scene:
    """Give the pill of a card where one side loses more there than the other, beyond chance."""
    change = shown.changes.left.get(node)
    if change is None or _coloured(change, shown) == SAME:
        return {}
    difference = change.difference[0]
    return {
        "drop": {
            "value": 100 * difference,
            "text": points(difference),
            "tip": [_("Left here"), *shown.told(change)],
        }
    }


def _ghosts(shown: Difference, names: Mapping[str, str]) -> Iterable[Scene]:
    plan, ghosts, reach = shown.a.found.plan, shown.ghosts(), shown.a.laid.reach
    stages = [stage.id for stage in plan.stages]
    ranked = sorted(ghosts, key=lambda node: (stages.index(ghosts[node]), -reach.get(node, 0), node))
    for order, node in enumerate(ranked, len(plan.touchpoints())):
        card = _changed(node, names[node], shown)
        card["tip"].insert(1, _("Not in the plan"))
        card["status"] = "unplanned"  # which places it beneath the plan; its links and its tip say more or less
        place = {"order": order, "stage": ghosts[node], "planned": False}
        yield card | {"id": node, "label": names[node], "role": "touchpoint", **place}


def _edge(key: Key, change: Change | None, shown: Difference, names: Mapping[str, str]) -> Scene:
    status = _coloured(change, shown)
    told: dict[str, Any] = {
        "id": edge_id(*key),
        "source": key[0],
        "target": key[1],
        "status": status,
        "value": None if change is None else 100 * change.difference[0],
        "text": "" if change is None or status == SAME else points(change.difference[0]),
    }
    lines = [_("not measured")] if change is None else shown.told(change)
    told["tip"] = [from_to(names[key[0]], names[key[1]]), _(STATUSES[key[2]]), *lines]
    return told | ({"planned": True} if key[2] == OK else {})
