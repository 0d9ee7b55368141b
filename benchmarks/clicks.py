"""What people click in the app, page by page, for `benchmarks.browser`: each click is timed by a `Watch`."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from playwright.sync_api import Page

from benchmarks.watch import Watch

PAGES = ("Data", "Explore", "Plan", "Compare", "Drop-off", "Gaps", "Report")
OTHER_MEASURE = "Occurrences"
FILTERS = {"What happened": ["Activity"], "Outcome": ["Outcome"], "Time": [], "The most common paths": []}


def link(page: Page, name: str) -> Callable[[], object]:
    """Give the click on a page's name at the top."""
    return lambda: page.get_by_role("link", name=name, exact=True).first.click()


def choice(page: Page, name: str) -> Callable[[], object]:
    """Give the click on one of several choices."""
    return lambda: page.get_by_role("radio", name=name, exact=True).first.click()


def button(page: Page, name: str | re.Pattern[str]) -> Callable[[], object]:
    """Give the click on a button."""
    return lambda: page.get_by_role("button", name=name, exact=True).first.click()


def in_picture(page: Page, kind: str, nth: int) -> Callable[[], object]:
    """Give what chooses a card or a link of the picture, wherever it stands: the key that does what a click does."""
    return lambda: page.locator(f"[data-type={kind}][tabindex]").nth(nth).press("Enter")


def escape(page: Page) -> Callable[[], object]:
    """Give the key that closes a panel."""
    return lambda: page.keyboard.press("Escape")


def pick(watch: Watch, step: str | None, box: str, text: str) -> None:
    """Choose, or type, one of several; the click is the key that confirms it."""
    page = watch.page
    watch.time(None, page.get_by_role("combobox", name=box).last.click)
    page.keyboard.type(text)
    watch.time(step, lambda: page.keyboard.press("Enter"))


def offered(page: Page, box: str) -> list[str]:
    """Give what a box offers to choose."""
    page.get_by_role("combobox", name=box).last.click()
    names = page.get_by_role("option").all_inner_texts()
    page.keyboard.press("Escape")
    return names


def views(page: Page) -> list[str]:
    """Name the views of the page that is open."""
    return page.get_by_test_id("stMain").get_by_test_id("stButtonGroup").first.get_by_role("radio").all_inner_texts()


def pages(watch: Watch) -> None:
    """Go to every page and back."""
    page = watch.page
    for name in PAGES:
        if page.get_by_role("link", name=name, exact=True).count():
            other = link(page, "Plan" if name != "Plan" else "Data")
            watch.time(None, other)
            watch.there_and_back(f"to {name}", link(page, name), other)


def explore(watch: Watch) -> None:
    """Go through the views of Explore, move the sliders of the graph, and choose in it."""
    page = watch.page
    watch.time(None, link(page, "Explore"))
    for slider in ("Boxes", "Links"):
        handle = page.get_by_role("slider", name=slider)
        for key in ("ArrowLeft", "ArrowLeft") if handle.count() else ():
            watch.time(f"Explore: slider {slider}", partial(handle.press, key))
    pick(watch, "Explore: another measure", "Links show", OTHER_MEASURE)
    picture(watch, "Explore")
    names = views(page)
    for name in names[1:]:
        watch.there_and_back(f"Explore: {name}", choice(page, name), choice(page, names[0]))
    watch.time(None, choice(page, names[0]))


def picture(watch: Watch, where: str) -> None:
    """Click on two cards, on a link and on the badge of a picture, and play its journeys."""
    page = watch.page
    first, second = in_picture(page, "node", 0), in_picture(page, "node", 1)
    watch.there_and_back(f"{where}: a card", first, escape(page))
    watch.there_and_back(f"{where}: another card", second, first)
    watch.there_and_back(f"{where}: a link", in_picture(page, "edge", 0), escape(page))
    badge = page.locator(".coverage button, button.coverage")
    if badge.count():
        watch.there_and_back(f"{where}: n of m links", badge.first.click, escape(page))
        watch.time(None, escape(page))
    if page.get_by_role("button", name="Play").count():
        button(page, "Play")()
        page.wait_for_timeout(1000)
        watch.time(None, button(page, "Pause"))


