"""What a comparison found, as frozen values: the one object behind pages, reports, command line and Python API."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from mining.found_words import NO_PAUSES, NO_WINDOW
from mining.journey_map import JourneyMap
from mining.messages import Message
from mining.moves import Moves
from mining.sentences import rule_sentence
from mining.statistics import METHOD, Q_LIMIT
from pipeline.files import write_atomically
from pipeline.queries import LogSummary, iso

SCHEMA = "desirepath/findings@1"
DIGITS = 6  # significant ones, of shares, effects and q-values in files: beyond what any log can support


@dataclass(frozen=True)
class AlignmentSummary:
    """The alignment of all journeys in one reading.

    Attributes
    ----------
    total_cost : float or None
        Sum of the optimal costs over journeys; None where not all of them are known.
    fitness : float or None
        1 - cost / the cost of matching nothing at all; None for an empty log.
    perfect_journeys : int or None
        Journeys of cost 0.
    perfect_share : float or None
        Their share.
    seconds : float
        Time of the alignment itself, from variants to moves.
    """

    total_cost: float | None
    fitness: float | None
    perfect_journeys: int | None
    perfect_share: float | None
    seconds: float

    @classmethod
    def of(cls, total_cost: float, worst_cost: float, perfect: int, journeys: int, seconds: float) -> AlignmentSummary:
        """Sum up: `worst_cost` is that of matching nothing at all."""
        return cls(
            total_cost=total_cost,
            fitness=1 - total_cost / worst_cost if worst_cost else None,
            perfect_journeys=perfect,
            perfect_share=perfect / journeys if journeys else None,
            seconds=seconds,
        )

    def as_dict(self) -> dict[str, Any]:
        """Give the ``alignment`` object of the contract."""
        return {
            "total_cost": None if self.total_cost is None else _number(self.total_cost),
            "fitness": rounded(self.fitness),
            "perfect_journeys": self.perfect_journeys,
            "perfect_share": rounded(self.perfect_share),
            "seconds": round(self.seconds, 4),
        }


@dataclass(frozen=True)
class MapSummary:
    """The map as it meets the log: its size, and the share of events and of whole journeys that it explains."""

    id: str
    touchpoints: int
    states: int
    event_coverage: float | None
    journey_coverage: float | None

    def as_dict(self) -> dict[str, Any]:
        """Give the ``map`` object of the contract."""
        return {
            "id": self.id,
            "touchpoints": self.touchpoints,
            "states": self.states,
            "event_coverage": rounded(self.event_coverage),
            "journey_coverage": rounded(self.journey_coverage),
        }


@dataclass(frozen=True)
class Outcomes:
    """How the journeys ended.

    Attributes
    ----------
    converted, dropped, open : int
        Journeys.
    inactive_after_s : float or None
        The window in seconds; None where the log has no times, or pauses that tell nothing.
    inactive_after_declared : bool
        Whether the map says so, or the log.
    log_end : datetime or None
        The last event of the whole log, which the window is held against whatever journeys were chosen.
    before_first_milestone : dict
        Journeys that never met any milestone, by outcome.
    """

    converted: int
    dropped: int
    open: int
    inactive_after_s: float | None
    inactive_after_declared: bool
    log_end: datetime | None
    before_first_milestone: dict[str, int]

    @property
    def no_window(self) -> str | None:
        """Why nothing tells open from dropped (a template of the catalogue); None where something does."""
        if self.log_end is None:
            return NO_WINDOW
        return NO_PAUSES if self.inactive_after_s is None else None

    def as_dict(self) -> dict[str, Any]:
        """Give the ``outcomes`` object of the contract."""
        return {
            "converted": self.converted,
            "dropped": self.dropped,
            "open": self.open,
            "inactive_after_s": None if self.inactive_after_s is None else _number(self.inactive_after_s),
            "inactive_after_declared": self.inactive_after_declared,
            "log_end": iso(self.log_end),
            "before_first_milestone": self.before_first_milestone,
        }


@dataclass(frozen=True)
class Findings:
    """Everything a comparison of a log with a map tells.

    Attributes
    ----------
    plan : JourneyMap
        The map.
    where : str or None
        The condition that chose the journeys, that of the map included.
    log, map, alignment, outcomes
        The summaries.
    deviations, accepted, rules : polars.DataFrame
        See `mining.ranking`.
    at_start, drop_off, gaps : polars.DataFrame
        See `mining.outcomes` and `mining.gaps`.
    walked : Moves
        The moves of each path; see `moves` and `moves_of`.
    journeys : polars.DataFrame
        One row per journey: journey_id, key, start, end, path, outcome, cost.
    reach : polars.DataFrame
        One row per touchpoint in map order: touchpoint, stage, n_journeys (in which it happened), n_events, n_there
        (that got as far as its place).
    stages : polars.DataFrame
        One row per stage in map order: stage, n_journeys (that got as far).
    tests : int
        How many tests the ledger holds.
    notes : tuple of Message
        What the map asks for and the log does not have.
    """

    plan: JourneyMap
    where: str | None
    log: LogSummary
    map: MapSummary
    alignment: AlignmentSummary
    outcomes: Outcomes
    deviations: pl.DataFrame
    accepted: pl.DataFrame
    rules: pl.DataFrame
    at_start: pl.DataFrame
    drop_off: pl.DataFrame
    gaps: pl.DataFrame
    walked: Moves = field(repr=False)
    journeys: pl.DataFrame = field(repr=False)
    reach: pl.DataFrame = field(repr=False)
    stages: pl.DataFrame = field(repr=False)
    tests: int = 0
    notes: tuple[Message, ...] = ()

    @property
    def from_start(self) -> pl.DataFrame:
        """All journeys at the start, and behind that one row per milestone: each dropped journey is in one of them."""
        return pl.concat([self.at_start, self.drop_off])

    @cached_property
    def moves(self) -> pl.DataFrame:
        """One row per move of each path, in order; see `mining.moves.Moves.frame`. Made when it is first asked for."""
        return self.walked.frame()

    def moves_of(self, path: int) -> pl.DataFrame:
        """Give the moves of one path."""
        return self.walked.of(path)

    def to_dict(self) -> dict[str, Any]:
        """Give the document of ``desirepath compare --json``."""
        return {
            "schema": SCHEMA,
            "log": self.log.as_dict(),
            "map": self.map.as_dict(),
            "alignment": self.alignment.as_dict(),
            "outcomes": self.outcomes.as_dict(),
            "deviations": [_plain(row) for row in self.deviations.iter_rows(named=True)],
            "accepted": [_accepted(row, self.plan) for row in self.accepted.iter_rows(named=True)],
            "rules": [_rule(row, self.plan) for row in self.rules.iter_rows(named=True)],
            "drop_off": [_drop_off(row) for row in self.drop_off.iter_rows(named=True)],
            "gaps": [_plain(row) | {"detail": str(row["detail"])} for row in self.gaps.iter_rows(named=True)],
            "ledger": {"tests": self.tests, "method": str(METHOD), "q": Q_LIMIT},
            "where": self.where,
            "notes": [str(note) for note in self.notes],
        }

    def to_json(self) -> str:
        """Give the document as JSON text, the same for the same input, ``seconds`` aside."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1)

    def to_html(self, path: str | Path, *, language: str = "en") -> None:
        """Write a self-contained report."""
        from pipeline.report import Report

        write_atomically(path, Report(self).to_html(language).encode())

    def write(self, path: str | Path) -> None:
        """Write the findings in the form that the name asks for: ``.json``, ``.html``, ``.pdf`` or ``.xlsx``.

        Raises
        ------
        SourceError
            For any other ending, or where the file cannot be written.
        """
        from pipeline.report import Report

        Report(self).write(path)

    def write_moves(self, path: str | Path) -> None:
        """Write every move of every path as Parquet."""
        write_moves(self.moves, path)


