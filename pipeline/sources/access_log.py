"""Access logs of web servers, in the common and the combined format, as Apache and nginx write them."""

from __future__ import annotations

import re
import string

from mining.errors import SourceError
from mining.messages import N_, Message
from pipeline.options import Reading
from pipeline.sources.lines import keep_unread, lines_of, read_lines
from pipeline.sources.raw import RawColumn, RawTable, Source
from pipeline.sources.text import prepare
from pipeline.store import Session, literal, quoted

LINE = (
    r'^(?:[^\s"\[]+ )?(\S+) (\S+) (.+?) \[(\d{2}/[A-Z][a-z]{2}/\d{4}:\d{2}:\d{2}:\d{2} [+-]\d{4})\] '
    r'"((?:[^"\\]|\\.)*)" (\d{3}|-) (\d+|-)(?: "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)")?(?: .*)?$'
)
GROUPS = ("host", "ident", "user", "time", "request", "status", "bytes", "referrer", "agent")
SIMPLE = (  # most lines: no name with a blank, nothing escaped, so that they can be split, which is ten times as fast
    r'^[^\s"\[]+ [^\s"\[]+ [^\s"\[]+ \[\d{2}/[A-Z][a-z]{2}/\d{4}:\d{2}:\d{2}:\d{2} [+-]\d{4}\] '
    r'"[^"\\]*" (\d{3}|-) (\d+|-)( "[^"\\]*" "[^"\\]*")?( [^"]*)?$'
)
CAPITALS = string.ascii_uppercase
PATTERN = re.compile(LINE)
COLUMNS = (
    *("visitor", "path", "time", "host", "user", "method", "query", "protocol", "status", "bytes", "referrer", "agent"),
)
TYPES = {"time": "TIMESTAMP WITH TIME ZONE", "status": "BIGINT", "bytes": "BIGINT"}


def is_access_log(start: bytes) -> bool:
    r"""Say whether a text is an access log: most of its first lines have that form.

    Examples
    --------
    >>> is_access_log(b'::1 - - [17/May/2025:10:05:03 +0000] "GET /a HTTP/1.1" 200 17\n')
    True
    """
    lines = [line for line in start[: 1 << 14].decode("utf-8-sig", errors="replace").splitlines() if line.strip()]
    whole = lines[:-1] if len(start) > 1 << 14 else lines
    return bool(whole) and sum(bool(PATTERN.match(line)) for line in whole[:50]) > 0.5 * len(whole[:50])


def read_access_log(db: Session, source: Source, name: str, reading: Reading) -> RawTable:
    """Read an access log: a visitor is a host with an agent, and what happened is the path without its query.

    Raises
    ------
    SourceError
        When no line can be read.
    """
    text = prepare(db, source.path, reading.encoding, source.look)
    lines, rows = quoted(name + "_lines"), quoted(name + "_rows")
    long = read_lines(db, source, text, name)
    db.execute(f"CREATE TEMP TABLE {rows} AS {_rows(lines)}")
    if not db.value(f"SELECT count(*) FROM {rows}"):
        raise SourceError(N_("{path} has no line that can be read as one of an access log."), path=source.path)
    columns = tuple(RawColumn(c, f"c{i}", TYPES.get(c, "VARCHAR")) for i, c in enumerate(COLUMNS, start=1))
    chosen = ", ".join(c.column for c in columns)
    db.execute(f"CREATE TEMP VIEW {quoted(name)} AS SELECT rowid AS row_no, {chosen} FROM {rows}")
    keep_unread(db, name, f"rowid NOT IN (SELECT line_no - 1 FROM {rows})", long)
    raw = f"(SELECT l.line FROM {lines} AS l JOIN {rows} AS r ON l.rowid = r.line_no - 1 WHERE r.rowid = row_no)"
    return RawTable(
        source,
        name,
        columns,
        f"{name}_unread",
        raw,
        lambda wanted: lines_of(db, name, wanted),
        (*text.notes, _told(source)),
        {"journey": ("visitor",), "activity": ("path",), "time": ("time",)},
    )


def _parts(lines: str) -> str:
    """Give the query that takes each line apart, as far as it is one of an access log."""
    return f"""
        SELECT line_no, CASE WHEN regexp_matches(line, {literal(SIMPLE)}) THEN struct_pack(
                host := names[1], ident := names[2], user := names[3],
                time := substr(names[4] || ' ' || names[5], 2, 26), request := q[2],
                status := numbers[2], bytes := numbers[3],
                referrer := coalesce(q[4], ''), agent := coalesce(q[6], ''))
            ELSE regexp_extract(line, {literal(LINE)}, {list(GROUPS)}) END AS p
        FROM (
            SELECT line_no, line, q, string_split(q[1], ' ') AS names, string_split(q[3], ' ') AS numbers
            FROM (SELECT rowid + 1 AS line_no, line, string_split(line, '"') AS q FROM {lines})
        )
    """


def _rows(lines: str) -> str:
    """Give the query of the rows: the request taken apart too, and a dash read as nothing."""

    def value(part: str) -> str:
        return f"nullif(nullif(p.{part}, '-'), '')"

    def unescaped(part: str) -> str:
        return f"nullif(nullif(replace(p.{part}, chr(92) || chr(34), chr(34)), '-'), '')"

    return f"""
        WITH parts AS MATERIALIZED ({_parts(lines)})
        SELECT concat_ws(' ', p.host, {unescaped("agent")}) AS c1,
            CASE WHEN known THEN split_part(r[2], '?', 1) ELSE {value("request")} END AS c2, moment AS c3,
            p.host AS c4, {value("user")} AS c5, CASE WHEN known THEN r[1] END AS c6,
            CASE WHEN known AND contains(r[2], '?') THEN nullif(substr(r[2], strpos(r[2], '?') + 1), '') END AS c7,
            CASE WHEN known THEN r[3] END AS c8, TRY_CAST(p.status AS BIGINT) AS c9,
            TRY_CAST(p.bytes AS BIGINT) AS c10, {unescaped("referrer")} AS c11, {unescaped("agent")} AS c12, line_no
        FROM (
            SELECT *, len(r) IN (2, 3) AND r[1] <> '' AND translate(r[1], {literal(CAPITALS)}, '') = ''
                AND split_part(r[2], '?', 1) <> '' AND coalesce(r[3] LIKE 'HTTP/%', true) AS known
            FROM (
                SELECT line_no, p, try_strptime(p.time, '%d/%b/%Y:%H:%M:%S %z') AS moment,
                    string_split(p.request, ' ') AS r FROM parts
            )
        ) WHERE moment IS NOT NULL
    """


def _told(source: Source) -> Message:
    return Message(
        N_("{name} is an access log: a visitor is an address with its browser, an activity a path without its query."),
        name=source.name,
    )
