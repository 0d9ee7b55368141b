"""Known exports are recognised by their columns, come in by name too, and a broken preset says what is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mining.errors import MappingError
from pipeline import queries
from pipeline.columns import presets
from pipeline.ingest_report import IngestReport
from pipeline.preview import preview
from pipeline.store import Workspace

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "presets"
FILES = sorted(SAMPLES.iterdir(), key=lambda path: path.stem)
# journeys, events, activities; first event
KNOWN: dict[str, tuple[int, int, int, str]] = {
    "amplitude": (3, 4, 2, "2026-02-03T01:30:00.123000+00:00"),
    "ga4": (3, 6, 4, "2026-02-03T01:30:00+00:00"),
    "matomo": (2, 5, 4, "2026-02-03T01:30:00+00:00"),
    "mixpanel": (2, 4, 2, "2026-02-03T01:30:00+00:00"),
    "posthog": (3, 5, 3, "2026-02-03T01:30:00+00:00"),
    "rudderstack": (3, 4, 3, "2026-02-03T01:30:00.381000+00:00"),
    "segment": (2, 4, 3, "2026-02-03T01:30:00.120000+00:00"),
    "segment-warehouse": (2, 4, 2, "2026-02-03T01:30:00+00:00"),
    "shopify-orders": (3, 7, 4, "2026-02-03T01:30:00+00:00"),
    "snowplow": (3, 4, 3, "2026-02-03T01:30:01+00:00"),
    "xes": (2, 3, 2, "2026-02-03T01:30:00+00:00"),
    "zendesk-json": (2, 5, 4, "2026-02-03T01:30:00+00:00"),
    "zendesk-tickets": (3, 9, 4, "2026-02-03T08:30:00+00:00"),
}
SESSIONS = {
    "mixpanel": 3,
    "segment": 3,
    "segment-warehouse": 3,
}  # journeys when the preset is named, as customers are then split at silence


def loaded(path: Path, **options: Any) -> tuple[tuple[int, int, int, str], IngestReport]:
    with Workspace() as ws:
        report = ws.ingest(path, **options)
        log = queries.summary(ws)
        assert log.start is not None
        return (log.journeys, log.events, log.activities, log.start.isoformat()), report


def test_every_preset_has_a_sample() -> None:
    assert [path.stem for path in FILES] == sorted(KNOWN) == [preset.name for preset in presets.presets()]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_export_is_recognised_by_its_columns(path: Path) -> None:
    found, report = loaded(path)
    assert found == KNOWN[path.stem]
    product = presets.preset_named(path.stem).product
    reasons = {str(guess.reason) for guess in report.sources[0].guesses}
    assert f"it looks like an export of {product}" in reasons or path.stem == "xes"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_export_comes_in_by_the_name_of_its_preset(path: Path) -> None:
    found, _ = loaded(path, preset=path.stem)
    assert found == (SESSIONS.get(path.stem, KNOWN[path.stem][0]), *KNOWN[path.stem][1:])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_preview_proposes_what_the_load_does(path: Path) -> None:
    seen = preview(path)
    assert seen.preset is not None
    assert seen.preset.name == path.stem
    assert loaded(path, **seen.proposed)[0] == KNOWN[path.stem]


def test_moments_of_a_ticket_are_its_path() -> None:
    with Workspace() as ws:
        report = ws.ingest(SAMPLES / "zendesk-tickets.csv", timezone="Asia/Ho_Chi_Minh")
        steps = queries.timeline(ws, ["31"]).select("activity", "time").iter_rows()
        path = [(activity, time.isoformat()) for activity, time in steps]
    assert path == [
        ("Created", "2026-02-03T01:30:00+00:00"),
        ("First assigned", "2026-02-03T02:00:00+00:00"),
        ("Assigned", "2026-02-03T04:00:00+00:00"),
        ("Solved", "2026-02-04T09:45:00+00:00"),
    ]
    assert report.mapping is not None
    assert (report.mapping.channel, report.mapping.actor) == ("Via", "Assignee")


def test_lines_of_an_order_without_a_date_are_told_with_their_line() -> None:
    with Workspace() as ws:
        report = ws.ingest(SAMPLES / "shopify-orders.csv")
        rejects = queries.rejects(ws, 10).select("line_no", "reason").rows()
    assert report.reasons == {"missing time": 1}
    assert rejects == [(3, "missing time")]


def test_a_date_that_further_lines_of_an_order_repeat_is_one_event(write: Callable[..., Path]) -> None:
    header, first, second, *rest = (SAMPLES / "shopify-orders.csv").read_text().splitlines()
    cells = second.split(",")
    cells[header.split(",").index("Created at")] = "2026-02-03 08:30:00 +0700"
    path = write("\n".join([header, first, ",".join(cells), *rest]) + "\n")
    found, report = loaded(path)
    assert found == KNOWN["shopify-orders"]
    assert report.reasons == {"missing time": 1}


def test_goals_and_events_of_a_visit_have_their_names(write: Callable[..., Path]) -> None:
    actions = [
        {"type": "action", "pageTitle": "Cart", "timestamp": 1770082200},
        {"type": "event", "eventCategory": "Video", "eventAction": "Play", "timestamp": 1770082260},
        {"type": "goal", "goalName": "Order", "timestamp": 1770082320},
    ]
    path = write(json.dumps([{"idVisit": "1", "visitorId": "a", "actionDetails": actions}]), "visits.json")
    with Workspace() as ws:
        report = ws.ingest(path)
        activities = queries.timeline(ws, ["1"])["activity"].to_list()
    assert (report.rows_kept, activities) == (3, ["Cart", "Video Play", "Order"])


def test_what_was_said_wins_over_the_preset() -> None:
    _, report = loaded(SAMPLES / "posthog.jsonl", preset="posthog", journey="distinct_id", channel="event")
    assert report.mapping is not None
    assert (report.mapping.journey, report.mapping.activity) == (("distinct_id",), ("event",))
    assert report.journeys == 2


def test_an_unknown_preset_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(MappingError, match=r"no preset 'posthogg'. Did you mean 'posthog'\? There are: amplitude, ga4"):
        loaded(SAMPLES / "posthog.jsonl", preset="posthogg")


def test_a_file_that_is_no_such_export_is_refused(write: Callable[..., Path]) -> None:
    with pytest.raises(MappingError) as caught:
        loaded(write("a,event\n1,x\n"), preset="posthog")
    assert str(caught.value).splitlines() == [
        "log.csv is no export of PostHog, as the preset 'posthog' knows it. Its columns are: a, event.",
        "  journey: none of the columns properties.$session_id, session_id, $session_id, person_id, distinct_id",
        "  time: none of the columns timestamp",
    ]


def test_all_faults_of_a_preset_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text(
        "name: store\nproduct: Shop\ntitle: {en: Shop}\nabout: {en: a, vi: b}\nsources: []\nrecognised_by: [a]\n"
        "roles: {journey: [a], activity: b, hour: [c]}\noptions: {colour: red}\n"
    )
    with pytest.raises(MappingError) as caught:
        presets.read_preset(path)
    assert [line.strip() for line in str(caught.value).splitlines()[1:]] == [
        "its name must be that of its file, 'shop'",
        "'title' must have a text for each of: en, vi",
        "'sources' must be a list of texts",
        "'roles.hour' is not known",
        "'roles.activity' must be a list of columns",
        "'roles.time' is missing",
        "'options.colour' is not known",
    ]


def test_a_preset_that_is_no_mapping_or_no_yaml(tmp_path: Path) -> None:
    for text in ("- a\n", "a: [\n", "name: x\ncolour: red\n"):
        path = tmp_path / "x.yaml"
        path.write_text(text)
        with pytest.raises(MappingError, match="is no preset"):
            presets.read_preset(path)
