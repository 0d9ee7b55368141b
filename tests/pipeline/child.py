"""The command line in a child process, one command after the other: what hangs, dies or eats memory does it there."""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import select
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
ADDRESSES = 12 << 30  # bytes: what runs away ends before the machine does


@dataclass(frozen=True)
class Outcome:
    """How a command ended: its exit code, what it said, how long it took (s) and how much memory it took (MB)."""

    code: int | str
    out: str
    err: str
    seconds: float
    megabytes: float


class Child:
    """A process that runs commands. One that takes longer than `limit` seconds is killed, and the test fails."""

    def __init__(self, limit: float = 30) -> None:
        self.limit = limit
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the child
        self._process = self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.pipeline.child"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            bufsize=0,
        )

    def run(self, *arguments: object) -> Outcome:
        """Run one command."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        began = time.monotonic()
        before = os.fstat(self._said.fileno()).st_size
        self._process.stdin.write(json.dumps([str(a) for a in arguments]).encode() + b"\n")
        line = b""
        while not line.endswith(b"\n"):
            left = self.limit - (time.monotonic() - began)
            if left <= 0 or not select.select([self._process.stdout], [], [], left)[0]:
                self.close()
                self._process = self._started()
                return Outcome("hangs", "", "", self.limit, 0)
            part = os.read(self._process.stdout.fileno(), 1 << 20)
            if not part:
                code = self._process.wait()
                said = os.pread(self._said.fileno(), 4000, before).decode(errors="replace")
                self._process = self._started()
                return Outcome(f"dies with {code}", "", said, time.monotonic() - began, 0)
            line += part
        found = json.loads(line)
        aside = os.pread(self._said.fileno(), 4000, before).decode(errors="replace")
        return Outcome(found["code"], found["out"], found["err"] + aside, time.monotonic() - began, found["megabytes"])

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        self._said.close()


def _forget_peak() -> None:
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def _peak() -> float:
    """Give the most memory held since the last command, in MB; 0 where the system does not tell."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
    return 0.0


def _answer(arguments: Sequence[str]) -> dict[str, object]:
    from pipeline.cli import main

    out, err = io.StringIO(), io.StringIO()
    _forget_peak()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code: object = main(arguments)
        except SystemExit as ended:
            code = ended.code
        except BaseException:  # noqa: BLE001 - whatever it is, the test shall see it
            code = "traceback"
            traceback.print_exc()
    return {"code": code, "out": out.getvalue(), "err": err.getvalue(), "megabytes": _peak()}


def _serve() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        answers.write(json.dumps(_answer(json.loads(line))) + "\n")
        answers.flush()


if __name__ == "__main__":
    _serve()
