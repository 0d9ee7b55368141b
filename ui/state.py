"""What the pages share: the workspace, the planned map, and cached results. The only place with caches.

A cached frame is keyed by the file and the version of its content, so a load makes every older frame unreachable.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from mining.journey_map import JourneyMap
from pipeline import queries
from pipeline.definition import Definition
from pipeline.discover import DiscoveredGraph
from pipeline.findings import Findings
from pipeline.kept_plan import kept_plan
from pipeline.map_diff import MapDiff
from pipeline.proposed_map import ProposedMap
from pipeline.quality import QualityReport
from pipeline.quality import quality as examine
from pipeline.queries import LogSummary
from pipeline.store import Workspace
from pipeline.versions import VersionedFindings
from ui.language import _

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "data" / "open_university" / "open_university.parquet"
SAMPLE_MAPS = ("bbb_2013j", "ddd_2013j")
TEMPLATES = ROOT / "data" / "templates"
DEFAULT_WORKSPACE = "workspace/sample.duckdb"
IN_ADDRESS = "workspace"


@dataclass(frozen=True)
class Log:
    """One workspace in one version: the key of everything that is cached about it."""

    path: str
    version: str

    @property
    def name(self) -> str:
        """The name of the file."""
        return Path(self.path).name

    @property
    def workspace(self) -> Workspace:
        """The open workspace."""
        return open_workspace(self.path)

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been loaded yet."""
        return not self.version


@dataclass(frozen=True)
class Plan:
    """The planned map in use: where it came from, its text, and what the text says."""

    name: str
    text: str
    map: JourneyMap


def workspace_path() -> str:
    """Give the workspace of this session: the one chosen on the Data page, else that of the address or the default."""
    if "workspace" not in st.session_state:
        asked = st.query_params.get(IN_ADDRESS, "")
        st.session_state["workspace"] = str(_known_workspaces().get(asked, default_workspace()))
    return str(st.session_state["workspace"])


def default_workspace() -> Path:
    """Give the workspace that the server was started on."""
    return Path(os.environ.get("DESIREPATH_WORKSPACE") or DEFAULT_WORKSPACE).absolute()


@st.cache_resource(show_spinner=False)
def _opened_workspaces() -> dict[str, Path]:
    """Give the workspaces that sessions of this server have chosen, by name of file."""
    return {}


def _known_workspaces() -> dict[str, Path]:
    """Give what an address may name: workspaces beside the default one, or chosen before; never any other path."""
    beside = {file.name: file for file in default_workspace().parent.glob("*.duckdb")}
    return beside | {name: file for name, file in _opened_workspaces().items() if file.exists()}


def to_address() -> None:
    """Write the name of the workspace into the address, so that it comes back from there; the default needs none."""
    path = Path(workspace_path())
    named = path != default_workspace() and _known_workspaces().get(path.name) == path
    if named and st.query_params.get(IN_ADDRESS) != path.name:
        st.query_params[IN_ADDRESS] = path.name
    elif not named and IN_ADDRESS in st.query_params:
        del st.query_params[IN_ADDRESS]


@st.cache_resource(show_spinner=False, on_release=lambda workspace: workspace.close())
def open_workspace(path: str) -> Workspace:
    """Open a workspace once for all sessions; a file that is not there is made from the sample."""
    file = Path(path)
    fresh = not file.exists()
    if fresh:
        file.parent.mkdir(parents=True, exist_ok=True)
    workspace = Workspace(file)
    if fresh:
        workspace.ingest(SAMPLE)
    return workspace


def log() -> Log:
    """Give the log of this session in its present version."""
    path = workspace_path()
    if not Path(path).exists():
        with st.spinner(_("Loading the sample …")):
            open_workspace(path)
    return log_at(path)


def log_at(path: str) -> Log:
    """Give the log of a workspace in its present version."""
    workspace = open_workspace(path)
    loads = queries.sources(workspace)
    version = " ".join(f"{sha[:16]}@{at}" for sha, at in loads.select("sha256", "ingested_at").iter_rows())
    if version and (meant := workspace.definition) != Definition():
        version += " " + json.dumps(meant.as_dict(), sort_keys=True)
    return Log(path, version)


# Resources, not data: frames and frozen values, which nobody changes; a copy of each for every reader would cost more
# than their making.
@st.cache_resource(show_spinner=False, max_entries=300)
def frame(log: Log, query: str, where: str | None = None) -> pl.DataFrame:
    """Give the frame of one function of `pipeline.queries`; ``where`` is left out where it chooses nothing."""
    ask: Any = getattr(queries, query)
    found: pl.DataFrame = ask(log.workspace) if where is None else ask(log.workspace, where)
    return found


@st.cache_resource(show_spinner=False, max_entries=300)
def summary(log: Log, where: str | None = None) -> LogSummary:
    """Give the size of the log, or of the journeys that a condition chooses."""
    return queries.summary(log.workspace, where)


