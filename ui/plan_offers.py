"""The maps to start a plan from: the templates, and those of the sample log, as a list and as cards."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from mining.journey_map import JourneyMap
from ui import state
from ui.language import _, counted, local, md
from ui.text import md_escape, shortened

PER_ROW = 3
LONGEST_DESCRIPTION = 170


@dataclass(frozen=True)
class Offer:
    """One map to start from."""

    file: Path
    text: str
    map: JourneyMap

    @property
    def title(self) -> str:
        """Its name in the current language."""
        return local(self.map.title) or self.map.id


def offers() -> dict[str, Offer]:
    """Give the maps by name of file; before the templates, those of the sample where the log is the sample."""
    samples = [state.sample_map(name) for name in state.SAMPLE_MAPS] if _is_sample() else []
    return {file.stem: _offer(file) for file in (*samples, *sorted(state.TEMPLATES.glob("*.yaml")))}


def _is_sample() -> bool:
    log = state.log()
    return not log.is_empty and state.SAMPLE.name in state.frame(log, "sources")["name"].to_list()


def _offer(file: Path) -> Offer:
    text = file.read_text(encoding="utf-8")
    return Offer(file, text, state.parsed(text, file.name))


def cards() -> Offer | None:
    """Show the maps as cards; give the one that is taken."""
    taken = None
    known = list(offers().values())
    for first in range(0, len(known), PER_ROW):
        for column, offer in zip(st.columns(PER_ROW, gap="small"), known[first : first + PER_ROW], strict=False):
            with column.container(border=True, gap="xsmall", height="stretch"):
                if _card(offer):
                    taken = offer
    return taken


def _card(offer: Offer) -> bool:
    """Show one map; tell whether it is taken."""
    st.markdown(f"#### {md_escape(offer.title)}")
    stages, n = len(offer.map.stages), len(offer.map.touchpoints())
    st.caption(counted("{n} stage", "{n} stages", stages) + " · " + counted("{n} touchpoint", "{n} touchpoints", n))
    said = local(offer.map.description) if offer.map.description else ""
    st.markdown(
        md_escape(shortened(said, LONGEST_DESCRIPTION)),
        help=md_escape(said) if len(said) > LONGEST_DESCRIPTION else None,
    )
    with st.container(vertical_alignment="bottom", height="stretch"):
        return st.button(_("Use it"), key=f"use_{offer.file.stem}", help=md("Start from {title}", title=offer.title))
