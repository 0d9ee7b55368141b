"""The whole way in a real browser: load a log, load a map, see a deviation, see who did it, in two languages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, WebSocketRoute, expect

from tests.ui import server
from ui.frame import PAGES
from ui.language import _, speaking
from ui.picture import PANEL_PX

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("served")
    workspace = shutil.copyfile(sample, folder / "sample.duckdb")
    with server.served(workspace, folder / "server.log") as url:
        yield url


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """The app, freshly opened; every word on the console that is an error fails the test."""
    context = chromium.new_context(viewport={"width": 1400, "height": 900}, locale="en-GB")
    said: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":
            said.append(message.text)

    opened = context.new_page()
    opened.on("console", listen)
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto(address)
    server.settle(opened)
    yield opened
    context.close()
    assert said == []


def go_to(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()
    server.settle(page)


def test_every_page_has_an_address_to_keep(chromium: Browser, address: str) -> None:
    """Opened there, the browser asks for nothing that is not there, and has nothing to say."""
    titles = ("Data", "Explore", "Plan", "Compare", "Drop-off", "Gaps", "Report")
    for path, title in zip(PAGES, titles, strict=True):
        context = chromium.new_context()
        page, wrong = context.new_page(), []
        page.on("console", lambda message, wrong=wrong: wrong.append(message.text) if message.type == "error" else None)
        page.on("response", lambda answer, wrong=wrong: wrong.append(answer.url) if answer.status >= 400 else None)
        page.goto(f"{address}/{path}?lang=en")
        server.settle(page)
        expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible(timeout=20_000)
        context.close()
        assert wrong == [], path


def test_an_address_where_no_page_is_leads_on(chromium: Browser, address: str) -> None:
    """It says so in the language in use, shows the address as the text that it is, and where to go from there."""
    page = chromium.new_page()
    page.goto(f"{address}/%3Cb%3Egh%C3%A9?lang=en")
    server.settle(page)
    expect(page.get_by_role("heading", name="No such page")).to_be_visible()
    expect(page.get_by_text("<b>ghé")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_test_id("stMain").get_by_role("link", name="Gaps").click()
    server.settle(page)
    expect(page.get_by_role("heading", name="Gaps", exact=True)).to_be_visible()
    assert page.url.startswith(f"{address}/gaps?")
    page.close()


def test_back_and_forward_go_through_the_filters(page: Page) -> None:
    """Each address has the filter it had, and a page is one step; what was taken back can be made again in the bar."""
    bar, whole = page.get_by_test_id("stMain"), "2,187 of 32,593 journeys"
    expect(bar.get_by_text(whole)).to_be_visible(timeout=20_000)
    page.locator("[data-type=node][tabindex]").first.click()
    page.get_by_role("button", name="Only these").first.click()
    server.settle(page)
    expect(bar.get_by_text(whole)).to_have_count(0)
    assert "where=" in page.url
    chosen = parts(page.url)
    go_to(page, "Gaps")
    page.go_back()
    server.settle(page)
    assert parts(page.url) == chosen
    expect(page.get_by_role("heading", name="Compare", exact=True)).to_be_visible()
    while parts(page.url) == chosen:  # Streamlit may keep an address twice, where a click comes while it writes it
        page.go_back()
        server.settle(page)
    expect(bar.get_by_text(whole)).to_be_visible(timeout=20_000)
    page.go_forward()
    server.settle(page)
    assert parts(page.url) == chosen
    expect(bar.get_by_text(whole)).to_have_count(0)


def parts(address: str) -> tuple[str, dict[str, list[str]]]:
    """Give what an address says, whatever the order it says it in."""
    found = urlsplit(address)
    return found.path, parse_qs(found.query)


@pytest.mark.parametrize("late", ["BidiComponent", "canvas.js"])
def test_nothing_jumps_when_the_map_arrives(chromium: Browser, address: str, late: str) -> None:
    """Whatever part of it is late, a calm sheet keeps its place, and what stands below it stays there."""
    page, kept = chromium.new_page(viewport={"width": 1400, "height": 900}), []
    page.route(f"**/{late}*", lambda request: kept.append(request))
    page.goto(f"{address}/?lang=en")
    below = page.get_by_test_id("stExpander").first
    below.wait_for()
    server.settle(page)
    before = below.bounding_box()
    for request in kept:
        request.continue_()
    page.locator(".canvas[data-ready]").wait_for()
    server.settle(page)
    after = below.bounding_box()
    page.close()
    assert before
    assert after
    assert abs(before["y"] - after["y"]) < 5


def test_from_a_file_to_the_journeys_behind_a_deviation(page: Page, small_csv: Path, tmp_path: Path, shop: str) -> None:
    go_to(page, "Data")
    page.get_by_text("Load files", exact=True).click()
    page.locator("input[type=file]").set_input_files(small_csv)
    expect(page.get_by_text("8 kept, 0 rejected")).to_be_visible(timeout=30_000)
    page.get_by_role("combobox", name="Role: channel").select_option("activity")
    expect(page.get_by_text("3 activities", exact=True)).to_be_visible(timeout=20_000)
    page.get_by_role("combobox", name="Role: event").select_option("activity")
    expect(page.get_by_text("4 activities", exact=True)).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Load", exact=True).click()
    expect(page.get_by_text("shop.csv is loaded")).to_be_visible(timeout=30_000)

    go_to(page, "Explore")
    graph = page.locator(".st-key-explore_graph_row")
    expect(graph.locator(".node", has_text="<b>$x$</b> | **:smile:**")).to_be_visible(timeout=20_000)
    graph.locator(".node", has_text="Look").click()
    panel = page.locator(".st-key-explore_graph_panel")
    expect(panel.get_by_text("3 journeys of 4")).to_be_visible(timeout=20_000)
    panel.get_by_role("button", name="Only these").click()
    expect(page.get_by_text("3 of 4 journeys")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Clear", exact=True).click()

    plan = tmp_path / "shop.yaml"
    plan.write_text(shop, encoding="utf-8")
    go_to(page, "Plan")
    page.get_by_role("button", name="Choose a map").click()
    page.locator("input[type=file]").set_input_files(plan)
    expect(page.get_by_role("heading", name="Find")).to_be_visible(timeout=20_000)

    go_to(page, "Compare")
    expect(page.get_by_test_id("stMetric").filter(has_text="Converted")).to_contain_text("50%")
    page.locator(".node", has_text="Help").click()
    panel = page.locator(".st-key-compare_map_panel")
    expect(panel.get_by_text("In 1 journey (25%) “Help” happened in the stage “Find”")).to_be_visible(timeout=20_000)
    expect(panel.get_by_text("Example journeys")).to_be_visible()

    page.get_by_text("Tiếng Việt", exact=True).click()
    expect(page.get_by_role("heading", name="So sánh")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Cửa hàng")).to_be_visible()
    assert "lang=vi" in page.url


def test_the_sample_opens_on_the_comparison_and_every_page_draws(page: Page) -> None:
    expect(page.get_by_test_id("stMetric").filter(has_text="Fitness")).to_be_visible(timeout=30_000)
    pictures = {"Drop-off": "[data-testid=stVegaLiteChart]", "Explore": ".node", "Gaps": "[role=table] [role=row]"}
    for name, picture in pictures.items():
        go_to(page, name)
        expect(page.locator(picture).first).to_be_visible(timeout=20_000)
        expect(page.get_by_text("2,187 of 32,593 journeys")).to_be_visible()


def test_a_link_of_the_graph_leads_to_its_journeys(page: Page) -> None:
    go_to(page, "Explore")
    page.get_by_role("button", name="TMA 1 → TMA 2, 1,413 journeys").dispatch_event("click")
    panel = page.locator(".st-key-explore_graph_panel")
    expect(panel.get_by_text("1,413 journeys of 2,187")).to_be_visible(timeout=20_000)
    expect(panel.get_by_text("What comes next")).to_be_visible()
    panel.get_by_role("button", name="Only these").click()
    expect(page.get_by_text("1,413 of 32,593 journeys")).to_be_visible(timeout=20_000)


def test_a_link_keeps_its_language(page: Page, address: str) -> None:
    page.goto(f"{address}/?lang=vi")
    expect(page.get_by_role("heading", name="So sánh")).to_be_visible(timeout=30_000)
    go_to(page, "Khoảng trống")
    expect(page.get_by_role("heading", name="Khoảng trống")).to_be_visible(timeout=20_000)
    assert "lang=vi" in page.url


@pytest.mark.parametrize("language", ["en", "vi"])
def test_on_a_small_screen_the_map_has_most_of_the_height(chromium: Browser, address: str, language: str) -> None:
    page = chromium.new_page(viewport={"width": 1280, "height": 720})
    page.goto(f"{address}?lang={language}")
    place = page.locator(".canvas[data-ready='1']").bounding_box()
    assert place is not None
    assert place["y"] <= 250
    assert place["y"] + place["height"] <= 720
    page.close()


def test_on_the_full_screen_a_card_shows_its_numbers_and_a_journey_opens(page: Page) -> None:
    page.get_by_role("button", name="Full screen").click()
    page.locator(".card", has_text="Module starts").click()
    server.settle(page)
    row, panel = page.locator(".st-key-compare_map_row"), page.locator(".st-key-compare_map_panel")
    size = page.evaluate("[innerWidth, innerHeight]")
    assert row.bounding_box() == {"x": 0, "y": 0, "width": size[0], "height": size[1]}
    assert panel.bounding_box() == {"x": size[0] - PANEL_PX, "y": 0, "width": PANEL_PX, "height": size[1]}
    expect(panel).to_contain_text("1,838 journeys of 2,187")
    choose = panel.get_by_role("combobox", name="See one in full")
    choose.scroll_into_view_if_needed()
    server.settle(page)  # a list closes when what it hangs on is scrolled
    choose.click()
    page.get_by_role("listbox", name="See one in full").get_by_role("option").first.click()
    server.settle(page)
    panel.get_by_test_id("stBaseButton-secondary").filter(has_text="Open").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Close").click()  # nothing lies over it
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="Leave full screen").click()
    expect(page.get_by_role("link", name="Explore", exact=True)).to_be_visible()
    assert page.evaluate("document.fullscreenElement") is None
    assert page.locator("[data-filling]").count() == 0
    panel.get_by_role("button", name="Close").click()  # it stands over the title, and nothing lies over it
    expect(panel).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_ranked_list_fits_a_small_screen_with_whole_headings(
    chromium: Browser, address: str, language: str
) -> None:
    page = chromium.new_page(viewport={"width": 1280, "height": 720})
    page.goto(f"{address}?lang={language}")
    page.get_by_text({"en": "As a ranked list", "vi": "Danh sách xếp hạng"}[language], exact=True).click()
    frame = page.locator(".st-key-deviations .frame")
    expect(frame).to_be_visible()
    assert frame.evaluate("it => it.scrollWidth - it.clientWidth") == 0
    cut = "all => all.filter(it => it.scrollWidth > it.clientWidth || it.scrollHeight > it.clientHeight + 2)"
    assert frame.locator("th span").evaluate_all(f"all => ({cut})(all).map(it => it.innerText)") == []
    page.close()


def test_words_of_the_framework_give_way_to_ours(chromium: Browser, address: str) -> None:
    """Style hides the ones and shows the others; it must go on finding them."""
    page = chromium.new_page()
    passing = 10_000  # messages of the server that come through

    def between(socket: WebSocketRoute) -> None:
        def pass_on(message: str | bytes) -> None:
            nonlocal passing
            passing -= 1
            if passing >= 0:
                socket.send(message)

        socket.connect_to_server().on_message(pass_on)

    page.route_web_socket("**/_stcore/stream", between)
    page.goto(f"{address}/explore?lang=vi")
    server.settle(page)
    page.get_by_test_id("stMainMenu").click()
    for name in ("theme-System", "theme-Light", "theme-Dark"):
        replaced(page.get_by_test_id(f"stMainMenuItem-{name}"))
    for label in page.get_by_test_id("stMainMenuItemLabel").all():
        replaced(label)
    page.keyboard.press("Escape")
    page.get_by_text("Hành trình", exact=True).first.click()
    page.get_by_test_id("stTextInputField").press_sequentially("BBB")
    replaced(page.get_by_text("Press Enter to apply", exact=True))
    passing = 2  # they say that the script runs, and nothing says that it has ended
    page.keyboard.press("Enter")
    replaced(page.get_by_test_id("stStatusWidget").get_by_role("button"))
    page.close()


def replaced(words: Locator) -> None:
    """Hold that letters are hidden, and others stand in their place."""
    expect(words).to_have_css("font-size", "0px")
    assert words.evaluate("it => getComputedStyle(it, '::after').content") not in ("none", "normal", '""')


def test_the_page_says_its_language_and_names_what_the_framework_draws(chromium: Browser, address: str) -> None:
    """Icons beside a word are not heard; charts are heard by what we say of them alone."""
    page = chromium.new_page()
    page.goto(f"{address}/drop-off?lang=vi")
    server.settle(page)
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    with speaking("vi"):
        named = {"stSidebar": _("Sidebar"), "stTopNav": _("Pages"), "stMainMenuButton": _("Main menu")}
        chart = _("chart")
    for place, name in named.items():
        expect(page.get_by_test_id(place)).to_have_attribute("aria-label", name)
    expect(page.get_by_test_id("stVegaLiteChart").first).to_have_attribute("aria-roledescription", chart)
    assert page.locator('[data-testid="stVegaLiteChart"] [aria-label]').count() == 0
    heard = page.locator('span[role="img"][translate="no"]:not([aria-hidden])')
    assert {text.strip() for text in heard.all_inner_texts()} <= {"flag", "trophy"}
    page.get_by_text("English", exact=True).click()
    server.settle(page)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.close()


@pytest.mark.parametrize(("scheme", "dark"), [("light", "0"), ("dark", "1")])
def test_a_map_has_the_colours_of_the_paper_from_the_first(
    chromium: Browser, address: str, scheme: Literal["light", "dark"], dark: str
) -> None:
    page = chromium.new_page(color_scheme=scheme)
    page.goto(f"{address}/compare")
    expect(page.locator(".canvas[data-ready]")).to_have_attribute("data-dark", dark, timeout=30_000)
    page.close()
