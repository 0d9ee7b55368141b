"""A journey map -> the text of a Mermaid ``journey`` diagram, for wikis and documents that draw such text."""

from __future__ import annotations

from mining.journey_map import JourneyMap, Stage, Touchpoint

# Signs that end a name in such a text, and wide ones that look alike.
_SIGNS = str.maketrans({"#": "＃", ":": "：", ";": "；"})
_NEUTRAL = 3


def to_mermaid(plan: JourneyMap, language: str = "en") -> str:
    """Write a map as Mermaid text.

    A stage is a section, a touchpoint a task; its score, 1 to 5, is its planned feeling or else that of its stage, and
    its actor the one of the map, the customer where none is named.

    Examples
    --------
    >>> plan = JourneyMap.parse(
    ...     "{id: shop, goal: buy, stages: [{id: s, title: Buy, steps: [{id: buy, events: Buy, feeling: 1}]}]}"
    ... )
    >>> print(to_mermaid(plan))
    journey
        title shop
        section Buy
          buy: 4: customer
    <BLANKLINE>
    """
    lines = ["journey", f"    title {_name(plan.title.get(language) or plan.id)}"]
    for stage in plan.stages:
        lines.append(f"    section {_name(stage.title.get(language) or stage.id)}")
        lines += [_task(touchpoint, stage, language) for touchpoint in stage.touchpoints()]
    if plan.anywhere:
        lines.append("    section …")
        lines += [_task(touchpoint, None, language) for touchpoint in plan.anywhere]
    return "\n".join([*lines, ""])


def _task(touchpoint: Touchpoint, stage: Stage | None, language: str) -> str:
    feeling = touchpoint.feeling
    if feeling is None and stage is not None:
        feeling = stage.feeling
    name = _name(touchpoint.title.get(language) or touchpoint.id)
    return f"      {name}: {_NEUTRAL + round(feeling or 0)}: {touchpoint.actor or 'customer'}"


def _name(text: str) -> str:
    return " ".join(text.translate(_SIGNS).split())
