"""The words that Streamlit writes itself, and knows in English alone: others are put in their place by style."""

from __future__ import annotations

import json

import streamlit as st

from ui.formats import size
from ui.language import _, current

MEGABYTE = 1e6
UPLOADER, MENU = '[data-testid="stFileUploaderDropzone', '[data-testid="stMainMenuItem'
TOLD = '[data-testid="InputInstructions"] span:first-child'  # beside a field that is being written in


def style() -> str:
    """Give the style sheet that says them in the current language; none in English."""
    if current() == "en":
        return ""
    most = size(int(st.get_option("server.maxUploadSize") * MEGABYTE))
    words = {
        f'{UPLOADER}"] button p': _("Upload"),
        f'{UPLOADER}Instructions"] span': _("At most {size} per file", size=most),
        '[data-testid="stStatusWidget"] button': _("Stop"),
        '[data-testid="stSkipToContent"]': _("To the content"),
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


def _instead(place: str, said: str) -> str:
    """Give the rules that hide the letters of an element and show others; its size is kept in `rem`."""
    written = json.dumps(said, ensure_ascii=False).replace("<", "\\3c ")
    return f"{place} {{ font-size: 0; }} {place}::after {{ content: {written}; font-size: 0.875rem; }}\n"
