"""What a page shows in its tables, as frames."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
from streamlit.testing.v1 import AppTest


def scenes(app: AppTest) -> list[dict[str, Any]]:
    """Give what is sent to the browser for each table of the page, in order."""
    sent = [json.loads(element.proto.json)[0] for element in app.get("bidi_component")]
    return [scene for scene in sent if scene["kind"] == "table"]


def tables(app: AppTest) -> list[pl.DataFrame]:
    """Give the values of each table of the page, in order: numbers as numbers, texts and moments as texts."""
    return [pl.DataFrame({c["name"]: _values(c) for c in scene["columns"]}, strict=False) for scene in scenes(app)]


def _values(column: dict[str, Any]) -> list[Any]:
    found: list[Any] = next(column[part] for part in ("values", "texts", "chips") if part in column)
    return found
