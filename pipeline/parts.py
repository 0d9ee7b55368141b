"""Sources laid over each other: one list of attributes, each wide enough for all values, and one relation of all rows.

A source keeps its own types when others widen an attribute, so that taking others away gives the same log as if they
had never been there.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from pipeline.build import Attribute
from pipeline.columns.mapping import Mapping
from pipeline.staging import Staged, attribute_name
from pipeline.store import Session, quoted

OWN = "SELECT source_id, name, type, role FROM source_attributes ORDER BY source_id, place"


@dataclass(frozen=True)
class OwnAttribute:
    """One attribute as one source has it: its own type, the role it plays, and where its values stand in what type."""

    name: str
    type: str
    role: str | None
    column: str
    stored: str


@dataclass(frozen=True)
class Part:
    """Rows of one source, or of several with the same attributes: a query and what its columns hold.

    `undated` says of rows that are being loaded that some have no time, although others have.
    """

    sources: tuple[int, ...]
    select: str
    attributes: tuple[OwnAttribute, ...]
    undated: bool = False


def common(one: str, other: str) -> str:
    """Give the type that holds the values of both.

    Examples
    --------
    >>> common("BIGINT", "DOUBLE"), common("BOOLEAN", "DOUBLE")
    ('DOUBLE', 'VARCHAR')
    """
    if one == other:
        return one
    return "DOUBLE" if {one, other} == {"BIGINT", "DOUBLE"} else "VARCHAR"


def fresh(staged: Staged, source_id: int, first_event: int) -> Part:
    """Give the usable rows of a source that is being loaded, numbered on from the events before."""
    usable = " WHERE reason IS NULL" if staged.kept < staged.rows else ""
    select = (
        f"SELECT *, CAST({first_event} + place_no AS UBIGINT) AS event_no, CAST({source_id} AS UINTEGER) AS source_id "
        f"FROM {quoted(staged.table)}{usable}"
    )
    played = _parts_played(staged.mapping)
    own = [OwnAttribute(name, type_, played.get(name), c, type_) for name, (type_, c) in staged.columns.items()]
    return Part((source_id,), select, tuple(own), staged.undated > 0)


def _parts_played(mapping: Mapping) -> dict[str, str]:
    """Give the attributes that play a role, with the role."""
    named = {"channel": mapping.channel, "actor": mapping.actor, "end": mapping.end}
    return {attribute_name(column): role for role, column in named.items() if column is not None}


def kept(db: Session, table: str, without: Collection[int] = ()) -> list[Part]:
    """Give the rows of the sources in the workspace, as `table` holds them; sources with equal attributes together."""
    stored = {name: (column, type_) for name, column, type_ in db.rows('SELECT name, "column", type FROM attributes')}
    own: dict[int, list[OwnAttribute]] = {
        source: [] for (source,) in db.rows("SELECT source_id FROM sources ORDER BY source_id") if source not in without
    }
    for source, name, type_, role in db.rows(OWN):
        if source in own:
            column, stored_as = stored[name]
            own[source].append(OwnAttribute(name, type_, role, column, stored_as))
    alike: dict[tuple[OwnAttribute, ...], list[int]] = {}
    for source, attributes in own.items():
        alike.setdefault(tuple(attributes), []).append(source)
    return [
        Part(tuple(sources), f"FROM {table} WHERE source_id IN ({', '.join(map(str, sources))})", attributes)
        for attributes, sources in alike.items()
    ]


def merged(parts: Sequence[Part]) -> list[Attribute]:
    """Give the attributes of all parts, in the order in which the sources bring them, with a type that holds all."""
    found: dict[str, Attribute] = {}
    for part in sorted(parts, key=lambda p: p.sources):
        for own in part.attributes:
            has = found.get(own.name) or Attribute(own.name, own.type, f"attr_{len(found) + 1}")
            found[own.name] = replace(has, type=common(has.type, own.type), role=own.role or has.role)
    return list(found.values())


def union(attributes: Sequence[Attribute], parts: Sequence[Part]) -> str:
    """Give the query of all parts under the columns of the attributes."""
    queries = []
    for part in parts:
        own = {o.name: o for o in part.attributes}
        values = "".join(f", {_cast(own.get(a.name), a.type)} AS {a.column}" for a in attributes)
        queries.append(f"SELECT key, activity, time, event_no, source_id{values} FROM ({part.select})")
    return " UNION ALL ".join(queries)


def _cast(own: OwnAttribute | None, wanted: str) -> str:
    if own is None:
        return f"CAST(NULL AS {wanted})"
    value = own.column
    for before, after in ((own.stored, own.type), (own.type, wanted)):
        value = value if before == after else f"CAST({value} AS {after})"
    return value
