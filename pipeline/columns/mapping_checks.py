"""What is refused about roles, with the words that help: wrong names, two roles for one column, doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mining.errors import MappingError, Problem
from mining.messages import N_, Message
from pipeline.columns.guessing import Guess
from pipeline.columns.profiles import Profile
from pipeline.columns.vocabulary import folded
from pipeline.options import Choices
from pipeline.sources import RawTable

if TYPE_CHECKING:
    from pipeline.columns.presets import Preset

ROLES = ("journey", "activity", "time")


IN_DOUBT = N_("{file}: it cannot be told without doubt which column is the {roles}.")


def check_preset(raw: RawTable, choices: Choices, preset: Preset) -> None:
    """See that a file has what a preset needs, where the preset was named."""
    customer = (choices.customer,) if choices.customer else None
    found = {"journey": choices.journey or customer, "activity": choices.activity, "time": choices.time}
    problems = [
        Problem(
            Message(
                N_("{role}: none of the columns {known}"),
                role=role,
                known=", ".join(" + ".join(way) for way in preset.roles.get(role, ())) or "–",
            )
        )
        for role, columns in found.items()
        if columns is None
    ]
    if problems and choices.preset:
        raise MappingError(
            N_("{file} is no export of {product}, as the preset {name!r} knows it. Its columns are: {columns}."),
            file=raw.source.name,
            product=preset.product,
            name=preset.name,
            columns=", ".join(c.name for c in raw.columns),
            problems=problems,
        )


def check_names(raw: RawTable, choices: Choices) -> None:
    """See that every column that was named exists; all wrong names at once."""
    one = ("customer", "channel", "actor", "end", "order", "zone_column")
    named = [(f"--{role}", name) for role in ROLES for name in getattr(choices, role) or ()]
    named += [(f"--{r.replace('_', '-')}", name) for r in one if (name := getattr(choices, r))]
    named += [("--attribute", name) for name in choices.attributes or ()]
    known = [c.name for c in raw.columns]
    problems = [Problem(_no_such(option, name, known)) for option, name in named if name not in known]
    if problems:
        raise MappingError(
            N_("{file} does not have the columns that were named. Its columns are: {known}."),
            file=raw.source.name,
            known=", ".join(known),
            problems=problems,
        )


def _no_such(option: str, name: str, known: Sequence[str]) -> Message:
    """Say that a column does not exist, with the nearest name that does."""
    from difflib import get_close_matches

    by_fold = {folded(k): k for k in known}
    near = get_close_matches(folded(name), list(by_fold), n=1, cutoff=0.6)
    if near:
        return Message(N_("{option} {name!r}: did you mean {near!r}?"), option=option, name=name, near=by_fold[near[0]])
    return Message(N_("{option} {name!r}: there is no such column."), option=option, name=name)


def check_distinct(raw: RawTable, roles: Mapping[str, tuple[str, ...]]) -> None:
    """See that no column plays two roles."""
    problems = [
        Problem(Message(N_("{column!r} is given as {one} and as {other}."), column=column, one=a, other=b))
        for i, a in enumerate(roles)
        for b in list(roles)[i + 1 :]
        for column in roles[a]
        if column in roles[b]
    ]
    if problems:
        raise MappingError(
            N_("{file}: journey, activity and time must be three different columns."),
            file=raw.source.name,
            problems=problems,
        )


def unclear_roles(
    raw: RawTable, unclear: Sequence[str], rated: Mapping[str, list[Guess]], profiles: Sequence[Profile]
) -> MappingError:
    """Say which roles cannot be told, what the columns hold, and which option settles it."""
    problems = []
    for role in unclear:
        candidates = ", ".join(g.column for g in rated[role][:3])
        template = (
            N_("{role}: it could be {candidates}. Give --{role} COLUMN.")
            if candidates
            else N_("{role}: no column looks like it. Give --{role} COLUMN.")
        )
        problems.append(Problem(Message(template, role=role, candidates=candidates)))
    for p in profiles:
        shown = ", ".join(v if len(v) <= 30 else v[:29] + "…" for v in p.samples)
        problems.append(Problem(Message(N_("column {name!r}: {samples}"), name=p.column.name, samples=shown or "–")))
    problems += [Problem(note) for note in raw.notes]  # another sheet or encoding may be what settles it
    return MappingError(
        IN_DOUBT,
        file=raw.source.name,
        roles=", ".join(unclear),
        problems=problems,
    )
