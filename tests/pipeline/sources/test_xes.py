"""XES: transitions folded as chosen, and files that should not be trusted."""

from __future__ import annotations

import gzip
import random
import re
import subprocess
import sys
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mining.errors import SourceError
from pipeline.options import Reading
from pipeline.sources.lifecycle import END, folded
from pipeline.sources.raw import Source
from pipeline.sources.xes import read_xes
from pipeline.store import Workspace

Write = Callable[..., Path]
ROOT = Path(__file__).parents[3]


def loaded(path: Path, lifecycle: str | None = None) -> tuple[pl.DataFrame, list[str], dict[int, int]]:
    """Give the rows under their names, the notes, and the place of each row in the file."""
    with Workspace() as workspace, workspace.change(keep=False) as db:
        raw = read_xes(db, Source(path, "xes", path.stat().st_size, ""), "raw", Reading(lifecycle=lifecycle))
        frame = db.frame("SELECT * FROM raw ORDER BY row_no").drop("row_no")
        frame.columns = [c.name for c in raw.columns]
        return frame, [str(note) for note in raw.notes], dict(raw.lines(range(len(frame))))


TOKEN = re.compile(rb'<trace>|<event>|</event>|key="(concept:name|lifecycle:transition)" value="([^"]*)"')


def stream(path: Path) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Give trace, activity and transition of each event, found by their tags alone."""
    trace, inside, values = b"", False, dict[bytes, bytes]()
    for token in TOKEN.finditer(gzip.decompress(path.read_bytes())):
        if token[0] == b"<event>":
            inside, values = True, {}
        elif token[0] == b"</event>":
            inside = False
            yield trace, values[b"concept:name"], values[b"lifecycle:transition"]
        elif inside:
            values[token[1]] = token[2]
        elif token[1]:
            trace = token[2]


def test_the_loan_log_by_its_transitions(shared_data: Path) -> None:
    """BPI 2012: every way of counting against the bare text and a queue per activity."""
    path = shared_data / "bpic2012/BPI_Challenge_2012.xes.gz"
    seen = Counter()
    waiting: dict[tuple[bytes, bytes], int] = defaultdict(int)
    pairs = 0
    for trace, activity, transition in stream(path):
        seen[transition] += 1
        if transition == b"START":
            waiting[trace, activity] += 1
        elif transition == b"COMPLETE" and waiting[trace, activity]:
            waiting[trace, activity] -= 1
            pairs += 1
    assert seen.total() == 262_200
    frame, notes, _ = loaded(path)
    assert len(frame) == 262_200
    assert len(notes) == 1
    assert f"{seen.total() - seen[b'COMPLETE']:,} of 262,200 events are no completions" in notes[0]
    complete, told = folded(frame, "complete", path.name)
    assert len(complete) == seen[b"COMPLETE"] == 164_506
    assert [str(note) for note in told] == [f"{path.name}: 97,694 events that are no completions were left out"]
    paired, _ = folded(frame, "pair", path.name)
    assert len(paired) == 262_200 - pairs
    assert paired["time:end"].count() == pairs
    assert paired.select((pl.col("time:end") >= pl.col("time:timestamp")).all()).item()


STEPS = st.lists(
    st.tuples(st.sampled_from("xy"), st.sampled_from("ab"), st.sampled_from(["start", "complete", "schedule", None])),
    min_size=1,
    max_size=25,
)


@given(STEPS)
def test_pairs_are_first_in_first_out(steps: list[tuple[str, str, str | None]]) -> None:
    """The join of frames is a queue per trace and activity."""
    frame = pl.DataFrame(
        {
            "case:concept:name": [s[0] for s in steps],
            "concept:name": [s[1] for s in steps],
            "lifecycle:transition": pl.Series([s[2] for s in steps], dtype=pl.String),
            "time:timestamp": list(range(len(steps))),
        }
    )
    queues: dict[tuple[str, str], deque[int]] = defaultdict(deque)
    ends: dict[int, int] = {}
    for n, (trace, activity, transition) in enumerate(steps):
        if transition == "start":
            queues[trace, activity].append(n)
        elif transition == "complete" and queues[trace, activity]:
            ends[queues[trace, activity].popleft()] = n
    result, _ = folded(frame, "pair", "log")
    gone = set(ends.values())
    kept = [n for n in range(len(steps)) if n not in gone]
    assert result["time:timestamp"].to_list() == kept
    assert result[END].to_list() == [ends.get(n) for n in kept]


def test_instances_tell_pairs_apart() -> None:
    """Overlapping executions are matched by their instance; what the start lacks comes from the completion."""
    frame = pl.DataFrame(
        {
            "case:concept:name": ["1"] * 4,
            "concept:name": ["a"] * 4,
            "concept:instance": ["i", "j", "j", "i"],
            "lifecycle:transition": ["Start", "START", "COMPLETE", "complete"],
            "time:timestamp": [1, 2, 3, 4],
            "cost": [None, 5, 6, 7],
        }
    )
    result, notes = folded(frame, "pair", "log.xes")
    assert result.select("time:timestamp", END, "cost").rows() == [(1, 4, 7), (2, 3, 5)]
    assert [str(n) for n in notes] == ["log.xes: 2 completions were joined to their starts; 0 events stay single"]


def test_an_attribute_may_be_called_end() -> None:
    """It is one of the log, beside the time at which a pair ended."""
    frame = pl.DataFrame(
        {
            "case:concept:name": ["1", "1"],
            "concept:name": ["a", "a"],
            "lifecycle:transition": ["start", "complete"],
            "time:timestamp": [1, 2],
            "end": ["north", "south"],
            "row": [None, 7],
        }
    )
    result, _ = folded(frame, "pair", "log.xes")
    assert result.select("time:timestamp", END, "end", "row").rows() == [(1, 2, "north", 7)]


def log(events: str, head: str = "") -> str:
    """Write a log of one trace."""
    return f'<?xml version="1.0"?>{head}<log><trace><string key="concept:name" value="1"/>{events}</trace></log>'


def event(name: str, transition: str | None, inside: str = "") -> str:
    """Write an event."""
    said = f'<string key="lifecycle:transition" value="{transition}"/>' if transition else ""
    return f'<event><string key="concept:name" value="{name}"/>{said}{inside}</event>'


def test_ways_on_a_small_log(write: Write) -> None:
    """Events without a transition stay; rows know their event in the file; a name gets its transition."""
    path = write(log(event("a", "start") + event("b", None) + event("a", "Complete")), "log.xes")
    frame, notes, places = loaded(path, "complete")
    assert frame["concept:name"].to_list() == ["b", "a"]
    assert places == {0: 2, 1: 3}
    assert notes == ["log.xes: 1 events that are no completions were left out"]
    frame, _, _ = loaded(path, "name")
    assert frame["concept:name"].to_list() == ["a+start", "b", "a+Complete"]
    with pytest.raises(
        SourceError, match=r"no lifecycle 'pairs'. Give one of: complete, pair, name. Did you mean 'pair'"
    ):
        loaded(path, "pairs")


BOMB = (
    '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {y} "{f"&{x};" * 10}">' for x, y in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (log(event("&i;", None), BOMB), "declares its own document type or entities"),
        (log(event("&x;", None), '<!DOCTYPE l SYSTEM "file:///etc/passwd">'), "declares its own document type"),
        (
            log(event("a", None, '<string key="x" value="y">' * 50_000 + "</string>" * 50_000)),
            "nested more than 500 deep",
        ),
        (log(event("a", None, '<list key="x"><values>' * 50_000)), "more than 500 deep"),
        (log(event("a", None, "<string key='x' value='\"/>'>" * 50_000)), "more than 500 deep"),
        (log(event("a", None))[:-8], "does not end with </log>"),
        ("<log></log>", "holds no events"),
    ],
)
def test_what_is_refused(write: Write, text: str, said: str) -> None:
    """Bombs, holes and halves end in a clear error, in the same process."""
    with pytest.raises(SourceError, match=said):
        loaded(write(text, "log.xes"))


def test_other_encodings(write: Write) -> None:
    """A log says its encoding; it is believed."""
    text = log(event("Đăng ký", None)).replace('"1.0"?', '"1.0" encoding="UTF-16"?')
    assert loaded(write(text.encode("utf-16"), "log.xes"))[0]["concept:name"].to_list() == ["Đăng ký"]
    text = log(event("café", None)).replace('"1.0"?', '"1.0" encoding="ISO-8859-1"?')
    assert loaded(write(text.encode("latin-1"), "log.xes"))[0]["concept:name"].to_list() == ["café"]


def test_nested_attributes_are_read(write: Write) -> None:
    """Attributes of attributes are usual, and no fault."""
    inside = '<string key="x" value="y"><int key="z" value="1"/></string>'
    assert len(loaded(write(log(event("a", None, inside) * 3000), "log.xes"))[0]) == 3000


@settings(max_examples=20)
@given(st.randoms(use_true_random=False))
def test_damaged_logs(tmp_path_factory: pytest.TempPathFactory, random: random.Random) -> None:
    """Bytes that were lost or changed end in rows or an error."""
    content = bytearray(log("".join(event(n, "complete") for n in "abc")).encode())
    for _ in range(random.randint(1, 5)):
        content[random.randrange(len(content))] = random.randrange(256)
    path = tmp_path_factory.mktemp("xes") / "log.xes"
    path.write_bytes(bytes(content[: random.randint(1, len(content))]))
    try:
        frame, _, _ = loaded(path)
    except SourceError:
        return
    assert len(frame)


def test_a_damaged_archive(write: Write) -> None:
    """A packed file that ends early is named."""
    packed = gzip.compress(log(event("a", None) * 1000).encode())
    with pytest.raises(SourceError, match=r"cannot be read as \.xes\.gz"):
        loaded(write(packed[: len(packed) // 2], "log.xes.gz"))


def test_the_reader_would_die_of_deep_nesting() -> None:
    """Why depth is guarded at all: without it the process ends. When this fails, the guard may go."""
    code = (
        "from r4pm.df import import_xes; import pathlib, tempfile; p = pathlib.Path(tempfile.mkdtemp()) / 'l.xes';"
        "a, b = '<string key=\"x\" value=\"y\">' * 200000, '</string>' * 200000;"
        "p.write_text('<log><trace><event>' + a + b + '</event></trace></log>'); import_xes(str(p))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False).returncode < 0
