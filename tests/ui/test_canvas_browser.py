"""The canvas in a real browser, without Streamlit around it: what a reader points at, clicks, types and saves."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
EVIL = [
    "<img src=x onerror=\"window.broken='img'\">",
    "\"'><svg onload=\"window.broken='svg'\">",
    "javascript:window.broken='link'",
    "emoji 👩‍👩‍👧 and العربية from the right",
    "n" * 300,
]
PAGE = """<!doctype html><meta charset="utf-8">
<body style="margin:12px;--st-background-color:#fbfaf7;--st-text-color:#1d2733"><div id="host"></div>
<script type="module">
import canvas from "/assets/canvas.js";
const parentElement = document.getElementById("host").attachShadow({mode: "open"});
window.chosen = [];
const setStateValue = (name, value) => window.chosen.push(value);
window.show = (scene) => canvas({data: [scene, 640], parentElement, setStateValue});
window.loaded = true;
</script>"""


class Files(SimpleHTTPRequestHandler):
    """The built files, and one page that shows them."""

    def do_GET(self) -> None:
        if self.path.startswith("/assets/"):
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(PAGE.encode())

    def log_message(self, *_: object) -> None:
        """Keep the test's output to the test."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Files, directory=str(ROOT / "ui" / "canvas")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def read(name: str) -> dict[str, Any]:
    scene: dict[str, Any] = json.loads((ROOT / "tests" / "ui" / "scenes" / f"{name}.json").read_text(encoding="utf-8"))
    return scene


@pytest.fixture(scope="module")
def window(chromium: Browser) -> Iterator[BrowserContext]:
    """One context for all pages, so that the layout is fetched and compiled once."""
    context = chromium.new_context(viewport={"width": 1400, "height": 960})
    yield context
    context.close()


@pytest.fixture
def draw(window: BrowserContext, address: str) -> Iterator[Callable[..., Page]]:
    """Give a function that shows a scene on a page of its own; nothing may go wrong on any of them."""
    problems: list[str] = []
    pages: list[Page] = []

    def drawn(scene: dict[str, Any], before: str = "", still: bool = False) -> Page:
        page = window.new_page()
        pages.append(page)
        page.emulate_media(reduced_motion="reduce" if still else "no-preference")
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda line: problems.append(line.text) if line.type in {"error", "warning"} else None)
        if before:
            page.add_init_script(before)
        page.goto(address)
        page.wait_for_function("window.loaded")
        show(page, scene)
        return page

    yield drawn
    for page in pages:
        page.close()
    assert problems == []


def show(page: Page, scene: dict[str, Any]) -> None:
    page.evaluate("document.querySelector('#host').shadowRoot.querySelector('.canvas')?.removeAttribute('data-ready')")
    page.evaluate("scene => window.show(scene)", scene)
    expect(page.locator(".canvas")).to_have_attribute("data-ready", "1", timeout=30_000)


def chosen(page: Page) -> Any:
    return page.evaluate("window.chosen.at(-1)")


def zoom(page: Page) -> str:
    """Give the view, once it has come to rest."""
    view, moving = page.locator("svg.map > g"), page.locator("svg.map.carried")
    before = None
    while before != (now := view.get_attribute("transform")) or moving.count():
        before = now
        page.wait_for_timeout(150)  # a move that was just asked for has begun by then
    return str(now)


@pytest.mark.parametrize("name", ["discovered", "planned", "difference"])
def test_everything_in_a_scene_is_drawn_and_named(draw: Callable[..., Page], name: str) -> None:
    scene = read(name)
    page = draw(scene)
    assert page.locator(".node").count() == len(scene["nodes"])
    assert page.locator(".edge").count() == len(scene["edges"])
    assert page.locator(".stage").count() == len(scene["stages"])
    node = scene["nodes"][3]
    expect(page.get_by_role("button", name=", ".join(node["tip"]), exact=True)).to_have_count(1)
    expect(page.locator(".legend li")).to_have_count(len(scene["legend"]))


@pytest.mark.parametrize("name", ["discovered", "planned"])
def test_a_log_without_journeys_is_an_empty_map(draw: Callable[..., Page], name: str) -> None:
    scene = {**read(name), "nodes": [], "edges": []}
    scene.pop("replay")
    page = draw(scene)
    assert page.locator(".node").count() == 0
    assert page.locator(".stage").count() == len(scene["stages"])


