"""The fields of a frame in the channels of a chart, as Vega-Lite writes them.

The names are those of our own columns. One with a dot, a bracket or a quote in it would have to be escaped.
"""

from __future__ import annotations

from typing import Any

Spec = dict[str, Any]  # a chart, or a part of one


def quantitative(field: str, **options: Any) -> Spec:
    """Give a field of numbers."""
    return {"field": field, "type": "quantitative", **options}


def temporal(field: str, **options: Any) -> Spec:
    """Give a field of times or days."""
    return {"field": field, "type": "temporal", **options}


def ordinal(field: str, **options: Any) -> Spec:
    """Give a field of values in an order."""
    return {"field": field, "type": "ordinal", **options}


def nominal(field: str, **options: Any) -> Spec:
    """Give a field of names or texts."""
    return {"field": field, "type": "nominal", **options}
