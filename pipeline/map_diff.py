"""Two versions of a plan, or a plan and a model, side by side: what each allows alone, and what a log makes of both."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from mining.automaton import Automaton, compile_map, compile_net
from mining.errors import ModelError
from mining.journey_map import JourneyMap
from mining.map_changes import Change, changes
from mining.map_difference import Difference, by_events, difference
from mining.messages import N_
from mining.petri import PetriNet
from pipeline.align import MAP_SUFFIXES
from pipeline.compare import compare
from pipeline.findings import Findings, rounded
from pipeline.map_files import read_map_file
from pipeline.plan_questions import settled
from pipeline.store import Workspace

SCHEMA = "desirepath/map-diff@1"
NEW, GONE, CHANGED, SAME = "new", "gone", "changed", "same"
_ROW = ("kind", "touchpoint", "activity", "stage", "rule")

Model = JourneyMap | PetriNet


@dataclass(frozen=True)
class LogDiff:
    """How two maps tell of the same journeys.

    Attributes
    ----------
    old, new : Findings
        The two comparisons.
    journeys : int
        That both maps plan.
    both, only_old, only_new, neither : int
        Of these, the journeys that leave the old map, the new map nowhere.
    deviations : frame
        One row per deviation of either: kind, touchpoint, activity, stage (where no touchpoint names the place), rule,
        n_old, n_new (journeys), share_old, share_new, status (``new``, ``gone``, ``changed``, ``same``); what differs
        most first.
    """

    old: Findings = field(repr=False)
    new: Findings = field(repr=False)
    journeys: int
    both: int
    only_old: int
    only_new: int
    neither: int
    deviations: pl.DataFrame = field(repr=False)

    def as_dict(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        return {
            "journeys": self.journeys,
            "as_planned": {
                "both": self.both,
                "only_old": self.only_old,
                "only_new": self.only_new,
                "neither": self.neither,
            },
            "fitness": {"old": self.old.alignment.as_dict()["fitness"], "new": self.new.alignment.as_dict()["fitness"]},
            "deviations": [
                row | {name: rounded(row[name]) for name in ("share_old", "share_new")}
                for row in self.deviations.iter_rows(named=True)
            ],
        }


@dataclass(frozen=True)
class MapDiff:
    """What differs between two models.

    Attributes
    ----------
    by : str
        What paths are made of: ``touchpoint`` ids of two versions of one map, else ``activity`` names.
    only_old, only_new : Difference
        What one allows and the other does not.
    changes : list of Change
        Touchpoint by touchpoint; empty unless they are two versions of one map.
    log : LogDiff or None
        Where a log was given.
    """

    by: str
    only_old: Difference
    only_new: Difference
    changes: list[Change]
    log: LogDiff | None = None

    @property
    def same(self) -> bool:
        """Whether the two are known to allow the same paths."""
        found = (self.only_old, self.only_new)
        return all(side.complete and not side.examples for side in found)

    def to_dict(self) -> dict[str, Any]:
        """Give the document of ``desirepath map diff --json``."""
        return {
            "schema": SCHEMA,
            "by": self.by,
            "same_paths": self.same,
            "only_old": _side(self.only_old),
            "only_new": _side(self.only_new),
            "changes": [
                {
                    "kind": change.kind,
                    "touchpoint": change.touchpoint,
                    "other": change.other,
                    "old": change.old,
                    "new": change.new,
                }
                for change in self.changes
            ],
            "log": None if self.log is None else self.log.as_dict(),
        }


def map_diff(old: Model, new: Model, *, ws: Workspace | None = None, where: str | None = None) -> MapDiff:
    """Compare two models.

    Two maps count as versions of one where at least half of the touchpoints of the smaller one have an id of the other.

    Parameters
    ----------
    old, new : JourneyMap or PetriNet
        Two versions of a map, or a map and a model such as `discover_model` gives.
    ws : Workspace, optional
        A log to compare with both; both must be maps.
    where : str, optional
        Compare with the journeys of the log that this condition chooses; what it asks about a plan is asked of `new`.

    Raises
    ------
    ModelError
        When a model cannot become an automaton, or a log is given for one that is not a map.
    """
    log = None
    if ws is not None:
        if not (isinstance(old, JourneyMap) and isinstance(new, JourneyMap)):
            raise ModelError(N_("With a log, both must be journey maps; `desirepath align` measures other models."))
        same = settled(ws, new, where)
        log = log_diff(compare(ws, old, where=same), compare(ws, new, where=same))
    if isinstance(old, JourneyMap) and isinstance(new, JourneyMap) and _versions(old, new):
        one, other = compile_map(old), compile_map(new)
        return MapDiff("touchpoint", difference(one, other), difference(other, one), changes(old, new), log)
    one, other = _over_events(old), _over_events(new)
    return MapDiff("activity", difference(one, other), difference(other, one), [], log)


def _versions(old: JourneyMap, new: JourneyMap) -> bool:
    one, other = ({t.id for t in plan.touchpoints()} for plan in (old, new))
    return 2 * len(one & other) >= min(len(one), len(other))


def read_model(path: str | Path) -> Model:
    """Read a map (.yaml, .yml, .json, .csv, .xlsx) or another model (.bpmn, .pnml, .ptml).

    Raises
    ------
    MapError, ModelError
        When it cannot be read.
    """
    if Path(path).suffix.lower() in MAP_SUFFIXES:
        return read_map_file(Path(path))
    from mining.model_reader import read_petri_net

    return read_petri_net(path)


def _over_events(model: Model) -> Automaton:
    if isinstance(model, PetriNet):
        return compile_net(model)
    taken: set[str] = set()
    events: dict[str, list[str]] = {}
    for touchpoint in model.touchpoints():  # the first touchpoint in map order gets an event
        events[touchpoint.id] = [b.name for b in touchpoint.events if b.name not in taken]
        taken.update(events[touchpoint.id])
    return by_events(compile_map(model), events)


def log_diff(before: Findings, after: Findings) -> LogDiff:
    """Put two comparisons of one log beside each other."""
    fits = before.journeys.select("journey_id", old=pl.col("cost") == 0).join(
        after.journeys.select("journey_id", new=pl.col("cost") == 0), on="journey_id"
    )
    counts = {(old_fits, new_fits): n for old_fits, new_fits, n in fits.group_by("old", "new").len().iter_rows()}
    return LogDiff(
        old=before,
        new=after,
        journeys=fits.height,
        both=counts.get((True, True), 0),
        only_old=counts.get((True, False), 0),
        only_new=counts.get((False, True), 0),
        neither=counts.get((False, False), 0),
        deviations=_deviations(before, after),
    )


def _deviations(before: Findings, after: Findings) -> pl.DataFrame:
    """Put the deviations of two comparisons beside each other."""
    sides = [
        found.deviations.with_columns(stage=pl.when(pl.col("touchpoint").is_null()).then("stage")).select(
            pl.col(_ROW).cast(pl.String), pl.col("journeys").alias(f"n_{name}"), pl.col("share").alias(f"share_{name}")
        )
        for found, name in ((before, "old"), (after, "new"))
    ]
    rows = sides[0].join(sides[1], on=_ROW, how="full", coalesce=True, nulls_equal=True)
    rows = rows.with_columns(pl.col("n_old", "n_new").fill_null(0), pl.col("share_old", "share_new").fill_null(0.0))
    was, is_ = pl.col("n_old"), pl.col("n_new")
    status = (
        pl.when(was == 0).then(pl.lit(NEW)).when(is_ == 0).then(pl.lit(GONE)).when(was != is_).then(pl.lit(CHANGED))
    )
    return rows.with_columns(status=status.otherwise(pl.lit(SAME))).sort(
        (was - is_).abs(), *_ROW, descending=[True, *(False for _ in _ROW)]
    )


def _side(found: Difference) -> dict[str, Any]:
    return {
        "complete": found.complete,
        "examples": [{"path": list(example.path), "parts_at": example.parts_at} for example in found.examples],
    }