def test_everything_is_a_door(draw: Callable[..., Page]) -> None:
    page = draw(read("planned"))
    for at, expected in {
        ".card[data-id=docs] .name": {"type": "node", "id": "docs"},
        ".drop[data-id=form]": {"type": "drop_off", "id": "form"},
        ".mark[data-id='questions:docs']": {"type": "badge", "id": "questions:docs"},
        ".stage[data-id=check]": {"type": "stage", "id": "check"},
        ".label[data-id=p4]": {"type": "edge", "id": "p4"},
    }.items():
        page.locator(at).click()
        assert chosen(page) == expected
    page.locator("svg.map").click(position={"x": 5, "y": 5})
    assert chosen(page) is None


def test_every_kind_of_badge_has_a_glyph_and_none_covers_the_number(draw: Callable[..., Page]) -> None:
    scene = read("planned")
    schema = json.loads((ROOT / "ui" / "canvas" / "scene.schema.json").read_text(encoding="utf-8"))
    kinds = schema["$defs"]["badge"]["properties"]["kind"]["enum"]
    card = next(n for n in scene["nodes"] if n["id"] == "pre")
    card["badges"] = [{"id": kind, "kind": kind, "text": "12", "tip": [kind]} for kind in kinds]
    page = draw(scene)
    for kind in kinds:
        assert page.locator(f".mark[data-id={kind}] .glyph").get_attribute("d")
    number = page.locator(".card[data-id=pre] .count").bounding_box()
    assert number is not None
    for mark in page.locator(".cardset[data-of=pre] .mark").all():
        box = mark.bounding_box()
        assert box is not None
        beside = box["x"] >= number["x"] + number["width"]
        beneath = box["y"] >= number["y"] + number["height"]
        assert beside or beneath


def test_a_milestone_stands_inside_its_card_and_a_long_name_is_whole(draw: Callable[..., Page]) -> None:
    scene = read("planned")
    for card in scene["nodes"]:
        flag = {"id": f"g:{card['id']}", "kind": "milestone", "text": "", "tip": ["Milestone"]}
        card["badges"] = [*card.get("badges", []), flag]
    docs = next(n for n in scene["nodes"] if n["id"] == "docs")
    docs["label"] = "First visit to the site"
    page = draw(scene)
    for card in scene["nodes"]:
        box = page.locator(f".card[data-id='{card['id']}'] .box").bounding_box()
        flag_box = page.locator(f".mark[data-id='g:{card['id']}']").bounding_box()
        assert box is not None
        assert flag_box is not None
        assert flag_box["y"] >= box["y"]
        assert flag_box["y"] + flag_box["height"] <= box["y"] + box["height"]
        assert flag_box["x"] + flag_box["width"] <= box["x"] + box["width"]
    assert " ".join(page.locator(".card[data-id=docs] .name").all_text_contents()) == docs["label"]


def test_a_link_can_be_clicked_anywhere_on_its_way(draw: Callable[..., Page]) -> None:
    page = draw(read("discovered"))
    page.get_by_role("button", name="Show all").click()
    zoom(page)
    at = page.evaluate(
        """() => {const path = document.querySelector('#host').shadowRoot.querySelector('.edge[data-id=e40] .hit');
        const p = path.getPointAtLength(path.getTotalLength() * 0.4).matrixTransform(path.getScreenCTM());
        return [p.x, p.y]}"""
    )
    page.mouse.click(*at)
    assert chosen(page) == {"type": "edge", "id": "e40"}


def test_pointing_tells_and_lifts_out(draw: Callable[..., Page]) -> None:
    scene = read("planned")
    page = draw(scene)
    page.locator(".card[data-id=docs] .name").hover()
    expect(page.locator(".tip.on .first")).to_have_text("Upload documents")
    expect(page.locator(".cardset[data-of=nps]")).to_have_css("opacity", "0.13")
    expect(page.locator(".cardset[data-of=id]")).to_have_css("opacity", "1")
    page.mouse.move(5, 5)
    expect(page.locator(".cardset[data-of=nps]")).to_have_css("opacity", "1")


def test_the_legend_picks_one_kind_of_links(draw: Callable[..., Page]) -> None:
    page = draw(read("planned"))
    button = page.get_by_role("list", name="Legend").get_by_role("button", name="Skipped a step")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".edge.s-ok").first).to_have_css("opacity", "0.13")
    expect(page.locator(".edge.s-skip").first).to_have_css("opacity", "1")
    button.click()
    expect(page.locator(".edge.s-ok").first).to_have_css("opacity", "1")


