"""The page's colours can be read, by day, at night and on paper."""

import re
from importlib.resources import files

import pytest

STYLE = (files("recovery.report") / "style.css").read_text(encoding="utf-8")
READ = ("ink", "soft", "good", "bad", "lean", "open", "shut", "mean")  # colours of words


def palettes() -> list[dict[str, str]]:
    """The named colours of each block that sets them; a later block replaces what it names."""
    light, *others = [
        dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})(?![0-9a-f])", block))
        for block in re.findall(r":root \{([^}]*)\}", STYLE)
    ]
    return [light, *({**light, **other} for other in others)]


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
    for name in READ:
        for behind in ("paper", "card"):
            assert contrast(colours[name], colours[behind]) >= 4.5, (name, behind)
    assert contrast(colours["warn-ink"], colours["warn"]) >= 4.5


def test_paper_shows_what_is_folded() -> None:
    assert "details::details-content { content-visibility: visible" in STYLE
