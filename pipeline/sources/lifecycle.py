"""Logs with several lines per activity: what to make of ``lifecycle:transition``.

``complete`` keeps the completions alone, and the events without a transition. ``pair`` makes the start and the
completion of an activity one event: within a trace, an activity and, where it is given, a ``concept:instance``, each
completion belongs to the earliest start before it in the file that has none yet (first in, first out). The event stands
at the place of its start, with the attributes of the start, and those of the completion where the start has none; its
end is ``time:end``. A start or completion without partner, and any other transition, stays an event of its own.
``name`` adds the transition to the name of the activity.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

import polars as pl

from mining.errors import SourceError
from mining.messages import N_, Message

WAYS = ("complete", "pair", "name")
ACTIVITY, TIME, END = "concept:name", "time:timestamp", "time:end"
TRANSITION, INSTANCE, TRACE = "lifecycle:transition", "concept:instance", "case:concept:name"
PAIRED = "start+complete"
# Columns for the while; no attribute of a log has such a name.
ROW, END_ROW, STEP, OPEN, TURN = "\x00row", "\x00end", "\x00step", "\x00open", "\x00turn"
AT_END = "\x00at end: "


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
    frame = frame.with_columns(transition.alias(STEP))
    done, notes = _done(frame, way, file)
    return done.drop(STEP), notes


def _done(frame: pl.DataFrame, way: str | None, file: str) -> tuple[pl.DataFrame, tuple[Message, ...]]:
    transition = pl.col(STEP)
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
    own = {TRACE, ACTIVITY, INSTANCE, TRANSITION, STEP}
    carried = [c for c in frame.columns if c not in own]
    pairs = _pairs(frame, carried)
    joined = frame.with_row_index(ROW).join(pairs, on=ROW, how="left")
    joined = joined.join(pairs.select(pl.col(END_ROW).alias(ROW)), on=ROW, how="anti").sort(ROW)
    is_pair = pl.col(END_ROW).is_not_null()
    filled = [
        pl.when(is_pair).then(pl.coalesce(c, AT_END + c)).otherwise(pl.col(c)).alias(c) for c in carried if c != TIME
    ]
    result = joined.with_columns(
        *filled,
        pl.when(is_pair).then(pl.lit(PAIRED)).otherwise(pl.col(TRANSITION)).alias(TRANSITION),
        *([pl.when(is_pair).then(pl.col(AT_END + TIME)).alias(END)] if TIME in carried else []),
    ).select(*frame.columns, *([END] if TIME in carried else []))
    note = Message(
        N_("{name}: {n:,} completions were joined to their starts; {single:,} events stay single"),
        name=file,
        n=len(pairs),
        single=len(result) - len(pairs),
    )
    return result, (note,)


def _pairs(frame: pl.DataFrame, carried: Sequence[str]) -> pl.DataFrame:
    """Give the row of each start that has a completion, with the row of this one and what it carries."""
    transition = pl.col(STEP)
    group = [c for c in (TRACE, ACTIVITY, INSTANCE) if c in frame.columns]
    steps = frame.with_row_index(ROW).filter(transition.is_in(["start", "complete"]))
    step = pl.when(transition == "start").then(1).otherwise(-1)
    steps = steps.with_columns(step.cum_sum().over(group).alias(OPEN))
    lowest = pl.min_horizontal(pl.col(OPEN).cum_min().shift(1, fill_value=0).over(group), 0)
    steps = steps.filter((transition == "start") | (pl.col(OPEN) >= lowest))  # others end what never began
    steps = steps.with_columns(pl.int_range(pl.len()).over([*group, STEP]).alias(TURN))
    starts = steps.filter(transition == "start").select(*group, TURN, ROW)
    ends = steps.filter(transition == "complete").select(
        *group, TURN, pl.col(ROW).alias(END_ROW), pl.col(carried).name.prefix(AT_END)
    )
    return starts.join(ends, on=[*group, TURN], how="inner", nulls_equal=True).drop(*group, TURN)
