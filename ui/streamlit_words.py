"""The words that Streamlit writes or says itself, and knows in English alone: others are put in their place.

Those that are read by style, those that are heard by a script, which also tells the language of the page, and gives
parts of it the roles that they have to the eye.
"""

from __future__ import annotations

import json
from contextlib import suppress

import streamlit as st
from streamlit.errors import StreamlitAPIException

from ui.canvas import component
from ui.formats import size
from ui.language import _, current

MEGABYTE = 1e6
UPLOADER, MENU = '[data-testid="stFileUploaderDropzone', '[data-testid="stMainMenuItem'
STOP, SKIP = '[data-testid="stStatusWidget"] button', '[data-testid="stSkipToContent"]'
TOOL = '[data-testid="stBaseButton-elementToolbar"]'
PANEL = '[data-testid="stVerticalBlock"][class*="_panel"]'
TOLD = '[data-testid="InputInstructions"] span:first-child'  # beside a field that is being written in


def style() -> str:
    """Give the style sheet that says them in the current language; none in English."""
    if current() == "en":
        return ""
    most = size(int(st.get_option("server.maxUploadSize") * MEGABYTE))
    words = {
        f'{UPLOADER}"] button p': _("Upload"),
        f'{UPLOADER}Instructions"] span': _("At most {size} per file", size=most),
        STOP: _("Stop"),
        SKIP: _("To the content"),
        '[data-testid="stTopNavSection"] p': _("More pages"),
        f'{MENU}-theme-System"]': _("As the system"),
        f'{MENU}-theme-Light"]': _("Light"),
        f'{MENU}-theme-Dark"]': _("Dark"),
        f'{MENU}-print"] {MENU}Label"]': _("Print"),
        f'{MENU}-recordScreencast"] {MENU}Label"]': _("Record the screen"),
        f":is({', '.join(f'[data-testid=st{field}]' for field in ('TextInput', 'NumberInput'))}) {TOLD}": _(
            "Enter applies it"
        ),
        f'[data-testid="stTextArea"] {TOLD}': _("Ctrl+Enter applies it"),
        f'[data-testid="stForm"] [data-testid="stTextInput"] {TOLD}': _("Enter saves it"),
        '[role="listbox"][data-empty] [role="option"] span': _("Nothing found"),
    }
    return "<style>" + "".join(_instead(place, said) for place, said in words.items()) + "</style>"


def speak() -> None:
    """Tell the browser the language of the page, and the names of what Streamlit draws itself."""
    label, select = "aria-label", '[data-testid="stSelectbox"]'
    names: list[tuple[str, str, str | None]] = [
        ('[data-testid="stSidebar"]', label, _("Sidebar")),
        ('[data-testid="stSidebarCollapseButton"] button', label, _("Close the sidebar")),
        ('[data-testid="stExpandSidebarButton"]', label, _("Open the sidebar")),
        ('[data-testid="stTopNav"]', label, _("Pages")),
        ('[data-testid="stMainMenuButton"]', label, _("Main menu")),
        ('[data-testid="stTooltipHoverTarget"] > button:not([data-testid])', label, _("Help")),
        ('[data-testid="stHeaderActionElements"] a', label, _("Link to this heading")),
        (f'{TOOL}[aria-label^="Fullscreen"]', label, _("Full screen")),
        (f'{TOOL}[aria-label^="Show data"]', label, _("Show data")),
        (f'{TOOL}[aria-label^="Show chart"]', label, _("Show chart")),
        (f'{TOOL}[aria-label^="Download as PNG"]', label, _("Save as PNG")),
        (f'{TOOL}[aria-label^="Copy"]', label, _("Copy")),
        ('[data-testid="stToastContainer"]', label, _("Notices")),
        (PANEL, "role", "region"),
        (PANEL, label, _("What is chosen")),
        (".st-key-filter_bar > :first-child", "role", "status"),
        (f'{UPLOADER}"]', "role", "group"),
        ('[data-testid="stVegaLiteChart"] > svg', "aria-hidden", "true"),  # the chart has a name that says it all
        (f'{select} button[aria-haspopup="listbox"]', label, _("Show the choices")),
        (f'{select} input[placeholder="Choose an option"]', "placeholder", _("Choose one")),
        ('[data-testid="stVegaLiteChart"]', "aria-roledescription", _("chart")),
    ]
    shown = {
        f'{UPLOADER}"] button': _("Upload"),
        STOP: _("Stop"),
        SKIP: _("To the content"),
        f'{MENU}-theme-System"]': _("As the system"),
        f'{MENU}-theme-Light"]': _("Light"),
        f'{MENU}-theme-Dark"]': _("Dark"),
    }
    own = current() == "en"
    names += [(place, label, None if own else said) for place, said in shown.items()]
    icons = {"flag": _("Milestone"), "trophy": _("The goal of the plan")}
    scene = {"kind": "page", "language": current(), "names": names, "icons": icons}
    with suppress(StreamlitAPIException):  # the browser's part is not installed
        component()(data=[scene], key="spoken")


def _instead(place: str, said: str) -> str:
    """Give the rules that hide the letters of an element and show others; its size is kept in `rem`."""
    written = json.dumps(said, ensure_ascii=False).replace("<", "\\3c ")
    return f"{place} {{ font-size: 0; }} {place}::after {{ content: {written}; font-size: 0.875rem; }}\n"
