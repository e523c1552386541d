"""Marks of pictures mean one thing on all pages: a thin line an interval of one look, a thick bar the range of all."""

import re
from types import ModuleType

import pytest

from recovery.words import around, evidence, page, sheet, today, weeks
from recovery.words.ranges import THICK_BAR, THIN_LINE

MODULES = (around, evidence, page, sheet, today, weeks)


def captions(module: ModuleType) -> list[str]:
    return [text for name, text in vars(module).items() if isinstance(text, str) and name not in ("__doc__", *MARKS)]


MARKS = ("THICK_BAR", "THIN_LINE")


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_a_thin_line_and_a_thick_bar_are_told_in_the_same_words_everywhere(module: ModuleType) -> None:
    for text in captions(module):
        assert not re.search(r"thin line|thick", text.replace(THIN_LINE, "").replace(THICK_BAR, ""), re.I)


def test_each_picture_with_ranges_says_which() -> None:
    assert THICK_BAR in evidence.HOW_TO_READ
    assert THICK_BAR in evidence.FOREST_MEANS
    assert all(
        THIN_LINE in text
        for text in (evidence.FOREST_MEANS, evidence.HOW_LONG_MEANS, around.AROUND_LEAD, sheet.PICTURES_MEAN)
    )
    assert "solid: the days" in around.AROUND_LEAD
    assert "solid: the days" in sheet.PICTURES_MEAN


def test_filled_and_ringed_are_circles_of_a_hundred_alone() -> None:
    told = [text for module in (around, evidence, sheet, weeks) for text in captions(module)]

    assert [text for text in told if re.search(r"filled|ringed", text, re.I)] == [evidence.WRONG_MEAN]
