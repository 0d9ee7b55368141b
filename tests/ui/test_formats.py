"""Numbers, shares, durations and dates in English and Vietnamese."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

import pytest

from ui import formats
from ui.deviations import Seen, _base, slower
from ui.language import speaking


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (None, "–"),
        (0.0, "0%"),
        (0.00001, "< 0.1%"),
        (0.0123, "1.2%"),
        (0.0994, "9.9%"),
        (0.0996, "10%"),
        (0.314, "31%"),
        (0.993, "99.3%"),
        (0.99999, "> 99.9%"),
        (1.0, "100%"),
    ],
)
def test_a_share_never_claims_nothing_or_all(share: float | None, said: str) -> None:
    with speaking("en"):
        assert formats.percent(share) == said


@pytest.mark.parametrize(
    ("seconds", "english", "vietnamese"),
    [
        (None, "–", "–"),
        (0.0, "0 sec", "0 giây"),
        (90.0, "1.5 min", "1,5 phút"),
        (7200.0, "2 hr", "2 giờ"),
        (19 * 86400.0, "19 days", "19 ngày"),
        (-302400.0, "−3.5 days", "−3,5 ngày"),
    ],
)
def test_durations(seconds: float | None, english: str, vietnamese: str) -> None:
    with speaking("en"):
        assert formats.duration(seconds) == english
    with speaking("vi"):
        assert formats.duration(seconds) == vietnamese


def test_numbers_part_their_thousands_by_locale() -> None:
    with speaking("en"):
        assert (formats.number(32593), formats.compact(13087), formats.compact(2187)) == ("32,593", "13K", "2.2K")
    with speaking("vi"):
        assert formats.number(32593) == "32.593"


def test_differences_carry_their_sign() -> None:
    with speaking("en"):
        assert (formats.points(0.1194), formats.points(-0.5707), formats.points(None)) == ("+11.9", "−57.1", "–")
        assert [formats.points(d) for d in (0.0, -0.0, 0.0004, -0.0004, 0.0006)] == ["0.0"] * 4 + ["+0.1"]
        assert formats.points_interval(-0.593, -0.545) == "−59.3 – −54.5"


def test_intervals_have_a_decimal_where_it_matters() -> None:
    with speaking("en"):
        assert formats.interval(0.137, 0.168) == "14% – 17%"
        assert formats.interval(0.0796, 0.1038) == "8.0% – 10.4%"
        assert formats.interval(0.9967, 0.99975) == "99.7% – 99.98%"
        assert formats.interval(0.0, 0.0004) == "0.0% – 0.04%"
        assert formats.interval(0.00001, 1.0) == "0.001% – 100.0%"
        assert formats.interval(None, None) == "–"


def test_q_values_below_the_last_sign() -> None:
    with speaking("en"):
        assert [formats.q_value(q) for q in (1e-90, 0.0456, None)] == ["< 0.001", "0.046", "–"]
        assert formats.q_equals(0.0456) == "= 0.046"


def test_midnight_is_a_day() -> None:
    day, hour = datetime(2013, 10, 1, tzinfo=UTC), datetime(2013, 10, 1, 9, 5, tzinfo=UTC)
    with speaking("en"):
        assert (formats.moment(day), formats.moment(hour)) == ("Oct 1, 2013", "Oct 1, 2013, 09:05")
    with speaking("vi"):
        assert (formats.moment(day), formats.moment(hour)) == ("01/10/2013", "01/10/2013, 09:05")
        assert formats.period(day, datetime(2014, 3, 28, tzinfo=UTC)) == "01/10/2013 – 28/03/2014"
        assert formats.period(day, hour) == "01/10/2013"


def test_a_share_of_half_a_tenth_of_a_percent_is_not_nothing() -> None:
    with speaking("en"):
        assert formats.percent(1 / 2000) == "0.1%"
        assert formats.interval(0.0004, 0.0005) == "0.04% \u2013 0.1%"


def test_sizes() -> None:
    with speaking("en"):
        assert (formats.size(1_036_444), formats.size(12_300)) == ("1 MB", "12 kB")
        assert (formats.size(43), formats.size(1)) == ("43 bytes", "1 byte")


def test_a_difference_of_times_is_sooner_or_later_never_less_than_nothing() -> None:
    with speaking("en"):
        assert [slower(s) for s in (-18 * 86400.0, 7200.0, None)] == ["18 days sooner", "2 hr later", "–"]


def test_a_sentence_about_one_is_singular() -> None:
    with speaking("en"):
        assert _base(cast(Seen, None), {"kind": "late", "of": 1}) == "The share is of 1 journey."
        assert _base(cast(Seen, None), {"kind": "late", "of": 2}) == "The share is of all 2 journeys."
