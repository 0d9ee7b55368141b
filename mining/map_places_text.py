"""Touchpoints and stages put in, moved and taken out in the text of a map; comments and all other lines stay."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

import yaml

from mining.errors import MapError
from mining.map_text import IN_STEP, items_of, root_of, stage_of, value_of
from mining.messages import N_
from mining.yaml_lists import Splice, end_of_lines, is_flow, is_json, item_text, put_in, put_lines, spliced, taken_out
from mining.yaml_nodes import with_whole_characters

__all__ = [
    "new_id",
    "with_stage",
    "with_stage_moved",
    "with_touchpoint",
    "with_touchpoint_moved",
    "with_touchpoint_to_stage",
    "without_stage",
    "without_touchpoint",
]


Written = Callable[[bool], str]
"""An item as it is written in a list in brackets (True), or in one that has a line for each (False)."""


@dataclass(frozen=True)
class _Place:
    """Where an item stands: in which list and, in that of a block, where the block stands."""

    items: yaml.SequenceNode
    index: int
    outer: _Place | None = None

    @property
    def whole(self) -> _Place:
        """The outermost block that has nothing else in it, or the place itself."""
        return self if self.outer is None or len(self.items.value) > 1 else self.outer.whole


def new_id(name: str, taken: Collection[str]) -> str:
    """Make an id out of a name that is readable and not yet taken.

    Examples
    --------
    >>> new_id("Pay at the till!", {"pay_at_the_till"})
    'pay_at_the_till_2'
    """
    plain = re.sub(r"[^\w.-]+", "_", name).strip("_.-").lower() or "place"
    others = (f"{plain}_{n}" for n in range(2, len(taken) + 3))
    return next(id_ for id_ in (plain, *others) if id_ not in taken)


def with_touchpoint(text: str, stage: str, id_: str, title: str, activities: Sequence[str]) -> str:
    """Add a touchpoint at the end of a stage.

    Raises
    ------
    MapError
        When there is no such stage.
    """
    text = with_whole_characters(text)
    new = _mapping(text, {"id": id_, "title": title, "events": [*activities]})
    return spliced(text, _into_stage(text, stage, lambda flow: new if flow else f"- {new}\n"))


def without_touchpoint(text: str, touchpoint: str) -> str:
    """Take a touchpoint out, with the block that would be empty without it, and as an answer of questions.

    Raises
    ------
    MapError
        When there is no such touchpoint.
    """
    text = with_whole_characters(text)
    root = root_of(text)
    place = _found(root, touchpoint).whole
    asked = [question for stage in items_of(value_of(root, "stages")) for question in _questions(stage)]
    named = [_unnamed(text, value_of(question, "answered_by"), touchpoint) for question in asked]
    return spliced(text, taken_out(text, place.items, place.index), *filter(None, named))


def with_touchpoint_moved(text: str, touchpoint: str, by: int) -> str:
    """Move a touchpoint up (-1) or down (1) within its stage: past its neighbour, or at the edge of a block out of it.

    Raises
    ------
    MapError
        When there is no such touchpoint.
    """
    text = with_whole_characters(text)
    place = _found(root_of(text), touchpoint)
    if 0 <= place.index + by < len(place.items.value):
        return _moved(text, place, place.items, place.index + by + (by > 0))
    if place.outer is None:
        return text
    return _moved(text, place, place.outer.items, place.outer.index + (by > 0))


def with_touchpoint_to_stage(text: str, touchpoint: str, stage: str) -> str:
    """Move a touchpoint to the end of a stage.

    Raises
    ------
    MapError
        When there is no such touchpoint or stage.
    """
    text = with_whole_characters(text)
    place = _found(root_of(text), touchpoint)
    into = _into_stage(text, stage, lambda flow: item_text(text, place.items, place.index, flow=flow))
    return spliced(text, taken_out(text, place.whole.items, place.whole.index), into)


def with_stage(text: str, id_: str, title: str) -> str:
    """Add a stage without touchpoints at the end.

    Raises
    ------
    MapError
        When the text has no list of stages.
    """
    text = with_whole_characters(text)
    stages = value_of(root_of(text), "stages")
    if not isinstance(stages, yaml.SequenceNode) or not stages.value:
        raise MapError(N_("The text of the map has no place called {name}. Edit it as text."), name="stages")
    flow = _mapping(text, {"id": id_, "title": title})
    new = flow if is_flow(stages) else f"- id: {id_}\n  title: {_quoted(title)}\n"
    return spliced(text, put_in(text, stages, len(stages.value), new))


def without_stage(text: str, stage: str) -> str:
    """Take a stage out, with all its touchpoints, and as one that others return to.

    Raises
    ------
    MapError
        When there is no such stage.
    """
    text = with_whole_characters(text)
    place = _stage(text, stage)
    others = [other for index, other in enumerate(place.items.value) if index != place.index]
    named = [_unnamed(text, value_of(other, "may_return_to"), stage) for other in others]
    return spliced(text, taken_out(text, place.items, place.index), *filter(None, named))


def with_stage_moved(text: str, stage: str, by: int) -> str:
    """Move a stage one place to the front (-1) or to the back (1).

    Raises
    ------
    MapError
        When there is no such stage.
    """
    text = with_whole_characters(text)
    place = _stage(text, stage)
    if not 0 <= place.index + by < len(place.items.value):
        return text
    return _moved(text, place, place.items, place.index + by + (by > 0))


def _moved(text: str, place: _Place, into: yaml.SequenceNode, index: int) -> str:
    item = item_text(text, place.items, place.index, flow=is_flow(into))
    return spliced(text, taken_out(text, place.whole.items, place.whole.index), put_in(text, into, index, item))


def _into_stage(text: str, stage: str, written: Written) -> Splice:
    """Put an item at the end of a stage, which may have no step yet."""
    node = stage_of(text, stage)
    steps = value_of(node, "steps")
    if isinstance(steps, yaml.SequenceNode) and (steps.value or is_flow(steps)):
        return put_in(text, steps, len(steps.value), written(is_flow(steps)))
    if is_flow(node):
        place = node.value[-1][1].end_mark.index if steps is None else steps.start_mark.index
        key = ("" if steps is not None else ', "steps":' if is_json(text) else ", steps:") + " "
        return Splice(place, place if steps is None else steps.end_mark.index, f"{key}[{written(True)}]")
    column = node.value[0][0].start_mark.column
    lines = "".join(f"  {line}" for line in written(False).splitlines(keepends=True))
    if steps is None:
        return put_lines(text, end_of_lines(text, node), f"steps:\n{lines}", columns=column)
    return put_lines(text, text.find("\n", steps.start_mark.index) + 1 or len(text), lines, columns=column)


def _stage(text: str, id_: str) -> _Place:
    """Find a stage in the list of stages."""
    stages, wanted = value_of(root_of(text), "stages"), stage_of(text, id_)
    assert isinstance(stages, yaml.SequenceNode)
    marks = [stage.start_mark.index for stage in stages.value]
    return _Place(stages, marks.index(wanted.start_mark.index))


def _found(root: yaml.Node, id_: str) -> _Place:
    """Find a touchpoint, also one that may happen anywhere."""
    lists = [value_of(stage, "steps") for stage in items_of(value_of(root, "stages"))]
    for items in (*lists, value_of(root, "anywhere")):
        for node, place in _places(items, None):
            named = value_of(node, "id")
            if named is not None and named.value == id_:
                return place
    raise MapError(N_("The text of the map has no place called {name}. Edit it as text."), name=id_)


def _places(items: yaml.Node | None, outer: _Place | None) -> Iterator[tuple[yaml.Node, _Place]]:
    if not isinstance(items, yaml.SequenceNode):
        return
    for index, node in enumerate(items.value):
        place = _Place(items, index, outer)
        inner = [found for kind in IN_STEP if (found := value_of(node, kind)) is not None]
        if not inner:
            yield node, place
        for block in inner:
            yield from _places(block, place)


def _questions(stage: yaml.Node) -> list[yaml.Node]:
    return items_of(value_of(stage, "questions"))


def _unnamed(text: str, names: yaml.Node | None, id_: str) -> Splice | None:
    """Take an id out of a list of ids, or of a place where one stands alone."""
    if isinstance(names, yaml.ScalarNode) and names.value == id_:
        return Splice(names.start_mark.index, names.end_mark.index, "[]")
    known = [item.value for item in items_of(names)]
    return taken_out(text, names, known.index(id_)) if id_ in known else None  # type: ignore[arg-type]  # a list


def _mapping(text: str, values: dict[str, str | list[str]]) -> str:
    """Write a mapping in braces: with quotes around its keys in JSON, without them in YAML."""
    if is_json(text):
        return json.dumps(values, ensure_ascii=False)
    said = (
        f"{key}: {value if key == 'id' else json.dumps(value, ensure_ascii=False)}" for key, value in values.items()
    )
    return "{" + ", ".join(said) + "}"


def _quoted(title: str) -> str:
    return json.dumps(title, ensure_ascii=False)
