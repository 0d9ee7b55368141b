"""The board of Compare: what stands beside the badges."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from streamlit.errors import StreamlitAPIException
from streamlit.testing.v1 import AppTest

from ui import canvas
from ui.compare_board import _rarer
from ui.language import speaking

OpenApp = Callable[..., AppTest]


def test_what_has_no_badge_is_named_in_the_help() -> None:
    rows = [{"kind": "late", "journeys": 3, "share": 0.00137}, {"kind": "extra", "journeys": 1, "share": 0.0001}]
    with speaking("en"):
        assert _rarer(cast("Any", SimpleNamespace(skip=lambda _row: None)), rows).splitlines() == [
            "- ◷ Late: 3 journeys · 0.1%",
            "- ⊕ Extra: 1 journey · < 0.1%",
            "",
            "Each has its row in the ranked list.",
        ]


def test_the_board_says_how_many_are_rarer(open_app: OpenApp, sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_args: Any, **_options: Any) -> None:
        raise StreamlitAPIException("not installed")

    monkeypatch.setattr(canvas, "show", missing)
    rarer = [c for c in open_app(sample).caption if c.value.startswith("and ") and c.value.endswith(" rarer")]
    assert rarer
    for caption in rarer:
        assert caption.help.count("\n- ") + 1 == int(caption.value.split()[1])
