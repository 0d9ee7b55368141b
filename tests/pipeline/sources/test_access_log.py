"""Access logs: every part of a line, and the lines that are none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline import queries
from pipeline.sources import access_log, find, read
from pipeline.store import Workspace

COMBINED = r"""1.2.3.4 - - [17/May/2025:10:05:03 +0700] "GET /a?x=1&y= HTTP/1.1" 200 203 "http://x.y/" "Moz (X; \"z\")"
2001:db8::1 - frank [17/May/2025:10:05:43 +0000] "POST /cart HTTP/2.0" 302 - "-" "-"
this is not a line of the log

1.2.3.4 - - [17/May/2025:10:05:47 +0000] "-" 408 0 "-" "-"
1.2.3.4 - - [99/May/2025:10:05:47 +0000] "GET / HTTP/1.0" 408 0 "-" "-"
shop.example:443 1.2.3.4 - john smith [17/May/2025:10:05:47 -0230] "GET /x%20y HTTP/1.0" 200 9 "-" "curl" "extra"
::1 - - [17/May/2025:10:05:48 +0000] "\x16\x03\x01" 400 157
"""


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_every_part(write: Callable[..., Path], ends: str) -> None:
    source = find([write(COMBINED.replace("\n", ends), "access.log")])[0]
    assert source.format == "access_log"
    with Workspace() as ws, ws.change(keep=False) as db:
        raw = read(db, source, "r")
        place = {c.name: c.column for c in raw.columns}

        def column(name: str) -> list[object]:
            return [value for (value,) in db.rows(f"SELECT {place[name]} FROM r ORDER BY row_no")]

        assert column("host") == ["1.2.3.4", "2001:db8::1", "1.2.3.4", "1.2.3.4", "::1"]
        assert column("user") == [None, "frank", None, "john smith", None]
        assert column("method") == ["GET", "POST", None, "GET", None]
        assert column("path") == ["/a", "/cart", None, "/x%20y", r"\x16\x03\x01"]
        assert column("query") == ["x=1&y=", None, None, None, None]
        assert column("status") == [200, 302, 408, 200, 400]
        assert column("bytes") == [203, None, 0, 9, 157]
        assert column("referrer") == ["http://x.y/", None, None, None, None]
        assert column("agent") == ['Moz (X; "z")', None, None, "curl", None]
        assert column("visitor")[:2] == ['1.2.3.4 Moz (X; "z")', "2001:db8::1"]
        assert [str(t)[:19] for t in column("time")][:4] == [
            "2025-05-17 03:05:03",
            "2025-05-17 10:05:43",
            "2025-05-17 10:05:47",
            "2025-05-17 12:35:47",
        ]
        lines = COMBINED.splitlines()
        assert db.rows(f"SELECT line_no, raw FROM {raw.unread} ORDER BY 1") == [(3, lines[2]), (6, lines[5])]
        assert raw.lines([0, 1, 2, 3, 4]) == {0: 1, 1: 2, 2: 5, 3: 7, 4: 8}
        assert db.rows(f"SELECT {raw.raw} FROM r WHERE row_no = 3") == [(lines[6],)]


def test_both_ways_to_take_a_line_apart_agree(write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        f'h{n} - u{n} [17/May/2025:10:05:0{n} +0000] "{request}" {status}{rest}'
        for n, request in enumerate(["GET /a HTTP/1.1", "GET /a?b=1?c", "get /a", "GET", "PUT /a b HTTP/1.0", "", "-"])
        for status in ("200 1", "- -")
        for rest in ("", ' "r" "a b"', ' "-" "" 0.5', ' "" "x" "y"', " 17")
    ]
    path = write("\n".join(lines), "access.log")
    found = []
    for pattern in (access_log.SIMPLE, "^$"):
        monkeypatch.setattr(access_log, "SIMPLE", pattern)
        with Workspace() as ws, ws.change(keep=False) as db:
            raw = read(db, find([path])[0], "r")
            found.append((db.rows("FROM r ORDER BY row_no"), db.rows(f"FROM {raw.unread}")))
    assert len(found[0][0]) == len(lines)
    assert found[0] == found[1]


def test_it_loads_without_a_word(write: Callable[..., Path]) -> None:
    with Workspace() as ws:
        report = ws.ingest(write(COMBINED, "access.log"))
        assert (report.rows_in, report.rows_kept, report.journeys) == (7, 4, 4)
        log = queries.summary(ws)
        assert log.start == datetime(2025, 5, 17, 3, 5, 3, tzinfo=UTC)
        assert queries.rejects(ws).select("line_no", "reason").rows() == [
            (3, "unreadable row"),
            (5, "missing activity"),
            (6, "unreadable row"),
        ]
