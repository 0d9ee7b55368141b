"""`desirepath map convert` and `desirepath map bind`: maps from one form into another, and onto the names of a log."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mining.errors import MapError
from mining.messages import N_
from pipeline.cli.log import check_exist, open_log
from pipeline.cli.text import beside, note, out, out_json, say_warnings, spoken, table
from pipeline.names import Names, as_text

if TYPE_CHECKING:
    from mining.journey_map import JourneyMap
    from mining.map_binding import Suggestion
    from pipeline.language import Language

DONE = 0
BY = {"exact": N_("the name"), "folded": N_("the name, written otherwise"), "similar": N_("a similar name")}
MAP_HELP = N_("a planned journey map (.yaml, .json, .csv or .xlsx)")

Named = Callable[..., Callable[[str], Path]]


def add_convert(parser: ArgumentParser, named: Named) -> None:
    """Say what `map convert` takes."""
    from_ = N_(
        "a journey map: .yaml, .json, a table of touchpoints .csv, .xlsx, or a model of blocks .bpmn, .pnml, .ptml"
    )
    parser.add_argument("map", metavar="MAP", type=Path, help=from_)
    kinds = (".yaml", ".yml", ".json", ".csv", ".xlsx", ".bpmn", ".pnml", ".mmd")
    written = N_(
        "the file to write, which must not exist: .yaml, .json, .csv or .xlsx for all of the map, .bpmn or .pnml for "
        "the order of its steps, .mmd for Mermaid `journey` text"
    )
    parser.add_argument("out", metavar="OUT", type=named(*kinds), help=written)


def convert(arguments: Namespace) -> int:
    """Write a map in another form."""
    from pipeline.map_files import map_content, read_map_file

    plan = read_map_file(arguments.map)
    content, lost = map_content(plan, arguments.out.suffix.lower())
    write_new(arguments.out, content)
    language = spoken(arguments)
    if arguments.json:
        notes = [*(warning.text() for warning in plan.warnings), *map(str, lost)]
        out_json({"schema": "desirepath/map-convert@1", "map": plan.id, "file": arguments.out.name, "notes": notes})
        return DONE
    note([*say_warnings(plan, language), *lost], arguments)
    if not arguments.quiet:
        out(language.t("Wrote {file}.", file=str(arguments.out)))
    return DONE


def write_new(path: Path, content: bytes) -> None:
    """Write a file that must not be there yet: a map that somebody edited is not overwritten.

    Raises
    ------
    MapError
        When it is there.
    """
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise MapError(N_("{path} is already there and is left as it is. Give another name."), path=path) from None


def add_bind(parser: ArgumentParser, named: Named) -> None:
    """Say what `map bind` takes."""
    parser.add_argument("map", metavar="MAP", type=Path, help=MAP_HELP)
    parser.add_argument("log", metavar="WORKSPACE", type=Path, help=N_("the log in which activities are looked for"))
    kinds = (".yaml", ".yml", ".json", ".csv", ".xlsx")
    written = N_("write the map with all suggestions to this file, which must not exist; read it over")
    parser.add_argument("--out", type=named(*kinds), help=written)


def bind(arguments: Namespace) -> int:
    """Suggest activities for the touchpoints that no event of the log is bound to."""
    from mining.map_binding import suggest, with_suggestions
    from pipeline import queries
    from pipeline.map_files import map_content, read_map_file

    check_exist(arguments.map, arguments.log)
    plan = read_map_file(arguments.map)
    with open_log(arguments.log, arguments) as workspace:
        counts = dict(queries.activities(workspace).select("name", "n_events").iter_rows())
    suggestions = suggest(plan, counts)
    bound = with_suggestions(plan, suggestions)
    if arguments.out:
        write_new(arguments.out, map_content(bound, arguments.out.suffix.lower())[0])
    document = _document(bound, suggestions, counts)
    if arguments.json:
        out_json(document)
    elif not arguments.quiet:
        out(_text(document, bound, arguments.out, spoken(arguments)))
    return DONE


def _document(bound: JourneyMap, suggestions: list[Suggestion], counts: dict[str, int]) -> dict[str, Any]:
    """Give what ``map bind --json`` prints."""
    named = {b.activity for t in bound.touchpoints() for b in t.events}
    open_ones = [
        t.id
        for t in bound.touchpoints()
        if t.trackable and not any(b.activity is None or b.activity in counts for b in t.events)
    ]
    return {
        "schema": "desirepath/map-bind@1",
        "map": bound.id,
        "suggestions": [
            {
                "touchpoint": s.touchpoint,
                "activity": s.activity,
                "by": s.by,
                "likeness": s.likeness,
                "events": counts[s.activity],
            }
            for s in suggestions
        ],
        "unbound_touchpoints": open_ones,
        "unbound_activities": [name for name in counts if name not in named],
    }


def _text(document: dict[str, Any], bound: JourneyMap, written: Path | None, language: Language) -> str:
    t, titles = language.t, Names(bound, language).touchpoints
    ways = {way: t(words) for way, words in BY.items()}
    rows = [
        [
            *(beside(titles[s["touchpoint"]], s["touchpoint"]), s["activity"], ways[s["by"]]),
            *(language.number(s["likeness"], 2), language.number(s["events"])),
        ]
        for s in document["suggestions"]
    ]
    heads = (N_("Touchpoint"), N_("Activity"), N_("By"), N_("Likeness"), N_("Events"))
    unbound = ", ".join(beside(titles[name], name) for name in document["unbound_touchpoints"])
    others = ", ".join(map(as_text, document["unbound_activities"]))
    said = [table([t(head) for head in heads], rows, (0, 1, 2)) if rows else t("Nothing to suggest.")]
    said.append(t("Touchpoints without an event: {names}", names=unbound or t("none")))
    said.append(t("Activities without a touchpoint: {names}", names=others or t("none")))
    if written:
        said.append(t("Wrote {file} with everything that is suggested; read it over.", file=str(written)))
    return "\n".join(said)
