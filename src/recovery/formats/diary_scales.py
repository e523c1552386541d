"""Ratings of a diary on other scales than ours: told by the heading, or by nothing."""

import re
from collections.abc import Sequence

from recovery.errors import UnreadableExportError
from recovery.formats.log_cells import Cell, NotReadableError, fold, number_of, scale_of, shown
from recovery.formats.log_table import Row
from recovery.formats.log_words import NUMBERS
from recovery.home.mapped_columns import RATINGS
from recovery.words.say import say

SCALES = {column: RATINGS[column] for column in ("pain", "pain_morning", "pain_afternoon", "mood")}
MIN_OFF_SCALE = 3  # values, and a fifth of all: another scale and no slip of the pen
UPPER_ENDS = (*range(3, 11), 100)  # of a scale whose ends stand apart; 20 may be the hour of the evening
_SPAN = re.compile(r"(?<![\d.,])(\d{1,3})\s*(?:-|–|—|\.\.|/|to|bis|à|a|tot|til)\s*(\d{1,3})(?![\d.,])", re.IGNORECASE)
# An end of the scale in words, '10 = no pain', '0: unertraeglich'.
_END = re.compile(
    r"(?<![\d.,])(?P<number>\d{1,3})\s*(?:=|:|->|→|\bis\b|\bmeans\b|\bist\b)\s*(?P<word>[^\W\d][^,;/()=]*)",
    re.IGNORECASE,
)
_END_NUMBER = re.compile(r"(?<![\d.,])(\d{1,3})\s*(?:=|:|->|→|\bis\b|\bmeans\b|\bist\b)\s*(?=[^\W\d])", re.IGNORECASE)
_GOOD_WORDS = (
    "no |none|not |best|very good|good|great|excellent|fine|pain free|free|kein|ohne |schmerzfrei|"
    "gut|sehr gut|super|beste|pas |aucun|sans |bien|tres bien|sin |ningun|muy bien|nessun|senza |"
    "bene|geen|goed|ingen|godt|happy|glucklich"
)
_GOOD = tuple(_GOOD_WORDS.split("|"))
_BAD_WORDS = (
    "worst|max|unbearable|severe|extreme|very bad|bad|terrible|awful|strong|schlimm|sehr schlimm|stark|"
    "sehr stark|unertraglich|schlecht|sehr schlecht|schlechteste|maxim|insupportable|mauvais|tres mauvais|"
    "pire|peor|insoportable|muy mal|mal|peggio|slecht|ergst|vaerst|sad|traurig"
)
_BAD = tuple(_BAD_WORDS.split("|"))


def scaled(rows: Sequence[Row], position: int, column: str, heading: str, name: str) -> tuple[Sequence[Row], str, bool]:
    """The rows with one column of ratings on our scale, what to say of it, and whether the column can be read.

    It is not where many numbers lie above its scale and the heading tells no other; UnreadableExportError where that is
    the pain.
    """
    told, is_reversed = scale_in(heading, column), is_turned(heading, column)
    low, high = SCALES[column]
    if told or is_reversed:
        message = say("{heading} is brought to {low:g} to {high:g}.", heading=heading, low=low, high=high)
        if is_reversed:
            message = say(
                "{heading} runs the other way and is turned round, to {low:g} to {high:g}.",
                heading=heading,
                low=low,
                high=high,
            )
        return (
            [_with(row, position, told or SCALES[column], column, is_reversed=is_reversed) for row in rows],
            message,
            True,
        )
    if not is_off_scale([row.cells[position] for row in rows if position < len(row.cells)], column):
        return rows, "", True
    found = say(
        "{heading} holds many numbers above {high:g}, and its scale is {low:g} to {high:g}.",
        heading=heading,
        low=low,
        high=high,
    )
    if column == "pain":
        advice = say(
            "Write the scale into the heading, as {heading} (0-100), or map it: `recovery map {name}`.",
            heading=heading,
            name=name,
        )
        raise UnreadableExportError(found, advice)
    message = say(
        "{found} It is not read: write the scale into the heading, as {heading} (1-10).", found=found, heading=heading
    )
    return rows, message, False


