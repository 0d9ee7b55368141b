"""A `JourneyMap` -> the YAML it is read from, defaults left out."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

import yaml

from mining.durations import UNITS_S
from mining.journey_map import SCHEMA, Binding, Block, Deadline, JourneyMap, Question, Step
from mining.localised import Text
from mining.map_reader import TOP
from mining.rules import Rule

_FLOW_WIDTH = 110


def as_dict(plan: JourneyMap) -> dict[str, Any]:
    """Give the map as plain values in the shape of the file."""
    order = ["inactive_after_s" if name == "inactive_after" else name for name in TOP if name != "schema"]
    return {"schema": SCHEMA} | _fields(plan, order)


def write_yaml(plan: JourneyMap) -> str:
    """Write the map as YAML that reads back to an equal map."""
    return yaml.dump(as_dict(plan), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_FLOW_WIDTH)


class _Dumper(yaml.SafeDumper):
    """Writes lists of plain words on one line, everything else as blocks."""

    def represent_sequence(self, tag: str, sequence: Any, flow_style: bool | None = None) -> yaml.SequenceNode:
        plain = all(isinstance(item, str) for item in sequence)
        return super().represent_sequence(tag, sequence, flow_style=plain)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _fields(value: Any, order: list[str] | None = None) -> dict[str, Any]:
    """Give the fields of a frozen value that differ from their defaults."""
    defaults = {f.name: f.default for f in fields(value)}
    written = {}
    for name in order or [f.name for f in fields(value)]:
        found = getattr(value, name)
        if name not in ("line", "warnings") and found != defaults[name]:
            written[name.removesuffix("_s")] = _seconds(found) if name.endswith("_s") else _plain(found)
    return written


def _plain(value: Any) -> Any:
    if isinstance(value, Text):
        return value.get() if [lang for lang, _ in value.by_language] == [""] else dict(value.by_language)
    if isinstance(value, Binding):
        return value.activity if not value.attributes else _binding(value)
    if isinstance(value, Deadline):
        time = _seconds(value.time_s)
        return time if value.after is None else {"time": time, "after": value.after}
    if isinstance(value, Block):
        return _block(value)
    if isinstance(value, Rule):
        return _rule(value)
    if isinstance(value, Question):
        return {"text": _plain(value.text), "answered_by": list(value.answered_by)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if value is None or isinstance(value, str | bool):
        return value
    return _fields(value)  # Touchpoint, Stage, Persona, Target, Acceptance


def _binding(binding: Binding) -> dict[str, str]:
    named = {} if binding.activity is None else {"activity": binding.activity}
    return named | dict(binding.attributes)


def _block(block: Block) -> dict[str, Any]:
    steps: tuple[Step, ...] = block.steps
    flags = {name: True for name in ("optional", "repeatable") if getattr(block, name)}
    return {block.kind: [_plain(step) for step in steps]} | flags


def _rule(rule: Rule) -> dict[str, Any]:
    """Write a rule by the key that tells its kind; one touchpoint stands without a list."""
    of, must = (names[0] if len(names) == 1 else list(names) for names in (rule.of, rule.must or ("",)))
    written: dict[str, Any] = {"id": rule.id}
    written |= {"at_most": rule.most, "of": of} if rule.kind == "at_most" else {rule.kind: of}
    written |= {"must": must} if rule.must else {}
    written |= {"within": _seconds(rule.within_s)} if rule.within_s is not None else {}
    written |= {"title": _plain(rule.title)} if rule.title else {}
    written |= {"where": rule.where} if rule.where else {}
    return written | ({"personas": list(rule.personas)} if rule.personas else {})


def _seconds(seconds: float) -> str:
    """Write a duration in the largest unit that divides it, so that it reads back unchanged."""
    for unit in ("w", "d", "h", "m"):
        if seconds and seconds % UNITS_S[unit] == 0 and unit != "w":
            return f"{int(seconds // UNITS_S[unit])}{unit}"
    return f"{seconds!r}s".replace(".0s", "s")
