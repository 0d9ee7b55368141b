"""Two choices of journeys on the same planned map: what the second, A, does more than the first, B, and what less."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mining.flow_nodes import touchpoint_node
from mining.flows import OK
from mining.journey_map import JourneyMap
from mining.statistics import Q_LIMIT, benjamini_hochberg, fisher_exact, newcombe
from pipeline.findings import Findings
from ui.formats import percent, points, points_interval
from ui.language import _, current, local
from ui.scenes.cards import names_of, stage_of
from ui.scenes.laid import FLOW_SHARE, Laid, frequent, lay, strongest
from ui.scenes.parts import STATUSES, VERSION, Scene, from_to, legend, share_of, words
from ui.scenes.planned import edge_id, unseen

MORE, LESS, SAME = "more", "less", "same"
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Side:
    """One choice of journeys: what it is called, what was found, and the same counted for a picture."""

    name: str
    found: Findings
    laid: Laid

    @property
    def n(self) -> int:
        """Journeys."""
        return self.found.log.journeys


def sides(first: tuple[str, Findings], second: tuple[str, Findings]) -> tuple[Side, Side]:
    """Count two comparisons with the same map for one picture: both have a card for what either does often."""
    own = frozenset(frequent(first[1])) | frozenset(frequent(second[1]))
    a, b = (Side(name, found, lay(found, own=own)) for name, found in (first, second))
    return a, b


@dataclass(frozen=True)
class Change:
    """How the share of journeys differs: second choice minus first, with the counts behind it."""

    n_first: int
    n_second: int
    of_first: int
    of_second: int

    @property
    def difference(self) -> tuple[float, float, float]:
        """The difference of the shares with its 95% interval (Newcombe)."""
        return newcombe(self.n_second, self.of_second, self.n_first, self.of_first)

    @property
    def shares(self) -> tuple[float, float]:
        """The shares of the first and of the second choice."""
        return self.n_first / self.of_first, self.n_second / self.of_second

    def told(self, first: Side, second: Side) -> list[str]:
        """Say the difference in lines."""
        difference, low, high = self.difference
        return [
            f"A · {second.name}: {share_of(self.n_second, self.of_second)}",
            f"B · {first.name}: {share_of(self.n_first, self.of_first)}",
            _("Difference: {points} percentage points, 95% interval {interval}", points=points(difference),
              interval=points_interval(low, high)),
        ]  # fmt: skip


@dataclass(frozen=True)
class Changes:
    """All differences of a picture, and what is beyond chance among them.

    Every difference is one test (Fisher's exact) in one ledger; false discoveries are kept below `Q_LIMIT`
    (Benjamini-Hochberg).
    """

    stages: Mapping[str, Change]
    nodes: Mapping[str, Change]
    left: Mapping[str, Change]
    edges: Mapping[Key, Change]
    status: Mapping[Change, str]

    @classmethod
    def between(cls, first: Side, second: Side, share: float) -> Changes:
        """Count every difference between two choices; links are those of at least `share` of the journeys of either."""
        reach = [_reach(side) for side in (first, second)]
        stages = [dict(side.found.stages.iter_rows()) for side in (first, second)]
        edges = [_counts(side.laid) for side in (first, second)]
        shown = strongest(first.laid, share, first.n) | strongest(second.laid, share, second.n)
        shown |= {(source, target, OK) for source, target in second.laid.spine}
        n = first.n, second.n
        found = (
            {stage: Change(stages[0][stage], stages[1][stage], *n) for stage in stages[0]},
            {node: Change(reach[0].get(node, 0), reach[1].get(node, 0), *n) for node in {**reach[0], **reach[1]}},
            {
                node: Change(
                    first.laid.left.get(node, 0), second.laid.left.get(node, 0), reach[0][node], reach[1][node]
                )
                for node in {**first.laid.left, **second.laid.left}
                if reach[0].get(node) and reach[1].get(node)
            },
            {key: Change(edges[0].get(key, 0), edges[1].get(key, 0), *n) for key in sorted(shown)},
        )
        return cls(*found, status=_judged([change for part in found for change in part.values()]))

    @property
    def beyond_chance(self) -> bool:
        """Whether anything differs beyond chance."""
        return any(status != SAME for status in self.status.values())


def _reach(side: Side) -> dict[str, int]:
    """Give the journeys by node, those of the plan that nobody met included."""
    met = {touchpoint_node(t): n for t, n in side.found.reach.select("touchpoint", "n_journeys").iter_rows()}
    return met | {node: side.laid.reach[node] for node in side.laid.ghosts}


def _counts(laid: Laid) -> dict[Key, int]:
    rows = laid.between().select("source", "target", "status", "n_journeys").iter_rows()
    return {(source, target, status): n for source, target, status, n in rows}


def _judged(changes: Sequence[Change]) -> dict[Change, str]:
    """Say of each difference whether it is beyond chance, and which way it goes."""
    p = [fisher_exact(c.n_second, c.of_second, c.n_first, c.of_first) for c in changes]
    judged = {}
    for change, q in zip(changes, benjamini_hochberg(p), strict=True):
        judged[change] = SAME if q > Q_LIMIT else MORE if change.difference[0] > 0 else LESS
    return judged


def difference_scene(first: Side, second: Side, *, share: float = FLOW_SHARE) -> Scene:
    """Put two comparisons with the same map into one scene.

    Parameters
    ----------
    first, second : Side
        Of `sides`; numbers are the second minus the first.
    share : float
        Share of the journeys of either choice from which on a link is drawn; those of the plan always are.
    """
    names = names_of(first.found.plan, second.laid) | names_of(first.found.plan, first.laid)
    changes = Changes.between(first, second, share)
    plan = first.found.plan
    scene: Scene = {
        "version": VERSION,
        "kind": "difference",
        "language": current(),
        "direction": "right",
        "measure": "journeys",
        "title": _("{second} compared with {first}", first=first.name, second=second.name),
        "stages": [_stage(stage.id, local(stage.title) or stage.id, changes, first, second) for stage in plan.stages],
        "nodes": [*_cards(changes, names, first, second), *_ghosts(changes, names, first, second)],
        "edges": [_edge(key, change, changes, names, first, second) for key, change in changes.edges.items()],
        "legend": legend(
            ("planned", _("Planned path")),
            (MORE, _("More often: {name}", name=second.name)),
            (LESS, _("Less often: {name}", name=second.name)),
            (SAME, _("No difference beyond chance")),
            ("width", _("Links: percentage points of journeys")),
        ),
        "words": words(),
    }
    return scene if changes.beyond_chance else scene | {"coverage": _nothing()}


def _nothing() -> Scene:
    """Say that there is no difference to look at."""
    kept = _("False discoveries among all rows are kept below 5%.")
    return {"text": _("Nothing differs beyond chance"), "tip": [_("Nothing differs beyond chance"), kept]}


def _stage(stage: str, name: str, changes: Changes, first: Side, second: Side) -> Scene:
    was, now = changes.stages[stage].shares
    return {
        "id": stage,
        "label": name,
        "text": f"A {percent(now)} · B {percent(was)}",
        "share": now,
        "was": was,
        "tip": [name, *_told(changes.stages[stage], changes, first, second)],
    }


def _told(change: Change, changes: Changes, first: Side, second: Side) -> list[str]:
    """Say a difference, and whether it is beyond chance, in lines."""
    judged = {MORE: _("More often"), LESS: _("Less often"), SAME: _("No difference beyond chance")}
    return [*change.told(first, second), judged[changes.status[change]]]


def _cards(changes: Changes, names: Mapping[str, str], first: Side, second: Side) -> Iterable[Scene]:
    for order, touchpoint in enumerate(first.found.plan.touchpoints()):
        node = touchpoint_node(touchpoint.id)
        card: Scene = {"id": node, "label": names[node], "role": "touchpoint", "order": order}
        card["stage"] = stage_of(second.found, second.laid, touchpoint)
        if touchpoint.measured:
            yield card | _changed(node, names[node], changes, first, second) | _left(node, changes, first, second)
        else:
            unseen = _("not measured")
            yield card | {"status": "unmeasured", "value": None, "text": unseen, "tip": [names[node], unseen]}


def _changed(node: str, name: str, changes: Changes, first: Side, second: Side) -> Scene:
    """Give what a card says of a difference."""
    change = changes.nodes[node]
    was, now = change.shares
    return {
        "status": changes.status[change],
        "value": 100 * change.difference[0],
        "text": f"{percent(now)} · {points(change.difference[0])}",
        "share": now,
        "was": was,
        "tip": [name, *_told(change, changes, first, second)],
    }


def _left(node: str, changes: Changes, first: Side, second: Side) -> Scene:
    """Give the pill of a card where one choice loses more there than the other, beyond chance."""
    change = changes.left.get(node)
    if change is None or changes.status[change] == SAME:
        return {}
    value = 100 * change.difference[0]
    tip = [_("Left here"), *_told(change, changes, first, second)]
    return {"drop": {"value": value, "text": points(change.difference[0]), "tip": tip}}


def _ghosts(changes: Changes, names: Mapping[str, str], first: Side, second: Side) -> Iterable[Scene]:
    ghosts = dict(first.laid.ghosts) | dict(second.laid.ghosts)
    stages = [stage.id for stage in first.found.plan.stages]
    ranked = sorted(ghosts, key=lambda node: (stages.index(ghosts[node][0]), -second.laid.reach.get(node, 0), node))
    for order, node in enumerate(ranked, len(first.found.plan.touchpoints())):
        card = _changed(node, names[node], changes, first, second)
        card["tip"].insert(1, _("Not in the plan"))
        card["status"] = "unplanned"  # which places it beneath the plan; its links and its tip say more or less
        place = {"order": order, "stage": ghosts[node][0], "planned": False}
        yield card | {"id": node, "label": names[node], "role": "touchpoint", **place}


def _edge(key: Key, change: Change, changes: Changes, names: Mapping[str, str], first: Side, second: Side) -> Scene:
    blind = blind_to(first.found.plan, key, change)
    silent = blind or changes.status[change] == SAME
    told: dict[str, Any] = {
        "id": edge_id(*key),
        "source": key[0],
        "target": key[1],
        "status": changes.status[change],
        "value": None if blind else 100 * change.difference[0],
        "text": "" if silent else points(change.difference[0]),
    }
    lines = [_("not measured")] if blind else _told(change, changes, first, second)
    told["tip"] = [from_to(names[key[0]], names[key[1]]), _(STATUSES[key[2]]), *lines]
    return told | ({"planned": True} if key[2] == OK else {})


def blind_to(plan: JourneyMap, key: Key, change: Change) -> bool:
    """Tell whether a link is taken by nobody because one of its ends cannot be seen in the log."""
    return not change.n_first and not change.n_second and unseen(plan, key)