def scale_in(heading: str, column: str) -> tuple[float, float] | None:
    """The scale that a heading tells, as 'Pain (0-100)'; None where it tells none or that of the column."""
    found = _SPAN.search(heading)
    ends = [float(number) for number in _END_NUMBER.findall(heading)]
    if found:
        low, high = float(found[1]), float(found[2])
    elif ends and min(ends) in (0, 1) and max(ends) in UPPER_ENDS:  # "0 = none, 100 = worst"
        low, high = min(ends), max(ends)
    elif re.search(r"%|\bpercent\b|/\s?100\b|\bof 100\b|\bvon 100\b|\bsur 100\b", heading, re.IGNORECASE):
        low, high = 0.0, 100.0
    else:
        return None
    own = SCALES[column]
    is_own = high == own[1] and low in (own[0], 1.0)  # who writes 1-10 means the same numbers
    return None if low >= high or is_own else (low, high)


def is_turned(heading: str, column: str) -> bool:
    """Whether a heading says that its scale runs the other way: 'Pain (10 = no pain)', 'Mood (1 = very good)'."""
    span = _SPAN.search(heading)
    low, high = (float(span[1]), float(span[2])) if span else SCALES[column]
    ends = {low: "low", 0.0: "low", 1.0: "low", high: "high"}
    for found in _END.finditer(heading):
        end, word = ends.get(float(found["number"])), fold(found["word"])
        is_good = any(word.startswith(good) for good in _GOOD)
        is_bad = not is_good and any(word.startswith(bad) for bad in _BAD)
        bad_end, good_end = ("low", "high") if column == "mood" else ("high", "low")
        if (is_good and end == bad_end) or (is_bad and end == good_end):
            return True
    return False


def as_written(value: float, heading: str, column: str) -> float | None:
    """A rating of our scale as its column writes it; None where the heading tells no other scale."""
    told, is_reversed = scale_in(heading, column), is_turned(heading, column)
    if not told and not is_reversed:
        return None
    low, high = SCALES[column]
    return brought_to(low + high - value if is_reversed else value, SCALES[column], told or SCALES[column])


def on_scale(cell: Cell, told: tuple[float, float], column: str, *, is_reversed: bool = False) -> Cell:
    """A rating on the scale of its column; a cell that is none of the told scale becomes unreadable text."""
    text = shown(cell)
    try:
        value = scale_of(cell, *told)
    except NotReadableError:
        is_number = any(character.isdigit() for character in text) or fold(text) in NUMBERS
        return f"{text} (of {told[0]:g} to {told[1]:g})" if is_number else cell
    return brought_to(told[0] + told[1] - value if is_reversed else value, told, SCALES[column])


def brought_to(value: float, told: tuple[float, float], own: tuple[float, float]) -> float:
    """A number of one scale on another: the ends on the ends, and what lies between in proportion."""
    return round(own[0] + (value - told[0]) * (own[1] - own[0]) / (told[1] - told[0]), 6)


def is_off_scale(cells: Sequence[Cell], column: str) -> bool:
    """True if so many numbers of a column lie above its scale that they are of another one."""
    values = []
    for cell in cells:
        try:
            values.append(number_of(cell))
        except NotReadableError:
            continue
    above = sum(value > SCALES[column][1] for value in values)
    return above >= MIN_OFF_SCALE and above * 5 >= len(values)


def _with(row: Row, position: int, told: tuple[float, float], column: str, *, is_reversed: bool) -> Row:
    cells = list(row.cells)
    if position < len(cells) and cells[position] not in (None, ""):
        cells[position] = on_scale(cells[position], told, column, is_reversed=is_reversed)
    return row._replace(cells=cells)
