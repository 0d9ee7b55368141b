"""From a raw table to staged rows: roles read, attributes typed, unusable rows kept aside with their reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mining.messages import N_, Message
from pipeline import undated
from pipeline.columns import roles
from pipeline.columns.mapping import Mapping
from pipeline.columns.money import CURRENCY, amounts
from pipeline.columns.roles import Times
from pipeline.identity import Identity, usable
from pipeline.sources import RawColumn, RawTable
from pipeline.store import Session, literal, quoted
from pipeline.times import OFFSET

OLDEST = "TIMESTAMP '1000-01-01'"
HEAD = 20_000  # rows that rule most of the types out
MISSING_JOURNEY = N_("missing journey")
MISSING_ACTIVITY = N_("missing activity")
MISSING_TIME = N_("missing time")
UNREADABLE_TIME = N_("unreadable time")
WHOLE = r"^-?(0|[1-9]\d{0,17})$"
NUMBER = r"^-?((0|[1-9]\d{0,17})(\.\d+)?|\.\d+)([eE][+-]?\d{1,2})?$"
COMMA = "DECIMAL COMMA"  # told apart here alone; kept as DOUBLE
COMMA_NUMBER = r"^-?(0|[1-9]\d{0,14}|[1-9]\d{0,2}(\.\d{3}){1,4})(,\d+)?$"
COMMA_PROOF = r",(\d{1,2}|\d{4,})$|\.\d{3},\d"
FLAG = r"^(?i)(true|false)$"
MOMENT = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?\s*([Zz]|[+-]\d{2}(:?\d{2})?)?$"
RESERVED = frozenset(
    {"journey_id", "key", "start", "end", "n_events", "variant_id", "duration_s", "outcome"}
    | {"first_activity", "last_activity"}
    | {"event_no", "place", "first_place", "position", "activity", "time", "gap_s", "source_id"}
)


@dataclass(frozen=True)
class Staged:
    """The rows of one source as a temporary relation: ``row_no, place_no, reason, key, activity, time`` and attributes.

    Attributes
    ----------
    rows, kept, unread : int
        Rows of the relation, those of them without a reason, and rows that could not even be read.
    columns : dict
        For each attribute name its type and its column in the relation.
    undated : int
        Kept rows without a time, in a file that has times.
    notes : tuple of Message
        What is to be known of them.
    """

    raw: RawTable
    mapping: Mapping
    table: str
    rows: int
    kept: int
    unread: int
    columns: dict[str, tuple[str, str]]
    undated: int = 0
    notes: tuple[Message, ...] = ()

    @property
    def rejected(self) -> int:
        """The rows that cannot be used."""
        return self.rows - self.kept + self.unread


def stage(
    db: Session, raw: RawTable, mapping: Mapping, times: Times | None, identity: Identity | None = None
) -> Staged:
    """Read the roles and type the attributes of one file."""
    raw = _tidied(db, raw, (*mapping.journey, *mapping.activity))
    by_name = {c.name: c for c in raw.columns}
    attributes = [by_name[name] for name in mapping.attributes if name != mapping.end]
    typed, notes = _types(db, raw, attributes, mapping.timezone)
    ended = roles.end(times)
    if mapping.end is not None and ended is not None:
        typed.append((by_name[mapping.end], "TIMESTAMP", ended))
    columns = {attribute_name(c.name): (type_, f"x{i}") for i, (c, type_, _) in enumerate(typed)}
    values = "".join(f", {sql} AS x{i}" for i, (_, _, sql) in enumerate(typed))
    read, given = roles.time(mapping, times)
    order = roles.order(raw, mapping)
    place = "row_no" if order is None else f"row_number() OVER (ORDER BY {order} NULLS LAST, row_no) - 1"
    table = f"{raw.view}_staged"
    # A view is read twice, so only what is slow to read, a pattern tried on every text, is worth a copy.
    kind = "TABLE" if times is not None and "%" in times.start.pattern else "VIEW"
    db.execute(
        f"""
        CREATE TEMP {kind} {quoted(table + "_read")} AS
        SELECT row_no, {place} AS place_no,
            {_named(by_name, identity)} AS named,
            {roles.journey(raw, mapping)} AS key, {roles.activity(raw, mapping)} AS activity,
            CAST({read} AS TIMESTAMP) AS time, {given} AS timed{values}
        FROM {quoted(raw.view)}
        """
    )
    _judge(db, table, bool(mapping.time), MISSING_TIME)
    rows, kept = _counted(db, table, bool(mapping.time))
    unread = db.value(f"SELECT count(*) FROM {quoted(raw.unread)}")
    return _with_undated(db, Staged(raw, mapping, table, rows, kept, unread, columns, notes=notes))


def _judge(db: Session, table: str, timed: bool, without_time: str | None) -> None:
    """Tell for each row why it cannot be used; rows without a time can where no reason is given for them."""
    missing = "NULL" if without_time is None else literal(without_time)
    db.execute(
        f"""
        CREATE OR REPLACE TEMP VIEW {quoted(table)} AS
        SELECT *, CASE
            WHEN key IS NULL OR NOT named THEN {literal(MISSING_JOURNEY)}
            WHEN activity IS NULL THEN {literal(MISSING_ACTIVITY)}
            WHEN {not timed} THEN NULL
            WHEN time IS NULL AND NOT timed THEN {missing}
            WHEN time IS NULL OR time < {OLDEST} THEN {literal(UNREADABLE_TIME)} END AS reason
        FROM {quoted(table + "_read")}
        """
    )


def _with_undated(db: Session, staged: Staged) -> Staged:
    """Keep or reject the rows that lack nothing but a time, as was said or as their file tells."""
    said = staged.mapping.undated
    if not staged.mapping.time or not staged.kept or staged.kept == staged.rows:
        return staged
    found = undated.look(db, staged.table, MISSING_TIME)
    if not found.n:
        return staged
    choice, note = said or found.choice, found.note(staged.raw.source.name, said)
    notes = (*staged.notes, note) if note else staged.notes
    staged = replace(staged, mapping=replace(staged.mapping, undated=choice), notes=notes)
    if choice == undated.REJECT:
        return staged
    _judge(db, staged.table, True, None)
    return replace(staged, kept=staged.kept + found.n, undated=found.n)


def _named(by_name: dict[str, RawColumn], identity: Identity | None) -> str:
    """Give the SQL of whether a row names a person at all; where persons are not joined, its key tells."""
    if identity is None:
        return "true"
    texts = {name: f"CAST({quoted(by_name[name].column)} AS VARCHAR)" for name in identity.columns if name in by_name}
    return usable(identity, texts)


def _counted(db: Session, table: str, timed: bool) -> tuple[int, int]:
    """Count the rows, and those that can be used; where all can, that shows without telling each row's reason."""
    rows, *filled, first = db.rows(
        f"SELECT count(*), count(CASE WHEN named THEN key END), count(activity), count(time), "
        f"coalesce(min(time) >= {OLDEST}, true) FROM {quoted(table)}"
    )[0]
    if all(n == rows for n in (filled if timed else filled[:2])) and first:
        return rows, rows
    return rows, db.value(f"SELECT count(*) FROM {quoted(table)} WHERE reason IS NULL")


