"""The log as a map or model sees it: kinds of events, distinct paths over them, and the journeys that took each."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from mining.errors import ExpressionError, Problem
from mining.expressions import Expression
from mining.messages import N_, Message
from pipeline import queries
from pipeline.selection import event_classes
from pipeline.store import Workspace


@dataclass(frozen=True)
class ClassedLog:
    """The log over kinds of events: activities or, where a map looks at attributes, activities with their values.

    Attributes
    ----------
    classes : frame
        One row per kind, by number: name (the activity) and the attributes asked for, as text.
    variants : frame
        One row per distinct path, in the order of paths: variant_id, path (list of kinds).
    journeys : frame
        One row per journey, by id: journey_id, key, start, end, variant_id.
    """

    classes: pl.DataFrame
    variants: pl.DataFrame
    journeys: pl.DataFrame


def classed_log(ws: Workspace, attributes: list[str], where: str | None = None) -> ClassedLog:
    """Read the log over activities and, where given, the values of `attributes`.

    Raises
    ------
    ExpressionError
        When the log has no attribute of such a name; all of them at once.
    """
    spine = ws.run("journey_spine", where=where)
    names = ws.run("activity_names").sort("activity")
    if not attributes:
        return ClassedLog(names.select("name"), ws.run("variants", where=where).select("variant_id", "path"), spine)
    known = resolved(ws, attributes)
    found = queries.binding_classes(ws, sorted(set(known.values())), where).drop("n_events")
    classes = found.cast({name: pl.String for name in found.columns if name != "activity"}).with_row_index("class_id")
    columns = {f"value_{number}": name for number, name in enumerate(sorted(set(known.values())))}
    numbered = classes.rename({name: column for column, name in columns.items()})
    paths = ws.run(
        "classed_paths", where=where, frames={"classes": numbered}, views={"event_classes": event_classes(columns)}
    )
    paths = paths.with_columns(variant_id=(pl.col("path") != pl.col("path").shift(1)).fill_null(True).cum_sum() - 1)
    paths = paths.cast({"variant_id": pl.UInt32, "path": pl.List(pl.UInt32)})
    named = classes.join(names, on="activity", how="left", maintain_order="left")
    return ClassedLog(
        classes=named.select("name", *(pl.col(known[asked]).alias(asked) for asked in attributes)),
        variants=paths.group_by("variant_id", maintain_order=True).agg(pl.col("path").first()),
        journeys=spine.drop("variant_id").join(
            paths.select("journey_id", "variant_id"), on="journey_id", how="left", maintain_order="left"
        ),
    )


def resolved(ws: Workspace, attributes: list[str]) -> dict[str, str]:
    """Give for each name that a map uses the attribute of the log it means; case and a leading ``case:`` do not matter.

    Raises
    ------
    ExpressionError
        Naming all that the log does not have.
    """
    known = queries.attributes(ws)["name"].to_list()
    meant: dict[str, str] = {}
    problems: list[Problem] = []
    for name in attributes:
        try:
            meant |= Expression(name, frozenset({name}), None).resolve(known)
        except ExpressionError as error:
            problems += error.problems
    if problems:
        raise ExpressionError(
            N_("The map binds events by attributes that the log does not have. Known are: {known}."),
            known=", ".join(sorted(known)) or Message(N_("none")),
            problems=problems,
        )
    return meant