def test_paper_shows_the_whole_map(draw: Callable[..., Page]) -> None:
    page = draw(read("planned"))
    page.get_by_role("button", name="Larger").click()
    page.wait_for_timeout(500)  # until it stands
    before = zoom(page)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    for card in page.locator(".card").all():
        expect(card).to_be_in_viewport()
    expect(page.locator(".tools")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert zoom(page) == before


def test_the_keyboard_reaches_everything(draw: Callable[..., Page]) -> None:
    page = draw(read("planned"))
    focus = "(({type, id}) => [type, id])(document.querySelector('#host').shadowRoot.activeElement.dataset)"
    page.keyboard.press("Tab")
    assert page.evaluate(focus) == ["stage", "aware"]
    page.keyboard.press("ArrowRight")
    assert page.evaluate(focus) == ["stage", "apply"]
    page.locator(".card[data-id=form]").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate(focus) == ["edge", "p3"]
    page.keyboard.press("ArrowRight")
    assert page.evaluate(focus) == ["node", "pre"]
    page.keyboard.press("Enter")
    assert chosen(page) == {"type": "node", "id": "pre"}
    expect(page.locator(".told")).to_have_text("Instant pre-check chosen")
    page.keyboard.press("Escape")
    assert chosen(page) is None


def test_the_wheel_belongs_to_the_page_until_the_map_is_clicked(draw: Callable[..., Page]) -> None:
    page = draw(read("planned"))
    start = zoom(page)
    page.mouse.move(600, 300)
    page.mouse.wheel(0, 300)
    assert zoom(page) == start
    page.locator("svg.map").click(position={"x": 5, "y": 5})
    page.mouse.wheel(0, 300)
    expect(page.locator("svg.map > g")).not_to_have_attribute("transform", start)


def test_fingers_move_the_map_pinch_it_and_choose(chromium: Browser, address: str) -> None:
    context = chromium.new_context(viewport={"width": 800, "height": 700}, has_touch=True)
    page = context.new_page()
    page.goto(address)
    page.wait_for_function("window.loaded")
    show(page, read("planned"))
    fingers = context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        at = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    before = page.locator(".card[data-id=docs]").bounding_box()
    touch("touchStart", (400, 300))
    for step in range(1, 6):
        touch("touchMove", (400 - 20 * step, 300 - 8 * step))
    touch("touchEnd")
    zoom(page)
    moved = page.locator(".card[data-id=docs]").bounding_box()
    assert before is not None
    assert moved is not None
    assert (moved["x"] - before["x"], moved["y"] - before["y"]) == pytest.approx((-100, -40), abs=0.1)
    touch("touchStart", (350, 300), (450, 300))
    for step in range(1, 6):
        touch("touchMove", (350 - 10 * step, 300), (450 + 10 * step, 300))
    touch("touchEnd")
    zoom(page)
    larger = page.locator(".card[data-id=docs]").bounding_box()
    assert larger is not None
    assert larger["width"] / moved["width"] == pytest.approx(2, abs=0.05)
    assert page.evaluate("visualViewport.scale") == 1  # of the page itself
    page.get_by_role("button", name="Show all").tap()
    zoom(page)
    assert chosen(page) is None  # a finger that moves the map chooses nothing
    page.locator(".card[data-id=docs]").tap()
    assert chosen(page) == {"type": "node", "id": "docs"}
    context.close()


def test_names_from_data_stay_text(draw: Callable[..., Page]) -> None:
    for kind in ("discovered", "planned"):
        scene = read(kind)
        for node, name in zip(scene["nodes"][2:], EVIL, strict=False):
            old, node["id"], node["label"], node["tip"] = node["id"], name, name, [name]
            for edge in scene["edges"]:
                edge["source"] = name if edge["source"] == old else edge["source"]
                edge["target"] = name if edge["target"] == old else edge["target"]
        scene.pop("replay")
        page = draw(scene)
        page.locator(".node .name").nth(3).hover()
        page.locator(".node .name").nth(3).click()
        page.wait_for_timeout(100)
        assert page.evaluate("window.broken") is None
        assert page.evaluate("document.querySelector('#host').shadowRoot.querySelectorAll('img,script').length") == 0
        assert chosen(page)["id"] in {node["id"] for node in scene["nodes"]}


def test_a_changed_scene_keeps_the_view_and_the_choice(draw: Callable[..., Page]) -> None:
    scene = read("discovered")
    page = draw(scene)
    page.locator(".node[data-id=A_ACCEPTED] .name").click()
    page.get_by_role("button", name="Larger").click()
    middle = page.locator(".node[data-id=A_ACCEPTED] .box")
    scale = zoom(page).split("scale")[1]
    scene["edges"] = sorted(scene["edges"], key=lambda e: -e["value"])[:35]
    show(page, scene)
    assert zoom(page).split("scale")[1] == scale
    expect(page.locator(".node.chosen")).to_have_attribute("data-id", "A_ACCEPTED")
    assert page.locator(".edge").count() == 35
    expect(middle).to_be_in_viewport()


def test_what_was_chosen_stays_in_sight_when_a_panel_opens(draw: Callable[..., Page]) -> None:
    page = draw(read("planned"))
    page.locator(".card[data-id=nps] .name").click()
    page.get_by_role("button", name="Smaller").click()
    page.wait_for_timeout(400)
    page.evaluate("document.querySelector('#host').style.width = '600px'")
    page.wait_for_timeout(200)
    card, frame = page.locator(".card[data-id=nps] .box").bounding_box(), page.locator(".sheet").bounding_box()
    assert card is not None
    assert frame is not None
    assert frame["x"] <= card["x"]
    assert card["x"] + card["width"] <= frame["x"] + frame["width"]


def test_escape_gives_up_what_is_chosen_from_anywhere_on_the_page(draw: Callable[..., Page]) -> None:
    page = draw(read("planned"))
    page.locator(".card .name").first.click()
    assert chosen(page) is not None
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Escape")
    assert chosen(page) is None
    expect(page.locator(".card").first).to_be_focused()


@pytest.mark.parametrize("width", [660, 930, 1050, 1400])
def test_how_much_is_shown_is_always_said_and_entries_of_the_legend_are_whole(
    draw: Callable[..., Page], width: int
) -> None:
    page = draw({**read("planned"), "coverage": {"text": "45 of 149 links, 83% of all moves", "tip": ["Shown"]}})
    page.set_viewport_size({"width": width, "height": 720})
    page.wait_for_timeout(200)
    for always in (".coverage", ".note"):
        expect(page.locator(always)).to_be_in_viewport(ratio=1)
    line, button = page.locator(".legend"), page.get_by_role("button", name="Legend")
    room, place = box_of(line), box_of(button)
    for entry in line.locator("li:visible").all():
        assert box_of(entry)["x"] + box_of(entry)["width"] <= room["x"] + room["width"] + 1
    button.click()
    expect(button).to_have_attribute("aria-expanded", "true")
    for entry in line.locator("li").all():
        expect(entry).to_be_in_viewport(ratio=1)
    assert box_of(button) == place
    button.click()
    expect(button).to_have_attribute("aria-expanded", "false")


def test_how_much_is_shown_can_be_chosen_by_keyboard(draw: Callable[..., Page]) -> None:
    page = draw({**read("planned"), "coverage": {"text": "45 of 149 links", "tip": ["Shown"], "door": True}})
    badge = page.get_by_role("button", name="45 of 149 links, Shown")
    badge.focus()
    page.keyboard.press("Enter")
    assert chosen(page) == {"type": "coverage", "id": "links"}
    expect(badge).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".told")).to_have_text("45 of 149 links chosen")
    page.keyboard.press("Escape")
    assert chosen(page) is None
    expect(badge).to_have_attribute("aria-pressed", "false")


