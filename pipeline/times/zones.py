"""Where clocks without an offset stood: one zone for a whole file, or a column that names one for each row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mining.errors import MappingError
from mining.messages import N_
from pipeline.sources import RawColumn, RawTable
from pipeline.store import Session, literal, quoted

OFFSET = re.compile(r"(?i)^(?:UTC|GMT)?\s*([+-])?(\d{1,2})(?::?(\d{2}))?$")
MOST_ZONES = 1000
FURTHEST_H = 14


@dataclass(frozen=True)
class Zone:
    """How local times of a file become UTC.

    Attributes
    ----------
    name : str
        The zone of the file.
    column : str, optional
        SQL of the zone of the row; where that is empty, `name` holds, and where it is no zone, there is no time.
    names, offsets : tuple of pairs
        What stands in that column, with the zone or the seconds east of Greenwich that it means.
    """

    name: str = "UTC"
    column: str | None = None
    names: tuple[tuple[str, str], ...] = ()
    offsets: tuple[tuple[str, int], ...] = ()

    def to_utc(self, sql: str) -> str:
        """Give the SQL of a local time as UTC."""
        alike = sql if self.name == "UTC" else f"timezone('UTC', timezone({literal(self.name)}, {sql}))"
        if self.column is None:
            return alike
        ways = [f"WHEN {self.column} IS NULL THEN {alike}"]
        if self.names:
            known = _map(self.column, [literal(v) for v, _ in self.names], [literal(n) for _, n in self.names])
            ways.append(f"WHEN {known} IS NOT NULL THEN timezone('UTC', timezone({known}, {sql}))")
        if self.offsets:
            known = _map(self.column, [literal(v) for v, _ in self.offsets], [str(s) for _, s in self.offsets])
            ways.append(f"WHEN {known} IS NOT NULL THEN {sql} - to_seconds({known})")
        return f"CASE {' '.join(ways)} END"


def _map(column: str, keys: Sequence[str], values: Sequence[str]) -> str:
    return f"map([{', '.join(keys)}], [{', '.join(values)}])[{column}]"


def zone_of(db: Session, raw: RawTable, timezone: str, column: RawColumn | None = None) -> Zone:
    """Find out what the zones of a file mean."""
    if column is None:
        return Zone(timezone)
    sql = f"nullif(trim(CAST({quoted(column.column)} AS VARCHAR)), '')"
    found = db.rows(f"SELECT DISTINCT {sql} AS x FROM {quoted(raw.view)} ORDER BY x LIMIT {MOST_ZONES}")
    known = {name.casefold(): name for name in _known(db)}
    values = [x for (x,) in found if x]
    names = tuple((v, known[v.casefold()]) for v in values if v.casefold() in known)
    offsets = tuple((v, s) for v in values if v.casefold() not in known and (s := offset_s(v)) is not None)
    return Zone(timezone, sql, names, offsets)


def offset_s(text: str) -> int | None:
    """Give the seconds east of Greenwich that a written offset means, None when it is none.

    Examples
    --------
    >>> offset_s("+07:00"), offset_s("UTC-3"), offset_s("GMT+0530"), offset_s("Hanoi")
    (25200, -10800, 19800, None)
    """
    found = OFFSET.match(text.strip())
    if found is None or int(found[2]) > FURTHEST_H:
        return None
    seconds = int(found[2]) * 3600 + int(found[3] or 0) * 60
    return -seconds if found[1] == "-" else seconds


def check_timezone(db: Session, timezone: str) -> None:
    """See that the zone exists.

    Raises
    ------
    MappingError
        With the nearest names.
    """
    known = _known(db)
    if timezone in known:
        return
    from difflib import get_close_matches

    near = get_close_matches(timezone, known, n=3, cutoff=0.5) or ["Asia/Ho_Chi_Minh", "UTC"]
    raise MappingError(
        N_("There is no time zone {name!r}. Did you mean {near}?"), name=timezone, near=", ".join(sorted(near))
    )


def _known(db: Session) -> list[str]:
    return [name for (name,) in db.rows("SELECT name FROM pg_timezone_names()")]
