"""Reading, checking and writing what a map says beside its stages."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mining.acceptance import Acceptance
from mining.errors import MapError
from mining.journey_map import JourneyMap
from mining.localised import Text
from mining.rules import Rule

SHOP = """
id: shop
goal: pay
personas: [{id: rich, where: "amount > 9"}]
stages:
  - {id: look, steps: [{id: see, events: S}, {id: chat}]}
  - {id: buy, steps: [{id: cart, events: C}, {id: pay, events: P}, {id: ship, events: H}]}
"""
RULES = """rules:
  - {id: cart_first, before: pay, must: cart}
  - {id: sent, after: [pay, cart], must: [ship, see], within: 3d, title: {en: Send it, vi: Gửi đi}}
  - {id: apart, never_together: [see, ship], where: "amount < 3"}
  - {id: calm, at_most: 2, of: see, personas: [rich]}
  - {id: first, starts_with: [see, cart]}
  - {id: last, ends_with: ship}
"""


def problems_of(text: str) -> list[tuple[int, str]]:
    with pytest.raises(MapError) as caught:
        JourneyMap.parse(SHOP + text)
    return [(problem.line - SHOP.count("\n"), str(problem.message)) for problem in caught.value.problems]


def test_rules_are_read_as_they_are_written() -> None:
    plan = JourneyMap.parse(SHOP + RULES)
    assert plan.rules == (
        Rule("cart_first", "before", ("pay",), ("cart",)),
        Rule(
            "sent",
            "after",
            ("pay", "cart"),
            ("ship", "see"),
            259200.0,
            title=Text((("en", "Send it"), ("vi", "Gửi đi"))),
        ),
        Rule("apart", "never_together", ("see", "ship"), where="amount < 3"),
        Rule("calm", "at_most", ("see",), most=2, personas=("rich",)),
        Rule("first", "starts_with", ("see", "cart")),
        Rule("last", "ends_with", ("ship",)),
    )
    assert plan.warnings == ()
    assert JourneyMap.parse(plan.to_yaml()) == plan


def test_acceptances_are_read_as_they_are_written() -> None:
    plan = JourneyMap.parse(
        SHOP
        + RULES
        + """accepted:
  - {kind: missing, touchpoint: see, owner: Sales, reason: By phone, until: 2026-12-31}
  - {kind: ad_hoc, activity: ' 404', stage: buy, owner: {en: IT, vi: CNTT}, reason: Noise, until: "2027-01-05"}
  - {kind: rule_broken, rule: calm, owner: Sales, reason: Campaign, until: 2026-02-28}
"""
    )
    sales = Text((("", "Sales"),))
    assert plan.accepted == (
        Acceptance("missing", sales, Text((("", "By phone"),)), date(2026, 12, 31), touchpoint="see"),
        Acceptance(
            "ad_hoc",
            Text((("en", "IT"), ("vi", "CNTT"))),
            Text((("", "Noise"),)),
            date(2027, 1, 5),
            activity="404",
            stage="buy",
        ),
        Acceptance("rule_broken", sales, Text((("", "Campaign"),)), date(2026, 2, 28), rule="calm"),
    )
    assert [accepted.place for accepted in plan.accepted] == ["see", "404", "calm"]
    assert JourneyMap.parse(plan.to_yaml()) == plan


def test_every_mistake_in_a_rule_is_told_at_its_line() -> None:
    found = problems_of("""rules:
  - {id: a, befor: pay, must: cart}
  - {id: b, before: pay, after: cart, must: see}
  - {id: c, before: pya, must: cart}
  - {id: d, after: pay}
  - {id: e, never_together: [see]}
  - {id: f, at_most: few, of: see}
  - {id: f, at_most: 1.5, of: [see, sea]}
  - {id: g, before: pay, must: [pay, cart]}
  - {id: h, before: pay, must: cart, within: 2d}
  - {id: i, ends_with: ship, personas: [poor]}
  - {before: pay, must: cart, where: "amount <"}
  - {id: j, ends_with: []}
