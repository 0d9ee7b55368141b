"""YAML or JSON text -> a checked `JourneyMap`; all problems at once, each with its line."""

from __future__ import annotations

from dataclasses import replace

import yaml

from mining.errors import MapError
from mining.journey_map import (
    ACTORS,
    BLOCKS,
    PHASES,
    SCHEMA,
    Binding,
    Block,
    Deadline,
    JourneyMap,
    Persona,
    Question,
    Stage,
    Step,
    Target,
    Touchpoint,
)
from mining.map_checks import check_references, with_warnings
from mining.map_rules import RuleReader
from mining.messages import N_
from mining.yaml_nodes import compose, line_of

TOP = (
    *("schema", "id", "title", "description", "version", "owner", "goal", "inactive_after", "where", "valid_from"),
    *("valid_until", "personas", "stages", "anywhere", "rules", "accepted"),
)
STAGE = (
    *("id", "title", "phase", "feeling", "owner", "company_goal", "tactics", "doing", "thinking", "questions"),
    *("steps", "may_skip", "may_return_to"),
)
TOUCHPOINT = (
    *("id", "title", "events", "milestone", "optional", "repeatable", "within", "channel", "actor", "controlled"),
    *("trackable", "doing", "thinking", "need", "feeling", "asset", "metric", "weight", "target", "fails_when"),
    "personas",
)
PERSONA = ("id", "title", "where", "motto", "occupation", "needs", "goals")


def read_map(text: str, name: str) -> JourneyMap:
    """Read a map.

    Raises
    ------
    MapError
        With every problem found.
    """
    reader = _MapReader()
    plan = reader.map(compose(text, name))
    if plan is None or reader.problems:
        problems = sorted(reader.problems, key=lambda p: p.line or 0)
        raise MapError(
            N_("{name} is not a valid journey map: {n} to mend"), name=name, n=len(problems), problems=problems
        )
    return plan


