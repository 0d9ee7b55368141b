"""The built files of the canvas are in the repository, so that users need no Node; they must fit their sources."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

CANVAS = Path(__file__).resolve().parents[2] / "ui" / "canvas"
FRONTEND, ASSETS = CANVAS / "frontend", CANVAS / "assets"
NODE, NPM = shutil.which("node"), shutil.which("npm")
NO_NODE = "Node is not on this machine"


def test_the_built_files_are_those_of_the_sources() -> None:
    """Needs no Node: the build notes a digest of what it was made from."""
    sources = [f"src/{path.name}" for path in sorted((FRONTEND / "src").iterdir())]
    digest = hashlib.sha256()
    for name in [*sources, "build.js", "package.json", "package-lock.json"]:
        digest.update(f"{name}\n".encode() + (FRONTEND / name).read_bytes())
    assert (ASSETS / "sources.sha256").read_text().strip() == digest.hexdigest(), "run `make canvas`"


@pytest.mark.skipif(NODE is None, reason=NO_NODE)
@pytest.mark.skipif(not (FRONTEND / "node_modules").is_dir(), reason="the build's packages are not installed")
def test_building_anew_gives_the_same_files(tmp_path: Path) -> None:
    subprocess.run([str(NODE), "build.js", str(tmp_path / "out")], cwd=FRONTEND, check=True, timeout=120)
    built = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert built == {path.name: path.read_bytes() for path in ASSETS.iterdir()}


@pytest.mark.skipif(NODE is None, reason=NO_NODE)
def test_layouts_and_parts() -> None:
    """The tests of the frontend itself; they use the built layout, so nothing has to be installed."""
    run = subprocess.run([str(NODE), "--test", "test/"], cwd=FRONTEND, capture_output=True, text=True, timeout=240)
    assert run.returncode == 0, run.stdout[-6000:]


def test_the_lock_file_names_no_addresses() -> None:
    """Versions and digests say what is meant; where it is fetched from is the business of the machine."""
    text = (FRONTEND / "package-lock.json").read_text()
    assert "resolved" not in text
    assert text.count('"integrity"') >= 10


def test_licences_of_what_came_along_are_told() -> None:
    told = (ASSETS / "NOTICES.txt").read_text()
    for name in ("@viz-js/viz 3.31.0 (MIT)", "Graphviz", "Eclipse Public License", "d3-zoom 3.0.0", "Expat"):
        assert name in told


def test_names_never_become_markup() -> None:
    """Names come from logs: the sources set texts and attributes, and nothing else."""
    for path in (FRONTEND / "src").glob("*.js"):
        source = path.read_text()
        for door in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
            assert door not in source, f"{path.name}: {door}"
