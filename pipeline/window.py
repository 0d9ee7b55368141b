"""The silence that tells open journeys from dropped ones, and outcomes as conditions on journeys."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

from mining.binding import bind, bound_attributes
from mining.conditions import passes
from mining.found_words import NO_PAUSES
from mining.journey_map import JourneyMap
from mining.messages import N_, Message
from mining.outcomes import Window
from pipeline import queries
from pipeline.store import Workspace

__all__ = ["notes", "outcome_conditions", "window_of"]

ZONES = timedelta(days=1)  # an event may lie so far ahead because its time was read in another zone
FROM_THE_FUTURE = N_(
    "The log ends on {end}, but was loaded on {loaded}. Journeys count as dropped, and steps as late, by the end of "
    "the log, so a wrong date makes them so too early. Correct it in the file and load it again; Data, Quality names "
    "the events."
)


def window_of(ws: Workspace, plan: JourneyMap) -> Window:
    """Give the end of the whole log and the silence after which a journey counts as dropped."""
    declared = plan.inactive_after_s
    return Window(
        log_end=queries.summary(ws).end,
        inactive_after_s=(queries.gap_quantile(ws) or None) if declared is None else declared,
        declared=declared is not None,
    )


def notes(ws: Workspace, window: Window, outcomes: pl.Series) -> tuple[Message, ...]:
    """Say where nothing tells open journeys from dropped ones, and where the log ends after it was loaded."""
    if window.log_end is None:
        return ()
    untold = window.inactive_after_s is None and (outcomes == "dropped").any()
    said = [Message(NO_PAUSES)] if untold else []
    loaded = queries.sources(ws)["ingested_at"].max()
    if isinstance(loaded, datetime) and window.log_end > loaded + ZONES:
        days = {"end": window.log_end.date().isoformat(), "loaded": loaded.date().isoformat()}
        said.append(Message(FROM_THE_FUTURE, **days))
    return tuple(said)


def outcome_conditions(ws: Workspace, plan: JourneyMap) -> dict[str, str]:
    """Write each outcome that journeys can have as a condition that chooses them.

    Returns
    -------
    dict of str to str
        "converted", "dropped" and, where the log has times, "open" -> the condition. Empty where the activity alone
        does not tell whether an event is the goal, and where no event of the log is.
    """
    if bound_attributes(plan):
        return {}
    names = queries.activities(ws)["name"].to_list()
    number = [t.id for t in plan.touchpoints()].index(plan.goal)
    bound = bind(plan, pl.DataFrame({"activity": names}, {"activity": pl.String}), [])
    reached = " or ".join(passes(name) for name, touchpoint in zip(names, bound, strict=True) if touchpoint == number)
    if not reached:
        return {}
    since = window_of(ws, plan).silent_since
    if since is None:
        return {"converted": reached, "dropped": f"not ({reached})"}
    silent = f"'{since.replace(tzinfo=None).isoformat(sep=' ')}'"
    return {
        "converted": reached,
        "dropped": f'not ({reached}) and "end" <= {silent}',
        "open": f'not ({reached}) and "end" > {silent}',
    }
