"""What makes a journey, as panels for a page: the gap at which customers are split, and the ids that are one person.

A panel takes plain values and frames and asks no workspace; the page computes them and places the panels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
import streamlit as st

from pipeline.identity import Identity, order_of_trust
from pipeline.identity.tables import IdentityTables
from pipeline.identity.values import FORMS
from pipeline.sessions import GapHint
from ui.charts.gap_curve import gap_curve_chart, gap_curve_data, gap_curve_said
from ui.charts.shown import show as chart
from ui.formats import duration, moment, number
from ui.language import _, counted, md, say
from ui.tables import Column
from ui.tables import show as table
from ui.text import bold, md_escape


def gap_panel(curve: pl.DataFrame, chosen_s: float, hint: GapHint | None = None) -> None:
    """Show how many journeys each gap would give.

    Parameters
    ----------
    curve : polars.DataFrame
        From `pipeline.sessions.journeys_by_gap`, with the chosen gap among its gaps.
    chosen_s : float
        The gap in use, in seconds.
    hint : GapHint, optional
        What the log itself suggests; it is shown, and changes nothing.
    """
    st.markdown(bold(_("Journeys by gap")))
    data = gap_curve_data(curve, chosen_s)
    chart(gap_curve_chart, data, alt=_("Journeys by gap"), said=gap_curve_said(data))
    found = curve.filter(pl.col("gap_s") == chosen_s)["n_journeys"]
    if found.len():
        st.caption(
            md("A new journey after {gap} of silence gives {n} journeys.", gap=duration(chosen_s), n=int(found[0]))
        )
    if hint is not None:
        reason = md_escape(say(hint.reason))
        said = reason if hint.gap_s is None else md("The log suggests {gap}.", gap=duration(hint.gap_s)) + " " + reason
        st.caption(":material/lightbulb: " + said)


def identity_choice(columns: Sequence[str], *, key: str = "identity") -> Identity | None:
    """Ask which columns name the same person, the most trusted first; None where no column is picked.

    Parameters
    ----------
    columns : sequence of str
        The columns of the file that may be picked.
    key : str
        Under which the choices are kept for the session.
    """
    picked = st.multiselect(
        _("Columns that name the person, the most trusted first"),
        order_of_trust(columns),
        key=f"{key}_columns",
        placeholder=_("Card, e-mail, phone, cookie …"),
        select_all=False,
        help=_(
            "Ids that stand on the same event belong to the same person. The order counts: a person is named by the "
            "first column they have, and a phone that stands beside too many e-mails links nothing."
        ),
    )
    if not picked:
        return None
    guessed = Identity.of(picked)
    forms = _forms(guessed, key)
    with st.expander(_("What is too shared to link"), icon=":material/link_off:"):
        limits = _limits(guessed, key)
    return Identity.of(picked, forms=forms, **limits)


def _forms(guessed: Identity, key: str) -> tuple[str, ...]:
    """Ask how the values of each column are compared."""
    words = {"exact": _("exactly as written"), "email": _("e-mail"), "phone": _("phone number")}
    chosen = []
    places = st.columns(max(len(guessed.columns), 3))
    for place, name, form in zip(places, guessed.columns, guessed.forms, strict=False):
        with place:
            chosen.append(
                st.selectbox(
                    name, FORMS, index=FORMS.index(form), format_func=words.__getitem__, key=f"{key}_form_{name}"
                )
            )
    return tuple(chosen)


def _limits(guessed: Identity, key: str) -> dict[str, int]:
    """Ask from where on a value links nothing."""
    said = {
        "most_trusted": (
            _("Values of a more trusted column"),
            _("What stands beside more than so many of them links nothing: a phone with six e-mails is shared."),
        ),
        "most_lesser": (
            _("Values of a less trusted column"),
            _("What stands beside more than so many of them links nothing: nobody has that many cookies."),
        ),
        "most_values": (
            _("Values of a person in one column"),
            _("Who has more is split again where links are weakest. The least trusted column does not count."),
        ),
    }
    limits = {}
    for place, (name, (label, help_)) in zip(st.columns(3), said.items(), strict=True):
        limits[name] = int(
            place.number_input(label, 1, 1_000_000, getattr(guessed, name), help=help_, key=f"{key}_{name}")
        )
    return limits


def identity_preview(counts: Mapping[str, int], tables: IdentityTables, *, key: str = "identity") -> None:
    """Show what joining the ids gives: before and after, who was joined and why, and what was kept from linking.

    Parameters
    ----------
    counts : mapping of str to int
        From `pipeline.chain.persons`.
    tables : IdentityTables
    key : str
        Under which the choices are kept for the session.
    """
    _figures(counts)
    _shared(tables.shared, counts)
    _split(tables.split)
    _joined(tables, key)


def _figures(counts: Mapping[str, int]) -> None:
    figures = [
        (_("Ids"), counts["n_ids"], _("Different values of the columns that name a person.")),
        (_("Persons"), counts["n_persons"], _("Persons with events, once their ids are joined.")),
        (_("With several ids"), counts["n_joined"], _("Persons of whom more than one id is known.")),
        (_("Shared ids"), counts["n_cut"], _("Values that stand beside too many others and link nothing.")),
    ]
    for place, (label, n, help_) in zip(st.columns(len(figures)), figures, strict=True):
        place.metric(label, number(n), help=help_, border=True)
    if counts["n_changed"]:
        said = counted(
            "If nothing was kept from linking, there would be {n} person; {changed} of those above would be one with "
            "others.",
            "If nothing was kept from linking, there would be {n} persons; {changed} of those above would be one with "
            "others.",
            counts["n_before"],
            changed=counts["n_changed"],
        )
        st.caption(said)
    if "n_rows" in counts:
        said = md(
            "{used} of {n} rows of the id table name somebody here.", used=counts["n_rows_used"], n=counts["n_rows"]
        )
        st.caption(":material/contacts: " + said)
    if counts["n_nameless"]:
        st.caption(
            ":material/info: " + counted("{n} event names nobody", "{n} events name nobody", counts["n_nameless"])
        )


def _shared(rows: pl.DataFrame, counts: Mapping[str, int]) -> None:
    if rows.is_empty():
        return
    st.markdown(bold(_("Shared ids: they link nobody")))
    if counts["n_cut"] > rows.height:
        st.caption(md("The first {n} of {of} are shown.", n=rows.height, of=counts["n_cut"]))
    columns = {
        "column": Column(_("Column"), width=120),
        "value": Column(_("Value"), pinned=True),
        "n_others": Column(_("Stands beside"), number, _("So many different values of the next column"), 110),
        "other": Column(_("values of"), width=120),
        "n_persons": Column(_("Persons it would join"), number, width=140),
        "n_events": Column(_("Events"), number, width=90),
        "n_alone": Column(_("With no other id"), number, _("These events are a person of their own."), 120),
    }
    table(rows, columns, rows=8, alt=_("Shared ids: they link nobody"))


def _split(rows: pl.DataFrame) -> None:
    if rows.is_empty():
        return
    st.markdown(bold(_("Chains of persons that were split again")))
    columns = {
        "person": Column(_("Begins with"), pinned=True),
        "n_ids": Column(_("Ids"), number, width=90),
        "n_persons": Column(_("Persons"), number, width=90),
        "n_events": Column(_("Events"), number, width=90),
    }
    table(rows, columns, rows=8, alt=_("Chains of persons that were split again"))


def _joined(tables: IdentityTables, key: str) -> None:
    """Show the persons with most ids, and the evidence of the one that is picked."""
    if tables.persons.is_empty():
        st.caption(":material/info: " + _("No two ids stand on the same event: nobody was joined."))
        return
    st.markdown(bold(_("Persons with most ids")))
    columns = {
        "person": Column(_("Person"), pinned=True),
        "n_ids": Column(_("Ids"), number, width=90),
        "n_events": Column(_("Events"), number, width=90),
        "first": Column(_("First event"), moment),
        "last": Column(_("Last event"), moment),
    }
    picked = table(
        tables.persons, columns, key=f"{key}_persons", select=True, first=0, rows=6, alt=_("Persons with most ids")
    )
    if picked is None:
        return
    person = tables.persons["person"][picked]
    st.markdown(md("Why these ids are **{person}**", person=person))
    why = {
        "column_a": Column(_("Column"), width=120),
        "value_a": Column(_("Value")),
        "column_b": Column(_("stands with"), width=120),
        "value_b": Column(_("Value")),
        "n_events": Column(_("Events"), number, width=90),
        "n_rows": Column(_("Rows of the id table"), number, width=130),
        "first": Column(_("First event"), moment),
        "last": Column(_("Last event"), moment),
    }
    rows = tables.merges.filter(pl.col("person") == person)
    if not rows["n_rows"].sum():
        del why["n_rows"]
    table(rows, why, rows=8, alt=_("The evidence"))
