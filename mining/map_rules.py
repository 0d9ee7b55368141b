"""What a map says beside its stages: rules, and deviations that are accepted for a while."""

from __future__ import annotations

from datetime import date

import yaml

from mining.acceptance import PLACES, Acceptance
from mining.kinds import KINDS, named_by
from mining.map_values import ValueReader
from mining.messages import N_
from mining.rules import KEYS, Rule, RuleKind
from mining.yaml_nodes import line_of

COMMON = ("id", "title", "where", "personas")
ACCEPTANCE = ("kind", *PLACES, "owner", "reason", "until")
_NEVER = date.min


class RuleReader(ValueReader):
    """Reads rules and acceptances."""

    def rule(self, node: yaml.Node) -> Rule | None:
        """Read one rule; None where it cannot be told which."""
        written = [str(key.value) for key, _ in node.value] if isinstance(node, yaml.MappingNode) else []
        kinds = [kind for kind in KEYS if kind in written]
        if len(kinds) != 1:
            every = [*COMMON, *(key for keys in KEYS.values() for key in keys)]
            if self.mapping(node, every, N_("a rule")):
                self.problem(node, N_("a rule has exactly one of {keys}"), keys=", ".join(KEYS))
            return None
        return self._rule_of(kinds[0], node)

    def _rule_of(self, kind: RuleKind, node: yaml.Node) -> Rule:
        fields = self.mapping(node, (*COMMON, *KEYS[kind]), N_("a rule"))
        for key in KEYS[kind]:
            if key != "within" and not getattr(fields.get(key), "value", None):
                self.problem(node, N_("a rule with `{kind}` needs something under `{key}`"), kind=kind, key=key)
        of = "of" if kind == "at_most" else kind
        rule = Rule(
            id=self.identifier(fields.get("id"), node, N_("a rule")),
            kind=kind,
            of=tuple(dict.fromkeys(self.texts(fields.get(of), of))),
            must=tuple(dict.fromkeys(self.texts(fields.get("must"), "must"))),
            within_s=self.duration(fields.get("within"), "within"),
            most=self._most(fields.get("at_most")),
            title=self.localised(fields.get("title"), "title"),
            where=self.condition(fields.get("where"), "where"),
            personas=self.texts(fields.get("personas"), "personas"),
            line=line_of(node),
        )
        if kind == "never_together" and len(rule.of) == 1:
            self.problem(node, N_("`never_together` needs two touchpoints or more"))
        for both in sorted(set(rule.of) & set(rule.must)):
            self.problem(node, N_("the rule has `{id}` on both of its sides"), id=both)
        return rule

    def _most(self, node: yaml.Node | None) -> int | None:
        def parse(text: str) -> int | None:
            if not text.isdecimal():
                raise ValueError(text)
            return int(text)

        return self.parsed(node, "at_most", parse, N_("a whole number such as 2"), None)

    def acceptance(self, node: yaml.Node) -> Acceptance:
        """Read one accepted deviation."""
        fields = self.mapping(node, ACCEPTANCE, N_("an acceptance"))
        for key in ("kind", "owner", "reason", "until"):
            if key not in fields and fields:
                self.problem(node, N_("an acceptance needs its `{key}`"), key=key)
        accepted = Acceptance(
            kind=self.text(fields.get("kind"), "kind") or "",
            owner=self.localised(fields.get("owner"), "owner"),
            reason=self.localised(fields.get("reason"), "reason"),
            until=self.day(fields.get("until"), "until") or _NEVER,
            touchpoint=self.text(fields.get("touchpoint"), "touchpoint"),
            activity=(self.text(fields.get("activity"), "activity") or "").strip() or None,
            stage=self.text(fields.get("stage"), "stage"),
            rule=self.text(fields.get("rule"), "rule"),
            line=line_of(node),
        )
        if accepted.kind in KINDS:
            self._place(node, accepted)
        return accepted

    def _place(self, node: yaml.Node, accepted: Acceptance) -> None:
        """See that it names what its kind is known by, and nothing that such a deviation does not have."""
        wanted = named_by(accepted.kind)
        also = {"stage"} if accepted.kind == "ad_hoc" else set()
        if getattr(accepted, wanted) is None:
            self.problem(node, N_("an accepted `{kind}` names its `{key}`"), kind=accepted.kind, key=wanted)
        for key in sorted({*PLACES} - {wanted} - also):
            if getattr(accepted, key) is not None:
                self.problem(
                    node,
                    N_("an accepted `{kind}` is told by its `{wanted}`; `{key}` does not belong to it"),
                    kind=accepted.kind,
                    wanted=wanted,
                    key=key,
                )
