"""Pictures are made from the numbers they are given, and say nothing else."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mining.frames import ACTIVITIES, CALENDAR, EDGES, ENDPOINTS
from mining.journey_graph import Graph, journey_graph
from mining.journey_map import JourneyMap
from ui.charts import axes
from ui.charts.calendar import MOST_SAID, calendar_chart, calendar_data, calendar_said
from ui.charts.feeling import BLANK, LINES, feeling_chart, feeling_data, feelings_said
from ui.charts.funnel import funnel_chart, funnel_data
from ui.charts.graph import Words, blend, graph_dot
from ui.charts.journey_bars import bars_said
from ui.charts.lines_of_time import lines_chart, lines_data, lines_said
from ui.charts.timeline import timeline_chart
from ui.charts.waits import waits_chart, waits_data
from ui.explore_graph import count
from ui.formats import duration, number
from ui.language import speaking

NAME = 'a "b" <i>c</i> & d'
WORDS = Words("Start", "End", number, duration, lambda data, of, _at_end: [f"{data['n_journeys']} of {of}"])


def frame(rows: list[tuple[object, ...]], shape: object) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=shape.columns, orient="row")  # type: ignore[attr-defined]


@pytest.fixture
def graph() -> Graph:
    """Three journeys: two go a -> b, one is a alone."""
    activities = frame([(0, NAME, 3, 3), (1, "b", 2, 2)], ACTIVITIES)
    edges = frame([(0, 1, 2, 2, 3600.0, 7200.0, 9000.0, None, None, 2)], EDGES)
    ends = frame([(0, 3, 1), (1, 0, 2)], ENDPOINTS)
    return journey_graph(activities, edges, ends, 3)


def test_the_graph_names_nodes_as_text(graph: Graph) -> None:
    dot = graph_dot(graph, measure="n_journeys", words=WORDS)
    assert "<B>a &quot;b&quot; &lt;i&gt;c&lt;/i&gt; &amp; d</B>" in dot
    assert 'tooltip="a \\"b\\" <i>c</i> & d: 3"' in dot
    assert 'label="Start  3"' in dot


@pytest.mark.parametrize(("measure", "label"), [("n_journeys", "2"), ("n", "2"), ("wait_median_s", "1 hr")])
def test_links_say_the_chosen_measure(graph: Graph, measure: str, label: str) -> None:
    dot = graph_dot(graph, measure=measure, words=WORDS)  # type: ignore[arg-type]
    assert re.search(rf'n0 -> n1 \[.*label="\u00a0\u00a0{label} "', dot)


def test_the_strongest_link_is_the_widest_and_drawn_last(graph: Graph) -> None:
    links = [line for line in graph_dot(graph, measure="n_journeys", words=WORDS).splitlines() if "->" in line]
    assert links[-1].strip().startswith("start -> n0")
    assert "penwidth=6.0" in links[-1]


def test_links_tell_how_many_of_all_journeys_take_them(graph: Graph) -> None:
    dot = graph_dot(graph, measure="n_journeys", words=WORDS)
    assert re.search(r'n0 -> n1 \[.*tooltip="2 of 3"', dot)


def test_titles_stand_in_for_names(graph: Graph) -> None:
    assert "<B>Bee</B>" in graph_dot(graph, measure="n", words=WORDS, titles={"b": "Bee"}, dark=True)


def test_colours_mix() -> None:
    assert blend("#000000", "#ffffff", 0.5) == "#808080"
    assert blend("#102030", "#ffffff", -1) == "#102030"


def test_days_become_steps_that_fit() -> None:
    first = datetime(2024, 1, 1, tzinfo=UTC)
    rows = [(first + timedelta(days=n), 2, 1) for n in range(400)]
    data, step = calendar_data(frame(rows, CALENDAR))
    assert step == "1w"
    assert data["n_events"].sum() == 800
    assert data["n_started"].sum() == 400
    assert calendar_chart(data, column="n_events", title="Events", dark=False)["height"] == 200


def test_events_without_a_time_have_no_place_in_a_calendar() -> None:
    data, step = calendar_data(frame([(None, 5, 2)], CALENDAR))
    assert (data.height, step) == (0, "1d")


@pytest.mark.parametrize(
    ("n_days", "form", "ticks"), [(1, "%b %-d, %Y", 1), (4, "%b %-d, %Y", 3), (31, "%b %-d, %Y", 5), (400, "%b %Y", 8)]
)
def test_a_short_calendar_names_days(n_days: int, form: str, ticks: int) -> None:
    first = datetime(2024, 3, 1, tzinfo=UTC)
    data, _step = calendar_data(frame([(first + timedelta(days=n), 1, 1) for n in range(n_days)], CALENDAR))
    encoding = calendar_chart(data, column="n_events", title="Events", dark=False)["encoding"]
    assert (encoding["x"]["axis"]["format"], encoding["x"]["axis"]["tickCount"]) == (form, ticks)
    assert encoding["y"]["axis"]["tickMinStep"] == 1


def test_the_funnel_splits_those_who_reached() -> None:
    counts = dict.fromkeys(("reached", "went_on", "dropped", "open"), pl.Int64)
    schema = {"milestone": pl.String, **counts, "rate": pl.Float64}
    drop_off = pl.DataFrame([("look", 10, 6, 3, 1, 0.375), ("buy", 0, 0, 0, 0, None)], schema=schema, orient="row")
    data = funnel_data(drop_off, {"look": "Looks", "buy": "Buys"})
    assert data.select("milestone", "fate", "n", "share").rows() == [
        ("Looks", "went_on", 6, 0.6),
        ("Looks", "dropped", 3, 0.3),
        ("Looks", "open", 1, 0.1),
        ("Buys", "went_on", 0, None),
        ("Buys", "dropped", 0, None),
        ("Buys", "open", 0, None),
    ]
    signs = {fate: (fate, "#000000") for fate in ("went_on", "dropped", "open")}
    with speaking("en"):
        chart = funnel_chart(data, signs, dark=True)
    fates = chart["datasets"]["fates"]
    assert fates.filter(pl.col("rate_said") != "").select("rate_said", "middle").rows() == [("38%", 7.5)]
    reached = fates.filter(pl.col("fate") == "went_on")["reached_said"]
    assert reached.to_list() == ["10  ◀ the largest loss", "0"]


def test_a_touchpoint_without_a_feeling_takes_that_of_its_stage() -> None:
    plan = JourneyMap.parse(
        "{id: m, goal: c, stages: [{id: s, feeling: -1, steps: [{id: a, events: A}, {id: b, events: B, feeling: 2}]},"
        " {id: t, steps: [{id: c, events: C}]}]}"
    )
    data = feeling_data(plan)
    assert data.select("touchpoint", "feeling").rows() == [("a", -1.0), ("b", 2.0)]
    with speaking("en"):
        assert feelings_said(data) == ["a: −1", "b: +2"]
    assert feeling_chart(data, dark=False)["height"] == 380


def test_each_journey_has_a_line_of_its_own() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    rows = [(key, i, "a", start + timedelta(hours=i), None) for key in ("1", "2") for i in range(2)]
    names = ["key", "position", "activity", "time", "gap_s"]
    events = pl.DataFrame(rows, schema=names, orient="row").cast({"gap_s": pl.Float64})
    lines, dots = lines_chart(lines_data(events), dark=False)["layer"]
    assert lines["mark"]["type"] == "line"
    assert lines["encoding"]["detail"]["field"] == "key"
    assert dots["mark"]["type"] == "circle"


def test_a_timeline_colours_by_fit() -> None:
    time = datetime(2024, 1, 1, tzinfo=UTC)
    events = pl.DataFrame({"activity": ["A", "B"], "time": [time, time], "mark": ["planned", "ad_hoc"]})
    signs = {"planned": ("as planned", "#111111"), "ad_hoc": ("unplanned", "#222222"), "extra": ("extra", "#333333")}
    colour = timeline_chart(events, signs, dark=False)["layer"][1]["encoding"]["color"]
    assert colour["scale"] == {"domain": ["as planned", "unplanned"], "range": ["#111111", "#222222"]}


def test_a_timeline_without_a_plan_has_one_colour() -> None:
    time = datetime(2024, 1, 1, tzinfo=UTC)
    events = pl.DataFrame({"activity": ["A"], "time": [time], "mark": [None]}, schema_overrides={"mark": pl.String})
    chart = timeline_chart(events, {"planned": ("as planned", "#111111")}, dark=False)
    assert "scale" not in chart["layer"][1]["encoding"]["color"]


def test_counts_of_the_graph_are_in_full_where_they_fit() -> None:
    with speaking("en"):
        assert [count(n) for n in (2185, 999_999, 1_234_567, None)] == ["2,185", "999,999", "1.2M", "–"]
    with speaking("vi"):
        assert count(2185) == "2.185"


@pytest.mark.parametrize(
    ("longest_s", "most", "wanted"),
    [
        (45, 5, ["0", "10 sec", "20 sec", "30 sec", "40 sec"]),
        (65 * 60, 5, ["0", "30 min", "1 hr"]),
        (26 * 3600, 7, ["0", "12 hr", "1 day"]),
        (413 * 86_400, 5, ["0", "100 days", "200 days", "300 days", "400 days"]),
        (20_000 * 86_400, 7, ["0", "5,000 days", "10,000 days", "15,000 days", "20,000 days"]),
    ],
)
def test_axes_of_time_have_round_ticks(longest_s: float, most: int, wanted: list[str]) -> None:
    with speaking("en"):
        axis = axes.durations(longest_s, most=most)
    assert list(json.loads(axis["labelExpr"].removesuffix("[datum.value]")).values()) == wanted


@given(st.floats(0.5, 1e10), st.integers(3, 8))
def test_no_axis_of_time_has_more_ticks_than_asked(longest_s: float, most: int) -> None:
    ticks = axes.durations(longest_s, most=most)["values"]
    assert 1 <= len(ticks) <= most + 1
    assert max(ticks) <= longest_s


def test_bars_of_time_lie_on_a_round_axis() -> None:
    waits = pl.Series([3600.0 * hours for hours in range(200)])
    with speaking("en"):
        [bars] = waits_chart(waits_data(waits), "Time", dark=False)["layer"]
    assert bars["encoding"]["x"]["axis"]["values"] == [86_400.0 * day for day in (0, 2, 4, 6, 8)]
    assert waits_data(waits)["n"].sum() == 200


@pytest.mark.parametrize(
    ("last", "wanted"),
    [
        (datetime(2026, 4, 17, 10, 43, tzinfo=UTC), [f"Apr {day}, 2026" for day in range(13, 18)]),
        (datetime(2026, 4, 13, 5, 0, tzinfo=UTC), ["20:00", "22:00", "Apr 13, 2026", "02:00", "04:00"]),
        (datetime(2026, 4, 12, 19, 29, 30, tzinfo=UTC), ["19:28:30", "19:29:00", "19:29:30"]),
        (datetime(2026, 4, 12, 19, 28, 5, tzinfo=UTC), ["19:28:05"]),
    ],
)
def test_the_moments_of_a_journey_are_written_once(last: datetime, wanted: list[str]) -> None:
    with speaking("en"):
        axis = axes.moments(datetime(2026, 4, 12, 19, 28, 5, tzinfo=UTC), last)
    assert list(json.loads(axis["labelExpr"].removesuffix("[floor(datum.value)]")).values()) == wanted


def test_names_of_close_events_are_numbered() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for minutes, wanted in (((0, 1, 100), ["1 A", "2 B", "3 C"]), ((0, 50, 100), ["A", "B", "C"])):
        times = [start + timedelta(minutes=m) for m in minutes]
        events = pl.DataFrame({"activity": list("ABC"), "time": times, "mark": pl.Series([None] * 3, dtype=pl.String)})
        assert timeline_chart(events, {}, dark=False)["datasets"]["events"]["name"].to_list() == wanted


@given(minutes=st.lists(st.integers(0, 500), min_size=1, max_size=25), names=st.sampled_from([4, 14, 40]))
def test_no_name_covers_another(minutes: list[int], names: int) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    times = [start + timedelta(minutes=m) for m in sorted(minutes)]
    rows = [(chr(65 + n) * names, time, None) for n, time in enumerate(times)]
    events = pl.DataFrame(
        rows, {"activity": pl.String, "time": pl.Datetime("us", "UTC"), "mark": pl.String}, orient="row"
    )
    data = timeline_chart(events, {}, dark=False)["datasets"]["events"].to_dicts()
    whole = (times[-1] - times[0]).total_seconds() or 1.0
    ends: dict[int, float] = {}
    for row in data:
        if row["row"] is None:
            assert row["name"] is None
            continue
        middle, width = (row["at"] - times[0].timestamp()) / whole * 640, min(6.0 * len(row["name"]), 110)
        assert middle - width / 2 > ends.get(row["row"], -1e9)
        ends[row["row"]] = middle + width / 2
    assert data[0]["name"].endswith("A" * names)


def test_the_bar_of_all_that_is_longer_says_so() -> None:
    waits = pl.Series([3600.0 * hours for hours in range(200)])
    with speaking("vi"):
        data = waits_data(waits)
    assert data["rest"].to_list() == [None] * 16 + ["> 7,9 ngày"]


@pytest.mark.parametrize(
    ("waits", "limit", "bars"),
    [
        ([3600.0] * 40, None, {15: 40}),  # all alike
        ([0.0] * 40, None, {0: 40}),
        ([0.0] * 39 + [3600.0], None, {0: 39, 15: 1}),
        ([3600.0] * 39 + [9000.0], None, {15: 39, 16: 1}),
        ([3600.0] * 38 + [7200.0, 9000.0], 7200.0, {8: 38, 15: 1, 16: 1}),
    ],
)
def test_only_what_is_longer_stands_in_the_bar_of_the_longest(
    waits: list[float], limit: float | None, bars: dict[int, int]
) -> None:
    data = waits_data(pl.Series(waits), limit)
    assert dict(data.filter(pl.col("n") > 0).select("bar", "n").iter_rows()) == bars


def test_a_dotted_chart_of_weeks_names_days() -> None:
    first = datetime(2025, 3, 1, tzinfo=UTC)
    with speaking("vi"):
        weeks, years = (axes.calendar(pl.Series([first, first + timedelta(days=days)])) for days in (90, 800))
    assert (weeks["format"], years["format"]) == ("%d/%m/%Y", "%m/%Y")


def test_the_highest_bars_are_said_in_the_order_of_time() -> None:
    first = datetime(2026, 1, 1, tzinfo=UTC)
    days = [(first + timedelta(days=n), 100 + n % 20, 1) for n in range(40)]
    data, _step = calendar_data(frame(days, CALENDAR))
    with speaking("en"):
        said = calendar_said(data, "n_events")
    assert len(said) == MOST_SAID
    assert said[0] == "Jan 15, 2026: 114"
    assert said[-1] == "Feb 9, 2026: 119"


def test_bars_and_lines_of_time_are_said() -> None:
    with speaking("en"):
        assert bars_said(waits_data(pl.Series([60.0, 60.0, 120.0])))[0].endswith(": 2")
        hour = datetime(2026, 1, 1, 10, tzinfo=UTC)
        rows = [("j", 0, "Look", hour, None), ("j", 1, "Buy", hour + timedelta(hours=1), 3600.0)]
        events = pl.DataFrame(rows, schema=["key", "position", "activity", "time", "gap_s"], orient="row")
        assert lines_said(lines_data(events)) == ["j: Look 0 sec, Buy 1 hr"]


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=60), min_size=1, max_size=60))
def test_names_under_the_curve_of_feelings_are_level_and_in_rows(names: list[str]) -> None:
    rows = [(place, name, "s", 0.0) for place, name in enumerate(names)]
    data = pl.DataFrame(rows, schema=["place", "touchpoint", "stage", "feeling"], orient="row")
    axis = feeling_chart(data, dark=False)["encoding"]["x"]["axis"]
    written = json.loads(axis["labelExpr"].removesuffix("[datum.value]"))
    assert axis["labelAngle"] == 0
    assert len(written) == len(names)
    assert all(len([line for line in lines if line != BLANK]) <= LINES for lines in written.values())


def test_the_bar_of_the_longest_is_named_only_where_it_is_the_highest_about_and_the_name_has_no_width() -> None:
    few = pl.Series([60.0] * 95 + [3600.0] + [100.0 * 3600] * 4)
    with speaking("en"):
        [short] = waits_chart(waits_data(few), "", dark=False)["layer"]
        [even] = waits_chart(waits_data(pl.Series([3600.0 * hours for hours in range(200)])), "", dark=False)["layer"]
    bars, name = short["layer"]
    assert "x2" in bars["encoding"]
    assert "x2" not in name["encoding"] | short["encoding"]
    assert len(even["layer"]) == 1


def test_an_axis_of_counts_has_no_tick_between_two_whole_numbers() -> None:
    """Half a journey would be written as one."""
    assert axes.counts(tickCount=3)["tickMinStep"] == 1