def write_moves(moves: pl.DataFrame, path: str | Path) -> None:
    """Write moves as Parquet, all of it or nothing."""
    import io

    buffer = io.BytesIO()
    moves.write_parquet(buffer)
    write_atomically(path, buffer.getvalue())


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(value) for name, value in row.items()}


def _value(value: Any) -> Any:
    if isinstance(value, float):
        return rounded(value)
    return value.isoformat() if isinstance(value, date) else value


def _accepted(row: dict[str, Any], plan: JourneyMap) -> dict[str, Any]:
    """Give a deviation that is accepted with who answers for it, why, and until when."""
    by = plan.accepted[row["acceptance"]]
    told = {"owner": str(by.owner), "reason": str(by.reason), "until": by.until.isoformat()}
    return {name: value for name, value in _plain(row).items() if name != "acceptance"} | told


def _rule(row: dict[str, Any], plan: JourneyMap) -> dict[str, Any]:
    """Give a rule with the sentence that says it."""
    rule = next(rule for rule in plan.rules if rule.id == row["rule"])
    return _plain(row) | {"sentence": rule_sentence(rule, {})}


def _drop_off(row: dict[str, Any]) -> dict[str, Any]:
    named = {
        "next": [{"activity": item["name"], "journeys": item["journeys"]} for item in row["next"]],
        "last_touchpoints": [
            {"touchpoint": item["name"], "journeys": item["journeys"]} for item in row["last_touchpoints"]
        ],
    }
    return _plain(row) | named


def rounded(value: float | None) -> float | None:
    """Keep the digits that a log can support."""
    return None if value is None else float(f"{value:.{DIGITS}g}")


def _number(value: float) -> float | int:
    """Give a whole number as such: a cost of 3 is 3, not 3.0."""
    return int(value) if float(value).is_integer() else round(value, 6)
