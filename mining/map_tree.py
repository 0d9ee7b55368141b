"""A journey map -> the process tree with the same paths, to be drawn as BPMN or written as a Petri net."""

from __future__ import annotations

from collections.abc import Iterator

from mining.errors import ModelError, Problem
from mining.journey_map import JourneyMap, Stage, Step, Touchpoint
from mining.messages import N_, Message
from mining.process_tree import CHOICE, LOOP, PARALLEL, SEQUENCE, ProcessTree

SILENT = ProcessTree()
_OPERATORS = {"choice": CHOICE, "any_order": PARALLEL, "sequence": SEQUENCE}


def map_to_tree(plan: JourneyMap) -> tuple[ProcessTree, tuple[Message, ...]]:
    """Give the tree of a map, and what a tree cannot say.

    A leaf is called like the activity that its touchpoint binds; of several any one may happen. A touchpoint bound by
    attributes is called by its title, one without events is silent, as it cannot be seen in a log.

    Raises
    ------
    ModelError
        When returns to earlier stages cross: then no tree has these paths.
    """
    leaves = _leaves(plan)
    stages: list[tuple[int, ProcessTree]] = []
    order = {stage.id: n for n, stage in enumerate(plan.stages)}
    for n, stage in enumerate(plan.stages):
        stages.append((n, _stage(stage, leaves)))
        for first in sorted({order[other] for other in stage.may_return_to}, reverse=True):
            stages = _looped(plan, stages, first, stage)
    tree = _block(SEQUENCE, [part for _, part in stages])
    anywhere = [leaves[t.id] for t in plan.anywhere if t.measured]
    if anywhere:
        tree = _block(PARALLEL, [tree, ProcessTree(LOOP, None, (SILENT, *anywhere))])
    return tree, tuple(_lost(plan))


def _block(operator: str, parts: list[ProcessTree]) -> ProcessTree:
    if not parts:
        return SILENT
    return parts[0] if len(parts) == 1 else ProcessTree(operator, None, tuple(parts))


def _leaves(plan: JourneyMap) -> dict[str, ProcessTree]:
    """Give what stands for each touchpoint; an activity belongs to the first touchpoint that binds it."""
    taken: set[str] = set()
    leaves = {}
    for touchpoint in plan.touchpoints():
        own = {b.activity for b in touchpoint.events if b.activity and not b.attributes} - taken
        taken |= own
        names = sorted(own)
        if touchpoint.measured and (not own or any(b.attributes for b in touchpoint.events)):
            names.append(_title(touchpoint))
        leaves[touchpoint.id] = _block(CHOICE, [ProcessTree(label=name) for name in dict.fromkeys(names)])
    return leaves


def _title(touchpoint: Touchpoint) -> str:
    return touchpoint.title.get() or touchpoint.id


def _stage(stage: Stage, leaves: dict[str, ProcessTree]) -> ProcessTree:
    steps = _block(SEQUENCE, [_step(step, leaves) for step in stage.steps])
    return _block(CHOICE, [steps, SILENT]) if stage.may_skip else steps


def _step(step: Step, leaves: dict[str, ProcessTree]) -> ProcessTree:
    if isinstance(step, Touchpoint):
        tree = leaves[step.id]
    else:
        tree = _block(_OPERATORS[step.kind], [_step(part, leaves) for part in step.steps])
    if step.repeatable:
        tree = ProcessTree(LOOP, None, (tree, SILENT))
    return _block(CHOICE, [tree, SILENT]) if step.optional else tree


def _looped(
    plan: JourneyMap, stages: list[tuple[int, ProcessTree]], first: int, last: Stage
) -> list[tuple[int, ProcessTree]]:
    """Let the stages from number `first` on be walked again."""
    again = [(n, part) for n, part in stages if n >= first]
    if again[0][0] != first:
        problem = Message(
            N_("The return from {last} to {first} crosses another return, so it cannot be drawn as blocks."),
            last=last.id,
            first=plan.stages[first].id,
        )
        raise ModelError(
            N_("The map has no block structure. `desirepath align` takes it as it is."),
            problems=[Problem(problem, last.line)],
        )
    loop = ProcessTree(LOOP, None, (_block(SEQUENCE, [part for _, part in again]), SILENT))
    return [*(pair for pair in stages if pair[0] < first), (first, loop)]


def _lost(plan: JourneyMap) -> Iterator[Message]:
    """Say what of a map a model of plain steps does not hold."""
    unseen = [_title(t) for t in plan.touchpoints() if not t.measured]
    if unseen:
        yield Message(N_("Left out, since no event shows them: {names}."), names=", ".join(unseen))
    by_attributes = [_title(t) for t in plan.touchpoints() if any(b.attributes for b in t.events)]
    if by_attributes:
        yield Message(
            N_("Told by attributes in the map; here they have a name alone, which the log may not know: {names}."),
            names=", ".join(by_attributes),
        )
    yield Message(N_("Only the order of the steps is kept: no stages, goals, weights, deadlines or texts."))
