"""What a browser gets first, whatever page it asks for: Streamlit's own page, told where the app lives and what it has.

Streamlit's page looks for its server below the address it was opened at, so that one below the root, as a bookmark has
it, asks twice for what is not there. All pages of ours stand side by side: their server is where they are.

Streamlit fetches the part of its script that draws an element when the first such element arrives. What the first page
shows is known before, and fetched with the rest; what other pages show is fetched and read when the browser has nothing
else to do, since a library for charts takes as long as a click may.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import streamlit
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from ui.frame import PAGES

STATIC = Path(streamlit.__file__).parent / "static"
PARTS = Path("static/js")
FIRST = ("Html", "ButtonGroup", "Button", "Metric", "BidiComponent")
SOON = (
    "Selectbox",
    "Slider",
    "Checkbox",
    "ArrowVegaLiteChart",
    "embed",  # charts themselves
    "TextInput",
    "DownloadButton",
    "PageLink",
    "Spinner",
    "IFrame",
    "StreamlitSyntaxHighlighter",
)
CANVAS = "_stcore/bidi-components/desirepath.canvas/canvas.js"
SCRIPT = Path(__file__).with_suffix(".js")
_IMPORTED = re.compile(r'\b(?:from|import)"\./([\w.-]+\.js)"')


def routes() -> list[Route]:
    """Answer at the address of every page."""
    page = opening_page()

    async def answer(_: Request) -> HTMLResponse:
        return HTMLResponse(page, headers={"Cache-Control": "no-cache"})

    return [Route(f"/{path}", answer) for path in ("", *PAGES)]


def opening_page() -> str:
    """Give Streamlit's page with a name and a script of ours, and what it fetches ahead."""
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    soon = " ".join(f"./{part}" for part in parts(SOON))
    script = f'<script data-soon="{soon}">{SCRIPT.read_text(encoding="utf-8")}</script>'
    ahead = [*needed(FIRST, page), CANVAS]
    first = "".join(f'<link rel="modulepreload" crossorigin href="./{part}">' for part in ahead)
    put = {"<head>": f"<head>{script}", "<title>Streamlit<": "<title>Desire Path<", "</head>": f"{first}</head>"}
    for old, new in put.items():
        page = page.replace(old, new, 1)
    return page


def parts(names: Iterable[str]) -> list[str]:
    """Give the addresses of parts of Streamlit's script; one that this version of it does not have is left out."""
    found = ((STATIC / PARTS).glob(f"{name}.*.js") for name in names)
    return [(PARTS / file.name).as_posix() for files in found for file in files]


def needed(names: Iterable[str], page: str) -> list[str]:
    """Give the addresses of parts, and of all that they import, which the page does not fetch already."""
    ahead = parts(names)
    for part in ahead:  # grows by what each of them imports
        imported = _IMPORTED.findall((STATIC / part).read_text(encoding="utf-8"))
        others = dict.fromkeys((PARTS / name).as_posix() for name in imported)
        ahead += [other for other in others if other not in page and other not in ahead]
    return ahead
