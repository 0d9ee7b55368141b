"""Conditions in words, as the chips of the app, a report and the command line say them alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from mining.condition_reader import Choice
from mining.condition_tree import Compared, Joined, Named, tree
from mining.errors import DesirePathError
from mining.journey_map import JourneyMap
from mining.messages import N_
from mining.sentences import AND, OR
from pipeline.choice_words import chosen
from pipeline.comparison_words import compared
from pipeline.language import Language
from pipeline.names import Names, as_text

Part = Choice | Named | Joined | Compared
OUTCOMES = {"converted": N_("reached the goal"), "dropped": N_("dropped out"), "open": N_("still open")}
BESIDE = " · "


@dataclass(frozen=True)
class Known:
    """What conditions are called by.

    Attributes
    ----------
    personas, outcomes : mapping of str to str
        Conditions -> what they are called.
    plan : JourneyMap or None
        The plan that conditions may ask about.
    """

    personas: Mapping[str, str]
    outcomes: Mapping[str, str]
    plan: JourneyMap | None = None

    @classmethod
    def of(cls, plan: JourneyMap | None, outcomes: Mapping[str, str], language: Language) -> Known:
        """Give what a plan has names for.

        Parameters
        ----------
        plan : JourneyMap or None
            The plan, where there is one.
        outcomes : mapping of str to str
            Outcome -> the condition that chooses it, as `pipeline.window.outcome_conditions` gives them.
        language : Language
            In which it is called so.
        """
        personas = {p.where: language.local(p.title) or p.id for p in plan.personas if p.where} if plan else {}
        return cls(personas, {condition: language.t(OUTCOMES[o]) for o, condition in outcomes.items()}, plan)


NOTHING_KNOWN = Known({}, {})


def in_words(condition: str, language: Language, known: Known = NOTHING_KNOWN) -> str:
    """Say all of a condition, part by part; one that cannot be read is said as it is written.

    Examples
    --------
    >>> in_words("region = 'Wales' and n_events > 3", Language("en"))
    'region: Wales · number of events: more than 3'
    """
    read = read_tree(condition, known)
    if read is None:
        return as_text(condition)
    parts = read.parts if isinstance(read, Joined) and read.how == "and" else (read,)
    said = _Speaker(language, known)
    return BESIDE.join(said.part(part) for part in parts)


def read_tree(condition: str, known: Known = NOTHING_KNOWN) -> Part | None:
    """Read a condition, what is called by a name left whole; None where it cannot be read."""
    return _tree(condition, (*known.personas, *known.outcomes))


@lru_cache(1000)
def _tree(condition: str, named: tuple[str, ...]) -> Part | None:
    try:
        return tree(condition, named)
    except DesirePathError:
        return None


class _Speaker:
    """Says the parts of conditions in one language."""

    def __init__(self, language: Language, known: Known) -> None:
        self.language, self.known = language, known
        self.names = None if known.plan is None else Names(known.plan, language)

    def part(self, part: Part, *, inside: bool = False) -> str:
        """Say a part; what is joined stands in brackets where it is inside of another."""
        t = self.language.t
        if isinstance(part, Named):
            if part.text in self.known.personas:
                return t(N_("Persona: {name}"), name=as_text(self.known.personas[part.text]))
            return t(N_("Outcome: {name}"), name=self.known.outcomes[part.text])
        if isinstance(part, Compared):
            return compared(part, self.language, lambda inner: self.part(inner, inside=True))
        if isinstance(part, Choice):
            return chosen(part, self.language, self.names)
        if part.how == "not":
            return t(N_("not ({condition})"), condition=self.part(part.parts[0]))
        return self._joined(part, inside)

    def _joined(self, part: Joined, inside: bool) -> str:
        said = [self.part(one, inside=True) for one in part.parts]
        joined = said[0]
        for one in said[1:]:
            joined = self.language.t(AND if part.how == "and" else OR, first=joined, other=one)
        return f"({joined})" if inside else joined
