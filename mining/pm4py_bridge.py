"""The one door to pm4py, for what it does well: the inductive miner and the heuristics miner.

Importing pm4py takes seconds and greets on stderr, so it happens inside the functions that need it, and silently.
pm4py is AGPL-3.0; that it stays behind this file is what would let us change it.
"""

from __future__ import annotations

import contextlib
import io
import itertools
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from mining import process_tree
from mining.causal_net import CausalNet
from mining.process_tree import ProcessTree, tidy


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
