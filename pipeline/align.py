"""Cost and fitness of a log against a whole model: the *complete* reading, as other tools compute it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from mining import alignment
from mining.alignment import OFF_MAP, Paths
from mining.automaton import MAX_STATES, Automaton, compile_map, compile_net
from mining.binding import bind, bound_attributes
from mining.budgeted_alignment import BoundedAlignments, Budget, align_within
from mining.conditions import both
from mining.errors import SourceError
from mining.messages import N_, Message
from mining.petri import PetriNet
from mining.reachability import check_sound, explore
from pipeline import queries
from pipeline.classed_log import ClassedLog, classed_log
from pipeline.findings import AlignmentSummary, write_moves
from pipeline.map_files import MAPS, TABLES, read_map_file
from pipeline.plan_questions import settled
from pipeline.queries import LogSummary
from pipeline.store import Workspace

SCHEMA = "desirepath/alignment@1"
MAP_SUFFIXES = (*MAPS, *TABLES)


@dataclass(frozen=True)
class AlignmentResult:
    """The alignment of a log with a model, every variant walked to the model's end.

    Attributes
    ----------
    log : LogSummary
        The log.
    alignment : AlignmentSummary
        Over all journeys; what is not known exactly is None.
    variants : polars.DataFrame
        variant_id, path (activity names), n_journeys, cost, fitness, lowest, highest. The cost lies between the last
        two; where they differ, cost and fitness are null. That happens only with a net of very many states.
    moves : polars.DataFrame
        variant_id, position, kind, label, activity, state; of the variants whose alignment was found.
    bounds : dict of str to pair of float
        ``total_cost``, ``fitness`` and ``perfect_journeys``: the lowest and the highest that each can be.
    exact_share : float
        Share of the journeys whose cost is known exactly.
    notes : tuple of Message
        What was inferred in reading the model, and what could not be found out.
    """

    log: LogSummary
    alignment: AlignmentSummary
    variants: pl.DataFrame = field(repr=False)
    moves: pl.DataFrame = field(repr=False)
    bounds: dict[str, tuple[float, float]]
    exact_share: float
    notes: tuple[Message, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Give the document of ``desirepath align --json``."""
        return {
            "schema": SCHEMA,
            "log": self.log.as_dict(),
            "alignment": {
                **self.alignment.as_dict(),
                "exact_share": round(self.exact_share, 6),
                "bounds": {name: [round(bound, 6) for bound in pair] for name, pair in self.bounds.items()},
            },
            "notes": [str(note) for note in self.notes],
        }

    def write_moves(self, path: str | Path) -> None:
        """Write every move of every variant as Parquet."""
        write_moves(self.moves, path)


@dataclass(frozen=True)
class _Model:
    """A model laid against a log, and what aligns the variants (variant_id, path, n_journeys) with it."""

    log: ClassedLog
    where: str | None
    notes: tuple[Message, ...]
    labels: tuple[str, ...]
    run: Callable[[pl.DataFrame], BoundedAlignments]


def align(
    ws: Workspace,
    model: str | Path,
    *,
    silent: str | None = None,
    where: str | None = None,
    budget: Budget | None = None,
) -> AlignmentResult:
    """Align the log of a workspace with a model file.

    Parameters
    ----------
    ws : Workspace
        The log.
    model : str or Path
        A journey map (.yaml, .yml, .json, .csv, .xlsx), BPMN, PNML or process tree.
    silent : str, optional
        Transitions in whose name this pattern is found are silent.
    where : str, optional
        Align only the journeys that this condition chooses; the `where` of a journey map narrows them further.
    budget : Budget, optional
        What may be spent on a net with more states than an automaton may have; every other model is aligned exactly.

    Raises
    ------
    SourceError, MapError, ModelError
        When there is no log, or the model cannot be read, has no end, is unbounded or not sound.
    """
    path = Path(model)
    is_map = path.suffix.lower() in MAP_SUFFIXES
    read = _read_map(ws, path, where) if is_map else _read_net(ws, path, silent, where, budget or Budget())
    if read.log.journeys.is_empty():
        raise SourceError(N_("There is no journey to align."))
    n_journeys = read.log.journeys.group_by("variant_id").agg(pl.len().cast(pl.Int64).alias("n_journeys"))
    variants = read.log.variants.join(n_journeys, on="variant_id", how="left", maintain_order="left")
    alignment.warm_up()
    started = time.perf_counter()
    found = read.run(variants)
    return _result(read, variants, found, queries.summary(ws, read.where), time.perf_counter() - started)


