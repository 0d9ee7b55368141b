"""Models out of the paths really taken: mined from variants with their counts, measured against the whole log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import polars as pl

from mining import paths
from mining.errors import ModelError, SourceError
from mining.messages import N_, Message
from pipeline.files import write_atomically
from pipeline.findings import AlignmentSummary, rounded
from pipeline.model_quality import ModelQuality, model_quality, symbols

if TYPE_CHECKING:
    from mining.automaton import Automaton
    from mining.petri import PetriNet
    from mining.process_tree import ProcessTree
    from pipeline.discover import DiscoveredGraph

Measured = TypeVar("Measured")
INDUCTIVE, HEURISTICS, ALPHA, DFG = "inductive", "heuristics", "alpha", "dfg"
MINERS = (INDUCTIVE, HEURISTICS, ALPHA, DFG)


@dataclass(frozen=True)
class Mining:
    """How a model is mined.

    Attributes
    ----------
    miner : str
        ``inductive`` gives a process tree; ``heuristics``, ``alpha`` (Alpha+++) and ``dfg`` (the directly-follows
        graph itself) give Petri nets.
    noise : float
        Links that are rarer than this share of the strongest one beside them may be left out; what that means in
        detail is the miner's affair.
    coverage : float
        The model is mined from the most frequent variants that have at least this share of the journeys.
    """

    miner: str = INDUCTIVE
    noise: float = 0.2
    coverage: float = 1.0

    def __post_init__(self) -> None:
        if self.miner not in MINERS:
            raise ModelError(
                N_("There is no miner {miner}. Choose one of {miners}."), miner=self.miner, miners=", ".join(MINERS)
            )
        for name, value in (("noise", self.noise), ("coverage", self.coverage)):
            if not 0 <= value <= 1:
                raise ModelError(N_("{name} is a share from 0 to 1, not {value}."), name=name, value=value)


@dataclass(frozen=True)
class DiscoveredModel:
    """A mined model and how well it tells of the log.

    Attributes
    ----------
    mining : Mining
        How it was found.
    variants, journeys : int
        What it was found in.
    tree : ProcessTree or None
        Of the inductive miner.
    net : PetriNet
        The same model, or the only form of it.
    quality : ModelQuality or None
        Against the whole log, whatever was covered; None where it cannot be measured, which `notes` explain.
    notes : tuple of Message
        What to know of the model.
    """

    mining: Mining
    variants: int
    journeys: int
    tree: ProcessTree | None
    net: PetriNet
    quality: ModelQuality | None
    notes: tuple[Message, ...]

    def as_dict(self) -> dict[str, Any]:
        """Give its figures as plain JSON values."""
        return {
            "miner": self.mining.miner,
            "noise": self.mining.noise,
            "coverage": self.mining.coverage,
            "variants": self.variants,
            "journeys": self.journeys,
            "places": len(self.net.places),
            "transitions": len(self.net.transitions),
            **figures(self.quality, self.notes),
        }

    def write(self, path: str | Path) -> None:
        """Write it as .pnml, as .bpmn where a diagram has the same runs, or, where the miner gives a tree, as .ptml.

        Raises
        ------
        SourceError
            When the miner gives nothing that can be written so.
        ModelError
            When no diagram has the runs of the net.
        """
        from mining.model_writing import net_to_pnml, tree_to_bpmn, tree_to_ptml
        from mining.net_bpmn import net_to_bpmn

        writers: dict[str, Callable[[], bytes]] = {
            ".pnml": lambda: net_to_pnml(self.net),
            ".bpmn": lambda: net_to_bpmn(self.net),
        }
        if (tree := self.tree) is not None:
            writers |= {".bpmn": lambda: tree_to_bpmn(tree), ".ptml": lambda: tree_to_ptml(tree)}
        writer = writers.get(Path(path).suffix.lower())
        if writer is None:
            raise SourceError(
                N_("What the miner {miner} finds cannot be written as {path}. Give a name that ends in {endings}."),
                miner=self.mining.miner,
                path=path,
                endings=", ".join(writers),
            )
        write_atomically(path, writer())


def discover_model(found: DiscoveredGraph, mining: Mining | None = None) -> DiscoveredModel:
    """Mine a model from the distinct paths of a log and measure it against all of them.

    Raises
    ------
    ModelError
        When there is no such miner.
    """
    from mining.process_tree import tree_to_net

    mining = mining or Mining()
    covered = paths.most_frequent(found.frames.variants, mining.coverage)
    tree = mined_tree(covered, found.names, mining.noise) if mining.miner == INDUCTIVE else None
    net = tree_to_net(tree) if tree is not None else _net(covered, found.names, mining)
    quality, notes = measured(lambda: model_quality(found.frames.variants, *_bound_net(net, found.names)))
    return DiscoveredModel(
        mining, covered.height, int(covered["n_journeys"].sum()), tree, net, quality, (*net.notes, *notes)
    )


def mined_tree(variants: pl.DataFrame, names: dict[int, str], noise: float) -> ProcessTree:
    """Give what the inductive miner finds in some variants."""
    from mining.pm4py_bridge import discover_tree

    return discover_tree(_counted(variants), names, noise=noise)


def _net(variants: pl.DataFrame, names: dict[int, str], mining: Mining) -> PetriNet:
    """Give the net of the miners that find no tree."""
    from mining.causal_net import causal_net_to_net, graph_to_net
    from mining.journey_graph import journey_graph

    if mining.miner == HEURISTICS:
        from mining.pm4py_bridge import discover_causal_net

        return causal_net_to_net(discover_causal_net(_counted(variants), noise=mining.noise), names)
    if mining.miner == ALPHA:
        from mining.r4pm_bridge import discover_alpha

        return discover_alpha(_counted(variants), names, noise=mining.noise)
    known = pl.DataFrame(list(names.items()), schema={"activity": pl.UInt32, "name": pl.String}, orient="row")
    frames = paths.count(variants, known)
    journeys = int(variants["n_journeys"].sum())
    graph = journey_graph(frames.activities, frames.edges, frames.endpoints, journeys)
    return graph_to_net(graph, noise=mining.noise)


def _counted(variants: pl.DataFrame) -> dict[tuple[int, ...], int]:
    return {tuple(path): n for path, n in variants.select("path", "n_journeys").iter_rows()}


def _bound_net(net: PetriNet, names: dict[int, str]) -> tuple[np.ndarray, Automaton]:
    from mining.automaton import compile_net

    automaton = compile_net(net)
    return symbols(names, automaton.labels), automaton


def measured(measure: Callable[[], Measured]) -> tuple[Measured | None, tuple[Message, ...]]:
    """Measure; where the model has too many states, or none that ends, say why it was not."""
    try:
        return measure(), ()
    except ModelError as error:
        return None, (Message(N_("Fitness and precision cannot be told: {why}"), why=error.message),)


def figures(quality: ModelQuality | None, notes: tuple[Message, ...]) -> dict[str, Any]:
    """Give what was measured, and what is to be known of it, as plain JSON values."""
    told = {"fitness": None, "perfect_share": None} if quality is None else fit(quality.alignment)
    return {
        "fitness": told["fitness"],
        "precision": None if quality is None else rounded(quality.precision),
        "perfect_share": told["perfect_share"],
        "states": None if quality is None else quality.states,
        "notes": [str(note) for note in notes],
    }


def fit(found: AlignmentSummary) -> dict[str, float | None]:
    """Give the figures of one alignment as plain JSON values."""
    return {"fitness": rounded(found.fitness), "perfect_share": rounded(found.perfect_share)}
