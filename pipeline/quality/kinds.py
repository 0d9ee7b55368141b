"""What the quality report looks for, in words: what is found, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from mining.messages import N_


@dataclass(frozen=True)
class Kind:
    """The words of one kind of finding (templates of the catalogue), and whether it can be told only from times."""

    title: str
    todo: str
    needs_times: bool = False


KINDS: dict[str, Kind] = {
    "rejected": Kind(
        N_("Rejected rows"),
        N_("Mend the rows in the file, or choose other columns, and load it again. The rows can be downloaded."),
    ),
    "undated": Kind(
        N_("Events without a time"),
        N_(
            "Find their times in another export. If they did not happen, load the file again and leave rows without a "
            "time out."
        ),
        True,
    ),
    "default_dates": Kind(
        N_("Dates that stand for no date"),
        N_("Systems write such a date where they know none. Leave these events out, or find their real time."),
        True,
    ),
    "future": Kind(
        N_("Events in the future"),
        N_("Check the time zone and the order of day and month; or leave out what is only planned."),
        True,
    ),
    "too_old": Kind(
        N_("Very old events"),
        N_("Check how the years are written: two digits, or seconds taken for milliseconds?"),
        True,
    ),
    "end_before_start": Kind(
        N_("Events that end before they start"),
        N_("Check whether the two columns were swapped, or stand in different time zones."),
        True,
    ),
    "catch_all": Kind(
        N_("Ids that gather far too many events"),
        N_("Such an id mostly stands for many people. Leave it out, or split it, before you trust any path."),
    ),
    "placeholder_ids": Kind(
        N_("Ids that stand for nobody"),
        N_("If the word is no real id, leave its events out: they belong to many people."),
    ),
    "duplicates": Kind(
        N_("Exact duplicates"),
        N_(
            "A row that came twice counts twice. Load the file again without duplicates, unless they are real: where "
            "times are whole days, two equal rows may be two events."
        ),
        True,
    ),
    "newest_first": Kind(
        N_("Files written newest first"),
        N_("Times put the events right, but events at the same time keep the order of the file, which is backwards."),
        True,
    ),
    "lookalike_activities": Kind(
        N_("Activities that differ only in writing"),
        N_("Give them one name: as it is, they are different steps of every path."),
    ),
    "one_clock": Kind(
        N_("Many events at one time of day"),
        N_("Probably days without a clock, or a nightly job. Such events come out of order within their day."),
        True,
    ),
    "ties": Kind(
        N_("Events at the same time"),
        N_("Their order is that of the rows in the file. Load a column that tells the order, if there is one."),
        True,
    ),
    "bursts": Kind(
        N_("Bursts within a second"),
        N_("No person is so quick: a program, a load in one go, or one action that is recorded many times."),
        True,
    ),
    "missing_days": Kind(
        N_("Days without events"),
        N_("A holiday, or records that were lost? Paths over these days are shorter than they were."),
        True,
    ),
    "missing_hours": Kind(
        N_("Hours without events"),
        N_("Ask whether the system or the recording was down; single journeys may lack steps."),
        True,
    ),
    "busy_days": Kind(
        N_("Days with far too many events"),
        N_("A campaign, a load in one go, or robots? Look at these days before you compare periods."),
        True,
    ),
    "test_ids": Kind(
        N_("Journeys of tests"),
        N_("Leave them out if they are not customers."),
    ),
    "test_names": Kind(
        N_("Names that speak of tests"),
        N_("Look whether these are tests of the system or real steps of customers, such as a product demo."),
    ),
    "bots": Kind(
        N_("Robots and scripts"),
        N_("Leave their journeys out before you count customers."),
    ),
    "mixed_numbers": Kind(
        N_("Numbers with a few other values"),
        N_("The attribute is kept as text and cannot be added up. Mend these values, if they should be numbers."),
    ),
    "lookalike_values": Kind(
        N_("Values that differ only in writing"),
        N_("Segments split by such a value are split too finely. Give the values one form in the source."),
    ),
    "backwards": Kind(
        N_("Rows out of order"),
        N_("Nothing to do: events are sorted by time. Many such rows may mean that clocks differ between systems."),
        True,
    ),
    "day_times": Kind(
        N_("Times are whole days"),
        N_("Waiting times are whole days too, and the order within a day is that of the rows in the file."),
        True,
    ),
    "minute_times": Kind(
        N_("Times are whole minutes"),
        N_("The order within a minute is that of the rows in the file."),
        True,
    ),
    "long_journeys": Kind(
        N_("Very long journeys"),
        N_("Look at one or two: regular customers, or several people under one id?"),
    ),
    "single_events": Kind(
        N_("Journeys of one event"),
        N_("Many of them may mean that the id changes between visits, or that the log was cut."),
    ),
    "rare_activities": Kind(
        N_("Activities seen only once"),
        N_("Free text, ids inside of names, or slips of the pen: group them, or take out the part that varies."),
    ),
    "empty_attributes": Kind(
        N_("Attributes that are mostly empty"),
        N_("Segments by such an attribute leave most journeys out."),
    ),
    "constant_attributes": Kind(
        N_("Attributes with one value"),
        N_("They tell nothing apart."),
    ),
}

UNITS: dict[str, str] = {
    "rows": N_("{n} of {of} rows"),
    "events": N_("{n} of {of} events"),
    "journeys": N_("{n} of {of} journeys"),
    "ids": N_("{n} of {of} ids"),
    "activities": N_("{n} of {of} activities"),
    "attributes": N_("{n} of {of} attributes"),
    "values": N_("{n} of {of} values"),
    "days": N_("{n} of {of} days"),
    "hours": N_("{n} of {of} hours"),
    "pairs": N_("{n} of {of} pairs of neighbours"),
}
