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
    """One map to start from; ``of_sample`` where it plans journeys of the sample log."""

    file: Path
    text: str
    map: JourneyMap
    of_sample: bool

    @property
    def title(self) -> str:
        """Its name in the current language, with the log it was made for where it fits no other."""
        title = local(self.map.title) or self.map.id
        return _("{title} (sample log)", title=title) if self.of_sample else title


def offers() -> dict[str, Offer]:
    """Give the maps by name of file, those that fit the log at hand first.

    The maps of the sample come first where the log is the sample, else last: they plan journeys no other log has.
    """
    samples = [_offer(state.sample_map(name), True) for name in state.SAMPLE_MAPS]
    templates = [_offer(file, False) for file in sorted(state.TEMPLATES.glob("*.yaml"))]
    ordered = samples + templates if _is_sample() else templates + samples
    return {offer.file.stem: offer for offer in ordered}


def _is_sample() -> bool:
    log = state.log()
    return not log.is_empty and state.SAMPLE.name in state.frame(log, "sources")["name"].to_list()


def _offer(file: Path, of_sample: bool) -> Offer:
    text = file.read_text(encoding="utf-8")
    return Offer(file, text, state.parsed(text, file.name), of_sample)


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
