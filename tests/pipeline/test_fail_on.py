"""`compare --fail-on`: what can be asked, and what the answer is."""

from __future__ import annotations

from typing import Any

import pytest

from mining.errors import ExpressionError
from pipeline.cli.fail_on import FailOn


def findings(**alignment: Any) -> dict[str, Any]:
    """Give the part of the findings that a check reads."""
    return {
        "map": {"event_coverage": 0.8, "journey_coverage": 0.5},
        "alignment": {"fitness": 0.9, "perfect_share": 0.25} | alignment,
        "deviations": [
            {"kind": "missing", "share": 0.08},
            {"kind": "missing", "share": 0.12},
            {"kind": "late", "share": 0.3},
        ],
    }


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("fitness < 0.9", ["fitness < 0.9"]),
        ("missing > 10%", ["missing > 0.1"]),
        ("MISSING>=.5 OR late <= 12.5 %", ["missing >= 0.5", "late <= 0.125"]),
        (
            "ad_hoc > 0 or irregular_sequence > 0 or fitness < 1",
            ["ad_hoc > 0", "irregular_sequence > 0", "fitness < 1"],
        ),
    ],
)
def test_comparisons_joined_by_or_are_read(text: str, terms: list[str]) -> None:
    assert [str(term) for term in FailOn.parse(text).terms] == terms


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "'' is not a comparison"),
        ("missing", "'missing' is not a comparison"),
        ("missing > 0.1 or", "'' is not a comparison"),
        ("missing = 0.1", "'missing = 0.1' is not a comparison"),
        ("missing > ten", "'missing > ten' is not a comparison"),
        ("fitnes < 1", "there is no figure 'fitnes'; there are fitness, "),
        ("__import__('os') > 1", "is not a comparison"),
    ],
)
def test_what_is_not_a_comparison_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"comparison|figure") as caught:
        FailOn.parse(text)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("fitness < 0.9", []),
        ("fitness <= 0.9", ["fitness <= 0.9 holds: fitness is 0.9"]),
        ("missing > 10%", ["missing > 0.1 holds: missing is 0.12"]),  # the largest share counts
        ("missing > 12%", []),
        ("repeated > 0", []),  # a kind that did not occur has share 0
        ("repeated <= 0", ["repeated <= 0 holds: repeated is 0"]),
        ("event_coverage < 0.9 or journey_coverage < 0.4", ["event_coverage < 0.9 holds: event_coverage is 0.8"]),
        (
            "late > 0.2 or perfect_share < 0.5",
            ["late > 0.2 holds: late is 0.3", "perfect_share < 0.5 holds: perfect_share is 0.25"],
        ),
    ],
)
def test_every_comparison_that_holds_is_said(text: str, held: list[str]) -> None:
    assert [str(said) for said in FailOn.parse(text).holding(findings())] == held


def test_an_undefined_figure_cannot_pass() -> None:
    with pytest.raises(ExpressionError, match="fitness is undefined"):
        FailOn.parse("fitness < 0.5").holding(findings(fitness=None))
