"""What a browser gets first, whatever page it asks for: Streamlit's own page, told where the app lives.

Streamlit's page looks for its server below the address it was opened at, so that one below the root, as a bookmark has
it, asks twice for what is not there. All pages of ours stand side by side: their server is where they are.
"""

from __future__ import annotations

from pathlib import Path

import streamlit
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from ui.frame import PAGES

HEAD = "<head>"
SCRIPT = Path(__file__).with_suffix(".js")


def routes() -> list[Route]:
    """Answer at the address of every page."""
    page = opening_page()

    async def answer(_: Request) -> HTMLResponse:
        return HTMLResponse(page, headers={"Cache-Control": "no-cache"})

    return [Route(f"/{path}", answer) for path in ("", *PAGES)]


def opening_page() -> str:
    """Give Streamlit's page with a script of ours before those of its own."""
    index = Path(streamlit.__file__).parent / "static" / "index.html"
    script = f"<script>{SCRIPT.read_text(encoding='utf-8')}</script>"
    return index.read_text(encoding="utf-8").replace(HEAD, HEAD + script, 1)
