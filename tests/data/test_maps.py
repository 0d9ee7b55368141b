"""Every map that ships: valid by reader and schema, compiles, survives writing, complete in both languages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from jsonschema import Draft202012Validator

from mining.automaton import compile_map
from mining.errors import MapError
from mining.journey_map import JourneyMap

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "data" / "templates").glob("*.yaml"))
PLANS = sorted((ROOT / "data" / "open_university").glob("*.yaml"))
MAPS = [pytest.param(path, id=path.stem) for path in [*TEMPLATES, *PLANS]]

# What the design asks for: file name -> number of stages.
WANTED = {
    "five_stage": 5,
    "lifecycle": 6,
    "experience": 6,
    "day_in_the_life": 5,
    "support": 5,
    "gym": 6,
    "hotel": 7,
    "b2b": 6,
    "b2c": 6,
    "saas": 6,
    "retail": 6,
}
TEXT_KEYS = ("title", "description", "owner", "motto", "occupation", "company_goal", "asset", "metric", "text")
TEXT_LIST_KEYS = ("tactics", "doing", "thinking", "need", "needs", "goals")
VIETNAMESE = re.compile("[ăâđêôơưáàảãạéèẻẽẹíìỉĩịóòỏõọúùủũụýỳỷỹỵấầẩẫậắằẳẵặếềểễệốồổỗộớờởỡợứừửữự]", re.IGNORECASE)


@pytest.fixture(scope="session")
def validator() -> Draft202012Validator:
    schema = json.loads((ROOT / "docs" / "journey-map.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def _texts(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Give every text of a map with the place where it stands."""
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _texts(item, f"{place}[{number}]")
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key in TEXT_KEYS:
                yield f"{place}.{key}", inner
            elif key in TEXT_LIST_KEYS:
                yield from ((f"{place}.{key}[{number}]", item) for number, item in enumerate(inner))
            else:
                yield from _texts(inner, f"{place}.{key}")


def test_the_templates_are_those_wanted() -> None:
    assert {path.stem: len(JourneyMap.read(path).stages) for path in TEMPLATES} == WANTED


def test_the_indexes_name_every_file_with_its_size() -> None:
    index = (ROOT / "data" / "templates" / "README.md").read_text(encoding="utf-8")
    assert [name for name, stages in WANTED.items() if not re.search(rf"`{name}.yaml` .*\| {stages}\b", index)] == []
    readme = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    for plan in map(JourneyMap.read, PLANS):
        assert re.search(rf"{plan.id}.yaml.*: {len(plan.stages)} stages, {len(plan.touchpoints())} touchpoints", readme)


@pytest.mark.parametrize("path", MAPS)
def test_map_is_read_compiled_and_written_back(path: Path) -> None:
    plan = JourneyMap.read(path)
    automaton = compile_map(plan)
    assert plan.id == path.stem
    assert plan.warnings == ()
    assert plan.goal in {t.id for _, t in plan.milestones()}
    assert automaton.labels == tuple(t.id for t in plan.touchpoints())
    assert automaton.final.any()
    assert automaton.past_goal.any()
    assert JourneyMap.parse(plan.to_yaml()) == plan


@pytest.mark.parametrize("path", MAPS)
def test_map_has_what_a_reader_looks_for(path: Path) -> None:
    plan = JourneyMap.read(path)
    ids = [t.id for t in plan.touchpoints()] + [s.id for s in plan.stages]
    assert all(re.fullmatch("[a-z0-9_]+", name) for name in ids)
    assert all(t.title for t in plan.touchpoints())
    assert all(s.title and s.phase and s.questions and s.steps for s in plan.stages)
    assert all(t.actor for t in plan.touchpoints())
    assert all(t.measured for _, t in plan.milestones())
    assert any(not t.measured for t in plan.touchpoints()) or path.stem == "ddd_2013j"
    questions = [q for s in plan.stages for q in s.questions]
    assert any(q.answered_by for q in questions)
    assert any(not q.answered_by for q in questions)


@pytest.mark.parametrize("path", MAPS)
def test_every_text_is_there_in_english_and_vietnamese(path: Path) -> None:
    texts = list(_texts(yaml.safe_load(path.read_text(encoding="utf-8"))))
    assert len(texts) > 30
    odd = [(place, text) for place, text in texts if not isinstance(text, dict) or sorted(text) != ["en", "vi"]]
    assert odd == []
    assert [place for place, text in texts if not text["en"].strip() or not text["vi"].strip()] == []
    plain = [text["vi"] for _, text in texts if len(text["vi"].split()) > 3 and not VIETNAMESE.search(text["vi"])]
    assert plain == []


@pytest.mark.parametrize("path", MAPS)
def test_map_fits_the_published_schema(path: Path, validator: Draft202012Validator) -> None:
    assert [error.message for error in validator.iter_errors(yaml.safe_load(path.read_text(encoding="utf-8")))] == []
    assert [error.message for error in validator.iter_errors(JourneyMap.read(path).as_dict())] == []


