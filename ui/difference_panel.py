"""What the panel beside a difference says of a touchpoint, a link, a stage or a drop-off that is chosen: A beside B."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl
import streamlit as st

from mining.conditions import both
from mining.flow_nodes import other_node, touchpoint_node
from mining.following import places
from mining.questions import left_after, reaches, takes, visits
from mining.statistics import TOO_FEW, wilson
from ui import difference_beside, doors, filters, side_panel, state
from ui.canvas import Selection
from ui.compare_panel import LEFT_HERE, unplanned
from ui.deviations import Seen
from ui.formats import interval, percent, points, points_interval, q_equals
from ui.laid_out import Shown
from ui.language import _, local, md
from ui.panel_data import Panel, of_steps
from ui.scenes.changes import FEW, LESS, MORE, SAME, Change, Key, Side
from ui.scenes.difference import Difference
from ui.scenes.parts import STATUSES, from_to
from ui.scenes.planned import edge_id
from ui.text import heading, md_escape, small

KEY = "difference_panel"
Say = Callable[[Shown], Panel]


def panel(seen: Seen, shown: Difference, chosen: Selection) -> None:
    """Draw the panel of what is chosen."""
    {"node": _node, "edge": _edge, "stage": _stage, "drop_off": _left}[chosen.kind](seen, shown, chosen.id)


def _node(seen: Seen, shown: Difference, node: str) -> None:
    st.markdown(heading(md_escape(shown.names()[node])))
    change = shown.changes.nodes.get(node)
    if change is None:
        st.markdown(_("Not measured: no event of the log is bound to it."))
        return
    ghosts = [side.laid.ghosts[node] for side in (shown.a, shown.b) if node in side.laid.ghosts]
    if ghosts:
        st.caption(_("Not in the plan"))
        condition = unplanned(ghosts[0][0], sorted({name for _stage, names in ghosts for name in names}))
    else:
        condition = visits(_touchpoint(seen, node))
    _draw(seen, shown, change, condition, _steps(condition, target=node))


def _edge(seen: Seen, shown: Difference, edge: str) -> None:
    key: Key = next(key for key in shown.changes.edges if edge_id(*key) == edge)
    (source, target, status), names, change = key, shown.names(), shown.changes.edges[key]
    st.markdown(heading(md_escape(from_to(names[source], names[target]))))
    st.caption(_(STATUSES[status]))
    if change is None:
        st.caption(_("The plan has this path, and no journey of the log takes it, or none can be seen on it."))
        return
    several = {other_node(stage.id) for stage in seen.plan.map.stages} & {source, target}
    condition = None if several else takes(*key)
    _draw(seen, shown, change, condition, _steps(condition, source=source, target=target, status=status))


def _stage(seen: Seen, shown: Difference, stage_id: str) -> None:
    stage = next(stage for stage in seen.plan.map.stages if stage.id == stage_id)
    st.markdown(heading(md_escape(local(stage.title) or stage.id)))
    st.caption(_("Journeys that got as far as this stage"))
    change = shown.changes.stages[stage_id]
    _draw(seen, shown, change, reaches(stage_id), lambda side: doors.of_stage(side, stage_id))


def _left(seen: Seen, shown: Difference, node: str) -> None:
    touchpoint = _touchpoint(seen, node)
    st.markdown(heading(_("Left here") + " · " + md_escape(shown.names()[node])))
    st.caption(_(LEFT_HERE))
    change = shown.changes.left[node]
    _draw(seen, shown, change, left_after(touchpoint), lambda side: doors.of_left(side, touchpoint))


def _touchpoint(seen: Seen, node: str) -> str:
    return next(t.id for t in seen.plan.map.touchpoints() if touchpoint_node(t.id) == node)


def _steps(condition: str | None, **meant: str) -> Say:
    """Say of one side what there is to say of the steps whose columns have these values."""

    def said(side: Shown) -> Panel:
        walk, found = side.laid.walk, side.seen.found
        known = all(value in walk.schema[column].categories for column, value in meant.items())  # type: ignore[attr-defined]
        here = pl.all_horizontal(pl.col(column) == value for column, value in meant.items()) if known else pl.lit(False)
        return of_steps(places(walk, here), found.journeys, found.log.journeys, condition)

    return said


def _draw(seen: Seen, shown: Difference, change: Change, condition: str | None, say: Say) -> None:
    """Draw what all panels have: shares, filters, times, what comes next, and journeys of both sides."""
    _figures(shown, change)
    _filters(seen, shown, change, condition)
    a, b = (_shown(seen, side) for side in (shown.a, shown.b))
    difference_beside.draw(say(a), say(b), a, b, shown)


def _shown(seen: Seen, side: Side) -> Shown:
    """Give one side as if it were the whole map on screen."""
    return Shown(replace(seen, found=side.found, chosen=both(seen.chosen, side.where)), side.laid)


def _figures(shown: Difference, change: Change) -> None:
    """Say both shares with their intervals, the difference with its own, and whether it is beyond chance."""
    lines = []
    for side, name, n, of in (
        ("A", shown.a.name, change.n_a, change.of_a),
        ("B", shown.b.name, change.n_b, change.of_b),
    ):
        said = md("{n} of {of}, 95% interval {range}", n=n, of=of, range=interval(*wilson(n, of)))
        lines += [f"**{side}** · {md_escape(name)}", f"**{percent(n / of)}** {small(said)}"]
    st.markdown("  \n".join(lines))
    difference, low, high = change.difference
    said = md("Difference: **{points}** percentage points", points=points(difference))
    range_ = small(md("95% interval {interval}", interval=points_interval(low, high)))
    st.markdown(
        f"{said}  \n{range_}  \n{_in_words(shown, change)}",
        help=_("A minus B, with Newcombe's interval; those of the shares are Wilson's."),
    )


def _in_words(shown: Difference, change: Change) -> str:
    """Say whether a difference is beyond chance, as Markdown."""
    status = shown.changes.status(change)
    if status == FEW:
        return md("Too few journeys to tell: {n} are needed on each side", n=TOO_FEW)
    q = q_equals(shown.changes.q[change])
    _difference, low, high = change.difference
    templates = {
        MORE: _("**↑ More often in A**, beyond chance"),
        LESS: _("**↓ Less often in A**, beyond chance"),
        SAME: _("**Within chance**: two such groups can differ as much by luck alone")
        if low <= 0 <= high
        else _("**Within chance**: among so many tests, some differ as much by luck alone"),
    }
    return f"{templates[status]} " + small(md("(q {q} among {tests} tests)", q=q, tests=shown.changes.tests))


def _filters(seen: Seen, shown: Difference, change: Change, condition: str | None) -> None:
    """Offer to look at the journeys that have it alone, at all others, or at those of one side on the plan."""
    if condition is None:
        side_panel.only_or_without(None, KEY, 0)
        return
    asked = state.settled(seen.log, seen.plan.map, both(seen.chosen, condition))
    n = state.frame(seen.log, "journey_ids", both(seen.plan.map.where, asked)).height
    side_panel.only_or_without(condition, KEY, n)
    with st.container(horizontal=True, gap="small"):
        for letter, side, had in (("A", shown.a, change.n_a), ("B", shown.b, change.n_b)):
            only = md("{n} of {side} on the plan", n=had, side=letter)
            if had:
                st.button(only, type="tertiary", icon=":material/map:", key=f"{KEY}_{letter}", on_click=_look_at,
                          args=[both(side.where, condition)],
                          help=_("Look at these alone, with the log laid over the plan"))  # fmt: skip


def _look_at(condition: str) -> None:
    """Choose journeys, and show how they go."""
    filters.look_at(condition)
    st.session_state["compare_map_of"] = "log"
