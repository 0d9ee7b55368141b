"""What the picture of a difference shows, as rows of a table; each names what a click on it would have chosen."""

from __future__ import annotations

from collections.abc import Iterable

from mining.flow_nodes import touchpoint_node
from mining.messages import N_
from ui.formats import points_interval
from ui.language import _, local
from ui.scenes.changes import Change
from ui.scenes.difference import JUDGED, Difference
from ui.scenes.parts import STATUSES, Scene, from_to
from ui.scenes.planned import edge_id

KINDS = {
    "stage": N_("Stage"),
    "node": N_("Touchpoint"),
    "drop_off": N_("Left here"),
    "edge": N_("Link"),
}
Row = tuple[str, str, Change | None]


def difference_rows(shown: Difference) -> list[Scene]:
    """Give what `difference_scene` shows as rows of a table: stages, touchpoints, who left, links.

    Stages stand in their order, of all others the largest differences first. What cannot be seen in the log has no
    figures, and stands last among its kind.
    """
    plan, changes, names = shown.a.found.plan, shown.changes, _names_with_stages(shown)
    titles = {stage.id: local(stage.title) or stage.id for stage in plan.stages}
    blind = {touchpoint_node(t.id) for t in plan.touchpoints() if not t.measured}
    rows: dict[str, list[Row]] = {
        "stage": [(stage, titles[stage], change) for stage, change in changes.stages.items()],
        "node": _ranked((node, names[node], changes.nodes.get(node)) for node in (*changes.nodes, *sorted(blind))),
        "drop_off": _ranked((node, names[node], change) for node, change in changes.left.items()),
        "edge": _ranked(
            (edge_id(*key), f"{from_to(names[key[0]], names[key[1]])} ({_(STATUSES[key[2]])})", change)
            for key, change in changes.edges.items()
        ),
    }
    return [_row(kind, row, shown) for kind, part in rows.items() for row in part]


def _ranked(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: 1.0 if row[2] is None else -abs(row[2].difference[0]))


def _names_with_stages(shown: Difference) -> dict[str, str]:
    """Name every node; what is not in the plan may stand in several stages, and is told apart by them."""
    titles = {stage.id: local(stage.title) or stage.id for stage in shown.a.found.plan.stages}
    names = shown.names()
    return names | {node: f"{names[node]} · {titles[stage]}" for node, stage in shown.ghosts().items()}


def _row(kind: str, row: Row, shown: Difference) -> Scene:
    """Give one row of the table of differences."""
    id_, name, change = row
    said: Scene = {"kind": kind, "id": id_, "kind_said": _(KINDS[kind]), "name": name}
    if change is None:
        empty = dict.fromkeys(("a", "b", "difference", "range", "q"))
        return said | empty | {"judged": _("not measured")}
    difference, low, high = change.difference
    of_a, of_b = change.shares
    return said | {
        "a": of_a,
        "b": of_b,
        "difference": difference,
        "range": points_interval(low, high),
        "q": shown.changes.q.get(change) if change.testable else None,
        "judged": _(JUDGED[shown.changes.status(change)]),
    }
