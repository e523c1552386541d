"""The pages' colours can be read, by day, at night and on paper."""

import re
from importlib.resources import files

import pytest

REPORT = files("recovery.report")
TOKENS, PRINT = ((REPORT / "style" / f"{name}.css").read_text(encoding="utf-8") for name in ("tokens", "print"))
WORDS = ("ink", "ink-2", "moving", "resting", "sleeping", "pain", "massage", "attention")
PAIN = {"1": "low", "2": "low", "3": "low", "4": "4", "5": "high", "6": "high"}  # step: the number on it


def palettes() -> list[dict[str, str]]:
    """The named colours in light, in dark and on paper."""
    pairs = re.findall(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{3,6}), (#[0-9a-f]{3,6})\)", TOKENS)
    light = {name: colour for name, colour, _ in pairs}
    on_paper = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6})", PRINT))
    return [light, {name: colour for name, _, colour in pairs}, {**light, **on_paper}]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it, 0 to 1."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", palettes(), ids=["light", "dark", "print"])
def test_words_stand_out_from_what_is_behind_them(colours: dict[str, str]) -> None:
    for name in WORDS:
        for behind in ("page", "card"):
            assert contrast(colours[name], colours[behind]) >= 4.5, (name, behind)
    for name in ("edge", "focus"):
        assert contrast(colours[name], colours["card"]) >= 3, name
    assert contrast(colours["on-button"], colours["button"]) >= 4.5
    for step, number in PAIN.items():
        assert contrast(colours[f"on-pain-{number}"], colours[f"pain-{step}"]) >= 4.5, step


def test_paper_shows_what_is_folded() -> None:
    assert "details::details-content { content-visibility: visible" in PRINT
