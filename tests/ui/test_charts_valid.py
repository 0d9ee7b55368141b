"""Every chart is Vega-Lite, as its own schema says, and draws what its data has."""

from __future__ import annotations

import json
import pkgutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from jsonschema import Draft7Validator
from jsonschema.exceptions import best_match

from mining.journey_graph import END
from mining.journey_map import JourneyMap
from mining.step_by_step import step_links, step_matrix
from ui import charts
from ui.charts.calendar import calendar_chart, calendar_data
from ui.charts.dots import dots_chart, dots_data
from ui.charts.feeling import feeling_chart, feeling_data
from ui.charts.fields import Spec
from ui.charts.funnel import funnel_chart, funnel_data
from ui.charts.gap_curve import gap_curve_chart, gap_curve_data
from ui.charts.journey_bars import bars_chart, bars_data
from ui.charts.lines_of_time import lines_chart, lines_data
from ui.charts.step_flow import flow_chart
from ui.charts.step_matrix import matrix_chart, matrix_data
from ui.charts.timeline import timeline_chart
from ui.charts.waits import waits_chart, waits_data
from ui.formats import duration, number
from ui.language import speaking

HOUR_S = 3600.0
START = datetime(2026, 1, 1, 10, tzinfo=UTC)
NAMES = {0: 'a.b["c"]', 1: "<b>$x$</b>", END: "(ended)"}
ORDER = {0: 0, 1: 1, END: 2}
SIGNS = {"planned": ("as planned", "#111111"), "ad_hoc": ("unplanned", "#222222")}
PLAN = "{id: m, goal: b, stages: [{id: s, feeling: -1, steps: [{id: a, events: A}, {id: b, events: B, feeling: 2}]}]}"


def calendar(*, dark: bool, days: int = 40) -> Spec:
    frame = pl.DataFrame({"day": [START + timedelta(days=n) for n in range(days)], "n_events": 2, "n_started": 1})
    return calendar_chart(calendar_data(frame)[0], column="n_started", title="Journeys", dark=dark)


def dots(*, dark: bool, since_start: bool = False) -> Spec:
    steps = pl.DataFrame({"journey_id": [1, 1, 2], "position": [0, 1, 0], "activity": [0, 1, 0]})
    steps = steps.with_columns(time_us=pl.Series([int((START.timestamp() + n * HOUR_S) * 1e6) for n in (0, 1, 5)]))
    return dots_chart(dots_data(steps, NAMES, since_start=since_start), [NAMES[0]], since_start=since_start, dark=dark)


def feeling(*, dark: bool) -> Spec:
    return feeling_chart(feeling_data(JourneyMap.parse(PLAN)), dark=dark)


def funnel(*, dark: bool) -> Spec:
    fates = ("went_on", "dropped", "open")
    rows = [("look", 10, 6, 3, 1, 0.375), ("buy", 0, 0, 0, 0, None)]
    frame = pl.DataFrame(rows, schema=["milestone", "reached", *fates, "rate"], orient="row")
    titles = {"look": "Looks", "buy": NAMES[0]}
    return funnel_chart(funnel_data(frame, titles), {fate: (fate, "#111111") for fate in fates}, dark=dark)


def gap_curve(*, dark: bool, chosen_s: float = 1800.0) -> Spec:
    curve = pl.DataFrame({"gap_s": [60.0, 1800.0], "n_journeys": [9000, 1234]})
    return gap_curve_chart(gap_curve_data(curve, chosen_s), dark=dark)


def bars(*, dark: bool, of_time: bool = True) -> Spec:
    bins = pl.DataFrame({"bar": [0, 1, 3], "n_journeys": [5, 1, 9]})
    data = bars_data(bins, 2.0, 3, duration if of_time else number)
    return bars_chart(data, "Duration", of_time=of_time, dark=dark)


def lines(*, dark: bool, timed: bool = True) -> Spec:
    rows = [("j", n, NAMES[n], START + timedelta(hours=n) if timed else None, n * HOUR_S) for n in (0, 1)]
    schema = {"key": pl.String, "position": pl.Int64, "activity": pl.String, "time": pl.Datetime("us", "UTC")}
    return lines_chart(lines_data(pl.DataFrame(rows, schema | {"gap_s": pl.Float64}, orient="row")), dark=dark)


def links() -> pl.DataFrame:
    variants = pl.DataFrame({"variant_id": [0, 1], "path": [[0, 1], [1]], "n_journeys": [5, 2]})
    return step_links(variants, 3, {0, 1})


