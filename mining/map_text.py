"""Small edits in the text of a map: only what is changed is written anew; comments, order and all else stay."""

from __future__ import annotations

import json
from collections.abc import Iterator

import yaml

from mining.errors import MapError
from mining.map_proposal import is_proposed_title
from mining.messages import N_
from mining.yaml_nodes import compose, with_whole_characters

__all__ = ["IN_STEP", "items_of", "root_of", "stage_of", "value_of", "with_flag", "with_goal", "with_title"]

IN_STEP = ("sequence", "choice", "any_order")


def with_goal(text: str, goal: str) -> str:
    r"""Give the text of a map with another goal.

    Examples
    --------
    >>> with_goal("id: shop\ngoal: pay  # for now\n", "rate")
    'id: shop\ngoal: rate  # for now\n'
    """
    text = with_whole_characters(text)
    return _set(text, root_of(text), "goal", goal)


def with_flag(text: str, touchpoint: str, name: str, value: bool) -> str:
    """Give the text with a flag of a touchpoint set, such as ``milestone`` or ``optional``.

    Raises
    ------
    MapError
        When no touchpoint of the text has this id.
    """
    text = with_whole_characters(text)
    node = _found(_touchpoints(root_of(text)), touchpoint)
    if not value and value_of(node, name) is None:
        return text
    return _set(text, node, name, "true" if value else "false")


def with_title(text: str, place: str, title: str, language: str, *, stage: bool = False) -> str:
    """Give the text with another title of a touchpoint, or of a stage; of titles in several languages, in one of them.

    Titles that a first plan gave to a stage, the same in every language, are replaced in all.

    Raises
    ------
    MapError
        When the text has no such touchpoint or stage.
    """
    text = with_whole_characters(text)
    root = root_of(text)
    node = _found(_stages(root) if stage else _touchpoints(root), place)
    said, known = json.dumps(title, ensure_ascii=False), value_of(node, "title")
    if isinstance(known, yaml.MappingNode):
        written = {str(key.value): str(value.value) for key, value in known.value}
        languages = reversed(written) if stage and is_proposed_title(written.values()) else (language,)
        for one in languages:  # from the end, so that the places before it stay right
            text = _set(text, known, one, said)
        return text
    return _set(text, node, "title", said)


def root_of(text: str) -> yaml.Node:
    """Read the nodes, each of which knows its place in the text by character."""
    return compose(text, "map")


def value_of(node: yaml.Node, key: str) -> yaml.Node | None:
    """Give the value of a key of a mapping; None where there is none."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((value for name, value in pairs if name.value == key), None)


def items_of(node: yaml.Node | None) -> list[yaml.Node]:
    """Give the items of a list; none where there is no list."""
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def stage_of(text: str, id_: str) -> yaml.Node:
    """Find a stage.

    Raises
    ------
    MapError
        When there is no such stage.
    """
    return _found(_stages(root_of(text)), id_)


def _stages(root: yaml.Node) -> Iterator[yaml.Node]:
    yield from items_of(value_of(root, "stages"))


def _touchpoints(root: yaml.Node) -> Iterator[yaml.Node]:
    todo = [step for stage in _stages(root) for step in items_of(value_of(stage, "steps"))]
    todo += items_of(value_of(root, "anywhere"))
    while todo:
        step = todo.pop()
        inner = [item for kind in IN_STEP for item in items_of(value_of(step, kind))]
        if not inner:
            yield step
        todo += inner


def _found(nodes: Iterator[yaml.Node], id_: str) -> yaml.Node:
    for node in nodes:
        named = value_of(node, "id")
        if named is not None and named.value == id_:
            return node
    raise MapError(N_("The text of the map has no place called {name}. Edit it as text."), name=id_)


def _set(text: str, node: yaml.Node, key: str, said: str) -> str:
    """Write the value of a key: in the place of the one there is, else behind the first pair."""
    known = value_of(node, key)
    if known is not None:
        start, end = known.start_mark.index, known.end_mark.index
        return text[:start] + said + ("\n" if text[start:end].endswith("\n") else "") + text[end:]
    first, value = node.value[0]
    if getattr(node, "flow_style", False):
        name = f'"{key}"' if text.lstrip().startswith("{") else key
        return text[: value.end_mark.index] + f", {name}: {said}" + text[value.end_mark.index :]
    line_end = text.find("\n", value.end_mark.index)
    place = line_end if line_end >= 0 else len(text)
    if not isinstance(value, yaml.ScalarNode) or value.style in ("|", ">"):
        place = first.start_mark.index
        return text[:place] + f"{key}: {said}\n{' ' * first.start_mark.column}" + text[place:]
    return text[:place] + f"\n{' ' * first.start_mark.column}{key}: {said}" + text[place:]
