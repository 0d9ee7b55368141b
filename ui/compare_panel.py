"""What the panel beside the planned map says of a touchpoint, a link, a badge, a stage or a drop-off that is chosen."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import polars as pl
import streamlit as st

from mining.conditions import one_of
from mining.expressions import LONGEST
from mining.flow_nodes import other_node, touchpoint_node
from mining.following import journeys_at, places
from mining.journey_map import Stage, Touchpoint
from mining.messages import N_
from mining.questions import deviates, left_after, takes, visits
from mining.statistics import wilson
from ui import deviation_lines, doors, filters, hidden_links, side_panel
from ui.board import stage_title
from ui.canvas import Selection
from ui.compare_beside import accepted_row
from ui.deviations import heading_of, means, sentence, to_bear_in_mind, told
from ui.formats import interval, number, percent
from ui.laid_out import Shown
from ui.language import _, counted, local
from ui.panel_data import Panel, of_steps
from ui.scenes.cards import deviations_at
from ui.scenes.discovered import shown_links
from ui.scenes.laid import strongest
from ui.scenes.parts import STATUSES, from_to
from ui.text import bold, heading, md_escape
from ui.words import GAPS, OUTCOMES

KEY, LINKS_KEY = "compare_panel", "compare_links"
LEFT_HERE = N_("Dropped journeys whose last planned touchpoint this is, of all that had it.")
_BY_PATH = ("missing", "ad_hoc", "irregular_sequence", "repeated", "extra")


def panel(shown: Shown, selection: Selection) -> None:
    """Draw the panel of what is chosen, or of one of the deviations that it lists."""
    if (row := deviation_lines.opened(shown, selection)) is not None:
        deviation_lines.back()
        _deviation(shown, row)
        return
    by_kind: dict[str, Callable[[Shown, str], None]] = {
        "node": _node,
        "edge": _edge,
        "badge": _badge,
        "stage": _stage,
        "drop_off": left,
        "coverage": _hidden,
    }
    by_kind[selection.kind](shown, selection.id)


def _node(shown: Shown, node: str) -> None:
    st.markdown(heading(md_escape(shown.name(node))))
    touchpoint = next((t for t in shown.seen.plan.map.touchpoints() if touchpoint_node(t.id) == node), None)
    if touchpoint is not None and not touchpoint.measured:
        _unseen(touchpoint)
        return
    if touchpoint is not None:
        deviation_lines.show(
            shown, pl.DataFrame(deviations_at(shown.seen.found)[touchpoint.id], shown.seen.found.deviations.schema)
        )
        _accepted(shown, shown.seen.found.accepted.filter(pl.col("touchpoint") == touchpoint.id))
        _left_line(shown, touchpoint, node)
    else:
        _beside(shown, node)
    here = places(shown.laid.walk, pl.col("target") == node)
    _steps(shown, here, visits(touchpoint.id) if touchpoint else unplanned(*shown.laid.ghosts[node]))


def _left_line(shown: Shown, touchpoint: Touchpoint, node: str) -> None:
    """Say the figure of the pill of a card, with a filter of its own."""
    n, sign, condition = shown.laid.left.get(node, 0), OUTCOMES["dropped"], left_after(touchpoint.id)
    if not n:
        return
    said, of, word = counted("{n} journey", "{n} journeys", n), shown.laid.reach[node], _("Left here")
    share = f"{percent(n / of)} ({interval(*wilson(n, of))})"
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(f":{sign.badge}[{sign.glyph} {word}]: {said} · {share}", help=_(LEFT_HERE), width="content")
        if not filters.in_force(condition):
            only = counted("Only this {n} journey", "Only these {n} journeys", n)
            st.button(only, type="tertiary", icon=":material/filter_alt:", key=f"{KEY}_left_only",
                      on_click=filters.look_at, args=[condition])  # fmt: skip


def unplanned(stage: str, activities: Collection[str]) -> str | None:
    """Write "does one of these things, which the plan does not know, in this stage", unless they are too many."""
    written = " or ".join(deviates("ad_hoc", activity, stage) for activity in activities)
    return written if len(written) <= LONGEST // 2 else None


def _beside(shown: Shown, node: str) -> None:
    """Say what the deviation is that a card beside the plan stands for."""
    stage, activities = shown.laid.ghosts[node]
    here = (pl.col("kind") == "ad_hoc") & (pl.col("stage") == stage) & pl.col("activity").is_in(activities)
    rows = shown.seen.found.deviations.filter(here)
    if rows.height == 1:
        row = rows.row(0, named=True)
        st.markdown(told(shown.seen, row))
    else:
        deviation_lines.show(shown, rows, with_place=True)
    _accepted(shown, shown.seen.found.accepted.filter(here))


def _accepted(shown: Shown, rows: pl.DataFrame) -> None:
    """Show what the plan accepts here, and who answers for it."""
    if rows.is_empty():
        return
    st.markdown(bold(_("Accepted")))
    for row in rows.iter_rows(named=True):
        accepted_row(shown.seen, row)


def _edge(shown: Shown, edge: str) -> None:
    ids = pl.format("{}>{}>{}", "source", "target", "status")
    row = next(shown.laid.flows.filter(ids == edge).iter_rows(named=True), None)
    if row is None:
        st.markdown(heading(_("Planned path")))
        st.caption(_("The plan has this path, and no journey of the log takes it, or none can be seen on it."))
        return
    source, target, status = row["source"], row["target"], row["status"]
    st.markdown(heading(md_escape(from_to(shown.name(source), shown.name(target)))))
    st.caption(_(STATUSES[status]))
    _accepted(shown, shown.seen.found.accepted[list(shown.laid.accepted_links.get((source, target, status), ()))])
    _in_all(shown, source, target)
    several = {other_node(stage.id) for stage in shown.seen.plan.map.stages} & {source, target}
    asked = None if several else takes(source, target, status)
    here = pl.all_horizontal(pl.col(part) == row[part] for part in ("source", "target", "status"))
    _steps(shown, places(shown.laid.walk, here), asked)


def _in_all(shown: Shown, source: str, target: str) -> None:
    """Say how many journeys go from one to the other in all, where they do so in more ways than one."""
    between = (pl.col("source") == source) & (pl.col("target") == target)
    ways = shown.laid.flows.filter(between).sort("n_journeys", descending=True)
    if ways.height < 2:
        return
    n = journeys_at(places(shown.laid.walk, between))
    words = [(STATUSES[status], count) for status, count in ways.select("status", "n_journeys").iter_rows()]
    said = counted(
        "{n} journey takes this link in all: {ways}.",
        "{n} journeys take this link in all: {ways}.",
        n,
        ways=", ".join(f"{number(count)} {_(word).lower()}" for word, count in words),
    )
    several = _("Some take it in more ways than one.") if ways["n_journeys"].sum() > n else ""
    st.caption(f"{said} {several}".strip())


def _badge(shown: Shown, id_: str) -> None:
    kind, _sep, place = id_.partition(":")
    if kind == "d":
        if (row := deviation_lines.row_of(shown, id_)) is not None:
            _deviation(shown, row)
    elif kind == "c":
        passed = place.partition(":")[0]
        here = (pl.col("kind") == "missing") & (pl.col("touchpoint") == passed)
        _deviation(shown, shown.seen.found.deviations.row(by_predicate=here, named=True))
    elif kind == "q":
        _questions(_headed(shown, place))
    else:
        _node(shown, touchpoint_node(place))


def _deviation(shown: Shown, row: dict[str, Any]) -> None:
    """Say what a deviation means, who answers for it where it is accepted, and show where it happens."""
    st.markdown(heading(heading_of(shown.seen, row)))
    if "acceptance" in row:
        st.markdown(sentence(shown.seen, row))
        st.caption(means(shown.seen, row))
        accepted_row(shown.seen, row)
    else:
        st.markdown(told(shown.seen, row))
        st.caption(to_bear_in_mind(shown.seen, row))
    _draw(shown, doors.of_deviation(shown, row))


def _headed(shown: Shown, stage_id: str) -> Stage:
    """Write the name of a stage over its panel."""
    stage = next(stage for stage in shown.seen.plan.map.stages if stage.id == stage_id)
    st.markdown(heading(md_escape(stage_title(stage))))
    return stage


def _hidden(shown: Shown, _id: str) -> None:
    """Say which links are too rare to be drawn."""
    links, n = shown.laid.between(), shown.seen.found.log.journeys
    drawn = strongest(shown.laid, shown.share, n)
    rows = [
        (f"{from_to(shown.name(s), shown.name(t))} · {_(STATUSES[status])}", times, journeys)
        for s, t, status, times, journeys in links.iter_rows()
        if (s, t, status) not in drawn
    ]
    hidden, moves = pl.DataFrame(rows, hidden_links.SCHEMA, orient="row"), int(links["n"].sum())
    title = shown_links(len(drawn), links.height, 1 - int(hidden["n"].sum()) / max(moves, 1))
    hidden_links.show(title, hidden, moves, n, {LINKS_KEY: 0})


def _questions(stage: Stage) -> None:
    gap = GAPS["unanswered_question"]
    st.markdown(_(gap.means))
    st.markdown("\n".join(f"- {md_escape(local(q.text))}" for q in stage.questions if not q.answered_by))
    st.caption(bold(_("What to do")) + ": " + _(gap.todo))


def _stage(shown: Shown, stage_id: str) -> None:
    stage = _headed(shown, stage_id)
    rows = shown.seen.found.deviations.filter(pl.col("stage") == stage_id)
    if not rows.is_empty():
        st.markdown(bold(_("Largest deviations here")))
        deviation_lines.show(shown, rows, with_place=True)
    _accepted(shown, shown.seen.found.accepted.filter(pl.col("stage") == stage_id))
    said = doors.of_stage(shown, stage_id)
    inside = counted("{n} journey has a planned step in it", "{n} journeys have a planned step in it", said.n_followed)
    st.caption(_("Journeys that got as far as this stage") + f" · {inside}")
    _draw(shown, said)
    if any(not q.answered_by for q in stage.questions):
        _questions(stage)


def left(shown: Shown, node: str) -> None:
    """Say who left at a touchpoint, and what they did after it."""
    found = shown.seen.found
    st.markdown(heading(_("Left here") + " · " + md_escape(shown.name(node))))
    st.caption(_(LEFT_HERE))
    touchpoint = next(t.id for t in found.plan.touchpoints() if touchpoint_node(t.id) == node)
    _draw(shown, doors.of_left(shown, touchpoint))


def _draw(shown: Shown, said: Panel) -> None:
    side_panel.draw(said, shown.seen.log, shown.name, KEY, shown.seen.found)


def _unseen(touchpoint: Touchpoint) -> None:
    st.markdown(_("Not measured: no event of the log is bound to it."))
    st.caption(_("Record it, or bind an event that stands for it. Until then it is never counted as skipped."))
    if not touchpoint.trackable:
        st.caption(_("The plan says that it cannot be tracked."))


def _steps(shown: Shown, steps: pl.DataFrame, condition: str | None) -> None:
    """Draw the panel of some steps; where no short condition chooses their journeys, one by their paths does."""
    found = shown.seen.found
    wanted = condition or _of_paths(shown, steps["path"].unique())
    _draw(shown, of_steps(steps, found.journeys, found.log.journeys, wanted))


def _of_paths(shown: Shown, paths: pl.Series) -> str | None:
    """Write "takes one of these paths", where the log numbers them and there are not too many to write down."""
    found = shown.seen.found
    if any(b.attributes for t in found.plan.touchpoints() for b in t.events):
        journeys = found.journeys.filter(pl.col("path").is_in(paths.implode()))
        written = one_of("key", sorted(journeys["key"].to_list())) if not journeys.is_empty() else None
    else:
        variant_of = found.walked.paths.select("path", "variant_id")
        numbers = variant_of.filter(pl.col("path").is_in(paths.implode()))["variant_id"].unique().sort().to_list()
        written = one_of("variant_id", numbers) if numbers else None
    return written if written is not None and len(written) <= LONGEST // 2 else None
