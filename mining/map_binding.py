"""Which activity of a log could be which touchpoint of a map, by their names; a person confirms what is suggested."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from mining.journey_map import Binding, JourneyMap, Touchpoint
from mining.lookalikes import bare
from mining.map_edit import with_each_touchpoint

EXACT, FOLDED, SIMILAR = "exact", "folded", "similar"
_ALIKE = 0.8


@dataclass(frozen=True)
class Suggestion:
    """An activity for a touchpoint.

    Attributes
    ----------
    touchpoint, activity : str
        Id of the touchpoint, name of the activity.
    by : str
        ``exact``: it is called so. ``folded``: but for case, accents (đ is d), blanks and signs. ``similar``: nearly.
    likeness : float
        1 for the first two, above 0.8 for the last.
    """

    touchpoint: str
    activity: str
    by: str
    likeness: float


def suggest(plan: JourneyMap, counts: Mapping[str, int]) -> list[Suggestion]:
    """Suggest an activity for each touchpoint that none of the log's events is bound to.

    Parameters
    ----------
    plan : JourneyMap
        The map. A touchpoint is known by its id, its titles, and the activities it already names.
    counts : mapping of str to int
        Events of each activity of the log.

    Returns
    -------
    list of Suggestion
        In map order; no activity is suggested twice, nor one that the map binds already.

    Examples
    --------
    >>> plan = JourneyMap.parse("{id: m, goal: call, stages: [{id: s, steps: [{id: call, title: Gọi điện}]}]}")
    >>> suggest(plan, {"goi dien": 3, "Gửi thư": 9})
    [Suggestion(touchpoint='call', activity='goi dien', by='folded', likeness=1.0)]
    """
    bound = {b.activity for t in plan.touchpoints() for b in t.events}
    free = {name for name in counts if name not in bound}
    open_ones = [t for t in plan.touchpoints() if t.trackable and not any(_seen(b, counts) for b in t.events)]
    found: dict[str, Suggestion] = {}
    for level in (_exact, _folded, _similar):
        pairs = [pair for t in open_ones if t.id not in found for pair in level(t, free)]
        for pair in sorted(pairs, key=lambda pair: (-pair.likeness, -counts[pair.activity], pair.activity)):
            if pair.touchpoint not in found and pair.activity in free:
                found[pair.touchpoint] = pair
                free.discard(pair.activity)
    return [found[t.id] for t in open_ones if t.id in found]


def _seen(binding: Binding, counts: Mapping[str, int]) -> bool:
    """Say whether events of the log can be meant; what attributes tell is left to them."""
    return binding.activity is None or binding.activity in counts


def _names(touchpoint: Touchpoint) -> list[str]:
    """Give what a touchpoint is called."""
    titles = [text for _, text in touchpoint.title.by_language]
    return list(dict.fromkeys([touchpoint.id, *titles, *(b.activity for b in touchpoint.events if b.activity)]))


def _exact(touchpoint: Touchpoint, free: Iterable[str]) -> list[Suggestion]:
    names = _names(touchpoint)
    return [Suggestion(touchpoint.id, name, EXACT, 1.0) for name in free if name in names]


def _folded(touchpoint: Touchpoint, free: Iterable[str]) -> list[Suggestion]:
    names = {bare(name) for name in _names(touchpoint)}
    return [Suggestion(touchpoint.id, name, FOLDED, 1.0) for name in free if bare(name) in names]


def _similar(touchpoint: Touchpoint, free: Iterable[str]) -> list[Suggestion]:
    known = {bare(name): name for name in sorted(free)}
    found: dict[str, float] = {}
    for name in map(bare, _names(touchpoint)):
        for near in difflib.get_close_matches(name, known, n=3, cutoff=_ALIKE):
            likeness = difflib.SequenceMatcher(None, near, name).ratio()
            found[near] = max(likeness, found.get(near, 0.0))
    return [Suggestion(touchpoint.id, known[near], SIMILAR, round(likeness, 3)) for near, likeness in found.items()]


def with_suggestions(plan: JourneyMap, suggestions: Iterable[Suggestion]) -> JourneyMap:
    """Give the map with the suggested activities among the events of its touchpoints."""
    activities = {s.touchpoint: s.activity for s in suggestions}

    def bound(touchpoint: Touchpoint) -> Touchpoint:
        if touchpoint.id not in activities:
            return touchpoint
        return replace(touchpoint, events=(*touchpoint.events, Binding(activities[touchpoint.id])))

    return with_each_touchpoint(plan, bound)
