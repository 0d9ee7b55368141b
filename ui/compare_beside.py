"""What stands beside the map on Compare: its rules, the deviations it accepts, and what could not be checked."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from ui.board import rule_says
from ui.deviation_list import open_panel
from ui.deviations import Seen
from ui.formats import date, interval, number, percent
from ui.language import _, counted, local, md, say
from ui.text import md_escape
from ui.words import DEVIATIONS

PER_ROW = 3
Row = dict[str, Any]


def rules(seen: Seen) -> None:
    """Show each rule with the journeys that break it."""
    found = seen.found.rules.to_dicts()
    if not found:
        return
    st.markdown("#### " + _("Rules beside the map"))
    for first in range(0, len(found), PER_ROW):
        for column, row in zip(st.columns(PER_ROW), found[first : first + PER_ROW], strict=False):
            with column.container(border=True, gap="xxsmall"):
                _rule(seen, row)


def _rule(seen: Seen, row: Row) -> None:
    rule = next(rule for rule in seen.plan.map.rules if rule.id == row["rule"])
    says = md_escape(rule_says(seen.plan.map, rule.id))
    st.markdown(f"**{md_escape(local(rule.title))}**" if rule.title else f"**{says}**")
    if rule.title:
        st.caption(says)
    if row["of"]:
        st.progress(row["journeys"] / row["of"])
    _broken(seen, row)
    said = [counted("{n} journey it applies to", "{n} journeys it applies to", row["of"])]
    said += [md("{n} too early to judge", n=row["open"])] if row["open"] else []
    st.caption(" · ".join(said), help=md("95% interval of the share: {range}", range=interval(row["low"], row["high"])))


def _broken(seen: Seen, row: Row) -> None:
    """Open the deviation of a rule, where it is ranked; say so where it is accepted or nobody breaks it."""
    sign = DEVIATIONS["rule_broken"]
    count = f"{number(row['journeys'])} · {percent(row['share'])}"
    ranked = seen.found.deviations.filter(pl.col("rule") == row["rule"])
    if not row["journeys"]:
        st.caption(":green[✓ " + (_("Nobody breaks it") if row["of"] else _("It applies to no journey")) + "]")
    elif ranked.is_empty():
        st.caption(f"{sign.glyph} ~~{count}~~ · " + _("accepted"))
    elif st.button(f":{sign.badge}-badge[{sign.glyph} {count}]", key=f"rule_{row['rule']}", type="tertiary"):
        open_panel(seen, ranked.row(0, named=True))


def accepted(seen: Seen) -> None:
    """Show what the plan accepts, struck through: who answers for it, why, and until when."""
    found = seen.found.accepted.to_dicts()
    if not found:
        return
    with st.container(border=True, gap="xsmall"):
        st.markdown("#### " + _("Accepted"))
        st.caption(_("The plan accepts these until a day: they are counted, and neither ranked nor tested."))
        for row in found:
            accepted_row(seen, row)


def accepted_row(seen: Seen, row: Row) -> None:
    """Show one deviation that the plan accepts, struck through, and who answers for it."""
    by = seen.plan.map.accepted[row["acceptance"]]
    place = md_escape(seen.place(row))
    if row["kind"] == "ad_hoc":
        place += " · " + md_escape(seen.stage(row))
    sign = DEVIATIONS[row["kind"]]
    count = f"{number(row['journeys'])} · {percent(row['share'])}"
    st.markdown(
        f":gray[{sign.glyph} ~~{_(sign.word)} · {place}~~ · {count}]  \n:small["
        + md("{owner} answers for it, until {until}: {reason}", owner=by.owner, until=date(by.until), reason=by.reason)
        + "]"
    )


def notes(seen: Seen) -> None:
    """Say what the plan asks for and the log could not answer."""
    if seen.found.notes:
        with st.expander(counted("{n} note", "{n} notes", len(seen.found.notes)), icon=":material/info:"):
            st.markdown("\n".join("- " + md_escape(say(note)) for note in seen.found.notes))
