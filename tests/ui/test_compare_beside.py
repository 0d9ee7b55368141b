"""What stands beside the map on Compare: rules, accepted deviations, notes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

OpenApp = Callable[..., AppTest]

BESIDE = """
rules:
  - {id: once, at_most: 1, of: look, title: {en: One look is enough, vi: Xem một lần là đủ}}
  - {id: answer, after: look, must: buy, within: 2h}
  - {id: apart, never_together: [look, buy]}
accepted:
  - {kind: rule_broken, rule: once, owner: {en: Shop, vi: Cửa hàng}, reason: App of 2024, until: 2026-03-01}
  - {kind: repeated, touchpoint: look, owner: Service, reason: Too early, until: 2026-02-01}
  - {kind: ad_hoc, activity: Holp, owner: Service, reason: Gone, until: 2027-02-01}
"""


def said(app: AppTest) -> str:
    """Give all text of the page, without the backslashes that keep names from being markup."""
    return "\n".join([*(m.value for m in app.markdown), *(c.value for c in app.caption)]).replace("\\", "")


def test_each_rule_says_who_breaks_it_and_of_whom(open_app: OpenApp, small: Path, shop: str) -> None:
    """Journey 2 looks twice, 3 looks and never buys, 1 and 2 do both; 4 has nothing of the plan."""
    app = open_app(small, plan=shop + BESIDE)
    text = said(app)
    assert "**One look is enough**" in text
    assert "Looks happens once at most" in text
    assert "**After Looks comes Buys within 2 hr**" in text
    assert "§ ~~1 · 33%~~ · accepted" in text
    labels = {button.key: button.label for button in app.button if (button.key or "").startswith("rule_")}
    assert labels == {"rule_answer": ":red-badge[§ 1 · 33%]", "rule_apart": ":red-badge[§ 2 · 67%]"}


def test_a_broken_rule_opens_with_its_sentence_and_its_journeys(open_app: OpenApp, small: Path, shop: str) -> None:
    app = open_app(small, plan=shop + BESIDE)
    app.button(key="rule_answer").click().run()
    text = said(app)
    assert "1 journey, 33% of those it applies to, broke the rule “After Looks comes Buys within 2 hr”." in text
    assert "**3**" in text


def test_what_is_accepted_is_struck_through_with_owner_reason_and_day(
    open_app: OpenApp, small: Path, shop: str
) -> None:
    text = said(open_app(small, plan=shop + BESIDE))
    assert ":gray[§ ~~Rule broken · One look is enough~~ · 1 · 33%]" in text
    assert "Shop answers for it, until Mar 1, 2026: App of 2024" in text
    assert "- Nothing in this log is the accepted `ad_hoc` of Holp; did you mean `Help`?" in text


def test_an_acceptance_that_ran_out_says_so_where_it_counts_again(open_app: OpenApp, small: Path, shop: str) -> None:
    app = open_app(small, plan=shop + BESIDE)
    app.session_state["compare_view"], app.session_state["deviation_kinds"] = "list", ["repeated"]
    assert "It was accepted until Feb 1, 2026; it counts again." in said(app.run())
