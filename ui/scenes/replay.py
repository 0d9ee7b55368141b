"""Journeys that can be played: a sample with compressed time, as the part of a scene that moves."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import polars as pl

from mining.following import steps_of
from mining.journey_graph import END, OTHER, START
from ui.language import _
from ui.scenes.parts import CLOCKS, Scene, journeys
from ui.words import OUTCOMES

TONES = {"converted": "good", "dropped": "bad", "open": "open"}
FULL = 3.0  # the clock runs for about so many long journeys
FEWEST_UNITS = 3  # of the clock, in the whole replay


def replay(
    steps: pl.DataFrame, links: Collection[str], of: int, outcomes: Mapping[int, str] | None = None
) -> Scene | None:
    """Make tokens of a sample of journeys.

    Parameters
    ----------
    steps : frame
        One row per step of a journey, in order: journey_id, time_us (microseconds since 1970, or null), link (the id of
        the one that leads to it; null for the first).
    links : collection of str
        Those that are drawn.
    of : int
        How many journeys the sample was drawn from.
    outcomes : mapping of int to str, optional
        Outcome by journey.

    Returns
    -------
    dict or None
        The ``replay`` of a scene; None where the log has no times.
    """
    steps = _timed(steps)
    if steps.is_empty():
        return None
    at = (pl.col("time_us") - pl.col("time_us").first()) / 1e6
    taken = sorted(set(links) & set(steps["link"].drop_nulls()))
    numbers = {link: number for number, link in enumerate(taken)}
    tokens = (
        steps.with_columns(link=pl.col("link").replace_strict(numbers, default=None, return_dtype=pl.Int64))
        .group_by("journey_id", maintain_order=True)
        .agg(start=pl.col("time_us").first() / 1e6, at=at, edges=pl.col("link").slice(1), last=at.last())
        .sort("start", "journey_id")
    )
    squeeze = _squeeze(tokens)
    starts = (tokens["start"] - tokens["start"].first()) * squeeze
    clock = float((starts + tokens["last"]).max() or 0.0)  # type: ignore[arg-type]  # never a date
    known = outcomes or {}
    return {
        "note": _note(tokens.height, of, squeeze),
        "unit_s": _unit(clock),
        "outcomes": _outcomes(set(known.values())),
        "links": taken,
        "tokens": [
            {
                "start": round(start, 1),
                "at": [round(second, 1) for second in row["at"]],
                "edges": row["edges"],
                **({"outcome": known[row["journey_id"]]} if known else {}),
            }
            for start, row in zip(starts, tokens.iter_rows(named=True), strict=True)
        ],
    }


def _timed(steps: pl.DataFrame) -> pl.DataFrame:
    """Give steps without a time that of the step before, or else of the next; journeys without any time stay away."""
    near = pl.col("time_us").forward_fill().backward_fill().over("journey_id")
    return steps.with_columns(time_us=near).drop_nulls("time_us")


def _squeeze(tokens: pl.DataFrame) -> float:
    """Give the factor by which starts move together, so that several journeys are on their way at the same time."""
    span: Any = tokens["start"].max() - tokens["start"].min()  # type: ignore[operator]
    long: Any = tokens["last"].quantile(0.9)
    return min(1.0, FULL * long / span) if span and long else 1.0


def _unit(clock: float) -> float:
    """Give the largest unit of which the clock shows several."""
    return next((unit for unit, _word in CLOCKS if clock / unit >= FEWEST_UNITS), 1.0)


def _note(n: int, of: int, squeeze: float) -> Scene:
    """Say that it is a sample, and what was done to time."""
    text = _("all {of}", of=journeys(of)) if n >= of else _("{n} of {of}, drawn at random", n=n, of=journeys(of))
    tip = [text, _("Each journey had the same chance, and the same ones are drawn each time.")]
    tip.append(_("Time inside a journey runs as it was recorded."))
    if squeeze < 1:
        tip.append(_("Journeys start {n} times closer together than they did.", n=round(1 / squeeze, 1)))
    return {"text": text, "tip": tip}


def _outcomes(present: Collection[str]) -> list[Scene]:
    return [
        {"id": outcome, "text": _(sign.word), "tone": TONES[outcome]}
        for outcome, sign in OUTCOMES.items()
        if outcome in present
    ]


def along_graph(sampled: pl.DataFrame, nodes: Collection[int]) -> pl.DataFrame:
    """Give the steps of a sample through a discovered graph, for `replay`.

    Parameters
    ----------
    sampled : frame
        Of `pipeline.queries.sampled_steps`.
    nodes : collection of int
        The activities with a node of their own.
    """
    code = pl.col("activity").cast(pl.Int64)
    events = sampled.select("journey_id", "time_us", node=pl.when(code.is_in(list(nodes))).then(code).otherwise(OTHER))
    ends = events.group_by("journey_id", maintain_order=True)
    first, last = ends.first().with_columns(node=pl.lit(START)), ends.last().with_columns(node=pl.lit(END))
    steps = pl.concat([part.cast({"node": pl.Int64}) for part in (first, events.select(first.columns), last)])
    before = pl.col("node").shift(1).over("journey_id")
    return steps.sort("journey_id", maintain_order=True).select(
        "journey_id", "time_us", link=pl.format("{}>{}", before, "node")
    )


def along_plan(sampled: pl.DataFrame, walk: pl.DataFrame, journeys: pl.DataFrame) -> pl.DataFrame:
    """Give the steps of a sample over the planned map, for `replay`.

    Parameters
    ----------
    sampled : frame
        Of `pipeline.queries.sampled_steps`.
    walk : frame
        Of `mining.flows.flows`.
    journeys : frame
        journey_id, path.
    """
    sampled = sampled.join(journeys.select("journey_id", "path"), on="journey_id")
    steps = steps_of(walk, sampled["path"]).with_columns(pl.col("position").cast(pl.Int64))
    return (
        sampled.join(steps, on=["path", "position"])
        .sort("journey_id", "position")
        .select(
            "journey_id",
            "time_us",
            link=pl.when(pl.col("position") > 0).then(pl.format("{}>{}>{}", "source", "target", "status")),
        )
    )
