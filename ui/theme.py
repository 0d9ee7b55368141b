"""Light or dark: what the pictures have to know about the page they stand on, and text that can be read on it."""

from __future__ import annotations

import streamlit as st

# Streamlit pales these below the 4.5:1 that small text needs, and no option of the theme reaches them.
# Each is (light, dark).
QUIET = ("#586270", "#a9b2bc")  # captions, axes
CHOSEN = ("#195787", "#7cbcf0")  # of a row of buttons
CHOSEN_PAPER = ("#dbe6ec", "#21384d")

READABLE = f"""<style>
[data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] small,
[data-testid="stTopNavLink"] [data-testid="stIconMaterial"] {{
    color: light-dark({QUIET[0]}, {QUIET[1]}); opacity: 1;
}}
[data-testid="stVegaLiteChart"] :is(.role-axis-label, .role-axis-title, .role-legend-label, .role-legend-title) text {{
    fill: light-dark({QUIET[0]}, {QUIET[1]});
}}
button:is([data-variant="segmented_control"], [data-variant="pills"])[type][data-selected]:not([data-disabled]) {{
    color: light-dark({CHOSEN[0]}, {CHOSEN[1]}); background: light-dark({CHOSEN_PAPER[0]}, {CHOSEN_PAPER[1]});
}}
[data-testid="stSliderThumbValue"] {{ color: light-dark({CHOSEN[0]}, {CHOSEN[1]}); }}
[data-testid="stCode"] .token:is(.variable, .parameter) {{ color: inherit; }}
</style>"""

# What the keyboard is at is seen, and what is not seen is no stop of it; what a finger is to meet is 24 pixels wide.
REACHED = """<style>
:is([data-testid="stTopNavLink"], [data-testid="stSidebarNavLink"], [data-testid="stMainMenuButton"],
    [data-testid="stExpandSidebarButton"], [data-testid="stBaseButton-elementToolbar"]):focus-visible,
[role^="menuitem"]:focus-visible { outline: 2px solid var(--st-link-color, currentcolor); outline-offset: -1px; }
[data-testid="stElementToolbar"]:focus-within { opacity: 1; }
[data-testid="stSidebar"][data-collapsed="true"] { visibility: hidden; }
[data-testid="stSidebar"]:focus-within [data-testid="stSidebarCollapseButton"] { visibility: visible; }
:is([data-testid="stTooltipHoverTarget"] > button:not([data-testid]), [data-testid="stBaseButton-tertiary"]) {
    position: relative;
}
:is([data-testid="stTooltipHoverTarget"] > button:not([data-testid]), [data-testid="stBaseButton-tertiary"])::after {
    content: ""; position: absolute; inset: 50% auto auto 50%; translate: -50% -50%;
    width: max(100%, 24px); height: max(100%, 24px);
}
@media (forced-colors: active) {
    :focus-visible { outline: 2px solid Highlight !important; }
    button[data-variant][data-selected] { background: Highlight; color: HighlightText; forced-color-adjust: none; }
    :is([data-testid="stSlider"] [role="group"] > div > div,
        [data-testid="stCheckbox"] label > div:not([data-testid])) { forced-color-adjust: none; }
    [data-testid="stSliderThumbValue"] { forced-color-adjust: auto; }
}
</style>"""


def readable() -> str:
    """Give the style of text that can be read on the reader's paper, beside the page too: in its menus and dialogs."""
    return READABLE + f"<style>:root {{ color-scheme: {'dark' if is_dark() else 'light'}; }}</style>"


def is_dark() -> bool:
    """Tell whether the page is dark; light where that is not known yet."""
    return bool(st.context.theme.type == "dark")