def test_the_map_takes_what_is_left_of_the_window_also_when_that_grows(draw: Callable[..., Page]) -> None:
    page = draw(read("planned"))
    heights = []
    for height in (560, 640):
        page.set_viewport_size({"width": 1000, "height": height})
        page.wait_for_timeout(400)
        box = box_of(page.locator(".canvas"))
        assert abs(box["y"] + box["height"] - (height - 10)) <= 1
        heights.append(box["height"])
    assert heights[1] - heights[0] == 80


def box_of(thing: Locator) -> Any:
    return thing.bounding_box()


def test_a_tooltip_goes_when_something_is_chosen_or_the_map_changes_its_size(draw: Callable[..., Page]) -> None:
    page = draw(read("planned"))
    tip = page.locator(".tip.on")
    page.locator(".card[data-id=form]").focus()
    expect(tip).to_have_count(1)
    page.keyboard.press("Enter")
    expect(tip).to_have_count(0)
    page.mouse.move(5, 5)
    page.locator(".card[data-id=docs] .name").hover()
    expect(tip).to_have_count(1)
    page.evaluate("document.querySelector('#host').style.width = '600px'")
    expect(tip).to_have_count(0)


def test_a_tooltip_stays_in_the_window(draw: Callable[..., Page]) -> None:
    page = draw(read("planned"))
    page.set_viewport_size({"width": 1400, "height": 330})  # the map goes on beneath
    zoom(page)  # the change of size takes tooltips away
    page.locator(".card[data-id=pre]").focus()
    tip = page.locator(".tip.on").bounding_box()
    assert tip is not None
    assert tip["y"] >= 0
    assert tip["y"] + tip["height"] <= 330
    page.set_viewport_size({"width": 1400, "height": 960})


