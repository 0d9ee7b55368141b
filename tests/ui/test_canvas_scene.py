"""The scene is the contract between those who make pictures of journeys and the component that draws them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "ui" / "canvas" / "scene.schema.json").read_text(encoding="utf-8"))
SCENES = sorted((ROOT / "tests" / "ui" / "scenes").glob("*.json"))


@pytest.fixture(params=SCENES, ids=lambda path: path.stem)
def scene(request: pytest.FixtureRequest) -> dict[str, Any]:
    scene: dict[str, Any] = json.loads(request.param.read_text(encoding="utf-8"))
    return scene


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_there_is_an_example_of_each_kind() -> None:
    kinds = {json.loads(path.read_text(encoding="utf-8"))["kind"] for path in SCENES}
    assert kinds == set(SCHEMA["properties"]["kind"]["enum"])


def test_an_example_keeps_the_schema(scene: dict[str, Any]) -> None:
    jsonschema.validate(scene, SCHEMA, cls=jsonschema.Draft202012Validator)


def test_what_an_example_refers_to_is_there(scene: dict[str, Any]) -> None:
    nodes, edges = {n["id"] for n in scene["nodes"]}, {e["id"] for e in scene["edges"]}
    assert len(nodes) == len(scene["nodes"])
    assert len(edges) == len(scene["edges"])
    assert all({e["source"], e["target"]} <= nodes for e in scene["edges"])
    stages = {s["id"] for s in scene["stages"]}
    assert all(n["stage"] in stages for n in scene["nodes"] if n["role"] == "touchpoint")
    badges = [b["id"] for thing in [*scene["stages"], *scene["nodes"]] for b in thing.get("badges", [])]
    assert len(badges) == len(set(badges))


def test_a_token_has_a_time_for_each_step(scene: dict[str, Any]) -> None:
    if "replay" not in scene:
        return
    edges = {e["id"] for e in scene["edges"]}
    outcomes = {o["id"] for o in scene["replay"]["outcomes"]}
    assert set(scene["replay"]["links"]) <= edges
    for token in scene["replay"]["tokens"]:
        assert len(token["at"]) == len(token["edges"]) + 1
        assert token["at"] == sorted(token["at"])
        assert set(token["edges"]) <= {*range(len(scene["replay"]["links"])), None}
        assert token.get("outcome") in (outcomes or {None})
