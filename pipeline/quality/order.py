"""What the order of events rests on: equal times, copies, rows that stand backwards in their file, bursts."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import Any

import polars as pl

from mining.messages import N_, Message
from pipeline import definition, queries
from pipeline.quality.finding import INFO, PROBLEM, WARNING, QualityFinding
from pipeline.quality.rules import QualityRules
from pipeline.store import Session, Workspace, quoted


@dataclass(frozen=True)
class Neighbours:
    """What `quality_order` counted, by source, and what it adds up to."""

    by_source: pl.DataFrame

    def __getitem__(self, name: str) -> int:
        return int(self.by_source[name].sum())

    def backwards(self, rules: QualityRules) -> pl.DataFrame:
        """Give the sources that are written newest first."""
        return self.by_source.filter(
            (pl.col("n_in_source") >= 10) & (pl.col("n_backwards") >= rules.newest_first * pl.col("n_in_source"))
        )


def neighbours(ws: Workspace, rules: QualityRules) -> Neighbours:
    """Look at every event and the one before it, once."""
    return Neighbours(ws.run("quality_order", rush=rules.rush_events, rush_us=round(rules.rush_seconds * 1e6)))


def order(ws: Workspace, pairs: Neighbours, minutes: bool, rules: QualityRules) -> list[QualityFinding]:
    """Give the findings about the order of events; `minutes` says that times are no finer than that."""
    found = [_ties(ws, pairs, rules), _duplicates(ws, pairs, rules), _newest_first(ws, pairs, rules)]
    found += [_backwards(ws, pairs, rules), None if minutes else _bursts(ws, pairs, rules), _ends(ws, rules)]
    return [finding for finding in found if finding is not None]


def _ties(ws: Workspace, pairs: Neighbours, rules: QualityRules) -> QualityFinding | None:
    """Events that share their time with a neighbour: a run of k of them is k - 1 pairs in one tie."""
    if not pairs["n_tied"]:
        return None
    n, of = pairs["n_tied"] + pairs["n_ties"], pairs["n_events"]
    journeys = ws.run("quality_ties").row(0, named=True)
    other = pairs["n_tied_other"]
    said = Message(
        N_(
            "These events share their time with a neighbour. Journeys concerned: {journeys:,}; of these, {paths:,} "
            "have different activities at one time, so that their path rests on the order of the rows in the file."
        )
        if other
        else N_("These events share their time with a neighbour, but also their activity: no path depends on it."),
        journeys=journeys["n_journeys"],
        paths=journeys["n_journeys_other"],
    )
    details = {
        "pairs": pairs["n_tied"],
        "pairs_of_neighbours": pairs["n_neighbours"],
        "pairs_of_different_activities": other,
        "journeys": journeys["n_journeys"],
        "journeys_whose_path_rests_on_input_order": journeys["n_journeys_other"],
    }
    severity = WARNING if other >= rules.bad_share * pairs["n_neighbours"] else INFO
    examples = _rows(ws.run("quality_tied", n=rules.examples)) if other else ()
    return QualityFinding("ties", severity, said, n, of, "events", details, examples)


def _duplicates(ws: Workspace, pairs: Neighbours, rules: QualityRules) -> QualityFinding | None:
    found = ws.run("quality_duplicates", n=rules.examples) if pairs["n_tied"] else pl.DataFrame()
    if found.is_empty():
        return None
    n, of = int(found["n_all"][0]), pairs["n_events"]
    said = Message(
        N_("Rows that equal an earlier one in journey, activity, time and every attribute. Journeys: {journeys:,}."),
        journeys=found["n_journeys"][0],
    )
    severity = PROBLEM if n >= rules.bad_share * of else WARNING
    details = {"journeys": int(found["n_journeys"][0])}
    return QualityFinding(
        "duplicates", severity, said, n, of, "events", details, _rows(found.drop("n_all", "n_journeys"))
    )


def left_out(ws: Workspace, kept: int, events: int) -> QualityFinding | None:
    """Say how many copies the definition of journeys leaves out; where a recipe cleans paths too, it is not known."""
    with closing(ws.session()) as session:
        meant = definition.kept(session)
    if meant.duplicates != "drop" or meant.recipe.steps or kept == events:
        return None
    said = Message(N_("Copies of an earlier row were left out, as was chosen."))
    return QualityFinding("duplicates", INFO, said, kept - events, kept, "rows")


def _newest_first(ws: Workspace, pairs: Neighbours, rules: QualityRules) -> QualityFinding | None:
    """Say once of a whole file what would otherwise be said of each of its rows."""
    files = pairs.backwards(rules)
    if files.is_empty():
        return None
    n, of = int(files["n_backwards"].sum()), int(files["n_in_source"].sum())
    names = dict(queries.sources(ws).select("source_id", "name").iter_rows())
    listed = [names.get(source, str(source)) for source in files["source_id"]]
    other = int(files["n_tied_other"].sum())
    said = Message(
        N_("In {files}, later events come first. Pairs of different activities at the same time: {ties:,}."),
        files=", ".join(listed[:3]) + (" …" if len(listed) > 3 else ""),
        ties=other,
    )
    examples = tuple(
        {"source": names.get(s, str(s)), "backwards": b, "neighbours": n_, "ties": t}
        for s, b, n_, t in files.select("source_id", "n_backwards", "n_in_source", "n_tied_other").iter_rows()
    )
    details = {"pairs_of_different_activities_at_the_same_time": other}
    return QualityFinding(
        "newest_first", WARNING if other else INFO, said, n, of, "pairs", details, examples[: rules.examples]
    )


def _backwards(ws: Workspace, pairs: Neighbours, rules: QualityRules) -> QualityFinding | None:
    whole = pairs.backwards(rules)["source_id"]
    rest = pairs.by_source.filter(~pl.col("source_id").is_in(whole.implode()))
    n, of = int(rest["n_backwards"].sum()), int(rest["n_in_source"].sum())
    if not n:
        return None
    said = Message(N_("Events that come in their file before an event of the same journey that happened earlier."))
    examples = _rows(ws.run("quality_backwards", n=rules.examples, without=whole.to_list()))
    return QualityFinding("backwards", INFO, said, n, of, "pairs", {}, examples)


def _bursts(ws: Workspace, pairs: Neighbours, rules: QualityRules) -> QualityFinding | None:
    if not pairs["n_rushed"]:
        return None
    found = ws.run("quality_rushes", rush=rules.rush_events, rush_us=round(rules.rush_seconds * 1e6), n=rules.examples)
    said = Message(
        N_("Journeys with {least} events or more within {seconds:.0f} s."),
        least=rules.rush_events,
        seconds=rules.rush_seconds,
    )
    journeys = pairs["n_events"] - pairs["n_neighbours"]
    n = int(found["n_all"][0])
    return QualityFinding("bursts", WARNING, said, n, journeys, "journeys", {}, _rows(found.drop("n_all")))


def has_ends(ws: Workspace) -> bool:
    """Say whether an attribute tells when events ended."""
    return "end" in queries.attributes(ws)["role"].to_list()


def _ends(ws: Workspace, rules: QualityRules) -> QualityFinding | None:
    if not has_ends(ws):
        return None
    found = ws.run("quality_ends", views={"ended": _ended}, n=rules.examples)
    if found.is_empty():
        return None
    said = Message(N_("The end of these events lies before their start."))
    n, of = found.select("n_all", "n_told").row(0)
    severity = PROBLEM if n >= rules.bad_share * of else WARNING
    return QualityFinding("end_before_start", severity, said, n, of, "events", {}, _rows(found.drop("n_all", "n_told")))


def _ended(session: Session) -> str:
    """Compose the view of events with their ends."""
    level, column = session.rows("SELECT level, \"column\" FROM attributes WHERE role = 'end'")[0]
    of_journeys = "" if level == "event" else " JOIN journeys AS j ON j.journey_id = e.journey_id"
    finish = f"TRY_CAST({'j' if of_journeys else 'e'}.{quoted(column)} AS TIMESTAMP)"
    return f"SELECT e.journey_id, e.event_no, e.activity, e.time, {finish} AS finish FROM events AS e{of_journeys}"


def _rows(frame: pl.DataFrame) -> tuple[dict[str, Any], ...]:
    return tuple(frame.to_dicts())