def compare(watch: Watch) -> None:
    """Click in the map, look at what stands there otherwise, and choose journeys."""
    page = watch.page
    watch.time(None, link(page, "Compare"))
    picture(watch, "Compare")
    watch.time(None, in_picture(page, "node", 1))
    watch.time("Compare: only these", button(page, re.compile("Only th(is|ese) ")))
    watch.time("Compare: undo", page.locator(".st-key-filter_undo button").first.click)
    watch.there_and_back("Compare: list", choice(page, "As a ranked list"), choice(page, "On the map"))
    watch.time(None, choice(page, "On the map"))
    watch.there_and_back("Compare: table", choice(page, "Table"), choice(page, "Picture"))
    watch.time(None, choice(page, "Picture"))


def difference(watch: Watch) -> None:
    """Hold all kinds of sides against each other; the first of each is new to the server."""
    page = watch.page
    watch.time(None, link(page, "Compare"))
    watch.time("Difference: halves of time", choice(page, "Difference"))
    watch.there_and_back("Difference: a card", in_picture(page, "node", 2), escape(page))
    watch.there_and_back("Difference: a link", in_picture(page, "edge", 2), escape(page))
    watch.there_and_back("Difference: table", choice(page, "Table"), choice(page, "Picture"))
    watch.time(None, choice(page, "Picture"))
    pick(watch, "Difference: other periods", "Periods", "Last month")
    for way in offered(page, "Compared by")[1:]:
        written = way.startswith("Kept filters")
        pick(watch, f"Difference: by {way.lower()}", "Compared by", way)
        if written:
            pick(watch, "Difference: a typed condition", "Group A", "n_events > 8")
        else:
            second = offered(page, "Group A")
            if len(second) > 2:
                pick(watch, f"Difference: by {way.lower()}, another A", "Group A", second[-1])
    watch.time(None, choice(page, "Plan and log"))


def read_on(watch: Watch) -> None:
    """Look at who left, and at a gap."""
    page = watch.page
    watch.time(None, link(page, "Drop-off"))
    watch.there_and_back("Drop-off: by touchpoint", choice(page, "By touchpoint"), choice(page, "By milestone"))
    row(watch, "Drop-off: another milestone", "Drop-off by milestone", 2)
    watch.time(None, link(page, "Gaps"))
    row(watch, "Gaps: a row", None, 1)


def row(watch: Watch, step: str, name: str | None, nth: int) -> None:
    """Choose a row of a table."""
    found = watch.page.get_by_role("row")
    if found.count() > nth:
        watch.time(step, found.nth(nth).click)


def filters(watch: Watch) -> None:
    """Add filters from the menu, one at a time, and take them back."""
    page = watch.page
    watch.time(None, link(page, "Compare"))
    for form, asked in FILTERS.items():
        watch.time("filter: the form", button(page, "Choose journeys"))
        pick(watch, f"filter: {form.lower()}, asked for", "By", form)
        for box in asked:
            watch.time(None, page.get_by_role("combobox", name=box).last.click)
            page.keyboard.press("ArrowDown")
            watch.time(f"filter: {form.lower()}, said", lambda: page.keyboard.press("Enter"))
        watch.time(f"filter: {form.lower()}", button(page, "Add"))
        watch.time(None, page.locator(".st-key-filter_undo button").first.click)


def report(watch: Watch) -> None:
    """Have the report written as PDF; it is long work and stands apart."""
    page = watch.page
    watch.time(None, link(page, "Report"))
    with page.expect_download(timeout=300_000):
        watch.time("report as PDF (long work)", button(page, "PDF"))
