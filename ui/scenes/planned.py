"""The planned map with the log laid over it, as a scene."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from mining.flow_nodes import touchpoint_node
from mining.flows import OK, SKIP
from mining.journey_map import JourneyMap, Stage
from mining.messages import N_
from mining.quantiles import Median
from pipeline.findings import Findings
from ui.board import skip_names
from ui.formats import number
from ui.language import _, counted, current, local
from ui.scenes.accepted import told
from ui.scenes.cards import accepted_badges, badge, cards, ghosts, names_of
from ui.scenes.laid import FLOW_SHARE, Laid, strongest
from ui.scenes.parts import (
    COLUMN,
    MEASURES,
    STATUSES,
    VERSION,
    Measure,
    Scene,
    from_to,
    journeys,
    label,
    legend,
    share_of,
    times,
    waits,
    with_share,
    words,
)
from ui.words import DEVIATIONS

MOST_PASSED = 3


def edge_id(source: str, target: str, status: str) -> str:
    """Give the id of a link in a scene."""
    return f"{source}>{target}>{status}"


def planned_scene(
    found: Findings,
    laid: Laid,
    *,
    measure: Measure = "journeys",
    share: float = FLOW_SHARE,
    medians: Mapping[tuple[str, str, str], Median] | None = None,
) -> Scene:
    """Put a comparison into a scene.

    Parameters
    ----------
    found : Findings
        The comparison.
    laid : Laid
        The same, counted for a picture; see `ui.scenes.laid.lay`.
    measure : str
        What the links show.
    share : float
        Share of the journeys from which on a link is drawn; those of the plan always are.
    medians : mapping, optional
        Median waiting time by (source, target, status), for the measure ``wait``.
    """
    names = names_of(found.plan, laid)
    shown = strongest(laid, share, found.log.journeys)
    edges = [_edge(row, names, found, laid, measure, medians or {}) for row in _drawn(laid, shown)]
    nodes = [*cards(found, laid, names), *ghosts(found, laid, names)]
    lived_with = accepted_badges(found)
    stages = [_stage(stage, found, lived_with[stage.id]) for stage in found.plan.stages]
    return {
        "version": VERSION,
        "kind": "planned",
        "language": current(),
        "direction": "right",
        "measure": measure,
        "title": _("{name}: the plan and {journeys}", name=local(found.plan.title) or found.plan.id,
                   journeys=journeys(found.log.journeys)),
        "coverage": _coverage(laid, shown),
        "stages": stages,
        "nodes": nodes,
        "edges": edges,
        "legend": _legend(stages, nodes, edges, measure),
        "words": words(86400.0),
    }  # fmt: skip


def played(scene: Scene, replay: Scene | None) -> Scene:
    """Add journeys that can be played, of `ui.scenes.replay.replay`."""
    return scene | {"words": words(replay["unit_s"]), "replay": replay} if replay else scene


def _stage(stage: Stage, found: Findings, lived_with: list[Scene]) -> Scene:
    n = dict(found.stages.iter_rows())[stage.id]
    name = local(stage.title) or stage.id
    rows = found.deviations.filter((pl.col("kind") == "stage_skipped") & (pl.col("stage") == stage.id))
    badges = [*(badge(row, found) for row in rows.iter_rows(named=True)), *lived_with]
    open_questions = [local(q.text) for q in stage.questions if not q.answered_by]
    if open_questions:
        told = counted("{n} question that nobody answers", "{n} questions that nobody answers", len(open_questions))
        badges.append(
            {"id": f"q:{stage.id}", "kind": "questions", "text": number(len(open_questions)),
             "tip": [told, *open_questions]}
        )  # fmt: skip
    return {
        "id": stage.id,
        "label": name,
        "text": with_share(n, found.log.journeys),
        "share": n / found.log.journeys,
        "badges": badges,
        "tip": [name, _("{journeys} got as far as this stage", journeys=share_of(n, found.log.journeys))],
    }


def _drawn(laid: Laid, shown: set[tuple[str, str, str]]) -> list[dict[str, Any]]:
    """Give the links to draw as rows: those with a flow, and the links of the plan that nobody takes."""
    rows = [
        row for row in laid.between().iter_rows(named=True) if (row["source"], row["target"], row["status"]) in shown
    ]
    taken = {(row["source"], row["target"]) for row in rows if row["status"] == OK}
    empty = [pair for pair in laid.spine if pair not in taken]
    return rows + [{"source": s, "target": t, "status": OK, "n": 0, "n_journeys": 0} for s, t in empty]


def _edge(
    row: dict[str, Any],
    names: Mapping[str, str],
    found: Findings,
    laid: Laid,
    measure: Measure,
    medians: Mapping[tuple[str, str, str], Median],
) -> Scene:
    key = (row["source"], row["target"], row["status"])
    blind = not row["n"] and unseen(found.plan, key)
    median = medians.get(key)
    number = (median and median.value) if measure == "wait" else row[COLUMN[measure]]
    value = None if blind else number
    lived_with = [found.accepted.row(number, named=True) for number in laid.accepted_links.get(key, ())]
    numbers = [_("not measured")] if blind else [share_of(row["n_journeys"], found.log.journeys), times(row["n"])]
    return {
        "id": edge_id(*key),
        "source": key[0],
        "target": key[1],
        "status": key[2],
        **({"planned": True} if key[2] == OK else {}),
        **({"accepted": True} if lived_with else {}),
        "value": value,
        "text": label(value, measure),
        "tip": [from_to(names[key[0]], names[key[1]]), _(STATUSES[key[2]]), *numbers, *waits(median),
                *_passed(key, laid, found.plan), *(line for row in lived_with for line in told(found, row))],
    }  # fmt: skip


def unseen(plan: JourneyMap, link: tuple[str, str, str]) -> bool:
    """Tell whether a link leads to or from a touchpoint that cannot be seen in the log."""
    return any(touchpoint_node(t.id) in link[:2] and not t.measured for t in plan.touchpoints())


def _passed(key: tuple[str, str, str], laid: Laid, plan: JourneyMap) -> list[str]:
    """Name what a link leaves out, the most often left out first."""
    if key[2] != SKIP:
        return []
    here = (pl.col("source") == key[0]) & (pl.col("target") == key[1]) & (pl.col("status") == SKIP)
    passed = laid.found.past.filter(here).select("touchpoint", "n_journeys")
    ranked = passed.sort("n_journeys", "touchpoint", descending=[True, False]).head(MOST_PASSED)
    names = skip_names(plan)
    return [
        _("past {name}: {journeys}", name=names[touchpoint], journeys=journeys(n))
        for touchpoint, n in ranked.iter_rows()
    ]


def _coverage(laid: Laid, shown: set[tuple[str, str, str]]) -> Scene:
    """Say how much of what runs between the cards is drawn."""
    from ui.scenes.discovered import shown_links

    drawn = laid.between()
    moves = {(s, t, status): n for s, t, status, n in drawn.select("source", "target", "status", "n").iter_rows()}
    total = sum(moves.values())
    share = sum(moves[key] for key in shown) / total if total else None
    tip = [_("What the picture shows"), _("Rarer links are counted in the cards and badges, and stand in the table.")]
    return {"text": shown_links(len(shown), drawn.height, share), "tip": tip}


def _legend(stages: list[Scene], nodes: list[Scene], edges: list[Scene], measure: Measure) -> list[Scene]:
    """Explain what is in the picture, and only that."""
    kinds = {badge["kind"] for part in (*stages, *nodes) for badge in part.get("badges", ())}
    statuses = {edge["status"] for edge in edges if not edge.get("accepted")}
    statuses |= {status for kind, status in _STATUS_OF.items() if kind in kinds}
    drops = sum("drop" in node for node in nodes)
    rows = [("planned", _("Planned path"))]
    rows += [(status, _(word)) for status, word in STATUSES.items() if status in statuses]
    rows += [("accepted", _("Accepted"))] if "accepted" in kinds or any("accepted" in edge for edge in edges) else []
    rows += [("left", _("Left here (last touchpoint)"))] if drops else []
    rows += [("left_most", _("Left here, the two largest"))] if drops else []
    rows += [("often", _("Often skipped"))] if any(node["status"] == "skipped" for node in nodes) else []
    rows += [(kind, _(DEVIATIONS[kind].word)) for kind in _OWN_MARKS if kind in kinds]
    rows += [("rarer", _("Rarer deviations"))] if "more" in kinds else []
    rows += [("feeling", _("Planned feeling"))] if any("feeling" in node for node in nodes) else []
    rows += [(kind, _(text)) for kind, text in _MARKS.items() if kind in kinds]
    rows.append(("wait" if measure == "wait" else "width", _("Links: {measure}", measure=_(MEASURES[measure]))))
    rows.append(("bar", _("Bar: share of journeys")))
    return legend(*rows)


_STATUS_OF = {"skipped": "skip", "out_of_order": "out_of_order", "repeated": "repeat"}
_OWN_MARKS = ("extra", "failed", "late", "wrong_channel", "wrong_persona")  # deviations that no link shows
_MARKS = {
    "questions": N_("Unanswered question"),
    "unmeasured": N_("Not measured"),
    "silent": N_("Silent: no event occurs"),
    "milestone": N_("Milestone"),
}
