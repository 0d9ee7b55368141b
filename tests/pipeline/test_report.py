"""Reports say the numbers of the comparison and nothing else, in every form, and names from data stay names."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
import python_calamine
from babel.messages.pofile import read_po
from lxml import html

from mining.errors import SourceError
from mining.statistics import wilson
from pipeline.language import CATALOGUES, LANGUAGES, Language
from pipeline.report import Report
from pipeline.report.blocks import Figure
from pipeline.report.document import document
from tests.pipeline import pdf_text
from tests.pipeline.reports import ROLES, opened, sheets

ROOT = Path(__file__).resolve().parents[2]
SAMPLE_MAP = ROOT / "data" / "open_university" / "bbb_2013j.yaml"
SHOP = "{id: shop, goal: buy, stages: [{id: s, steps: [{id: look, events: [Look]}, {id: buy, events: [Buy]}]}]}"
LOG = """case,activity,time
1,Look,2026-01-01 10:00
1,Ask,2026-01-01 11:00
1,Buy,2026-01-02 10:00
2,Look,2026-01-03 10:00
2,Look,2026-01-03 12:00
3,Buy,2026-01-04 10:00
"""


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[str], Path]:
    """Give a function that saves a log."""

    def save(text: str) -> Path:
        path = tmp_path / "log.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return save


@pytest.fixture(scope="module")
def sample() -> Report:
    """The report of the sample."""
    return opened(SAMPLE_MAP.with_name("open_university.parquet"), SAMPLE_MAP.read_text(encoding="utf-8"))


def table_of(page: str, caption: str) -> list[list[tuple[str, float | None]]]:
    """Give text and number of every cell of the table with this caption."""
    tree = html.document_fromstring(page)
    [table] = [t for t in tree.iter("table") if t.findtext("caption") == caption]
    return [
        [(cell.text_content(), float(cell.get("data-value")) if cell.get("data-value") else None) for cell in row]
        for row in table.iter("tr")
        if row.findall("td")
    ]


def assert_close(found: Sequence[Any], wanted: Sequence[Any]) -> None:
    """Compare numbers that went through a unit; what is not known is empty on both sides."""
    assert [value is None for value in found] == [value is None for value in wanted]
    assert [v for v in found if v is not None] == pytest.approx([v for v in wanted if v is not None], rel=1e-12)


def test_the_page_has_the_numbers_of_the_json(sample: Report) -> None:
    doc = sample.findings.to_dict()
    shown = [[n for _, n in row if n is not None] for row in table_of(sample.to_html(), "Deviations")]
    names = ("journeys", "share", "low", "high", "effect", "effect_low", "effect_high", "q")
    names += ("median_extra_s", "median_extra_low_s", "median_extra_high_s")
    assert shown == [[row[name] for name in names if row[name] is not None] for row in doc["deviations"]]
    shown = [[n for _, n in row if n is not None] for row in table_of(sample.to_html(), "Drop-off")]
    names = ("reached", "went_on", "dropped", "open", "mature", "rate", "low", "high")
    assert shown[1:] == [[row[name] for name in names] for row in doc["drop_off"]]
    assert shown[0][0] == doc["log"]["journeys"]
    assert sum(row[2] for row in shown) == doc["outcomes"]["dropped"]
    assert [row[3][1] for row in table_of(sample.to_html(), "Gaps")] == [row["journeys"] for row in doc["gaps"]]


def test_the_sheets_have_the_numbers_of_the_json(sample: Report) -> None:
    doc, found = sample.findings.to_dict(), sheets(sample)
    names = ("journeys", "share", "low", "high", "occurrences", "effect", "effect_low", "effect_high", "q")
    for row, wanted in zip(found["Deviations"][1:], doc["deviations"], strict=True):
        scale = {"effect": 100, "effect_low": 100, "effect_high": 100}
        assert_close(row[3:12], [None if wanted[n] is None else wanted[n] * scale.get(n, 1) for n in names])
        assert row[12:14] == (wanted["n_with"], wanted["n_without"])
        extra = [wanted[f"median_extra_{end}s"] for end in ("", "low_", "high_")]
        assert_close(row[14:17], [None if time is None else time / 3600 for time in extra])
        assert row[17] == ", ".join(wanted["examples"])
    for row, wanted in zip(found["Drop-off"][2:], doc["drop_off"], strict=True):
        assert list(row[2:10]) == [
            wanted[n] for n in ("reached", "went_on", "dropped", "open", "mature", "rate", "low", "high")
        ]
    summary = dict(row for row in found["Summary"][1:])
    assert (summary["Journeys"], summary["Converted"]) == (doc["log"]["journeys"], doc["outcomes"]["converted"])
    assert summary["Fitness"] == doc["alignment"]["fitness"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_sheet_has_the_figures_and_the_pictures(sample: Report, language: str) -> None:
    """The pictures of the page, in its order, each of twice the points that it takes on the screen."""
    book = openpyxl.load_workbook(io.BytesIO(sample.to_xlsx(language)))
    cover, summary = book.worksheets[:2]
    doc = document(sample, Language(language))
    figures = [block for section in doc.sections for block in section.blocks if isinstance(block, Figure)]
    assert [drawn.width for drawn in cover._images] == [pytest.approx(2 * f.picture.width, abs=2) for f in figures]
    for drawn, figure in zip(cover._images, figures, strict=True):
        shown = drawn.anchor._from.row, drawn.anchor.to.row
        height = 20 * (shown[1] - shown[0])
        assert height == pytest.approx(figure.picture.height, rel=0.1)
    cells = [row for row in cover.iter_rows(values_only=True) if any(value is not None for value in row)]
    assert cells[0][1] == doc.title
    ends, n = sample.findings.outcomes, sample.findings.log.journeys
    counted = [row[4:8] for row in cells if row[5] is not None and row[4] == ends.dropped]
    assert counted == [(ends.dropped, pytest.approx(ends.dropped / n), *map(pytest.approx, wilson(ends.dropped, n)))]
    first = next(cell for cell in summary["B"] if cell.is_date)
    assert sample.findings.log.start is not None
    assert first.value == sample.findings.log.start.replace(tzinfo=None)
    assert all(sheet.freeze_panes == "A2" for sheet in book.worksheets[1:])
    assert python_calamine.load_workbook(io.BytesIO(sample.to_xlsx(language))).sheet_names == book.sheetnames


def test_the_findings_are_ranked_sentences(sample: Report) -> None:
    page = html.document_fromstring(sample.to_html())
    told = [item.text_content() for item in page.xpath("//ol[@class='ranking']/li")]
    rows = sample.findings.to_dict()["deviations"]
    assert len(told) == 12
    for said, row in zip(told, rows, strict=False):
        assert f"{row['journeys']:,} journeys" in said
        assert row["examples"][0] in said
    assert sheets(sample)["Findings"][1][2] in told[0]


def test_the_paper_has_its_pages_and_says_the_same(sample: Report) -> None:
    pdf = sample.to_pdf()
    assert pdf.startswith(b"%PDF-")
    assert pdf_text.pages(pdf) >= 6
    said = re.sub(r"\s+", " ", pdf_text.text(pdf))
    for section in document(sample, Language("en")).sections:
        assert section.title in said
    doc = sample.findings.to_dict()
    assert f"{doc['outcomes']['converted']:,}" in said
    for source in sample.origin.sources if sample.origin else ():
        assert source.sha256 in said


def test_the_recipe_leads_to_the_same_numbers(sample: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands that a report names are run, in a folder that has the files it names."""
    import shlex

    from pipeline.cli import main

    assert sample.origin is not None
    (tmp_path / "map.yaml").write_bytes(SAMPLE_MAP.read_bytes())
    (tmp_path / "open_university.parquet").symlink_to(SAMPLE_MAP.with_name("open_university.parquet"))
    monkeypatch.chdir(tmp_path)
    for command in sample.origin.as_dict()["commands"]:
        assert main([*shlex.split(command)[1:], "-q"]) == 0
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == sample.to_html()


