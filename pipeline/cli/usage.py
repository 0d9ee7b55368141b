"""What is wrong with the arguments of a command together, which no single one of them shows."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

READ = ("log", "map", "model", "recipe")
WRITTEN = ("out", "moves", "rejects")
MAPS = (".yaml", ".yml")


def faults(arguments: Namespace, unknown: list[str]) -> list[str]:
    """Say all of it.

    Parameters
    ----------
    arguments : Namespace
        What was understood.
    unknown : list of str
        What was not.
    """
    said = [f"unrecognized arguments: {' '.join(unknown)}"] if unknown else []
    said += _overwritten(arguments)
    if getattr(arguments, "goal", None) and not (arguments.out and arguments.out.suffix.lower() in MAPS):
        said.append("--goal is the goal of a map that is written; give --out with a name that ends in .yaml")
    if "old" in arguments and arguments.where and not arguments.log:
        said.append("--where chooses journeys of a log; give --log, too")
    if getattr(arguments, "fail_on_accepted", False) and not arguments.fail_on:
        said.append("--fail-on-accepted goes with --fail-on")
    return said


def _overwritten(arguments: Namespace) -> Iterator[str]:
    """Find files that are read and would be written over."""
    read = {path.resolve() for name in READ for path in _paths(getattr(arguments, name, None))}
    for name in WRITTEN:
        for path in _paths(getattr(arguments, name, None)):
            if path.resolve() in read:
                yield f"--{name} {path} would write over a file that is read; give another name"


def _paths(value: Path | list[Path] | None) -> list[Path]:
    return value if isinstance(value, list) else [] if value is None else [value]
