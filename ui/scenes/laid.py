"""The log laid over the plan, counted for a picture: flows, unplanned activities, who left; no words yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from mining.automaton import compile_map
from mining.flow_nodes import END, START, ghost_node, other_node, touchpoint_node
from mining.flows import OK, Flows, flows, left_at
from mining.planned_links import allowed, spine
from pipeline.findings import Findings
from ui.scenes.accepted import Link, accepted_cards, accepted_links

MOST_GHOSTS = 4
LEAST_SHARE = 0.005  # of journeys: what is rarer has no card of its own
FLOW_SHARE = 0.02
Pair = tuple[str, str]


@dataclass(frozen=True)
class Laid:
    """What a picture of the plan draws.

    Attributes
    ----------
    found : Flows
        Every step of every path, and their counts; see `mining.flows`.
    spine : tuple of (str, str)
        The links of the plan, as nodes.
    ghosts : mapping of str to (str, tuple of str)
        Nodes that are not in the plan -> their stage, and the activities they stand for.
    reach : mapping of str to int
        Journeys by node.
    left : mapping of str to int
        Dropped journeys by the last planned touchpoint they had; `START` for those that had none.
    accepted_cards : mapping of str to tuple of int
        Nodes that are not in the plan and stand for what it accepts -> the rows in `Findings.accepted`.
    accepted_links : mapping of (str, str, str) to tuple of int
        The same for links: (source, target, status).
    """

    found: Flows
    spine: tuple[Pair, ...]
    ghosts: Mapping[str, tuple[str, tuple[str, ...]]]
    reach: Mapping[str, int]
    left: Mapping[str, int]
    accepted_cards: Mapping[str, tuple[int, ...]]
    accepted_links: Mapping[Link, tuple[int, ...]]

    @property
    def walk(self) -> pl.DataFrame:
        """Every step of every path."""
        return self.found.walk

    @property
    def flows(self) -> pl.DataFrame:
        """How often each step is taken."""
        return self.found.counts

    def between(self) -> pl.DataFrame:
        """Give the flows that have a node at both ends."""
        return self.flows.filter((pl.col("source") != START) & (pl.col("target") != END))


def lay(found: Findings, *, own: frozenset[tuple[str, str]] | None = None) -> Laid:
    """Count what a comparison found for a picture.

    Parameters
    ----------
    found : Findings
        The comparison.
    own : set of (stage, activity), optional
        The unplanned activities with a card of their own; the most frequent of each stage by default. The others of a
        stage share one.
    """
    plan = found.plan
    own = frozenset(frequent(found)) if own is None else own
    laid = flows(found.walked, allowed(compile_map(plan)), shown=own)
    ghosts: dict[str, tuple[str, tuple[str, ...]]] = {}
    for stage, activity in unplanned(found).select("stage", "activity").iter_rows():
        node = ghost_node(stage, activity) if (stage, activity) in own else other_node(stage)
        ghosts[node] = (stage, (*ghosts.get(node, (stage, ()))[1], activity))
    cards = accepted_cards(found, ghosts)
    return Laid(
        found=laid,
        spine=tuple((touchpoint_node(a), touchpoint_node(b)) for a, b in spine(plan)),
        ghosts=ghosts,
        reach=laid.reach,
        left=dict(left_at(laid, found.journeys.select("path", "outcome")).iter_rows()),
        accepted_cards=cards,
        accepted_links=accepted_links(found, laid, cards),
    )


def unplanned(found: Findings) -> pl.DataFrame:
    """Give the deviations that name an activity which the plan does not know, those it accepts included."""
    counted = found.accepted.drop("acceptance")
    return pl.concat([found.deviations.select(counted.columns), counted]).filter(pl.col("kind") == "ad_hoc")


def frequent(found: Findings) -> list[tuple[str, str]]:
    """Give the (stage, activity) that get a card of their own: the most frequent of each stage."""
    rows = unplanned(found).filter(pl.col("share") >= LEAST_SHARE)
    ranked = rows.sort("journeys", "activity", descending=[True, False])
    return list(ranked.group_by("stage", maintain_order=True).head(MOST_GHOSTS).select("stage", "activity").iter_rows())


def strongest(laid: Laid, share: float, n_journeys: int) -> set[tuple[str, str, str]]:
    """Choose the flows to draw: (source, target, status).

    Kept are the flows of at least `share` of the journeys, all that run along the plan, and for each card that is not
    in the plan the strongest way to it.
    """
    drawn = laid.between()
    rows = drawn.filter(pl.col("n_journeys") >= share * n_journeys)
    along = drawn.filter(
        pl.struct("source", "target").is_in(
            pl.DataFrame(list(laid.spine), schema=["source", "target"], orient="row").to_struct().implode()
        )
        & (pl.col("status") == OK)
    )
    ways = [
        drawn.filter(pl.col(side).is_in(list(laid.ghosts))).select(pl.all(), node=side) for side in ("target", "source")
    ]
    way = pl.concat(ways).group_by("node", maintain_order=True).first()  # from a card only where none leads to it
    keys = ["source", "target", "status"]
    return set(pl.concat([part.select(keys) for part in (rows, along, way)]).iter_rows())
