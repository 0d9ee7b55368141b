"""The silence that tells open journeys from dropped ones, and outcomes as conditions on journeys."""

from __future__ import annotations

import polars as pl

from mining.binding import bind, bound_attributes
from mining.conditions import passes
from mining.journey_map import JourneyMap
from mining.outcomes import Window
from pipeline import queries
from pipeline.store import Workspace

__all__ = ["outcome_conditions", "window_of"]


def window_of(ws: Workspace, plan: JourneyMap) -> Window:
    """Give the end of the whole log and the silence after which a journey counts as dropped."""
    declared = plan.inactive_after_s
    return Window(
        log_end=queries.summary(ws).end,
        inactive_after_s=queries.gap_quantile(ws) if declared is None else declared,
        declared=declared is not None,
    )


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
