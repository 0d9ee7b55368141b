"""The discovered graph as tables, one at a time: its boxes, and its links."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from mining.journey_graph import Graph
from ui import picture
from ui.canvas import Kind, Selection
from ui.formats import duration, number, percent
from ui.language import _
from ui.scenes.discovered import box_rows, link_rows
from ui.tables import Column
from ui.widgets import switch

BOXES, LINKS = "boxes", "links"
KEY = "explore_table"
KIND: dict[str, Kind] = {BOXES: "node", LINKS: "edge"}


def show(drawn: Graph, whole: Graph, titles: Mapping[str, str], panel: Callable[[Selection], None]) -> None:
    """Draw the table that is picked, and beside it the panel of the row that is.

    Parameters
    ----------
    drawn, whole : networkx.DiGraph
        The graph as the sliders show it, and all of it.
    titles : mapping of str to str
        Names to show in place of those of the graph.
    panel : callable
        Draws the panel of a box or of a link.
    """
    words = {BOXES: _("Boxes"), LINKS: _("Links")}
    which = switch(KEY, words)
    rows = box_rows(drawn, whole, titles) if which == BOXES else link_rows(drawn, titles)
    columns = _of_boxes() if which == BOXES else _of_links()
    frame = pl.DataFrame(rows, infer_schema_length=None)
    picture.listed(frame, columns, key=f"{KEY}_{which}", kind=KIND[which], panel=panel, alt=words[which])


def _of_boxes() -> dict[str, Column]:
    return {
        "title": Column(_("Box"), None, _("What the graph draws as a box"), pinned=True),
        "n_journeys": Column(_("Journeys"), number, _("Journeys that come through the box")),
        "share": Column(_("Share"), percent, _("Of all journeys")),
        "n_events": Column(_("Occurrences"), number, _("Events of the box in all")),
        "n_start": Column(_("Start here"), number, _("Journeys whose first event this is")),
        "n_end": Column(_("End here"), number, _("Journeys whose last event this is")),
    }


def _of_links() -> dict[str, Column]:
    return {
        "source": Column(_("From"), None, _("What happens first")),
        "target": Column(_("To"), None, _("What follows it at once")),
        "n_journeys": Column(_("Journeys"), number, _("Journeys that take the link at least once")),
        "share": Column(_("Share"), percent, _("Of all journeys")),
        "n": Column(_("Occurrences"), number, _("How often the link is taken in all")),
        "wait_median_s": Column(
            _("Median wait"), duration, _("The median time between the two events, of all times the link is taken")
        ),
        "wait_range": Column("95%", None, _("95% interval of the median, whatever the distribution")),
        "n_waits": Column("n", number, _("How many times the median is of")),
        "wait_p95_s": Column(_("95% below"), duration, _("95% of the times between the two events are shorter")),
    }
