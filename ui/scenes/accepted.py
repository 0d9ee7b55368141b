"""What a plan accepts, on its picture: links and cards on which nothing but that happens, and who answers for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from mining.flow_nodes import END, START
from mining.flows import OK, SKIP, Flows
from mining.move_marks import MARKS
from pipeline.findings import Findings
from ui.formats import date
from ui.language import _, local

Link = tuple[str, str, str]
PLANNED = MARKS[0]
_LINK = ("source", "target", "status")
_NODE = pl.format("t:{}", "touchpoint")


def told(found: Findings, row: Mapping[str, Any]) -> list[str]:
    """Say of an accepted deviation that it is, who answers for it, until when and why, as plain text."""
    by = found.plan.accepted[row["acceptance"]]
    owner, reason = local(by.owner), local(by.reason)
    return [
        _("Accepted"),
        _("{owner} answers for it, until {until}: {reason}", owner=owner, until=date(by.until), reason=reason),
    ]


def accepted_cards(found: Findings, ghosts: Mapping[str, tuple[str, tuple[str, ...]]]) -> dict[str, tuple[int, ...]]:
    """Give the cards beside the plan that stand for nothing but what is accepted.

    Returns
    -------
    dict
        Node -> rows of `found.accepted`.
    """
    at = {
        (row["stage"], row["activity"]): number
        for number, row in enumerate(found.accepted.iter_rows(named=True))
        if row["kind"] == "ad_hoc"
    }
    numbers = {
        node: [at.get((stage, activity)) for activity in activities] for node, (stage, activities) in ghosts.items()
    }
    return {
        node: tuple(number for number in rows if number is not None)
        for node, rows in numbers.items()
        if None not in rows
    }


def accepted_links(found: Findings, laid: Flows, cards: Mapping[str, tuple[int, ...]]) -> dict[Link, tuple[int, ...]]:
    """Give the links on which every journey does what is accepted, and nothing else that leaves the plan.

    Parameters
    ----------
    found : Findings
        The comparison.
    laid : Flows
        Its steps.
    cards : mapping
        Of `accepted_cards`.

    Returns
    -------
    dict
        (source, target, status) -> rows of `found.accepted`.
    """
    if found.accepted.is_empty():
        return {}
    judged = _reasons(laid).join(_known(found, cards), on=["kind", "node"], how="left")
    whole = judged.group_by(*_LINK).agg(pl.col("number").is_not_null().all().alias("all"), pl.col("number").unique())
    return {
        (source, target, status): tuple(sorted(numbers))
        for source, target, status, _all, numbers in whole.filter("all").iter_rows()
    }


def _known(found: Findings, cards: Mapping[str, tuple[int, ...]]) -> pl.DataFrame:
    """Give what is accepted by kind and node: number (the row)."""
    planned = found.accepted.with_row_index("number").filter(pl.col("touchpoint").is_not_null())
    beside = [("ad_hoc", node, number) for node, numbers in cards.items() for number in numbers]
    schema = {"kind": pl.String, "node": pl.String, "number": pl.Int64}
    return pl.concat(
        [
            planned.select("kind", node=_NODE, number=pl.col("number").cast(pl.Int64)),
            pl.DataFrame(beside, schema=schema, orient="row"),
        ]
    )


def _reasons(laid: Flows) -> pl.DataFrame:
    """Say for every step off the plan which deviations it shows: by link, with kind and node; a step may have several.

    A step past touchpoints shows each of them; the way back to the plan shows what it comes back from.
    """
    same = pl.col("path") == pl.col("path").shift(1)
    steps = laid.walk.with_row_index("row").with_columns(pl.col("mark", "source", "target", "status").cast(pl.String))
    steps = steps.with_columns(before=pl.when(same).then(pl.col("mark").shift(1)))
    off = steps.filter((pl.col("status") != OK) & (pl.col("source") != START) & (pl.col("target") != END))
    back = pl.col("mark") == PLANNED
    moved = off.filter(pl.col("status") != SKIP).select(
        *_LINK,
        kind=pl.when(back).then("before").otherwise("mark"),
        node=pl.when(back).then("source").otherwise("target"),
    )
    passed = laid.passed.with_columns(
        kind=pl.when("missed").then(pl.lit("missing")).otherwise(pl.lit("irregular_sequence")), node=_NODE
    )
    skips = off.filter(pl.col("status") == SKIP).join(passed, on="row", how="left").select(*_LINK, "kind", "node")
    return pl.concat([moved, skips]).unique()