""")
    assert [line for line, _ in found] == [2, 2, 3, 4, 5, 6, 7, 8, 8, 8, 9, 10, 11, 12, 12, 13]
    said = [text for _, text in found]
    assert "did you mean `before`?" in said[0]
    assert said[2] == "a rule has exactly one of before, after, never_together, at_most, starts_with, ends_with"
    assert said[3] == "`before` names `pya`, which is no touchpoint; did you mean `pay`?"
    assert said[4] == "a rule with `after` needs something under `must`"
    assert said[6] == "at_most should be a whole number such as 2, found `few`"
    assert said[8] == "`of` names `sea`, which is no touchpoint; did you mean `see`?"
    assert said[9] == "the rule id `f` is already used in line 14"
    assert said[10] == "the rule has `pay` on both of its sides"


def test_every_mistake_in_an_acceptance_is_told_at_its_line() -> None:
    rest = "owner: Sales, reason: why, until: 2026-12-31"
    found = problems_of(f"""accepted:
  - {{kind: mising, touchpoint: see, {rest}}}
  - {{kind: missing, touchpoint: se, {rest}}}
  - {{kind: missing, {rest}}}
  - {{kind: stage_skipped, touchpoint: see, {rest}}}
  - {{kind: ad_hoc, activity: X, stage: by, {rest}}}
  - {{kind: rule_broken, rule: none, {rest}}}
  - {{kind: late, touchpoint: see, reason: why, until: 31.12.2026}}
  - {{kind: late, touchpoint: pay, {rest}}}
  - {{kind: late, touchpoint: pay, owner: IT, reason: more, until: 2026-02-30}}
""")
    assert [line for line, _ in found] == [2, 3, 4, 5, 5, 6, 7, 8, 8, 10, 10]
    said = [text for _, text in found]
    assert said[0] == "`kind` names `mising`, which is no kind of deviation; did you mean `missing`?"
    assert said[1] == "`touchpoint` names `se`, which is no touchpoint; did you mean `see`?"
    assert said[2] == "an accepted `missing` names its `touchpoint`"
    assert said[3] == "an accepted `stage_skipped` names its `stage`"
    assert said[5] == "`stage` names `by`, which is no stage; did you mean `buy`?"
    assert said[7] == "an acceptance needs its `owner`"
    assert said[8] == "until should be a day such as 2026-03-31, found `31.12.2026`"
    assert said[10] == "the same is accepted in line 16"


def test_a_rule_about_what_nothing_is_bound_to_is_a_warning() -> None:
    plan = JourneyMap.parse(SHOP + "rules: [{id: asked, before: pay, must: chat}]")
    assert [(str(w.message), w.line) for w in plan.warnings] == [
        ("the rule `asked` is not checked, since nothing is bound to `chat`", 8)
    ]


ids = st.sampled_from(["see", "cart", "pay", "ship"])
some = st.lists(ids, min_size=1, max_size=3, unique=True).map(tuple)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    kind = draw(st.sampled_from(["before", "after", "never_together", "at_most", "starts_with", "ends_with"]))
    of = draw(some.filter(lambda of: kind != "never_together" or len(of) > 1))
    left = [t for t in ("see", "cart", "pay", "ship") if t not in of]
    return Rule(
        id="r",
        kind=kind,
        of=of,
        must=tuple(draw(st.lists(st.sampled_from(left), min_size=1, unique=True)))
        if kind in ("before", "after")
        else (),
        within_s=draw(st.sampled_from([None, 60.0, 0.5])) if kind == "after" else None,
        most=draw(st.integers(0, 9)) if kind == "at_most" else None,
        title=draw(st.sampled_from([Text(), Text((("vi", "ừ"),))])),
        personas=draw(st.sampled_from([(), ("rich",)])),
    )


@settings(max_examples=60, deadline=None)
@given(rules())
def test_any_rule_survives_writing_and_reading(rule: Rule) -> None:
    from dataclasses import replace

    plan = replace(JourneyMap.parse(SHOP), rules=(rule,))
    assert JourneyMap.parse(plan.to_yaml()) == plan
