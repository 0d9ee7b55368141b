"""The columns of JSON objects: found in the database by their keys, and taken out of every object at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from mining.messages import N_, Message
from pipeline.sources.json_shape import Node, Path, inner_objects, look, pair_lists
from pipeline.store import Session, literal, quoted

LARGE = 1 << 20  # characters of an object that is not read whole to see what is in it
MOST_COLUMNS = 500


@dataclass(frozen=True)
class Leaf:
    """One column: its name, and the SQL that takes it out of the object ``o`` of the line ``line``."""

    name: str
    sql: str


@dataclass
class Level:
    """The objects at one depth: a table ``line, good``, the SQL of line numbers, ``o1..`` carried from further out."""

    db: Session
    table: str
    number: str = "rowid + 1"
    carried: list[str] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)


def sample_of(level: Level) -> Node:
    """Look at some thousand objects from all over; very large ones are only looked at from outside."""
    table = quoted(level.table)
    found = level.db.rows(
        f"SELECT line FROM {table} WHERE good AND strlen(line) <= {LARGE} AND (rowid < 500 OR "
        f"rowid % (SELECT greatest(1, count(*) // 2000) FROM {table}) = 0) ORDER BY rowid LIMIT 3000"
    )
    sample = [line for (line,) in found]
    if not sample:
        first = level.db.rows(f"SELECT rowid FROM {table} WHERE good ORDER BY rowid LIMIT 1")
        sample = [_digest(level, row) for (row,) in first]
    return look(sample)


def _digest(level: Level, row: int) -> str:
    """Give a large object without the bulk: the first elements of its arrays, its objects left empty."""
    line = f"(SELECT line FROM {quoted(level.table)} WHERE rowid = {int(row)})"
    keys = level.db.value(f"SELECT json_keys({line})")[:MOST_COLUMNS]
    pointers = [_pointer((key,)) for key in keys]
    types = level.db.value(f"SELECT json_type({line}, $p)", {"p": pointers})
    digest: dict[str, object] = {}
    for key, pointer, type_ in zip(keys, pointers, types, strict=True):
        if type_ == "ARRAY":
            some = level.db.value(f"SELECT json_extract({line}, $p)", {"p": [f"{pointer}/{i}" for i in range(3)]})
            digest[key] = [json.loads(part) for part in some if part is not None and len(part) <= LARGE]
        elif type_ != "NULL":
            digest[key] = {} if type_ == "OBJECT" else "x"
    return json.dumps(digest)


def _pointer(path: Path) -> str:
    """Give the JSON pointer to a path."""
    return "".join("/" + name.replace("~", "~0").replace("/", "~1") for name in path)


def _always(level: Level, paths: Sequence[Path], type_: str) -> list[Path]:
    """Give the paths at which every object has `type_` or nothing."""
    if not paths:
        return []
    checks = ", ".join(f"bool_and(coalesce(t[{i}] IN ('{type_}', 'NULL'), true))" for i in range(1, len(paths) + 1))
    found = level.db.rows(
        f"SELECT {checks} FROM (SELECT json_type(line, $p) AS t FROM {quoted(level.table)} WHERE good)",
        {"p": [_pointer(path) for path in paths]},
    )[0]
    return [path for path, holds in zip(paths, found, strict=True) if holds]


def _keys(level: Level, path: Path) -> list[str]:
    """Give the keys of the objects at `path` in the order in which they first appear, one more than fit at most."""
    found = level.db.rows(
        f"SELECT key, min(row) AS first, arg_min(place, row) AS place FROM (SELECT rowid AS row, "
        f"unnest(json_keys(line, $p)) AS key, generate_subscripts(json_keys(line, $p), 1) AS place "
        f"FROM {quoted(level.table)} WHERE good) GROUP BY key ORDER BY first, place LIMIT {MOST_COLUMNS + 1}",
        {"p": _pointer(path)},
    )
    return [key for key, _, _ in found]


@dataclass
class Plan:
    """How the objects are taken apart: a shape for the database, and the columns that come of it."""

    shape: dict[str, object] = field(default_factory=dict)
    leaves: list[Leaf] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)


def plan_of(level: Level, root: Node, without: str | None = None) -> Plan:
    """Find the columns of the objects of a level; those beyond the number that can be kept stay together as JSON."""
    pairs = {path: (label, typed) for path, label, typed in pair_lists(root) if path[0] != without}
    certain_pairs = _always(level, list(pairs), "ARRAY")
    objects = [path for path in inner_objects(root)[:200] if path[0] != without]
    expanded: dict[Path, list[str]] = {(): [k for k in _keys(level, ()) if k != without]}
    room = MOST_COLUMNS - len(expanded[()])
    tight = room < 0
    expanded[()] = expanded[()][:MOST_COLUMNS]
    names: dict[Path, list[str]] = {}
    for path in [*_always(level, objects, "OBJECT"), *certain_pairs]:
        if path[:-1] not in expanded or path[-1] not in expanded[path[:-1]]:
            continue
        keys = _pair_names(level, path, *pairs[path]) if path in pairs else _keys(level, path)
        if len(keys) - 1 > room:
            tight = True
        elif keys:
            room -= len(keys) - 1
            (names if path in pairs else expanded)[path] = keys
    plan = Plan()
    _lay_out(plan, (), plan.shape, expanded, names, pairs)
    if tight:
        level.notes.append(
            Message(
                N_("More than {n} columns are in the objects; what goes beyond them was kept as JSON."), n=MOST_COLUMNS
            )
        )
        if room < 0:
            plan.leaves.append(Leaf("json", "line"))
    return plan


def _lay_out(
    plan: Plan,
    path: Path,
    shape: dict[str, object],
    expanded: dict[Path, list[str]],
    names: dict[Path, list[str]],
    pairs: dict[Path, tuple[str, tuple[str, ...]]],
) -> None:
    """Add the columns at and below `path`."""
    folded: set[str] = set()
    for key in expanded[path]:
        here = (*path, key)
        access = "o" + "".join(f"[{literal(part)}]" for part in here)
        inside = here in expanded or here in names
        if key.casefold() in folded or not key:  # fields of a record differ by more than case, and have a name
            plan.leaves.append(Leaf(".".join(here), f"json_extract_string(line, {literal(_pointer(here))})"))
            continue
        folded.add(key.casefold())
        if here in expanded:
            inner: dict[str, object] = {}
            shape[key] = inner
            _lay_out(plan, here, inner, expanded, names, pairs)
        elif here in names:
            label, typed = pairs[here]
            shape[key] = [_pair_shape(label, typed)]
            step = len(plan.steps) + 1
            plan.steps.append(
                f"list_transform({access}, lambda x: x[{literal(label)}]) AS n{step}, "
                f"list_transform({access}, lambda x: {_pair_value(typed)}) AS v{step}"
            )
            plan.leaves += [
                Leaf(".".join((*here, n)), f"v{step}[list_position(n{step}, {literal(n)})]") for n in names[here]
            ]
        if not inside:
            shape[key] = "VARCHAR"
            plan.leaves.append(Leaf(".".join(here), access))


def _pair_shape(label: str, typed: tuple[str, ...]) -> dict[str, object]:
    return {label: "VARCHAR", "value": dict.fromkeys(typed, "VARCHAR") if typed else "VARCHAR"}


def _pair_value(typed: tuple[str, ...]) -> str:
    """Give the SQL of the value of a pair ``x``: the first of its typed values that is there."""
    if not typed:
        return "x['value']"
    inside = ", ".join(f"x['value'][{literal(name)}]" for name in typed)
    return f"coalesce({inside}, NULL)"


def _pair_names(level: Level, path: Path, label: str, typed: tuple[str, ...]) -> list[str]:
    """Give the names that stand in the pairs at `path`."""
    nested: object = [_pair_shape(label, typed)]
    for name in reversed(path):
        nested = {name: nested}
    access = "".join(f"[{literal(name)}]" for name in path)
    found = level.db.rows(
        f"SELECT x[{literal(label)}] AS name, min(row) AS first, arg_min(place, row) AS place FROM ("
        f"SELECT row, unnest(l) AS x, generate_subscripts(l, 1) AS place FROM (SELECT rowid AS row, "
        f"from_json(line, {_shape(nested)}){access} AS l FROM {quoted(level.table)} WHERE good)) "
        f"WHERE name IS NOT NULL GROUP BY name ORDER BY first, place LIMIT {MOST_COLUMNS + 1}"
    )
    return [name for name, _, _ in found]


def _shape(shape: object) -> str:
    return literal(json.dumps(shape, ensure_ascii=False))


def taken_apart(level: Level, plan: Plan) -> str:
    """Give the query of the objects as records ``o`` beside their lines."""
    carried = "".join(f"o{i}, " for i in range(1, len(level.carried) + 1))
    shape = _shape(plan.shape or {"_": "VARCHAR"})
    inner = (
        f"SELECT {level.number} AS line_no, {carried}line, from_json(line, {shape}) AS o "
        f"FROM {quoted(level.table)} WHERE good"
    )
    return f"SELECT *, {', '.join(plan.steps)} FROM ({inner})" if plan.steps else inner
