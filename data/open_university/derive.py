"""Derive the sample log of course registrations from the Open University Learning Analytics dataset (OULAD).

Run from the root of the project, with the four tables as CSV in the input folder::

    python data/open_university/derive.py ../shared/data/oulad

It writes ``open_university.parquet`` beside this file (one row per event) and says what it counted. The same input
gives the same bytes. Every decision taken here is explained in ORIGIN.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

HERE: Final = Path(__file__).resolve().parent
DEFAULT_INPUT: Final = HERE.parents[2] / "shared" / "data" / "oulad"
LOG_NAME: Final = "open_university.parquet"
TABLES: Final = ("assessments", "studentAssessment", "studentInfo", "studentRegistration")

# OULAD says only that B presentations start in February and J presentations in October; the first of the month is ours.
START_MONTH: Final = {"B": 2, "J": 10}

# Days from the start to the end, column module_presentation_length of OULAD's courses.csv.
PRESENTATION_DAYS: Final = {
    "2013B": {"BBB": 240, "DDD": 240, "FFF": 240},
    "2013J": {"AAA": 268, "BBB": 268, "DDD": 261, "EEE": 268, "FFF": 268, "GGG": 261},
    "2014B": {"BBB": 234, "CCC": 241, "DDD": 241, "EEE": 241, "FFF": 241, "GGG": 241},
    "2014J": {"AAA": 269, "BBB": 262, "CCC": 269, "DDD": 262, "EEE": 269, "FFF": 269, "GGG": 269},
}

KEY: Final = ["code_module", "code_presentation", "id_student"]
COURSE: Final = KEY[:2]
EVENT_COLUMNS: Final = ["activity", "day", "rank", "due", "id_assessment", "score", "days_late"]

# Events of one day keep this order: OULAD has days, not hours.
REGISTER, MODULE_STARTS, SUBMIT, WITHDRAW, RESULT = range(5)


def read_tables(folder: Path) -> dict[str, pl.DataFrame]:
    """Read the four OULAD tables, ``<name>.derived.csv`` or the original ``<name>.csv``, by name."""
    return {name: _read_table(folder, name) for name in TABLES}


def _read_table(folder: Path, name: str) -> pl.DataFrame:
    """Read one table; the published files write ``?`` for what is not known."""
    derived = folder / f"{name}.derived.csv"
    path = derived if derived.exists() else folder / f"{name}.csv"
    return pl.read_csv(path, infer_schema_length=None, null_values=["", "?"])


def assessment_names(assessments: pl.DataFrame) -> pl.DataFrame:
    """Give every assessment its plain name: numbered by due day within course and type, ``Exam`` for the exam.

    One row per assessment: its course, id_assessment, activity, due (day number, null where not published).
    """
    number = pl.int_range(1, pl.len() + 1).over([*COURSE, "assessment_type"]).cast(pl.String)
    numbered = pl.concat_str(pl.col("assessment_type"), number, separator=" ")
    is_exam = pl.col("assessment_type") == "Exam"
    return (
        assessments.sort("date", "id_assessment", nulls_last=True)
        .with_columns(activity=pl.when(is_exam).then(pl.lit("Exam")).otherwise(numbered))
        .select(*COURSE, "id_assessment", "activity", due="date")
    )


def registrations(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Join what is known of each registration: one row per student and course, with the days and the attributes."""
    submitted = _submissions(tables)
    banked = submitted.group_by(KEY).agg(banked=pl.col("is_banked").cast(pl.Boolean).sum().cast(pl.Int16))
    last = submitted.filter(~pl.col("is_banked").cast(pl.Boolean)).group_by(KEY).agg(last_day=pl.col("day").max())
    lengths = [(m, p, days) for p, courses in PRESENTATION_DAYS.items() for m, days in courses.items()]
    length = pl.DataFrame(lengths, schema=[*COURSE, "length"], orient="row")
    return (
        tables["studentInfo"]
        .join(tables["studentRegistration"], on=KEY, how="left", validate="1:1")
        .join(length, on=COURSE, how="left")
        .join(last, on=KEY, how="left")
        .join(banked, on=KEY, how="left")
        .with_columns(pl.col("banked").fill_null(0))
    )