def flow(*, dark: bool) -> Spec:
    return flow_chart(links(), ORDER, 7, NAMES, dark=dark)


def matrix(*, dark: bool) -> Spec:
    return matrix_chart(matrix_data(step_matrix(links()), ORDER, 7, NAMES.__getitem__), dark=dark)


def timeline(*, dark: bool, marks: tuple[str | None, ...] = ("planned", "ad_hoc")) -> Spec:
    events = pl.DataFrame({"activity": ["A", "B"], "time": [START, START + timedelta(hours=1)], "mark": marks})
    return timeline_chart(events.cast({"mark": pl.String}), SIGNS, dark=dark)


def waits(*, dark: bool, limit_s: float | None = None, hours: int = 3) -> Spec:
    return waits_chart(waits_data(pl.Series([n * HOUR_S for n in range(hours)] * 9), limit_s), "Time", dark=dark)


DRAWN: dict[str, Callable[..., Spec]] = {
    "calendar of days": calendar,
    "calendar of years": lambda dark: calendar(dark=dark, days=2000),
    "dots by date": dots,
    "dots from each start": lambda dark: dots(dark=dark, since_start=True),
    "feeling": feeling,
    "funnel": funnel,
    "gap curve": gap_curve,
    "gap curve without the gap": lambda dark: gap_curve(dark=dark, chosen_s=7.0),
    "bars of time": bars,
    "bars of numbers": lambda dark: bars(dark=dark, of_time=False),
    "lines": lines,
    "lines without times": lambda dark: lines(dark=dark, timed=False),
    "flow": flow,
    "matrix": matrix,
    "timeline": timeline,
    "timeline without a plan": lambda dark: timeline(dark=dark, marks=(None, None)),
    "waits": waits,
    "waits with a limit": lambda dark: waits(dark=dark, limit_s=2 * HOUR_S),
    "waits of nobody": lambda dark: waits(dark=dark, hours=0),
}


@cache
def schema() -> Draft7Validator:
    """Give the schema of Vega-Lite, which Altair brings with it."""
    altair = find_spec("altair")
    assert altair is not None
    assert altair.origin is not None
    [path] = Path(altair.origin).parent.glob("vegalite/v*/schema/vega-lite-schema.json")
    return Draft7Validator(json.loads(path.read_text(encoding="utf-8")))


def plain(chart: Spec) -> Spec:
    """Give a chart as the browser reads it, with its data as rows."""
    datasets = {name: frame.to_dicts() for name, frame in chart["datasets"].items()}
    read: Spec = json.loads(json.dumps({**chart, "datasets": datasets}, default=str))
    return read


def fields(part: Any) -> Iterator[str]:
    """Name the fields in the channels of a part of a chart."""
    if isinstance(part, dict):
        yield from [part["field"]] if isinstance(part.get("field"), str) else []
        for inner in part.values():
            yield from fields(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from fields(inner)


def unknown(part: Spec, columns: dict[str, set[str]], known: set[str], asked: set[str]) -> set[str]:
    """Give the fields that the marks of a chart, or of its layers, ask for and their data has not."""
    known = columns[part["data"]["name"]] if "data" in part else known
    known = known | {step["as"] for step in part.get("transform", ()) if "as" in step}
    asked = asked | set(fields(part.get("encoding", {})))
    if "layer" not in part:
        return asked - known
    return set().union(*(unknown(layer, columns, known, asked) for layer in part["layer"]))


def test_each_chart_is_among_those_looked_at() -> None:
    modules = [import_module(f"ui.charts.{module.name}") for module in pkgutil.iter_modules(charts.__path__)]
    made = {name for module in modules for name in vars(module) if name.endswith("_chart")}
    assert made == {name for name in globals() if name.endswith("_chart")}


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", DRAWN)
def test_a_chart_is_vega_lite_and_its_fields_are_in_its_data(name: str, *, dark: bool, language: str) -> None:
    with speaking(language):
        chart = DRAWN[name](dark=dark)
    error = best_match(schema().iter_errors(plain(chart)))
    assert error is None, (error.json_path, error.message)
    columns = {called: set(frame.columns) for called, frame in chart["datasets"].items()}
    assert unknown(chart, columns, set(), set()) == set()


@pytest.mark.parametrize(
    ("where", "wrong"),
    [("height", "tall"), ("mark", "bars"), ("encoding", {"x": {"field": "day", "type": "time"}}), ("axes", {})],
)
def test_what_is_not_vega_lite_is_found(where: str, wrong: object) -> None:
    assert list(schema().iter_errors(plain(calendar(dark=False)) | {where: wrong}))