def test_the_small_picture_never_covers_what_was_chosen(draw: Callable[..., Page]) -> None:
    page = draw(read("planned"))
    page.get_by_role("button", name="Larger").click(click_count=3)
    zoom(page)
    small = page.locator(".minimap")
    expect(small).to_be_visible()
    for card in ("ad", "docs", "sign", "nps"):
        at = page.locator(f".card[data-id={card}]")
        at.focus()
        page.keyboard.press("Enter")
        assert not meet(at.bounding_box(), small.bounding_box())


@pytest.mark.parametrize("width", [560, 1000])
def test_the_small_picture_covers_no_card(draw: Callable[..., Page], width: int) -> None:
    page = draw(read("planned"))
    page.set_viewport_size({"width": width, "height": 700})
    page.get_by_role("button", name="Larger").click(click_count=2)
    zoom(page)
    small, seen = page.locator(".minimap"), set()
    for _ in range(8):
        page.mouse.move(400, 300)
        page.mouse.down()
        page.mouse.move(340, 280, steps=3)
        expect(small).to_be_visible()
        page.mouse.up()
        zoom(page)
        for _ in range(5):  # it steps aside when the map stands, which a busy machine is slow to see
            page.wait_for_timeout(600)
            if not covered(page):
                break
        assert not covered(page)
        seen.add(small.is_visible())
    assert seen == {False, True}


def covered(page: Page) -> list[Any]:
    """Give the cards on which the small picture lies."""
    small = page.locator(".minimap")
    if not small.is_visible():
        return []
    mine = small.bounding_box()
    return [card for card in page.locator(".card").all() if meet(mine, card.bounding_box())]


def meet(a: Any, b: Any) -> bool:
    """Say whether two boxes on the screen lie on each other."""
    beside = a["x"] + a["width"] <= b["x"] or b["x"] + b["width"] <= a["x"]
    return not (beside or a["y"] + a["height"] <= b["y"] or b["y"] + b["height"] <= a["y"])


def test_a_hidden_map_is_whole_again_when_it_comes_back(draw: Callable[..., Page]) -> None:
    page = draw(read("planned"))
    before = zoom(page)
    for display in ("none", "block"):
        page.evaluate("display => document.querySelector('#host').style.display = display", display)
        page.wait_for_timeout(150)
    assert zoom(page) == before


def test_the_newest_of_many_scenes_is_the_one_that_stays(draw: Callable[..., Page]) -> None:
    discovered = read("discovered")
    page = draw(discovered)
    for links in (44, 40, 36, 32):
        show_soon = {**discovered, "edges": discovered["edges"][:links]}
        page.evaluate("scene => void window.show(scene)", show_soon)
    show(page, read("planned"))
    page.wait_for_timeout(400)
    assert page.locator(".node").count() == len(read("planned")["nodes"])


def test_a_replay_runs_is_scrubbed_and_told(draw: Callable[..., Page]) -> None:
    page = draw(read("planned"))
    tokens = page.locator(".canvas")
    page.get_by_role("slider", name="Time").fill("400")
    assert int(str(tokens.get_attribute("data-tokens"))) > 5
    expect(page.locator(".said")).to_contain_text("on the way")
    expect(page.locator(".note")).to_have_text("60 of 4\u202f200 journeys")
    page.get_by_label("Colour by outcome").check()
    expect(page.locator(".outcomes .dot")).to_have_count(3)
    before = page.get_by_role("slider", name="Time").input_value()
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(600)
    page.get_by_role("button", name="Pause").click()
    assert int(page.get_by_role("slider", name="Time").input_value()) > int(before)


