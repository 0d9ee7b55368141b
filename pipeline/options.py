"""What a user may say about a load, in one place for the Python API, the command line and the app."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.identity import Identity

__all__ = ["Choices", "IngestOptions", "Reading", "reading_and_choices"]


class IngestOptions(TypedDict, total=False):
    """The options of `pipeline.ingest.ingest`; what is absent is guessed, or does not apply.

    Attributes
    ----------
    journey, activity, time : str or sequence of str
        The columns of these roles. Several are joined: the values of a journey or activity with a blank between, a date
        and a clock to one time. An empty sequence says that there are no times.
    journey_pattern, activity_pattern : str
        A regular expression that takes the value out of the text of its column: its first group, or all it matches.
    end : str
        The column of the time at which the event ended.
    order : str
        A column that puts events of the same time, or of no time, into order.
    channel, actor : str
        The attributes that tell the channel of an event and who answered behind the scenes. An empty text here, and for
        the end and the order, says that there is none, whatever the names of the columns tell.
    attributes : sequence of str
        The columns to keep besides; all others when absent.
    timezone : str
        Where clocks without an offset stood, such as ``"Asia/Ho_Chi_Minh"``; ``"UTC"`` when absent.
    zone_column : str
        A column with the time zone of each row.
    time_format : str
        A strptime pattern for the time columns.
    base_date : str
        The day 0 of times that are relative day numbers, such as ``"2026-01-31"``.
    undated : str
        ``"keep"`` rows without a time at their place in the file, or ``"reject"`` them; when absent, those are kept of
        which the file tells that they happened, and where. See `pipeline.undated`.
    preset : str
        The name of a known export, which says all of this; see `pipeline.columns.presets`.
    moments : mapping of str to str
        For a table with one row per journey: columns that each hold the time of one event -> the name of that event.
    encoding, delimiter, sheet, table, query, lifecycle : str
        How to read the file; see `Reading`.
    customer : str
        The column of the customer; with it, journeys are split at `session_gap` or at `start_activity`.
    session_gap : float
        Seconds of silence after which a new journey begins; 1,800 when only `customer` is given.
    start_activity : str
        The activity with which a new journey begins.
    identity : sequence of str, or Identity
        Columns that each name the same person in another way (cookie, phone, e-mail), the most trusted first; or the
        whole rule by which they are joined, see `pipeline.identity.Identity`.
    identity_table : str or Path
        A file, of any format, whose rows each hold ids of one person, such as an export of a CRM: its columns are
        called as those of `identity`. See `pipeline.identity.id_table`.
    duplicates : str
        ``"keep"`` (the default) or ``"drop"`` rows that equal an earlier one in all that is kept of them.
    """

    journey: str | Sequence[str] | None
    activity: str | Sequence[str] | None
    time: str | Sequence[str] | None
    journey_pattern: str | None
    activity_pattern: str | None
    end: str | None
    order: str | None
    channel: str | None
    actor: str | None
    attributes: Sequence[str] | None
    timezone: str
    zone_column: str | None
    time_format: str | None
    base_date: str | None
    undated: str | None
    preset: str | None
    moments: Mapping[str, str] | None
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    table: str | None
    query: str | None
    lifecycle: str | None
    customer: str | None
    session_gap: float | None
    start_activity: str | None
    identity: Sequence[str] | Identity | None
    identity_table: str | Path | None
    duplicates: str


DATABASES = frozenset({"sqlite", "duckdb", "postgresql"})
ONLY_OF = {"sheet": frozenset({"spreadsheet"}), "table": DATABASES, "query": DATABASES, "lifecycle": frozenset({"xes"})}


@dataclass(frozen=True)
class Reading:
    """How a file is to be read, where that is not told by the file itself.

    Attributes
    ----------
    encoding : str, optional
        Of a text file, such as ``"utf-16"`` or ``"cp1258"``.
    delimiter : str, optional
        Of a delimited file.
    sheet : str, optional
        Of a spreadsheet.
    table, query : str, optional
        Of a database: the table to read, or a query to run there.
    lifecycle : str, optional
        Of XES with several lines per activity: ``"complete"`` keeps the completions alone, ``"pair"`` makes start and
        completion one event with an end, ``"name"`` adds the transition to the name of the activity; all events stay as
        they are when absent.
    """

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    table: str | None = None
    query: str | None = None
    lifecycle: str | None = None

    def unused(self, formats: Collection[str]) -> list[str]:
        """Give what was said of a kind of file that none of these formats is."""
        said = {name: kinds for name, kinds in ONLY_OF.items() if getattr(self, name) is not None}
        return [name for name, kinds in said.items() if kinds.isdisjoint(formats)]


@dataclass(frozen=True)
class Choices:
    """What the user said about the columns; what is None is guessed."""

    journey: tuple[str, ...] | None = None
    activity: tuple[str, ...] | None = None
    time: tuple[str, ...] | None = None
    journey_pattern: str | None = None
    activity_pattern: str | None = None
    end: str | None = None
    order: str | None = None
    channel: str | None = None
    actor: str | None = None
    attributes: tuple[str, ...] | None = None
    timezone: str = "UTC"
    zone_column: str | None = None
    time_format: str | None = None
    base_date: str | None = None
    undated: str | None = None
    preset: str | None = None
    moments: Mapping[str, str] | None = None
    customer: str | None = None
    identity: tuple[str, ...] | None = None


def reading_and_choices(options: Mapping[str, Any]) -> tuple[Reading, Choices]:
    """Part what was said into how to read a file and what its columns mean."""
    said: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
    for name in ("journey", "activity", "time", "attributes", "identity"):
        if name in said:
            said[name] = (said[name],) if isinstance(said[name], str) else tuple(said[name])
    reading = Reading(**{f.name: said[f.name] for f in fields(Reading) if f.name in said})
    return reading, Choices(**{f.name: said[f.name] for f in fields(Choices) if f.name in said})
