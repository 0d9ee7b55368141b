"""The public Python API: a log, a planned map, and what comes of laying one over the other.

Examples
--------
>>> from desirepath import JourneyMap, Workspace, compare
>>> plan = JourneyMap.parse("{id: shop, goal: buy, stages: [{id: s, steps: [{id: buy, events: [Buy]}]}]}")
>>> with Workspace() as ws:
...     report = ws.ingest("tests/data/shop.csv", journey="session", activity="event", time="ts")
...     findings = compare(ws, plan)
>>> findings.outcomes.converted
2
"""

from mining.errors import DesirePathError
from mining.journey_map import JourneyMap
from mining.recipe import Recipe
from pipeline.align import AlignmentResult, align
from pipeline.compare import compare
from pipeline.definition import Definition
from pipeline.discover import DiscoveredGraph, discover
from pipeline.discovered_model import DiscoveredModel, Mining, discover_model
from pipeline.findings import Findings
from pipeline.identity import Identity
from pipeline.map_diff import MapDiff, map_diff
from pipeline.proposed_map import ProposedMap, propose_map
from pipeline.quality import QualityReport, quality
from pipeline.report import Origin, Report
from pipeline.store import Workspace
from pipeline.versions import VersionedFindings, compare_versions

__all__ = [
    "AlignmentResult",
    "Definition",
    "DesirePathError",
    "DiscoveredGraph",
    "DiscoveredModel",
    "Findings",
    "Identity",
    "JourneyMap",
    "MapDiff",
    "Mining",
    "Origin",
    "ProposedMap",
    "QualityReport",
    "Recipe",
    "Report",
    "VersionedFindings",
    "Workspace",
    "align",
    "compare",
    "compare_versions",
    "discover",
    "discover_model",
    "map_diff",
    "propose_map",
    "quality",
]
