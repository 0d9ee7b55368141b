"""The log laid over the plan as it is on screen: what the map draws, and what its panels count."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import streamlit as st

from mining.flow_nodes import END, START
from ui import state
from ui.deviations import Seen
from ui.language import _
from ui.scenes.cards import names_of
from ui.scenes.laid import FLOW_SHARE, Laid, lay
from ui.state import Log


@dataclass(frozen=True)
class Shown:
    """The map on screen: the comparison, the same counted for the picture, and from which share on links are drawn."""

    seen: Seen
    laid: Laid
    share: float = FLOW_SHARE

    @cached_property
    def _names(self) -> dict[str, str]:
        return names_of(self.seen.plan.map, self.laid) | {START: _("Start"), END: _("End")}

    def name(self, node: str) -> str:
        """Name a node, in the language that was in use when the first was named."""
        return self._names[node]


@st.cache_resource(show_spinner=False, max_entries=30)
def laid_out(log: Log, text: str, name: str, where: str | None) -> Laid:
    """Count what a comparison found for a picture, once per comparison."""
    return lay(state.findings(log, text, name, where))


def shown(seen: Seen) -> Shown:
    """Lay the log of a comparison out."""
    return Shown(seen, laid_out(seen.log, seen.plan.text, seen.plan.name, seen.chosen))
