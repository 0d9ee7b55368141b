"""The sample compared with its plan, and what a scene must look like."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from mining.journey_map import JourneyMap
from pipeline.compare import compare
from pipeline.findings import Findings
from pipeline.store import Workspace

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = json.loads((ROOT / "ui" / "canvas" / "scene.schema.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def workspace(sample: Path) -> Iterator[Workspace]:
    with Workspace(sample) as workspace:
        yield workspace


PLAN = ROOT / "data" / "open_university" / "bbb_2013j.yaml"


@pytest.fixture(scope="module")
def plan() -> JourneyMap:
    return JourneyMap.read(PLAN)


@pytest.fixture(scope="module")
def plan_text() -> str:
    return PLAN.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def found(workspace: Workspace, plan: JourneyMap) -> Findings:
    return compare(workspace, plan)


@pytest.fixture
def valid() -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Check a scene against the schema, and that its ids are unique and its links have ends; give it back as JSON."""

    def checked(scene: dict[str, Any]) -> dict[str, Any]:
        jsonschema.validate(scene, SCHEMA)
        nodes = [node["id"] for node in scene["nodes"]]
        edges = [edge["id"] for edge in scene["edges"]]
        badges = [badge["id"] for part in (*scene["stages"], *scene["nodes"]) for badge in part.get("badges", ())]
        assert all(len(ids) == len(set(ids)) for ids in (nodes, edges, badges))
        assert {edge[side] for edge in scene["edges"] for side in ("source", "target")} <= set(nodes)
        orders = [node["order"] for node in scene["nodes"]]
        assert len(orders) == len(set(orders))
        plain: dict[str, Any] = json.loads(json.dumps(scene, allow_nan=False))
        return plain

    return checked
