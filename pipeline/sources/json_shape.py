"""What JSON objects look like inside, told by a sample: which parts hold columns, and which array holds the events."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

DEEPEST = 8
EVENTS = (
    "events",
    "event",
    "actions",
    "activities",
    "steps",
    "touchpoints",
    "hits",
    "history",
    "pageviews",
    "logs",
    "actiondetails",
)
WRAPPERS = ("data", "results", "records", "rows", "entries", "value", "values", "response")
TIMES = frozenset({"t", "ts", "at", "time", "date", "when", "timestamp", "datetime", "created", "occurred", "start"})
TIME_ENDS = ("timestamp", "time", "date", "createdat", "occurredat", "startedat", "updatedat", "sentat", "receivedat")
PAIR_NAMES = ("key", "name", "id")
TYPED = ("string_value", "int_value", "float_value", "double_value", "bool_value")

Path = tuple[str, ...]


@dataclass
class Node:
    """All values that stand at one place of the objects of a sample; null counts as nothing."""

    objects: int = 0
    arrays: int = 0
    plain: int = 0
    longest: int = 0
    fields: dict[str, Node] = field(default_factory=dict)
    items: Node | None = None

    def add(self, value: Any, depth: int = 0) -> None:
        """Take in one value."""
        if isinstance(value, dict):
            self.objects += 1
            if depth <= DEEPEST:
                for name, part in value.items():
                    self.fields.setdefault(name, Node()).add(part, depth + 1)
        elif isinstance(value, list):
            self.arrays += 1
            self.longest = max(self.longest, len(value))
            self.items = self.items or Node()
            for part in value[:100]:
                self.items.add(part, depth + 1)
        elif value is not None:
            self.plain += 1

    @property
    def is_object(self) -> bool:
        """Say whether every value is an object with something in it."""
        return bool(self.fields) and not self.arrays and not self.plain

    @property
    def is_list_of_objects(self) -> bool:
        """Say whether every value is an array, and of objects more than of anything else."""
        inside = self.items
        if not self.arrays or self.plain or self.objects or inside is None:
            return False
        return bool(inside.fields) and not inside.arrays and inside.plain <= inside.objects

    def at(self, path: Path) -> Node:
        """Give the place that `path` leads to."""
        node = self
        for name in path:
            node = node.fields[name]
        return node


def look(sample: Iterable[str]) -> Node:
    """Look at the objects of a sample; one that is nested beyond measure is passed over."""
    root = Node()
    for text in sample:
        try:
            root.add(json.loads(text))
        except (RecursionError, ValueError):
            continue
    return root


def inner_objects(root: Node, without: Sequence[Path] = ()) -> list[Path]:
    """Give the paths of the objects inside, the outer ones first."""
    found: list[Path] = []
    level: list[Path] = [()]
    while level:
        deeper: list[Path] = []
        for path in level:
            fields = root.at(path).fields
            deeper += [
                (*path, name) for name, node in fields.items() if node.is_object and (*path, name) not in without
            ]
        found += deeper
        level = deeper
    return found


def pair_lists(root: Node) -> Iterator[tuple[Path, str, tuple[str, ...]]]:
    """Give the arrays that spell columns as pairs of name and value: their path, the key of the name, typed values.

    Examples
    --------
    >>> node = look(['{"event_params": [{"key": "page", "value": {"string_value": "/", "int_value": null}}]}'])
    >>> list(pair_lists(node))
    [(('event_params',), 'key', ('string_value', 'int_value'))]
    """
    for parent in [(), *inner_objects(root)]:
        for name, node in root.at(parent).fields.items():
            if not node.is_list_of_objects or node.items is None or not node.items.is_object:
                continue
            fields = node.items.fields
            label = next((n for n in PAIR_NAMES if n in fields), None)
            if label is None or set(fields) != {label, "value"} or fields[label].plain < node.items.objects:
                continue
            value = fields["value"]
            if not value.objects and not value.arrays:
                yield (*parent, name), label, ()
            elif value.is_object and any(n in TYPED for n in value.fields):
                known = [n for n in TYPED if n in value.fields]
                yield (
                    (*parent, name),
                    label,
                    (*known, *(n for n in value.fields if n.endswith("_value") and n not in known)),
                )


def nested_events(root: Node, single: bool) -> str | None:
    """Name the array of the events inside the objects, if the objects are not the events themselves.

    Parameters
    ----------
    single : bool
        The file is one object, so that its longest array of objects is what it is about.

    Examples
    --------
    >>> nested_events(look(['{"session": 1, "events": [{"ts": 5}]}', '{"session": 2, "events": []}']), single=False)
    'events'
    >>> nested_events(look(['{"created_at": "2026-01-31", "line_items": [{"sku": 1, "made_at": 2}]}']), single=False)
    """
    lists = {name: node for name, node in root.fields.items() if node.is_list_of_objects}
    pairs = {path[0] for path, _, _ in pair_lists(root) if len(path) == 1}
    for known in (EVENTS, WRAPPERS):
        named = [name for name in lists if name.casefold() in known and name not in pairs]
        if len(named) == 1:
            return named[0]
    rest = {name: node for name, node in lists.items() if name not in pairs}
    timed = {name: node for name, node in rest.items() if node.items and any(map(_is_time, node.items.fields))}
    outer_timed = any(_is_time(name) for name, node in root.fields.items() if node.plain)
    if single and (timed or (rest and not outer_timed)):
        return max(timed or rest, key=lambda name: rest[name].longest)
    return next(iter(timed)) if len(timed) == 1 and not outer_timed else None


def _is_time(name: str) -> bool:
    """Say whether a key is usual for a time.

    Examples
    --------
    >>> _is_time("createdAt"), _is_time("event_timestamp"), _is_time("title")
    (True, True, False)
    """
    plain = re.sub(r"[^a-z]", "", name.casefold())
    return plain in TIMES or plain.endswith(TIME_ENDS)
