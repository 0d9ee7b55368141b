"""A process that is killed in the middle of a change: the workspace is as before or as after, and nothing is left."""

from __future__ import annotations

import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline import queries
from pipeline.store import Workspace
from tests.pipeline.child import ROOT
from tests.pipeline.test_ingest import everything

ROWS = 10_000
MOMENTS = 4  # of each change, in the suite; many more when there is time
BEGINS = "import sys; from pipeline import store, ingest, rebuild; from pipeline.columns import mapping; "
BEGINS += "from mining import walk; from pipeline.sources import delimited, finding; "
BEGINS += "from pipeline.cli import command, load; print('go', flush=True); "
RUNS = BEGINS + "command()"
Change = Callable[[Path], list[str]]


def rows(seed: int, n: int = ROWS) -> str:
    """Write a log."""
    chance = random.Random(seed)
    lines = (
        f"c{seed}_{chance.randrange(n // 5)},step {chance.randrange(12)},"
        f"2026-01-{chance.randrange(1, 28):02} {chance.randrange(24):02}:{chance.randrange(60):02},{chance.random()}"
        for _ in range(n)
    )
    return "case,activity,time,amount\n" + "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with a workspace of two sources and the files that changes need."""
    folder = tmp_path_factory.mktemp("home")
    for n in range(3):
        (folder / f"{n}.csv").write_text(rows(n), encoding="utf-8")
    with Workspace(folder / "log.duckdb") as ws:
        ws.ingest(folder / "0.csv", folder / "1.csv")
    return folder


CHANGES: dict[str, Change] = {
    "append": lambda home: ["ingest", str(home / "2.csv"), "--append", "-w"],
    "replace": lambda home: ["ingest", str(home / "2.csv"), "--replace", "1.csv", "-w"],
    "define": lambda _home: ["define", "--session-gap", "2h"],
    "remove": lambda _home: ["remove"],
}


def arguments(kind: str, home: Path, workspace: Path) -> list[str]:
    return [*CHANGES[kind](home), str(workspace), *(["0.csv"] if kind == "remove" else [])]


def started(said: list[str], limit: int | None = None) -> subprocess.Popen[bytes]:
    """Start the command line in a process of its own, and wait until its imports are done."""

    def limited() -> None:
        if limit is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    process = subprocess.Popen(
        [sys.executable, "-c", RUNS, *said],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=limited,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"go\n"
    return process


def ended(process: subprocess.Popen[bytes]) -> tuple[int, str]:
    """Wait for the end of a process; gives its exit code and what it said on stderr."""
    _, said = process.communicate(timeout=60)
    return process.returncode, said.decode()


def copied(home: Path, folder: Path) -> Path:
    folder.mkdir()
    (folder / "log.duckdb").write_bytes((home / "log.duckdb").read_bytes())
    return folder / "log.duckdb"


def told(path: Path) -> dict[str, Any]:
    """Give all that a workspace says, and its sources. Opening it for writing sweeps what a killed process left."""
    with Workspace(path) as ws:
        sources = queries.sources(ws).select("name", "rows_in", "rows_kept", "rows_rejected").rows()
        return {**everything(ws), "sources": sorted(sources), "definition": ws.definition}


def left_beside(path: Path) -> list[str]:
    """Name what lies beside a workspace; the database's own log of changes is a part of it."""
    return sorted(p.name for p in path.parent.iterdir() if p not in (path, path.with_name(path.name + ".wal")))


def killed_over_and_over(home: Path, folder: Path, kind: str, moments: int, sign: int) -> Iterator[str]:
    """Kill one change at moments spread over its whole run; gives which state each left."""
    before = told(copied(home, folder / "before"))
    whole = copied(home, folder / "whole")
    process = started(arguments(kind, home, whole))
    began = time.monotonic()
    assert ended(process)[0] == 0
    lasts = time.monotonic() - began
    after = told(whole)
    assert before != after
    for n in range(moments):
        path = copied(home, folder / str(n))
        process = started(arguments(kind, home, path))
        time.sleep(1.1 * lasts * n / max(1, moments - 1))
        process.send_signal(sign)
        code, _ = ended(process)
        found = told(path)
        assert found in (before, after), f"{kind}, killed at moment {n} of {moments}"
        assert left_beside(path) == []
        if found == before and n % 4 == 1:
            assert ended(started(arguments(kind, home, path)))[0] == 0
            assert told(path) == after
        assert (code == 0) <= (found == after)
        yield "before" if found == before else "after"


@pytest.mark.parametrize("kind", ["append", "define"])
def test_a_killed_change_leaves_before_or_after(home: Path, tmp_path: Path, kind: str) -> None:
    states = list(killed_over_and_over(home, tmp_path, kind, MOMENTS, signal.SIGKILL))
    assert states[0] == "before"


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_killed_at_many_moments(home: Path, tmp_path: Path, kind: str, sign: int) -> None:
    assert list(killed_over_and_over(home, tmp_path, kind, 25, sign)).count("before") > 5


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_change_that_is_asked_to_end_leaves_nothing(home: Path, tmp_path: Path, sign: int) -> None:
    path = copied(home, tmp_path / "asked")
    before = told(path)
    process = started(arguments("append", home, path))
    time.sleep(0.3)
    process.send_signal(sign)
    code, said = ended(process)
    assert code == 128 + sign
    assert said.endswith("Interrupted; nothing was left half-written.\n")
    assert left_beside(path) == []
    assert told(path) == before


@pytest.mark.parametrize("kind", ["append", "define"])
def test_a_file_that_cannot_grow_changes_nothing(home: Path, tmp_path: Path, kind: str) -> None:
    path = copied(home, tmp_path / "full")
    before = told(path)
    codes = list[int]()
    for limit in (1 << 12, 1 << 19, path.stat().st_size // 2):
        code, said = ended(started(arguments(kind, home, path), limit))
        codes.append(code)
        if code:
            assert "The disk is full" in said
        assert (told(path) == before) == (code == 1), f"with {limit} bytes"
        assert left_beside(path) == []
    assert codes[0] == 1  # with more room, freed parts of the file may do


def test_a_killed_first_load_can_be_repeated(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "new.duckdb"
    for wait in (0.0, 0.2, 0.4, 0.6):
        process = started(["ingest", str(home / "2.csv"), "-w", str(path)])
        time.sleep(wait)
        process.kill()
        ended(process)
        if path.exists():
            with Workspace(path) as ws:
                assert ws.is_empty or queries.summary(ws).events == ROWS
            assert left_beside(path) == []


def test_two_processes_do_not_write_at_once(home: Path, tmp_path: Path) -> None:
    path = copied(home, tmp_path / "shared")
    with Workspace(path) as ws:
        before = everything(ws)
        for kind in CHANGES:
            code, said = ended(started(arguments(kind, home, path)))
            assert code == 1
            assert f"{path} is in use by another program" in said
        assert everything(ws) == before
    assert left_beside(path) == []
