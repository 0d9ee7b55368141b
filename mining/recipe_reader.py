"""YAML or JSON text -> the steps of a path-cleaning recipe; all problems at once, each with its line."""

from __future__ import annotations

import yaml

from mining.errors import ExpressionError, RecipeError
from mining.expressions import parse
from mining.messages import N_
from mining.recipe import EVERY, Collapse, Drop, Group, Recipe, Rename, Step, Trim
from mining.yaml_nodes import Kind, Reader, compose

RECIPE = Kind(
    RecipeError,
    N_("{name} is not a path-cleaning recipe"),
    N_("{name} is empty. A recipe is a list of steps such as `- drop: [ping]`."),
)
STEPS = ("rename", "group", "drop", "collapse", "trim")


def read_recipe(text: str, name: str) -> Recipe:
    """Read the steps, and the conditions where there are any.

    Raises
    ------
    RecipeError
        With every problem found.
    """
    reader = Reader()
    root = compose(text, name, RECIPE)
    fields = reader.mapping(root, ("where", "recipe"), "the recipe") if isinstance(root, yaml.MappingNode) else {}
    where = _conditions(reader, fields.get("where"))
    listed = reader.sequence(fields.get("recipe") if fields else root, "the recipe")
    found = [step for node in listed for step in _step(reader, node)]
    if reader.problems:
        raise RecipeError(RECIPE.other, name=name, problems=reader.problems)
    return Recipe(tuple(found), where)


def _conditions(reader: Reader, node: yaml.Node | None) -> tuple[str, ...]:
    """Read which journeys are looked at."""
    conditions = reader.texts(node, "where")
    for condition in conditions:
        try:
            parse(condition)
        except ExpressionError as error:
            reader.problem(node or 1, N_("{what}: {why}"), what="where", why=error.message)
    return conditions


def _step(reader: Reader, node: yaml.Node) -> list[Step]:
    fields = reader.mapping(node, STEPS, "a step")
    if len(fields) != 1:
        reader.problem(node, N_("a step has exactly one of {steps}"), steps=", ".join(STEPS))
        return []
    (kind, value), *_ = fields.items()
    if kind == "rename":
        return _rename(reader, value)
    if kind == "group":
        return _group(reader, value)
    if kind == "trim":
        return _trim(reader, value)
    if kind == "drop":
        return [Drop(_names(reader, value, "drop"))]
    whole = isinstance(value, yaml.ScalarNode) and value.value in ("all", EVERY)
    return [Collapse() if whole else Collapse(_names(reader, value, "collapse"))]


def _rename(reader: Reader, node: yaml.Node) -> list[Step]:
    fields = reader.mapping(node, ("from", "to"), "rename")
    source, target = (_filled(reader, node, fields.get(key), f"rename.{key}") for key in ("from", "to"))
    return [Rename(source, target)]


def _group(reader: Reader, node: yaml.Node) -> list[Step]:
    fields = reader.mapping(node, ("activities", "to"), "group")
    if "activities" not in fields:
        reader.problem(node, N_("{what} is missing"), what="group.activities")
    names = _names(reader, fields["activities"], "group.activities") if "activities" in fields else ()
    return [Group(names, _filled(reader, node, fields.get("to"), "group.to"))]


def _trim(reader: Reader, node: yaml.Node) -> list[Step]:
    fields = reader.mapping(node, ("from", "to"), "trim")
    if not fields:
        reader.problem(node, N_("{what} is missing"), what="trim.from, trim.to")
    return [Trim(*(_names(reader, fields[key], f"trim.{key}") if key in fields else () for key in ("from", "to")))]


def _names(reader: Reader, node: yaml.Node, what: str) -> tuple[str, ...]:
    names = reader.texts(node, what)
    if not names:
        reader.problem(node, N_("{what} names no activity"), what=what)
    return names


def _filled(reader: Reader, parent: yaml.Node, node: yaml.Node | None, what: str) -> str:
    said = reader.text(node, what)
    if said is None or not said.strip():
        reader.problem(parent if node is None else node, N_("{what} is missing"), what=what)
    return said or ""
