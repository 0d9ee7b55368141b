"""YAML and JSON as a tree that remembers lines, and a reader that collects every problem instead of the first.

Scalars are read by what their place asks for, not by what YAML guesses: an activity ``no`` or ``404`` stays text.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import yaml

from mining.durations import parse_duration
from mining.errors import DesirePathError, MapError, Problem
from mining.messages import N_, Message

MAX_NODES = 100_000
_PAIR = re.compile(r"(?<!\\)((?:\\\\)*)\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)
T = TypeVar("T")


@dataclass(frozen=True)
class Kind:
    """What a text is read as: the error it raises, and what it says when the text is something else, or nothing."""

    error: type[DesirePathError]
    other: str
    empty: str


MAP = Kind(
    MapError,
    N_("{name} is not a journey map"),
    N_("{name} is empty. Start from `desirepath map template list`."),
)


def compose(text: str, name: str, kind: Kind = MAP) -> yaml.Node:
    """Parse `text` into nodes.

    Raises
    ------
    DesirePathError
        That of `kind`: when it is not YAML (with the line), is empty, or is built from aliases that blow up.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        root = yaml.compose(with_whole_characters(text), Loader=loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        problem = Problem(Message(N_("not readable as YAML: {what}"), what=error.problem or error.context), line)
        raise kind.error(kind.other, name=name, problems=[problem]) from None
    except yaml.YAMLError as error:  # characters that YAML forbids carry no mark
        problem = Problem(Message(N_("not readable as YAML: {what}"), what=str(error).splitlines()[0]))
        raise kind.error(kind.other, name=name, problems=[problem]) from None
    if root is None:
        raise kind.error(kind.empty, name=name)
    if _size(root, set(), 0) > MAX_NODES:
        raise kind.error(N_("{name} is too large or refers to itself; write it without YAML aliases."), name=name)
    return root


def with_whole_characters(text: str) -> str:
    """Write out the characters that JSON escapes as two halves, such as an emoji; YAML knows no halves."""
    if not text.lstrip().startswith("{"):
        return text
    return _PAIR.sub(lambda m: m[1] + bytes.fromhex(m[2] + m[3]).decode("utf-16-be"), text)


def _size(node: yaml.Node, open_nodes: set[int], count: int) -> int:
    """Count nodes as they would be visited, stopping beyond the limit or at a loop."""
    if id(node) in open_nodes or count > MAX_NODES:
        return MAX_NODES + 1
    count += 1
    children: Iterable[Any] = ()
    if isinstance(node, yaml.MappingNode):
        children = (child for pair in node.value for child in pair)
    elif isinstance(node, yaml.SequenceNode):
        children = node.value
    open_nodes.add(id(node))
    for child in children:
        count = _size(child, open_nodes, count)
    open_nodes.discard(id(node))
    return count


def line_of(node: yaml.Node) -> int:
    """Give the line, from 1, on which `node` starts."""
    return int(node.start_mark.line) + 1


class Reader:
    """Reads values out of nodes and keeps every problem it meets."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def problem(self, node: yaml.Node | int, template: str, **values: Any) -> None:
        """Note one problem at the line of `node`."""
        line = node if isinstance(node, int) else line_of(node)
        self.problems.append(Problem(Message(template, **values), line))

    def mapping(self, node: yaml.Node, allowed: Iterable[str], what: str) -> dict[str, yaml.Node]:
        """Read a mapping whose keys must be among `allowed`; unknown and doubled keys are problems."""
        allowed = tuple(allowed)
        if not isinstance(node, yaml.MappingNode):
            self.problem(
                node, N_("{what} should be written as `key: value` pairs, found {found}"), what=what, found=_kind(node)
            )
            return {}
        fields: dict[str, yaml.Node] = {}
        for key_node, value in node.value:
            key = str(key_node.value)
            if key in fields:
                self.problem(key_node, N_("`{key}` stands twice in {what}"), key=key, what=what)
            elif key not in allowed:
                self._unknown_key(key_node, key, allowed, what)
            else:
                fields[key] = value
        return {k: v for k, v in fields.items() if not _is_null(v)}

    def _unknown_key(self, node: yaml.Node, key: str, allowed: tuple[str, ...], what: str) -> None:
        near = difflib.get_close_matches(key, allowed, 1)
        if near:
            self.problem(node, N_("{what} has no `{key}`; did you mean `{near}`?"), what=what, key=key, near=near[0])
        else:
            self.problem(
                node, N_("{what} has no `{key}`; it may have {allowed}"), what=what, key=key, allowed=", ".join(allowed)
            )

    def sequence(self, node: yaml.Node | None, what: str) -> list[yaml.Node]:
        """Read a list; nothing there is an empty list."""
        if node is None:
            return []
        if isinstance(node, yaml.SequenceNode):
            return list(node.value)
        self.problem(node, N_("{what} should be a list (`- ...`), found {found}"), what=what, found=_kind(node))
        return []

    def text(self, node: yaml.Node | None, what: str, default: str | None = None) -> str | None:
        """Read text exactly as written."""
        if node is None:
            return default
        if isinstance(node, yaml.ScalarNode):
            return str(node.value)
        self.problem(node, N_("{what} should be text, found {found}"), what=what, found=_kind(node))
        return default

    def texts(self, node: yaml.Node | None, what: str) -> tuple[str, ...]:
        """Read a list of texts; one text alone counts as a list of one."""
        if isinstance(node, yaml.ScalarNode):
            return (str(node.value),)
        found = (self.text(item, what) for item in self.sequence(node, what))
        return tuple(text for text in found if text is not None)

    def flag(self, node: yaml.Node | None, what: str, default: bool) -> bool:
        """Read true or false."""
        if node is None:
            return default
        if isinstance(node, yaml.ScalarNode) and str(node.value).lower() in ("true", "yes", "on"):
            return True
        if isinstance(node, yaml.ScalarNode) and str(node.value).lower() in ("false", "no", "off"):
            return False
        self.problem(node, N_("{what} should be true or false, found {found}"), what=what, found=_kind(node))
        return default

    def parsed(self, node: yaml.Node | None, what: str, parse: Callable[[str], T], wanted: str, default: T) -> T:
        """Read text and put it through `parse`; a ValueError becomes a problem that says what was `wanted`."""
        said = self.text(node, what)
        if node is None or said is None:
            return default
        try:
            return parse(said)
        except ValueError:
            self.problem(node, N_("{what} should be {wanted}, found `{found}`"), what=what, wanted=wanted, found=said)
            return default

    def duration(self, node: yaml.Node | None, what: str) -> float | None:
        """Read a duration such as `2d`, as seconds."""
        parse: Callable[[str], float | None] = parse_duration
        return self.parsed(node, what, parse, N_("a duration such as 30m, 12h, 2d or 3w"), None)

    def day(self, node: yaml.Node | None, what: str) -> date | None:
        """Read a day such as `2026-03-31`."""
        parse: Callable[[str], date | None] = date.fromisoformat
        return self.parsed(node, what, parse, N_("a day such as 2026-03-31"), None)

    def choice(self, node: yaml.Node | None, what: str, options: tuple[str, ...], default: str | None) -> str | None:
        """Read one of `options`."""

        def one_of(text: str) -> str | None:
            if text not in options:
                raise ValueError(text)
            return text

        return self.parsed(node, what, one_of, " | ".join(options), default)


def _kind(node: yaml.Node) -> str:
    if isinstance(node, yaml.ScalarNode):
        return f"`{node.value}`"
    return "a list" if isinstance(node, yaml.SequenceNode) else "`key: value` pairs"


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null" and not node.style
