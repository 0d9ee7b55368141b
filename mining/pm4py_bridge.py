"""Models read from files, and the one door to pm4py, which does well: the inductive miner.

Importing pm4py takes seconds and greets on stderr, so it happens inside the functions that need it, and silently.
pm4py is AGPL-3.0; that it stays behind this file is what would let us change it.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mining import process_tree
from mining.bpmn_net import diagram_to_net
from mining.causal_net import CausalNet
from mining.errors import ModelError
from mining.messages import N_, Message
from mining.model_bpmn import read_bpmn
from mining.model_pnml import read_pnml
from mining.model_xml import read_xml
from mining.petri import PetriNet
from mining.process_tree import ProcessTree, read_ptml, tidy, tree_to_net


def read_petri_net(path: str | Path, *, silent: str | None = None) -> PetriNet:
    """Read a planned model as a Petri net.

    What kind of file it is, is told by its outermost element, not by its name.

    Parameters
    ----------
    path : str or Path
        A PNML, BPMN 2.0 or PTML (process tree) file.
    silent : str, optional
        A regular expression; a transition is silent, too, when it is found anywhere in its name (anchor it with
        ``^`` and ``$`` to match whole names). Which ones that are is said in the notes of the net.

    Returns
    -------
    PetriNet
        A transition is silent when it has no name, is flagged ``$invisible$`` or ``invisible="true"``, or matches
        `silent`. A marking that is missing is inferred where it can be told, and a note says so.

    Raises
    ------
    ModelError
        When the file cannot be read or holds what has no exact meaning here; every problem is named.
    """
    root = read_xml(path)
    if root.tag == "pnml":
        net = read_pnml(root, path)
    elif root.tag == "definitions":
        net = diagram_to_net(read_bpmn(root, path))
    elif root.tag == "ptml":
        net = tree_to_net(read_ptml(root, path))
    else:
        raise ModelError(
            N_(
                "{path} is not a model that can be read: its outermost element is <{tag}>. Give a PNML (<pnml>), "
                "BPMN 2.0 (<definitions>) or process tree (<ptml>) file."
            ),
            path=path,
            tag=root.tag,
        )
    return net if silent is None else hide(net, silent)


def hide(net: PetriNet, silent: str) -> PetriNet:
    """Make the transitions silent in whose label the regular expression `silent` is found.

    Raises
    ------
    ModelError
        When `silent` is not a regular expression.
    """
    try:
        pattern = re.compile(silent)
    except re.error as error:
        raise ModelError(
            N_("{silent!r} is not a regular expression: {reason}."), silent=silent, reason=error.msg
        ) from None
    hidden = [label for label in net.labels if pattern.search(label)]
    transitions = tuple(replace(t, label=None) if t.label in hidden else t for t in net.transitions)
    if hidden:
        note = Message(
            N_("Silent because {silent!r} is found in the name: {names}."), silent=silent, names=", ".join(hidden)
        )
    else:
        note = Message(N_("{silent!r} is found in no name of the model."), silent=silent)
    return replace(net, transitions=transitions, notes=(*net.notes, note))


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep what pm4py prints (its greeting, on being imported) from the standard output and error of the program."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


def discover_tree(
    variants: Mapping[tuple[int, ...], int], names: Mapping[int, str], *, noise: float = 0.2
) -> ProcessTree:
    """Find the process tree that the inductive miner (infrequent; Leemans 2014, doi 10.1007/978-3-319-06257-0_6) gives.

    Parameters
    ----------
    variants : mapping of tuple of int to int
        Distinct paths, as activity codes, with their journeys. The miner sees no event.
    names : mapping of int to str
        Names of the codes.
    noise : float
        At 0 every path of the log is a run of the tree. At 0.2, where no block can be told, links that are taken no
        more than a fifth as often as the strongest one from the same activity are left out.

    Notes
    -----
    The miner works on the codes: sets of small integers have the same order in every process, sets of texts do not.
    """
    if not variants:
        return ProcessTree()
    with _quiet():
        from pm4py.algo.discovery.inductive.dtypes.im_ds import IMDataStructureUVCL
        from pm4py.algo.discovery.inductive.variants.imf import IMFUVCL, IMFParameters

        options = {IMFParameters.NOISE_THRESHOLD: noise, "multiprocessing": False}
        log = IMDataStructureUVCL(Counter(dict(sorted(variants.items()))))
        found = IMFUVCL(options).apply(log, options)
    return tidy(_plain_tree(found, names))


def discover_causal_net(variants: Mapping[tuple[int, ...], int], *, noise: float = 0.05) -> CausalNet:
    """Find the causal net that the heuristics miner (Weijters and Ribeiro 2011, doi 10.1109/CIDM.2011.5949453) gives.

    Parameters
    ----------
    variants : mapping of tuple of int to int
        Distinct paths, as activity codes, with their journeys. The miner sees no event.
    noise : float
        Links that are taken less than this share as often as the strongest one at either of their ends are left out.

    Notes
    -----
    The thresholds are those of pm4py: dependency 0.5, and-measure 0.65, loops of length two 0.5. Sets that happen
    together are the largest groups of neighbours of which every two do.
    """
    counts = _counts(variants)
    with _quiet():
        from networkx import Graph, find_cliques
        from pm4py.algo.discovery.heuristics.variants import classic

        net = classic.apply_heu_dfg(**counts, parameters={classic.Parameters.DFG_PRE_CLEANING_NOISE_THRESH: noise})

    def groups(neighbours: Any, together: Any) -> tuple[frozenset[int], ...]:
        graph: Graph[int] = Graph()
        graph.add_nodes_from(int(other.node_name) for other in neighbours)
        pairs = ((int(a), int(b)) for a, others in together.items() for b in others)
        graph.add_edges_from(pair for pair in pairs if set(pair) <= set(graph))
        return tuple(sorted(map(frozenset, find_cliques(graph)), key=sorted))

    return CausalNet(
        starts=frozenset(map(int, counts["start_activities"])),
        ends=frozenset(map(int, counts["end_activities"])),
        before={int(a): groups(node.input_connections, node.and_measures_in) for a, node in net.nodes.items()},
        after={int(a): groups(node.output_connections, node.and_measures_out) for a, node in net.nodes.items()},
    )


def _counts(variants: Mapping[tuple[int, ...], int]) -> dict[str, Counter[Any]]:
    """Count what the heuristics miner asks for; it sorts by name, so codes become texts of one length."""
    counts: dict[str, Counter[Any]] = {
        name: Counter()
        for name in ("dfg", "activities_occurrences", "start_activities", "end_activities", "freq_triples")
    }
    for path, n in sorted(variants.items()):
        names = [f"{code:010}" for code in path]
        for name in names:
            counts["activities_occurrences"][name] += n
        for pair in itertools.pairwise(names):
            counts["dfg"][pair] += n
        for triple in zip(names, names[1:], names[2:], strict=False):
            counts["freq_triples"][triple] += n
        if names:
            counts["start_activities"][names[0]] += n
            counts["end_activities"][names[-1]] += n
    return counts | {"activities": counts["activities_occurrences"]}


_OPERATORS = {
    "->": process_tree.SEQUENCE,
    "X": process_tree.CHOICE,
    "+": process_tree.PARALLEL,
    "*": process_tree.LOOP,
}


def _plain_tree(tree: Any, names: Mapping[int, str]) -> ProcessTree:
    """Turn a process tree of pm4py over codes into a plain one over names."""
    if tree.operator is None:
        return ProcessTree(label=None if tree.label is None else names[tree.label])
    return ProcessTree(
        _OPERATORS[tree.operator.value], None, tuple(_plain_tree(child, names) for child in tree.children)
    )
