"""The log over kinds of events: activities, or activities with the attribute values that a map looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from mining.errors import ExpressionError
from mining.expressions import candidates
from mining.messages import N_, Message
from pipeline import queries
from pipeline.recall import remembered
from pipeline.selection import event_classes
from pipeline.store import Workspace


@dataclass(frozen=True)
class ClassedLog:
    """The log over kinds of events: activities or, where a map looks at attributes, activities with their values.

    Attributes
    ----------
    classes : frame
        One row per kind, by number: activity (its name) and the attributes asked for, as text.
    variants : frame
        One row per distinct path, in the order of paths: variant_id, path (list of kinds).
    journeys : frame
        One row per journey, by id: journey_id, key, start, end, variant_id.
    notes : tuple of Message
        What the map asks for and the log does not have.
    """

    classes: pl.DataFrame
    variants: pl.DataFrame
    journeys: pl.DataFrame
    notes: tuple[Message, ...] = ()


def classed_log(ws: Workspace, attributes: list[str], where: str | None = None) -> ClassedLog:
    """Read the log over activities and, where given, the values of `attributes`.

    An attribute that the log does not have is null in every kind, and noted.

    Raises
    ------
    ExpressionError
        When a name means several attributes of the log.
    """
    return _read(ws, tuple(attributes), where)


@remembered
def _read(ws: Workspace, attributes: tuple[str, ...], where: str | None) -> ClassedLog:
    spine = ws.run("journey_spine", where=where)
    names = ws.run("activity_names").rename({"activity": "code", "name": "activity"})
    meant, notes = _resolved(ws, attributes)
    known = sorted({name for name in meant.values() if name is not None})
    if not known:
        blank = [pl.lit(None, pl.String).alias(name) for name in attributes]
        variants = queries.variants(ws, where).select("variant_id", "path")
        return ClassedLog(names.select("activity", *blank), variants, spine, notes)
    column_of = {name: f"value_{number}" for number, name in enumerate(known)}
    classes = queries.binding_classes(ws, known, where).drop("n_events").rename(column_of).with_row_index("class_id")
    views = {"event_classes": event_classes({column: name for name, column in column_of.items()})}
    paths = ws.run("classed_paths", where=where, frames={"classes": classes}, views=views)
    paths = paths.with_columns(variant_id=(pl.col("path") != pl.col("path").shift(1)).fill_null(True).cum_sum() - 1)
    paths = paths.cast({"variant_id": pl.UInt32, "path": pl.List(pl.UInt32)})
    values = [
        pl.lit(None, pl.String).alias(asked) if name is None else pl.col(column_of[name]).alias(asked)
        for asked, name in meant.items()
    ]
    named = classes.rename({"activity": "code"}).join(names, on="code", how="left", maintain_order="left")
    return ClassedLog(
        classes=named.select("activity", *values),
        variants=paths.group_by("variant_id", maintain_order=True).agg(pl.col("path").first()),
        journeys=spine.drop("variant_id").join(
            paths.select("journey_id", "variant_id"), on="journey_id", how="left", maintain_order="left"
        ),
        notes=notes,
    )


def _resolved(ws: Workspace, attributes: Sequence[str]) -> tuple[dict[str, str | None], tuple[Message, ...]]:
    """Give for each name that a map uses the attribute of the log it means, or None with a note."""
    known = queries.attributes(ws)["name"].to_list()
    meant: dict[str, str | None] = {}
    notes = []
    for name in attributes:
        found = candidates(name, known)
        if len(found) > 1:
            raise ExpressionError(
                N_("The map binds events by {name!r}, which could be {found}. Write it as the log does."),
                name=name,
                found=", ".join(found),
            )
        meant[name] = found[0] if found else None
        if not found:
            notes.append(
                Message(N_("The log has no attribute {name!r}: the events bound by it never match."), name=name)
            )
    return meant, tuple(notes)
