from __future__ import annotations

from pathlib import Path

import pytest

from mining.errors import ModelError
from mining.model_pnml import read_pnml
from mining.model_xml import read_xml
from mining.petri import PetriNet, build_net

P, Q, T = '<place id="p"/>', '<place id="q"/>', '<transition id="t"><name><text>pay</text></name></transition>'
ARCS = '<arc id="1" source="p" target="t"/><arc id="2" source="t" target="q"/>'


def read(folder: Path, content: str) -> PetriNet:
    file = folder / "net.pnml"
    file.write_text(content, encoding="utf-8")
    return read_pnml(read_xml(file), "net.pnml")


def problems(folder: Path, content: str) -> list[str]:
    with pytest.raises(ModelError, match=r"^net\.pnml cannot be read as a Petri net\.") as caught:
        read(folder, content)
    return [p.text() for p in caught.value.problems]


def test_names_weights_and_markings_are_read(tmp_path: Path):
    net = read(
        tmp_path,
        '<pnml xmlns="http://www.pnml.org/version-2009/grammar/pnml"><net id="n"><page id="g">'
        '<place id="p"><initialMarking><text> 2 </text></initialMarking></place><place id="q"/>'
        '<transition id="t"><name><text>trả\n  tiền</text></name></transition>'
        '<arc id="1" source="p" target="t"><inscription><text>2</text></inscription></arc>'
        '<arc id="2" source="t" target="q"/><arc id="3" source="t" target="q"/></page>'
        '<finalmarkings><marking><place idref="q"><text>2</text></place></marking></finalmarkings></net></pnml>',
    )
    assert net == build_net(["p", "q"], [("t", "trả tiền", {"p": 2}, {"q": 2})], initial={"p": 2}, final={"q": 2})


@pytest.mark.parametrize(
    ("transition", "label"),
    [
        ('<transition id="t"/>', None),
        ('<transition id="t"><name><text>  </text></name></transition>', None),
        ('<transition id="t" invisible="true"><name><text>x</text></name></transition>', None),
        ('<transition id="t" invisible="false"><name><text>x</text></name></transition>', "x"),
        (
            '<transition id="t"><name><text>x</text></name>'
            '<toolspecific tool="ProM" version="6.4" activity="$invisible$"/></transition>',
            None,
        ),
        (
            '<transition id="t"><name><text>x</text></name>'
            '<toolspecific tool="StochasticPetriNet"><property key="invisible">true</property></toolspecific>'
            "</transition>",
            None,
        ),
        ('<transition id="t"><name><text>x</text></name><toolspecific tool="ProM"/></transition>', "x"),
    ],
)
def test_a_transition_is_silent_without_a_name_or_when_flagged(tmp_path: Path, transition: str, label: str | None):
    net = read(tmp_path, f"<pnml><net>{P}{Q}{transition}{ARCS}</net></pnml>")
    assert [t.label for t in net.transitions] == [label]


def test_missing_markings_are_inferred_and_said(tmp_path: Path):
    zero = '<finalmarkings><marking><place idref="q"><text>0</text></place></marking></finalmarkings>'
    net = read(
        tmp_path, f'<pnml><net><place id="p"><name><text>begin</text></name></place>{Q}{T}{ARCS}{zero}</net></pnml>'
    )
    assert (net.initial, net.final) == (((0, 1),), ((1, 1),))
    assert [str(note) for note in net.notes] == [
        "No initial marking is stated; taken as one token in begin, the only place without incoming arcs.",
        "No final marking is stated; taken as one token in q, the only place without outgoing arcs.",
    ]


def test_a_final_marking_that_stands_in_its_place_is_read(tmp_path: Path):
    marked = '<place id="q"><finalMarking><text>1</text></finalMarking></place>'
    net = read(tmp_path, f"<pnml><net>{P}{marked}<place id='r'/>{T}{ARCS}</net></pnml>")
    assert net.final == ((1, 1),)


@pytest.mark.parametrize(
    ("content", "complaints"),
    [
        ("<pnml/>", ["line 1: There is no net in it.", "There is no transition in it."]),
        (f"<pnml><net>{P}</net></pnml>", ["There is no transition in it."]),
        (
            f"<pnml><net id='a'>{P}{Q}{T}{ARCS}</net>\n<net id='b'/></pnml>",
            ["line 2: There are 2 nets in it (a, b). Keep one and save the file again."],
        ),
        (
            f"<pnml><net><page id='a'>{P}{Q}{T}{ARCS}</page>\n\n<page id='b'/></net></pnml>",
            ["line 3: There are 2 pages in it (a, b). Put everything on one and save the file again."],
        ),
        (
            f"<pnml><net>{P}{Q}{T}{ARCS}\n<referencePlace id='z' ref='p'/></net></pnml>",
            ["line 2: z refers to another page. Join the pages."],
        ),
        (f"<pnml><net>{P}{P}{Q}{T}{ARCS}</net></pnml>", ["line 1: The id of p is missing or used twice."]),
        (
            f"<pnml><net>{P}{Q}{T}{ARCS}<arc source='p' target='t'><type value='inhibitor'/></arc>"
            "<arc source='p' target='t'><arctype><text>reset</text></arctype></arc></net></pnml>",
            [
                "line 1: The arc from p to t is of the kind inhibitor. Only plain arcs are read.",
                "line 1: The arc from p to t is of the kind reset. Only plain arcs are read.",
            ],
        ),
        (
            f"<pnml><net>{P}{Q}{T}{ARCS}<arc source='p' target='q'/></net></pnml>",
            ["line 1: The arc from p to q does not join a place and a transition of this net."],
        ),
        (
            f"<pnml><net><place id='p'><initialMarking><text>Default,1</text></initialMarking></place>"
            f"{Q}{T}{ARCS}</net></pnml>",
            ["line 1: initialMarking of p is 'Default,1'; only whole numbers of plain tokens are read."],
        ),
        (
            f"<pnml><net>{P}{Q}<place id='r'/>{T}{ARCS}<arc source='t' target='r'/></net></pnml>",
            ["No final marking is stated, and it cannot be told: without outgoing arcs are q, r. State it."],
        ),
        (
            f"<pnml><net>{P}{Q}{T}{ARCS}<arc source='q' target='t'/><arc source='t' target='p'/></net></pnml>",
            [
                "No initial marking is stated, and it cannot be told: without incoming arcs are -. State it.",
                "No final marking is stated, and it cannot be told: without outgoing arcs are -. State it.",
            ],
        ),
        (
            f"<pnml><net>{P}{Q}{T}{ARCS}<finalmarkings><marking><place idref='q'><text>1</text></place></marking>"
            "<marking><place idref='p'><text>1</text></place></marking></finalmarkings></net></pnml>",
            ["line 1: There are 2 final markings. Keep the one that ends a journey."],
        ),
        (
            f"<pnml><net>{P}{Q}{T}{ARCS}<finalmarkings><marking><place idref='x'><text>1</text></place></marking>"
            "</finalmarkings></net></pnml>",
            ["line 1: The final marking names x, which is no place."],
        ),
    ],
)
def test_what_has_no_exact_meaning_is_refused_with_its_line(tmp_path: Path, content: str, complaints: list[str]):
    assert problems(tmp_path, content) == complaints
