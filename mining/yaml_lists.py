"""Items of YAML and JSON lists as pieces of text: taken out, and put in elsewhere, while all other text stays."""

from __future__ import annotations

from dataclasses import dataclass

import yaml


@dataclass(frozen=True)
class Splice:
    """A piece of text that is to be replaced by another one."""

    start: int
    end: int
    new: str


def spliced(text: str, *splices: Splice) -> str:
    """Replace pieces that do not overlap; what is put in where another one begins stays."""
    for splice in sorted(splices, key=lambda splice: (splice.start, splice.end), reverse=True):
        text = text[: splice.start] + splice.new + text[splice.end :]
    return text


def is_json(text: str) -> bool:
    """Tell whether a text is written in braces as a whole."""
    return text.lstrip().startswith("{")


def is_flow(node: yaml.Node) -> bool:
    """Tell whether a list is written in brackets."""
    return bool(getattr(node, "flow_style", False))


def taken_out(text: str, items: yaml.SequenceNode, index: int) -> Splice:
    """Take one item out of a list, with the comments that stand above it or behind it in its line."""
    if not is_flow(items):
        return Splice(*_lines(text, items, index), "")
    nodes, node = items.value, items.value[index]
    if index + 1 < len(nodes):
        return Splice(node.start_mark.index, nodes[index + 1].start_mark.index, "")
    start = nodes[index - 1].end_mark.index if index else node.start_mark.index
    return Splice(start, node.end_mark.index, "")


def put_in(text: str, items: yaml.SequenceNode, index: int, item: str) -> Splice:
    """Put an item, written as of a list in lines or in brackets, before the one at `index`, or at the end."""
    nodes = items.value
    if is_flow(items):
        if index < len(nodes):
            return _at(nodes[index].start_mark.index, f"{item}, ")
        if nodes:
            return _at(nodes[-1].end_mark.index, f", {item}")
        return _at(items.start_mark.index + 1, item)
    place = _lines(text, items, index)[0] if index < len(nodes) else end_of_lines(text, nodes[-1])
    return put_lines(text, place, _moved_by(item, items.start_mark.column))


def put_lines(text: str, place: int, lines: str, *, columns: int = 0) -> Splice:
    """Put lines in, so many columns to the right; they begin a line of their own and end it."""
    before = "" if place == 0 or text[place - 1] == "\n" else "\n"
    return _at(place, before + _moved_by(lines, columns))


def end_of_lines(text: str, node: yaml.Node) -> int:
    """Give where the last line of a node ends; the mark of a block stands behind the comments that follow it."""
    end = _end(node)
    if text[:end].endswith("\n"):
        return end
    line_end = text.find("\n", end)
    return len(text) if line_end < 0 else line_end + 1


def item_text(text: str, items: yaml.SequenceNode, index: int, *, flow: bool) -> str:
    """Give an item as it has to be written in a list in brackets (`flow`), or in one that has a line for each."""
    node = items.value[index]
    if not flow and not is_flow(items):
        start, end = _lines(text, items, index)
        return _moved_by(text[start:end], -items.start_mark.column)
    written = text[node.start_mark.index : node.end_mark.index]
    if not is_flow(node) or ("\n" in written and not is_json(text)):
        written = in_one_line(node)
    return written if flow else f"- {written}\n"


def in_one_line(node: yaml.Node) -> str:
    """Write a node in brackets."""

    def flat(node: yaml.Node) -> yaml.Node:
        if isinstance(node, yaml.MappingNode):
            return yaml.MappingNode(node.tag, [(flat(k), flat(v)) for k, v in node.value], flow_style=True)
        if isinstance(node, yaml.SequenceNode):
            return yaml.SequenceNode(node.tag, [flat(item) for item in node.value], flow_style=True)
        written = str(getattr(node, "style", None) or "")  # folded and literal text cannot stand in brackets
        return yaml.ScalarNode(node.tag, node.value, style='"' if written in ("|", ">") else written or None)

    return str(yaml.serialize(flat(node), width=10**6, allow_unicode=True)).removesuffix("...\n").strip()


def _at(place: int, new: str) -> Splice:
    return Splice(place, place, new)


def _lines(text: str, items: yaml.SequenceNode, index: int) -> tuple[int, int]:
    """Give where the lines of an item begin, with the comments right above it, and where they end."""
    node = items.value[index]
    start = text.rfind("\n", 0, text.rfind("-", 0, node.start_mark.index) + 1) + 1
    while start:
        above = text.rfind("\n", 0, start - 1) + 1
        if not text[above:start].lstrip(" ").startswith("#"):
            break
        start = above
    return start, end_of_lines(text, node)


def _end(node: yaml.Node) -> int:
    """Give where the last thing in a node ends."""
    if isinstance(node, yaml.ScalarNode) or is_flow(node) or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(last[1] if isinstance(last, tuple) else last)


def _moved_by(lines: str, columns: int) -> str:
    """Move lines to the right, or, where `columns` is negative, to the left."""
    if columns >= 0:
        return "".join(" " * columns + line if line.strip() else line for line in lines.splitlines(keepends=True))
    return "".join(line[min(-columns, len(line) - len(line.lstrip(" "))) :] for line in lines.splitlines(keepends=True))