class _MapReader(RuleReader):
    """One method per kind of value; what refers to other parts is checked at the end."""

    def map(self, root: yaml.Node) -> JourneyMap | None:
        fields = self.mapping(root, TOP, N_("the map"))
        if not fields:
            return None
        self._schema(fields.get("schema"))
        plan = JourneyMap(
            id=self.identifier(fields.get("id"), root, N_("the map")),
            goal=self.text(fields.get("goal"), "goal") or "",
            stages=tuple(self.stage(node) for node in self.sequence(fields.get("stages"), "stages")),
            title=self.localised(fields.get("title"), "title"),
            description=self.localised(fields.get("description"), "description"),
            version=self.text(fields.get("version"), "version"),
            owner=self.localised(fields.get("owner"), "owner"),
            inactive_after_s=self.duration(fields.get("inactive_after"), "inactive_after"),
            where=self.condition(fields.get("where"), "where"),
            valid_from=self.day(fields.get("valid_from"), "valid_from"),
            valid_until=self.day(fields.get("valid_until"), "valid_until"),
            personas=tuple(self.persona(node) for node in self.sequence(fields.get("personas"), "personas")),
            anywhere=tuple(self.touchpoint(node) for node in self.sequence(fields.get("anywhere"), "anywhere")),
            rules=tuple(filter(None, (self.rule(node) for node in self.sequence(fields.get("rules"), "rules")))),
            accepted=tuple(self.acceptance(node) for node in self.sequence(fields.get("accepted"), "accepted")),
        )
        if "stages" not in fields or not plan.stages:
            self.problem(fields.get("stages", root), N_("a map needs at least one stage under `stages`"))
        if plan.valid_from and plan.valid_until and plan.valid_until < plan.valid_from:
            self.problem(fields["valid_until"], N_("`valid_until` is before `valid_from`"))
        plan = self._with_goal(plan, fields.get("goal", root))
        check_references(self, plan, line_of(fields.get("goal", root)))
        return with_warnings(plan)

    def _schema(self, node: yaml.Node | None) -> None:
        found = self.text(node, "schema")
        if node is not None and found != SCHEMA:
            self.problem(node, N_("this version reads `{wanted}`, found `{found}`"), wanted=SCHEMA, found=found)

    def _with_goal(self, plan: JourneyMap, node: yaml.Node) -> JourneyMap:
        """Take the last milestone for the goal where none is named."""
        if plan.goal:
            return plan
        milestones = [t.id for _, t in plan.planned() if t.milestone]
        if not milestones:
            self.problem(node, N_("name the milestone that means success: `goal: <touchpoint id>`"))
            return plan
        return replace(plan, goal=milestones[-1])

    def stage(self, node: yaml.Node) -> Stage:
        fields = self.mapping(node, STAGE, N_("a stage"))
        return Stage(
            id=self.identifier(fields.get("id"), node, N_("a stage")),
            title=self.localised(fields.get("title"), "title"),
            phase=self.choice(fields.get("phase"), "phase", PHASES, None),
            feeling=self.feeling(fields.get("feeling")),
            owner=self.localised(fields.get("owner"), "owner"),
            company_goal=self.localised(fields.get("company_goal"), "company_goal"),
            tactics=self.localised_list(fields.get("tactics"), "tactics"),
            doing=self.localised_list(fields.get("doing"), "doing"),
            thinking=self.localised_list(fields.get("thinking"), "thinking"),
            questions=tuple(self.question(item) for item in self.sequence(fields.get("questions"), "questions")),
            steps=tuple(self.step(item) for item in self.sequence(fields.get("steps"), "steps")),
            may_skip=self.flag(fields.get("may_skip"), "may_skip", False),
            may_return_to=self.texts(fields.get("may_return_to"), "may_return_to"),
            line=line_of(node),
        )

    def question(self, node: yaml.Node) -> Question:
        if isinstance(node, yaml.ScalarNode):
            return Question(self.localised(node, "question"), line=line_of(node))
        fields = self.mapping(node, ("text", "answered_by"), N_("a question"))
        if "text" not in fields:
            self.problem(node, N_("a question needs a `text`"))
        return Question(
            text=self.localised(fields.get("text"), "text"),
            answered_by=self.texts(fields.get("answered_by"), "answered_by"),
            line=line_of(node),
        )

    def step(self, node: yaml.Node) -> Step:
        if isinstance(node, yaml.MappingNode):
            kinds = [str(key.value) for key, _ in node.value if str(key.value) in BLOCKS]
            if kinds:
                return self.block(node, kinds[0])
        return self.touchpoint(node)

    def block(self, node: yaml.Node, kind: str) -> Block:
        fields = self.mapping(node, (kind, "optional", "repeatable"), kind)
        steps = tuple(self.step(item) for item in self.sequence(fields.get(kind), kind))
        if not steps:
            self.problem(node, N_("`{kind}` has no steps"), kind=kind)
        return Block(
            kind=kind,  # type: ignore[arg-type]  # one of BLOCKS, as the caller saw
            steps=steps,
            optional=self.flag(fields.get("optional"), "optional", False),
            repeatable=self.flag(fields.get("repeatable"), "repeatable", False),
            line=line_of(node),
        )

    def touchpoint(self, node: yaml.Node) -> Touchpoint:
        fields = self.mapping(node, TOUCHPOINT, N_("a touchpoint"))
        return Touchpoint(
            id=self.identifier(fields.get("id"), node, N_("a touchpoint")),
            title=self.localised(fields.get("title"), "title"),
            events=self.bindings(fields.get("events")),
            milestone=self.flag(fields.get("milestone"), "milestone", False),
            optional=self.flag(fields.get("optional"), "optional", False),
            repeatable=self.flag(fields.get("repeatable"), "repeatable", False),
            within=self.deadline(fields.get("within")),
            channel=self.texts(fields.get("channel"), "channel"),
            actor=self.choice(fields.get("actor"), "actor", ACTORS, None),
            controlled=self.flag(fields.get("controlled"), "controlled", True),
            trackable=self.flag(fields.get("trackable"), "trackable", True),
            doing=self.localised_list(fields.get("doing"), "doing"),
            thinking=self.localised_list(fields.get("thinking"), "thinking"),
            need=self.localised_list(fields.get("need"), "need"),
            feeling=self.feeling(fields.get("feeling")),
            asset=self.localised(fields.get("asset"), "asset"),
            metric=self.localised(fields.get("metric"), "metric"),
            weight=self.weight(fields.get("weight")),
            target=self.target(fields.get("target")),
            fails_when=self.condition(fields.get("fails_when"), "fails_when"),
            personas=self.texts(fields.get("personas"), "personas"),
            line=line_of(node),
        )

    def bindings(self, node: yaml.Node | None) -> tuple[Binding, ...]:
        if isinstance(node, yaml.ScalarNode):
            return (self.binding(node),)
        return tuple(self.binding(item) for item in self.sequence(node, "events"))

    def binding(self, node: yaml.Node) -> Binding:
        """Read what an event is told by; names lose the blanks around them, as they do in the log."""
        if not isinstance(node, yaml.MappingNode):
            activity = self.text(node, "events")
            return Binding(None if activity is None else activity.strip())
        pairs = [(str(key.value), self.text(value, str(key.value)) or "") for key, value in node.value]
        if not pairs:
            self.problem(node, N_("an event needs an activity name or attribute values"))
        fields = dict(pairs)
        activity = fields.pop("activity", None)
        return Binding(None if activity is None else activity.strip(), tuple(fields.items()))

    def deadline(self, node: yaml.Node | None) -> Deadline | None:
        if not isinstance(node, yaml.MappingNode):
            time_s = self.duration(node, "within")
            return None if time_s is None else Deadline(time_s)
        fields = self.mapping(node, ("time", "after"), "within")
        time_s = self.duration(fields.get("time"), "time")
        if time_s is None:
            if "time" not in fields:
                self.problem(node, N_("`within` needs a `time` such as 2d"))
            return None
        return Deadline(time_s, self.text(fields.get("after"), "after"))

    def target(self, node: yaml.Node | None) -> Target | None:
        if node is None:
            return None
        fields = self.mapping(node, ("reach", "conversion", "within"), "target")
        return Target(
            reach=self.comparison(fields.get("reach"), "reach"),
            conversion=self.comparison(fields.get("conversion"), "conversion"),
            within_s=self.duration(fields.get("within"), "within"),
        )

    def persona(self, node: yaml.Node) -> Persona:
        fields = self.mapping(node, PERSONA, N_("a persona"))
        return Persona(
            id=self.identifier(fields.get("id"), node, N_("a persona")),
            title=self.localised(fields.get("title"), "title"),
            where=self.condition(fields.get("where"), "where"),
            motto=self.localised(fields.get("motto"), "motto"),
            occupation=self.localised(fields.get("occupation"), "occupation"),
            needs=self.localised_list(fields.get("needs"), "needs"),
            goals=self.localised_list(fields.get("goals"), "goals"),
            line=line_of(node),
        )