def _result(
    model: _Model, variants: pl.DataFrame, found: BoundedAlignments, log: LogSummary, seconds: float
) -> AlignmentResult:
    """Sum up over journeys and put names in place of numbers."""
    names, n = _names(model.log), variants["n_journeys"].to_numpy()
    worst = variants["path"].list.len().to_numpy() + found.shortest
    known = found.lowest == found.highest
    bounds, share = _bounds(found, worst, n), float(n[known].sum() / n.sum())
    fits = int(n[found.lowest == 0].sum())
    exact = AlignmentSummary.of(float(found.lowest @ n), float(worst @ n), fits, int(n.sum()), seconds)
    return AlignmentResult(
        log=log,
        alignment=exact if known.all() else AlignmentSummary(None, None, None, None, seconds),
        variants=variants.with_columns(
            path=pl.Series([list(names[path]) for path in variants["path"]], dtype=pl.List(pl.String)),
            cost=pl.when(pl.Series(known)).then(pl.Series(found.lowest)),
            fitness=pl.when(pl.Series(known)).then(pl.Series(1 - found.lowest / worst)),
            lowest=pl.Series(found.lowest),
            highest=pl.Series(found.highest),
        ),
        moves=_named(found.moves, variants, model.labels, names),
        bounds=bounds,
        exact_share=share,
        notes=model.notes if known.all() else (*model.notes, _not_exact(1 - share, bounds["total_cost"])),
    )


def _names(log: ClassedLog) -> np.ndarray:
    """Give the activity of each code."""
    return np.array(log.classes["activity"].to_list(), dtype=object)


def _bounds(found: BoundedAlignments, worst: np.ndarray, n: np.ndarray) -> dict[str, tuple[float, float]]:
    """Give what the figures over all journeys lie between."""
    low, high, most = float(found.lowest @ n), float(found.highest @ n), float(worst @ n)
    return {
        "total_cost": (low, high),
        "fitness": (1 - high / most, 1 - low / most) if most else (1.0, 1.0),
        "perfect_journeys": (int(n[found.highest == 0].sum()), int(n[found.lowest == 0].sum())),
    }


def _not_exact(share: float, cost: tuple[float, float]) -> Message:
    return Message(
        N_(
            "The model has more than {limit} states, so journeys were aligned one path after the other, the most "
            "frequent first. For {percent} % of the journeys the cost is not known exactly; in all it lies between "
            "{low} and {high}. Fewer parallel branches make a model smaller."
        ),
        limit=MAX_STATES,
        percent=f"{100 * share:.2f}",
        low=f"{cost[0]:g}",
        high=f"{cost[1]:g}",
    )


def _read_map(ws: Workspace, path: Path, where: str | None) -> _Model:
    """Compile a journey map and bind the log to it; its condition joins that of the caller."""
    plan = read_map_file(path)
    where = both(plan.where, settled(ws, plan, where))
    attributes = bound_attributes(plan)
    log = classed_log(ws, attributes, where)
    automaton = compile_map(plan)
    run = partial(_exactly, automaton, bind(plan, log.classes, attributes))
    return _Model(log, where, log.notes, automaton.labels, run)


def _read_net(ws: Workspace, path: Path, silent: str | None, where: str | None, budget: Budget) -> _Model:
    """Read a net and compile it or, where it has too many states for that, leave it to a search with a budget."""
    from mining.model_reader import read_petri_net

    net = read_petri_net(path, silent=silent)
    graph = explore(net, MAX_STATES)
    where = settled(ws, None, where)
    log = classed_log(ws, [], where)
    if graph is None:
        return _Model(log, where, net.notes, net.labels, partial(_within, net, _names(log), budget))
    check_sound(net, graph)
    automaton = compile_net(net, graph)
    number = {label: n for n, label in enumerate(automaton.labels)}
    symbols = np.array([number.get(name, OFF_MAP) for name in log.classes["activity"]], dtype=np.int32)
    return _Model(log, where, net.notes, automaton.labels, partial(_exactly, automaton, symbols))


def _exactly(automaton: Automaton, symbol_of: np.ndarray, variants: pl.DataFrame) -> BoundedAlignments:
    """Align every variant on the automaton."""
    paths = Paths.from_lists(variants["path"], symbol_of)
    found = alignment.align(paths, automaton, [automaton.final], np.zeros(variants.height, dtype=np.int64))
    return BoundedAlignments(found.cost, found.cost, automaton.shortest(automaton.final), found.moves())


def _within(net: PetriNet, names: np.ndarray, budget: Budget, variants: pl.DataFrame) -> BoundedAlignments:
    """Align as many variants as the budget lasts for."""
    paths = [list(names[path]) for path in variants["path"]]
    return align_within(net, paths, variants["n_journeys"].to_list(), budget)


def _named(moves: pl.DataFrame, variants: pl.DataFrame, labels: tuple[str, ...], names: np.ndarray) -> pl.DataFrame:
    """Put names in place of numbers."""
    called = pl.Series([*labels, None], dtype=pl.String)  # OFF_MAP is the last
    events = (
        variants.select("variant_id", code=pl.col("path"))
        .explode("code")
        .select(
            "variant_id",
            pl.int_range(pl.len(), dtype=pl.Int32).over("variant_id").alias("position"),
            pl.Series("activity", names[variants["path"].explode().to_numpy()], dtype=pl.String),
        )
    )
    ids = variants.select("variant_id").with_row_index("path")
    return (
        moves.join(ids, on="path", maintain_order="left")
        .join(events, on=["variant_id", "position"], how="left", maintain_order="left")
        .select(
            "variant_id",
            "position",
            "kind",
            called.gather(pl.Series(moves["label"].to_numpy() % len(called))).alias("label"),
            pl.when(pl.col("kind") != "model").then("activity").alias("activity"),
            "state",
        )
    )
