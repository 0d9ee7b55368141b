"""Nets of the heuristics miner, Alpha+++ and the directly-follows graph, on logs whose models are known by hand."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mining import r4pm_bridge
from mining.causal_net import causal_net_to_net, graph_to_net
from mining.errors import ModelError
from mining.journey_graph import journey_graph
from mining.paths import count
from mining.petri import PetriNet
from mining.pm4py_bridge import discover_causal_net
from mining.r4pm_bridge import discover_alpha

ROOT = Path(__file__).resolve().parents[2]
NAMES = dict(enumerate("abcdef"))
Words = set[tuple[str, ...]]


def coded(log: dict[str, int]) -> dict[tuple[int, ...], int]:
    return {tuple(ord(letter) - ord("a") for letter in word): n for word, n in log.items()}


def graph_net(log: dict[str, int], noise: float) -> PetriNet:
    rows = [(n, list(path), times) for n, (path, times) in enumerate(sorted(coded(log).items()))]
    schema = {"variant_id": pl.UInt32, "path": pl.List(pl.UInt32), "n_journeys": pl.Int64}
    names = pl.DataFrame(list(NAMES.items()), schema={"activity": pl.UInt32, "name": pl.String}, orient="row")
    frames = count(pl.DataFrame(rows, schema=schema, orient="row"), names)
    return graph_to_net(
        journey_graph(frames.activities, frames.edges, frames.endpoints, sum(log.values())), noise=noise
    )


@given(log=st.dictionaries(st.text("abcd", min_size=1, max_size=4), st.integers(1, 9), min_size=1, max_size=6))
def test_without_noise_the_graph_allows_every_walk_along_its_links(
    words_of: Callable[..., Words], log: dict[str, int]
) -> None:
    """The words of a directly-follows graph are those whose every neighbouring pair, start and end was seen."""
    pairs = {pair for word in log for pair in zip(f"<{word}", f"{word}>", strict=True)}
    words, expected = {""}, set()
    for _ in range(5):
        expected |= {tuple(word) for word in words if word and (word[-1], ">") in pairs}
        words = {word + b for word in words for a, b in pairs if a == (word or "<")[-1] and b != ">"}
    assert words_of(graph_net(log, 0.0), 4) == {word for word in expected if len(word) <= 4}


def test_noise_leaves_rare_links_out_but_no_activity(words_of: Callable[..., Words]) -> None:
    log = {"ab": 90, "acb": 1, "abb": 5}
    assert words_of(graph_net(log, 0.2), 4) == {("a", "b"), ("a", "c", "b")}
    assert ("a", "b", "b", "b") in words_of(graph_net(log, 0.01), 4)


@pytest.mark.parametrize(
    ("log", "words"),
    [
        ({"abcd": 50, "acbd": 50}, {"abcd", "acbd"}),
        ({"abd": 50, "acd": 40}, {"abd", "acd"}),
        ({"abc": 30}, {"abc"}),
    ],
    ids=["together", "either", "one path"],
)
def test_miners_tell_what_happens_together_from_what_happens_instead(
    words_of: Callable[..., Words], log: dict[str, int], words: set[str]
) -> None:
    expected = {tuple(word) for word in words}
    heuristics = causal_net_to_net(discover_causal_net(coded(log)), NAMES)
    assert words_of(heuristics, 6) == expected
    assert words_of(discover_alpha(coded(log), NAMES, noise=0.05), 6) == expected


def test_the_heuristics_miner_leaves_rare_links_out() -> None:
    log = coded({"abc": 100, "ac": 3})
    after = [set().union(*discover_causal_net(log, noise=noise).after[0]) for noise in (0.0, 0.1)]
    assert after == [{1, 2}, {1}]


def test_nets_are_the_same_in_every_process() -> None:
    code = (
        "from mining.causal_net import causal_net_to_net\n"
        "from mining.pm4py_bridge import discover_causal_net\n"
        "from mining.r4pm_bridge import discover_alpha\n"
        "log = {(0, 1, 2, 3, 5): 40, (0, 2, 1, 3, 5): 30, (0, 4, 4, 5): 9, (0, 4, 3, 5): 2}\n"
        "names = dict(enumerate('abcdef'))\n"
        "print(causal_net_to_net(discover_causal_net(log), names), discover_alpha(log, names, noise=0.1))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin"},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1


def test_a_net_that_would_never_be_found_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(r4pm_bridge, "ALPHA_LIMIT_S", 0.001)
    with pytest.raises(ModelError, match="has found no net in"):
        discover_alpha(coded({"ab": 1}), NAMES, noise=0.05)