def test_there_is_no_colour_by_outcome_where_nobody_knows_outcomes(draw: Callable[..., Page]) -> None:
    page = draw(read("discovered"))
    page.get_by_role("slider", name="Time").fill("400")
    assert int(str(page.locator(".canvas").get_attribute("data-tokens"))) > 0
    expect(page.get_by_label("Colour by outcome")).to_have_count(0)


def test_what_is_accepted_is_quiet_has_a_tick_and_a_place_in_the_legend(draw: Callable[..., Page]) -> None:
    """An accepted skip is not in the colour of skips any more, nor a card beside the plan in that of its lane."""
    page = draw(read("planned"))
    colour = "(e) => getComputedStyle(e).stroke"
    loud, quiet = (page.locator(f".edge[data-id={id_}] .line").evaluate(colour) for id_ in ("o24", "o25"))
    assert loud != quiet
    boxes = [page.locator(f".card[data-id={id_}] .box").evaluate(colour) for id_ in ("hot", "comp")]
    assert boxes[0] != boxes[1]
    signs = [page.locator(f".label[data-id={id_}] .glyph").get_attribute("d") for id_ in ("o24", "o25")]
    assert signs[0] != signs[1]
    page.get_by_role("list", name="Legend").get_by_role("button", name="Accepted").click()
    expect(page.locator(".edge[data-id=o25]")).to_have_css("opacity", "1")
    expect(page.locator(".edge[data-id=o24]")).to_have_css("opacity", "0.13")
    page.locator(".mark[data-id='accepted:comp']").click()
    assert chosen(page) == {"type": "badge", "id": "accepted:comp"}


def test_the_map_fills_the_screen_and_comes_back(draw: Callable[..., Page]) -> None:
    page = draw(read("planned"))
    small, before = page.locator(".sheet").bounding_box(), zoom(page)
    page.get_by_role("button", name="Whole screen").press("Enter")
    expect(page.get_by_role("button", name="Back to the page")).to_be_focused()
    large = page.locator(".sheet").bounding_box()
    assert small is not None
    assert large is not None
    assert large["height"] > small["height"]
    page.get_by_role("button", name="Back to the page").click()
    expect(page.get_by_role("button", name="Whole screen")).to_be_visible()
    assert zoom(page) == before


def chain(n: int) -> dict[str, Any]:
    """Give a graph of `n` steps one after the other, each with a way back."""
    scene = {**read("discovered"), "nodes": [], "edges": []}
    scene.pop("replay")
    for i in range(n):
        node = {"id": f"n{i}", "label": f"Step {i}", "role": "step", "status": "observed", "order": i}
        scene["nodes"].append({**node, "value": n - i, "text": str(n - i), "tip": [f"Step {i}"]})
    for i, (a, b) in enumerate([*pairwise(range(n)), *((i + 2, i) for i in range(0, n - 2, 3))]):
        edge = {"id": f"e{i}", "source": f"n{a}", "target": f"n{b}", "status": "observed"}
        scene["edges"].append({**edge, "value": i + 1, "text": str(i + 1), "tip": [f"{a} to {b}"]})
    return scene


def test_of_300_steps_those_far_from_the_screen_are_bare_until_one_goes_there(
    draw: Callable[..., Page], tmp_path: Path
) -> None:
    page = draw(chain(300))
    name = page.locator(".node[data-id=n299] .name")
    expect(page.locator(".node[data-id=n0] .name")).to_be_visible()
    expect(name).to_be_hidden()
    assert page.locator(".node.far").count() > 200
    page.locator(".node[data-id=n299]").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    expect(name).to_be_visible()
    expect(page.locator(".node[data-id=n0] .name")).to_be_hidden()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as SVG").click()
    download.value.save_as(tmp_path / "map.svg")
    said = etree.parse(str(tmp_path / "map.svg")).xpath("//*[local-name()='text']/text()")
    assert {"Step 0", "Step 299"} <= set(said)


