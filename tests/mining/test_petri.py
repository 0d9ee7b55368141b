from __future__ import annotations

from mining.messages import Message
from mining.petri import PetriNet, Transition, build_net


def test_build_net_numbers_places_in_their_order_and_sorts_tokens():
    net = build_net(
        ["p", "q", "r"],
        [("t1", "split", {"p": 1}, {"r": 2, "q": 1}), ("t2", None, {"r": 2, "q": 1}, {"p": 1})],
        initial={"p": 1},
        final={"r": 2, "q": 0},
        notes=[Message("inferred")],
    )
    assert net == PetriNet(
        places=("p", "q", "r"),
        transitions=(
            Transition("t1", "split", ((0, 1),), ((1, 1), (2, 2))),
            Transition("t2", None, ((1, 1), (2, 2)), ((0, 1),)),
        ),
        initial=((0, 1),),
        final=((2, 2),),
        notes=(Message("inferred"),),
    )
    assert hash(net) == hash(
        build_net(
            ["p", "q", "r"],
            [("t1", "split", {"p": 1}, {"q": 1, "r": 2}), ("t2", None, {"q": 1, "r": 2}, {"p": 1})],
            initial={"p": 1},
            final={"r": 2},
            notes=[Message("inferred")],
        )
    )


def test_labels_are_each_once_by_name_without_silent_ones():
    arcs = ({"p": 1}, {"p": 1})
    transitions = [("1", "pay", *arcs), ("2", None, *arcs), ("3", "ask", *arcs), ("4", "pay", *arcs)]
    assert build_net(["p"], transitions, initial={"p": 1}, final={"p": 1}).labels == ("ask", "pay")
