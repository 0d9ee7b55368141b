"""Activities suggested for touchpoints, by name."""

from __future__ import annotations

from mining.journey_map import Binding, JourneyMap
from mining.map_binding import EXACT, FOLDED, SIMILAR, Suggestion, suggest, with_suggestions

PLAN = JourneyMap.parse(
    """
id: m
goal: pay
stages:
  - id: s
    steps:
      - {id: look, title: Looks around}
      - {id: call, title: {en: Phone call, vi: Gọi điện}}
      - {id: pay, events: [Paid]}
      - {id: sent, events: [SENT]}
      - {id: poster, title: Visit, trackable: false}
      - choice: [{id: Visit, optional: true}, {id: cancel_order, title: Cancels the order}]
anywhere: [{id: complaint, title: Complains}]
"""
)


def by_touchpoint(counts: dict[str, int]) -> dict[str, tuple[str, str]]:
    return {s.touchpoint: (s.activity, s.by) for s in suggest(PLAN, counts)}


def test_the_nearest_name_is_suggested_and_says_how_near_it_is() -> None:
    log = {"goi  dien": 5, "Visit": 3, "Paid": 4, "sent": 2, "Cancel orders": 1, "Complain": 2, "Something else": 9}
    assert by_touchpoint(log) == {
        "call": ("goi  dien", FOLDED),
        "sent": ("sent", EXACT),
        "Visit": ("Visit", EXACT),
        "cancel_order": ("Cancel orders", SIMILAR),
        "complaint": ("Complain", SIMILAR),
    }


def test_an_activity_goes_to_one_touchpoint_and_the_nearer_name_has_it() -> None:
    """`look` and `Looks around` stand for one touchpoint: of two activities that are called so, the frequent one."""
    assert by_touchpoint({"look": 1, "looks around": 8, "LOOK": 2}) == {"look": ("look", EXACT)}
    assert by_touchpoint({"LOOKS AROUND": 8, "Look": 2}) == {"look": ("LOOKS AROUND", FOLDED)}
    assert by_touchpoint({"complaint": 1, "complains": 1}) == {"complaint": ("complaint", EXACT)}


def test_what_the_map_binds_already_is_left_alone() -> None:
    assert by_touchpoint({"Paid": 1, "pay": 3}) == {}
    assert suggest(PLAN, {}) == []


def test_likeness_is_a_share_of_the_letters() -> None:
    """2 x 11 letters in common of 11 + 12, by hand."""
    assert suggest(PLAN, {"Cancel orders": 1}) == [
        Suggestion("cancel_order", "Cancel orders", SIMILAR, round(22 / 23, 3))
    ]


def test_what_is_suggested_can_be_put_into_the_map() -> None:
    found = suggest(PLAN, {"sent": 1, "visit": 1, "Complain": 1})
    bound = with_suggestions(PLAN, found)
    events = {t.id: t.events for t in bound.touchpoints() if t.events}
    assert events == {
        "pay": (Binding("Paid"),),
        "sent": (Binding("SENT"), Binding("sent")),
        "Visit": (Binding("visit"),),
        "complaint": (Binding("Complain"),),
    }
    assert with_suggestions(bound, []) == bound
