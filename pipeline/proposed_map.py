"""A first planned map out of the paths really taken: of several that could be drawn, the one that tells most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import harmonic_mean
from typing import TYPE_CHECKING, Any

import polars as pl

from mining import map_proposal, paths, success
from mining.errors import MapError
from mining.messages import N_, Message
from mining.tree_order import in_order, laid_out, leaves, never_empty, one_line
from mining.tree_size import most_states, widest
from mining.usual_order import UsualOrder
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
MOST_STEPS = 50  # activities that a plan is made of
MOST_STATES = 20_000  # of a candidate
MOST_WORK = 1_000_000_000  # what finding and measuring candidates costs, counted as `_Maker` does
EACH_STATE = 1000  # what building a state costs, in events read at it

EXPLAINS_LITTLE = N_(
    "This plan fits the journeys badly: its fitness is {fitness:.0%}. Much of what a comparison will call a deviation "
    "is only what this plan leaves out. Make it from another share of the journeys, or from those of one kind of "
    "customers, or leave rare and repeated events out of the paths first; where nothing helps, begin with a plan of "
    "your own."
)
ALLOWS_ALL = N_(
    "This plan allows nearly anything: of the steps it offers on the way, journeys take {precision:.0%}. Hardly any "
    "journey will leave it, so a comparison with it says little. Make it from fewer journeys, or from those of one "
    "kind of customers."
)

LEFT_OUT = N_(
    "The log has {n} activities. This plan is made of the {kept} that most journeys have; the others are {share:.0%} "
    "of the events, and a comparison will show them as off the map. Put alike activities under one name, in the "
    "recipe, for a plan of all of them."
)
NOT_ALL_TRIED = N_(
    "Not every plan that could be drawn was tried: with paths as varied as these that takes too long. This is the best "
    "of {n}. Make it from fewer journeys, or from those of one kind of customers, for more to be tried."
)


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
        Where the map allows more than was found, what was left out of it, and whether some maps were not tried.
    of_all : bool
        Whether no activity was left out as too rare.
    """

    map: JourneyMap
    mining: Mining
    journeys: int
    quality: ModelQuality | None
    compared: AlignmentSummary | None
    notes: tuple[Message, ...]
    of_all: bool = True

    @property
    def warnings(self) -> tuple[Message, ...]:
        """What speaks against taking the map: it explains too little of the log, or allows nearly anything."""
        fitness = None if self.compared is None else self.compared.fitness
        precision = None if self.quality is None else self.quality.precision
        said = []
        if fitness is not None and fitness < FIT_ENOUGH:
            said.append(Message(EXPLAINS_LITTLE, fitness=fitness))
        if precision is not None and precision < SAYS_LITTLE:
            said.append(Message(ALLOWS_ALL, precision=precision))
        return tuple(said)

    def as_dict(self) -> dict[str, Any]:
        """Give its figures as plain JSON values; those of a comparison stand in ``compared``."""
        return {
            "stages": len(self.map.stages),
            "touchpoints": len(self.map.touchpoints()),
            "goal": self.map.goal,
            "noise": self.mining.noise,
            "coverage": self.mining.coverage,
            "compared": None if self.compared is None else fit(self.compared),
            **figures(self.quality, (*self.warnings, *self.notes)),
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
        without their rare turns, as they were found, laid out in the usual order of their steps, and as one line of
        them. The one with the best balance (harmonic mean) of fitness, as a comparison tells it, precision, and how
        much of the order in which journeys come to steps it is drawn in, is given. It is made from at most 1,000
        variants, every so many of those of a larger log, and measured with all. What would cost more
        than is left of `MOST_WORK` is passed over; that is counted and not timed, so the answer is the same everywhere.
    coverage : float, optional
        Without `mining`: try only maps that are made from this share of the journeys.
    goal : str, optional
        The activity that means success; see `mining.map_proposal.propose_map`.

    Raises
    ------
    MapError
        When there is nothing to make a map of, or no such goal.

    Notes
    -----
    Of more than `MOST_STEPS` activities those that most journeys have are taken, and a note says what that leaves out.
    """
    if found.detail != "activity" or (mining is not None and mining.miner != INDUCTIVE):
        raise MapError(N_("A map is made of activities, and of what the inductive miner finds in them."))
    maker = _Maker(found, goal)
    return maker.asked(mining) if mining else maker.best(COVERAGES if coverage is None else (coverage,))


class _Maker:
    """Makes maps of one log with one goal, and counts what that costs."""

    def __init__(self, found: DiscoveredGraph, goal: str | None) -> None:
        self.names, self.goal = found.names, goal
        self.variants = found.frames.variants
        asked_for = [code for code, name in found.names.items() if name == goal]
        self.common = paths.without_rare(self.variants, MOST_STEPS, asked_for)
        self.judged = _judged(self.common)
        self.usual = UsualOrder(self.judged)
        self.order = [found.names[code] for code in self.usual.codes]
        self.code_of = {name: code for code, name in found.names.items()}
        self.ends = {found.names[code]: n for code, n in found.frames.endpoints.select("activity", "n_end").iter_rows()}
        self.reached = dict(found.frames.activities.select("name", "n_journeys").iter_rows())
        self.work_left, self.tried, self.passed_over = MOST_WORK, 0, False

    def asked(self, mining: Mining) -> ProposedMap:
        """Make the map of what a miner finds."""
        covered = paths.most_frequent(self.common, mining.coverage)
        return self._made(mining, self._mined(covered, mining.noise), covered)

    def best(self, coverages: tuple[float, ...]) -> ProposedMap:
        """Make the map with the best balance; of equal ones that of more journeys."""
        if not self.order:
            raise MapError(N_("There is no journey to make a map of."))
        candidates = self._candidates(coverages)
        return self._made(*max(candidates, key=lambda candidate: (self._score(candidate[1]), candidate[0].coverage)))

    def _candidates(self, coverages: tuple[float, ...]) -> Iterator[tuple[Mining, ProcessTree, pl.DataFrame]]:
        """Give what could be drawn, each tree once, with the variants that it is made from."""
        known = set()
        for coverage in coverages:
            covered = paths.most_frequent(self.judged, coverage)
            for noise, tree in self._trees(covered):
                if tree.activities and tree not in known:
                    known.add(tree)
                    yield Mining(noise=noise, coverage=coverage), tree, covered

    def _trees(self, covered: pl.DataFrame) -> Iterator[tuple[float, ProcessTree]]:
        """Give one line of all steps, and what is mined with some noise: as it is found, and laid out in order."""
        rows = covered.select("path", "n_journeys").iter_rows()
        yield 0.0, one_line((([self.names[code] for code in path], n) for path, n in rows), self.order)
        for noise in NOISES:
            if self._affords(_events(covered) * len(self.order) ** 2):
                tree = self._mined(covered, noise)
                yield noise, tree
                yield noise, laid_out(tree, self.order)

    def _affords(self, work: int) -> bool:
        """Take some work off what is left, if it suffices."""
        if work > self.work_left:
            self.passed_over = True
            return False
        self.work_left -= work
        return True

    def _mined(self, covered: pl.DataFrame, noise: float) -> ProcessTree:
        return in_order(never_empty(mined_tree(covered, self.names, noise)), self.order)

    def _made(self, mining: Mining, tree: ProcessTree, covered: pl.DataFrame) -> ProposedMap:
        """Make the map of a tree, and measure it with the whole log."""
        proposal = self._proposal(tree, self.variants)
        told, notes = measured(lambda: self._in_both_readings(self.variants, proposal.map))
        quality, compared = told or (None, None)
        journeys, bounds = int(covered["n_journeys"].sum()), self._bounds()
        notes = (*bounds, *proposal.notes, *notes)
        return ProposedMap(proposal.map, mining, journeys, quality, compared, notes, self._of_all)

    @property
    def _of_all(self) -> bool:
        return self.common is self.variants

    def _bounds(self) -> Iterator[Message]:
        """Say what was left out, and whether something was not tried."""
        if not self._of_all:
            left, events = self.common["path"].explode().n_unique(), _events(self.variants, each=True)
            share = 1 - _events(self.common, each=True) / events
            yield Message(LEFT_OUT, n=len(self.names), kept=left, share=share)
        if self.passed_over:
            yield Message(NOT_ALL_TRIED, n=self.tried)

    def _score(self, tree: ProcessTree) -> tuple[bool, bool, float]:
        """Say whether a map would hold what many journeys have and fit enough, and how well its figures balance."""
        many = IN_MANY * sum(self.variants["n_journeys"])
        if self._too_large(tree) or (self.goal is not None and self.goal not in tree.activities):
            return False, False, 0.0
        told, _notes = measured(lambda: self._in_both_readings(self.judged, self._proposal(tree, self.judged).map))
        if told is None:
            return False, False, 0.0
        self.tried += 1
        fitness, precision = told[1].fitness or 0.0, told[0].precision or 0.0
        holds = all(name in tree.activities for name, n in self.reached.items() if n >= many)
        kept = self.usual.kept([self.code_of[name] for name in leaves(tree)])
        return holds, fitness >= FIT_ENOUGH, harmonic_mean((fitness, precision, kept))

    def _too_large(self, tree: ProcessTree) -> bool:
        """Tell whether a candidate has too many states, or more than can still be afforded."""
        states = most_states(tree)
        if widest(tree) > MOST_SIDE_BY_SIDE or states > MOST_STATES:
            return True
        return self.tried > 0 and not self._affords(states * (EACH_STATE + _events(self.judged)))

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


def _events(variants: pl.DataFrame, *, each: bool = False) -> int:
    """Count the events of variants, once or, where `each` says so, for each journey."""
    length = pl.col("path").list.len().cast(pl.Int64)
    return int(variants.select((length * pl.col("n_journeys") if each else length).sum()).item())


def _judged(variants: pl.DataFrame) -> pl.DataFrame:
    """Give at most `MOST_JUDGED` variants, as often rare as frequent ones, in the order of paths."""
    ranked = variants.sort("n_journeys", "variant_id", descending=[True, False])
    return ranked.gather_every(-(-max(variants.height, 1) // MOST_JUDGED)).sort("variant_id")
