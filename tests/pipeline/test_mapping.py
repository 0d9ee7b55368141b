"""Which column is what: safe guesses, refusals that help, names that nearly fit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mining.errors import MappingError
from pipeline import queries
from pipeline.store import Workspace


def guessed(write: Callable[..., Path], header: str, *rows: str) -> tuple[str, str, str]:
    with Workspace() as ws:
        report = ws.ingest(write("\n".join([header, *rows]) + "\n"))
        assert report.mapping is not None
        assert all(0 <= g.confidence <= 1 and str(g.reason) for g in report.sources[0].guesses)
        shown = report.mapping.shown
        return shown("journey"), shown("activity"), shown("time")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("case_id,activity,timestamp", ("case_id", "activity", "timestamp")),
        ("CaseID,Activity,Complete Timestamp", ("CaseID", "Activity", "Complete Timestamp")),
        ("session_id,event,ts", ("session_id", "event", "ts")),
        ("customerId,action,created_at", ("customerId", "action", "created_at")),
        ("Mã khách hàng,Hoạt động,Thời gian", ("Mã khách hàng", "Hoạt động", "Thời gian")),
        ("Mã đơn,Sự kiện,Ngày", ("Mã đơn", "Sự kiện", "Ngày")),
        ("mã_hồ_sơ,trạng_thái,ngày_giờ", ("mã_hồ_sơ", "trạng_thái", "ngày_giờ")),
    ],
)
def test_usual_names_are_known(write: Callable[..., Path], header: str, expected: tuple[str, str, str]) -> None:
    assert (
        guessed(write, header, "a,view,2026-01-01 08:00", "a,buy,2026-01-01 09:00", "b,view,2026-01-02 08:00")
        == expected
    )


def test_a_clear_first_choice_wins_over_lesser_names(write: Callable[..., Path]) -> None:
    header = "user_id,session_id,event_name,event_time,updated_at,page"
    assert guessed(write, header, "u,s,view,2026-01-01,2026-01-05,home", "u,s,buy,2026-01-02,2026-01-05,cart") == (
        "session_id",
        "event_name",
        "event_time",
    )


def test_a_name_that_the_values_deny_is_not_taken(write: Callable[..., Path]) -> None:
    with pytest.raises(MappingError, match="which column is the time"):
        guessed(write, "case_id,activity,time", "a,view,1", "a,buy,2")


def test_doubt_is_refused_with_samples_and_options(write: Callable[..., Path]) -> None:
    with pytest.raises(MappingError) as caught:
        guessed(write, "order_id,ticket_id,event,time", "o1,t1,view,2026-01-01", "o1,t2,buy,2026-01-02")
    assert str(caught.value).splitlines() == [
        "log.csv: it cannot be told without doubt which column is the journey.",
        "  journey: it could be order_id, ticket_id. Give --journey COLUMN.",
        "  column 'order_id': o1",
        "  column 'ticket_id': t1, t2",
        "  column 'event': buy, view",
        "  column 'time': 2026-01-01, 2026-01-02",
    ]


def test_the_rest_is_guessed_around_what_was_given(workspace: Workspace, write: Callable[..., Path]) -> None:
    file = write("order_id,ticket_id,event,time\no1,t1,view,2026-01-01\n")
    mapping = workspace.ingest(file, journey="ticket_id").mapping
    assert mapping is not None
    assert (mapping.journey, mapping.activity, mapping.time) == (("ticket_id",), ("event",), ("time",))
    assert mapping.attributes == ("order_id",)


def test_all_wrong_names_are_told_at_once(workspace: Workspace, write: Callable[..., Path]) -> None:
    file = write("Mã đơn,Hoạt động,time\n1,x,2026-01-01\n")
    with pytest.raises(MappingError) as caught:
        workspace.ingest(file, journey="ma_don", activity="nothing", time="time", attributes=["times"])
    assert str(caught.value).splitlines() == [
        "log.csv does not have the columns that were named. Its columns are: Mã đơn, Hoạt động, time.",
        "  --journey 'ma_don': did you mean 'Mã đơn'?",
        "  --activity 'nothing': there is no such column.",
        "  --attribute 'times': did you mean 'time'?",
    ]


def test_the_channel_is_found_by_name_or_given(write: Callable[..., Path]) -> None:
    for header, options in (("Kênh", {}), ("where_from", {"channel": "where_from"})):
        with Workspace() as ws:
            ws.ingest(write(f"case_id,activity,time,{header}\n1,x,2026-01-01,web\n"), **options)
            assert queries.attributes(ws).select("name", "role").rows() == [(header, "channel")]


def test_the_mapping_is_kept_with_its_source(workspace: Workspace, write: Callable[..., Path]) -> None:
    workspace.ingest(write("case_id,activity,time,a\n1,x,2026-01-01,web\n"), timezone="Asia/Ho_Chi_Minh")
    assert queries.sources(workspace)["mapping"].str.json_path_match("$.timezone").to_list() == ["Asia/Ho_Chi_Minh"]
