"""Refuse files that should not be committed as they are: ``python .ci/tidy.py FILE...``.

Text ends in exactly one line break, has no blanks at line ends, no carriage returns and no marks of an unsolved merge;
nothing is larger than 3 MB. Says every fault as ``file:line: what``, and ends with 1 when there is one.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

LARGEST = 3_000_000
KEPT_AS_IT_IS = {
    ".csv",
    ".tsv",
    ".lock",
    ".md",
    ".xes",
    ".bpmn",
    ".pnml",
    ".ptml",
}  # blanks at line ends may mean something
MERGE_MARK = re.compile(rb"^(<{7} |={7}\r?$|>{7} )")


def faults(path: Path) -> Iterator[str]:
    """Say what is wrong with one file."""
    content = path.read_bytes()
    if len(content) > LARGEST:
        yield f"{path}:1: larger than {LARGEST / 1e6:.0f} MB"
    if b"\0" in content[:8000]:
        return
    lines = content.split(b"\n")
    if content and (lines[-1] or lines[-2:] == [b"", b""]):
        yield f"{path}:{len(lines)}: should end in one line break"
    for number, line in enumerate(lines, 1):
        if MERGE_MARK.match(line):
            yield f"{path}:{number}: mark of an unsolved merge"
        if line != line.rstrip() and path.suffix not in KEPT_AS_IT_IS:
            yield f"{path}:{number}: blank or carriage return at the end of the line"


if __name__ == "__main__":
    found = [fault for name in sys.argv[1:] if Path(name).is_file() for fault in faults(Path(name))]
    sys.stderr.write("".join(f"{fault}\n" for fault in found))
    sys.exit(bool(found))
