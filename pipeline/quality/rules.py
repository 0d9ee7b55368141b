"""The thresholds of the quality report, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class QualityRules:
    """The thresholds of the report.

    Attributes
    ----------
    examples : int
        How many examples a finding has at most.
    bad_share : float
        From this share on, rejected or doubled rows are a problem and no longer a warning.
    newest_first : float
        From this share of neighbours that stand backwards on, a file is called written newest first.
    rush_events, rush_seconds : int, float
        So many events of one journey within so many seconds are a burst.
    oldest : datetime
        Times before this one are doubted (UTC).
    whole : float
        From this share of times on, all of them are taken to be whole days or whole minutes.
    one_clock_times : float
        A time of day is suspicious when so many times more events stand exactly on it than on others.
    one_clock_least : int
        ... and when it has at least as many events as this.
    usual_day, usual_hour : float
        An empty day (hour) is a gap when so many events are usual for it.
    day_peak : float
        A day is a burst when it has more than so many times its usual events.
    catch_all_times : float
        An id gathers far too much when it has more than so many times the events of the upper quartile.
    catch_all_least : int
        ... and more events than this.
    long_times : float
        A journey is very long above so many times the upper quartile, and above Tukey's far fence on the log scale.
    mostly_empty : float
        From this share of missing values on, an attribute is mostly empty.
    most_values : int
        Only texts with fewer different values than this are compared with each other.
    mostly_numbers : float
        From this share of numbers on, the other values of a text attribute are taken for slips.
    sample : int
        About so many rows are looked at to choose the attributes that are worth a whole scan.
    """

    examples: int = 20
    bad_share: float = 0.05
    newest_first: float = 0.9
    rush_events: int = 10
    rush_seconds: float = 1.0
    oldest: datetime = datetime(1990, 1, 1)
    whole: float = 0.995
    one_clock_times: float = 20.0
    one_clock_least: int = 20
    usual_day: float = 10.0
    usual_hour: float = 20.0
    day_peak: float = 5.0
    catch_all_times: float = 20.0
    catch_all_least: int = 50
    long_times: float = 3.0
    mostly_empty: float = 0.9
    most_values: int = 1000
    mostly_numbers: float = 0.9
    sample: int = 200_000
