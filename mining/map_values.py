"""Values as a journey map writes them: ids, texts in several languages, conditions, moods and weights."""

from __future__ import annotations

import re

import yaml

from mining.errors import ExpressionError
from mining.localised import Text
from mining.messages import N_
from mining.yaml_nodes import Reader

_ID = re.compile(r"[\w.-]+")
_TARGET = re.compile(r"(>=|<=|>|<)\s*(\d+(\.\d+)?)")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]+)?")


class ValueReader(Reader):
    """One method per kind of value."""

    def identifier(self, node: yaml.Node | None, parent: yaml.Node, what: str) -> str:
        """Read an id; letters, digits, `_`, `.` and `-`."""
        found = self.text(node, "id")
        if node is None:
            self.problem(parent, N_("{what} needs an `id`"), what=what)
        elif found is not None and not _ID.fullmatch(found):
            self.problem(node, N_("the id `{found}` may only have letters, digits, `_`, `.` and `-`"), found=found)
        return found or ""

    def localised(self, node: yaml.Node | None, what: str) -> Text:
        """Read a text, or a text per language."""
        if node is None:
            return Text()
        if not isinstance(node, yaml.MappingNode):
            found = self.text(node, what)
            return Text((("", found),)) if found else Text()
        pairs = []
        for key, value in node.value:
            if not _LANGUAGE.fullmatch(str(key.value)):
                self.problem(
                    key, N_("{what} has `{key}`, which is no language code such as en or vi"), what=what, key=key.value
                )
            said = self.text(value, what)
            if said:
                pairs.append((str(key.value), said))
        return Text(tuple(pairs))

    def localised_list(self, node: yaml.Node | None, what: str) -> tuple[Text, ...]:
        """Read several texts; one alone counts as a list of one."""
        if node is None:
            return ()
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        return tuple(text for text in (self.localised(item, what) for item in items) if text)

    def condition(self, node: yaml.Node | None, what: str) -> str | None:
        """Read a condition on attributes and see that it parses."""
        said = self.text(node, what)
        if node is None or not said:
            return None
        from mining.expressions import parse

        try:
            parse(said)
        except ExpressionError as error:
            self.problem(node, N_("{what}: {why}"), what=what, why=str(error))
        return said

    def feeling(self, node: yaml.Node | None) -> float | None:
        """Read a planned mood, from -2 to 2."""

        def mood(text: str) -> float | None:
            if not -2 <= float(text) <= 2:
                raise ValueError(text)
            return float(text)

        return self.parsed(node, "feeling", mood, N_("a number from -2 (very bad) to 2 (very good)"), None)

    def weight(self, node: yaml.Node | None) -> float:
        """Read what it costs to miss a touchpoint."""

        def parse(text: str) -> float:
            value = float(text)
            if not 0 <= value <= 1000 or value != round(value, 3):
                raise ValueError(text)
            return value

        return self.parsed(node, "weight", parse, N_("a number from 0 to 1000 with at most three decimals"), 1.0)

    def comparison(self, node: yaml.Node | None, what: str) -> str | None:
        """Read a comparison with a share, written `>= 0.6`."""

        def parse(text: str) -> str | None:
            found = _TARGET.fullmatch(text.strip())
            if found is None or not 0 <= float(found[2]) <= 1:
                raise ValueError(text)
            return f"{found[1]} {found[2]}"

        return self.parsed(node, what, parse, N_("a comparison with a share such as `>= 0.6`"), None)
