"""Compare with another version: what either plan allows alone, and what the log makes of both."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import streamlit as st

from mining.errors import DesirePathError
from mining.map_changes import Change
from mining.map_difference import Difference, Example
from mining.messages import N_
from pipeline.map_diff import CHANGED, GONE, NEW, LogDiff, MapDiff, log_diff
from ui import state
from ui.board import names, stage_names
from ui.deviations import Seen
from ui.formats import date, number, percent
from ui.frame import show_error
from ui.language import _, counted, local, md, translate
from ui.tables import Column
from ui.tables import show as table
from ui.text import md_escape
from ui.words import DEVIATIONS

FILE, HAPPENS = "file", "happens"
MOST_CHANGES = 12
STATUS = {NEW: N_("new"), GONE: N_("gone"), CHANGED: N_("changed")}
ORDERS = {
    "before": N_("before"),
    "after": N_("after"),
    "either": N_("before or after"),
    "never_together": N_("never together with"),
}
SAID = {
    "added": N_("**{touchpoint}** is new"),
    "removed": N_("**{touchpoint}** is gone"),
    "required": N_("**{touchpoint}** must happen now"),
    "optional": N_("**{touchpoint}** may be left out now"),
    "repeatable": N_("**{touchpoint}** may be repeated now"),
    "not_repeatable": N_("**{touchpoint}** may not be repeated any more"),
    "stage": N_("**{touchpoint}** moves from stage {old} to {new}"),
    "events": N_("**{touchpoint}** is seen by {new}; it was by {old}"),
    "goal": N_("The goal is **{new}**; it was {old}"),
    "order": N_("**{touchpoint}** happens {new} **{other}**; it was {old}"),
}


@st.fragment
def show(seen: Seen) -> None:
    """Draw the section when it is opened; nothing is compared before another version is named."""
    title, icon = _("Compare with another version"), ":material/difference:"
    section = st.expander(title, icon=icon, key="other_version_open", on_change="rerun")
    if not section.open:
        return
    with section:
        try:
            text = _other(seen)
            if text is None:
                st.caption(_("The plan in use is the new version; the one that you name here is the old one."))
                return
            with st.spinner(_("Comparing the two plans …")):
                _both(seen, text)
        except DesirePathError as error:
            show_error(error)


def _other(seen: Seen) -> str | None:
    """Ask for the old version: a file, or a map of what really happens."""
    kinds = {FILE: _("A file"), HAPPENS: _("What really happens")}
    kind = st.segmented_control(
        _("The other version"), list(kinds), format_func=kinds.__getitem__, default=FILE, key="other_version"
    )
    if kind == HAPPENS:
        return state.proposed(
            seen.log, state.settled(seen.log, seen.plan.map, seen.found.where), 0.8, None
        ).map.to_yaml()
    file = st.file_uploader(_("A map (YAML or JSON)"), type=["yaml", "yml", "json"], key="other_version_file")
    return None if file is None else file.getvalue().decode("utf-8-sig", errors="replace")


def _both(seen: Seen, text: str) -> None:
    old, new = state.parsed(text, "old"), seen.plan.map
    found = state.map_diff(text, seen.plan.text)
    before = state.findings(seen.log, text, "old", state.settled(seen.log, seen.plan.map, seen.chosen))
    titles = names(old) | names(new) if found.by == "touchpoint" else {}
    on_log = log_diff(before, seen.found)
    _counts(on_log)
    _paths(found, titles)
    _changes(found.changes, titles, stage_names(old) | stage_names(new))
    _deviations(on_log, names(old) | names(new))
    if old.valid_from or new.valid_from:
        _in_force(seen, text)


def _counts(found: LogDiff) -> None:
    figures = (
        (_("As planned by both"), found.both),
        (_("Only by the old plan"), found.only_old),
        (_("Only by the new plan"), found.only_new),
        (_("By neither"), found.neither),
    )
    for column, (label, n) in zip(st.columns(len(figures)), figures, strict=True):
        share = percent(n / found.journeys if found.journeys else None)
        column.metric(label, share, help=md("{n} journeys of {of}.", n=n, of=found.journeys), border=True)


def _paths(found: MapDiff, titles: Mapping[str, str]) -> None:
    """Show example paths that one plan allows and the other does not, the step where they part marked."""
    if found.same:
        st.success(_("Both plans allow the same paths."), icon=":material/check_circle:")
        return
    sides = ((_("Only the old plan allows"), found.only_old), (_("Only the new plan allows"), found.only_new))
    for column, (title, side) in zip(st.columns(2), sides, strict=True):
        column.markdown(f"**{title}**")
        column.markdown("\n".join(f"- {_path(e, titles)}" for e in side.examples) or f"– {_nothing(side)}")


def _nothing(side: Difference) -> str:
    return _("nothing") if side.complete else _("Too many paths to look through.")


def _path(example: Example, titles: Mapping[str, str]) -> str:
    steps = [md_escape(titles.get(step, step)) for step in example.path]
    steps.append("■")
    steps[example.parts_at] = f":orange-badge[{steps[example.parts_at]}]"
    return " → ".join(steps if example.parts_at == len(example.path) else steps[:-1])


def _changes(found: list[Change], titles: Mapping[str, str], stages: Mapping[str, str]) -> None:
    if not found:
        return
    st.markdown("**" + _("What changed") + "**")
    said = [md(SAID[change.kind], **_words(change, titles, stages)) for change in found[:MOST_CHANGES]]
    if len(found) > MOST_CHANGES:
        said.append(counted("and {n} more change", "and {n} more changes", len(found) - MOST_CHANGES))
    st.markdown("\n".join(f"- {line}" for line in said))


def _words(change: Change, titles: Mapping[str, str], stages: Mapping[str, str]) -> dict[str, str]:
    words = {"touchpoint": titles[change.touchpoint], "other": titles.get(change.other or "", "")}
    for name, value in (("old", change.old), ("new", change.new)):
        known = {"stage": stages, "goal": titles}.get(change.kind, {})
        words[name] = translate(ORDERS[str(value)]) if change.kind == "order" else known.get(value or "", value or "–")
    return words


def _deviations(found: LogDiff, titles: Mapping[str, str]) -> None:
    """List the deviations that are new, gone, or those of other journeys."""
    rows = found.deviations.filter(pl.col("status").is_in(list(STATUS)))
    if rows.is_empty():
        return
    place = pl.coalesce("touchpoint", "activity", "rule", "stage")
    shown = rows.with_columns(
        place=place.replace(titles),
        kind=pl.col("kind").replace({kind: sign.label for kind, sign in DEVIATIONS.items()}),
        status=pl.col("status").replace({status: translate(word) for status, word in STATUS.items()}),
    )
    columns = {
        "status": Column(_("Change"), width=90),
        "kind": Column(_("Deviation"), width=140),
        "place": Column(_("Where"), width=260),
        "n_old": Column(_("Journeys before"), number),
        "n_new": Column(_("Journeys now"), number),
    }
    table(shown, columns, rows=10, alt=_("Deviations that differ between the two plans"))


def _in_force(seen: Seen, text: str) -> None:
    """Judge each journey by the version that was in force when it began."""
    found = state.versions(seen.log, (text, seen.plan.text), seen.chosen)
    st.markdown("**" + _("Each journey judged by the plan in force when it began") + "**")
    rows = [
        {
            "version": " ".join(filter(None, [local(version.plan.title) or version.plan.id, version.plan.version])),
            "first": "–" if version.first is None else date(version.first),
            "last": "–" if version.last is None else date(version.last),
            "n": version.findings.log.journeys if version.findings else 0,
            "perfect": version.findings.alignment.perfect_share if version.findings else None,
            "fitness": version.findings.alignment.fitness if version.findings else None,
        }
        for version in found.versions
    ]
    columns = {
        "version": Column(_("Plan")),
        "first": Column(_("From")),
        "last": Column(_("Until")),
        "n": Column(_("Journeys"), number),
        "perfect": Column(_("As planned"), percent),
        "fitness": Column(_("Fitness"), percent),
    }
    table(pl.DataFrame(rows), columns, alt=_("The versions and their journeys"))
    if found.not_judged:
        st.caption(md("{n} journeys began while neither plan was in force.", n=found.not_judged))
