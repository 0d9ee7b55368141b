"""What the commands take: their options, how the values of these are read, and what `--help` says of them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mining.durations import parse_duration
from mining.messages import N_
from pipeline.cli import commands as cli_commands
from pipeline.cli import convert as cli_convert
from pipeline.cli import define as cli_define
from pipeline.cli import load as cli_load
from pipeline.cli import maps as cli_map
from pipeline.cli import models as cli_models
from pipeline.cli import quality as cli_quality
from pipeline.cli import report as cli_report
from pipeline.cli import versions as cli_versions
from pipeline.cli.fail_on import FailOn
from pipeline.cli.help import put_into, sentence
from pipeline.language import LANGUAGES, Language

LANGUAGE_HELP = N_("the language of what is printed and written for people, of --help too; default: en")
LOG_HELP = N_("a workspace made by `desirepath ingest`, or a log file whose columns can be told without doubt")
MAP_HELP = N_("the planned journey map: .yaml, .json, a table .csv or .xlsx, or a model of blocks .bpmn, .pnml, .ptml")
MODEL_HELP = N_("a journey map (.yaml, .json, .csv, .xlsx) or a model (.bpmn, .pnml, .ptml)")
WHERE_HELP = N_(
    "look only at journeys for which this holds, such as \"region = 'Wales' and follows('Ask', 'Pay', '2d')\"; an "
    "attribute of events is compared by its first value, has('channel', 'web') asks for any"
)

RECIPE_HELP = N_("a file that says which journeys are looked at and how their paths are cleaned, as the app saves it")


class _Version(argparse.Action):
    """Look the version up only when it is asked for; reading the metadata takes longer than all else."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from importlib.metadata import version

        sys.stdout.write(f"desirepath {version('desirepath')}\n")
        parser.exit()


def _duration(text: str) -> float:
    try:
        return parse_duration(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a duration; write 30s, 30m, 2h, 3d or 2w") from None


def _fail_on(text: str) -> FailOn:
    try:
        return FailOn.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _named(*suffixes: str) -> Callable[[str], Path]:
    """Read the name of a file to write; its ending says the form, so a wrong one is refused before any work is done."""

    def read(text: str) -> Path:
        path = Path(text)
        if path.suffix.lower() not in suffixes:
            raise argparse.ArgumentTypeError(f"{text!r} must end in {' or '.join(suffixes)}")
        if not path.absolute().parent.is_dir():
            raise argparse.ArgumentTypeError(f"there is no folder {str(path.parent)!r} to write to")
        return path

    return read


def _port(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; give a number from 1 to 65535")
    return int(text)


def parser(language: Language | None = None) -> argparse.ArgumentParser:
    """Give what reads the arguments of all commands, with its help in a language; English by default."""
    whole = _commands()
    if language is not None and language.code != "en":
        put_into(whole, language)
    return whole


def _commands() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="desirepath",
        description=N_("Lay the customer journey that was planned over the journeys that customers really take."),
        epilog=N_(
            "First: desirepath ingest log.csv -w shop.duckdb. Then: desirepath app shop.duckdb, or desirepath compare "
            "shop.duckdb map.yaml. `desirepath COMMAND --help` says more about a command."
        ),
    )
    parser.add_argument("--version", action=_Version, nargs=0, help=N_("say the version and end"))
    parser.add_argument("--language", choices=tuple(LANGUAGES), default="en", help=LANGUAGE_HELP)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help=N_("print one JSON document and nothing else"))
    common.add_argument("-q", "--quiet", action="store_true", help=N_("no summary, no notes, no progress bar"))
    # Without a default of its own: what was said before the command holds.
    common.add_argument("--language", choices=tuple(LANGUAGES), default=argparse.SUPPRESS, help=LANGUAGE_HELP)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, run: Any, text: str, under: Any = commands) -> argparse.ArgumentParser:
        added: argparse.ArgumentParser = under.add_parser(name, parents=[common], help=text, description=sentence(text))
        added.set_defaults(run=run, parser=added)
        return added

    cli_load.add_ingest(command("ingest", cli_load.ingest, N_("load logs of any kind into a workspace")), _duration)
    command("presets", cli_load.presets, N_("list the exports of other products whose columns are known"))
    cli_define.add_define(
        command("define", cli_define.define, N_("say how journeys are made of events, or change it")), _duration
    )
    cli_define.add_remove(command("remove", cli_define.remove, N_("take a source out of a workspace")))
    _quality(command("quality", cli_quality.quality, N_("tell what to know of a log before its figures are trusted")))
    _info(command("info", cli_commands.info, N_("say what a log holds and where it came from")))
    _discover(command("discover", cli_models.discover, N_("find the paths that journeys really take")))
    listed = N_("make, check and compare planned journey maps")
    maps = commands.add_parser("map", help=listed, description=sentence(listed))
    under = maps.add_subparsers(metavar="COMMAND", required=True)
    _template(command("template", cli_map.template, N_("write a map to start from, or list those there are"), under))
    _check(command("check", cli_map.check, N_("say everything that is wrong with a map, or that it is valid"), under))
    _diff(command("diff", cli_versions.diff, N_("say what one map allows and another does not"), under))
    cli_convert.add_convert(command("convert", cli_convert.convert, N_("write a map in another form"), under), _named)
    bind = N_("suggest which activities of a log are which touchpoints")
    cli_convert.add_bind(command("bind", cli_convert.bind, bind, under), _named)
    _compare(
        command(
            "compare", cli_commands.compare, N_("tell where, how often and with what effect journeys leave the plan")
        )
    )
    reports = command("report", cli_report.report, N_("write the comparison as a document: page, PDF or spreadsheet"))
    _log(reports)
    cli_report.add_report(reports, _named(*cli_report.ENDINGS), where=WHERE_HELP, recipe=RECIPE_HELP)
    _align(command("align", cli_commands.align, N_("tell the cost and fitness of all journeys against a whole model")))
    _app(command("app", cli_commands.app, N_("serve the app for the browser")))
    return parser