def _tidied(db: Session, raw: RawTable, names: Sequence[str]) -> RawTable:
    """Mark the columns whose texts need no trimming: looking once is cheaper than trimming at every reading."""
    texts = [c for c in raw.columns if c.name in names and c.is_text]
    if not texts:
        return raw
    checks = ", ".join(f"coalesce(bool_or({roles.untidy(c)}), false)" for c in texts)
    found = db.rows(f"SELECT {checks} FROM {quoted(raw.view)}")[0]
    tidy = {c.name for c, is_untidy in zip(texts, found, strict=True) if not is_untidy}
    return replace(raw, columns=tuple(replace(c, tidy=c.name in tidy) for c in raw.columns))


def attribute_name(column: str) -> str:
    """Give the name of an attribute: that of its column, unless a journey or an event has that name for something else.

    Examples
    --------
    >>> attribute_name("amount"), attribute_name("start")
    ('amount', 'attribute:start')
    """
    return f"attribute:{column}" if column.casefold() in RESERVED else column


def _types(
    db: Session, raw: RawTable, columns: Sequence[RawColumn], timezone: str
) -> tuple[list[tuple[RawColumn, str, str]], tuple[Message, ...]]:
    """Give the type and the SQL of each attribute that has any value, and what is to be known of them."""
    empty = _empty(db, raw, columns)
    told = _types_of_text(db, raw, [c for c in columns if c.is_text and c not in empty])
    left = [c for c in columns if told.get(c.name) == "VARCHAR"]
    money = {c.name: found for c in _all_match(db, _head(raw), left, CURRENCY) if (found := amounts(db, raw.view, c))}
    typed = [
        (c, "DOUBLE", money[c.name].sql(quoted(c.column)))
        if c.name in money
        else (c, *_typed(c, told.get(c.name, c.type), timezone))
        for c in columns
        if c not in empty
    ]
    return typed, tuple(found.note(name) for name, found in money.items())