ACCEPTED = {"kind": "late", "touchpoint": "a", "owner": "IT", "reason": "why", "until": "2026-12-31"}
SHORT = "{id: m, goal: a, stages: [{id: s, steps: [{id: a, events: [A]}]}]}"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"stages": []}, "[] should be non-empty"),
        ({"id": "my map"}, "'my map' does not match"),
        ({"schema": "desirepath/journey-map@2"}, "'desirepath/journey-map@1' was expected"),
        ({"inactive_after": 30}, "30 is not of type 'string'"),
        ({"inactive_after": "30 days"}, "'30 days' does not match"),
        ({"goals": "a"}, "Additional properties are not allowed ('goals' was unexpected)"),
        ({"title": {"english": "Shop"}}, "'english' does not match"),
        ({"stages": [{"id": "s", "feeling": 3}]}, "3 is greater than the maximum of 2"),
        ({"stages": [{"id": "s", "phase": "seller"}]}, "'seller' is not one of ['buyer', 'user']"),
        ({"stages": [{"id": "s", "steps": [{"choice": []}]}]}, "[] should be non-empty"),
        ({"stages": [{"id": "s", "steps": [{"events": ["A"]}]}]}, "'id' is a required property"),
        ({"stages": [{"id": "s", "steps": [{"id": "a", "actor": "boss"}]}]}, "'boss' is not one of"),
        ({"stages": [{"id": "s", "steps": [{"id": "a", "within": {"after": "b"}}]}]}, "'time' is a required property"),
        ({"stages": [{"id": "s", "steps": [{"id": "a", "target": {"reach": ">= 60"}}]}]}, "'>= 60' does not match"),
        (
            {"stages": [{"id": "s", "steps": [{"id": "a", "channel": {"web": True}}]}]},
            "is not of type 'string', 'array'",
        ),
        ({"stages": [{"id": "s", "questions": [{"answered_by": []}]}]}, "'text' is a required property"),
        ({"rules": [{"before": "a", "must": "b"}]}, "'id' is a required property"),
        ({"rules": [{"id": "r", "before": "a"}]}, "is not valid under any of the given schemas"),
        ({"rules": [{"id": "r", "starts_with": "a", "ends_with": "a"}]}, "is valid under each of"),
        ({"rules": [{"id": "r", "starts_with": "a", "within": "2d"}]}, "'after' is a required property"),
        ({"rules": [{"id": "r", "at_most": -1, "of": "a"}]}, "-1 is less than the minimum of 0"),
        ({"rules": [{"id": "r", "never_together": ["a"]}]}, "['a'] is too short"),
        ({"accepted": [ACCEPTED | {"until": 2026}]}, "2026 is not of type 'string'"),
        ({"accepted": [ACCEPTED | {"kind": "odd"}]}, "'odd' is not one of"),
        ({"accepted": [{"kind": "late", "touchpoint": "a"}]}, "'owner' is a required property"),
    ],
)
def test_schema_and_reader_refuse_the_same_mistakes(
    change: dict[str, Any], message: str, validator: Draft202012Validator
) -> None:
    wrong = yaml.safe_load(SHORT) | change
    messages = [error.message for error in validator.iter_errors(wrong)]
    assert any(message in found for found in messages), messages
    with pytest.raises(MapError):
        JourneyMap.parse(json.dumps(wrong))


def test_schema_knows_every_key_of_the_reader(validator: Draft202012Validator) -> None:
    from mining import kinds, map_reader, map_rules
    from mining.rules import KEYS

    shapes = validator.schema["$defs"]
    assert set(validator.schema["properties"]) == set(map_reader.TOP)
    assert set(shapes["stage"]["properties"]) == set(map_reader.STAGE)
    assert set(shapes["touchpoint"]["properties"]) == set(map_reader.TOUCHPOINT)
    assert set(shapes["persona"]["properties"]) == set(map_reader.PERSONA)
    assert set(shapes["rule"]["properties"]) == {*map_rules.COMMON, *(key for keys in KEYS.values() for key in keys)}
    assert set(shapes["acceptance"]["properties"]) == set(map_rules.ACCEPTANCE)
    assert shapes["acceptance"]["properties"]["kind"]["enum"] == list(kinds.KINDS)


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_deadlines_are_the_published_due_days(path: Path, shared_data: Path) -> None:
    module, presentation = path.stem.upper().split("_")
    due = pl.read_csv(shared_data / "oulad" / "assessments.derived.csv").filter(
        (pl.col("code_module") == module)
        & (pl.col("code_presentation") == presentation)
        & (pl.col("assessment_type") == "TMA")
    )
    plan = JourneyMap.read(path)
    planned = [(t.within.time_s / 86_400, t.within.after) for t in plan.touchpoints() if t.within]
    assert planned == [(float(day), "module_starts") for day in sorted(due["date"])]


@pytest.mark.parametrize(
    ("name", "journeys", "unplanned"),
    [
        ("bbb_2013j", 2_187, {"Withdraw": 635, "Result: Fail": 497}),
        ("ddd_2013j", 1_887, {"Withdraw": 669, "Result: Fail": 406}),
    ],
)
def test_only_leaving_and_failing_are_off_the_plan(name: str, journeys: int, unplanned: dict[str, int]) -> None:
    """Counted in the source as well: withdrawal days and Fail results of those who carry no score over."""
    module, presentation = name.upper().split("_")
    log = pl.read_parquet(ROOT / "data" / "open_university" / "open_university.parquet").filter(
        (pl.col("module") == module) & (pl.col("presentation") == presentation) & (pl.col("banked") == 0)
    )
    bound = {b.activity for t in JourneyMap.read(PLANS[0].with_stem(name)).touchpoints() for b in t.events}
    left = log.filter(~pl.col("activity").is_in(list(bound)))
    assert log["registration"].n_unique() == journeys
    assert bound <= set(log["activity"])
    assert dict(left["activity"].value_counts().rows()) == unplanned