def _submissions(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """One row per submitted or carried-over assessment, with its course, name and due day."""
    names = assessment_names(tables["assessments"])
    return tables["studentAssessment"].join(names, on="id_assessment", how="left").rename({"date_submitted": "day"})


def dated_events(known: pl.DataFrame, tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Give all events with their day numbers, in the order they are written."""
    start_seen = (pl.col("date_registration") <= 0) & (pl.col("date_unregistration").fill_null(1) > 0)
    result_day = pl.max_horizontal("length", "last_day", "date_unregistration")
    parts = [
        _events(known, "Register", pl.col("date_registration"), REGISTER),
        _events(known.filter(start_seen), "Module starts", pl.lit(0), MODULE_STARTS),
        _submitted_events(tables),
        _events(known, "Withdraw", pl.col("date_unregistration"), WITHDRAW),
        _events(
            known.filter(pl.col("final_result") != "Withdrawn"),
            pl.concat_str(pl.lit("Result: "), "final_result"),
            result_day,
            RESULT,
        ),
    ]
    order = [*KEY, "day", "rank", "due", "id_assessment"]
    return pl.concat(parts).sort(order, nulls_last=True)


def _events(known: pl.DataFrame, activity: str | pl.Expr, day: pl.Expr, rank: int) -> pl.DataFrame:
    """Turn a day of each registration into an event; no day, no event."""
    name = pl.lit(activity) if isinstance(activity, str) else activity
    empty = {name: pl.lit(None, dtype=pl.Int64) for name in ("due", "id_assessment", "score", "days_late")}
    return (
        known.with_columns(activity=name, day=day.cast(pl.Int64), rank=pl.lit(rank), **empty)
        .filter(pl.col("day").is_not_null())
        .select(*KEY, *EVENT_COLUMNS)
    )


def _submitted_events(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Turn submissions into events; a carried-over score is no act of this journey."""
    own = _submissions(tables).filter(~pl.col("is_banked").cast(pl.Boolean))
    late = pl.col("day") - pl.col("due")
    return own.with_columns(rank=pl.lit(SUBMIT), days_late=late).select(*KEY, *EVENT_COLUMNS)


def to_log(events: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Give the log as published: journey key, activity, time, then attributes of the registration and of the event."""
    described = known.select(
        *KEY,
        module="code_module",
        presentation="code_presentation",
        region="region",
        education="highest_education",
        age="age_band",
        deprivation_band=pl.col("imd_band").replace("10-20", "10-20%"),
        gender="gender",
        disability=pl.col("disability").cast(pl.Boolean),
        previous_attempts=pl.col("num_of_prev_attempts").cast(pl.Int16),
        studied_credits=pl.col("studied_credits").cast(pl.Int16),
        banked="banked",
    )
    attributes = [name for name in described.columns if name not in KEY]
    return events.join(described, on=KEY, how="left", maintain_order="left").select(
        pl.concat_str(KEY, separator="-").alias("registration"),
        "activity",
        _time().alias("time"),
        *attributes,
        pl.col("score").cast(pl.Int16),
        pl.col("days_late").cast(pl.Int16),
    )


def _time() -> pl.Expr:
    """Midnight UTC of the day: the presentation's first day plus the day number."""
    starts = {p: date(int(p[:4]), START_MONTH[p[4]], 1) for p in PRESENTATION_DAYS}
    start = pl.col("code_presentation").replace_strict(starts, return_dtype=pl.Date)
    return (start + pl.duration(days="day")).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")


def count(tables: dict[str, pl.DataFrame], known: pl.DataFrame, log: pl.DataFrame) -> dict[str, int]:
    """Count what went in, what came out and what each decision touched."""
    withdrawn, graded = pl.col("final_result") == "Withdrawn", pl.col("final_result") != "Withdrawn"
    no_register, no_withdraw = pl.col("date_registration").is_null(), pl.col("date_unregistration").is_null()
    beyond = pl.max_horizontal("last_day", "date_unregistration") > pl.col("length")
    submitted = tables["studentAssessment"]
    return {
        "registrations": len(known),
        "students": known["id_student"].n_unique(),
        "events": len(log),
        "journeys": log["registration"].n_unique(),
        "activities": log["activity"].n_unique(),
        "submissions in the source": len(submitted),
        "carried-over scores left out": int(submitted["is_banked"].cast(pl.Boolean).sum()),
        "registrations with a carried-over score": known.filter(pl.col("banked") > 0).height,
        "registrations without a registration day": known.filter(no_register).height,
        "withdrawn without a day": known.filter(withdrawn & no_withdraw).height,
        "results beside a withdrawal day": known.filter(graded & ~no_withdraw).height,
        "results moved behind a later submission": known.filter(graded & beyond).height,
        "registered after the start": known.filter(pl.col("date_registration") > 0).height,
        "withdrawn on day 0": known.filter(pl.col("date_unregistration") == 0).height,
        "withdrawn before day 0": known.filter(pl.col("date_unregistration") < 0).height,
        "submissions without a score": log.filter(_is_submission() & pl.col("score").is_null()).height,
        "registrations without a deprivation band": known["imd_band"].null_count(),
        **{f"{name} events": n for name, n in log["activity"].value_counts().sort("activity").rows() if ":" in name},
        **{f"{name} events": log.filter(pl.col("activity") == name).height for name in ("Register", "Module starts")},
        **{f"{name} events": log.filter(pl.col("activity") == name).height for name in ("Withdraw", "Exam")},
        "TMA events": log.filter(pl.col("activity").str.starts_with("TMA")).height,
        "CMA events": log.filter(pl.col("activity").str.starts_with("CMA")).height,
    }


def _is_submission() -> pl.Expr:
    """Whether the event is an assignment or an exam."""
    return pl.col("activity").str.contains("^(TMA|CMA|Exam)")


def derive(source: Path, target: Path) -> dict[str, int]:
    """Write the log of `source` to the file `target` and give the counts."""
    tables = read_tables(source)
    known = registrations(tables)
    log = to_log(dated_events(known, tables), known)
    log.write_parquet(target, compression="zstd", compression_level=19, statistics=True, row_group_size=len(log))
    return count(tables, known, log)


def main() -> None:
    """Read the command line, derive, say what was counted."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("source", nargs="?", type=Path, default=DEFAULT_INPUT, help="folder with the OULAD tables")
    parser.add_argument("--out", type=Path, default=HERE / LOG_NAME, help="file to write")
    given = parser.parse_args()
    counts = derive(given.source, given.out)
    digest = hashlib.sha256(given.out.read_bytes()).hexdigest()
    sys.stdout.write(json.dumps({**counts, "bytes": given.out.stat().st_size, "sha256": digest}, indent=1) + "\n")


if __name__ == "__main__":
    main()
