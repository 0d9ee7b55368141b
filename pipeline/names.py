"""The names of what a map has, by id, as text that can stand in a sentence and do nothing else."""

from __future__ import annotations

import unicodedata
from typing import Any

from mining.choices import SKIPS, skips
from mining.journey_map import JourneyMap
from mining.localised import Text
from mining.model_xml import xml_safe
from mining.rules import Rule
from mining.sentences import rule_sentence
from pipeline.formats import NOTHING
from pipeline.language import Language

_TURNS = frozenset(("R", "AL", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "FSI", "PDF", "PDI"))
ISOLATE, END_OF_ISOLATE = "\u2068", "\u2069"


def as_text(name: object) -> str:
    r"""Give a name on one line, without control characters; what is written from the right cannot turn its sentence.

    Examples
    --------
    >>> as_text("a\nb\x00")
    'a b�'
    """
    said = xml_safe(" ".join(str(name).split()))
    if any(unicodedata.bidirectional(sign) in _TURNS for sign in said):
        return ISOLATE + said + END_OF_ISOLATE
    return said


def as_line(line: str) -> str:
    """Give a line of a file or a command as it is, without control characters."""
    return xml_safe(line.replace("\n", " ").replace("\r", " "))


class Names:
    """The titles of a map in one language.

    Attributes
    ----------
    touchpoints, stages, rules : dict
        By id.
    asked : dict
        What each rule asks, by id of the rule.
    map : str
        Of the map itself.
    skips : dict
        How to speak of a skip, by the touchpoint of a choice.
    """

    def __init__(self, plan: JourneyMap, language: Language) -> None:
        self._language = language
        self.touchpoints = {t.id: self._said(t.title, t.id) for t in plan.touchpoints()}
        self.stages = {s.id: self._said(s.title, s.id) for s in plan.stages}
        self.asked = {rule.id: self._asked(rule) for rule in plan.rules}
        self.rules = {rule.id: self._said(rule.title, self.asked[rule.id]) for rule in plan.rules}
        self.map = self._said(plan.title, plan.id)
        self.skips = skips(plan, self.touchpoints)

    def _asked(self, rule: Rule) -> str:
        said = rule_sentence(rule, self.touchpoints, self._language.translate, self._language.duration)
        return said[:1].upper() + said[1:]

    def _said(self, title: Text, otherwise: str) -> str:
        return as_text(self._language.local(title) or otherwise)

    def touchpoint(self, identifier: str | None) -> str:
        """Name a touchpoint; a dash for none."""
        return NOTHING if identifier is None else self.touchpoints[identifier]

    def milestone(self, identifier: str | None) -> str:
        """Name a milestone; the start for none."""
        return self._language.t("Start (all journeys)") if identifier is None else self.touchpoints[identifier]

    def stage(self, identifier: str | None) -> str:
        """Name a stage; any for what may happen at any time."""
        return self._language.t("any stage") if identifier is None else self.stages[identifier]

    def place(self, row: dict[str, Any]) -> str:
        """Name the rule, the touchpoint, the choice, the activity or the stage that a row is about."""
        if row.get("rule") is not None:
            return self.rules[row["rule"]]
        if row["kind"] in SKIPS and row["touchpoint"] in self.skips:
            return self.skips[row["touchpoint"]].place
        if row["touchpoint"] is not None:
            return self.touchpoint(row["touchpoint"])
        return as_text(row["activity"]) if row["activity"] is not None else self.stage(row["stage"])
