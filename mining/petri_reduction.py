"""Takes silent steps out of a Petri net as far as that leaves every run of labels as it was.

Nets that are made from diagrams have silent steps at every arrow; without them the reachability graph is many times
smaller. The rules are the fusion of series places and of series transitions (Murata 1989, doi 10.1109/5.24143).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from mining.petri import PetriNet, Tokens, Transition

Users = Mapping[int, Sequence[int]]
"""Transitions, by index, that take from (or put into) a place."""


@dataclass(frozen=True)
class _Change:
    """What one rule does: a silent transition goes, places get other numbers, and a neighbour takes over its arcs."""

    gone: int
    renamed: tuple[tuple[int, int], ...] = ()
    heir: int | None = None
    inherited: Transition | None = None


def reduce_net(net: PetriNet) -> PetriNet:
    """Give a net with the same runs of labels and fewer silent transitions.

    The rules are tried in the order of the transitions, so the same net always gives the same result. Places that no
    arc and no marking needs any more are gone; the others keep their names and their order.
    """
    while changes := _apart(net, _changes(net)):
        net = _changed(net, changes)
    return _renumbered(net)


def _apart(net: PetriNet, changes: Iterable[_Change]) -> list[_Change]:
    """Choose changes that do not touch one another, and so can be made together."""
    chosen: list[_Change] = []
    places: set[int] = set()
    heirs: set[int] = set()
    for change in changes:
        silent = net.transitions[change.gone]
        touched = {place for place, _ in (*silent.inputs, *silent.outputs)}
        if places.isdisjoint(touched) and heirs.isdisjoint({change.gone, change.heir}):
            chosen.append(change)
            places |= touched
            heirs |= {change.gone, change.heir} - {None}  # type: ignore[arg-type]
    return chosen


def _changed(net: PetriNet, changes: Sequence[_Change]) -> PetriNet:
    """Make all changes."""
    gone = {change.gone for change in changes}
    new = {place: other for change in changes for place, other in change.renamed}
    heirs = {change.heir: change.inherited for change in changes if change.inherited is not None}
    kept = (heirs.get(n, t) for n, t in enumerate(net.transitions) if n not in gone)
    return _with_places(replace(net, transitions=tuple(kept)), new)


def _changes(net: PetriNet) -> Iterator[_Change]:
    """Give what the rules could do, each on its own."""
    takers: dict[int, list[int]] = defaultdict(list)
    givers: dict[int, list[int]] = defaultdict(list)
    for index, transition in enumerate(net.transitions):
        for place, _ in transition.inputs:
            takers[place].append(index)
        for place, _ in transition.outputs:
            givers[place].append(index)
    seen = set()
    for index, transition in enumerate(net.transitions):
        if transition.label is not None:
            continue
        does = (transition.inputs, transition.outputs)
        if does in seen or transition.inputs == transition.outputs:
            yield _Change(index)
        seen.add(does)
        yield from _fuse_places(net, index, takers, givers)
        yield from _fuse_split(net, index, takers, givers)
        yield from _fuse_join(net, index, takers, givers)


def _fuse_places(net: PetriNet, index: int, takers: Users, givers: Users) -> Iterator[_Change]:
    """Make one place of two that have only this silent step between them."""
    silent = net.transitions[index]
    before, after = _single(silent.inputs), _single(silent.outputs)
    if before is None or after is None or before == after:
        return
    if takers[before] == [index] and before not in dict(net.final):
        yield _Change(index, renamed=((before, after),))
    elif givers[after] == [index] and after not in dict(net.initial):
        yield _Change(index, renamed=((after, before),))


def _fuse_split(net: PetriNet, index: int, takers: Users, givers: Users) -> Iterator[_Change]:
    """Let the only step before a silent one put its tokens where the silent one would."""
    silent = net.transitions[index]
    place = _single(silent.inputs)
    if place is None or takers[place] != [index] or not _between_two(net, place, index, givers):
        return
    heir = net.transitions[givers[place][0]]
    if (place, 1) in heir.outputs:
        new = replace(heir, outputs=_added(heir.outputs, place, silent.outputs))
        yield _Change(index, heir=givers[place][0], inherited=new)


def _fuse_join(net: PetriNet, index: int, takers: Users, givers: Users) -> Iterator[_Change]:
    """Let the only step after a silent one take its tokens where the silent one would."""
    silent = net.transitions[index]
    place = _single(silent.outputs)
    if place is None or givers[place] != [index] or not _between_two(net, place, index, takers):
        return
    heir = net.transitions[takers[place][0]]
    if (place, 1) in heir.inputs:
        new = replace(heir, inputs=_added(heir.inputs, place, silent.inputs))
        yield _Change(index, heir=takers[place][0], inherited=new)


def _between_two(net: PetriNet, place: int, index: int, others: Users) -> bool:
    """Whether one other transition stands on the far side of a place, and no marking needs the place."""
    marked = place in dict(net.initial) or place in dict(net.final)
    return len(others.get(place, ())) == 1 and others[place][0] != index and not marked


def _single(tokens: Tokens) -> int | None:
    """Give the place if this is a single token in a single place."""
    return tokens[0][0] if len(tokens) == 1 and tokens[0][1] == 1 else None


def _summed(pairs: Iterable[tuple[int, int]]) -> Tokens:
    """Add up tokens by place."""
    total: dict[int, int] = defaultdict(int)
    for place, count in pairs:
        total[place] += count
    return tuple(sorted(total.items()))


def _renamed(tokens: Tokens, new: Mapping[int, int]) -> Tokens:
    """Move tokens to other places."""
    return _summed((new.get(place, place), count) for place, count in tokens)


def _added(tokens: Tokens, gone: int, more: Tokens) -> Tokens:
    """Replace the token in a place by others."""
    return _summed([*(pair for pair in tokens if pair[0] != gone), *more])


def _renumbered(net: PetriNet) -> PetriNet:
    """Number the places that are still needed, in their old order."""
    sides = [net.initial, net.final, *(side for t in net.transitions for side in (t.inputs, t.outputs))]
    used = sorted({place for side in sides for place, _ in side})
    new = {place: index for index, place in enumerate(used)}
    return replace(_with_places(net, new), places=tuple(net.places[place] for place in used))


def _with_places(net: PetriNet, new: Mapping[int, int]) -> PetriNet:
    """Move all tokens and arcs to other places."""
    return replace(
        net,
        transitions=tuple(
            replace(t, inputs=_renamed(t.inputs, new), outputs=_renamed(t.outputs, new)) for t in net.transitions
        ),
        initial=_renamed(net.initial, new),
        final=_renamed(net.final, new),
    )