def _empty(db: Session, raw: RawTable, columns: Sequence[RawColumn]) -> list[RawColumn]:
    """Give the columns without a single value; the first rows show most of them to have one."""
    left = list(columns)
    for part in (_head(raw), quoted(raw.view)):
        if left:
            counts = ", ".join(f"count({_filled(c)})" for c in left)
            found = db.rows(f"SELECT {counts} FROM {part}")[0]
            left = [c for c, n in zip(left, found, strict=True) if not n]
    return left


def _filled(column: RawColumn) -> str:
    return f"nullif(trim({quoted(column.column)}), '')" if column.is_text else quoted(column.column)


def _head(raw: RawTable) -> str:
    return f"(FROM {quoted(raw.view)} LIMIT {HEAD})"


def _types_of_text(db: Session, raw: RawTable, columns: Sequence[RawColumn]) -> dict[str, str]:
    """Tell numbers, flags and times among text, by all values; a sample rules most columns out first."""
    told = {c.name: "VARCHAR" for c in columns}
    view = quoted(raw.view)
    for kind, pattern in (("BIGINT", WHOLE), ("DOUBLE", NUMBER), ("BOOLEAN", FLAG), ("TIMESTAMP", MOMENT)):
        left = [c for c in columns if told[c.name] == "VARCHAR"]
        for part in (_head(raw), f"(SELECT * FROM {view} WHERE row_no % 499 = 0)", view):
            left = _all_match(db, part, left, pattern)
        told |= {c.name: kind for c in left}
    left = [c for c in columns if told[c.name] == "VARCHAR"]
    for part in (_head(raw), view):
        left = _all_match(db, part, left, COMMA_NUMBER)
    return told | {c.name: COMMA for c in left if _is_proved(db, view, c)}


def _is_proved(db: Session, view: str, column: RawColumn) -> bool:
    """Say whether a comma surely parts the decimals: 12,5 and 1.234,50 tell it, while 1,234 may be a thousand."""
    proof = f"SELECT 1 FROM {view} WHERE regexp_matches({quoted(column.column)}, $proof) LIMIT 1"
    return bool(db.rows(proof, {"proof": COMMA_PROOF}))


def _all_match(db: Session, part: str, columns: Sequence[RawColumn], pattern: str) -> list[RawColumn]:
    """Give the columns of which every value matches."""
    if not columns:
        return []
    checks = ", ".join(f"coalesce(bool_and(regexp_matches({quoted(c.column)}, $pattern)), true)" for c in columns)
    found = db.rows(f"SELECT {checks} FROM {part}", {"pattern": pattern})[0]
    return [c for c, matches in zip(columns, found, strict=True) if matches]


def _typed(column: RawColumn, kind: str, timezone: str) -> tuple[str, str]:
    """Give the type an attribute is kept in, and the SQL that makes it."""
    name = quoted(column.column)
    local = f"timezone('UTC', timezone({literal(timezone)}, CAST({name} AS TIMESTAMP)))"
    if column.is_text and kind == "TIMESTAMP":
        close = f"regexp_replace({name}, '\\s+([+-]|Z$)', '\\1', 'i')"  # an offset that stands apart is not understood
        zoned = f"timezone('UTC', CAST({close} AS TIMESTAMPTZ))"
        return "TIMESTAMP", f"CASE WHEN regexp_matches({name}, {literal(OFFSET)}) THEN {zoned} ELSE {local} END"
    if kind == COMMA:
        return "DOUBLE", f"CAST(replace(replace({name}, '.', ''), ',', '.') AS DOUBLE)"
    if kind in ("VARCHAR", "BOOLEAN", "BIGINT", "DOUBLE"):
        return kind, f"CAST({name} AS {kind})" if kind != "VARCHAR" else f"nullif(CAST({name} AS VARCHAR), '')"
    if kind.startswith("TIMESTAMP WITH"):
        return "TIMESTAMP", f"timezone('UTC', {name})"
    if kind.startswith(("TIMESTAMP", "DATE")):
        return "TIMESTAMP", local
    if kind in ("TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT", "UINTEGER"):
        return "BIGINT", f"CAST({name} AS BIGINT)"
    if kind in ("FLOAT", "HUGEINT", "UBIGINT", "UHUGEINT") or kind.startswith("DECIMAL"):
        return "DOUBLE", f"CAST({name} AS DOUBLE)"
    return "VARCHAR", f"CAST({name} AS VARCHAR)"