def _log(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("log", metavar="WORKSPACE", type=Path, help=LOG_HELP)


def _quality(parser: argparse.ArgumentParser) -> None:
    _log(parser)
    parser.add_argument(
        "--rejects", metavar="FILE", type=_named(".csv"), help=N_("write the rejected rows to this file: .csv")
    )


def _info(parser: argparse.ArgumentParser) -> None:
    _log(parser)


def _discover(parser: argparse.ArgumentParser) -> None:
    _log(parser)
    parser.add_argument("--where", metavar="EXPR", help=WHERE_HELP)
    parser.add_argument("--recipe", metavar="FILE", type=Path, help=RECIPE_HELP)
    cli_models.add_discover(parser, _named)


def _template(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "name", metavar="NAME|list", nargs="?", default="list", help=N_("a template; `list` names them all")
    )
    parser.add_argument(
        "--out", type=Path, help=N_("write it to this file, which must not exist, instead of printing it")
    )


def _check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("map", metavar="MAP", type=Path, help=MAP_HELP)
    parser.add_argument(
        "--log", metavar="WORKSPACE", type=Path, help=N_("also say how much of this log the map explains")
    )


def _diff(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("old", metavar="OLD", type=Path, help=MODEL_HELP)
    parser.add_argument("new", metavar="NEW", type=Path, help=N_("the map or model it is compared with"))
    parser.add_argument("--log", metavar="WORKSPACE", type=Path, help=N_("also say what both maps make of this log"))
    parser.add_argument("--where", metavar="EXPR", help=WHERE_HELP)


def _compare(parser: argparse.ArgumentParser) -> None:
    _log(parser)
    parser.add_argument(
        "map",
        metavar="MAP",
        type=Path,
        nargs="+",
        help=N_(
            "the planned journey map: .yaml, .json, a table .csv or .xlsx, or a model of blocks .bpmn, .pnml, .ptml; "
            "of several versions, each judges the journeys that began while it was in force (`valid_from`)"
        ),
    )
    parser.add_argument("--where", metavar="EXPR", help=WHERE_HELP)
    parser.add_argument("--recipe", metavar="FILE", type=Path, help=RECIPE_HELP)
    parser.add_argument(
        "--out",
        type=_named(*cli_report.ENDINGS),
        help=N_("write the findings to this file: .json, .html, .pdf or .xlsx"),
    )
    parser.add_argument(
        "--moves", type=_named(".parquet"), help=N_("write every alignment move to this file: .parquet")
    )
    parser.add_argument(
        "--fail-on",
        metavar="EXPR",
        type=_fail_on,
        help=N_(
            "end with exit code 3 when this holds, for example 'missing > 10%% or fitness < 0.9'; names: fitness, "
            "perfect_share, event_coverage, journey_coverage, and every kind of deviation, which stands for its "
            "largest share of journeys"
        ),
    )
    parser.add_argument(
        "--fail-on-accepted", action="store_true", help=N_("let deviations that the map accepts fail the check as well")
    )


def _align(parser: argparse.ArgumentParser) -> None:
    _log(parser)
    parser.add_argument("model", metavar="MODEL", type=Path, help=MODEL_HELP)
    parser.add_argument(
        "--moves", type=_named(".parquet"), help=N_("write every alignment move to this file: .parquet")
    )
    parser.add_argument("--silent", metavar="REGEX", help=N_("transitions with such a name cannot be seen in the log"))


def _app(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "workspace",
        metavar="WORKSPACE",
        nargs="?",
        type=Path,
        help=N_("the workspace to open; a .duckdb that is not there is made; default: workspace/sample.duckdb"),
    )
    parser.add_argument(
        "--port", type=_port, default=8501, help=N_("the port on which the app is served; default: 8501")
    )
