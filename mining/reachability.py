"""The markings of a Petri net that can be reached, and why a net is refused: no bound, no way to its end."""

from __future__ import annotations

import itertools
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from mining.errors import ModelError, Problem
from mining.messages import N_, Message
from mining.petri import PetriNet, Tokens, Transition

_MOST_NAMED = 12  # steps or places in one message
_COMPARISONS = 2_000_000  # of markings with those on the way to them; a pump shows long before


@dataclass(frozen=True)
class StateGraph:
    """Every marking that a net can reach.

    Attributes
    ----------
    markings : dict of marking to int
        Numbered as they are met, breadth first; number 0 is the initial one.
    edges : list of (int, int, int)
        Marking, transition (its index in the net), the marking it leads to.
    came_by : list of int
        For each marking the edge by which it was met first, -1 for the initial one: with them, a shortest way to it.
    """

    markings: dict[Tokens, int]
    edges: list[tuple[int, int, int]] = field(default_factory=list)
    came_by: list[int] = field(default_factory=lambda: [-1])

    def before(self, marking: int) -> Iterator[int]:
        """Give the markings on the way to this one, the nearest first."""
        while self.came_by[marking] >= 0:
            marking = self.edges[self.came_by[marking]][0]
            yield marking

    def way_to(self, marking: int, since: int = 0) -> list[int]:
        """Give the transitions that lead to a marking from `since`, which stands on the way to it."""
        way: list[int] = []
        while marking != since:
            marking, transition, _ = self.edges[self.came_by[marking]]
            way.append(transition)
        return way[::-1]


def explore(net: PetriNet, limit: int) -> StateGraph | None:
    """Fire every transition from every marking that can be reached.

    Parameters
    ----------
    net : PetriNet
        The net.
    limit : int
        The most markings to look at.

    Returns
    -------
    StateGraph or None
        None when there are more than `limit` markings.

    Raises
    ------
    ModelError
        When a marking holds all the tokens of one on the way to it, and more: what led from the one to the other can be
        repeated without end (Karp and Miller 1969, doi 10.1016/S0022-0000(69)80011-5). The steps and the places are
        named. A net in which this shows only behind `limit` markings, or over very long ways, is not told apart from a
        large one.
    """
    graph = StateGraph({net.initial: 0})
    markings, totals = [net.initial], [sum(count for _, count in net.initial)]
    fewest = list(totals)  # tokens of the emptiest marking on the way to each
    todo, left = deque([0]), _COMPARISONS
    while todo:
        at = todo.popleft()
        for index, following in _following(net, markings[at]):
            n = graph.markings.setdefault(following, len(markings))
            graph.edges.append((at, index, n))
            if n < len(markings):
                continue
            if n >= limit:
                return None
            graph.came_by.append(len(graph.edges) - 1)
            markings.append(following)
            totals.append(sum(count for _, count in following))
            fewest.append(min(fewest[at], totals[n]))
            todo.append(n)
            for known in itertools.islice(graph.before(n), left if fewest[n] < totals[n] else 0):
                left -= 1
                if totals[known] < totals[n] and _holds(following, markings[known]):
                    raise _unbounded(net, markings[known], following, graph.way_to(n, known))
    return graph


def _following(net: PetriNet, marking: Tokens) -> Iterator[tuple[int, Tokens]]:
    """Give each transition that can fire, and the marking behind it."""
    tokens = dict(marking)
    for index, transition in enumerate(net.transitions):
        if all(tokens.get(place, 0) >= count for place, count in transition.inputs):
            yield index, fire(tokens, transition)


def fire(tokens: dict[int, int], transition: Transition) -> Tokens:
    """Give the marking behind an enabled transition."""
    moved = dict(tokens)
    for place, count in transition.inputs:
        moved[place] -= count
    for place, count in transition.outputs:
        moved[place] = moved.get(place, 0) + count
    return tuple(sorted((place, count) for place, count in moved.items() if count))


def _holds(more: Tokens, less: Tokens) -> bool:
    """Say whether one marking has all the tokens of another."""
    held = dict(more)
    return all(held.get(place, 0) >= count for place, count in less)


def _unbounded(net: PetriNet, before: Tokens, after: Tokens, way: Sequence[int]) -> ModelError:
    had = dict(before)
    fuller = [net.places[place] for place, count in after if count > had.get(place, 0)]
    return ModelError(
        N_(
            "The model has no bound: {steps} can be repeated without end, and each time more tokens gather in "
            "{places}. Look for a split whose branches are never joined, or joined by the wrong gateway, inside a loop."
        ),
        steps=shown_way(net, way),
        places=_listed(fuller),
    )


def check_sound(net: PetriNet, graph: StateGraph) -> None:
    """Refuse a net that is not sound: from wherever a journey stands it must be able to come to the end.

    Soundness is meant as by van der Aalst (1997, doi 10.1007/3-540-63139-9_48), save that the end is any marking, not
    one token in one place.

    Raises
    ------
    ModelError
        With the way to a marking from which there is no way to the end, and every step that can never happen.
    """
    problems = [*_stuck(net, graph), *_dead(net, graph)]
    if problems:
        raise ModelError(
            N_("The model is not sound, so it is not clear what it plans. Mend it and try again."), problems=problems
        )


def _stuck(net: PetriNet, graph: StateGraph) -> Iterator[Problem]:
    """Say that the end cannot be reached, ever, or from where."""
    final = graph.markings.get(net.final)
    living = set() if final is None else _leading_to(final, graph)
    doomed = [n for n in range(len(graph.markings)) if n not in living]
    if not doomed:
        return
    moving = {source for source, _, _ in graph.edges}
    marking = next((n for n in doomed if n not in moving), doomed[0])
    places = _listed(net.places[place] for place, _ in list(graph.markings)[marking]) or "–"
    if final is None:
        template = N_("It never comes to its end, {end}; after {steps} tokens stand in {places} instead.")
    else:
        template = N_("After {steps} tokens stand in {places}, and from there it cannot come to its end, {end}.")
    end = _listed(f"{net.places[place]} ({count})" for place, count in net.final) or N_("no token left")
    yield Problem(Message(template, steps=shown_way(net, graph.way_to(marking)), places=places, end=end))


def _leading_to(marking: int, graph: StateGraph) -> set[int]:
    """Give the markings from which this one can be reached."""
    sources: dict[int, list[int]] = defaultdict(list)
    for source, _, target in graph.edges:
        sources[target].append(source)
    seen, todo = {marking}, [marking]
    while todo:
        fresh = [source for source in sources[todo.pop()] if source not in seen]
        seen.update(fresh)
        todo.extend(fresh)
    return seen


def _dead(net: PetriNet, graph: StateGraph) -> Iterator[Problem]:
    """Name the transitions that no marking enables."""
    fired = {transition for _, transition, _ in graph.edges}
    dead = [_shown(t) for index, t in enumerate(net.transitions) if index not in fired]
    if dead:
        yield Problem(Message(N_("These steps can never happen: {names}."), names=_listed(dead)))


def shown_way(net: PetriNet, way: Iterable[int]) -> str:
    """Name the steps of a way, the silent ones only where there are no others."""
    transitions = [net.transitions[index] for index in way]
    visible = [t for t in transitions if t.label is not None]
    return _listed(_shown(t) for t in visible or transitions) or N_("no step")


def _shown(transition: Transition) -> str:
    return transition.name if transition.label is None else transition.label


def _listed(names: Iterable[str]) -> str:
    """Write names in a row, of very many the first."""
    listed = list(names)
    return ", ".join(listed if len(listed) <= _MOST_NAMED else [*listed[:_MOST_NAMED], "…"])
