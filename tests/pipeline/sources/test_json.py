"""JSON in all its forms comes in as the json module reads it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mining.errors import SourceError
from pipeline.options import Reading
from pipeline.sources.json_documents import NO_EVENTS, read_json
from pipeline.sources.json_shape import look, nested_events
from pipeline.sources.raw import UNREADABLE_ROW, Source
from pipeline.store import Workspace

Write = Callable[..., Path]


@cache
def empty_workspace() -> Workspace:
    """Give one workspace for all readings: nothing of them is kept."""
    return Workspace()


def loaded(path: Path) -> tuple[list[dict[str, Any]], list[tuple[Any, ...]], list[str], dict[int, int]]:
    """Give the rows by column name without what is null, the unread rows, the notes and the lines of the rows."""
    with empty_workspace().change(keep=False) as db:
        raw = read_json(db, Source(path, "jsonl", path.stat().st_size, ""), "raw", Reading())
        chosen = ", ".join(c.column for c in raw.columns)
        found = db.rows(f"SELECT {chosen} FROM raw ORDER BY row_no")
        names = [c.name for c in raw.columns]
        rows = [{n: v for n, v in zip(names, row, strict=True) if v is not None} for row in found]
        unread = db.rows(f"SELECT line_no, reason, raw FROM {raw.unread} ORDER BY line_no")
        return rows, unread, [str(note) for note in raw.notes], dict(raw.lines(range(len(rows))))


EVENTS = [{"case": str(n), "what": w} for n, w in enumerate(["a", "b \u2028", 'q"\\', "đổi ý 😀"])]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(map(json.dumps, EVENTS)),
        "\r\n".join(json.dumps(e, ensure_ascii=False) for e in EVENTS) + "\r\n",
        "\ufeff" + json.dumps(EVENTS),
        json.dumps(EVENTS, indent=2),
        "\n".join(json.dumps(e, indent=1) for e in EVENTS),
        "".join(map(json.dumps, EVENTS)),
        json.dumps({"events": EVENTS}),
        json.dumps({"data": EVENTS}, indent=4),
        json.dumps({"results": EVENTS}),
        json.dumps({"tickets": EVENTS}),
        json.dumps({"data": [{"events": EVENTS[:2]}, {"events": EVENTS[2:]}]}),
    ],
    ids=[
        "lines",
        "crlf",
        "array",
        "pretty array",
        "pretty objects",
        "one line",
        "events",
        "data",
        "results",
        "any",
        "two",
    ],
)
def test_every_form_gives_the_same_rows(write: Write, text: str) -> None:
    """Lines, arrays, objects in a row and wrapped arrays are the same log."""
    rows, unread, _, _ = loaded(write(text, "log.json"))
    assert rows == EVENTS
    assert unread == []


def test_sessions_with_their_events(shared_data: Path) -> None:
    """One session per line: known counts of the OTTO sample, without a word about its columns."""
    with Workspace() as workspace:
        report = workspace.ingest(shared_data / "otto_sample/train.jsonl")
        assert (report.journeys, report.events, report.activities) == (20, 862, 3)
    rows, _, _, lines = loaded(shared_data / "otto_sample/train.jsonl")
    assert list(rows[0]) == ["session", "aid", "ts", "type"]
    flat = [
        {"session": str(line["session"]), **{k: str(v) for k, v in event.items()}}
        for line in map(json.loads, (shared_data / "otto_sample/train.jsonl").read_text().splitlines())
        for event in line["events"]
    ]
    assert rows == flat
    assert lines[0] == 1
    assert lines[861] == 20


def test_lines_that_are_no_objects_keep_their_number(write: Write) -> None:
    """A bad line is put aside with its number and text, and the others are read."""
    rows, unread, _, lines = loaded(
        write('{"a": 1}\n\n{"a": \n[1]\n5\n{"a": NaN}\n{"a": "\\ud800"}\n{"a": 2, "a": 3}\n')
    )
    assert rows == [{"a": "1"}, {"a": "NaN"}, {"a": "2"}]
    assert [(line, reason) for line, reason, _ in unread] == [(n, UNREADABLE_ROW) for n in (3, 4, 5, 7)]
    assert lines == {0: 1, 1: 6, 2: 8}


def test_numbers_keep_their_digits(write: Write) -> None:
    """Ids beyond 64 bits and beyond the whole numbers of a float stay what they are."""
    ids = [2**53 + 1, 2**63, 2**64 + 1, 10**30, -(2**63) - 1]
    rows, _, _, _ = loaded(write("\n".join(json.dumps({"id": n}) for n in ids)))
    assert [row["id"] for row in rows] == [str(n) for n in ids]


def test_nested_objects_and_pairs_become_columns(write: Write) -> None:
    """The shape of the GA4 export: typed pairs, and objects in objects."""
    event = {
        "event_timestamp": "1767225600000000",
        "event_name": "page_view",
        "user_pseudo_id": "1.2",
        "event_params": [
            {"key": "page_location", "value": {"string_value": "https://example.org/"}},
            {"key": "ga_session_id", "value": {"int_value": "17"}},
            {"key": "nothing", "value": {}},
        ],
        "items": [{"item_id": "x"}],
        "device": {"category": "mobile", "web": {"browser": "b"}},
    }
    other = {"event_params": [{"key": "engaged", "value": {"double_value": 0.5}}], "device": None}
    rows, _, _, _ = loaded(write(json.dumps(event) + "\n" + json.dumps(other)))
    assert rows[0] == {
        "event_timestamp": "1767225600000000",
        "event_name": "page_view",
        "user_pseudo_id": "1.2",
        "event_params.page_location": "https://example.org/",
        "event_params.ga_session_id": "17",
        "items": '[{"item_id":"x"}]',
        "device.category": "mobile",
        "device.web.browser": "b",
    }
    assert rows[1] == {"event_params.engaged": "0.5"}


def test_plain_pairs_become_columns(write: Write) -> None:
    """Custom fields as Zendesk writes them."""
    rows, _, _, _ = loaded(write('{"id": 1, "custom_fields": [{"id": 360, "value": "x"}, {"id": 361, "value": null}]}'))
    assert rows == [{"id": "1", "custom_fields.360": "x"}]


def test_what_stands_beside_events_is_repeated(write: Write) -> None:
    """Outer fields come first; an object without its list is put aside; empty lists are counted."""
    text = (
        '{"id": 7, "user": {"plan": "pro"}, "events": [{"id": 1, "ts": 5}, 3, {"id": 2, "ts": 6}]}\n'
        '{"id": 8, "events": []}\n{"id": 9}\n'
    )
    rows, unread, notes, lines = loaded(write(text))
    assert rows == [
        {"id": "7", "user.plan": "pro", "id_1": "1", "ts": "5"},
        {"id": "7", "user.plan": "pro", "id_1": "2", "ts": "6"},
    ]
    assert unread == [(1, UNREADABLE_ROW, "3"), (3, NO_EVENTS, '{"id": 9}')]
    assert notes == ["Objects with an empty list of events: 1"]
    assert lines == {0: 1, 1: 1}


@pytest.mark.parametrize(
    ("text", "single", "expected"),
    [
        ('{"id": 1, "created_at": "2026-01-31", "line_items": [{"sku": 1}]}', False, None),
        ('{"id": 1, "created_at": "2026-01-31", "line_items": [{"sku": 1}]}', True, None),
        ('{"end_time": 5, "count": 1, "tickets": [{"id": 1, "created_at": "2026-01-31"}]}', True, "tickets"),
        ('{"visitor": 1, "pages": [{"url": "/", "viewedAt": "2026-01-31", "ts": 1}]}', False, "pages"),
        ('{"event_params": [{"key": "a", "value": {"int_value": 1}}]}', True, None),
        ('{"a": 1, "events": ["x"]}', False, None),
    ],
)
def test_which_list_holds_the_events(text: str, single: bool, expected: str | None) -> None:
    """Lists of details are not taken for lists of events."""
    assert nested_events(look([text]), single) == expected


def test_keys_that_differ_little(write: Write) -> None:
    """Case, dots, slashes, an empty key: each is a column of its own."""
    text = '{"a": 1, "A": 2, "": 3, "o": {"x": 4, "X": 5}, "a.b": 6, "p/q~": 7, "q\\"": 8, "o.x": 9}'
    rows, _, _, _ = loaded(write(text))
    assert list(rows[0].values()) == ["1", "2", "3", "4", "5", "6", "7", "8", "9"]
    assert list(rows[0])[:4] == ["a", "A", "column_3", "o.x"]


def test_more_keys_than_columns(write: Write) -> None:
    """Columns are bounded; a large inner object stays JSON, a large outer one is kept whole beside its first keys."""
    inner = {f"k{n}": n for n in range(600)}
    rows, _, notes, _ = loaded(write(json.dumps({"id": 1, "o": inner})))
    assert json.loads(rows[0]["o"]) == inner
    assert len(notes) == 1
    rows, _, notes, _ = loaded(write(json.dumps(inner), "wide.json"))
    assert len(rows[0]) == 501
    assert json.loads(rows[0]["json"]) == inner


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("nothing\nhere\n", "no line with a JSON object"),
        ("[]", "no line with a JSON object"),
        ("[1, 2]", "no line with a JSON object"),
        ('[{"a": 1}, {"a":', "unexpected end of data"),
        ('{\n"a": 1\n}\n{\n"a"', "unexpected end of data"),
        ('{"events": [], "x": 1}', None),
        ("[" * 100_000, "cannot be read"),
        ('{"a":' * 100_000, "no line with a JSON object"),
    ],
)
def test_what_is_not_a_log(write: Write, text: str, said: str | None) -> None:
    """Each fault is one clear error."""
    path = write(text or " ", "log.json")
    if said is None:
        assert loaded(path)[0] == [{"events": "[]", "x": "1"}]
    elif text:
        with pytest.raises(SourceError, match=said):
            loaded(path)


def test_deep_nesting_is_read(write: Write) -> None:
    """An object in an object, five thousand times."""
    rows, _, _, _ = loaded(write('{"a":' * 5000 + "1" + "}" * 5000 + '\n{"b": 1}\n'))
    assert len(rows) == 2
    assert rows[1] == {"b": "1"}


def test_a_very_long_line(write: Write) -> None:
    """A line of 20 MB is read beside short ones."""
    rows, _, _, lines = loaded(write('{"a": 1}\n{"a": "' + "x" * 20_000_000 + '"}\n{"a": 2}\n'))
    assert [len(row["a"]) for row in rows] == [1, 20_000_000, 1]
    assert lines[2] == 3


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


def shown(value: Any) -> str | None:
    """Give a value as the reader should show it."""
    if value is None or value == "":
        return None
    return value if isinstance(value, str) else json.dumps(value)


def same(one: str | None, other: str | None) -> bool:
    """Compare numbers and lists by value, since there are several ways to write them."""
    if one is None or other is None or one == other:
        return one == other
    try:
        a, b = json.loads(one), json.loads(other)
    except ValueError:
        return False
    if isinstance(a, float) and isinstance(b, float | int):
        return math.isclose(a, b, rel_tol=1e-15)
    return bool(a == b)


@settings(max_examples=40)
@given(
    st.lists(st.dictionaries(st.sampled_from(["a", "b", "Ä", "c d", "e"]), VALUES, min_size=1), min_size=1, max_size=5)
)
def test_every_value_comes_back(tmp_path_factory: pytest.TempPathFactory, objects: list[dict[str, Any]]) -> None:
    """Whatever the json module writes is there again, in lines and in an array alike."""
    folder = tmp_path_factory.mktemp("json")
    for name, text in (("l.jsonl", "\n".join(map(json.dumps, objects))), ("a.json", json.dumps(objects, indent=1))):
        (folder / name).write_text(text, encoding="utf-8")
        expected = [json.loads(part) for part in (text.splitlines() if name == "l.jsonl" else [])] or json.loads(text)
        rows, unread, _, _ = loaded(folder / name)
        assert unread == []
        for row, wanted in zip(rows, expected, strict=True):
            for key, value in wanted.items():
                assert same(row.get(key), shown(value)), (key, value, row)


@settings(max_examples=25)
@given(
    st.lists(
        st.fixed_dictionaries(
            {"who": st.text("abc", min_size=1), "p": st.dictionaries(st.sampled_from("xyz"), st.integers(), min_size=1)}
        ),
        min_size=1,
        max_size=6,
    )
)
def test_nested_is_flat(tmp_path_factory: pytest.TempPathFactory, events: list[dict[str, Any]]) -> None:
    """Objects inside objects give what dotted keys give."""
    folder = tmp_path_factory.mktemp("json")
    flat = [{"who": e["who"], **{f"p.{k}": v for k, v in e["p"].items()}} for e in events]
    (folder / "n.jsonl").write_text("\n".join(map(json.dumps, events)))
    (folder / "f.jsonl").write_text("\n".join(map(json.dumps, flat)))
    assert loaded(folder / "n.jsonl")[0] == loaded(folder / "f.jsonl")[0]


@settings(max_examples=40)
@example(b"{}{}")
@example(b"[{}]")
@given(st.binary(max_size=200) | st.text('[]{}":,1a \n', max_size=60).map(str.encode))
def test_anything_ends_in_rows_or_an_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    """No input breaks the reader."""
    path = tmp_path_factory.mktemp("json") / "log.json"
    path.write_bytes(content or b"\n")
    try:
        rows, unread, _, _ = loaded(path)
    except SourceError:
        return
    assert rows or unread
