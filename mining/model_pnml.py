"""Reads PNML, the exchange format of Petri nets, as ProM, pm4py, CPN-like tools and hand-made files write it.

pm4py's own reader is not used, and serves as the oracle of the tests: of several nets or pages it silently takes the
last one, it makes a transition without a name visible, and it knows neither ``invisible="true"`` nor final markings
that stand in their places. Here all of that is read or refused; and nobody waits seconds for an import.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from mining.errors import ModelError, Problem
from mining.messages import N_, Message
from mining.model_xml import Element, problem, shown, text_of
from mining.petri import PetriNet, build_net

_REFERENCES = ("referencePlace", "referenceTransition")


@dataclass
class _Draft:
    """The net as far as it has been read, and what was found wrong with it."""

    tokens: Counter[str] = field(default_factory=Counter)
    final: Counter[str] = field(default_factory=Counter)
    places: dict[str, Element] = field(default_factory=dict)
    transitions: dict[str, Element] = field(default_factory=dict)
    inputs: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    outputs: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    problems: list[Problem] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)


def read_pnml(root: Element, path: object) -> PetriNet:
    """Give the net of a PNML document.

    Parameters
    ----------
    root : element
        Of `mining.model_xml.read_xml`; its tag is ``pnml``.
    path : object
        Shown in errors.

    Raises
    ------
    ModelError
        With every problem of the file: several nets or pages, arcs that are not plain, ends that do not exist, marks
        that are no numbers, an end that cannot be told.
    """
    draft = _Draft()
    parts = list(_parts(root, draft))
    _read_nodes(parts, draft)
    _read_arcs(parts, draft)
    _read_final_marking(root, draft)
    if not draft.problems:
        _infer_markings(draft)
    if draft.problems:
        raise ModelError(N_("{path} cannot be read as a Petri net."), path=path, problems=draft.problems)
    return build_net(
        draft.places,
        ((key, _label(t), draft.inputs[key], draft.outputs[key]) for key, t in draft.transitions.items()),
        initial=draft.tokens,
        final=draft.final,
        notes=draft.notes,
    )


def _parts(root: Element, draft: _Draft) -> Iterator[Element]:
    """Give what the one net and its one page hold."""
    nets = root.findall("net")
    pages = list(root.iter("page"))
    if not nets:
        draft.problems.append(problem(root, N_("There is no net in it.")))
    several = {
        N_("There are {n} nets in it ({names}). Keep one and save the file again."): nets,
        N_("There are {n} pages in it ({names}). Put everything on one and save the file again."): pages,
    }
    for template, found in several.items():
        if len(found) > 1:
            names = ", ".join(map(shown, found))
            draft.problems.append(problem(found[1], template, n=len(found), names=names))
    for holder in [*nets, *pages]:
        yield from holder


def _read_nodes(parts: list[Element], draft: _Draft) -> None:
    """Take down places with their tokens, and transitions."""
    for element in parts:
        if element.tag in _REFERENCES:
            draft.problems.append(
                problem(
                    element,
                    N_("{name} refers to another page, which is not read. Join the pages."),
                    name=shown(element),
                )
            )
        if element.tag not in ("place", "transition"):
            continue
        key = element.get("id")
        if key is None or key in draft.places or key in draft.transitions:
            draft.problems.append(
                problem(element, N_("The id of {name} is missing or used twice."), name=shown(element))
            )
            continue
        (draft.places if element.tag == "place" else draft.transitions)[key] = element
        if element.tag == "place":
            draft.tokens[key] = _count(element, "initialMarking", draft)
            draft.final[key] = _count(element, "finalMarking", draft)
    if not draft.transitions:
        draft.problems.append(Problem(Message(N_("There is no transition in it."))))


def _count(element: Element, child: str, draft: _Draft, default: int = 0) -> int:
    """Give the whole number inside `child`."""
    said = text_of(element, child)
    if not said:
        return default
    if said.isascii() and said.isdigit():
        return int(said)
    draft.problems.append(
        problem(
            element,
            N_("{child} of {name} is {said!r}; only whole numbers of plain tokens are read."),
            child=child,
            name=shown(element),
            said=said,
        )
    )
    return default


def _read_arcs(parts: list[Element], draft: _Draft) -> None:
    """Take down plain arcs with their weights; refuse the others."""
    for arc in (element for element in parts if element.tag == "arc"):
        source, target = arc.get("source"), arc.get("target")
        kind = _kind(arc)
        if kind not in ("", "normal"):
            draft.problems.append(
                problem(
                    arc,
                    N_("The arc from {source} to {target} is of kind {kind}. Only plain arcs are read."),
                    source=source,
                    target=target,
                    kind=kind,
                )
            )
        weight = _count(arc, "inscription", draft, default=1)
        if source in draft.places and target in draft.transitions:
            draft.inputs[target][source] += weight
        elif source in draft.transitions and target in draft.places:
            draft.outputs[source][target] += weight
        else:
            draft.problems.append(
                problem(
                    arc,
                    N_("The arc from {source} to {target} does not join a place and a transition of this net."),
                    source=source,
                    target=target,
                )
            )


def _kind(arc: Element) -> str:
    """Give the kind of an arc, which tools write as ``<arctype>`` or as ``<type value=...>``."""
    kind = arc.find("type")
    return (text_of(arc, "arctype") or ("" if kind is None else kind.get("value") or text_of(arc, "type"))).lower()


def _read_final_marking(root: Element, draft: _Draft) -> None:
    """Take down the one final marking of the net; one that names no token counts as missing."""
    markings = []
    for marking in root.iter("marking"):
        tokens: Counter[str] = Counter()
        for place in marking.iter("place"):
            key = place.get("idref")
            if key in draft.places:
                tokens[key] += _count(place, "text", draft)
            else:
                draft.problems.append(
                    problem(place, N_("The final marking names {name}, which is no place."), name=key)
                )
        markings.append(+tokens)
    stated = [tokens for tokens in markings if tokens]
    if len(stated) > 1:
        draft.problems.append(
            problem(root, N_("There are {n} final markings. Keep the one that ends a journey."), n=len(stated))
        )
    elif stated:
        draft.final = stated[0]


def _infer_markings(draft: _Draft) -> None:
    """Where a marking is missing, take one token in the only place it can be."""
    taken_from = {place for arcs in draft.inputs.values() for place in arcs}
    put_into = {place for arcs in draft.outputs.values() for place in arcs}
    if not +draft.final:
        draft.final = _only(
            [place for place in draft.places if place not in taken_from and place in put_into],
            draft,
            N_(
                "No final marking is stated: it was taken as one token in {place}, the only place without outgoing arcs."
            ),
            N_("No final marking is stated, and it cannot be told: without outgoing arcs are {places}. State it."),
        )
    if not +draft.tokens:
        draft.tokens = _only(
            [place for place in draft.places if place not in put_into and place in taken_from],
            draft,
            N_(
                "No initial marking is stated: it was taken as one token in {place}, the only place without incoming arcs."
            ),
            N_("No initial marking is stated, and it cannot be told: without incoming arcs are {places}. State it."),
        )


def _only(candidates: list[str], draft: _Draft, inferred: str, unclear: str) -> Counter[str]:
    """Give a token in the only candidate with a note, or a problem that names them all."""
    if len(candidates) == 1:
        draft.notes.append(Message(inferred, place=shown(draft.places[candidates[0]])))
        return Counter(candidates)
    places = ", ".join(shown(draft.places[place]) for place in candidates) or "-"
    draft.problems.append(Problem(Message(unclear, places=places)))
    return Counter()


def _label(transition: Element) -> str | None:
    """Give the activity of a transition; None when it has no name or is flagged as silent."""
    flagged = (
        transition.get("invisible", "").strip().lower() == "true"
        or any(tool.get("activity") == "$invisible$" for tool in transition.findall("toolspecific"))
        or any(
            entry.get("key") == "invisible" and (entry.text or "").strip().lower() == "true"
            for entry in transition.iterfind("toolspecific/property")
        )
    )
    return None if flagged else text_of(transition, "name") or None
