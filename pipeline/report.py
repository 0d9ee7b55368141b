"""`Findings` -> one HTML page that opens anywhere, offline: no script, no request, everything inside."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from mining.durations import format_duration
from mining.sentences import CAUTION, DEVIATION, effect, rule_sentence
from mining.statistics import Q_LIMIT
from pipeline.findings import Findings

TEMPLATES = Path(__file__).with_name("templates")
TOP = 25
NOTHING = "–"


def html_report(findings: Findings, language: str = "en", translate: Callable[[str], str] = str) -> str:
    """Write the findings as a self-contained page.

    Parameters
    ----------
    findings : Findings
        What to tell.
    language : str
        Which language of the map's own texts to use.
    translate : function
        Puts the page's own words into that language; without it they are English.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "n": _count,
        "share": _share,
        "points": _points,
        "duration": lambda s: NOTHING if s is None else format_duration(s),
    }
    document = findings.to_dict()
    names = _Names(findings, language, translate)
    return environment.get_template("report.html.j2").render(
        t=translate,
        language=language,
        plan=findings.plan,
        doc=document,
        names=names,
        stages=_stages(findings, document, names),
        deviations=[_deviation(row, names, translate) for row in document["deviations"][:TOP]],
        accepted=[
            row | {"place": names.place(row), "by": by}
            for row, by in zip(document["accepted"], findings.accepted["acceptance"], strict=True)
        ],
        more=max(0, len(document["deviations"]) - TOP),
        notes=[note.text(translate) for note in findings.notes],
        gap_details=[row["detail"].text(translate) for row in findings.gaps.iter_rows(named=True)],
    )


class _Names:
    """The titles of what findings name by id."""

    def __init__(self, findings: Findings, language: str, translate: Callable[[str], str]) -> None:
        plan = findings.plan
        self._touchpoints = {t.id: t.title.get(language) or t.id for t in plan.touchpoints()}
        self._stages = {s.id: s.title.get(language) or s.id for s in plan.stages}
        said = {rule.id: rule_sentence(rule, self._touchpoints, translate) for rule in plan.rules}
        self._rules = {rule.id: rule.title.get(language) for rule in plan.rules if rule.title}
        self._says = {rule: said[:1].upper() + said[1:] for rule, said in said.items()}
        self.map = plan.title.get(language) or plan.id

    def rule(self, identifier: str) -> str:
        return self._rules.get(identifier) or self._says[identifier]

    def rule_says(self, identifier: str) -> str:
        return self._says[identifier]

    def place(self, row: dict[str, Any]) -> str:
        """Name what a deviation is about: a rule, an activity, a touchpoint or a stage."""
        if row["rule"] is not None:
            return self.rule(row["rule"])
        if row["activity"] is not None:
            return str(row["activity"])
        return self.stage(row["stage"]) if row["touchpoint"] is None else self.touchpoint(row["touchpoint"])

    def touchpoint(self, identifier: str | None) -> str:
        return NOTHING if identifier is None else self._touchpoints[identifier]

    def stage(self, identifier: str | None) -> str:
        return NOTHING if identifier is None else self._stages[identifier]


def _stages(findings: Findings, document: dict[str, Any], names: _Names) -> list[dict[str, Any]]:
    """Give each stage with its touchpoints, their reach, and how many journeys missed them."""
    n = findings.log.journeys
    missing = {row["touchpoint"]: row["journeys"] for row in document["deviations"] if row["kind"] == "missing"}
    reach = dict(findings.reach.select("touchpoint", "n_journeys").iter_rows())
    return [
        {
            "title": names.stage(stage.id),
            "touchpoints": [
                {
                    "title": names.touchpoint(t.id),
                    "measured": t.measured,
                    "milestone": t.milestone or t.id == findings.plan.goal,
                    "reach": reach[t.id],
                    "share": reach[t.id] / n,
                    "missing": missing.get(t.id, 0),
                }
                for t in stage.touchpoints()
            ],
        }
        for stage in findings.plan.stages
    ]


def _deviation(row: dict[str, Any], names: _Names, translate: Callable[[str], str]) -> dict[str, Any]:
    """Give a deviation with its sentences."""
    place = names.place(row)
    said = translate(DEVIATION[row["kind"]]).format(
        n=_count(row["journeys"]), share=_share(row["share"]), place=place, stage=names.stage(row["stage"])
    )
    template = translate(effect(row["kind"], row["effect"], row["q"], Q_LIMIT))
    numbers = {"n_with": _count(row["n_with"]), "n_without": _count(row["n_without"])}
    if row["effect"] is not None:
        written = partial(_points, signed=row["q"] > Q_LIMIT)
        sign = -1 if row["effect"] < 0 and row["q"] <= Q_LIMIT else 1
        low, high = sorted((sign * row["effect_low"], sign * row["effect_high"]))
        numbers |= {"points": written(sign * row["effect"]), "low": written(low), "high": written(high)}
        numbers["q"] = "< 0.001" if row["q"] < 0.001 else f"= {row['q']:.3f}"
    caution = translate(CAUTION[row["kind"]]) if row["kind"] in CAUTION and row["effect"] is not None else ""
    return row | {"place": place, "said": said, "effect_said": f"{template.format(**numbers)} {caution}".strip()}


def _count(value: int | None) -> str:
    return NOTHING if value is None else f"{value:,}"


def _share(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.1%}".replace("%", " %")


def _points(value: float | None, *, signed: bool = True) -> str:
    if value is None:
        return NOTHING
    return f"{100 * value:{'+' if signed else ''}.1f} pp"
