"""The stopwatch of `benchmarks.browser`: what a click costs until the page stands still again."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SCRIPT = Path(__file__).with_name("stopwatch.js")
QUIET_MS, PATIENCE_MS = 500, 4000  # without any change; without an answer to what the server was told
LIMIT_MS = 300_000


@dataclass
class Watch:
    """A page with the stopwatch in it, and what was measured there: step -> (seconds, kilobytes) for each time."""

    page: Page
    steps: dict[str, list[tuple[float, float]]] = field(default_factory=dict)

    def rest(self) -> dict[str, Any]:
        """Wait until the page stands still; give what the stopwatch saw."""
        said = self.page.wait_for_function(
            f"() => window.stopwatch?.still({QUIET_MS}, {PATIENCE_MS})", polling=50, timeout=LIMIT_MS
        )
        found: dict[str, Any] = said.json_value()
        return found

    def time(self, step: str | None, act: Callable[[], object]) -> None:
        """Act as a person does, and note how long that takes; without a name of the step, only wait."""
        self.page.evaluate("window.stopwatch?.reset()")
        act()
        seen = self.rest()
        if step:
            self.note(step, seen["seconds"], seen["bytes"] / 1000)

    def note(self, step: str, seconds: float, kilobytes: float = 0) -> None:
        """Note one measurement, and say it at once."""
        sys.stderr.write(f"{step}: {seconds:.2f} s\n")
        self.steps.setdefault(step, []).append((seconds, kilobytes))

    def opened(self, act: Callable[[], object]) -> None:
        """Open the app; note when its heading, its figures and all of it stand."""
        act()
        seen = self.rest()
        for part in ("heading", "figures"):
            if part in seen["seen"]:
                self.note(f"first page: {part}", seen["seen"][part] / 1000)
        self.note("first page: all", seen["seconds"], seen["bytes"] / 1000)

    def there_and_back(self, step: str, there: Callable[[], object], back: Callable[[], object]) -> None:
        """Time a click twice, undone between."""
        self.time(step, there)
        self.time(None, back)
        self.time(step, there)
