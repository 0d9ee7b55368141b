"""The commands that bring logs in: ingest, and presets, which it knows."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mining.errors import MappingError, Problem
from mining.messages import N_, Message
from pipeline.cli.findings import report_text
from pipeline.cli.log import columns_read
from pipeline.cli.text import note, out, out_json, progress, spoken, table

if TYPE_CHECKING:
    from pipeline.ingest import IngestReport
    from pipeline.options import IngestOptions

DONE = 0
REPEATED = ("journey", "activity", "time", "identity")
SINGLE = (
    *("journey_pattern", "activity_pattern", "end", "order", "channel", "actor", "timezone", "zone_column"),
    *("time_format", "base_date", "undated", "preset", "encoding", "delimiter", "sheet", "table", "query", "lifecycle"),
    *("customer", "session_gap", "start_activity", "identity_table", "duplicates"),
)


def add_ingest(parser: ArgumentParser, duration: Callable[[str], float]) -> None:
    """Add the arguments of `ingest`; `duration` reads one."""
    parser.add_argument(
        "files",
        metavar="FILE",
        nargs="+",
        help=N_("a log, a folder of logs, a pattern such as 'logs/*.csv', or a database"),
    )
    parser.add_argument(
        "--workspace", "-w", required=True, type=Path, help=N_("the workspace to load into; made when it is not there")
    )
    _columns(parser)
    _times(parser)
    _reading(parser)
    journeys = parser.add_argument_group(N_("journeys"))
    journeys.add_argument(
        "--customer",
        metavar="COL",
        help=N_("the customer; the events of each are split into journeys where nothing happens for a while"),
    )
    add_splits(journeys, duration)
    journeys.add_argument(
        "--identity",
        metavar="COL",
        action="append",
        help=N_("an id of the person, the most trusted first; repeat the option for each"),
    )
    journeys.add_argument(
        "--identity-table",
        metavar="FILE",
        help=N_("a file with the ids of one person in each row; its columns have the names given with --identity"),
    )
    journeys.add_argument(
        "--duplicates",
        choices=("keep", "drop"),
        help=N_("what to do with rows that equal an earlier one; default: keep"),
    )
    parser.add_argument("--yes", "-y", action="store_true", help=N_("take the likeliest columns where there is doubt"))
    parser.add_argument("--append", action="store_true", help=N_("add to what the workspace holds"))
    parser.add_argument(
        "--replace", metavar="SOURCE", help=N_("put the files in place of this source in the workspace")
    )
    parser.add_argument(
        "--dry-run", action="store_true", help=N_("say what would be kept and rejected, and change nothing")
    )


def _columns(parser: ArgumentParser) -> None:
    group = parser.add_argument_group(
        N_("columns"), N_("Columns that are not named are guessed; where there is doubt, nothing is loaded.")
    )
    group.add_argument(
        "--journey",
        action="append",
        metavar="COL",
        help=N_("the journey (case, session, order); repeat the option to join several columns"),
    )
    group.add_argument(
        "--activity",
        action="append",
        metavar="COL",
        help=N_("what happened; repeat the option to join several columns"),
    )
    group.add_argument(
        "--time",
        action="append",
        metavar="COL",
        help=N_("when it happened; repeat the option where date and clock are two columns"),
    )
    group.add_argument(
        "--attribute",
        action="append",
        metavar="COL",
        help=N_("an attribute to keep; repeat the option for each; default: all columns"),
    )
    group.add_argument("--journey-pattern", metavar="REGEX", help=N_("takes the journey out of a longer text"))
    group.add_argument(
        "--activity-pattern", metavar="REGEX", help=N_("takes the activity out of a longer text or a URL")
    )
    group.add_argument("--end", metavar="COL", help=N_("when it ended"))
    group.add_argument("--order", metavar="COL", help=N_("a number that puts events of the same time in order"))
    group.add_argument("--channel", metavar="COL", help=N_("the channel it happened on"))
    group.add_argument("--actor", metavar="COL", help=N_("who answered behind the scenes"))
    group.add_argument(
        "--preset", metavar="NAME", help=N_("the columns of a known export; `desirepath presets` lists them")
    )


def _times(parser: ArgumentParser) -> None:
    group = parser.add_argument_group(N_("times"))
    group.add_argument(
        "--timezone",
        metavar="NAME",
        help=N_("the time zone of times that name none, such as Asia/Ho_Chi_Minh; default: UTC"),
    )
    group.add_argument("--zone-column", metavar="COL", help=N_("the column with the time zone of each row"))
    group.add_argument(
        "--time-format",
        metavar="FORMAT",
        help=N_("how times are written, such as %%d/%%m/%%Y %%H:%%M, where it cannot be guessed"),
    )
    group.add_argument("--no-time", action="store_true", help=N_("the log has an order, but no times"))
    group.add_argument(
        "--moment",
        metavar="COL=NAME",
        action="append",
        type=_moment,
        help=N_("a column of dates in a log with one row per journey; each date becomes an event of this name"),
    )
    group.add_argument("--base-date", metavar="DATE", help=N_("the date of day 0, where times are numbers of days"))
    group.add_argument(
        "--undated",
        choices=("keep", "reject"),
        help=N_("what to do with rows without a time; default: keep them at their place where that is certain"),
    )


def _reading(parser: ArgumentParser) -> None:
    group = parser.add_argument_group(N_("reading"), N_("Needed only where the file does not tell by itself."))
    group.add_argument(
        "--encoding", metavar="NAME", help=N_("how the signs of a text file are coded, such as utf-16 or cp1258")
    )
    group.add_argument("--delimiter", metavar="SIGN", help=N_("the sign between the columns of a text file"))
    group.add_argument("--sheet", metavar="NAME", help=N_("the sheet of a spreadsheet to read"))
    group.add_argument("--table", metavar="NAME", help=N_("the table of a database to read"))
    group.add_argument("--query", metavar="SQL", help=N_("a query whose rows are read from a database"))
    group.add_argument(
        "--lifecycle",
        choices=("complete", "pair", "name"),
        help=N_(
            "which events of an XES log count: completions alone, start and completion as one event, or each with the "
            "transition in its name; default: every event"
        ),
    )


def add_splits(group: Any, duration: Callable[[str], float]) -> None:
    """Add the arguments that say where journeys part."""
    group.add_argument(
        "--session-gap",
        metavar="GAP",
        type=duration,
        help=N_("begin a new journey after so long a silence: 30m, 2h, 3d"),
    )
    group.add_argument("--start-activity", metavar="NAME", help=N_("begin a new journey with this activity"))


def _moment(text: str) -> tuple[str, str]:
    column, sign, name = text.partition("=")
    if not (column and sign and name):
        raise ArgumentTypeError(f"{text!r} is not COLUMN=NAME, such as 'Created at=order placed'")
    return column, name


def options_of(arguments: Namespace) -> IngestOptions:
    """Give what was said as the options of a load."""
    said: dict[str, Any] = {name: getattr(arguments, name) for name in (*REPEATED, *SINGLE)}
    said |= {"attributes": arguments.attribute, "moments": dict(arguments.moment) if arguments.moment else None}
    if arguments.no_time:
        said["time"] = ()
    return {name: value for name, value in said.items() if value is not None}  # type: ignore[return-value]


def ingest(arguments: Namespace) -> int:
    """Load files into a workspace."""
    from pipeline.store import Workspace

    options = options_of(arguments)
    with progress(arguments.quiet, spoken(arguments)) as bar, Workspace(arguments.workspace) as workspace:
        load = partial(
            workspace.ingest,
            *arguments.files,
            append=arguments.append,
            replace=arguments.replace,
            dry_run=arguments.dry_run,
            progress=bar,
        )
        try:
            report = load(**options)
        except MappingError as doubt:
            report = load(**_proposed(doubt, arguments, options))
    skipped = (Message(N_("{name} was left out: the same content is there already"), name=n) for n in report.skipped)
    note([*columns_read(report), *skipped, *report.warnings], arguments)
    if arguments.json:
        out_json(_report(report))
    elif not arguments.quiet:
        out(report_text(report, arguments.dry_run, spoken(arguments)))
    return DONE


def _proposed(doubt: MappingError, arguments: Namespace, options: IngestOptions) -> IngestOptions:
    """Give the likeliest columns where they are to be taken; else say them with what is in doubt."""
    from pipeline.columns.mapping_checks import IN_DOUBT
    from pipeline.preview import preview

    if doubt.message.template != IN_DOUBT:
        raise doubt
    likely = preview(Path(arguments.files[0]), **options).proposed
    if not arguments.yes:
        said = "; ".join(f"{role} = {_in_words(value)}" for role, value in likely.items())
        hint = [Problem(Message(N_("or give --yes to take the likeliest: {likely}"), likely=said))] if said else []
        raise MappingError(doubt.message.template, problems=[*doubt.problems, *hint], **doubt.message.values)
    return {**likely, **options}


def _in_words(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{column} ({name})" for column, name in value.items())
    return " + ".join(value) if isinstance(value, tuple) else str(value)


def _report(report: IngestReport) -> dict[str, Any]:
    """Give what `ingest --json` prints."""
    document = asdict(report)
    for source, known in zip(document["sources"], report.sources, strict=True):
        del source["guesses"]
        source["mapping"] = known.mapping.as_dict()
    return {"schema": "desirepath/ingest@1", **document, "warnings": [str(warning) for warning in report.warnings]}


def presets(arguments: Namespace) -> int:
    """List the exports that are known."""
    from pipeline.columns.presets import presets as known

    found = known()
    if arguments.json:
        listed = [{"name": p.name, "product": p.product} for p in found]
        out_json({"schema": "desirepath/presets@1", "presets": listed})
    else:
        heads = [spoken(arguments).t(head) for head in (N_("Preset"), N_("Export of"))]
        out(table(heads, [[p.name, p.product] for p in found], (0, 1)))
    return DONE
