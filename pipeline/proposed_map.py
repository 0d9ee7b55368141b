"""A first planned map out of the paths really taken: of several that could be drawn, the one that tells most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from mining import map_proposal, paths, success
from mining.errors import MapError
from mining.messages import N_, Message
from mining.process_tree import ANY_OF, PARALLEL
from mining.tree_order import in_order, laid_out, never_empty
from mining.usual_order import usual_order
from pipeline.discovered_model import INDUCTIVE, Mining, figures, fit, measured, mined_tree
from pipeline.findings import AlignmentSummary
from pipeline.model_quality import ModelQuality, as_compared, model_quality, symbols

if TYPE_CHECKING:
    from mining.journey_map import JourneyMap
    from mining.map_proposal import Proposal
    from mining.process_tree import ProcessTree
    from pipeline.discover import DiscoveredGraph

COVERAGES, NOISES = (0.5, 0.65, 0.8, 0.9, 1.0), (0.0, 0.2, 0.4)
FIT_ENOUGH = 0.8  # a map that explains less is taken only where none explains as much
SAYS_LITTLE = 0.5  # precision
IN_MANY = 0.5  # of the journeys: a map without a touchpoint that so many have is taken only where there is no other
MOST_SIDE_BY_SIDE = 9  # steps without an order in one block of a candidate
MOST_JUDGED = 1000  # variants that candidates are made from and judged by


@dataclass(frozen=True)
class ProposedMap:
    """A first planned map made of what really happens, and how well it tells of the log.

    Attributes
    ----------
    map : JourneyMap
        To be renamed and mended by a person.
    mining : Mining
        How its process tree was found.
    journeys : int
        The journeys it was made from.
    quality : ModelQuality or None
        As in `DiscoveredModel`: the *complete* reading.
    compared : AlignmentSummary or None
        What a comparison of the log with the map tells: the *journey* reading.
    notes : tuple of Message
        Where the map allows more than was found.
    """

    map: JourneyMap
    mining: Mining
    journeys: int
    quality: ModelQuality | None
    compared: AlignmentSummary | None
    notes: tuple[Message, ...]

    @property
    def warning(self) -> Message | None:
        """What speaks against taking the map: it allows nearly anything."""
        precision = None if self.quality is None else self.quality.precision
        if precision is None or precision >= SAYS_LITTLE:
            return None
        return Message(
            N_(
                "This plan allows nearly anything: of the steps it offers on the way, journeys take less than half. "
                "Hardly any journey will leave it, so a comparison with it says little. Make it from fewer journeys, "
                "or from those of one kind of customers."
            )
        )

    def as_dict(self) -> dict[str, Any]:
        """Give its figures as plain JSON values; those of a comparison stand in ``compared``."""
        warnings = () if self.warning is None else (self.warning,)
        return {
            "stages": len(self.map.stages),
            "touchpoints": len(self.map.touchpoints()),
            "goal": self.map.goal,
            "noise": self.mining.noise,
            "coverage": self.mining.coverage,
            "compared": None if self.compared is None else fit(self.compared),
            **figures(self.quality, (*warnings, *self.notes)),
        }


def propose_map(
    found: DiscoveredGraph, mining: Mining | None = None, *, coverage: float | None = None, goal: str | None = None
) -> ProposedMap:
    """Make a first planned map of what really happens.

    Parameters
    ----------
    found : DiscoveredGraph
        Its nodes are activities.
    mining : Mining, optional
        The miner must be ``inductive``. Without it several maps are tried, of more and of fewer journeys, with and
        without their rare turns, as they were found and laid out in the usual order of their steps. The one with the
        best balance (harmonic mean) of fitness, as a comparison tells it, and precision is given. It is made from at
        most 1,000 variants, every so many of those of a larger log, and measured with all.
    coverage : float, optional
        Without `mining`: try only maps that are made from this share of the journeys.
    goal : str, optional
        The activity that means success; see `mining.map_proposal.propose_map`.

    Raises
    ------
    MapError
        When there is nothing to make a map of, or no such goal.
    """
    if found.detail != "activity" or (mining is not None and mining.miner != INDUCTIVE):
        raise MapError(N_("A map is made of activities, and of what the inductive miner finds in them."))
    maker = _Maker(found, goal)
    return (
        maker.made(_Sketch(mining), maker.variants)
        if mining
        else maker.best(COVERAGES if coverage is None else (coverage,))
    )


@dataclass(frozen=True)
class _Sketch:
    """How a map could be made: from what is mined, as it is found or laid out in order."""

    mining: Mining
    laid_out: bool = False


class _Maker:
    """Makes maps of one log with one goal."""

    def __init__(self, found: DiscoveredGraph, goal: str | None) -> None:
        self.names, self.goal = found.names, goal
        self.variants = found.frames.variants
        self.judged = _judged(self.variants)
        self.order = [found.names[code] for code in usual_order(self.judged)]
        self.ends = {found.names[code]: n for code, n in found.frames.endpoints.select("activity", "n_end").iter_rows()}
        self.reached = dict(found.frames.activities.select("name", "n_journeys").iter_rows())

    def made(self, sketch: _Sketch, variants: pl.DataFrame) -> ProposedMap:
        """Make a map of some variants and measure it with the whole log."""
        mining = sketch.mining
        covered = paths.most_frequent(variants, mining.coverage)
        tree = self._tree(covered, mining.noise)
        proposal = self._proposal(laid_out(tree, self.order) if sketch.laid_out else tree, self.variants)
        told, notes = measured(lambda: self._in_both_readings(self.variants, proposal.map))
        quality, compared = told or (None, None)
        journeys = int(covered["n_journeys"].sum())
        return ProposedMap(proposal.map, mining, journeys, quality, compared, (*proposal.notes, *notes))

    def best(self, coverages: tuple[float, ...]) -> ProposedMap:
        """Make the map with the best balance; of equal ones that of more journeys."""
        if not self.order:
            raise MapError(N_("There is no journey to make a map of."))
        scores: dict[_Sketch, tuple[bool, bool, float]] = {}
        for sketch, tree in self._sketches(coverages):
            scores[sketch] = self._score(tree)
        return self.made(max(scores, key=lambda sketch: (scores[sketch], sketch.mining.coverage)), self.judged)

    def _sketches(self, coverages: tuple[float, ...]) -> Iterator[tuple[_Sketch, ProcessTree]]:
        """Give what could be drawn, each tree once."""
        known = set()
        for coverage in coverages:
            covered = paths.most_frequent(self.judged, coverage)
            for noise in NOISES:
                tree = self._tree(covered, noise)
                for sketched in (tree, laid_out(tree, self.order)):
                    if sketched.activities and sketched not in known:
                        known.add(sketched)
                        yield _Sketch(Mining(noise=noise, coverage=coverage), sketched is not tree), sketched

    def _tree(self, covered: pl.DataFrame, noise: float) -> ProcessTree:
        return in_order(never_empty(mined_tree(covered, self.names, noise)), self.order)

    def _score(self, tree: ProcessTree) -> tuple[bool, bool, float]:
        """Say whether a map would hold what many journeys have and fit enough, and how well both figures balance."""
        many = IN_MANY * sum(self.variants["n_journeys"])
        if _widest(tree) > MOST_SIDE_BY_SIDE or (self.goal is not None and self.goal not in tree.activities):
            return False, False, 0.0
        told, _notes = measured(lambda: self._in_both_readings(self.judged, self._proposal(tree, self.judged).map))
        if told is None:
            return False, False, 0.0
        fitness, precision = told[1].fitness or 0.0, told[0].precision or 0.0
        holds = all(name in tree.activities for name, n in self.reached.items() if n >= many)
        balance = 2 * fitness * precision / (fitness + precision) if fitness and precision else 0.0
        return holds, fitness >= FIT_ENOUGH, balance

    def _proposal(self, tree: ProcessTree, variants: pl.DataFrame) -> Proposal:
        """Give the map of a tree, with its goal and its milestones."""
        goal = self.goal or success.likely_goal(variants, self.names, tree.activities)
        proposal = map_proposal.propose_map(tree, self.ends, self.reached, goal=goal)
        return map_proposal.Proposal(
            map_proposal.with_milestones(proposal.map, lambda goal: success.passed_before(variants, self.names, goal)),
            proposal.notes,
        )

    def _in_both_readings(self, variants: pl.DataFrame, plan: JourneyMap) -> tuple[ModelQuality, AlignmentSummary]:
        from mining.automaton import compile_map

        automaton, touchpoints = compile_map(plan), plan.touchpoints()
        symbol_of = symbols(self.names, [str(t.events[0].activity) for t in touchpoints])
        goal = next(number for number, t in enumerate(touchpoints) if t.id == plan.goal)
        return model_quality(variants, symbol_of, automaton), as_compared(variants, symbol_of, automaton, goal)


def _widest(tree: ProcessTree) -> int:
    """Count the branches of the widest block without an order; each doubles the states of the map."""
    own = len(tree.children) if tree.operator in (PARALLEL, ANY_OF) else 0
    return max((own, *map(_widest, tree.children)))


def _judged(variants: pl.DataFrame) -> pl.DataFrame:
    """Give at most `MOST_JUDGED` variants, as often rare as frequent ones, in the order of paths."""
    ranked = variants.sort("n_journeys", "variant_id", descending=[True, False])
    return ranked.gather_every(-(-max(variants.height, 1) // MOST_JUDGED)).sort("variant_id")
