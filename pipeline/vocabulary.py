"""The usual names of columns, English and Vietnamese, folded as `pipeline.mapping.folded` does.

Each name comes with how much it says by itself: 1 is the word of a standard, 0.9 leaves little doubt, below 0.8 it
needs company.
"""

from __future__ import annotations


def _named(names: str, weight: float) -> dict[str, float]:
    """Give each of the names, parted by semicolons, the weight."""
    return {name.strip(): weight for name in names.split(";")}


NAMES: dict[str, dict[str, float]] = {
    "journey": {
        **_named(
            "case concept name",
            1.0,
        ),
        **_named(
            "case id; caseid; case key; journey id; journey; trace id; ma hanh trinh",
            0.95,
        ),
        **_named(
            "case; session id; sessionid; session; visit id; ticket id; ticket; order id; ma don; phien; ma "
            "don hang; ma phien; ma ho so; so ho so; application id; claim id; incident id; process id; ma vu "
            "viec; ma yeu cau; request id; case number; ticket number; order number; trace; so don; "
            "registration; registration id; enrolment id; booking id; ma dang ky; ma dat cho",
            0.9,
        ),
        **_named(
            "user id; userid; visitor id; client id; customer id; customerid; user; customer; visitor; khach "
            "hang; ma khach hang; ma kh; id khach hang; nguoi dung; ma nguoi dung; patient id; student id; ma "
            "sinh vien; ma benh nhan; account id; member id; contact id; user pseudo id; client",
            0.8,
        ),
    },
    "activity": {
        **_named(
            "concept name",
            1.0,
        ),
        **_named(
            "activity; activity name; hoat dong; ten hoat dong",
            0.95,
        ),
        **_named(
            "event; event name; event type; action; su kien; ten su kien; loai su kien; hanh dong; task; "
            "activity type; touchpoint; diem cham; thao tac; buoc; cong viec",
            0.9,
        ),
        **_named(
            "step; type; operation; page; page name; status; trang thai; trang; name; activity id; state; "
            "message; screen",
            0.75,
        ),
    },
    "time": {
        **_named(
            "time timestamp",
            1.0,
        ),
        **_named(
            "timestamp; complete timestamp; event time; event timestamp; thoi gian; thoi diem",
            0.95,
        ),
        **_named(
            "time; ts; datetime; date time; occurred at; ngay gio; completion time; event date; event ts; end "
            "timestamp; complete time; thoi gian su kien",
            0.9,
        ),
        **_named(
            "date; ngay; created at; created; start timestamp; start time; start date; ngay tao; thoi gian "
            "bat dau; ngay bat dau; gio; start; started at; logged at",
            0.8,
        ),
        **_named(
            "end time; end date; updated at; modified; thoi gian ket thuc; ngay ket thuc; end",
            0.65,
        ),
    },
}
CHANNELS = frozenset(
    {
        "channel",
        "case channel",
        "kenh",
        "kenh ban",
        "kenh giao tiep",
        "kenh lien he",
        "contact channel",
        "sales channel",
    }
)
