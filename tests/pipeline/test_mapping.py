"""Which column is what: safe guesses, refusals that help, names that nearly fit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mining.errors import MappingError
from pipeline import queries
from pipeline.preview import preview
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


def proposed(write: Callable[..., Path], header: str, *rows: str) -> dict[str, tuple[str, str]]:
    """Give the best guess of each role with its reason."""
    seen = preview(write("\n".join([header, *rows]) + "\n"))
    assert all(0 < g.confidence <= 1 for guesses in seen.guesses.values() for g in guesses)
    return {role: (guesses[0].column, str(guesses[0].reason)) for role, guesses in seen.guesses.items()}


def test_every_role_is_proposed_with_a_reason(write: Callable[..., Path]) -> None:
    header = "Mã phiên,Khách hàng,Thao tác,Bắt đầu,Kết thúc,Kênh,Nhân viên,Thứ tự,Múi giờ"
    row = "s1,An,xem,2026-01-01 08:00,2026-01-01 08:05,web,Hoa,{},Asia/Ho_Chi_Minh"
    assert proposed(write, header, row.format(1), row.format(2)) == {
        "journey": ("Mã phiên", "its name, and values that come back"),
        "customer": ("Khách hàng", "its name tells a person or a company"),
        "activity": ("Thao tác", "its name, and only 1 different values"),
        "time": ("Bắt đầu", "its name: when an event began; another column has its end"),
        "end": ("Kết thúc", "its name, and another column says when the event began"),
        "channel": ("Kênh", "its name, and only 1 different values"),
        "actor": ("Nhân viên", "its name"),
        "order": ("Thứ tự", "its name, and values that are all numbers"),
        "zone": ("Múi giờ", "its name, and values that are time zones"),
    }


def test_an_id_inside_text_and_a_page_are_proposed_as_patterns(write: Callable[..., Path]) -> None:
    rows = [f"The user with id '{n}' came,https://a.example/p{n}?x=1,2026-01-01" for n in (4, 5, 12)]
    seen = preview(write("\n".join(["note,page,time", *rows]) + "\n"))
    assert seen.proposed == {
        "journey": ("note",),
        "journey_pattern": r"user with id(?: is|:|=|#)? ?'([\w-]+)",
        "activity": ("page",),
        "activity_pattern": "url-path",
        "time": ("time",),
    }


def test_what_has_no_usual_name_is_proposed_by_its_values(write: Callable[..., Path]) -> None:
    rows = [f"k{n},{'xyz'[n % 3]},2026-01-0{n + 1},{n * 1.5}" for n in range(6)] * 2
    found = proposed(write, "one,two,three,four", *rows)
    assert found["activity"][0] in ("one", "two")
    assert found["time"] == ("three", "its values read as times")
    with pytest.raises(MappingError, match="which column is the journey, activity"):
        guessed(write, "one,two,three,four", *rows)


def test_the_actor_and_the_channel_are_marked(write: Callable[..., Path]) -> None:
    with Workspace() as ws:
        report = ws.ingest(write("case_id,activity,time,org:resource,channel\n1,x,2026-01-01,Hoa,web\n"))
        assert report.mapping is not None
        assert (report.mapping.actor, report.mapping.channel) == ("org:resource", "channel")


@pytest.mark.parametrize(
    ("header", "rows", "expected"),
    [
        ("case,activity,date", ("A,x,20260313", "A,y,20260314"), "date"),
        ("case,activity,date,time", ("A,x,20260313,08:00:00", "A,y,20260314,23:59:59"), "date + time"),
        ("case,activity,date,ts", ("A,x,20260313,1767225600", "A,y,20260314,1767225700"), "ts"),
    ],
)
def test_dates_of_eight_digits_are_times_where_their_name_says_so(
    write: Callable[..., Path], header: str, rows: tuple[str, ...], expected: str
) -> None:
    assert guessed(write, header, *rows) == ("case", "activity", expected)


def test_numbers_that_are_no_dates_are_not_taken_for_them(write: Callable[..., Path]) -> None:
    with pytest.raises(MappingError, match="which column is the time"):
        guessed(write, "case,activity,date", "A,x,20260313", "A,y,20261314")
