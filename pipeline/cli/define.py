"""The commands that say how journeys are made of events, and which sources stay: define and remove."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mining.durations import format_duration
from mining.messages import N_
from pipeline.cli.findings import definition_facts
from pipeline.cli.load import add_splits
from pipeline.cli.text import facts, note, out, out_json, progress, say, spoken, table

if TYPE_CHECKING:
    import polars as pl

    from pipeline.definition import Definition
    from pipeline.language import Language
    from pipeline.rebuild import Change
    from pipeline.sessions import GapHint
    from pipeline.store import Workspace

DONE = 0
CHANGES = (
    *("session_gap", "start_activity", "no_split", "identity", "no_identity", "identity_table"),
    *("no_identity_table", "duplicates"),
    *("recipe", "roll_up", "no_recipe"),
)


def add_define(parser: ArgumentParser, duration: Callable[[str], float]) -> None:
    """Add the arguments of `define`."""
    parser.add_argument("workspace", metavar="WORKSPACE", type=Path, help=N_("a workspace made by `desirepath ingest`"))
    group = parser.add_argument_group(
        N_("definition"), N_("Without any of these, it is said what holds. No file is read again.")
    )
    add_splits(group, duration)
    group.add_argument(
        "--no-split", action="store_true", help=N_("do not split: one journey for each key, as it was recorded")
    )
    group.add_argument(
        "--identity",
        metavar="ATTRIBUTE",
        action="append",
        help=N_("an id of the person, the most trusted first; repeat the option for each"),
    )
    group.add_argument("--no-identity", action="store_true", help=N_("do not join ids: keys as they were recorded"))
    group.add_argument(
        "--identity-table",
        metavar="FILE",
        help=N_("a file with the ids of one person in each row; its columns have the names given with --identity"),
    )
    group.add_argument("--no-identity-table", action="store_true", help=N_("join ids by the events alone"))
    group.add_argument(
        "--duplicates", choices=("keep", "drop"), help=N_("what to do with rows that equal an earlier one")
    )
    group.add_argument(
        "--recipe", metavar="FILE", type=Path, help=N_("clean paths as this recipe says (.yaml or .json)")
    )
    group.add_argument(
        "--roll-up", metavar="MAP", type=Path, help=N_("put the touchpoints of this map in place of activities")
    )
    group.add_argument("--no-recipe", action="store_true", help=N_("do not clean: paths as they were recorded"))
    parser.add_argument(
        "--gaps", action="store_true", help=N_("say how many journeys each length of silence would give")
    )
    parser.add_argument("--dry-run", action="store_true", help=N_("say what would change, and change nothing"))


def define(arguments: Namespace) -> int:
    """Say how journeys are made of events, or have them made otherwise."""
    from pipeline.store import Workspace

    changes = any(getattr(arguments, name) for name in CHANGES)
    with Workspace(arguments.workspace, read_only=not changes) as workspace:
        known = workspace.definition
        if arguments.gaps:
            return _gaps(workspace, arguments)
        if not changes:
            return _say(known, None, arguments)
        meant = _meant(known, arguments)
        with progress(arguments.quiet, spoken(arguments)) as bar:
            change = workspace.redefine(
                meant, identity_table=arguments.identity_table, dry_run=arguments.dry_run, progress=bar
            )
        return _say(change.meant, change, arguments)


def _meant(known: Definition, arguments: Namespace) -> Definition:
    """Lay what was said over what holds."""
    from mining.journey_map import JourneyMap
    from mining.recipe import Recipe, roll_up
    from pipeline.identity import Identity

    said: dict[str, Any] = {}
    if arguments.no_split or arguments.session_gap or arguments.start_activity:
        said |= {"session_gap": arguments.session_gap, "start_activity": arguments.start_activity}
    if arguments.no_identity or arguments.identity:
        said["identity"] = Identity.of(arguments.identity) if arguments.identity else None
    if arguments.no_identity_table or arguments.identity_table or ("identity" in said and said["identity"] is None):
        said["id_table"] = None
    if arguments.duplicates:
        said["duplicates"] = arguments.duplicates
    if arguments.no_recipe or arguments.recipe or arguments.roll_up:
        steps = Recipe.read(arguments.recipe).steps if arguments.recipe else ()
        rolled = roll_up(JourneyMap.read(arguments.roll_up)).steps if arguments.roll_up else ()
        said["recipe"] = Recipe((*steps, *rolled))
    return replace(known, **said)


def _say(meant: Definition, change: Change | None, arguments: Namespace) -> int:
    """Say a definition and what it changes."""
    if change is not None:
        note(change.notes, arguments)
    if arguments.json:
        document: dict[str, Any] = {"schema": "desirepath/definition@1", "definition": meant.as_dict()}
        if change is not None:
            document |= {"before": change.before.as_dict(), "after": change.after.as_dict()}
        out_json(document)
    elif not arguments.quiet:
        out(_definition_text(meant, change, spoken(arguments)))
    return DONE


def _definition_text(meant: Definition, change: Change | None, language: Language) -> str:
    parts = [facts(definition_facts(meant, language))]
    if change is not None:
        parts.append(_change_text(change, language))
    return "\n\n".join(parts)


def _change_text(change: Change, language: Language) -> str:
    counts = {
        "events": N_("Events"),
        "journeys": N_("Journeys"),
        "activities": N_("Activities"),
        "variants": N_("Paths"),
    }
    rows = [
        [language.t(label), *(language.number(getattr(size, name)) for size in (change.before, change.after))]
        for name, label in counts.items()
    ]
    return table(["", language.t("Before"), language.t("After")], rows, (0,))


def _gaps(workspace: Workspace, arguments: Namespace) -> int:
    """Say how many journeys each silence would give."""
    from pipeline.sessions import gap_hint, journeys_by_gap

    curve = journeys_by_gap(workspace)
    hint = gap_hint(workspace)
    if arguments.json:
        out_json(
            {"schema": "desirepath/gaps@1", "gaps": curve.to_dicts(), "hint": str(hint.reason), "hint_s": hint.gap_s}
        )
    elif not arguments.quiet:
        out(_gaps_text(curve, hint, spoken(arguments)))
    return DONE


def _gaps_text(curve: pl.DataFrame, hint: GapHint, language: Language) -> str:
    rows = [[language.duration(gap), language.number(n)] for gap, n in curve.select("gap_s", "n_journeys").iter_rows()]
    said = [table([language.t("Silence"), language.t("Journeys")], rows, (0,)), say(hint.reason, language)]
    if hint.gap_s is not None:
        said.append(language.t("The log suggests --session-gap {gap}", gap=format_duration(hint.gap_s)))
    return "\n\n".join(said)


def add_remove(parser: ArgumentParser) -> None:
    """Add the arguments of `remove`."""
    parser.add_argument("workspace", metavar="WORKSPACE", type=Path, help=N_("a workspace made by `desirepath ingest`"))
    parser.add_argument("source", metavar="SOURCE", help=N_("the name of a source, as `desirepath info` gives it"))
    parser.add_argument("--dry-run", action="store_true", help=N_("say what would change, and change nothing"))


def remove(arguments: Namespace) -> int:
    """Take a source out of a workspace."""
    from pipeline.store import Workspace

    with progress(arguments.quiet, spoken(arguments)) as bar, Workspace(arguments.workspace) as workspace:
        change = workspace.remove(arguments.source, dry_run=arguments.dry_run, progress=bar)
    if arguments.json:
        sizes = {"before": change.before.as_dict(), "after": change.after.as_dict()}
        out_json({"schema": "desirepath/remove@1", "source": arguments.source, **sizes})
    elif not arguments.quiet:
        out(_change_text(change, spoken(arguments)))
    return DONE
