"""How to export, and how to make it arrive every night, is told for every format."""

import re

import pytest
from places import ROOT

from recovery.readers import readers
from recovery.vocabulary.export_sections import SECTIONS as TOLD

PAGE = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
_, *SECTIONS = re.split(r"^## ", PAGE, flags=re.M)
READ_AS = re.compile(r"^Read as: (.+)$", re.M)


def names(text: str) -> list[str]:
    return [name for line in READ_AS.findall(text) for name in re.findall(r"`(\w+)`", line)]


def test_every_format_stands_in_exactly_one_section() -> None:
    assert sorted(names(PAGE)) == sorted(readers())


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.splitlines()[0])
def test_a_section_says_how_by_hand_and_every_night_what_is_in_it_and_what_is_missing(section: str) -> None:
    assert names(section)
    assert re.findall(r"^- \*\*([^*]+)\*\*: \S", section, re.M) == ["By hand", "Every night", "In it", "Missing"]


def test_the_program_names_the_sections_of_the_page() -> None:
    of_page = {section.splitlines()[0]: tuple(names(section)) for section in SECTIONS}

    assert of_page == dict(TOLD)
