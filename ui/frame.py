"""The frame around the pages: language, navigation, what is open, and errors in words."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import streamlit as st
from streamlit.navigation.page import StreamlitPage
from streamlit.runtime.scriptrunner import get_script_run_ctx

from mining.errors import DesirePathError
from mining.messages import N_
from ui import filters, first_plan, state, streamlit_words
from ui.app_words import error_in_app
from ui.formats import period
from ui.language import KEY, LANGUAGES, _, counted, current, local, md, of_browser, say, say_problem, use
from ui.picture import FILLING
from ui.state import Log, Plan
from ui.text import md_escape, shortened, small
from ui.theme import REACHED, readable
from ui.widgets import WORDS_HIDDEN

NAME = "Desire Path"
PAGES = ("data", "explore", "plan", "compare", "drop-off", "gaps", "report")  # as their addresses name them
FIRST = "compare"  # what the app is for, and the sample shows it at once
NO_PAGE = "first"  # what the first page would be called elsewhere; it lives at the root
LONGEST_TITLE = 90  # of a plan in the sidebar: three lines
SENTENCE = N_("The planned journey, compared with the journeys customers really take.")


TIGHTER = """<style>
[data-testid="stMainBlockContainer"] { padding: 4.1rem 3rem 3rem; }
[data-testid="stMainBlockContainer"] h1 { padding: 0 0 0.3rem; font-size: 1.6rem; }
.st-key-page_head h1 { padding: 0; }
.st-key-page_head :is([data-testid="stPopoverButton"], [data-testid="stDownloadButton"] button) {
  min-height: 0; padding-block: 0.2rem;
}
[data-testid="stSidebarHeader"] { height: 2.2rem; min-height: 2.2rem; margin-bottom: 0; }
[data-testid="stTextArea"] textarea { font-family: "Source Code Pro", monospace; line-height: 1.5; }
.st-key-spoken { position: absolute; }
[data-testid="stBaseButton-tertiary"] { min-height: 0; padding: 0; }
/* Firefox rounds the room of a label down, and would cut a word short for a hundredth of a pixel. */
[data-testid="stPopoverButton"] [data-testid="stMarkdownContainer"] { text-overflow: clip; }
@media (max-width: 1150px) {
    [data-testid="stMainBlockContainer"] { padding-inline: 1.25rem; }
    [data-testid="stMainBlockContainer"] h1 { font-size: 1.4rem; }
    .st-key-page_head { gap: 0.8rem; }
    .st-key-filter_bar { gap: 0.5rem; }
    .st-key-page_head:has(.st-key-filter_bar) > * > [data-testid="stPopover"] [data-testid="stMarkdownContainer"] {
        position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
    }
    [data-testid="stMetricLabel"] :is(.stMarkdownEllipsis, p) { white-space: normal; }
}
@media print {
    [data-testid="stPopover"], [data-testid="stDownloadButton"], [data-testid="stSlider"] { display: none; }
}
</style>"""


def page_config() -> None:
    """Set what holds for every page. The icon is a file of ours: a named one would be fetched from another machine."""
    icon = (state.ROOT / "ui" / "icon.svg").read_text(encoding="utf-8")
    st.set_page_config(page_title=NAME, page_icon=icon, layout="wide")
    st.html(TIGHTER + readable() + REACHED + FILLING + WORDS_HIDDEN)


def language() -> None:
    """Offer the languages at the top of the sidebar; the choice stands in the address, and comes back from there."""
    asked = st.query_params.get(KEY)
    if st.session_state.get(KEY) not in LANGUAGES or (went_back() and asked in LANGUAGES):
        st.session_state[KEY] = asked if asked in LANGUAGES else of_browser(st.context.locale)
    with st.sidebar:
        chosen = st.segmented_control(
            "Language / Ngôn ngữ",
            list(LANGUAGES),
            required=True,
            format_func=LANGUAGES.__getitem__,
            key=KEY,
            label_visibility="collapsed",
            width="stretch",
        )
    if not chosen:
        return
    use(chosen)
    if style := streamlit_words.style():
        st.html(style)
    streamlit_words.speak()


def went_back() -> bool:
    """Tell whether the reader went back or forward in the history of the browser; the address is what counts then."""
    run = get_script_run_ctx()
    return bool(run and run.is_history_navigation)


def navigation() -> tuple[StreamlitPage, str]:
    """Offer the pages at the top; give the one to show, and its name in the address."""
    pages = {
        "data": (_("Data"), "database"),
        "explore": (_("Explore"), "account_tree"),
        "plan": (_("Plan"), "map"),
        "compare": (_("Compare"), "difference"),
        "drop-off": (_("Drop-off"), "trending_down"),
        "gaps": (_("Gaps"), "search_off"),
        "report": (_("Report"), "description"),
    }
    offered = {
        path: st.Page(
            f"ui/{path.replace('-', '_')}_page.py",
            title=title,
            icon=f":material/{icon}:",
            url_path=path if path != FIRST else NO_PAGE,
            default=path == FIRST,
        )
        for path, (title, icon) in pages.items()
    }
    # Its name, typed or kept as a bookmark, leads to the root.
    by_name = st.Page(lambda: None, title=pages[FIRST][0], url_path=FIRST, visibility="hidden")
    page = st.navigation([*offered.values(), by_name, *_elsewhere(offered)], position="top")
    if page.url_path == FIRST:
        st.switch_page(offered[FIRST], query_params={name: st.query_params.get_all(name) for name in st.query_params})
    st.set_page_config(page_title=f"{page.title} · {NAME}")
    return page, page.url_path or FIRST


def _elsewhere(offered: dict[str, StreamlitPage]) -> list[StreamlitPage]:
    """Give what stands at the address of this session where no page of ours does; Streamlit would say it in English."""
    asked = unquote(urlsplit(st.context.url or "").path.rpartition("/")[2]).strip()
    if not asked or "/" in asked or asked in (*PAGES, NO_PAGE):
        return []

    def show() -> None:
        st.title(_("No such page"))
        st.markdown(md("The app has no page named “{name}”. These are its pages:", name=asked))
        for page in offered.values():
            st.page_link(page)

    return [st.Page(show, title=_("No such page"), url_path=asked, visibility="hidden")]


def sidebar(path: str) -> None:
    """Say what is open."""
    if went_back() and KEY in st.query_params:  # that of a page just chosen has nothing to say yet
        filters.from_address()
    log = state.log()
    plan = _plan()
    with st.sidebar:
        st.markdown("**Desire Path**  \n" + small(_(SENTENCE)))
    _log_card(log)
    if path != "data":
        _job_card()
    _plan_card(plan)
    filters.to_address()
    state.to_address()
    if st.query_params.get(KEY) != current():  # the last: with it, an address is whole
        st.query_params[KEY] = current()


def _job_card() -> None:
    """Say that a load is at work, or over, where there is one."""
    from ui import data_run  # it says errors by this file

    if data_run.is_new():
        with st.sidebar:
            data_run.card()


def _plan() -> Plan | None:
    try:
        return state.plan()
    except DesirePathError:
        return None  # the page says what is wrong with it


def _log_card(log: Log) -> None:
    with st.sidebar.container(border=True, gap="xxsmall"):
        st.markdown(f":material/database: **{md_escape(log.name)}**")
        if log.is_empty:
            st.caption(_("Empty: load a log on the Data page."))
            return
        size = state.summary(log)
        st.caption(md("{journeys} journeys · {events} events", journeys=size.journeys, events=size.events))
        st.caption(md_escape(period(size.start, size.end)) if size.start else _("without times"))
        if state.holds_only_the_sample(log):
            st.caption(_("This is a sample."))
            if st.button(_("Load your own log"), type="tertiary", icon=":material/upload_file:", key="load_yours"):
                st.session_state["data_view"] = "load"
                st.switch_page("ui/data_page.py")


def _plan_card(plan: Plan | None) -> None:
    with st.sidebar.container(border=True, gap="xxsmall"):
        if plan is None:
            st.markdown(":material/map: " + _("No plan yet"))
            st.caption(_("Choose or write one on the Plan page."))
            return
        title = local(plan.map.title) or plan.map.id
        short = shortened(title, LONGEST_TITLE)
        st.markdown(f":material/map: **{md_escape(short)}**", help=md_escape(title) if short != title else None)
        n = len(plan.map.touchpoints())
        stages = counted("{n} stage", "{n} stages", len(plan.map.stages))
        st.caption(stages + " · " + counted("{n} touchpoint", "{n} touchpoints", n))


def show_error(error: DesirePathError) -> None:
    """Say what went wrong and everything there is to mend, as plain text."""
    message, problems = error_in_app(error)
    st.error(md_escape(say(message)), icon=":material/error:")
    if problems:
        with st.container(border=True, gap="xxsmall"):
            for problem in problems:
                st.markdown("- " + md_escape(say_problem(problem)))


def nothing_loaded() -> None:
    """Teach what to do where there is no log yet."""
    with st.container(border=True):
        st.markdown("#### :material/upload_file: " + _("No log is loaded yet"))
        st.markdown(
            _("Load a file with one row per event: which journey, what happened, when. The sample shows how it looks.")
        )
        st.page_link("ui/data_page.py", label=_("Go to Data"), icon=":material/database:")


def no_plan() -> None:
    """Teach what to do where there is no plan yet."""
    with st.container(border=True):
        st.markdown("#### :material/map: " + _("No plan is chosen yet"))
        st.markdown(
            _(
                "A plan says which stages and touchpoints a journey is meant to have. "
                "Make a first one of what really happens, or go to Plan for templates and for your own file."
            )
        )
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            if first_plan.button("no_plan_first"):
                st.switch_page("ui/plan_page.py")
            st.page_link("ui/plan_page.py", label=_("Go to Plan"), icon=":material/map:")
