"""What the names of activities and the values of attributes tell: one name in several writings, tests, emptiness."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mining.lookalikes import Group, lookalikes
from mining.messages import N_, Message
from pipeline import queries
from pipeline.quality.finding import INFO, WARNING, QualityFinding
from pipeline.quality.ids import TEST_WORDS
from pipeline.quality.rules import QualityRules
from pipeline.store import Session, View, Workspace, quoted

_TEST = re.compile(TEST_WORDS, re.IGNORECASE)
_AGENT = re.compile(r"user.?agent|^ua$|browser", re.IGNORECASE)
BOTS = (
    r"(?i)(bot\b|bot[/;-]|crawl|spider|headless|curl/|wget/|python-|scrapy|phantomjs|selenium|playwright|puppeteer"
    r"|lighthouse|pingdom|uptime|monitor|java/|go-http|okhttp|axios|libwww)"
)
STRETCHES = 8  # in which a part of the log lies
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")


@dataclass(frozen=True)
class Values:
    """One attribute: its rows (of journeys or events), how many have a value, and its values, where they are few."""

    name: str
    type: str
    level: str
    column: str
    rows: int
    filled: int
    counts: dict[str, int] | None

    @property
    def is_text(self) -> bool:
        """Say whether the values are words, and not numbers, times or truths."""
        return self.type == "VARCHAR"


def activities(ws: Workspace, rules: QualityRules) -> list[QualityFinding]:
    """Give the findings about the names of activities."""
    frame = queries.activities(ws)
    counts = dict(frame.select("name", "n_events").iter_rows())
    found = []
    groups = lookalikes(counts)
    if groups:
        n = sum(len(group.names) for group in groups)
        said = Message(N_("Groups of names that seem to be one name: {groups:,}."), groups=len(groups))
        examples = tuple(_looks(group) for group in groups[: rules.examples])
        details = {"groups": len(groups)}
        found.append(
            QualityFinding("lookalike_activities", WARNING, said, n, len(counts), "activities", details, examples)
        )
    once = sorted(name for name, n in counts.items() if n == 1)
    if once:
        said = Message(N_("Activities that happened a single time in the whole log."))
        severity = WARNING if len(once) >= 0.5 * len(counts) and len(once) >= 20 else INFO
        examples = tuple({"activity": name} for name in once[: rules.examples])
        found.append(
            QualityFinding("rare_activities", severity, said, len(once), len(counts), "activities", {}, examples)
        )
    return found


def _looks(group: Group) -> dict[str, Any]:
    return {
        "common": group.common,
        "names": [f"{name} ({n})" for name, n in group.names],
        "differ_by": list(group.differ_by),
    }


def attributes(ws: Workspace, rules: QualityRules) -> list[QualityFinding]:
    """Give the findings about attributes and their values."""
    told = _values(ws, rules)
    found = [
        _empty(told, rules),
        _constant(told),
        _lookalike_values(told, rules),
        _tests(ws, told, rules),
        _bots(ws, told, rules),
        _mixed(ws, told, rules),
    ]
    return [finding for finding in found if finding is not None]


def _values(ws: Workspace, rules: QualityRules) -> list[Values]:
    """Look at every attribute; only those with few different values in a part of the log are counted in whole."""
    known = queries.attributes(ws)
    filled: dict[str, int] = {}
    distinct: dict[str, int] = {}
    rows: dict[str, int] = {}
    for level in known["level"].unique(maintain_order=True):
        first = ws.run("quality_filled", views={"carrier": _carrier(level)}).row(0, named=True)
        rows[level] = first.pop("n_rows")
        filled |= first
        part = _carrier(level, max(1, rows[level] // rules.sample))
        distinct |= ws.run("quality_distinct", views={"carrier": part}).row(0, named=True)
    told = []
    for name, level, type_, column in known.select("name", "level", "type", "column").iter_rows():
        few = distinct[column] <= (1.1 * rules.most_values if type_ == "VARCHAR" else 1)
        counts = _counts(ws, _valued(level, column), rules.most_values) if few else None
        told.append(Values(name, type_, level, column, rows[level], filled[column], counts))
    return told


def _counts(ws: Workspace, view: View, most: int) -> dict[str, int] | None:
    """Give the values with their numbers; None where they are too many after all."""
    found = ws.run("quality_values", views={"valued": view}, n=most)
    return None if found.height >= most else dict(found.iter_rows())


def _carrier(level: str, every: int = 1) -> View:
    """Make the view of all attributes of a level, of the whole log or of one row in `every`."""

    def query(session: Session) -> str:
        columns = session.rows('SELECT "column" FROM attributes WHERE level = $level', {"level": level})
        return _part(session, level, ", ".join(quoted(column) for (column,) in columns), every)

    return query


def _valued(level: str, column: str, every: int = 1) -> View:
    """Make the view of the values of one attribute, as text."""
    return lambda session: _part(session, level, f"CAST({quoted(column)} AS VARCHAR) AS value", every)


def _part(session: Session, level: str, columns: str, every: int) -> str:
    """Compose the query of some stretches of rows: neighbouring journeys lie together, so the rest is not read."""
    query = f"SELECT {columns} FROM {'journeys' if level == 'journey' else 'events'}"
    if every == 1:
        return query
    journeys = session.value("SELECT count(*) FROM journeys")
    width = max(1, journeys // (STRETCHES * every))
    starts = sorted({journeys * i // STRETCHES for i in range(STRETCHES)})
    return " UNION ALL ".join(f"{query} WHERE journey_id BETWEEN {start} AND {start + width - 1}" for start in starts)


def _empty(told: Sequence[Values], rules: QualityRules) -> QualityFinding | None:
    found = [v for v in told if v.rows and v.filled <= (1 - rules.mostly_empty) * v.rows]
    if not found:
        return None
    said = Message(N_("Attributes without a value in {share:.0%} of their rows or more."), share=rules.mostly_empty)
    ranked = sorted(found, key=lambda v: (v.filled / v.rows, v.name))[: rules.examples]
    examples = tuple({"attribute": v.name, "n": v.filled, "of": v.rows} for v in ranked)
    return QualityFinding("empty_attributes", INFO, said, len(found), len(told), "attributes", {}, examples)


def _constant(told: Sequence[Values]) -> QualityFinding | None:
    found = [v for v in told if v.counts is not None and len(v.counts) == 1 and v.filled == v.rows > 1]
    if not found:
        return None
    said = Message(N_("Attributes that have the same value everywhere."))
    examples = tuple({"attribute": v.name, "value": next(iter(v.counts or ()))} for v in found)
    return QualityFinding("constant_attributes", INFO, said, len(found), len(told), "attributes", {}, examples)


def _lookalike_values(told: Sequence[Values], rules: QualityRules) -> QualityFinding | None:
    texts = [v for v in told if v.is_text and v.counts]
    found = [(v.name, group) for v in texts for group in lookalikes(v.counts or {})]
    if not found:
        return None
    said = Message(N_("Groups of values that seem to be one value: {groups:,}."), groups=len(found))
    n, of = sum(len(group.names) for _, group in found), sum(len(v.counts or ()) for v in texts)
    examples = tuple({"attribute": name, **_looks(group)} for name, group in found[: rules.examples])
    details = {"groups": len(found), "attributes": len({name for name, _ in found})}
    return QualityFinding("lookalike_values", WARNING, said, n, of, "values", details, examples)


def _tests(ws: Workspace, told: Sequence[Values], rules: QualityRules) -> QualityFinding | None:
    """Look among the names of activities, and the values of text attributes that have few."""
    named = queries.activities(ws)
    found = [
        {"attribute": None, "value": name, "n": n}
        for name, n in named.select("name", "n_events").iter_rows()
        if _TEST.search(name)
    ]
    of = named.height
    for v in told:
        if v.is_text and v.counts:
            of += len(v.counts)
            found += [{"attribute": v.name, "value": x, "n": n} for x, n in v.counts.items() if _TEST.search(x)]
    if not found:
        return None
    said = Message(N_("Activities and values of attributes with a word such as test, demo or qa."))
    ranked = tuple(sorted(found, key=lambda row: -int(row["n"] or 0))[: rules.examples])
    return QualityFinding("test_names", INFO, said, len(found), of, "values", {}, ranked)


def _bots(ws: Workspace, told: Sequence[Values], rules: QualityRules) -> QualityFinding | None:
    """Look where user agents are kept: other texts speak of bots and monitors for good reasons."""
    n, of, examples = 0, 0, []
    for v in told:
        if not v.is_text or not _AGENT.search(v.name):
            continue
        found = ws.run("quality_bots", views={"valued": _valued(v.level, v.column)}, pattern=BOTS, n=rules.examples)
        of += v.filled
        if not found.is_empty():
            n += int(found["n_all"][0])
            examples += [{"attribute": v.name, **row} for row in found.drop("n_all").to_dicts()]
    if not n:
        return None
    said = Message(N_("Rows whose user agent is a program."))
    return QualityFinding("bots", WARNING, said, n, of, "rows", {}, tuple(examples[: rules.examples]))


def _mixed(ws: Workspace, told: Sequence[Values], rules: QualityRules) -> QualityFinding | None:
    """Find text attributes that a few values keep from being numbers; a part of the log tells which are worth it."""
    examples = []
    for v in told:
        if not v.is_text or not v.filled:
            continue
        if v.counts is not None:
            others = {value: n for value, n in v.counts.items() if not _NUMBER.fullmatch(value.strip())}
            n, odd = sum(others.values()), list(others)
        else:
            n, odd = _not_numbers(ws, v, rules)
        if odd and n <= (1 - rules.mostly_numbers) * v.filled:
            examples.append({"attribute": v.name, "n": n, "of": v.filled, "values": odd[:5]})
    if not examples:
        return None
    said = Message(N_("Text attributes of which nearly all values are numbers; the others are listed."))
    return QualityFinding(
        "mixed_numbers", WARNING, said, len(examples), len(told), "attributes", {}, tuple(examples[: rules.examples])
    )


def _not_numbers(ws: Workspace, v: Values, rules: QualityRules) -> tuple[int, list[str]]:
    """Count the values that are no numbers: in a part first, in the whole where nearly all of the part are."""
    every = max(1, v.rows // rules.sample)
    for step in (every, 1) if every > 1 else (1,):
        view = _valued(v.level, v.column, step)
        found = ws.run("quality_numbers", views={"valued": view}, n=5).row(0, named=True)
        if found["n_numbers"] < rules.mostly_numbers * found["n_values"]:
            break
    return found["n_values"] - found["n_numbers"], found["others"] or []
