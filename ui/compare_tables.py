"""The planned map as tables, one at a time: stages, touchpoints, links, and what happens beside the plan."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import polars as pl

from pipeline.flow_waits import by_link
from ui import picture
from ui.canvas import Kind
from ui.compare_panel import panel
from ui.formats import duration, number, percent, signed
from ui.laid_out import Shown
from ui.language import _
from ui.scenes.planned_rows import beside_rows, kinds_at, link_rows, stage_rows, touchpoint_rows
from ui.tables import Column
from ui.widgets import switch
from ui.words import DEVIATIONS, OUTCOMES

STAGES, TOUCHPOINTS, LINKS, BESIDE = "stages", "touchpoints", "links", "beside"
KEY = "compare_table"
KIND: dict[str, Kind] = {STAGES: "stage", TOUCHPOINTS: "node", LINKS: "edge", BESIDE: "node"}


def show(shown: Shown, medians: Callable[[], pl.DataFrame]) -> None:
    """Draw the table that is picked, and beside it the panel of the row that is."""
    words = {STAGES: _("Stages"), TOUCHPOINTS: _("Touchpoints"), LINKS: _("Links"), BESIDE: _("Beside the plan")}
    which = switch(KEY, words)
    rows, columns = _table(shown, which, medians)
    picture.listed(rows, columns, key=f"{KEY}_{which}", kind=KIND[which], panel=partial(panel, shown), alt=words[which])


def _table(shown: Shown, which: str, medians: Callable[[], pl.DataFrame]) -> tuple[pl.DataFrame, dict[str, Column]]:
    found, laid = shown.seen.found, shown.laid
    if which == STAGES:
        return stage_rows(found, laid), _of_stages()
    if which == TOUCHPOINTS:
        rows = touchpoint_rows(found, laid)
        return rows, _of_touchpoints(rows, kinds_at(found))
    if which == LINKS:
        return link_rows(found, laid, by_link(medians())), _of_links()
    rows = beside_rows(found, laid)
    return rows, _of_activities(rows)


def _of_stages() -> dict[str, Column]:
    reached = _("Journeys that got as far as the stage")
    return {
        "title": Column(_("Stage"), None, _("In the order of the plan"), pinned=True),
        "n_journeys": Column(_("Reached"), number, reached, 80),
        "share": Column(_("Share"), percent, _("Of all journeys"), 70),
        "range": Column("95%", None, _("95% interval of the share (Wilson)"), 112),
        "of_before": Column(
            _("Of the stage before"), percent, _("Of the journeys that got as far as the stage before"), 90
        ),
        "left": Column(
            OUTCOMES["dropped"].label, number, _("Dropped journeys whose last planned touchpoint is in this stage"), 85
        ),
        "left_share": Column(
            _("Drop-off"), percent, _("Dropped here, of the journeys that got as far as the stage"), 80
        ),
        "skipped": Column(_("Skipped"), number, _("Journeys that went on without any touchpoint of the stage"), 80),
        "questions": Column(
            _("Unanswered questions"), None, _("What customers ask in the stage and no touchpoint answers"), empty=""
        ),
    }


def _of_touchpoints(rows: pl.DataFrame, kinds: list[str]) -> dict[str, Column]:
    columns = {
        "title": Column(_("Touchpoint"), None, _("In the order of the plan"), 205, pinned=True),
        "stage": Column(_("Stage"), None, _("The stage that the plan has it in"), 95),
        "channel": Column(_("Channel"), None, _("The channels that the plan names"), 70, empty=""),
        "n_journeys": Column(
            _("Journeys"), number, _("Journeys in which the touchpoint happened"), 100, empty=_("not measured")
        ),
        "share": Column(_("Share"), percent, _("Of all journeys"), 65),
        "range": Column("95%", None, _("95% interval of the share (Wilson)"), 112),
        "left": Column(
            OUTCOMES["dropped"].label, number, _("Dropped journeys whose last planned touchpoint this is"), 85
        ),
        "left_share": Column(_("Drop-off"), percent, _("Dropped here, of the journeys that had the touchpoint"), 75),
        **{kind: _of_kind(kind) for kind in kinds},
        "feeling": Column(
            _("Planned feeling"), signed, _("What the plan wants customers to feel here, from −2 to +2"), 75
        ),
        "marks": Column(_("Marks"), None, _("The marks of the card on the map, in words"), 150, empty=""),
        "accepted": Column(_("Accepted"), None, _("Deviations that the plan accepts for a while"), empty=""),
    }
    return {name: column for name, column in columns.items() if not _is_empty(rows[name])}


def _of_kind(kind: str) -> Column:
    sign = DEVIATIONS[kind]
    return Column(sign.label, number, _("Journeys with this deviation. {means}", means=_(sign.means)), 85)


def _of_links() -> dict[str, Column]:
    return {
        "from_": Column(_("From"), None, _("What happens first"), 215),
        "to": Column(_("To"), None, _("What follows it at once"), 215),
        "fit": Column(_("Against the plan"), None, _("Whether the plan has the step, or how the step leaves it"), 140),
        "n_journeys": Column(_("Journeys"), number, _("Journeys that take the link at least once"), 85),
        "share": Column(_("Share"), percent, _("Of all journeys"), 65),
        "n": Column(_("Occurrences"), number, _("How often the link is taken in all"), 95),
        "wait_s": Column(
            _("Median wait"), duration, _("The median time between the two events, of all times the link is taken"), 95
        ),
        "wait_range": Column("95%", None, _("95% interval of the median, whatever the distribution"), 130),
        "n_waits": Column("n", number, _("How many times the median is of"), 70),
    }


def _of_activities(rows: pl.DataFrame) -> dict[str, Column]:
    columns = {
        "title": Column(_("Activity"), None, _("The plan does not know it in this stage")),
        "stage": Column(_("Where"), None, _("The stage of the plan in which it happens")),
        "n_journeys": Column(_("Journeys"), number, _("Journeys in which it happens in this stage"), 85),
        "share": Column(_("Share"), percent, _("Of all journeys"), 65),
        "range": Column("95%", None, _("95% interval of the share (Wilson)"), 112),
        "n": Column(_("Occurrences"), number, _("How often it happens in this stage in all"), 95),
        "accepted": Column(_("Accepted"), None, _("Deviations that the plan accepts for a while"), empty=""),
    }
    return {name: column for name, column in columns.items() if not _is_empty(rows[name])}


def _is_empty(values: pl.Series) -> bool:
    """Tell whether a column would say nothing."""
    return not values.is_empty() and (values.is_null() | (values.cast(pl.String) == "")).all()
