"""Logs with several lines per activity: what to make of ``lifecycle:transition``.

``complete`` keeps the completions alone, and the events without a transition. ``pair`` makes the start and the
completion of an activity one event: within a trace, an activity and, where it is given, a ``concept:instance``, each
completion belongs to the earliest start before it in the file that has none yet (first in, first out). The event stands
at the place of its start, with the attributes of the start, and those of the completion where the start has none; its
end is ``time:end``. A start or completion without partner, and any other transition, stays an event of its own.
``name`` adds the transition to the name of the activity.
"""

from __future__ import annotations

from difflib import get_close_matches

import polars as pl

from mining.errors import SourceError
from mining.messages import N_, Message

WAYS = ("complete", "pair", "name")
ACTIVITY, TIME, END = "concept:name", "time:timestamp", "time:end"
TRANSITION, INSTANCE, TRACE = "lifecycle:transition", "concept:instance", "case:concept:name"
PAIRED = "start+complete"


def folded(frame: pl.DataFrame, way: str | None, file: str) -> tuple[pl.DataFrame, tuple[Message, ...]]:
    """Treat the transitions of a log as `way` says, and tell what was done.

    Parameters
    ----------
    frame : DataFrame
        One row per event, in the order of the file.
    way : str, optional
        ``"complete"``, ``"pair"`` or ``"name"``; without it all events stay, and other transitions are pointed out.

    Raises
    ------
    SourceError
        When there is no such way.
    """
    if way is not None and way not in WAYS:
        near = get_close_matches(way, WAYS, n=1)
        raise SourceError(
            N_("There is no lifecycle {way!r}. Give one of: {known}. Did you mean {near!r}?")
            if near
            else N_("There is no lifecycle {way!r}. Give one of: {known}."),
            way=way,
            known=", ".join(WAYS),
            near=near[0] if near else "",
        )
    if TRANSITION not in frame.columns or ACTIVITY not in frame.columns:
        return frame, ()
    transition = pl.col(TRANSITION).cast(pl.String).str.strip_chars().str.to_lowercase()
    frame = frame.with_columns(transition.alias(TRANSITION + "\x00"))
    done, notes = _done(frame, way, file)
    return done.drop(TRANSITION + "\x00"), notes


def _done(frame: pl.DataFrame, way: str | None, file: str) -> tuple[pl.DataFrame, tuple[Message, ...]]:
    transition = pl.col(TRANSITION + "\x00")
    if way == "complete":
        kept = frame.filter(transition.is_null() | (transition == "complete"))
        n = len(frame) - len(kept)
        note = Message(N_("{name}: {n:,} events that are no completions were left out"), name=file, n=n)
        return kept, (note,) if n else ()
    if way == "name":
        named = pl.concat_str(pl.col(ACTIVITY), pl.col(TRANSITION), separator="+")
        return frame.with_columns(pl.coalesce(named, ACTIVITY).alias(ACTIVITY)), ()
    if way == "pair":
        return _paired(frame, file)
    others = frame.select((transition != "complete").sum()).item()
    if not others:
        return frame, ()
    return frame, (
        Message(
            N_(
                "{name}: {n:,} of {total:,} events are no completions; each counts as an event of its own. Choose "
                "with --lifecycle: complete (completions alone), pair (start and completion as one event) or name "
                "(the transition becomes part of the activity)."
            ),
            name=file,
            n=others,
            total=len(frame),
        ),
    )


def _paired(frame: pl.DataFrame, file: str) -> tuple[pl.DataFrame, tuple[Message, ...]]:
    """Join each completion to its start."""
    transition = pl.col(TRANSITION + "\x00")
    group = [c for c in (TRACE, ACTIVITY, INSTANCE) if c in frame.columns]
    place = "\x00row"
    steps = frame.with_row_index(place).filter(transition.is_in(["start", "complete"]))
    step = pl.when(transition == "start").then(1).otherwise(-1)
    steps = steps.with_columns(step.cum_sum().over(group).alias("\x00open"))
    lowest = pl.min_horizontal(pl.col("\x00open").cum_min().shift(1, fill_value=0).over(group), 0)
    steps = steps.filter((transition == "start") | (pl.col("\x00open") >= lowest))  # others end what never began
    turn = pl.int_range(pl.len()).over([*group, TRANSITION + "\x00"])
    steps = steps.with_columns(turn.alias("\x00turn"))
    rest = [c for c in frame.columns if c not in {*group, TRANSITION, TRANSITION + "\x00"} and not c.startswith("\x00")]
    ends = steps.filter(transition == "complete").select(
        *group, "\x00turn", pl.col(place).alias("\x00end"), *(pl.col(c).alias(f"\x00{c}") for c in rest)
    )
    pairs = steps.filter(transition == "start").select(*group, "\x00turn", place)
    pairs = pairs.join(ends, on=[*group, "\x00turn"], how="inner", nulls_equal=True)
    joined = frame.with_row_index(place).join(pairs.drop(*group, "\x00turn"), on=place, how="left")
    joined = joined.join(pairs.select(pl.col("\x00end").alias(place)), on=place, how="anti").sort(place)
    is_pair = pl.col("\x00end").is_not_null()
    filled = [
        pl.when(is_pair).then(pl.coalesce(c, f"\x00{c}")).otherwise(pl.col(c)).alias(c) for c in rest if c != TIME
    ]
    result = joined.with_columns(
        *filled,
        pl.when(is_pair).then(pl.lit(PAIRED)).otherwise(pl.col(TRANSITION)).alias(TRANSITION),
        *([pl.when(is_pair).then(pl.col(f"\x00{TIME}")).alias(END)] if TIME in rest else []),
    ).select(*frame.columns, *([END] if TIME in rest else []))
    note = Message(
        N_("{name}: {n:,} completions were joined to their starts; {single:,} events stay single"),
        name=file,
        n=len(pairs),
        single=len(result) - len(pairs),
    )
    return result, (note,)
