"""The tables of a report: the same rows on a page, in a PDF and as the sheets of a spreadsheet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from mining import found_words
from pipeline.findings import Findings, rounded
from pipeline.formats import NOTHING
from pipeline.language import Language
from pipeline.names import Names, as_text
from pipeline.report.blocks import Cell, Column, Table, Value
from pipeline.report.sentences import deviation_said, effects_said, gap_said, off_map_places
from pipeline.report.signs import DEVIATIONS

NEXT = 3  # of what those who dropped did next
Rows = list[dict[str, Any]]


def summary(found: Findings, chosen: str | None, language: Language) -> Table:
    """Give the figures of the whole comparison; `chosen` says by what its journeys were."""
    doc, t = found.to_dict(), language.t
    log, plan, fit, ends = doc["log"], doc["map"], doc["alignment"], doc["outcomes"]
    cost = fit["total_cost"]
    rows: list[tuple[Cell, ...]] = [
        (t("Events"), Value(log["events"], "count")),
        (t("Journeys"), Value(log["journeys"], "count")),
        (t("Distinct paths"), Value(log["variants"], "count")),
        (t("Activities"), Value(log["activities"], "count")),
        (t("Rejected rows"), Value(log["rejected_rows"], "count")),
        (t("First event (UTC)"), Value(_clock(found.log.start), "moment")),
        (t("Last event (UTC)"), Value(_clock(found.log.end), "moment")),
        (t("Journeys chosen by"), chosen or t("all journeys")),
        (t("Touchpoints of the plan"), Value(plan["touchpoints"], "count")),
        (t("Events on the map"), Value(plan["event_coverage"], "share")),
        (t("Journeys with no other events"), Value(plan["journey_coverage"], "share")),
        (t("Journeys as planned"), Value(fit["perfect_journeys"], "count")),
        (t("Share of journeys as planned"), Value(fit["perfect_share"], "share")),
        (t("Fitness"), Value(fit["fitness"], "number")),
        (t("Cost of all moves outside the plan"), Value(cost, "count" if isinstance(cost, int) else "number")),
        (t("Converted"), Value(ends["converted"], "count")),
        (t("Dropped"), Value(ends["dropped"], "count")),
        (t("Open"), Value(ends["open"], "count")),
        (
            t("{title} (hours)", title=t("Silence that counts as dropped")),
            Value(ends["inactive_after_s"], "duration"),
        ),
        (t("Tests in the ledger"), Value(doc["ledger"]["tests"], "count")),
    ]
    columns = (Column(t("What"), width=38), Column(t("Value"), width=34))
    return Table(t("Summary"), columns, tuple(rows))


def _clock(time: datetime | None) -> datetime | None:
    """Give a time as a spreadsheet knows it: without a zone, to the second."""
    return None if time is None else time.replace(tzinfo=None, microsecond=0)


def sentences(found: Findings, names: Names, language: Language) -> Table:
    """Give every deviation as sentences, in the order of the findings."""
    t = language.t
    columns = (
        Column("#", "count", 5),
        Column(t("Deviation"), width=16),
        Column(t("Finding"), width=90),
        Column(t("Effect on goal"), width=90),
    )
    rows = (
        (
            number,
            t(DEVIATIONS[row["kind"]].word),
            deviation_said(row, names, language),
            " ".join(effects_said(row, language)),
        )
        for number, row in enumerate(found.to_dict()["deviations"], 1)
    )
    return Table(t("Findings"), columns, tuple(rows))


def deviations(found: Findings, names: Names, language: Language) -> Table:
    """Give every deviation with its numbers; a page has columns of effects and times only where there are any."""
    t, rows = language.t, found.deviations
    tested, timed = (rows[name].null_count() < rows.height for name in ("effect", "median_extra_s"))
    columns = (
        Column(t("Deviation"), width=16),
        Column(t("Where"), width=34),
        Column(t("Stage"), width=20),
        Column(t("Journeys"), "count"),
        Column(t("Share"), "share"),
        Column(t("95% from"), "share"),
        Column(t("95% to"), "share"),
        Column(t("Times"), "count", on_page=False),
        Column(t("Effect on goal"), "points", 14, tested),
        Column(t("95% from"), "points", on_page=tested),
        Column(t("95% to"), "points", on_page=tested),
        Column("q", "q", on_page=tested),
        Column(t("With it"), "count", on_page=False),
        Column(t("Without it"), "count", on_page=False),
        Column(t("Extra time"), "duration", on_page=timed),
        Column(t("95% from"), "duration", on_page=timed),
        Column(t("95% to"), "duration", on_page=timed),
        Column(t("Example journeys"), width=40, on_page=False),
    )
    cells = (
        (
            t(DEVIATIONS[row["kind"]].word),
            names.place(row),
            names.stage(row["stage"]),
            *(row[name] for name in ("journeys", "share", "low", "high", "occurrences")),
            *(row[name] for name in ("effect", "effect_low", "effect_high", "q", "n_with", "n_without")),
            *(row[name] for name in ("median_extra_s", "median_extra_low_s", "median_extra_high_s")),
            ", ".join(as_text(key) for key in row["examples"]),
        )
        for row in found.to_dict()["deviations"]
    )
    return Table(t("Deviations"), columns, tuple(cells))


def rules(found: Findings, names: Names, language: Language) -> Table:
    """Give each rule beside the map with the journeys that broke it."""
    t = language.t
    columns = (
        Column(t("Rule"), width=40),
        Column(t("What it asks"), width=60),
        Column(t("Broken by"), "count"),
        Column(t("Of those it applies to"), "count", 14),
        Column(t("Share"), "share"),
        Column(t("95% from"), "share"),
        Column(t("95% to"), "share"),
        Column(t("Too early to judge"), "count", 14),
    )
    rows = (
        (
            names.rules[row["rule"]],
            names.asked[row["rule"]],
            *(row[name] for name in ("journeys", "of", "share", "low", "high", "open")),
        )
        for row in found.to_dict()["rules"]
    )
    return Table(t("Rules beside the map"), columns, tuple(rows))


def accepted(found: Findings, names: Names, language: Language) -> Table:
    """Give the deviations that the plan accepts, with who answers for each, why and until when."""
    t = language.t
    columns = (
        Column(t("Deviation"), width=16),
        Column(t("Where"), width=34),
        Column(t("Journeys"), "count"),
        Column(t("Share"), "share"),
        Column(t("Answers for it"), width=24),
        Column(t("Reason"), width=50),
        Column(t("Until"), "day", 14),
    )
    rows = (
        (
            t(DEVIATIONS[row["kind"]].word),
            names.place(row),
            row["journeys"],
            row["share"],
            as_text(language.local(by.owner)),
            as_text(language.local(by.reason)),
            by.until,
        )
        for row, by in zip(
            found.to_dict()["accepted"],
            (found.plan.accepted[number] for number in found.accepted["acceptance"]),
            strict=True,
        )
    )
    note = t("The plan accepts these until a day: they are counted, and neither ranked nor tested.")
    return Table(t("Accepted deviations"), columns, tuple(rows), note)


def drop_off(found: Findings, names: Names, language: Language) -> Table:
    """Give each milestone with what became of those who reached it."""
    t = language.t
    columns = (
        Column(t("Milestone"), width=34),
        Column(t("Stage"), width=20),
        Column(t("Reached"), "count"),
        Column(t("Went on"), "count"),
        Column(t("Dropped"), "count"),
        Column(t("Open"), "count"),
        Column(t("Mature"), "count"),
        Column(t("Drop-off rate"), "share", 14),
        Column(t("95% from"), "share"),
        Column(t("95% to"), "share"),
        Column(t("What they did next"), width=50),
    )
    counts = ("reached", "went_on", "dropped", "open", "mature", "rate", "low", "high")
    rows = (
        (
            names.milestone(row["milestone"]),
            NOTHING if row["stage"] is None else names.stage(row["stage"]),
            *(rounded(n) if isinstance(n := row[name], float) else n for name in counts),
            _next(row["next"], language),
        )
        for row in found.from_start.iter_rows(named=True)
    )
    return Table(t("Drop-off"), columns, tuple(rows))


def _next(following: Rows, language: Language) -> str:
    """Name what those who dropped did right after the milestone."""
    nothing = language.t("nothing more")
    said = [
        f"{nothing if row['name'] is None else as_text(row['name'])} {language.number(row['journeys'])}"
        for row in following[:NEXT]
    ]
    return " · ".join(said)


def gaps(found: Findings, names: Names, language: Language) -> Table:
    """Give the gaps between plan and log."""
    t = language.t
    places = off_map_places(found.to_dict()["deviations"], names, language)
    columns = (
        Column(t("Gap"), width=26),
        Column(t("Where"), width=34),
        Column(t("Stage"), width=20),
        Column(t("Journeys"), "count"),
        Column(t("Of"), "count"),
        Column(t("Share"), "share"),
        Column(t("95% from"), "share"),
        Column(t("95% to"), "share"),
        Column(t("Detail"), width=70),
    )
    rows = (
        (
            t(found_words.GAPS[row["kind"]].word),
            names.place(row) if row["touchpoint"] or row["activity"] else names.touchpoint(None),
            names.stage(row["stage"]),
            *(row[name] for name in ("journeys", "of", "share", "low", "high")),
            gap_said(row, places, language),
        )
        for row in found.gaps.iter_rows(named=True)
    )
    return Table(t("Gaps"), columns, tuple(rows))


def stages(found: Findings, names: Names, language: Language) -> Table:
    """Give each stage and touchpoint with the journeys that came there."""
    t, n = language.t, found.log.journeys
    columns = (
        Column(t("Stage"), width=24),
        Column(t("Touchpoint"), width=34),
        Column(t("Journeys"), "count"),
        Column(t("Share"), "share"),
        Column(t("Got as far"), "count"),
        Column(t("Times"), "count"),
    )
    reached = dict(found.stages.iter_rows())
    rows: list[tuple[Cell, ...]] = []
    seen: set[str | None] = set()
    for row in found.reach.iter_rows(named=True):
        if row["stage"] is not None and row["stage"] not in seen:
            got = reached[row["stage"]]
            rows.append((names.stage(row["stage"]), t("the whole stage"), got, got / n if n else None, got, None))
        seen.add(row["stage"])
        count = row["n_journeys"]
        cells = (count, count / n if n else None, row["n_there"], row["n_events"])
        rows.append((names.stage(row["stage"]), names.touchpoint(row["touchpoint"]), *cells))
    return Table(t("Journey stages"), columns, tuple(rows))
