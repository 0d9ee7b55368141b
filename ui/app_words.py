"""What the lower floors say to people at a terminal, said to people at the app: there are no options here to give.

One place for it: `in_app` puts another template in the place of those that name an option of the command line, and
words for roles in the place of their names.
"""

from __future__ import annotations

import re

from mining.errors import DesirePathError, Problem
from mining.messages import N_, Message
from ui.language import _

# template of the lower floors -> the same for the app; a test sees that none is missing
SAID = {
    "The map has no block structure. `desirepath align` takes it as it is.": N_("The map has no block structure."),
    "In a map every activity belongs to one touchpoint, but in the model these stand in several places: {names}. "
    "`desirepath align` takes the model as it is.": N_(
        "In a map every activity belongs to one touchpoint, but in the model these stand in several places: {names}."
    ),
    "The model is not built from blocks with one way in and one way out, so it is no journey map. `desirepath align` "
    "takes it as it is.": N_(
        "The model is not built from blocks with one way in and one way out, so it is no journey map."
    ),
    "The model takes or puts several tokens at once, so it is no journey map. `desirepath align` takes it.": N_(
        "The model takes or puts several tokens at once, so it is no journey map."
    ),
    "With a log, both must be journey maps; `desirepath align` measures other models.": N_(
        "With a log, both must be journey maps."
    ),
    "{name} is empty. Start from `desirepath map template list`.": N_(
        "{name} is empty. Start from one of the samples and templates under “Choose a map”."
    ),
    "{role}: it could be {candidates}. Give --{role} COLUMN.": N_("{role}: it could be {candidates}. Choose it."),
    "{role}: no column looks like it. Give --{role} COLUMN.": N_("{role}: no column looks like it. Choose one."),
    "{name} is there already with other content. Load a newer export of it with --replace.": N_(
        "{name} is there already with other content. A newer export of it is meant to replace it: see its source."
    ),
    "--{option} was not used: none of the files is of a kind that has it.": N_(
        "A choice that none of the files has a use for was left aside: {option}."
    ),
    "The sheet {sheet!r} of {path} has columns but no rows. Choose another with --sheet: {others}.": N_(
        "The sheet {sheet!r} of {path} has columns but no rows. Choose another: {others}."
    ),
    "{question}(…) asks how journeys meet a plan, and there is none here. Ask it where a map is given (`compare`, "
    "`report`, `discover --map`); a map itself cannot ask it.": N_(
        "{question}(…) asks how journeys meet a plan, and there is none here. Choose a plan first; a plan itself "
        "cannot ask it."
    ),
    "{file} has no times, so its events cannot be split at silences. Leave --session-gap out.": N_(
        "{file} has no times, so its events cannot be split at silences. Split them at an activity, or not at all."
    ),
    "Give either --journey or --customer, not both: a journey is one or the other.": N_(
        "A journey is one value of a column, or a part of what a customer did: choose one of the two."
    ),
    "--session-gap and --start-activity split the events of a customer: name the column with --customer.": N_(
        "Only the events of a customer can be split: say which column names the customer."
    ),
    "{path} holds a log already. Give --append to add {files} to it, or choose another workspace.": N_(
        "{path} holds a log already. Add {files} to it, or choose another workspace."
    ),
    "{file}: {column!r} is given as --time and as --end. An event needs two columns to have a duration.": N_(
        "{file}: {column!r} is both the time and the end. An event needs two columns to have a duration."
    ),
    "{name} holds {n} tables. Choose one with --table, or select with --query. They are: {tables}.": N_(
        "{name} holds {n} tables. Choose one of them, or write a query."
    ),
    "{name}, rows without a time: {n}. They keep their place in the file, since rows of their journeys that have a "
    "time follow them there. If they did not happen, leave them out with --undated reject.": N_(
        "{name}, rows without a time: {n}. They keep their place in the file, since rows of their journeys that have a "
        "time follow them there. If they did not happen, leave them out: “Rows without a time”, under “How times are "
        "read”."
    ),
    "{name}, rows without a time: {n}. They are rejected: {last} come last in their journeys, as what has not happened "
    "yet does. If they did happen, keep them at their place in the file with --undated keep.": N_(
        "{name}, rows without a time: {n}. They are rejected: {last} come last in their journeys, as what has not "
        "happened yet does. If they did happen, keep them: “Rows without a time”, under “How times are read”."
    ),
    "{name}, rows without a time: {n}. They are rejected: the file is not in the order of time, so their place in it "
    "tells little. If that is good enough, keep them with --undated keep.": N_(
        "{name}, rows without a time: {n}. They are rejected: the file is not in the order of time, so their place in "
        "it tells little. If that is good enough, keep them: “Rows without a time”, under “How times are read”."
    ),
    "{name}, rows without a time: {n}. They are rejected: their journeys have no row with a time, so nothing tells "
    "when they happened. If the order in the file is enough, keep them with --undated keep.": N_(
        "{name}, rows without a time: {n}. They are rejected: their journeys have no row with a time, so nothing tells "
        "when they happened. If the order in the file is enough, keep them: “Rows without a time”, under “How times "
        "are read”."
    ),
    "{name} links ids. Name the columns of the person with --identity, the most trusted first.": N_(
        "{name} links ids. Say which columns name the person, the most trusted first."
    ),
    "Of {name}, the column {columns} was not kept. Give the file again with --identity-table.": N_(
        "Of {name}, the column {columns} was not kept. Take the file out and choose it again."
    ),
    "{name} links {columns}, of which fewer than two name the person now ({wanted}). Give another file with "
    "--identity-table, or leave it out with --no-identity-table.": N_(
        "{name} links {columns}, of which fewer than two name the person now ({wanted}). Choose another file, or take "
        "it out."
    ),
    "{file} cannot link ids: two of its columns at least must be called like ids of the log. The ids are {wanted}; the "
    "columns of the file are {known}. Rename its columns, or name more ids with --identity.": N_(
        "{file} cannot link ids: two of its columns at least must be called like the columns that name the person. "
        "These are {wanted}; the columns of the file are {known}. Rename its columns, or pick more columns."
    ),
    "The ids of {name} are not in the workspace. Give the file with --identity-table.": N_(
        "The ids of {name} are not in the workspace. Choose the file again."
    ),
    "Give either --table or --query for {name}, not both.": N_("Choose a table of {name} or write a query, not both."),
    "{name}: {n:,} of {total:,} events are no completions; each counts as an event of its own. Choose with "
    "--lifecycle: complete (completions alone), pair (start and completion as one event) or name (the transition "
    "becomes part of the activity).": N_(
        "{name}: {n:,} of {total:,} events are no completions; each counts as an event of its own. Another way can be "
        "chosen under “Steps of an activity”."
    ),
    "{name}: the sheet {sheet!r} was read. It also has: {others}. Choose another with --sheet.": N_(
        "{name}: the sheet {sheet!r} was read. It also has: {others}."
    ),
    "The column {column!r} of {file} holds numbers up to {largest}, too small to be seconds since 1970. If they are "
    "days before and after a start, say with --base-date which day was 0, such as '--base-date 2026-01-31'; else "
    "choose another column with --time.": N_(
        "The column {column!r} of {file} holds numbers up to {largest}, too small to be seconds since 1970. If they "
        "are days before and after a start, say under “How times are read” which day was 0; else choose another column."
    ),
    "The column {column!r} of {file} does not hold times that can be read, such as {example!r}. Choose another "
    "column with --time, or say how its times are written with --time-format, such as '%d/%m/%Y %H:%M'.": N_(
        "The column {column!r} of {file} does not hold times that can be read, such as {example!r}. Choose another "
        "column, or say under “How times are read” how they are written, such as %d/%m/%Y %H:%M."
    ),
    "Some times in the column {column!r} of {file} can only be day first, others only month first. Make them alike, "
    "or give --time-format; rows that do not fit it are put aside.": N_(
        "Some times in the column {column!r} of {file} can only be day first, others only month first. Make them "
        "alike, or choose one way under “How times are read”; rows that do not fit it are put aside."
    ),
    "The times in the column {column!r} of {file}, such as {example!r}, can be read day first or month first, and no "
    "row tells which. Give --time-format {day!r} or --time-format {month!r}.": N_(
        "The times in the column {column!r} of {file}, such as {example!r}, can be read day first or month first, and "
        "no row tells which. Choose under “How times are read”: {day} or {month}."
    ),
}
NAMES = {
    "journey": N_("journey"),
    "activity": N_("activity"),
    "time": N_("time"),
    "end": N_("end"),
    "order": N_("order"),
    "channel": N_("channel"),
    "actor": N_("who answers"),
    "customer": N_("customer"),
    "attribute": N_("attribute"),
    "zone-column": N_("time zone"),
    "identity": N_("id of a person"),
}
NAMED = {"role", "roles", "option", "one", "other"}  # fields that hold names of roles


