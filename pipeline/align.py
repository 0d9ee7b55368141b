"""Cost and fitness of a log against a whole model: the *complete* reading, as other tools compute it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from mining import alignment
from mining.alignment import OFF_MAP, Paths
from mining.automaton import Automaton, compile_map, compile_net
from mining.binding import bind, bound_attributes
from mining.errors import SourceError
from mining.journey_map import JourneyMap
from mining.messages import N_, Message
from pipeline import queries
from pipeline.bound_log import both
from pipeline.classed_log import ClassedLog, classed_log
from pipeline.findings import AlignmentSummary, write_moves
from pipeline.queries import LogSummary
from pipeline.store import Workspace

SCHEMA = "desirepath/alignment@1"
MAP_SUFFIXES = (".yaml", ".yml", ".json")


@dataclass(frozen=True)
class AlignmentResult:
    """The alignment of a log with a model, every variant walked to the model's end.

    Attributes
    ----------
    log : LogSummary
        The log.
    alignment : AlignmentSummary
        Over all journeys.
    variants : polars.DataFrame
        variant_id, path (activity names), n_journeys, cost, fitness.
    moves : polars.DataFrame
        variant_id, position, kind, label, activity, state.
    notes : tuple of Message
        What was inferred in reading the model.
    """

    log: LogSummary
    alignment: AlignmentSummary
    variants: pl.DataFrame = field(repr=False)
    moves: pl.DataFrame = field(repr=False)
    notes: tuple[Message, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Give the document of ``desirepath align --json``."""
        return {
            "schema": SCHEMA,
            "log": self.log.as_dict(),
            "alignment": self.alignment.as_dict(),
            "notes": [str(note) for note in self.notes],
        }

    def write_moves(self, path: str | Path) -> None:
        """Write every move of every variant as Parquet."""
        write_moves(self.moves, path)


def align(ws: Workspace, model: str | Path, *, silent: str | None = None, where: str | None = None) -> AlignmentResult:
    """Align the log of a workspace with a model file.

    Parameters
    ----------
    ws : Workspace
        The log.
    model : str or Path
        A journey map (.yaml, .yml, .json), BPMN, PNML or process tree.
    silent : str, optional
        Transitions whose whole name matches this pattern are silent.
    where : str, optional
        Align only the journeys that this condition chooses; the `where` of a journey map narrows them further.

    Raises
    ------
    SourceError, MapError, ModelError
        When there is no log, or the model cannot be read or has no end.
    """
    automaton, log, symbol_of, notes, where = _compiled(ws, Path(model), silent, where)
    if log.journeys.is_empty():
        raise SourceError(N_("There is no journey to align."))
    n_journeys = log.journeys.group_by("variant_id").agg(pl.len().cast(pl.Int64).alias("n_journeys"))
    variants = log.variants.join(n_journeys, on="variant_id", how="left", maintain_order="left")
    alignment.warm_up()
    started = time.perf_counter()
    paths = Paths.from_lists(variants["path"], symbol_of)
    found = alignment.align(paths, automaton, [automaton.final], np.zeros(variants.height, dtype=np.int64))
    seconds = time.perf_counter() - started
    worst = paths.lengths + automaton.shortest(automaton.final)
    n = variants["n_journeys"].cast(pl.Int64).to_numpy()
    names = np.array(log.classes["activity"].to_list(), dtype=object)
    return AlignmentResult(
        log=queries.summary(ws, where),
        alignment=AlignmentSummary.of(
            float(found.cost @ n), float(worst @ n), int(n[found.cost == 0].sum()), int(n.sum()), seconds
        ),
        variants=variants.with_columns(
            path=pl.Series([list(names[path]) for path in variants["path"]], dtype=pl.List(pl.String)),
            cost=pl.Series(found.cost),
            fitness=pl.Series(1 - found.cost / worst),
        ),
        moves=_named(found.moves(), variants, automaton, names),
        notes=notes,
    )


def _compiled(
    ws: Workspace, model: Path, silent: str | None, where: str | None
) -> tuple[Automaton, ClassedLog, np.ndarray, tuple[Message, ...], str | None]:
    """Compile the model and bind the log to it; the condition of a map joins that of the caller."""
    if model.suffix.lower() in MAP_SUFFIXES:
        plan = JourneyMap.read(model)
        where = both(plan.where, where)
        attributes = bound_attributes(plan)
        log = classed_log(ws, attributes, where)
        return compile_map(plan), log, bind(plan, log.classes, attributes), log.notes, where
    from mining.pm4py_bridge import read_petri_net

    net = read_petri_net(model, silent=silent)
    log = classed_log(ws, [], where)
    automaton = compile_net(net)
    number = {label: n for n, label in enumerate(automaton.labels)}
    symbols = [number.get(name, OFF_MAP) for name in log.classes["activity"]]
    return automaton, log, np.array(symbols, dtype=np.int32), net.notes, where


def _named(moves: pl.DataFrame, variants: pl.DataFrame, automaton: Automaton, names: np.ndarray) -> pl.DataFrame:
    """Put names in place of numbers."""
    labels = pl.Series([*automaton.labels, None], dtype=pl.String)  # OFF_MAP is the last
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
            labels.gather(pl.Series(moves["label"].to_numpy() % len(labels))).alias("label"),
            pl.when(pl.col("kind") != "model").then("activity").alias("activity"),
            "state",
        )
    )