def test_the_same_log_gives_the_same_bytes(saved: Callable[[str], Path]) -> None:
    """From loading on, since nothing of when and where may come in."""
    path = saved(LOG)
    first, second = (opened(path, SHOP, **ROLES) for _ in range(2))
    for language in LANGUAGES:
        assert first.to_html(language) == second.to_html(language)
        assert first.to_xlsx(language) == second.to_xlsx(language)
        assert first.to_pdf(language) == second.to_pdf(language)


def test_a_page_asks_nothing_of_others(sample: Report) -> None:
    page = sample.to_html()
    tree = html.document_fromstring(page)
    assert not list(tree.iter("script", "link", "iframe", "img", "object", "embed", "base", "form", "a"))
    assert not [name for element in tree.iter() for name in element.attrib if name.startswith("on") or "href" in name]
    assert not re.search(r"https?:|//[a-z]|url\(|@import", re.sub(r"<pre>.*?</pre>", "", page, flags=re.S))


def test_everything_said_is_in_the_catalogue(sample: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every text of a report is looked up, and has its Vietnamese."""
    asked: set[str] = set()
    with (CATALOGUES / "vi" / "LC_MESSAGES" / "desirepath.po").open("rb") as file:
        known = {message.id for message in read_po(file) if message.string}
    real = Language.translate

    def watched(self: Language, template: str) -> str:
        asked.add(template)
        return real(self, template)

    monkeypatch.setattr(Language, "translate", watched)
    sample.to_html("vi")
    sample.to_xlsx("vi")
    assert len(asked) > 100
    assert sorted(asked - known - {""}) == []


def test_the_texts_of_the_map_follow_the_language(sample: Report) -> None:
    vietnamese = sample.to_html("vi")
    assert html.document_fromstring(vietnamese).get("lang") == "vi"
    assert "Đạt học phần" in vietnamese
    assert "Pass the module" not in vietnamese
    assert "1.058" in vietnamese  # the thousands of a Vietnamese number


@pytest.mark.parametrize("form", ["html", "pdf", "xlsx", "json"])
def test_a_report_without_origin_and_graph(sample: Report, form: str, tmp_path: Path) -> None:
    path = tmp_path / f"r.{form}"
    Report(sample.findings).write(path)
    assert path.stat().st_size > 1000
    if form == "html":
        assert "How to repeat this" not in path.read_text(encoding="utf-8")


def test_json_is_the_findings_and_the_recipe(sample: Report, tmp_path: Path) -> None:
    sample.write(tmp_path / "r.json")
    document_ = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    recipe = document_.pop("recipe")
    assert document_ == json.loads(sample.findings.to_json())
    assert recipe["sources"][0]["sha256"] == "5f077b77172b80ae733542b372ecb6b8a2a409192cb14f4c460ba5f7ab1b2f23"
    assert set(recipe) == {"version", "log", "sources", "definition", "map", "where", "commands"}


def test_another_ending_is_refused(sample: Report, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"\.html, \.pdf, \.xlsx or \.json"):
        sample.write(tmp_path / "r.docx")
    assert list(tmp_path.iterdir()) == []


TINY = {
    "one journey": "case,activity,time\n1,Look,2026-01-01\n1,Buy,2026-01-02\n",
    "no goal": "case,activity,time\n1,Look,2026-01-01\n2,Look,2026-01-02\n2,Look,2026-01-03\n",
    "nothing of the plan": "case,activity,time\n1,Else,2026-01-01\n",
}


@pytest.mark.parametrize("log", TINY)
def test_small_logs_have_reports(log: str, saved: Callable[[str], Path]) -> None:
    report = opened(saved(TINY[log]), SHOP, **ROLES)
    page = report.to_html()
    assert "None" not in html.document_fromstring(page).text_content()
    assert pdf_text.pages(report.to_pdf()) >= 2
    assert len(sheets(report)) >= 8
    if log == "one journey":
        assert "No journey leaves the plan." in page


def test_a_log_without_times_has_a_report(saved: Callable[[str], Path]) -> None:
    report = opened(saved("case,activity\n1,Look\n1,Buy\n2,Look\n"), SHOP, journey="case", activity="activity", time=())
    assert "The log has no times" in report.to_html()
    assert any("--no-time" in command for command in report.to_dict()["recipe"]["commands"])


def test_where_nothing_was_tested_it_is_said_once(saved: Callable[[str], Path]) -> None:
    report = opened(saved(LOG), SHOP, **ROLES)
    page = report.to_html()
    assert report.findings.tests == 0 < report.findings.deviations.height
    assert "Too few closed journeys" not in page
    assert "q-values" not in page
    assert page.count("No effect on reaching the goal could be tested") == 2  # above the findings, and at "q"


def test_touchpoints_of_any_time_and_rules_are_told(saved: Callable[[str], Path]) -> None:
    anywhere = "anywhere: [{id: help, title: Helpline, events: [Help]}]"
    plan = f"{SHOP[:-1]}, {anywhere}, rules: [{{id: r, title: One call, at_most: 1, of: help}}]}}"
    log = "case,activity,time\n1,Look,2026-01-01\n1,Help,2026-01-02\n1,Help,2026-01-03\n1,Buy,2026-01-04\n"
    report = opened(saved(log), plan, **ROLES)
    page = report.to_html()
    assert "May happen at any time" in page
    [[name, asked, broken, of, *_]] = table_of(page, "Rules beside the map")
    assert (name[0], asked[0]) == ("One call", "Helpline happens once at most")
    assert (broken[1], of[1]) == (1, 1)


@pytest.mark.parametrize("until", ["2027-01-01", "2025-01-01"])
def test_what_is_accepted_is_told_until_its_day(saved: Callable[[str], Path], until: str) -> None:
    accepted = f"{{kind: ad_hoc, activity: Ask, owner: {{en: Sales, vi: Kinh doanh}}, reason: A trial, until: {until}}}"
    report = opened(saved(LOG), f"{SHOP[:-1]}, accepted: [{accepted}]}}", **ROLES)
    page = report.to_html()
    if until > "2026":
        [[kind, where, n, _, owner, reason, day]] = table_of(page, "Accepted deviations")
        assert (kind[0], where[0], n[1]) == ("Unplanned", "Ask", 1)
        assert (owner[0], reason[0], day[0]) == ("Sales", "A trial", "Jan 1, 2027")
        assert "Kinh doanh" in report.to_html("vi")
        assert sheets(report)["Accepted deviations"][1][4] == "Sales"
    else:
        assert "It was accepted until Jan 1, 2025; it counts again." in page
        assert "Accepted deviations" not in page


def test_a_skipped_choice_is_named_as_a_whole(saved: Callable[[str], Path]) -> None:
    """Two of three paid neither way; the alignment puts it down to the card, the report to neither."""
    plan = """{id: shop, goal: fetch, stages: [{id: s, steps: [{id: look, events: [Look]},
      {choice: [{id: card, title: Card, events: [Card]}, {id: cash, title: Cash, events: [Cash]}]},
      {id: fetch, events: [Fetch]}]}]}"""
    paths = {"1": ("Look", "Card", "Fetch"), "2": ("Look", "Fetch"), "3": ("Look", "Fetch"), "4": ("Look", "Cash")}
    rows = [f"{c},{a},2026-01-0{c} 1{i}:00" for c, path in paths.items() for i, a in enumerate(path)]
    found = opened(saved("\n".join(["case,activity,time", *rows])), plan)
    row = found.findings.deviations.row(by_predicate=pl.col("kind") == "missing", named=True)
    assert (row["touchpoint"], row["journeys"]) == ("card", 2)
    page = found.to_html("en")
    assert "2 journeys (50%) went past “Card / Cash” without any of them." in page
    assert [[cell[0] for cell in line[:2]] for line in table_of(page, "Gaps")] == [
        ["Skipped touchpoints", "Card / Cash"]
    ]
