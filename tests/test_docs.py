"""The words beside the code say what is so: links lead somewhere, commands exist, examples run."""

from __future__ import annotations

import argparse
import ast
import doctest
import importlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from mining.conditions import both
from mining.expressions import parse
from mining.journey_map import JourneyMap
from mining.kinds import KINDS
from mining.questions import QUESTIONS
from pipeline import queries
from pipeline.cli.parser import parser
from pipeline.condition_words import Known, in_words
from pipeline.language import Language
from pipeline.plan_questions import settled
from pipeline.store import Workspace

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)#\s]+)")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NOT_INSTALLED_FROM = re.compile(r"https?://|--index-url|--extra-index-url|--find-links")


def commands(parser: argparse.ArgumentParser, before: str = "") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Give every command with its words, those under `map` too."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, under in action.choices.items():
                deeper = list(commands(under, f"{before}{name} "))
                yield from deeper or [(f"{before}{name}", under)]


COMMANDS = dict(commands(parser()))


def modules() -> list[str]:
    """Name every module of the two floors that have examples."""
    files = [file for floor in ("mining", "pipeline") for file in sorted((ROOT / floor).rglob("*.py"))]
    return [
        ".".join(f.relative_to(ROOT).with_suffix("").parts) for f in files if ">>> " in f.read_text(encoding="utf-8")
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    targets = [t for t in LINK.findall(page.read_text(encoding="utf-8")) if not t.startswith(("http", "mailto:"))]
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_has_its_parts_and_is_listed(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    number = int(page.name[:4])
    assert text.startswith(f"# {number}. ")
    heads = [line[3:] for line in text.splitlines() if line.startswith("## ")]
    assert (heads[0], heads[1], heads[-1]) == ("Context", "Decision", "Consequences")
    assert re.search(r"^Status: (accepted|superseded by \[\d+\])", text, re.MULTILINE)
    assert 30 <= len(text.splitlines()) <= 80
    index = (page.parent / "README.md").read_text(encoding="utf-8")
    assert f"[{number}]({page.name})" in index


def test_the_decisions_are_numbered_without_a_gap() -> None:
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    """Each has --json, -q and --language, a sentence, and a word on every argument; the README names it."""
    parser = COMMANDS[name]
    options = {option for action in parser._actions for option in action.option_strings}
    assert {"--help", "--json", "-q", "--language"} <= options
    assert parser.description
    assert [action.dest for action in parser._actions if not action.help] == []
    assert name.split()[0] in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_make_targets_that_pages_name_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = {
        name
        for page in PAGES
        for name in re.findall(r"^make ([a-z-]+)|`make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
        for name in name
        if name
    }
    assert {"app", "test", "test-all", "bench", "check", "lock", "clean", "help"} <= targets
    assert named <= targets


def test_the_python_of_the_readme_uses_what_is_exported() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    imported = [node for node in ast.walk(ast.parse(example)) if isinstance(node, ast.ImportFrom)]
    public = importlib.import_module("desirepath")
    assert [node.module for node in imported] == ["desirepath"]
    assert [alias.name for alias in imported[0].names if not hasattr(public, alias.name)] == []


@pytest.mark.parametrize(
    "name", ["requirements.lock", "requirements-dev.lock", "requirements-build.lock", "Makefile", ".ci/prepare"]
)
def test_no_place_to_install_from_is_written_down(name: str) -> None:
    """Where packages come from is the machine's business; the locks pin what they are, by hash."""
    text = (ROOT / name).read_text(encoding="utf-8")
    assert NOT_INSTALLED_FROM.search(text) is None
    if name.endswith(".lock"):
        pins = re.findall(r"^\S+==\S+(?: ;[^\\]*)? \\\n    --hash=sha256:", text, re.MULTILINE)
        assert len(pins) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE)) > 5


def test_the_tests_run_what_users_run() -> None:
    """Every version of the app's lock is also in the lock of the tests."""
    pins = [
        set(re.findall(r"^([^\s;]+==[^\s;]+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    ]
    assert pins[0] - pins[1] == set()


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("requirements.lock", PROJECT["project"]["dependencies"]),
        ("requirements-dev.lock", [d for extra in PROJECT["project"]["optional-dependencies"].values() for d in extra]),
        ("requirements-build.lock", PROJECT["dependency-groups"]["build"]),
    ],
)
def test_the_locks_keep_to_the_ranges(lock: str, wanted: list[str]) -> None:
    """Every dependency is locked, at a version that its range allows; else `make lock` was forgotten."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    pinned = dict(re.findall(r"^([\w.-]+)(?:\[[^\]]*\])?==([^\s;]+)", text, re.MULTILINE))
    ranges = [Requirement(line) for line in wanted]
    outside = [r.name for r in ranges if r.name != "desirepath" and pinned.get(r.name.lower(), "") not in r.specifier]
    assert outside == []


@pytest.mark.parametrize("name", modules())
def test_examples_run(name: str) -> None:
    """The examples in docstrings give what they say."""
    failed, tried = doctest.testmod(importlib.import_module(name))
    assert tried > 0
    assert failed == 0


GUIDE = ROOT / "docs" / "guide"
CHOOSING = {"en": GUIDE / "choosing-journeys.md", "vi": GUIDE / "vi" / "chon-hanh-trinh.md"}
SAMPLE = ROOT / "data" / "open_university"


def written(language: str) -> dict[str, str]:
    """Give the conditions of the guide's page on them, with the words beside each."""
    return dict(re.findall(r"^\| `(.+)` \| (.+) \|$", CHOOSING[language].read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("language", CHOOSING)
def test_the_guide_says_conditions_as_the_app_does(language: str) -> None:
    plan = JourneyMap.read(SAMPLE / "bbb_2013j.yaml")
    said = written(language)
    known = Known({}, {}, plan)
    assert {condition: in_words(condition, Language(language), known) for condition in said} == said
    assert {call.name for condition in said for call in parse(condition).calls} == set(QUESTIONS)


def test_every_condition_of_the_guide_chooses_some_journeys_of_the_sample() -> None:
    plan = JourneyMap.read(SAMPLE / "bbb_2013j.yaml")
    assert written("en").keys() == written("vi").keys()
    with Workspace() as workspace:
        workspace.ingest(SAMPLE / "open_university.parquet", journey="registration")
        of = queries.summary(workspace, plan.where).journeys
        for condition in written("en"):
            n = queries.summary(workspace, settled(workspace, plan, both(plan.where, condition))).journeys
            assert 0 < n < of, condition


@pytest.mark.parametrize("kind", KINDS)
def test_the_guide_names_every_kind_of_deviation_that_can_be_asked_for(kind: str) -> None:
    assert all(f"`{kind}`" in page.read_text(encoding="utf-8") for page in CHOOSING.values())


@pytest.mark.parametrize("page", [page for page in PAGES if page.is_relative_to(GUIDE / "vi")], ids=lambda p: p.stem)
def test_both_languages_of_the_guide_have_the_same_parts(page: Path) -> None:
    """The pages stand in one order in both indexes; each has as many headings, pictures and commands."""
    order = [LINK.findall((GUIDE / name / "README.md").read_text(encoding="utf-8")) for name in (".", "vi")]
    other = GUIDE / dict(zip(order[1], order[0], strict=True)).get(page.name, "README.md")
    counts = [
        [len(re.findall(sign, p.read_text(encoding="utf-8"), re.MULTILINE)) for sign in ("^#", r"^!\[", "^```")]
        for p in (page, other)
    ]
    assert counts[0] == counts[1]