def in_app(message: Message) -> Message:
    """Give a message in the words of the app.

    Examples
    --------
    >>> str(in_app(Message("{option} {name!r}: there is no such column.", option="--time", name="x")))
    "time 'x': there is no such column."
    """
    template = SAID.get(message.template, message.template)
    return Message(template, **{key: _value(key, value) for key, value in message.values.items()})


def _value(key: str, value: object) -> object:
    if isinstance(value, Message):
        return in_app(value)
    return _roles(value) if key in NAMED else value


def _roles(value: object) -> object:
    """Put the word of a role in the place of its name, for one or several."""
    if not isinstance(value, str):
        return value
    return ", ".join(
        _(NAMES[bare]) if (bare := part.removeprefix("--")) in NAMES else part for part in value.split(", ")
    )


def error_in_app(error: DesirePathError) -> tuple[Message, tuple[Problem, ...]]:
    """Give what an error says, and its problems, in the words of the app."""
    return in_app(error.message), tuple(Problem(in_app(p.message), p.line) for p in error.problems)


def names_an_option(template: str) -> bool:
    """Say whether a template names an option or a command of the command line.

    Examples
    --------
    >>> names_an_option("Give --time."), names_an_option("a -- b"), names_an_option("See `desirepath info`.")
    (True, False, True)
    """
    return re.search(r"--[a-z{]|\bdesirepath [a-z]", template) is not None
