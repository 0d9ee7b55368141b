"""Petri nets as plain frozen values, small enough to be compared, hashed and written down in a test.

A net has places (by number), transitions that take tokens from some places and put tokens into others, a marking it
starts with and a marking it ends with. A transition without a label is *silent*: it moves tokens and no event shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mining.messages import Message

Tokens = tuple[tuple[int, int], ...]
"""Pairs of (place number, how many tokens), by place number: a marking, or the arcs on one side of a transition."""


@dataclass(frozen=True)
class Transition:
    """One transition.

    Parameters
    ----------
    name : str
        What the file calls it; not necessarily unique.
    label : str or None
        The activity it stands for; None when it is silent.
    inputs, outputs : tuple of (int, int)
        Places, by number, with the tokens it takes from them and puts into them.
    """

    name: str
    label: str | None
    inputs: Tokens
    outputs: Tokens


@dataclass(frozen=True)
class PetriNet:
    """An accepting Petri net.

    Parameters
    ----------
    places : tuple of str
        Names; the number of a place is its index here.
    transitions : tuple of Transition
        In the order of the file.
    initial, final : tuple of (int, int)
        The marking that a run starts with and the one it ends with.
    notes : tuple of Message
        What the reader had to infer or to simplify; a person should see it.
    """

    places: tuple[str, ...]
    transitions: tuple[Transition, ...]
    initial: Tokens
    final: Tokens
    notes: tuple[Message, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """The activities of the net, each once, by name."""
        return tuple(sorted({t.label for t in self.transitions if t.label is not None}))


NamedTransition = tuple[str, str | None, Mapping[str, int], Mapping[str, int]]
"""Name, label (None: silent), and tokens by name of place, taken and put."""


def build_net(
    places: Iterable[str],
    transitions: Iterable[NamedTransition],
    *,
    initial: Mapping[str, int],
    final: Mapping[str, int],
    notes: Iterable[Message] = (),
) -> PetriNet:
    """Number the places of a net that is given by names.

    Parameters
    ----------
    places : iterable of str
        Distinct names; their order is the order of the numbers.
    transitions : iterable of (name, label, inputs, outputs)
        Inputs and outputs are tokens by name of place.
    initial, final : mapping of str to int
        Tokens by name of place.
    notes : iterable of Message
        Kept as they are.

    Examples
    --------
    >>> net = build_net(["p", "q"], [("t", "pay", {"p": 1}, {"q": 1})], initial={"p": 1}, final={"q": 1})
    >>> net.transitions[0]
    Transition(name='t', label='pay', inputs=((0, 1),), outputs=((1, 1),))
    """
    names = tuple(places)
    number = {name: index for index, name in enumerate(names)}

    def tokens(by_name: Mapping[str, int]) -> Tokens:
        return tuple(sorted((number[name], count) for name, count in by_name.items() if count))

    return PetriNet(
        places=names,
        transitions=tuple(
            Transition(name, label, tokens(inputs), tokens(outputs)) for name, label, inputs, outputs in transitions
        ),
        initial=tokens(initial),
        final=tokens(final),
        notes=tuple(notes),
    )
