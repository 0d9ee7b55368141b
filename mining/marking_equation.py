"""What a Petri net costs at least: the marking equation, which counts how often steps happen and forgets their order.

Every run from the initial to the final marking solves it, so its cheapest solution costs no more than the cheapest run
(Adriansyah 2014, doi 10.6100/IR770080, section 4.4). It is a linear program, and does not grow with the markings.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from mining.errors import ModelError
from mining.messages import N_
from mining.petri import PetriNet, Tokens
from mining.reachability import fire

_ROUNDING = 1e-6
_MOST_STEPS = 200_000


class MarkingEquation:
    """The marking equation of one net: a variable per transition, then one per label for its synchronous moves.

    Parameters
    ----------
    net : PetriNet
        The net; a visible step costs 1, a silent one nothing.
    """

    def __init__(self, net: PetriNet) -> None:
        from scipy.sparse import csr_array

        self._net = net
        self._number = {label: n for n, label in enumerate(net.labels)}
        n_steps, n_labels = len(net.transitions), len(net.labels)
        moved = np.zeros((len(net.places), n_steps + n_labels))
        matched = np.zeros((n_labels, n_steps + n_labels))
        matched[:, n_steps:] = np.eye(n_labels)
        for n, transition in enumerate(net.transitions):
            for place, count in transition.outputs:
                moved[place, n] += count
            for place, count in transition.inputs:
                moved[place, n] -= count
            if transition.label is not None:
                matched[self._number[transition.label], n] = -1
        self._moved, self._matched = csr_array(moved), csr_array(matched)
        self._wanted = np.zeros(len(net.places))
        for place, count in net.final:
            self._wanted[place] += count
        for place, count in net.initial:
            self._wanted[place] -= count
        self._cost = np.array([t.label is not None for t in net.transitions] + [-2.0] * n_labels)

    def least(self, events: Mapping[str, int]) -> int:
        """Give a lower bound of the cost of aligning any path with these events.

        Parameters
        ----------
        events : mapping of str to int
            How often each name occurs.

        Raises
        ------
        ModelError
            When not even the equation leads from the initial to the final marking.
        """
        from scipy.optimize import linprog

        solved = linprog(
            self._cost,
            A_ub=self._matched,
            b_ub=np.zeros(len(self._number)),
            A_eq=self._moved,
            b_eq=self._wanted,
            bounds=self._bounds(events),
        )
        if solved.status == 2:
            raise ModelError(N_("The model has no path from its start to its end."))
        unknown = self.unknown(events)  # all that is known where the solver gives up
        return unknown if solved.x is None else max(unknown, math.ceil(sum(events.values()) + solved.fun - _ROUNDING))

    def unknown(self, events: Mapping[str, int]) -> int:
        """Count the events that are no step of the net: each is a log move."""
        return sum(n for name, n in events.items() if name not in self._number)

    def most_tokens(self) -> float:
        """Give an upper bound of the tokens that the net holds at any time; infinite where the equation knows none."""
        from scipy.optimize import linprog

        steps = self._moved[:, : len(self._net.transitions)]
        started = np.zeros(len(self._net.places))
        for place, count in self._net.initial:
            started[place] = count
        more = -np.asarray(steps.sum(axis=0)).ravel()
        solved = linprog(more, A_ub=-steps, b_ub=started)
        return float(started.sum() - solved.fun) if solved.status == 0 else math.inf

    def shortest(self, seconds: float) -> int | None:
        """Give the cost of the cheapest run, or None where the cheapest solution in whole numbers is found to be none.

        Parameters
        ----------
        seconds : float
            How long the solver may take.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp

        low, high = np.array(self._bounds({})).T
        solved = milp(
            self._cost,
            integrality=np.ones(len(self._cost)),
            bounds=Bounds(low, high),
            constraints=[LinearConstraint(self._moved, self._wanted, self._wanted)],
            options={"time_limit": seconds},
        )
        if solved.status != 0:
            return None
        counts = np.rint(solved.x[: len(self._net.transitions)]).astype(int).tolist()
        return round(solved.fun) if _can_be_walked(self._net, counts) else None

    def _bounds(self, events: Mapping[str, int]) -> list[tuple[float, float]]:
        matched = [(0.0, float(events.get(label, 0))) for label in self._number]
        return [*((0.0, np.inf) for _ in self._net.transitions), *matched]


def _can_be_walked(net: PetriNet, counts: Sequence[int]) -> bool:
    """Say whether transitions can fire, each as often as counted, one after the other; False when that is not found."""
    start: tuple[Tokens, tuple[int, ...]] = (net.initial, tuple(counts))
    seen, todo = {start}, [start]
    while todo and len(seen) < _MOST_STEPS:
        marking, left = todo.pop()
        if not any(left):
            return True
        tokens = dict(marking)
        for n, transition in enumerate(net.transitions):
            if left[n] and all(tokens.get(place, 0) >= count for place, count in transition.inputs):
                following = (fire(tokens, transition), (*left[:n], left[n] - 1, *left[n + 1 :]))
                if following not in seen:
                    seen.add(following)
                    todo.append(following)
    return False
