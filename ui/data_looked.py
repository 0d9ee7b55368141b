"""What is known of a chosen file before it is loaded, computed once: its first part, its columns, what roles give."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from mining.errors import DesirePathError
from pipeline.ingest_report import IngestReport
from pipeline.loading import estimated_rows
from pipeline.preview import Preview, RoleCheck, check, head, preview, rehearse
from pipeline.sources.postgres import address_in
from pipeline.store import Workspace
from ui.data_choose import Given, changed, room

Key = tuple[tuple[str, str], ...]
"""Options as a key: names with their values as JSON."""


def frozen(options: Mapping[str, Any]) -> Key:
    """Give options as a value that can be hashed."""
    return tuple(sorted((name, json.dumps(value, default=list)) for name, value in options.items()))


def thawed(options: Key) -> dict[str, Any]:
    """Read what `frozen` gave."""
    return {name: json.loads(value) for name, value in options}


def places(given: Given) -> list[Path]:
    """Give the files that can be looked into: a folder's logs one by one, an archive by its first log."""
    if given.is_server:
        return [Path(given.name)]
    return list(dict.fromkeys(log.archive or log.path for log in given.logs))


def first_part(place: Path) -> tuple[Path, bool]:
    """Give a file that is quickly read, and whether it is the whole."""
    return (place, True) if address_in(place) else _head(str(place), changed(str(place)))


@st.cache_resource(show_spinner=False, max_entries=100)
def _head(place: str, _changed: float) -> tuple[Path, bool]:
    return head(Path(place), Path(tempfile.mkdtemp(dir=room())))


def look(place: Path, reading: Mapping[str, Any]) -> Preview:
    """Look into a file. Columns that are an event each stay columns here, so that their roles can be seen."""
    part, _whole = first_part(place)
    return _look(str(part), changed(str(part)), frozen(reading))


@st.cache_resource(show_spinner=False, max_entries=50)
def _look(part: str, _changed: float, reading: Key) -> Preview:
    said = thawed(reading)
    seen = preview(Path(part), **said)
    if not seen.moments:
        return seen
    plain = preview(Path(part), **said, activity=())
    return replace(plain, moments=seen.moments)


def checked(place: Path, options: Mapping[str, Any]) -> RoleCheck:
    """Say what roles make of a file."""
    part, _whole = first_part(place)
    return _check(str(part), changed(str(part)), frozen(options))


@st.cache_resource(show_spinner=False, max_entries=100)
def _check(part: str, _changed: float, options: Key) -> RoleCheck:
    return check(Path(part), **thawed(options))


def rehearsed(place: Path, options: Mapping[str, Any]) -> IngestReport:
    """Say what a load would keep."""
    part, _whole = first_part(place)
    return _rehearse(str(part), changed(str(part)), frozen(options))


@st.cache_resource(show_spinner=False, max_entries=50)
def _rehearse(part: str, _changed: float, options: Key) -> IngestReport:
    return rehearse(Path(part), **thawed(options))


def trial(place: Path, options: Mapping[str, Any]) -> Workspace:
    """Load the first part of a file into memory, to try out what makes a journey."""
    part, _whole = first_part(place)
    return _trial(str(part), changed(str(part)), frozen(options))


@st.cache_resource(show_spinner=False, max_entries=6, on_release=lambda workspace: workspace.close())
def _trial(part: str, _changed: float, options: Key) -> Workspace:
    workspace = Workspace()
    try:
        workspace.ingest(Path(part), **thawed(options))
    except DesirePathError:
        workspace.close()
        raise
    return workspace


def rows_ahead(found: list[Path], rows: int) -> int | None:
    """Estimate the rows of all files by those of the first part of the first."""
    if not found or address_in(found[0]):
        return None
    part, _whole = first_part(found[0])
    first = estimated_rows(found[0], part, rows)
    if first is None or len(found) == 1:
        return first
    sizes = [place.stat().st_size for place in found if place.is_file()]
    return round(first * sum(sizes) / sizes[0]) if sizes and sizes[0] else first
