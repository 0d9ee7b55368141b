"""Text stands out from its paper by 4.5:1 at least, as WCAG 2.2 asks of small letters, in both themes."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import polars as pl
import pytest

from ui import theme
from ui.charts.step_matrix import matrix_chart

ROOT = Path(__file__).resolve().parents[2]
THEMES = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
STYLE = (ROOT / "ui" / "canvas" / "frontend" / "src" / "style.css").read_text(encoding="utf-8")
BADGES = ("orange", "violet", "red", "blue", "green", "gray")
PAPERS = ("backgroundColor", "secondaryBackgroundColor")
KINDS = ("skip", "unplanned", "order", "repeat", "note", "good", "ok")
LEAST = 4.5
Rgb = tuple[float, float, float]


def rgb(colour: str) -> Rgb:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (int(digits[at : at + 2], 16) for at in (0, 2, 4))
    return red, green, blue


def luminance(colour: Rgb) -> float:
    linear = [v / 255 / 12.92 if v / 255 <= 0.04045 else ((v / 255 + 0.055) / 1.055) ** 2.4 for v in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(text: Rgb, paper: Rgb) -> float:
    """Give the ratio of WCAG 2.2 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""
    low, high = sorted((luminance(text), luminance(paper)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_numbers_in_the_cells_of_the_step_matrix(dark: bool) -> None:
    data = pl.DataFrame(
        [(1, "a", 1, 0.5, "50%", "1")], ["step", "name", "n_journeys", "share", "text", "said"], orient="row"
    )
    [cells, text] = matrix_chart(data, dark=dark)["layer"]
    low, high = map(rgb, cells["encoding"]["color"]["scale"]["range"])
    colour = text["encoding"]["color"]
    turn = float(colour["condition"]["test"].rpartition(" ")[2])
    for share in (part / 100 for part in range(101)):
        tint = tuple(a + (b - a) * share**0.5 for a, b in zip(low, high, strict=True))
        letters = colour["condition"]["value"] if share > turn else colour["value"]
        assert contrast(rgb(letters), tint) >= LEAST, share  # type: ignore[arg-type]


def test_the_ratio_is_that_of_wcag() -> None:
    assert contrast(rgb("#000"), rgb("#fff")) == pytest.approx(21)
    assert contrast(rgb("#767676"), rgb("#ffffff")) == pytest.approx(4.54, abs=0.01)  # the palest grey that passes


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_texts_of_the_pages(mode: str) -> None:
    palette, at = THEMES[mode], ("light", "dark").index(mode)
    pairs = [("#ffffff", palette["primaryColor"]), (palette["codeTextColor"], palette["codeBackgroundColor"])]
    texts = [palette["textColor"], palette["linkColor"], theme.QUIET[at]]
    pairs += [(text, palette[paper]) for text in texts for paper in PAPERS]
    pairs += [(palette[f"{name}TextColor"], palette[f"{name}BackgroundColor"]) for name in BADGES]
    pairs += [(theme.CHOSEN[at], theme.CHOSEN_PAPER[at])]
    assert {pair: ratio for pair in pairs if (ratio := contrast(*map(rgb, pair))) < LEAST} == {}


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_texts_of_the_map(mode: str) -> None:
    style = Style(mode)
    inside = [(".card .count", "var(--soft)", "var(--card)"), (".legend", "var(--soft)", "var(--paper)")]
    inside += [("stage", "var(--soft)", "var(--head)"), ("lane", "var(--unplanned)", "var(--paper)")]
    inside += [("deepest step", style.of(".node.step .count"), "color-mix(in srgb,var(--seq) 30%,var(--paper))")]
    inside += [("drop", style.of(".drop text"), style.of(".drop rect"))]
    inside += [("hot drop", "#0b0e12" if mode == "dark" else "#fff", "var(--drop)")]
    for kind in KINDS:
        inside += [(f"mark {kind}", style.of(".mark text", kind), style.of(".mark rect", kind))]
        chip = f"color-mix(in srgb,var(--{kind}) 9%,var(--paper))"
        inside += [(f"chip {kind}", style.of(".label.chip text", kind), chip)]
    ratios = {name: contrast(style.rgb(text), style.rgb(paper)) for name, text, paper in inside}
    assert {name: ratio for name, ratio in ratios.items() if ratio < LEAST} == {}


class Style:
    """The colours of the map's style sheet in one theme."""

    def __init__(self, mode: str) -> None:
        blocks = [re.search(r"\.canvas\{(.*?)\n\}", STYLE, re.S)]
        blocks += [re.search(r'\.canvas\[data-dark="1"\]\{(.*?)\n\}', STYLE, re.S)] if mode == "dark" else []
        self.named: dict[str, str] = {}
        for block in blocks:
            assert block
            self.named |= dict(re.findall(r"--(\w+):((?:[^;()]|\([^()]*(?:\([^()]*\)[^()]*)*\))+)", block[1]))
        page = THEMES[mode]
        self.named |= {"ink": page["textColor"], "paper": page["backgroundColor"], "primary": page["primaryColor"]}

    def of(self, selector: str, kind: str = "") -> str:
        """Give the fill of a rule; `kind` stands for the colour of what it is about."""
        found = re.search(rf"^{re.escape(selector)}\{{[^}}]*?fill:([^;}}]+)", STYLE, re.M)
        found = found or re.search(rf"^{re.escape(selector)}\{{.*?[;{{]fill:([^;}}]+)", STYLE, re.M)
        assert found, selector
        return re.sub(r"var\(--c(,[^()]*\([^()]*\))?\)", f"var(--{kind})", found[1])

    def rgb(self, value: str) -> Rgb:
        if value.startswith("var(--"):
            return self.rgb(self.named[value[6:-1]])
        mixed = re.fullmatch(r"color-mix\(in (?:srgb|oklab),(.+) ([\d.]+)%,(.+)\)", value)
        if not mixed:
            return rgb(value)
        share = float(mixed[2]) / 100
        red, green, blue = (
            share * a + (1 - share) * b for a, b in zip(self.rgb(mixed[1]), self.rgb(mixed[3]), strict=True)
        )
        return red, green, blue
