"""What the panel beside a difference says of a touchpoint, a link, a stage or a drop-off that is chosen: A beside B."""

from __future__ import annotations

import streamlit as st

from mining.conditions import both
from mining.flow_nodes import touchpoint_node
from mining.questions import left_after, reaches, takes, visits
from mining.statistics import TOO_FEW, wilson
from ui import side_panel, state
from ui.canvas import Selection
from ui.deviations import Seen
from ui.formats import interval, percent, points, points_interval, q_equals
from ui.language import _, local, md
from ui.scenes.changes import FEW, LESS, MORE, SAME, Change, Key
from ui.scenes.difference import Difference
from ui.scenes.parts import STATUSES, from_to
from ui.scenes.planned import edge_id
from ui.text import heading, md_escape, small

KEY = "difference_panel"


def panel(seen: Seen, shown: Difference, chosen: Selection) -> None:
    """Draw the panel of what is chosen."""
    {"node": _node, "edge": _edge, "stage": _stage, "drop_off": _left}[chosen.kind](seen, shown, chosen.id)


def _node(seen: Seen, shown: Difference, node: str) -> None:
    st.markdown(heading(md_escape(shown.names()[node])))
    change = shown.changes.nodes.get(node)
    if change is None:
        st.markdown(_("Not measured: no event of the log is bound to it."))
        return
    if node in shown.ghosts():
        st.caption(_("Not in the plan"))
    _figures(shown, change)
    touchpoint = next((t.id for t in seen.plan.map.touchpoints() if touchpoint_node(t.id) == node), None)
    _filters(seen, visits(touchpoint) if touchpoint else None)


def _edge(seen: Seen, shown: Difference, edge: str) -> None:
    key: Key = next(key for key in shown.changes.edges if edge_id(*key) == edge)
    names, change = shown.names(), shown.changes.edges[key]
    st.markdown(heading(md_escape(from_to(names[key[0]], names[key[1]]))))
    st.caption(_(STATUSES[key[2]]))
    if change is None:
        st.caption(_("The plan has this path, and no journey of the log takes it, or none can be seen on it."))
        return
    _figures(shown, change)
    _filters(seen, takes(*key))


def _stage(seen: Seen, shown: Difference, stage_id: str) -> None:
    stage = next(stage for stage in seen.plan.map.stages if stage.id == stage_id)
    st.markdown(heading(md_escape(local(stage.title) or stage.id)))
    st.caption(_("Journeys that got as far as this stage"))
    _figures(shown, shown.changes.stages[stage_id])
    _filters(seen, reaches(stage_id))


def _left(seen: Seen, shown: Difference, node: str) -> None:
    st.markdown(heading(_("Left here") + " · " + md_escape(shown.names()[node])))
    st.caption(_("Dropped journeys whose last planned touchpoint this is, of all that had it."))
    _figures(shown, shown.changes.left[node])
    _filters(seen, left_after(next(t.id for t in seen.plan.map.touchpoints() if touchpoint_node(t.id) == node)))


def _figures(shown: Difference, change: Change) -> None:
    """Say both shares with their intervals, the difference with its own, and whether it is beyond chance."""
    for side, name, n, of in (
        ("A", shown.a.name, change.n_a, change.of_a),
        ("B", shown.b.name, change.n_b, change.of_b),
    ):
        said = md("{n} of {of}, 95% interval {range}", n=n, of=of, range=interval(*wilson(n, of)))
        st.markdown(f"**{side}** · {md_escape(name)}  \n**{percent(n / of)}** :small[{said}]")
    difference, low, high = change.difference
    st.markdown(
        md("Difference: **{points}** percentage points, 95% interval {interval}", points=points(difference),
           interval=points_interval(low, high)),
        help=_("A minus B, with Newcombe's interval; those of the shares are Wilson's."),
    )  # fmt: skip
    st.markdown(_in_words(shown, change))


def _in_words(shown: Difference, change: Change) -> str:
    """Say whether a difference is beyond chance, as Markdown."""
    status = shown.changes.status(change)
    if status == FEW:
        return md("Too few journeys to tell: {n} are needed on each side", n=TOO_FEW)
    q = q_equals(shown.changes.q[change])
    templates = {
        MORE: _("**↑ More often in A**, beyond chance"),
        LESS: _("**↓ Less often in A**, beyond chance"),
        SAME: _("**Within chance**: two such groups can differ as much by luck alone"),
    }
    return f"{templates[status]} " + small(md("(q {q} among {tests} tests)", q=q, tests=shown.changes.tests))


def _filters(seen: Seen, condition: str | None) -> None:
    """Offer to look at the journeys of both sides that have it alone, or at all others."""
    n = 0
    if condition is not None:
        asked = state.settled(seen.log, seen.plan.map, both(seen.chosen, condition))
        n = state.frame(seen.log, "journey_ids", both(seen.plan.map.where, asked)).height
    side_panel.only_or_without(condition, KEY, n)
