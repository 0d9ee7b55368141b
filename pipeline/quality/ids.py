"""Ids that gather too much, ids that stand for nobody or for tests, and journeys too long or too short to tell much."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from mining.messages import N_, Message
from pipeline import definition
from pipeline.quality.finding import INFO, PROBLEM, WARNING, QualityFinding
from pipeline.quality.rules import QualityRules
from pipeline.store import Session, Workspace

# Ids in small letters. "0", "00" and the like are ids in many logs: they are doubted only where they gather much.
PLACEHOLDERS = (
    *("-", "--", "?", ".", "#n/a", "(blank)", "(none)", "(null)", "(not set)", "-1", "anon", "anonymous", "blank"),
    *("cookie", "customer", "default", "deleted", "empty", "guest", "missing", "n.a.", "n/a", "na", "nan", "nil"),
    *("no id", "none", "null", "not available", "not set", "unassigned", "undefined", "unknown", "user", "walk-in"),
    *("00000000-0000-0000-0000-000000000000", "0000000000", "9999999999", "999999", "xxx", "tbd", "unidentified"),
    *("không rõ", "khong ro", "không xác định", "khong xac dinh", "không có", "khong co", "khách lẻ", "khach le"),
    *("khách vãng lai", "khach vang lai", "khách lạ", "chưa rõ", "chua ro", "trống", "ẩn danh", "an danh"),
)
NUMBERS = ("0", "00", "000", "0000", "1", "9999", "99999", "123456")
TEST_WORDS = r"(^|[^a-z0-9])((test(er|ing|user)?|demo|dummy)[0-9]*|qa)([^a-z0-9]|$)|@example\.(com|org|net)"


def ids(ws: Workspace, rules: QualityRules) -> list[QualityFinding]:
    """Give the findings about the ids of journeys, and about the lengths of journeys."""
    lengths = ws.run("quality_lengths", views={"customers": _customers})
    total = int((lengths["n_events"] * lengths["n_customers"]).sum())
    fence = _fence(lengths, "n_customers", rules.catch_all_times, rules.catch_all_least)
    found = [
        _catch_all(ws, lengths, fence, total, rules),
        _placeholders(ws, lengths, fence, rules),
        _tests(ws, lengths, rules),
        _long(ws, lengths, fence, rules),
        _single(lengths),
    ]
    return [finding for finding in found if finding is not None]


def _customers(session: Session) -> str:
    """Compose the view of ids: those of journeys, or of the customers whose events were split into journeys."""
    if not definition.kept(session).splits:
        return "SELECT key, CAST(n_events AS BIGINT) AS n_events, 1 AS n_journeys FROM journeys"
    return (
        r"SELECT regexp_replace(key, '/\d+$', '') AS key, CAST(sum(n_events) AS BIGINT) AS n_events, "
        "count(*) AS n_journeys FROM journeys GROUP BY ALL"
    )


def _fence(lengths: pl.DataFrame, count: str, times: float, least: int) -> int:
    """Give the number of events above which an id stands apart.

    Tukey's far fence of the logarithms, which suits the long tails of such numbers, and at least `times` the upper
    quartile: where the quartiles are equal, the first says nothing.
    """
    low, high = (_quantile(lengths, count, q) for q in (0.25, 0.75))
    return max(least, int(high * max(times, (high / low) ** 3))) if low else least


def _quantile(lengths: pl.DataFrame, count: str, q: float) -> int:
    """Give the number of events that a share `q` of ids does not exceed."""
    behind = lengths[count].cum_sum()
    if not len(behind) or not behind[-1]:
        return 0
    return int(lengths.filter(behind >= q * behind[-1])["n_events"][0])


def _catch_all(
    ws: Workspace, lengths: pl.DataFrame, fence: int, total: int, rules: QualityRules
) -> QualityFinding | None:
    above = lengths.filter((pl.col("n_events") > fence) & (pl.col("n_customers") > 0))
    if above.is_empty():
        return None
    events = int((above["n_events"] * above["n_customers"]).sum())
    said = Message(
        N_("Ids with more than {fence:,} events; together they have {share:.1%} of all. The usual id has {usual:,}."),
        fence=fence,
        share=events / total,
        usual=_quantile(lengths, "n_customers", 0.5),
    )
    severity = PROBLEM if events >= rules.bad_share * total else WARNING
    examples = _shares(ws.run("quality_long", views={"customers": _customers}, above=fence, n=rules.examples), total)
    n, of = int(above["n_customers"].sum()), int(lengths["n_customers"].sum())
    details = {"events": events, "above": fence, "median": _quantile(lengths, "n_customers", 0.5)}
    return QualityFinding("catch_all", severity, said, n, of, "ids", details, examples)


def _shares(frame: pl.DataFrame, total: int) -> tuple[dict[str, Any], ...]:
    return tuple(frame.with_columns(share=pl.col("n") / total).to_dicts())


def _placeholders(ws: Workspace, lengths: pl.DataFrame, fence: int, rules: QualityRules) -> QualityFinding | None:
    """A word such as NA may be a real id: it is doubted more where it has more events than most."""
    found = ws.run("quality_placeholders", views={"customers": _customers}, words=[*PLACEHOLDERS, *NUMBERS])
    found = found.filter(~pl.col("id").is_in(NUMBERS) | (pl.col("n") > fence))
    if found.is_empty():
        return None
    usual = _quantile(lengths, "n_customers", 0.75)
    events = int(found["n"].sum())
    of = int(lengths["n_customers"].sum())
    doubted = found.height == of or not found.filter(pl.col("n") > rules.long_times * usual).is_empty()
    said = (
        Message(N_("Ids that are a word for no id, with more events than is usual: {events:,} in all."), events=events)
        if doubted
        else Message(N_("Ids that could be a word for no id. They have no more events than others."))
    )
    examples = tuple(found.select("id", "n").head(rules.examples).to_dicts())
    severity = PROBLEM if doubted else INFO
    return QualityFinding("placeholder_ids", severity, said, found.height, of, "ids", {"events": events}, examples)


def _tests(ws: Workspace, lengths: pl.DataFrame, rules: QualityRules) -> QualityFinding | None:
    found = ws.run("quality_test_keys", views={"customers": _customers}, pattern=TEST_WORDS, n=rules.examples)
    if found.is_empty():
        return None
    events = int(found["n_events"][0])
    said = Message(N_("Ids with a word such as test, demo or qa. Their events: {events:,}."), events=events)
    of = int(lengths["n_customers"].sum())
    details: Mapping[str, int] = {"events": events}
    examples = tuple(found.select("id", "n").to_dicts())
    n = int(found["n_all"][0])
    alone = n == 1 and events <= rules.long_times * _quantile(lengths, "n_customers", 0.75)  # may be an id like others
    return QualityFinding("test_ids", INFO if alone else WARNING, said, n, of, "ids", details, examples)


def _long(ws: Workspace, lengths: pl.DataFrame, catch_all: int, rules: QualityRules) -> QualityFinding | None:
    fence = _fence(lengths, "n_journeys", rules.long_times, 1)
    above = lengths.filter(pl.col("n_events").is_between(fence, catch_all, closed="right") & (pl.col("n_journeys") > 0))
    above = above.filter(pl.col("n_events") > fence)
    if above.is_empty():
        return None
    said = Message(
        N_("Journeys with more than {fence:,} events; half of all have {usual:,} or fewer."),
        fence=fence,
        usual=_quantile(lengths, "n_journeys", 0.5),
    )
    n, of = int(above["n_journeys"].sum()), int(lengths["n_journeys"].sum())
    examples = tuple(ws.run("quality_longest", above=fence, below=catch_all, n=rules.examples).to_dicts())
    return QualityFinding("long_journeys", INFO, said, n, of, "journeys", {"above": fence}, examples)


def _single(lengths: pl.DataFrame) -> QualityFinding | None:
    n = int(lengths.filter(pl.col("n_events") == 1)["n_journeys"].sum())
    of = int(lengths["n_journeys"].sum())
    if not n:
        return None
    said = Message(N_("One event alone makes no path."))
    return QualityFinding("single_events", WARNING if n >= 0.5 * of else INFO, said, n, of, "journeys")
