"""Sequence files: one journey per line, no time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mining.errors import SourceError
from pipeline import queries
from pipeline.sources import find, read
from pipeline.store import Workspace

Write = Callable[..., Path]
MSNBC = "% Different categories found in input file:\n\nfront news tech\n\n\n% Sequences:\n\n1 1 \n2 \n\n3 2 2 \n"
SPMF = "@CONVERTED_FROM_TEXT\n@ITEM=1=apple\n@ITEM=2=pear\n1 -1 2 -1 1 -1 -2\n2 -1 -2\n1 2 -1 7 -1 -2\n"


def journeys(path: Path, **options: str) -> tuple[dict[str, list[str]], list[str]]:
    with Workspace() as ws:
        report = ws.ingest(path, **options)
        names = dict(queries.activities(ws).select("activity", "name").iter_rows())
        keys = queries.journeys(ws)["key"].to_list()
        timeline = queries.timeline(ws, keys)
        found: dict[str, list[str]] = {}
        for row in timeline.sort("key", "position").iter_rows(named=True):
            found.setdefault(row["key"], []).append(names.get(row["activity"], row["activity"]))
        return found, [str(w) for w in report.warnings]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_codes_with_a_legend(write: Write, ends: str) -> None:
    found, said = journeys(write(MSNBC.replace("\n", ends), "a.txt"))
    assert found == {"1": ["front", "front"], "2": ["news"], "3": ["tech", "news", "news"]}
    assert "a.txt numbers its activities; they were given the 3 names in its header, from front on." in said
    assert "a.txt has no times: all that needs them stays unknown" in said


def test_spmf(write: Write) -> None:
    found, _ = journeys(write(SPMF, "a.txt"))
    assert found == {"1": ["apple", "pear", "apple"], "2": ["pear"], "3": ["apple", "pear", "7"]}


@pytest.mark.parametrize("mark", [" ", ",", "\t", ";", " -> "])
def test_words_between_marks(write: Write, mark: str) -> None:
    text = f"Xem{mark}Mua\nXem\n\nXem{mark}Xem{mark}Rời đi\n"
    found, _ = journeys(write(text, "a.seq")) if mark != " " else journeys(write(text.replace(" đi", ""), "a.seq"))
    assert found["1"] == ["Xem", "Mua"]
    assert [len(found[key]) for key in "123"] == [2, 1, 3]


def test_a_table_is_no_sequence(write: Write) -> None:
    assert find([write("case activity\n1 x\n2 y\n", "a.txt")])[0].format == "csv"
    assert find([write("a,b\n1,2\n")])[0].format == "csv"


def test_lines_and_refusals(write: Write) -> None:
    with pytest.raises(SourceError, match="holds no sequence"):
        journeys(write("% nothing\n\n", "a.seq"))
    found, _ = journeys(write(b"a b\n" + b"x" * 5_000_000 + b"\nb c\n", "a.seq"))
    assert found == {"1": ["a", "b"], "2": ["b", "c"]}


def test_msnbc(shared_data: Path) -> None:
    source = find([shared_data / "msnbc_clickstream" / "msnbc990928.zip"])[0]
    assert (source.name, source.format) == ("msnbc990928.zip/msnbc990928.seq", "sequence")
    with Workspace() as ws, ws.change(keep=False) as db:
        read(db, source, "r")
        assert db.rows("SELECT count(*), count(DISTINCT c1), count(DISTINCT c2) FROM r") == [(4_698_794, 989_818, 17)]
        paths = "SELECT list(c2 ORDER BY row_no) AS path FROM r GROUP BY c1"
        assert db.value(f"SELECT count(DISTINCT path) FROM ({paths})") == 169_714
        assert db.value("SELECT count(*) FROM r WHERE c2 = 'on-air'") > 0
