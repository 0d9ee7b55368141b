"""What single moves mean, and that they sum up to the deviations of their path."""

from __future__ import annotations

import polars as pl

from mining.move_marks import marks

SCHEMA = {"path": pl.UInt32, "kind": pl.String, "label": pl.Int32}


def marked(*moves: tuple[str, int]) -> list[str]:
    frame = pl.DataFrame([(0, *move) for move in moves], schema=SCHEMA, orient="row")
    return marks(frame)["mark"].to_list()


def test_moves_by_themselves() -> None:
    assert marked(("sync", 0), ("model", 1), ("log", -1)) == ["planned", "missing", "ad_hoc"]


def test_a_touchpoint_that_happened_elsewhere_is_one_irregularity() -> None:
    assert marked(("model", 0), ("sync", 1), ("log", 0)) == ["irregular_sequence", "planned", "irregular_sequence"]


def test_more_log_moves_than_model_moves_are_repeats() -> None:
    assert marked(("model", 0), ("log", 0), ("log", 0)) == ["irregular_sequence", "irregular_sequence", "repeated"]


def test_a_second_time_is_repeated_wherever_it_stands() -> None:
    assert marked(("log", 0), ("sync", 0)) == ["repeated", "planned"]
    assert marked(("sync", 0), ("log", 0)) == ["planned", "repeated"]


def test_a_touchpoint_not_asked_for_is_extra_and_then_repeated() -> None:
    assert marked(("sync", 1), ("log", 0), ("log", 0)) == ["planned", "extra", "repeated"]


def test_paths_do_not_mix() -> None:
    rows = [(0, "model", 0), (1, "log", 0)]
    assert marks(pl.DataFrame(rows, schema=SCHEMA, orient="row"))["mark"].to_list() == ["missing", "extra"]
