"""A first planned map out of what journeys really do: a process tree -> stages, touchpoints, milestones and a goal.

Each block of the tree becomes the construct of the map that means the same. One has no equal: a block that is repeated
by way of another one. It is widened, and a note says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mining.errors import MapError
from mining.journey_map import Binding, Block, JourneyMap, Stage, Step, Touchpoint
from mining.localised import Text
from mining.map_edit import with_each_touchpoint
from mining.messages import N_, Message
from mining.process_tree import ANY_OF, CHOICE, LOOP, SEQUENCE, ProcessTree

MOST_STAGES = 5
TOUCHPOINTS_PER_STAGE = 3
NEARLY_ALL, MOST = 0.8, 0.5  # of the journeys that get to the goal
FEWEST_ON_THE_WAY, MOST_ON_THE_WAY = 2, 4  # milestones besides the goal
ENDS_OFTEN = 0.1  # of the journeys: so many end with the goal that is proposed
TITLE = Text((("en", "First plan (from the log)"), ("vi", "Kế hoạch đầu tiên (từ nhật ký)")))


@dataclass(frozen=True)
class Proposal:
    """A map to start from.

    Attributes
    ----------
    map : JourneyMap
        Stages are numbered and named by what they begin and end with; a person gives them names of their own.
    notes : tuple of Message
        Where the map allows more than the tree.
    """

    map: JourneyMap
    notes: tuple[Message, ...]


def propose_map(
    tree: ProcessTree,
    ends: Mapping[str, int],
    reached: Mapping[str, int] | None = None,
    *,
    goal: str | None = None,
) -> Proposal:
    """Make a map that allows all that a process tree allows.

    Parameters
    ----------
    tree : ProcessTree
        As the inductive miner gives it: every activity stands in it once.
    ends : mapping of str to int
        Journeys that end with each activity.
    reached : mapping of str to int, optional
        Journeys that have each activity: where every step of a stage may be left out, the one that most have is its
        milestone.
    goal : str, optional
        The activity that means success; else it is the last step of the map that a tenth of the journeys end with (of
        steps in no order, the one that most end with), or, where there is none, the last milestone.

    Raises
    ------
    MapError
        When the tree has no activity, or none that is called `goal`.
    """
    parts, returns = _top(tree)
    maker = _Maker()
    steps = [step for step in map(maker.step, parts) if step is not None]
    if not steps:
        raise MapError(N_("There is no journey to make a map of."))
    stages = [_stage(n, part, reached or {}) for n, part in enumerate(_parted(steps), start=1)]
    if returns:
        stages[-1] = replace(stages[-1], may_return_to=(stages[0].id,))
    plan = JourneyMap(id="first_plan", title=TITLE, goal="", stages=tuple(stages))
    return Proposal(replace(plan, goal=_goal(plan, ends, goal)), tuple(maker.notes))


def _top(tree: ProcessTree) -> tuple[tuple[ProcessTree, ...], bool]:
    """Give the blocks that follow each other, and whether the whole may happen again."""
    if tree.operator == LOOP and all(again == ProcessTree() for again in tree.children[1:]):
        return _top(tree.children[0])[0], True
    return (tree.children if tree.operator == SEQUENCE else (tree,)), False


@dataclass
class _Maker:
    """Turns blocks into steps, and remembers the ids given and what had to be widened."""

    ids: set[str] = field(default_factory=set)
    notes: list[Message] = field(default_factory=list)

    def step(self, tree: ProcessTree) -> Step | None:
        """Give what means the same in a map; None for what leaves no event."""
        if tree.operator is None:
            return None if tree.label is None else self.touchpoint(tree.label)
        if tree.operator == LOOP:
            return self.loop(tree)
        found = [self.step(child) for child in tree.children]
        steps = tuple(step for step in found if step is not None)
        if tree.operator == CHOICE:
            one = _joined("choice", steps)
            return one if one is None or None not in found else replace(one, optional=True)
        if tree.operator == ANY_OF:
            names = ", ".join(step_name(step) for step in steps)
            self.notes.append(
                Message(N_("At least one of {names} happens; in the map all may be left out."), names=names)
            )
            steps = tuple(replace(step, optional=True) for step in steps)
        return _joined("sequence" if tree.operator == SEQUENCE else "any_order", steps)

    def touchpoint(self, activity: str) -> Touchpoint:
        """Give a touchpoint for an activity, with an id that is readable and not yet given."""
        plain = re.sub(r"[^\w.-]+", "_", activity).strip("_").lower() or "touchpoint"
        id_, n = plain, 1
        while id_ in self.ids:
            n += 1
            id_ = f"{plain}_{n}"
        self.ids.add(id_)
        return Touchpoint(id=id_, title=Text((("", activity),)) if activity else Text(), events=(Binding(activity),))

    def loop(self, tree: ProcessTree) -> Step | None:
        """Give a repeated block; what leads back to its start has no place of its own in a map."""
        body = self.step(tree.children[0])
        back = _joined("choice", tuple(step for step in map(self.step, tree.children[1:]) if step is not None))
        if back is None:
            return None if body is None else replace(body, repeatable=True)
        if body is None:
            return replace(back, optional=True, repeatable=True)
        self.notes.append(
            Message(
                N_("{back} leads back to {body}; the map lets {body} repeat without it, and journeys go on behind it."),
                back=step_name(back),
                body=step_name(body),
            )
        )
        return Block("sequence", (body, replace(back, optional=True)), repeatable=True)


def _joined(kind: str, steps: tuple[Step, ...]) -> Step | None:
    """Put steps into one block, if there is more than one."""
    if len(steps) < 2:
        return next(iter(steps), None)
    return Block(kind, steps)  # type: ignore[arg-type]  # one of BLOCKS


def step_name(step: Step) -> str:
    """Name a step by its touchpoints, or the first and the last of many."""
    names = [touchpoint.title.get() or touchpoint.id for touchpoint in _touchpoints(step)]
    return " / ".join(names) if len(names) < 3 else f"{names[0]} … {names[-1]}"


def _touchpoints(step: Step) -> Iterator[Touchpoint]:
    return Stage("", steps=(step,)).touchpoints()


def _parted(steps: Sequence[Step]) -> list[Sequence[Step]]:
    """Cut a sequence into at most `MOST_STAGES` parts of as equal a number of touchpoints as can be.

    The sum of the squares of these numbers is the least possible; of equal cuts that with longer first parts is taken.
    """
    sizes = [sum(1 for _ in _touchpoints(step)) for step in steps]
    n_parts = min(len(steps), MOST_STAGES, max(1, round(sum(sizes) / TOUCHPOINTS_PER_STAGE)))
    best: dict[int, tuple[int, tuple[int, ...]]] = {len(steps): (0, ())}  # from where on -> cost, ends of the parts
    for _ in range(n_parts):
        best = {
            start: min(
                (sum(sizes[start:end]) ** 2 + cost, (-end, *cuts)) for end, (cost, cuts) in best.items() if end > start
            )
            for start in range(len(steps))
            if any(end > start for end in best)
        }
    cuts = [-cut for cut in best[0][1]]
    return [steps[start:end] for start, end in zip([0, *cuts[:-1]], cuts, strict=True)]


def _stage(number: int, steps: Sequence[Step], reached: Mapping[str, int]) -> Stage:
    """Make a stage of some steps, with its milestone."""
    names = [t.title.get() or t.id for step in steps for t in _touchpoints(step)]
    span = names[0] if len(names) == 1 else f"{names[0]} – {names[-1]}"
    title = Text((("en", f"Stage {number}: {span}"), ("vi", f"Giai đoạn {number}: {span}")))
    id_ = _milestone(steps, reached)
    return Stage(f"stage_{number}", title, steps=tuple(_marked(step, id_) for step in steps))


def is_proposed_title(titles: Collection[str]) -> bool:
    """Tell whether the titles of a stage, one for each language, are as they were proposed.

    Examples
    --------
    >>> is_proposed_title(["Stage 1: Look – Buy", "Giai đoạn 1: Look – Buy"])
    True
    >>> is_proposed_title(["Stage 1: Finding", "Giai đoạn 1: Tìm"])
    False
    """
    found = [re.fullmatch(r"(?:Stage|Giai đoạn) (\d+: .*)", title) for title in titles]
    return len(found) > 1 and len({match and match[1] for match in found}) == 1 and found[0] is not None


def _milestone(steps: Sequence[Step], reached: Mapping[str, int]) -> str | None:
    """Give the last step that nobody leaves out, else the one that most journeys have."""
    passed = [step.id for step in steps if isinstance(step, Touchpoint) and not step.optional]
    if passed:
        return passed[-1]
    known = [t for step in steps for t in _touchpoints(step) if _count(t, reached)]
    return max(known, key=lambda t: _count(t, reached)).id if known else None


def _marked(step: Step, milestone: str | None) -> Step:
    if isinstance(step, Touchpoint):
        return replace(step, milestone=step.id == milestone)
    return replace(step, steps=tuple(_marked(inner, milestone) for inner in step.steps))


def with_milestones(plan: JourneyMap, passed_before: Callable[[str], Mapping[str, float]]) -> JourneyMap:
    """Make milestones of what most journeys pass that get to the goal: with the goal three to five, in map order.

    Those that nearly all pass come first; of more than four, four that lie evenly over the map.

    Parameters
    ----------
    passed_before : callable
        Gives, of the journeys that have an activity, the share that has each other one before it. Where less than two
        touchpoints before the goal are passed by most, the two that are passed by most journeys are taken.
    """
    known = plan.touchpoints()
    place = [t.id for t in known].index(plan.goal)
    before, passed = known[:place], passed_before(known[place].events[0].activity or "")
    share = {t.id: passed.get(t.events[0].activity or "", 0.0) for t in before}
    nearly_all, chosen = ([id_ for id_, part in share.items() if part > level] for level in (NEARLY_ALL, MOST))
    if len(nearly_all) >= FEWEST_ON_THE_WAY:
        chosen = nearly_all
    if len(chosen) < FEWEST_ON_THE_WAY:
        likely = sorted((id_ for id_, part in share.items() if part), key=lambda id_: -share[id_])
        chosen = [id_ for id_ in share if id_ in likely[:FEWEST_ON_THE_WAY]]
    if len(chosen) > MOST_ON_THE_WAY:
        last = len(chosen) - 1
        chosen = [chosen[round(n * last / (MOST_ON_THE_WAY - 1))] for n in range(MOST_ON_THE_WAY)]
    if not chosen:
        return plan
    return with_each_touchpoint(plan, lambda t: replace(t, milestone=t.id in chosen or t.id == plan.goal))


def _count(touchpoint: Touchpoint, counts: Mapping[str, int]) -> int:
    return counts.get(touchpoint.events[0].activity or "", 0)


def _goal(plan: JourneyMap, ends: Mapping[str, int], asked: str | None) -> str:
    """Give the id of the touchpoint that means success."""
    if asked is not None:
        id_of = {t.events[0].activity: t.id for t in plan.touchpoints()}
        if asked not in id_of:
            raise MapError(
                N_("The map would have no {goal} to be its goal. It would have: {names}."),
                goal=asked,
                names=", ".join(str(name) for name in id_of),
            )
        return id_of[asked]
    often = max(1.0, ENDS_OFTEN * sum(ends.values()))
    for group in _from_the_end([step for stage in plan.stages for step in stage.steps]):
        last = max(group, key=lambda t: _count(t, ends))
        if _count(last, ends) >= often:
            return last.id
    milestones = [t.id for t in plan.touchpoints() if t.milestone]
    return (milestones or [t.id for t in plan.touchpoints()])[-1]


def _from_the_end(steps: Sequence[Step]) -> Iterator[list[Touchpoint]]:
    """Give the touchpoints, the last of the plan first; those that may follow each other either way as one group."""
    for step in reversed(steps):
        if isinstance(step, Block) and step.kind == "sequence" and not step.repeatable:
            yield from _from_the_end(step.steps)
        else:
            yield list(_touchpoints(step))