def test_while_the_view_moves_the_picture_is_carried_and_not_drawn_anew(draw: Callable[..., Page]) -> None:
    page = draw(chain(300))
    before = zoom(page)
    page.evaluate(
        """() => {
            window.changes = 0;
            const view = document.querySelector('#host').shadowRoot.querySelector('svg.map > g');
            const seen = { subtree: true, childList: true, attributes: true };
            new MutationObserver((found) => { window.changes += found.length; }).observe(view, seen);
        }"""
    )
    step, drawing = page.locator(".node[data-id=n0]"), page.locator("svg.map")
    at = step.bounding_box()
    assert at is not None
    page.mouse.move(300, 300)
    page.mouse.down()
    page.mouse.move(330, 340, steps=10)
    expect(drawing).to_have_class("map carried")
    moved = step.bounding_box()
    assert moved is not None
    assert (moved["x"] - at["x"], moved["y"] - at["y"]) == pytest.approx((30, 40), abs=0.01)
    assert page.evaluate("window.changes") == 0
    page.mouse.up()
    expect(drawing).to_have_class("map")
    assert zoom(page) != before
    assert step.bounding_box() == pytest.approx(moved, abs=0.01)


def test_who_wants_no_motion_gets_steps(draw: Callable[..., Page]) -> None:
    page = draw(read("planned"), still=True)
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(200)
    assert page.get_by_role("slider", name="Time").input_value() == "0"
    expect(page.locator(".said")).to_contain_text("Day 1", timeout=3000)


@pytest.mark.parametrize("name", ["discovered", "planned"])
def test_the_picture_can_be_saved(draw: Callable[..., Page], name: str, tmp_path: Path) -> None:
    scene = read(name)
    page = draw(scene)
    for kind, button in {"svg": "Save as SVG", "png": "Save as PNG"}.items():
        with page.expect_download() as download:
            page.get_by_role("button", name=button).click()
        assert download.value.suggested_filename.endswith(f".{kind}")
        download.value.save_as(tmp_path / f"map.{kind}")
    tree = etree.parse(str(tmp_path / "map.svg"))
    texts = ["".join(t.itertext()) for t in tree.iter("{http://www.w3.org/2000/svg}text")]
    assert {n["label"] for n in scene["nodes"] if len(n["label"]) < 15} <= set(texts)
    assert all(t.get("textLength") for t in tree.iter("{http://www.w3.org/2000/svg}text"))
    assert "var(" not in (tmp_path / "map.svg").read_text(encoding="utf-8")
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")


def test_a_crowded_gutter_opens_and_closes(draw: Callable[..., Page]) -> None:
    scene = read("planned")
    for i in range(9):
        link = {"id": f"x{i}", "source": "ad", "target": "pre", "status": "skip", "value": i + 1, "text": str(i + 1)}
        scene["edges"].append({**link, "tip": ["x"]})
    page = draw(scene)
    all_links = len(scene["edges"])
    chip = page.locator(".more")
    expect(chip).to_contain_text("more")
    assert page.locator(".edge").count() < all_links
    chip.click()
    expect(page.locator(".edge")).to_have_count(all_links)
    expect(chip).to_have_text("Show fewer")


def test_it_works_where_workers_are_not_allowed(draw: Callable[..., Page]) -> None:
    page = draw(read("discovered"), before="window.Worker = class { constructor() { throw new Error('forbidden') } }")
    assert page.locator(".node").count() == len(read("discovered")["nodes"])


def test_a_picture_that_cannot_be_made_says_so(window: BrowserContext, address: str) -> None:
    page = window.new_page()
    page.route("**/viz.js", lambda route: route.abort())
    page.goto(address)
    page.wait_for_function("window.loaded")
    page.evaluate("scene => void window.show(scene)", read("discovered"))
    expect(page.get_by_role("alert")).to_have_text(read("discovered")["words"]["failed"])
    page.close()


def test_a_layout_of_sixty_steps_is_quick(draw: Callable[..., Page]) -> None:
    """Below 300 ms; four times as much is allowed here, since the machine has other things to do."""
    scene = read("discovered")
    first, last = scene["nodes"][0], scene["nodes"][1]
    steps = [{**scene["nodes"][2], "id": f"s{i}", "label": f"Step {i}", "order": i + 1} for i in range(60)]
    walk = [first["id"], *(s["id"] for s in steps), last["id"]]
    pairs = [*pairwise(walk), *zip(walk[1:-4], walk[4:], strict=False)]
    scene["nodes"] = [first, *steps, {**last, "order": 99}]
    scene["edges"] = [{**scene["edges"][0], "id": f"e{i}", "source": a, "target": b} for i, (a, b) in enumerate(pairs)]
    scene.pop("replay")
    page = draw(read("discovered"))
    show(page, scene)
    assert page.locator(".node").count() == 62
    assert int(str(page.locator(".canvas").get_attribute("data-layout-ms"))) < 1200
