"""Known exports: how to tell one by its columns, and which of them is what.

A preset is a file of ``pipeline/columns/presets``. A role lists alternatives, each one column or several; the first
of which the file has all columns is taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from mining.errors import MappingError, Problem
from mining.messages import N_, Message
from pipeline.options import Choices, IngestOptions

FOLDER = Path(__file__).with_name("presets")
REQUIRED = ("journey", "activity", "time")
MANY = ("journey", "activity", "time", "identity")
ONE = ("end", "order", "channel", "actor", "customer", "zone_column")
CONSTANT = ("journey_pattern", "activity_pattern", "timezone", "time_format", "base_date")
LOAD = ("session_gap", "start_activity", "duplicates", "customer")
READING = ("encoding", "delimiter", "sheet", "table", "query", "lifecycle")
LANGUAGES = ("en", "vi")
KEYS = frozenset({"name", "product", "title", "about", "sources", "recognised_by", "roles", "options", "moments"})


@dataclass(frozen=True)
class Preset:
    """One known export.

    Attributes
    ----------
    name : str
        As it is given with ``--preset``.
    product : str
        Whose export it is.
    title, about : dict
        By language, for people.
    sources : tuple of str
        Where its columns are documented.
    columns : tuple of str
        All of them must be there to recognise it.
    roles : dict
        Role -> alternatives of columns.
    options : dict
        What else a load of it needs.
    moments : dict
        Columns that each hold the time of one event of a row -> the name of that event.
    """

    name: str
    product: str
    title: Mapping[str, str]
    about: Mapping[str, str]
    sources: tuple[str, ...]
    columns: tuple[str, ...]
    roles: Mapping[str, tuple[tuple[str, ...], ...]]
    options: Mapping[str, Any] = field(default_factory=dict)
    moments: Mapping[str, str] = field(default_factory=dict)

    def fits(self, names: Sequence[str]) -> bool:
        """Say whether a file with these columns is such an export."""
        known = set(names)
        timed = self.moments or self.columns_of("time", names)
        return known.issuperset(self.columns) and bool(timed) and bool(self.columns_of("journey", names))

    def columns_of(self, role: str, names: Sequence[str]) -> tuple[str, ...] | None:
        """Give the columns of a role, of those a file has."""
        known = set(names)
        return next((way for way in self.roles.get(role, ()) if known.issuperset(way)), None)


@cache
def presets() -> tuple[Preset, ...]:
    """Give all presets, by name.

    Raises
    ------
    MappingError
        When a file is no preset; all its faults at once.
    """
    return tuple(read_preset(path) for path in sorted(FOLDER.glob("*.yaml"), key=lambda path: path.stem))


def preset_named(name: str) -> Preset:
    """Give one preset.

    Raises
    ------
    MappingError
        With the names there are.
    """
    found = {preset.name: preset for preset in presets()}
    if name in found:
        return found[name]
    from difflib import get_close_matches

    near = get_close_matches(name.casefold(), found, n=1, cutoff=0.5)
    raise MappingError(
        N_("There is no preset {name!r}. There are: {known}.")
        if not near
        else N_("There is no preset {name!r}. Did you mean {near!r}? There are: {known}."),
        name=name,
        near="".join(near),
        known=", ".join(found),
    )


def recognised(names: Sequence[str]) -> Preset | None:
    """Give the preset that a file with these columns is an export of: the one that asks for most of them."""
    fitting = [preset for preset in presets() if preset.fits(names)]
    return max(fitting, key=lambda preset: len(preset.columns), default=None)


def with_preset(options: IngestOptions) -> IngestOptions:
    """Give the options with what their preset says besides the columns; what was said already stays.

    Sessions and how to read a file must be known before it is read; which column is what is taken from
    the preset by `pipeline.columns.mapping.settle`, when it knows the columns.

    Raises
    ------
    MappingError
        When there is no such preset.
    """
    name = options.get("preset")
    if not name:
        return options
    preset = preset_named(name)
    said: dict[str, Any] = {key: value for key, value in options.items() if value is not None}
    wanted = {key: preset.options[key] for key in (*LOAD, *READING) if key in preset.options}
    if "journey" in said or "customer" in said:
        wanted = {key: value for key, value in wanted.items() if key in READING}
    return IngestOptions(**{**wanted, **said})  # type: ignore[typeddict-item]


def chosen(choices: Choices, preset: Preset, names: Sequence[str]) -> tuple[Choices, dict[str, tuple[str, ...]]]:
    """Fill what was not said with what a preset says.

    Returns
    -------
    Choices
        With columns that the file has.
    dict
        Role -> columns, of the roles that the preset told.
    """
    told: dict[str, tuple[str, ...]] = {}
    for role in (*MANY, *ONE):
        if getattr(choices, role) is None and not (role in ("journey", "customer") and choices.customer):
            columns = preset.columns_of(role, names)
            if columns and role != "customer":
                told[role] = columns
    values: dict[str, Any] = {role: columns if role in MANY else columns[0] for role, columns in told.items()}
    usual = Choices()
    for key in CONSTANT:
        if key in preset.options and getattr(choices, key) == getattr(usual, key):
            values[key] = preset.options[key]
    return replace(choices, **values), told


def read_preset(path: Path) -> Preset:
    """Read one preset.

    Raises
    ------
    MappingError
        Naming all its faults.
    """
    import yaml

    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise MappingError(N_("{path} is no preset: {detail}"), path=path, detail=str(error)) from error
    problems = _problems(document, path.stem)
    if problems:
        raise MappingError(N_("{path} is no preset:"), path=path, problems=[Problem(p) for p in problems])
    return Preset(
        name=document["name"],
        product=document["product"],
        title=document["title"],
        about=document["about"],
        sources=tuple(document["sources"]),
        columns=tuple(document["recognised_by"]),
        roles={role: tuple(_columns(way) for way in ways) for role, ways in document["roles"].items()},
        options=document.get("options", {}),
        moments=document.get("moments", {}),
    )


def _columns(way: str | list[str]) -> tuple[str, ...]:
    return (way,) if isinstance(way, str) else tuple(way)


def _problems(document: Any, name: str) -> list[Message]:
    """Name all faults of a preset."""
    if not isinstance(document, dict):
        return [Message(N_("it must be a list of keys with values"))]
    found = [
        Message(N_("{key!r} is missing"), key=key) for key in sorted(KEYS - {"options", "moments"} - set(document))
    ]
    found += [Message(N_("{key!r} is not known"), key=key) for key in sorted(set(document) - KEYS, key=str)]
    if found:
        return found
    if document["name"] != name:
        found.append(Message(N_("its name must be that of its file, {name!r}"), name=name))
    for key in ("title", "about"):
        texts = document[key]
        if not isinstance(texts, dict) or set(texts) != set(LANGUAGES) or not all(_is_text(t) for t in texts.values()):
            found.append(Message(N_("{key!r} must have a text for each of: {known}"), key=key, known="en, vi"))
    for key in ("sources", "recognised_by"):
        if not _is_list(document[key]):
            found.append(Message(N_("{key!r} must be a list of texts"), key=key))
    return found + _role_problems(document)


def _role_problems(document: Mapping[str, Any]) -> list[Message]:
    """Name the faults of roles, options and moments."""
    roles, moments = document["roles"], document.get("moments", {})
    if not isinstance(roles, dict):
        return [Message(N_("{key!r} must be a list of keys with values"), key="roles")]
    found = [Message(N_("{key!r} is not known"), key=f"roles.{r}") for r in roles if r not in (*MANY, *ONE)]
    for role, ways in roles.items():
        good = isinstance(ways, list) and ways and all(_is_text(w) or _is_list(w) for w in ways)
        if not good or (role in ONE and not _is_list(ways)):
            found.append(Message(N_("{key!r} must be a list of columns"), key=f"roles.{role}"))
    needed = ("journey",) if moments else REQUIRED
    found += [Message(N_("{key!r} is missing"), key=f"roles.{role}") for role in needed if role not in roles]
    known = {*CONSTANT, *LOAD, *READING}
    found += [
        Message(N_("{key!r} is not known"), key=f"options.{key}")
        for key in document.get("options", {})
        if key not in known
    ]
    if not isinstance(moments, dict) or not all(_is_text(c) and _is_text(n) for c, n in moments.items()):
        found.append(Message(N_("{key!r} must be columns with the names of events"), key="moments"))
    return found


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_text(v) for v in value)
