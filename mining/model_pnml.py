"""Reads PNML, the exchange format of Petri nets, as ProM, pm4py, CPN-like tools and hand-made files write it.

pm4py's own reader is not used, and serves as the oracle of the tests: of several nets or pages it silently takes the
last one, it makes a transition without a name visible, and it knows neither ``invisible="true"`` nor final markings
that stand in their places. Here all of that is read or refused; and nobody waits seconds for an import.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterator

from mining.errors import ModelError, Problem
from mining.messages import N_, Message
from mining.model_xml import Element, problem, shown, text_of
from mining.petri import PetriNet, build_net

Arcs = dict[str, Counter[str]]
"""For each transition the tokens it takes from (or puts into) each place, all by id."""


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
    problems: list[Problem] = []
    notes: list[Message] = []
    parts = list(_parts(root, problems))
    places, transitions = _nodes(parts, problems)
    inputs, outputs = _arcs(parts, places, transitions, problems)
    initial = _marked(places, "initialMarking", problems)
    final = _final_marking(root, places, problems)
    if not problems:
        initial, final = _inferred(initial, final, places, inputs, outputs, problems, notes)
    if problems:
        raise ModelError(N_("{path} cannot be read as a Petri net."), path=path, problems=problems)
    return build_net(
        places,
        ((key, _label(element), inputs[key], outputs[key]) for key, element in transitions.items()),
        initial=initial,
        final=final,
        notes=notes,
    )


def _parts(root: Element, problems: list[Problem]) -> Iterator[Element]:
    """Give what the one net and its one page hold."""
    nets = root.findall("net")
    pages = list(root.iter("page"))
    if not nets:
        problems.append(problem(root, N_("There is no net in it.")))
    several = {
        N_("There are {n} nets in it ({names}). Keep one and save the file again."): nets,
        N_("There are {n} pages in it ({names}). Put everything on one and save the file again."): pages,
    }
    for template, found in several.items():
        if len(found) > 1:
            problems.append(problem(found[1], template, n=len(found), names=", ".join(map(shown, found))))
    for holder in [*nets, *pages]:
        yield from holder


def _nodes(parts: list[Element], problems: list[Problem]) -> tuple[dict[str, Element], dict[str, Element]]:
    """Take down places and transitions by id."""
    places: dict[str, Element] = {}
    transitions: dict[str, Element] = {}
    for element in parts:
        key, name = element.get("id"), shown(element)
        if element.tag in ("referencePlace", "referenceTransition"):
            problems.append(problem(element, N_("{name} refers to another page. Join the pages."), name=name))
        if element.tag not in ("place", "transition"):
            continue
        if key is None or key in places or key in transitions:
            problems.append(problem(element, N_("The id of {name} is missing or used twice."), name=name))
            continue
        (places if element.tag == "place" else transitions)[key] = element
    if not transitions:
        problems.append(Problem(Message(N_("There is no transition in it."))))
    return places, transitions


def _count(element: Element, child: str, problems: list[Problem], default: int = 0) -> int:
    """Give the whole number inside `child`."""
    said = text_of(element, child)
    if not said:
        return default
    if said.isascii() and said.isdigit():
        return int(said)
    template = N_("{child} of {name} is {said!r}; only whole numbers of plain tokens are read.")
    problems.append(problem(element, template, child=child, name=shown(element), said=said))
    return default


def _arcs(
    parts: list[Element], places: Container[str], transitions: Container[str], problems: list[Problem]
) -> tuple[Arcs, Arcs]:
    """Take down plain arcs with their weights; refuse the others."""
    inputs: Arcs = defaultdict(Counter)
    outputs: Arcs = defaultdict(Counter)
    for arc in (element for element in parts if element.tag == "arc"):
        source, target, kind = arc.get("source"), arc.get("target"), _kind(arc)
        ends = {"source": source, "target": target}
        weight = _count(arc, "inscription", problems, default=1)
        if kind not in ("", "normal"):
            template = N_("The arc from {source} to {target} is of the kind {kind}. Only plain arcs are read.")
            problems.append(problem(arc, template, kind=kind, **ends))
        elif source in places and target in transitions:
            inputs[target][source] += weight
        elif source in transitions and target in places:
            outputs[source][target] += weight
        else:
            template = N_("The arc from {source} to {target} does not join a place and a transition of this net.")
            problems.append(problem(arc, template, **ends))
    return inputs, outputs


def _kind(arc: Element) -> str:
    """Give the kind of an arc, which tools write as ``<arctype>`` or as ``<type value=...>``."""
    kind = arc.find("type")
    return (text_of(arc, "arctype") or ("" if kind is None else kind.get("value") or text_of(arc, "type"))).lower()


def _marked(places: dict[str, Element], child: str, problems: list[Problem]) -> Counter[str]:
    """Take down a marking that stands in the places."""
    return +Counter({key: _count(element, child, problems) for key, element in places.items()})


def _final_marking(root: Element, places: dict[str, Element], problems: list[Problem]) -> Counter[str]:
    """Take down the one final marking, stated beside the places or in them; one without tokens counts as missing."""
    stated = []
    for marking in root.iter("marking"):
        tokens: Counter[str] = Counter()
        for place in marking.iter("place"):
            key = place.get("idref")
            if key in places:
                tokens[key] += _count(place, "text", problems)
            else:
                problems.append(problem(place, N_("The final marking names {name}, which is no place."), name=key))
        if +tokens:
            stated.append(+tokens)
    if len(stated) > 1:
        template = N_("There are {n} final markings. Keep the one that ends a journey.")
        problems.append(problem(root, template, n=len(stated)))
    return stated[0] if stated else _marked(places, "finalMarking", problems)


def _inferred(
    initial: Counter[str],
    final: Counter[str],
    places: dict[str, Element],
    inputs: Arcs,
    outputs: Arcs,
    problems: list[Problem],
    notes: list[Message],
) -> tuple[Counter[str], Counter[str]]:
    """Where a marking is missing, take one token in the only place it can be."""
    taken = {place for arcs in inputs.values() for place in arcs}
    given = {place for arcs in outputs.values() for place in arcs}
    firsts = {key: shown(element) for key, element in places.items() if key in taken - given}
    lasts = {key: shown(element) for key, element in places.items() if key in given - taken}
    if not initial:
        inferred = N_(
            "No initial marking is stated; taken as one token in {place}, the only place without incoming arcs."
        )
        unclear = N_(
            "No initial marking is stated, and it cannot be told: without incoming arcs are {places}. State it."
        )
        initial = _only(firsts, inferred, unclear, problems, notes)
    if not final:
        inferred = N_(
            "No final marking is stated; taken as one token in {place}, the only place without outgoing arcs."
        )
        unclear = N_("No final marking is stated, and it cannot be told: without outgoing arcs are {places}. State it.")
        final = _only(lasts, inferred, unclear, problems, notes)
    return initial, final


def _only(
    candidates: dict[str, str], inferred: str, unclear: str, problems: list[Problem], notes: list[Message]
) -> Counter[str]:
    """Give a token in the only candidate with a note, or a problem that names them all."""
    if len(candidates) == 1:
        notes.append(Message(inferred, place=next(iter(candidates.values()))))
        return Counter(candidates.keys())
    problems.append(Problem(Message(unclear, places=", ".join(candidates.values()) or "-")))
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
