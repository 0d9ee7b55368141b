"""What the picture of a difference shows, as rows of a table."""

from __future__ import annotations

from mining.flow_nodes import touchpoint_node
from ui.formats import points_interval
from ui.language import _, local
from ui.scenes.cards import names_of
from ui.scenes.difference import LESS, MORE, SAME, Change, Changes, Side, blind_to
from ui.scenes.laid import FLOW_SHARE
from ui.scenes.parts import STATUSES, Scene, from_to


def difference_rows(first: Side, second: Side, *, share: float = FLOW_SHARE) -> list[Scene]:
    """Give what `difference_scene` shows as rows of a table: touchpoints, then links, the largest differences first.

    What cannot be seen in the log has no figures, and stands last.
    """
    names = _names_with_stages(first, second)
    changes = Changes.between(first, second, share)
    plan = first.found.plan
    unmeasured = {touchpoint_node(t.id) for t in plan.touchpoints() if not t.measured}
    nodes = [(names[node], None if node in unmeasured else change) for node, change in changes.nodes.items()]
    edges = [
        (
            f"{from_to(names[key[0]], names[key[1]])} ({_(STATUSES[key[2]])})",
            None if blind_to(plan, key, change) else change,
        )
        for key, change in changes.edges.items()
    ]
    return [_row(name, change, changes) for part in (nodes, edges) for name, change in sorted(part, key=_size)]


def _names_with_stages(first: Side, second: Side) -> dict[str, str]:
    """Name every node; what is not in the plan may stand in several stages, and is told apart by them."""
    plan = first.found.plan
    stages = {stage.id: local(stage.title) or stage.id for stage in plan.stages}
    names = names_of(plan, second.laid) | names_of(plan, first.laid)
    ghosts = {**first.laid.ghosts, **second.laid.ghosts}
    return names | {node: f"{names[node]} · {stages[stage]}" for node, (stage, _activities) in ghosts.items()}


def _size(row: tuple[str, Change | None]) -> float:
    return 1.0 if row[1] is None else -abs(row[1].difference[0])


def _row(name: str, change: Change | None, changes: Changes) -> Scene:
    """Give one row of the table of differences."""
    if change is None:
        empty = dict.fromkeys(("first", "second", "difference", "range"))
        return {"name": name, **empty, "judged": _("not measured")}
    judged = {MORE: _("More often"), LESS: _("Less often"), SAME: ""}
    difference, low, high = change.difference
    was, now = change.shares
    return {
        "name": name,
        "first": was,
        "second": now,
        "difference": difference,
        "range": points_interval(low, high),
        "judged": judged[changes.status[change]],
    }
