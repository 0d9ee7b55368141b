"""Several versions of a map, each held against the journeys that began while it was in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from mining.conditions import both
from mining.errors import MapError, SourceError
from mining.journey_map import JourneyMap
from mining.messages import N_
from pipeline import queries
from pipeline.compare import compare
from pipeline.findings import Findings
from pipeline.plan_questions import settled
from pipeline.store import Workspace

SCHEMA = "desirepath/versions@1"


@dataclass(frozen=True)
class Version:
    """One version and the journeys it is responsible for.

    Attributes
    ----------
    plan : JourneyMap
        The map.
    first, last : date or None
        The first and the last day (UTC) of its journeys' beginnings; None where it has no bound.
    findings : Findings or None
        None where no journey began in its time.
    """

    plan: JourneyMap
    first: date | None
    last: date | None
    findings: Findings | None = None

    @property
    def where(self) -> str | None:
        """The condition on journeys that chooses those of this version."""
        return both(
            f"start >= '{self.first}'" if self.first else None,
            f"start < '{self.last + timedelta(days=1)}'" if self.last else None,
        )

    def as_dict(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        return {
            "map": self.plan.id,
            "version": self.plan.version,
            "from": None if self.first is None else self.first.isoformat(),
            "until": None if self.last is None else self.last.isoformat(),
            "findings": None if self.findings is None else self.findings.to_dict(),
        }


@dataclass(frozen=True)
class VersionedFindings:
    """What `compare_versions` gives.

    Attributes
    ----------
    versions : tuple of Version
        In the order of time.
    not_judged : int
        Chosen journeys that no version is responsible for: begun before the first or after the last of them, without
        a time, or left out by the `where` of a map.
    """

    versions: tuple[Version, ...]
    not_judged: int

    def to_dict(self) -> dict[str, Any]:
        """Give the document of ``desirepath compare`` with several maps and ``--json``."""
        return {
            "schema": SCHEMA,
            "versions": [version.as_dict() for version in self.versions],
            "not_judged": self.not_judged,
        }


def compare_versions(ws: Workspace, plans: Sequence[JourneyMap], *, where: str | None = None) -> VersionedFindings:
    """Compare each journey with the version of a map that was in force on the day it began.

    Parameters
    ----------
    ws : Workspace
        The log.
    plans : sequence of JourneyMap
        The versions, in any order. A version is in force from its `valid_from` until its `valid_until`, or until the
        next one begins.
    where : str, optional
        Compare only the journeys that this condition chooses.

    Raises
    ------
    MapError
        When two versions begin on the same day.
    SourceError
        When no journey began while a version was in force.
    """
    versions = [_judged(ws, version, where) for version in in_force(plans)]
    if all(version.findings is None for version in versions):
        raise SourceError(N_("No journey began while one of the maps was in force. Look at their `valid_from`."))
    return VersionedFindings(tuple(versions), _not_judged(ws, versions, where))


def in_force(plans: Sequence[JourneyMap]) -> list[Version]:
    """Give the versions in the order of time, each with its days.

    Raises
    ------
    MapError
        When two versions begin on the same day.
    """
    ordered = sorted(plans, key=lambda plan: plan.valid_from or date.min)
    versions = []
    for place, plan in enumerate(ordered):
        last = plan.valid_until
        if place + 1 < len(ordered):
            following = ordered[place + 1].valid_from
            if following == plan.valid_from or following is None:
                raise MapError(
                    N_(
                        "Two versions of the map are in force from the same day ({day}). Write `valid_from: "
                        "<the first day>` into each version but the first."
                    ),
                    day=plan.valid_from or "–",
                )
            last = min(last or date.max, following - timedelta(days=1))
        versions.append(Version(plan, plan.valid_from, last))
    return versions


def _not_judged(ws: Workspace, versions: Sequence[Version], where: str | None) -> int:
    """Count the chosen journeys that no version is responsible for; what is asked about a plan the latest answers."""
    latest = settled(ws, versions[-1].plan, where)
    judged = (queries.summary(ws, both(version.plan.where, latest, version.where)) for version in versions)
    return queries.summary(ws, latest).journeys - sum(found.journeys for found in judged)


def _judged(ws: Workspace, version: Version, where: str | None) -> Version:
    """Compare the journeys of a version with it, if there are any."""
    chosen = both(where, version.where)
    if queries.summary(ws, both(version.plan.where, settled(ws, version.plan, chosen))).journeys == 0:
        return version
    return Version(version.plan, version.first, version.last, compare(ws, version.plan, where=chosen))