def n_journeys(log: Log, where: str | None) -> int:
    """Count the journeys that a condition chooses, or all."""
    return summary(log).journeys if where is None else frame(log, "journey_ids", where).height


def settled(log: Log, plan: JourneyMap | None, where: str | None) -> str | None:
    """Give a condition whose questions about the plan are answered: what anything but a comparison asks the log."""
    from pipeline.plan_questions import settled as answered

    return where if where is None else answered(log.workspace, plan, where)


@st.cache_resource(show_spinner=False, max_entries=300)
def timeline(log: Log, keys: Sequence[str]) -> pl.DataFrame:
    """Give the events of single journeys."""
    return queries.timeline(log.workspace, keys)


@st.cache_resource(show_spinner=False, max_entries=300)
def keys_of(log: Log, variant_id: int, where: str | None, limit: int) -> list[str]:
    """Give keys of journeys that take one path."""
    return queries.keys_of(log.workspace, variant_ids=[variant_id], where=where, limit=limit)


@st.cache_resource(show_spinner=False, max_entries=50)
def parsed(text: str, name: str) -> JourneyMap:
    """Read a map from its text."""
    return JourneyMap.parse(text, name)


@st.cache_resource(show_spinner=False, max_entries=30)
def findings(log: Log, text: str, name: str, where: str | None) -> Findings:
    """Compare the log with a map."""
    from pipeline.compare import compare

    return compare(log.workspace, parsed(text, name), where=where)


@st.cache_resource(show_spinner=False, max_entries=30)
def map_diff(old: str, new: str) -> MapDiff:
    """Compare two maps, given as texts that are known to be valid."""
    from pipeline.map_diff import map_diff as differ

    return differ(parsed(old, "old"), parsed(new, "new"))


@st.cache_resource(show_spinner=False, max_entries=30)
def versions(log: Log, texts: tuple[str, ...], where: str | None) -> VersionedFindings:
    """Compare each journey with the version of a map that was in force when it began."""
    from pipeline.versions import compare_versions

    return compare_versions(log.workspace, [parsed(text, "map") for text in texts], where=where)


@st.cache_resource(show_spinner=False, max_entries=10)
def discovered(log: Log, where: str | None) -> DiscoveredGraph:
    """Find the graph of the activities of the journeys that a condition chooses."""
    from pipeline.discover import discover

    return discover(log.workspace, where=where)


@st.cache_resource(show_spinner=False, max_entries=30)
def proposed(log: Log, where: str | None, coverage: float | None, goal: str | None) -> ProposedMap:
    """Make a first map of so many of the journeys, or of as many as give the best one."""
    from pipeline.proposed_map import propose_map

    return propose_map(discovered(log, where), coverage=coverage, goal=goal)


@st.cache_resource(show_spinner=False, max_entries=30)
def silence(log: Log, text: str) -> float | None:
    """Give the seconds of silence after which a journey counts as dropped; None where the log has no times."""
    from pipeline.window import window_of

    return window_of(log.workspace, parsed(text, "map")).inactive_after_s


@st.cache_resource(show_spinner=False, max_entries=30)
def quality(log: Log) -> QualityReport:
    """Look at the quality of the log."""
    return examine(log.workspace)


def plan() -> Plan | None:
    """Give the map in use; None where there is none yet."""
    if "map_text" not in st.session_state and (first := first_map(log())):
        use_plan(*first)
    text = st.session_state.get("map_text")
    if not text:
        return None
    name = st.session_state["map_name"]
    return Plan(name, text, parsed(text, name))


def use_plan(name: str, text: str) -> None:
    """Make a map, already known to be valid, the one in use."""
    st.session_state["map_name"], st.session_state["map_text"] = name, text


def first_map(log: Log) -> tuple[str, str] | None:
    """Give name and text of the map to start with: the one kept with the workspace, or the sample's for the sample."""
    kept = kept_plan(log.workspace)
    if kept is None and not log.is_empty and SAMPLE.name in frame(log, "sources")["name"].to_list():
        file = sample_map(SAMPLE_MAPS[0])
        return file.name, file.read_text(encoding="utf-8")
    return kept


def sample_map(name: str) -> Path:
    """Give the file of a map that ships with the sample."""
    return SAMPLE.with_name(f"{name}.yaml")


def use_workspace(path: Path) -> None:
    """Make a workspace the one of this session; filters and plan of the old one are forgotten."""
    if str(path) != workspace_path():
        from ui.filters import forget

        forget()
        st.session_state.pop("map_text", None)
    st.session_state["workspace"] = str(path)
    _opened_workspaces()[path.name] = path


def holds_only_the_sample(log: Log) -> bool:
    """Tell whether a workspace has been loaded from the sample and from nothing else."""
    return frame(log, "sources")["name"].to_list() == [SAMPLE.name]
