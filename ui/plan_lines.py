"""The lines of a plan that is edited as text: their numbers at its edge, and a band behind those with a problem.

The field is one of Streamlit, so both are drawn by style: they are its background, and scroll with the letters.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from mining.errors import Problem

MORE = 60  # numbers beyond the last line, for what is being written
EDGE_PX, LINE_PX = 40, 20  # of the picture of the numbers, which is scaled to the lines
NUMBERS = "#7d8b9c"
BAND = "light-dark(#f8dfa9, #5a4413)"
TOP = "0.5rem"  # what Streamlit leaves above the first line


def style(key: str, text: str, problems: Iterable[Problem]) -> str:
    """Give the style sheet of the text area `key` that holds `text`."""
    marked = sorted({problem.line for problem in problems if problem.line is not None})
    n = text.count("\n") + 1 + MORE
    layers = [f'url("data:image/svg+xml,{quote(_numbers(n))}") 0 {TOP} / auto calc({n} * 1lh)']
    layers += [f"linear-gradient({BAND}, {BAND}) 0 calc({TOP} + {line - 1} * 1lh) / 100% 1lh" for line in marked]
    background = ", ".join(f"{layer} no-repeat local" for layer in layers)
    return (
        f"<style>.st-key-{key} textarea {{ white-space: pre; overflow-x: auto; tab-size: 2; "
        f"padding: {TOP} 0.75rem {TOP} 3rem; background: {background}; }}</style>"
    )


def _numbers(n: int) -> str:
    """Draw the numbers of lines from 1 on."""
    rows = "".join(f'<text x="34" y="{LINE_PX * line - 6}">{line}</text>' for line in range(1, n + 1))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {EDGE_PX} {LINE_PX * n}" '
        f'width="{EDGE_PX}" height="{LINE_PX * n}" font-family="monospace" font-size="11" fill="{NUMBERS}" '
        f'text-anchor="end">{rows}</svg>'
    )
