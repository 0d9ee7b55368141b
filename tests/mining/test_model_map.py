"""Models as maps: the same journeys, and lanes as actors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mining.errors import ModelError
from mining.map_tree import map_to_tree
from mining.model_map import read_model_map, tree_to_map
from mining.model_writing import net_to_pnml, tree_to_bpmn
from mining.process_tree import CHOICE, LOOP, PARALLEL, SEQUENCE, ProcessTree, tree_to_net

Words = set[tuple[str, ...]]


@st.composite
def trees(draw: st.DrawFn, letters: str = "abc") -> ProcessTree:
    """A tree that uses each letter once, with loops as a map knows them."""
    if len(letters) == 1:
        tree = ProcessTree(label=letters)
    else:
        cut = draw(st.integers(1, len(letters) - 1))
        parts = (draw(trees(letters[:cut])), draw(trees(letters[cut:])))
        tree = ProcessTree(draw(st.sampled_from([SEQUENCE, CHOICE, PARALLEL])), None, parts)
    if draw(st.integers(0, 3)) == 0:
        tree = ProcessTree(LOOP, None, (tree, ProcessTree()))
    return ProcessTree(CHOICE, None, (tree, ProcessTree())) if draw(st.integers(0, 3)) == 0 else tree


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=trees(), kind=st.sampled_from(["bpmn", "pnml"]))
def test_a_model_has_the_words_of_its_map(
    words_of: Callable[..., Words], tmp_path: Path, tree: ProcessTree, kind: str
) -> None:
    net = tree_to_net(tree)
    (tmp_path / f"m.{kind}").write_bytes(tree_to_bpmn(tree) if kind == "bpmn" else net_to_pnml(net))
    plan, notes = read_model_map(tmp_path / f"m.{kind}")
    assert (plan.id, notes) == ("m", [])
    assert words_of(tree_to_net(map_to_tree(plan)[0]), 4) == words_of(net, 4)


def test_lanes_are_the_actors_of_touchpoints(tmp_path: Path) -> None:
    lanes = {"Khách hàng": "a", "Back Office": "b", "Kho": "c", "SYSTEM": "d"}
    drawn = "".join(f'<lane id="l{x}" name="{n}"><flowNodeRef>{x}</flowNodeRef></lane>' for n, x in lanes.items())
    tasks = "".join(f'<task id="{x}" name="{x.upper()}"/>' for x in "abcd")
    ways = "".join(
        f'<sequenceFlow id="{x}{y}" sourceRef="{x}" targetRef="{y}"/>' for x, y in zip("sabcd", "abcde", strict=True)
    )
    (tmp_path / "my plan.bpmn").write_text(
        f'<definitions><process id="p"><laneSet>{drawn}</laneSet><startEvent id="s"/><endEvent id="e"/>{tasks}{ways}'
        "</process></definitions>",
        encoding="utf-8",
    )
    plan, notes = read_model_map(tmp_path / "my plan.bpmn")
    assert plan.id == "my_plan"
    assert {t.title.get(): t.actor for t in plan.touchpoints()} == {
        "A": "customer",
        "B": "backstage",
        "C": None,
        "D": "technology",
    }
    assert [str(note) for note in notes] == [
        "Lanes that name no actor of a map (customer, frontstage, backstage, technology) are left out: Kho."
    ]


def test_an_activity_in_several_places_and_an_empty_model_are_refused() -> None:
    a, b = ProcessTree(label="a"), ProcessTree(label="b")
    with pytest.raises(ModelError, match=r"these stand in several places: a\."):
        tree_to_map(ProcessTree(SEQUENCE, None, (a, b, a)), "m")


def test_known_models_are_maps_or_say_why_not(shared_data: Path) -> None:
    folder = shared_data / "models"
    assert len(read_model_map(folder / "synthetic/a12.pnml")[0].touchpoints()) == 12
    assert len(read_model_map(folder / "synthetic/a22.ptml")[0].touchpoints()) == 22
    with pytest.raises(ModelError, match=r"several places: CRP, Admission IC, Admission NC, LacticAcid, Leucocytes\."):
        read_model_map(folder / "normative/SepsisModel_fixed.pnml")
    with pytest.raises(ModelError, match="not built from blocks"):
        read_model_map(folder / "normative/RoadFines_NoData.pnml")
