"""The kinds of deviations, and what names the place of each."""

from __future__ import annotations

KINDS = (
    *("missing", "stage_skipped", "ad_hoc", "irregular_sequence", "repeated", "extra"),
    *("failed", "wrong_channel", "late", "wrong_persona", "rule_broken"),
)
_NAMED_BY = {"stage_skipped": "stage", "ad_hoc": "activity", "rule_broken": "rule"}


def named_by(kind: str) -> str:
    """Give what a deviation of a kind is known by: a touchpoint, an activity, a stage or a rule."""
    return _NAMED_BY.get(kind, "touchpoint")
