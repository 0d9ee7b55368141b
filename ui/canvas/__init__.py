"""The interactive journey map: takes a scene, as plain JSON, and gives what the reader has chosen in it.

What a scene says is in ``scene.schema.json``. The picture is made by the sources in ``frontend/``, built by
``make canvas`` into ``assets/``; nobody needs Node to run the app.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args

import streamlit as st

Kind = Literal["node", "edge", "stage", "badge", "drop_off", "coverage"]
KINDS: tuple[Kind, ...] = get_args(Kind)
COVERAGE = "links"  # the id of what says how much is shown
HEIGHT_PX = 690


@dataclass(frozen=True)
class Selection:
    """What was clicked: a step, a link, a stage, a badge, the drop-off of a step, or how much is shown, by its id."""

    kind: Kind
    id: str


def show(
    scene: Mapping[str, Any],
    *,
    key: str,
    height: int = HEIGHT_PX,
    closed: int = 0,
    row: str | None = None,
    on_select: Callable[[], None] | None = None,
) -> Selection | None:
    """Draw a scene; it is the same picture across reruns as long as `key` is the same.

    Parameters
    ----------
    scene
        What to draw, as ``scene.schema.json`` says.
    key
        Identity of the picture on the page; its view and its selection live as long as the key.
    height
        Pixels on the screen at most, the foot with legend and tools included; it takes what is left of the window.
    closed
        How often the reader has given up a choice outside of the picture; one more, and it is given up inside.
    row
        Key of the container that fills the screen with the picture, with all that stands in it; else it alone does.
    on_select
        Called before the rerun that a click brings about.

    Returns
    -------
    Selection or None
        What the reader has chosen and is still in the scene.
    """
    result = component()(
        data=[
            scene,
            height,
            closed,
            row,
        ],  # not by name: Streamlit would load pandas to look for tables in it
        key=key,
        default={"selection": None},
        on_selection_change=on_select or nothing,
    )
    return selection_in(scene, result.selection)


def selection_in(scene: Mapping[str, Any], chosen: Mapping[str, Any] | None) -> Selection | None:
    """Take what the browser says for a selection, if it names something that is in the scene."""
    if not chosen or chosen.get("type") not in KINDS:
        return None
    found = Selection(chosen["type"], str(chosen.get("id")))
    return found if found.id in _ids(scene, found.kind) else None


def _ids(scene: Mapping[str, Any], kind: Kind) -> set[str]:
    if kind == "edge":
        return {edge["id"] for edge in scene["edges"]}
    if kind == "coverage":
        return {COVERAGE} if scene.get("coverage", {}).get("door") else set()
    if kind == "stage":
        return {stage["id"] for stage in scene["stages"]}
    if kind == "badge":
        return {badge["id"] for thing in (*scene["stages"], *scene["nodes"]) for badge in thing.get("badges", ())}
    return {node["id"] for node in scene["nodes"] if kind == "node" or "drop" in node}


@cache
def component() -> Callable[..., Any]:
    """Declare the component to Streamlit, which finds its files by the entry in pyproject.toml."""
    return st.components.v2.component("desirepath.canvas", js="canvas.js")


def nothing() -> None:
    """Streamlit keeps a state only where somebody listens."""
