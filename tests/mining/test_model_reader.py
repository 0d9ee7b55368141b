"""Models in files, against what pm4py reads."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mining.errors import ModelError
from mining.model_reader import hide, read_petri_net
from mining.petri import PetriNet

ROOT = Path(__file__).resolve().parents[2]
Words = set[tuple[str, ...]]
NETS = {
    "normative/RoadFines_NoData.pnml": (9, 19, 11, 6),
    "normative/SepsisModel_fixed.pnml": (24, 36, 17, 14),
    "normative/roadtraffic.pnml": (29, 34, 11, 23),
    "synthetic/a12.pnml": (14, 14, 12, 2),
    "synthetic/a22.pnml": (28, 30, 22, 8),
}


def by_name(net: PetriNet, marking: tuple[tuple[int, int], ...]) -> dict[str, int]:
    return {net.places[place]: count for place, count in marking}


def arcs(net: PetriNet) -> list[Any]:
    return sorted((t.name, sorted(by_name(net, t.inputs)), sorted(by_name(net, t.outputs))) for t in net.transitions)


@pytest.mark.filterwarnings("ignore:the Petri net has been imported without a specified final marking")
@pytest.mark.parametrize("name", NETS)
def test_nets_equal_what_pm4py_reads(shared_data: Path, name: str):
    import pm4py

    net = read_petri_net(shared_data / "models" / name)
    theirs, initial, final = pm4py.read_pnml(str(shared_data / "models" / name))
    silent = sum(t.label is None for t in net.transitions)
    assert (len(net.places), len(net.transitions), len(net.labels), silent) == NETS[name]
    assert sorted(net.places) == sorted(p.name for p in theirs.places)
    assert arcs(net) == sorted(
        (t.name, sorted(a.source.name for a in t.in_arcs), sorted(a.target.name for a in t.out_arcs))
        for t in theirs.transitions
    )
    assert by_name(net, net.initial) == {p.name: n for p, n in initial.items()}
    if final:  # pm4py does not see the final markings that two of the files state in their places
        assert by_name(net, net.final) == {p.name: n for p, n in final.items()}
    if "RoadFines" not in name:  # nor the flag invisible="true"
        assert sorted(t.name for t in net.transitions if t.label is None) == sorted(
            t.name for t in theirs.transitions if t.label is None
        )


def test_final_markings_stated_in_places_and_silent_flags_are_read(shared_data: Path):
    """The routing transitions Inv1..Inv6 and the end of the hand-made nets, as SOURCE.txt beside them says."""
    fines = read_petri_net(shared_data / "models/normative/RoadFines_NoData.pnml")
    sepsis = read_petri_net(shared_data / "models/normative/SepsisModel_fixed.pnml")
    assert not any(label.startswith("Inv") for label in fines.labels)
    assert (by_name(fines, fines.final), by_name(sepsis, sepsis.final)) == ({"n4": 1}, {"n24": 1})
    assert (fines.notes, sepsis.notes) == ((), ())


@pytest.mark.parametrize(("name", "longest"), [("a12", 7), ("a22", 10)])
def test_a_process_tree_has_the_words_of_its_net(
    words_of: Callable[..., Words], shared_data: Path, name: str, longest: int
):
    folder = shared_data / "models/synthetic"
    tree, net = read_petri_net(folder / f"{name}.ptml"), read_petri_net(folder / f"{name}.pnml")
    assert tree.labels == net.labels
    assert words_of(tree, longest) == words_of(net, longest) != set()


def test_a_diagram_has_the_tasks_and_short_words_that_pm4py_gives_it(
    words_of: Callable[..., Words], shared_data: Path, tmp_path: Path
):
    import pm4py

    file = shared_data / "models/normative/receipt.bpmn"
    net = read_petri_net(file)
    pm4py.write_pnml(*pm4py.convert_to_petri_net(pm4py.read_bpmn(str(file))), str(tmp_path / "theirs.pnml"))
    theirs = read_petri_net(tmp_path / "theirs.pnml")
    assert len(net.labels) == 27
    assert net.labels == theirs.labels
    assert words_of(net, 3) == words_of(theirs, 3) != set()


def test_reading_a_diagram_gives_the_same_net_in_every_process_and_says_nothing(shared_data: Path):
    file = shared_data / "models/normative/receipt.bpmn"
    code = f"import sys; from mining.model_reader import read_petri_net as r; sys.stdout.write(repr(r({str(file)!r})))"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert run.stdout == repr(read_petri_net(file))
    assert run.stderr == ""  # pm4py greets on being imported


def test_silent_is_searched_in_names_and_what_it_hides_is_said(shared_data: Path):
    net = read_petri_net(shared_data / "models/normative/RoadFines_NoData.pnml", silent="^Appeal|Notification$")
    assert "Appeal to Judge" not in net.labels
    assert len(net.labels) == 9
    assert [str(note) for note in net.notes] == [
        "Silent because '^Appeal|Notification$' is found in the name: Appeal to Judge, Insert Fine Notification."
    ]
    assert [str(n) for n in hide(net, "Inv").notes[1:]] == ["'Inv' is found in no name of the model."]


def test_silent_that_is_no_regular_expression_is_refused(shared_data: Path):
    with pytest.raises(ModelError, match=r"'\(' is not a regular expression: missing \), unterminated subpattern\."):
        read_petri_net(shared_data / "models/normative/RoadFines_NoData.pnml", silent="(")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "is not well-formed XML.\n  line 1: Document is empty"),
        (b"<pnml>\n<net>\n</pnml>", "is not well-formed XML.\n  line 3: Opening and ending tag mismatch"),
        (b"\x89PNG\r\n\x1a\n", "is not well-formed XML.\n  line 1:"),
        (b"<html/>", "is not a model that can be read: its outermost element is <html>. Give a PNML (<pnml>), BPMN"),
        (
            b'<!DOCTYPE pnml [<!ENTITY a "x">]><pnml>&a;</pnml>',
            "declares XML entities, which are not read, for safety.",
        ),
        (
            b'<!DOCTYPE pnml [<!ENTITY a SYSTEM "file:///etc/passwd">]><pnml><net><name>&a;</name></net></pnml>',
            "declares XML entities",
        ),
    ],
)
def test_what_is_no_model_is_refused(tmp_path: Path, content: bytes, complaint: str):
    (tmp_path / "net.pnml").write_bytes(content)
    with pytest.raises(ModelError) as caught:
        read_petri_net(tmp_path / "net.pnml")
    assert f"{tmp_path / 'net.pnml'} {complaint}" in str(caught.value)


def test_files_that_are_not_there_or_are_folders_are_refused(tmp_path: Path):
    with pytest.raises(ModelError, match=r"nothing\.bpmn does not exist\. Check the name\."):
        read_petri_net(tmp_path / "nothing.bpmn")
    with pytest.raises(ModelError, match=r"cannot be read: Is a directory\."):
        read_petri_net(tmp_path)
