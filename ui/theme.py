"""Light or dark: what the pictures have to know about the page they stand on."""

from __future__ import annotations

import streamlit as st


def is_dark() -> bool:
    """Tell whether the page is dark; light where that is not known yet."""
    return bool(st.context.theme.type == "dark")
