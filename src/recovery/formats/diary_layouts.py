"""Diaries that tell several regions or symptoms apart, in rows or in columns: which there are, and what to do.

Recovery follows one pain. Where a table rates knees, hands and happiness, nobody but its writer knows which of them it
is: such a table is refused with the list of what it rates, until recovery.toml maps one.
"""

import shlex
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from recovery.formats.log_cells import NotReadableError, fold, scale_of, shown
from recovery.formats.log_table import Row
from recovery.formats.region_words import (
    BACK,
    BODY,
    PAIN,
    PAIN_NAME,
    REGION_HEADINGS,
    SYMPTOM,
    TOTAL_PAIN,
    VALUE_HEADINGS,
)
from recovery.words.say import say

MAX_SHOWN = 12  # regions in a sentence
MAX_REGIONS = 200  # more different words are notes
MAX_REGION = 60  # characters


class Regions(NamedTuple):
    """What a table rates: the rows of each region, and the heading of the column that names them."""

    heading: str  # '' where each region is a column
    counts: Mapping[str, int]


def regions_in_rows(
    names: Sequence[str], rows: Sequence[Row], date: int, title: str, known: set[int]
) -> Regions | None:
    """The regions of a table with a row for each region and date; None where it is none.

    `date` is the position of the date, `known` are the columns that a diary has besides (its notes, its medication).
    """
    folded = [fold(name) for name in names]
    value = _position_of_rating(folded, rows)
    if value is None:
        return None
    is_pain = folded[value] in TOTAL_PAIN
    is_told = is_pain or bool(PAIN_NAME.search(fold(title)))
    for position in _candidates(folded, {date, value} | (known - {value})):
        counts = Counter(text for row in rows if (text := _text(row, position)) and _text(row, value))
        is_heading = is_told and folded[position] in REGION_HEADINGS
        if not 0 < len(counts) <= MAX_REGIONS or not _are_regions(counts, is_heading):
            continue
        if is_pain and len(counts) == 1:
            continue  # always the same one: there is nothing to choose
        if is_told or _name_pain(counts) or (_name_body(counts) and _is_repeated(rows, date, position)):
            return Regions(names[position], counts)
    return None


def regions_in_columns(names: Sequence[str], rows: Sequence[Row], title: str, is_diary: bool) -> Regions | None:
    """The regions of a table with a column for each; None where there are not two, or one column rates all pain."""
    folded = [fold(name) for name in names]
    if any(name in TOTAL_PAIN for name in folded):
        return None
    is_diary = is_diary or bool(PAIN_NAME.search(fold(title)))
    found = [
        position
        for position, name in enumerate(folded)
        if BODY.search(name) and (PAIN.search(name) or (is_diary and _is_rated(rows, position)))
    ]
    if len(found) < 2:
        return None
    return Regions("", {names[position]: sum(bool(_text(row, position)) for row in rows) for position in found})


def refusal(name: str, regions: Regions) -> tuple[str, str]:
    """The sentences for a table of several regions: what was found, and how to name one."""
    shown_regions = sorted(regions.counts.items(), key=lambda each: -each[1])
    listed = ", ".join(f"{region!r} ({count:,})" for region, count in shown_regions[:MAX_SHOWN])
    if len(regions.counts) > MAX_SHOWN:
        listed = say("{listed} and {count} more", listed=listed, count=len(regions.counts) - MAX_SHOWN)
    found = say(
        "{name} rates several regions or symptoms, and recovery follows one pain; it has (rows): {listed}.",
        name=name,
        listed=listed,
    )
    example = max(regions.counts, key=lambda region: (likely(fold(region)), regions.counts[region]))
    option = shlex.quote(f"{example}=pain")
    if regions.heading:
        return found, say("Name yours: `recovery map FILE --row {option}` proposes a mapping.", option=option)
    return found, say("Name yours: `recovery map FILE --column {option}` proposes a mapping.", option=option)


def likely(region: str) -> int:
    """The likelier a region is the pain to follow, the higher: only for the example of a sentence."""
    return 4 * bool(BACK.search(region)) + 2 * bool(PAIN.search(region)) + bool(BODY.search(region))


def _position_of_rating(folded: Sequence[str], rows: Sequence[Row]) -> int | None:
    """The first column of numbers that rates pain, else one that rates something it does not name."""
    for names in (TOTAL_PAIN, VALUE_HEADINGS):
        for position, name in enumerate(folded):
            if name in names and _is_rated(rows, position):
                return position
    return None


def _candidates(folded: Sequence[str], taken: set[int]) -> list[int]:
    """The columns that may name a region, those that say so first."""
    free = [position for position in range(len(folded)) if position not in taken]
    return sorted(free, key=lambda position: folded[position] not in REGION_HEADINGS)


def _are_regions(values: Mapping[str, int], is_heading: bool) -> bool:
    """True if most values of a column are words for regions or symptoms, or words at all under such a heading."""
    texts = [fold(value) for value in values if len(value) <= MAX_REGION and not _is_number(value)]
    named = sum(bool(BODY.search(text) or SYMPTOM.search(text) or PAIN.search(text)) for text in texts)
    return len(texts) * 2 > len(values) and (is_heading or named * 2 > len(texts))


def _name_pain(values: Mapping[str, int]) -> bool:
    return any(PAIN.search(fold(value)) for value in values)


def _name_body(values: Mapping[str, int]) -> bool:
    """True if a value names a part of the body, which a massage may also have."""
    return any(BODY.search(fold(value)) for value in values)


def _is_repeated(rows: Sequence[Row], date: int, position: int) -> bool:
    """True if a date has rows of different regions; a blank date is that of the row above."""
    seen: defaultdict[str, set[str]] = defaultdict(set)
    day = ""
    for row in rows:
        day = _text(row, date) or day
        seen[day].add(_text(row, position))
    return any(len(regions - {""}) > 1 for regions in seen.values())


def _is_rated(rows: Sequence[Row], position: int) -> bool:
    """True if most filled cells of a column are numbers."""
    cells = [text for row in rows if (text := _text(row, position))]
    return bool(cells) and sum(map(_is_number, cells)) * 2 > len(cells)


def _is_number(text: str) -> bool:
    try:
        scale_of(text, 0, 1000)
    except NotReadableError:
        return False
    return True


def _text(row: Row, position: int) -> str:
    return shown(row.cells[position]) if position < len(row.cells) else ""
