"""The usual names of columns, English and Vietnamese, as `folded` leaves them.

Each name comes with how much it says by itself: 1 is the word of a standard, 0.9 leaves little doubt, below 0.8 it
needs company.
"""

from __future__ import annotations

import re

from mining.lookalikes import without_accents


def _named(names: str, weight: float) -> dict[str, float]:
    """Give each of the names, parted by semicolons, the weight."""
    return {name.strip(): weight for name in names.split(";")}


CUSTOMERS = (
    "user id; userid; visitor id; client id; customer id; customerid; user; customer; visitor; khach hang; ma khach "
    "hang; "
    "ma kh; ma khach; khach; id khach; id khach hang; "
    "nguoi dung; ma nguoi dung; patient id; student id; ma sinh vien; ma benh nhan; account id; "
    "member id; contact id; user pseudo id; client; distinct id; anonymous id; person id; device id; subscriber id; "
    "ma thue bao; so dien thoai; phone; phone number; email; e mail; customer email; requester id; loyalty id"
)

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
            "service id; service request id; case; session id; sessionid; session; visit id; ticket id; ticket; "
            "order id; ma don; phien; ma "
            "don hang; ma phien; ma ho so; so ho so; application id; claim id; incident id; process id; ma vu "
            "viec; ma yeu cau; request id; case number; ticket number; order number; trace; so don; "
            "registration; registration id; enrolment id; booking id; ma dang ky; ma dat cho",
            0.9,
        ),
        **_named(
            CUSTOMERS,
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
            "step; type; operation; url; page url; request; path; page path; uri; duong dan; service; action type; "
            "page; page name; status; trang thai; trang; name; activity id; state; "
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
            "end time; end date; updated at; modified; thoi gian ket thuc; ngay ket thuc; end; day; so ngay; relative "
            "day; days; ngay thu",
            0.65,
        ),
    },
    "end": {
        **_named(
            "end; end time; end date; end timestamp; ended at; finish time; finished at; complete timestamp; "
            "completion "
            "time; complete time; completed at; thoi gian ket thuc; ngay ket thuc; ket thuc; gio ket thuc; end "
            "datetime",
            0.9,
        ),
    },
    "start": {
        **_named(
            "start; start time; start date; start timestamp; started at; begin; begin time; thoi gian bat dau; ngay "
            "bat "
            "dau; bat dau; gio bat dau; start datetime",
            0.9,
        ),
    },
    "clock": {
        **_named("time; clock; hour; gio; time of day; gio phut; start time; event time; thoi gian", 0.9),
    },
    "order": {
        **_named(
            "sequence number; sequence; seq; seq no; event index; event number; step number; step no; event order; hit "
            "number; thu tu; thu tu su kien; so thu tu; buoc so; log position; order in session; event sequence",
            0.9,
        ),
        **_named("position; index; stt; order; rank; line number; event no; row number", 0.6),
    },
    "channel": {
        **_named(
            "channel; case channel; kenh; kenh ban; kenh giao tiep; kenh lien he; contact channel; sales channel", 0.9
        ),
        **_named("touch channel; utm medium; medium; origin; source; platform; via; nguon; nen tang; device type", 0.5),
    },
    "actor": {
        **_named(
            "org resource; resource; agent; agent name; agent id; employee; employee id; staff; handler; handled by; "
            "assignee; operator; performer; nhan vien; ma nhan vien; nhan vien xu ly; nguoi xu ly; tong dai vien; tu "
            "van "
            "vien; can bo; can bo xu ly; nguoi thuc hien",
            0.9,
        ),
        **_named("owner; responsible; case responsible; worker; user name; nguoi phu trach", 0.5),
    },
    "customer": {
        **_named(CUSTOMERS, 0.9),
    },
    "zone": {
        **_named("timezone; time zone; tz; mui gio; zone; utc offset; tz offset; timezone offset", 0.9),
    },
}
CHANNELS = frozenset(name for name, weight in NAMES["channel"].items() if weight >= 0.9)
ACTORS = frozenset(name for name, weight in NAMES["actor"].items() if weight >= 0.9)


def folded(name: str) -> str:
    """Give a column name without case, accents and punctuation.

    Examples
    --------
    >>> folded("Mã_Khách-Hàng"), folded("case:concept:name"), folded("CustomerID")
    ('ma khach hang', 'case concept name', 'customer id')
    """
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return " ".join(re.findall(r"[^\W_]+", without_accents(parted.casefold())))


def name_says(role: str, name: str) -> float:
    """Rate the name alone: known names fully, names that contain a known one a little.

    Examples
    --------
    >>> name_says("journey", "CaseID"), name_says("journey", "id_student"), round(name_says("time", "my event time"), 2)
    (0.95, 0.8, 0.57)
    """
    plain = folded(name)
    known = NAMES[role]
    turned = " ".join(reversed(plain.split(" ")))  # id_student, date_start
    if plain in known or (turned in known and plain.count(" ") == 1):
        return known.get(plain, known.get(turned, 0.0))
    inside = [weight for n, weight in known.items() if len(n) > 3 and f" {n} " in f" {plain} "]
    return 0.6 * max(inside) if inside else 0.0
