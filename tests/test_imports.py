"""The fence: imports point down only, and every heavy tool has one door.

It reads the source, so an import hidden in a function, behind ``TYPE_CHECKING`` or in `importlib.import_module` counts.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# What stands on a floor may import from its own floor and from the ones named here.
FLOORS: dict[str, frozenset[str]] = {
    "mining": frozenset(),
    "pipeline": frozenset({"mining"}),
    "ui": frozenset({"mining", "pipeline"}),
    "app": frozenset({"mining", "pipeline", "ui"}),
    "desirepath": frozenset({"mining", "pipeline"}),
}


@dataclass(frozen=True)
class Door:
    """Who may import a tool (files, or folders ending in a slash), and whether only inside functions."""

    files: tuple[str, ...]
    lazily: bool = False


DOORS: dict[str, Door] = {
    "duckdb": Door(("pipeline/store.py",)),
    "pm4py": Door(("mining/pm4py_bridge.py",), lazily=True),
    "r4pm": Door(("pipeline/sources/xes.py", "mining/r4pm_bridge.py"), lazily=True),
    "streamlit": Door(("app.py", "ui/")),
    # Slow to import, and polars, numpy and our own arithmetic do the work; tests use them as oracles.
    "pandas": Door(()),
    "scipy.stats": Door(()),
    "statsmodels": Door(()),
}

LONGEST_FUNCTION = 60  # lines, docstring aside: so many has a chart, whose layers are declared one after another
HEAVY = {"polars", "duckdb", "numba", "numpy", "streamlit", "networkx", "pm4py", "yaml", "sqlglot", "babel", "jinja2"}


@dataclass(frozen=True)
class Import:
    """One module that is imported, where, and whether only when a function runs."""

    module: str
    line: int
    inside_function: bool


def _modules(node: ast.AST, package: str) -> Iterator[str]:
    """Give the full names that one node imports; ``from a import b`` may mean the module a.b."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
        base = ".".join([*above, *([node.module] if node.module else [])])
        yield from (f"{base}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        called = ast.unparse(node.func)
        if called in {"importlib.import_module", "import_module", "__import__"}:
            yield str(node.args[0].value)


def imports(source: str, path: str) -> list[Import]:
    """Read all imports of a file; `path` is relative to the root and places relative imports."""
    package = ".".join(Path(path).parent.parts)
    found: list[Import] = []

    def visit(node: ast.AST, inside: bool) -> None:
        found.extend(Import(name, node.lineno, inside) for name in _modules(node, package))  # type: ignore[attr-defined]
        inside = inside or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for child in ast.iter_child_nodes(node):
            visit(child, inside)

    visit(ast.parse(source), False)
    return found


def _allowed(path: str, door: Door) -> bool:
    """Whether a file stands among those a door names."""
    return any(path.startswith(file) if file.endswith("/") else path == file for file in door.files)


def violations(source: str, path: str) -> list[str]:
    """Say every import of a file that goes up, or past a door."""
    floor = Path(path).parts[0].removesuffix(".py")
    wrong = []
    for found in imports(source, path):
        where = f"{path}:{found.line} imports {found.module}"
        target = found.module.split(".")[0]
        if target in FLOORS and target != floor and target not in FLOORS[floor]:
            wrong.append(f"{where}: {floor} may import {sorted(FLOORS[floor]) or 'no other floor'}")
        for tool, door in DOORS.items():
            if not f"{found.module}.".startswith(f"{tool}."):
                continue
            if not _allowed(path, door):
                wrong.append(f"{where}: {tool} is for {', '.join(door.files) or 'nobody'}")
            elif door.lazily and not found.inside_function:
                wrong.append(f"{where}: only inside a function, since importing it is slow")
    return wrong


def our_files() -> list[str]:
    """List every Python file of the product, relative to the root."""
    files = [ROOT / "app.py", ROOT / "desirepath.py"]
    for folder in ("mining", "pipeline", "ui"):
        files += sorted((ROOT / folder).rglob("*.py"))
    return [file.relative_to(ROOT).as_posix() for file in files]


def long_functions(source: str, path: str, longest: int = LONGEST_FUNCTION) -> list[str]:
    """Name the functions of a file that have more lines than `longest`, docstring aside."""
    wrong = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            documented = ast.get_docstring(node, clean=False) is not None
            lines = (node.end_lineno or 0) - node.lineno + 1
            lines -= (first.end_lineno or 0) - first.lineno + 1 if documented else 0
            if lines > longest:
                wrong.append(f"{path}:{node.lineno} {node.name} has {lines} lines")
    return wrong


@pytest.mark.parametrize("path", our_files())
def test_imports_point_down_and_use_the_doors(path: str) -> None:
    """Every file of the product keeps to the table."""
    assert violations((ROOT / path).read_text(encoding="utf-8"), path) == []


def test_no_function_is_too_long() -> None:
    """Every function can be read at one go."""
    wrong = [line for path in our_files() for line in long_functions((ROOT / path).read_text(encoding="utf-8"), path)]
    assert wrong == []


@pytest.mark.parametrize(
    ("path", "source", "said"),
    [
        ("mining/gaps.py", "import pipeline.queries", "mining may import no other floor"),
        ("mining/gaps.py", "from pipeline import queries", "mining may import no other floor"),
        ("mining/gaps.py", "def f():\n    from ui.theme import colours", "mining may import no other floor"),
        ("mining/gaps.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import app", "imports app"),
        ("pipeline/compare.py", "from ui import theme", "pipeline may import ['mining']"),
        ("pipeline/compare.py", "import duckdb", "duckdb is for pipeline/store.py"),
        ("pipeline/sources/xes.py", "import r4pm", "only inside a function"),
        ("pipeline/compare.py", "def f():\n    import r4pm", "r4pm is for pipeline/sources/xes.py, mining/"),
        ("mining/r4pm_bridge.py", "from r4pm.bindings import conformance", "only inside a function"),
        ("mining/pm4py_bridge.py", "from pm4py.objects import petri_net", "only inside a function"),
        ("mining/alignment.py", "def f():\n    import importlib\n    importlib.import_module('pm4py')", "pm4py is for"),
        ("mining/statistics.py", "from scipy import stats", "scipy.stats is for nobody"),
        ("mining/statistics.py", "import scipy.stats as st", "scipy.stats is for nobody"),
        ("ui/data.py", "import pandas as pd", "pandas is for nobody"),
        ("pipeline/cli/__init__.py", "import streamlit", "streamlit is for app.py, ui/"),
        ("desirepath.py", "import app", "desirepath may import ['mining', 'pipeline']"),
    ],
)
def test_the_fence_catches_a_planted_violation(path: str, source: str, said: str) -> None:
    """The check can fail: each planted import is named, with the rule it breaks."""
    assert any(said in line for line in violations(source, path)), violations(source, path)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("pipeline/store.py", "import duckdb"),
        ("pipeline/sources/xes.py", "def read():\n    import r4pm"),
        (
            "pipeline/sources/csv.py",
            "from . import raw\nfrom ..mapping import Mapping\nimport mining.errors",
        ),
        ("mining/statistics.py", "from scipy.special import betainc"),
        ("ui/data.py", "import streamlit as st\nfrom pipeline.store import Workspace"),
        ("app.py", "import streamlit as st\nfrom ui import frame"),
    ],
)
def test_the_fence_lets_through_what_is_right(path: str, source: str) -> None:
    """What the house plans is not refused."""
    assert violations(source, path) == []


def test_the_length_check_catches_a_long_function() -> None:
    """Lines count from `def` to the end; the docstring does not."""
    source = 'def f():\n    """Say.\n\n    More.\n    """\n' + "    x = 1\n" * 5
    assert long_functions(source, "mining/a.py", longest=5) == ["mining/a.py:1 f has 6 lines"]
    assert long_functions(source, "mining/a.py", longest=6) == []


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_the_command_starts_without_anything_heavy(argument: str) -> None:
    """Asking what the command can do does not load the tools that do it."""
    code = (
        "import sys\nfrom pipeline.cli import main\n"
        f"try:\n    main([{argument!r}])\nexcept SystemExit:\n    pass\n"
        "sys.stderr.write(' '.join(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(ran.stderr.split()) & HEAVY == set()
