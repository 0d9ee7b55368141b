"""Two choices of journeys held against each other on one planned map: every difference, and what is beyond chance.

Numbers are those of A minus those of B. The two have no journey in common (`ui.compare_difference` sees to that).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mining.flow_nodes import touchpoint_node
from mining.flows import OK
from mining.journey_map import JourneyMap
from mining.statistics import Q_LIMIT, TOO_FEW, benjamini_hochberg, fisher_exact, newcombe
from pipeline.findings import Findings
from ui.scenes.laid import FLOW_SHARE, Laid, frequent, lay, strongest
from ui.scenes.planned import unseen

MORE, LESS, SAME, FEW = "more", "less", "same", "few"
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Side:
    """One choice of journeys.

    Attributes
    ----------
    name : str
        What it is called.
    found : Findings
        The comparison of its journeys with the plan.
    laid : Laid
        The same counted for a picture.
    where : str, optional
        The condition that chooses its journeys.
    """

    name: str
    found: Findings
    laid: Laid
    where: str | None = None

    @property
    def n(self) -> int:
        """Journeys."""
        return self.found.log.journeys


def sides(a: tuple[str, Findings], b: tuple[str, Findings]) -> tuple[Side, Side]:
    """Count two comparisons with the same map for one picture: both have a card for what either does often."""
    own = frozenset(frequent(a[1])) | frozenset(frequent(b[1]))
    first, second = (Side(name, found, lay(found, own=own)) for name, found in (a, b))
    return first, second


@dataclass(frozen=True)
class Change:
    """How a share of journeys differs between A and B, with the counts behind it."""

    n_a: int
    of_a: int
    n_b: int
    of_b: int

    @property
    def difference(self) -> tuple[float, float, float]:
        """The share of A minus that of B, with its 95% interval (Newcombe)."""
        return newcombe(self.n_a, self.of_a, self.n_b, self.of_b)

    @property
    def shares(self) -> tuple[float, float]:
        """The shares of A and of B."""
        return self.n_a / self.of_a, self.n_b / self.of_b

    @property
    def testable(self) -> bool:
        """Whether there are journeys enough on both sides."""
        return min(self.of_a, self.of_b) >= TOO_FEW


@dataclass(frozen=True)
class Changes:
    """All differences of a picture, and what is beyond chance among them.

    Every difference with journeys enough on both sides is one test (Fisher's exact) in one ledger; false discoveries
    are kept below `Q_LIMIT` (Benjamini-Hochberg). What cannot be seen in the log is no difference: its card is not
    among the nodes, its link has none.
    """

    stages: Mapping[str, Change]
    nodes: Mapping[str, Change]
    left: Mapping[str, Change]
    edges: Mapping[Key, Change | None]

    @classmethod
    def between(cls, a: Side, b: Side, share: float = FLOW_SHARE) -> Changes:
        """Count every difference between two choices; links are those of at least `share` of the journeys of either."""
        n = {"of_a": a.n, "of_b": b.n}
        stages, reach, edges = (_counts(of(a), of(b)) for of in (_stages, _reach, _flows))
        shown = strongest(a.laid, share, a.n) | strongest(b.laid, share, b.n)
        shown |= {(source, target, OK) for source, target in a.laid.spine}
        seen = {key: edges.get(key, (0, 0)) for key in sorted(shown)}
        return cls(
            {stage: Change(n_a=here, n_b=there, **n) for stage, (here, there) in stages.items()},
            {node: Change(n_a=here, n_b=there, **n) for node, (here, there) in reach.items()},
            {
                node: Change(here, reach[node][0], there, reach[node][1])
                for node, (here, there) in _counts(a.laid.left, b.laid.left).items()
                if all(reach.get(node, (0, 0)))
            },
            {
                key: None if _blind(a.found.plan, key, counts) else Change(n_a=counts[0], n_b=counts[1], **n)
                for key, counts in seen.items()
            },
        )

    @cached_property
    def q(self) -> Mapping[Change, float]:
        """The q-value of every difference that is tested."""
        tested = [change for change in self.all() if change.testable]
        p = [fisher_exact(change.n_a, change.of_a, change.n_b, change.of_b) for change in tested]
        return dict(zip(tested, benjamini_hochberg(p), strict=True))

    def all(self) -> Iterable[Change]:
        """Give every difference."""
        for part in (self.stages, self.nodes, self.left, self.edges):
            yield from (change for change in part.values() if change is not None)

    def status(self, change: Change) -> str:
        """Say which way a difference goes beyond chance; `FEW` where there are too few journeys to tell."""
        if not change.testable:
            return FEW
        return SAME if self.q[change] > Q_LIMIT else MORE if change.difference[0] > 0 else LESS

    @property
    def beyond_chance(self) -> int:
        """How many of the tests are beyond chance."""
        return sum(self.q.get(change, 1.0) <= Q_LIMIT for change in self.all())

    @property
    def tests(self) -> int:
        """How many differences were tested."""
        return sum(change.testable for change in self.all())


def _counts(a: Mapping[Any, int], b: Mapping[Any, int]) -> dict[Any, tuple[int, int]]:
    return {key: (a.get(key, 0), b.get(key, 0)) for key in {**a, **b}}


def _stages(side: Side) -> dict[str, int]:
    return dict(side.found.stages.iter_rows())


def _reach(side: Side) -> dict[str, int]:
    """Give the journeys by node, those of the plan that nobody met included, but not what the log cannot show."""
    measured = {touchpoint.id for touchpoint in side.found.plan.touchpoints() if touchpoint.measured}
    rows = side.found.reach.select("touchpoint", "n_journeys").iter_rows()
    met = {touchpoint_node(touchpoint): n for touchpoint, n in rows if touchpoint in measured}
    return met | {node: side.laid.reach[node] for node in side.laid.ghosts}


def _flows(side: Side) -> dict[Key, int]:
    rows = side.laid.between().select("source", "target", "status", "n_journeys").iter_rows()
    return {(source, target, status): n for source, target, status, n in rows}


def _blind(plan: JourneyMap, key: Key, counts: tuple[int, int]) -> bool:
    """Tell whether a link is taken by nobody because one of its ends cannot be seen in the log."""
    return not any(counts) and unseen(plan, key)
