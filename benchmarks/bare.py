"""The least that an app of seven pages is in Streamlit: what a click costs with nothing to compute or draw."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

PAGES = ("Data", "Explore", "Plan", "Compare", "Drop-off", "Gaps", "Report")


def page(name: str) -> Callable[[], None]:
    """Give a page that says its name, and offers two views of it."""

    def show() -> None:
        st.title(name)
        view = st.segmented_control("View", ["One", "Two"], default="One", key=f"view_{name}")
        st.markdown(f"{name}: {view}")

    return show


st.set_page_config(page_title="Bare", layout="wide")
with st.sidebar:
    st.segmented_control("Language", ["English", "Tiếng Việt"], default="English")
    st.text_input("Filter")
st.navigation([st.Page(page(name), title=name, url_path=name.lower()) for name in PAGES], position="top").run()
