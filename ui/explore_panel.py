"""What the panel beside the discovered graph says of a step or a link that is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import polars as pl
import streamlit as st

from mining.conditions import follows, one_of, passes
from mining.following import places
from mining.journey_graph import END, OTHER, START, Graph
from ui import hidden_links, side_panel, state
from ui.canvas import Selection
from ui.filters import Scope
from ui.language import _
from ui.panel_data import of_steps
from ui.scenes.discovered import name_of, nodes_of, shown_links
from ui.scenes.parts import from_to
from ui.text import heading, md_escape

MOST_PAIRS = 30  # so many pairs of activities still make a condition that one can read


@dataclass(frozen=True)
class Shown:
    """The graph on screen.

    Attributes
    ----------
    chosen : Scope
        The journeys looked at.
    picture : networkx.DiGraph
        The graph as it is drawn.
    walk : frame
        Of `mining.following.path_steps`, over the nodes that are drawn.
    titles : mapping of str to str
        Names to show in place of those of the graph.
    activities : mapping of int to sequence of str
        The activities of the log that each node stands for.
    whole : networkx.DiGraph
        The graph with all that the sliders hide.
    all_shown : mapping of str to int
        The keys of the sliders, and where each stands when nothing is hidden.
    """

    chosen: Scope
    picture: Graph
    walk: pl.DataFrame
    titles: Mapping[str, str]
    activities: Mapping[int, Sequence[str]]
    whole: Graph
    all_shown: Mapping[str, int]

    def name(self, node: int) -> str:
        """Name a node; one that only others lead to is named, too."""
        data = self.picture.nodes.get(node) or self.whole.nodes.get(node)
        return name_of(node, data["name"] if data else "", self.titles)


def panel(shown: Shown, selection: Selection) -> None:
    """Draw the panel of a step or of a link, or of what is not drawn."""
    if selection.kind == "coverage":
        _hidden(shown)
        return
    if selection.kind == "edge":
        source, target = nodes_of(selection.id)
        meant = (pl.col("source") == source) & (pl.col("target") == target)
        said, condition = from_to(shown.name(source), shown.name(target)), _of_link(shown, source, target)
    else:
        node = int(selection.id)
        meant = pl.col("source" if node == START else "target") == node
        said, condition = shown.name(node), _of_step(shown, node)
    st.markdown(heading(md_escape(said)))
    if selection.id == str(OTHER):
        st.caption(_("The activities that the slider leaves out, as one step."))
    log, where = shown.chosen.log, shown.chosen.where
    journeys = state.frame(log, "journeys", where).select("journey_id", "key", path="variant_id")
    found = places(shown.walk, meant)
    told = of_steps(found, journeys, journeys.height, condition)
    side_panel.draw(told, log, shown.name, "explore_panel")


def _hidden(shown: Shown) -> None:
    """Say what the sliders hide."""
    drawn, whole = shown.picture.subgraph(node for node in shown.picture if node != OTHER).edges, shown.whole
    links = [(s, t, data) for s, t, data in whole.edges(data=True) if (s, t) not in drawn]
    rows = [(from_to(shown.name(s), shown.name(t)), data["n"], data["n_journeys"]) for s, t, data in links]
    moves = int(whole.size(weight="n"))
    title = shown_links(len(drawn), whole.number_of_edges(), 1 - sum(n for _link, n, _journeys in rows) / max(moves, 1))
    hidden = pl.DataFrame(rows, hidden_links.SCHEMA, orient="row")
    hidden_links.show(title, hidden, moves, whole.nodes[START]["n_journeys"], shown.all_shown)


def _of_step(shown: Shown, node: int) -> str | None:
    """Write a condition that chooses the journeys with a step; None where all have it or nobody can say."""
    named = shown.activities.get(node)
    return " or ".join(passes(name) for name in named) if named and len(named) <= MOST_PAIRS else None


def _of_link(shown: Shown, source: int, target: int) -> str | None:
    """Write a condition that chooses the journeys with a link."""
    before, after = shown.activities.get(source, ()), shown.activities.get(target, ())
    if source == START and after:
        return one_of("first_activity", after)
    if target == END and before:
        return one_of("last_activity", before)
    pairs = list(product(before, after))
    if not pairs or len(pairs) > MOST_PAIRS:
        return None
    return " or ".join(follows(a, b, directly=True) for a, b in pairs)
