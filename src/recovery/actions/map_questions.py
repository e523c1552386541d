"""What the answers of a form, or the days of a mood tracker, could say: pain, mood, and massages that took place.

A form has a question for a heading ("How strong is your back pain?", "Did you have a massage today?"), a tracker a
list of what was done (`walk | massage`). A mood in words gets the numbers of its words.
"""

import re
from collections.abc import Sequence

from recovery.actions.columns import Column, toml_text
from recovery.actions.map_logs import rated
from recovery.formats.log_cells import fold
from recovery.formats.log_words import NO, YES
from recovery.formats.mapped_logs import LISTED
from recovery.formats.massage_words import names_massage
from recovery.words.say import say

MIN_WORDS = 4  # of a question; shorter headings are known to `log_columns`
PAIN = re.compile(
    r"\b(pain|ache|schmerz\w*|schmerzen|ruckenschmerz\w*|douleurs?|mal de dos|dolor|dolore|mal di schiena|pijn|rugpijn|"
    r"smerter?|dores?)\b"
)
NO_PAIN = re.compile(
    r"\b(pain ?killers?|pain (medic\w*|relie\w*)|schmerzmittel|antidouleurs?|analges\w*|pijnstillers?)\b"
)
AFTERNOON = re.compile(r"\b(afternoon|nachmittags?|apres midi|pomeriggio|eftermiddag)\b")
MORNING = re.compile(r"\b(morning|morgens?|aufwachen|wak(e|ing)|matin|manana|mattin[ao]|ochtend)\b")
MOOD = re.compile(r"\b(mood|stimmung|humeur|animo|umore|stemming|humor)\b")
# The words of mood trackers (Daylio and its translations), from 1 to 5.
MOODS: Sequence[frozenset[str]] = tuple(
    frozenset(words.split("|"))
    for words in (
        "awful|terrible|lausig|furchtbar|schrecklich|horrible|fatal|pessimo|verschrikkelijk",
        "bad|schlecht|mauvais|mal|malo|male|cattivo|slecht",
        "meh|okay|ok|so lala|naja|neutral|bof|moyen|regular|cosi cosi|neutraal|normal",
        "good|gut|bien|bueno|bene|buono|goed|bom",
        "rad|great|super|excellent|genial|ottimo|fantastisch|geweldig|otimo",
    )
)
DAYLIO = {"awful": 1, "bad": 2, "meh": 3, "good": 4, "rad": 5}
MAX_MOODS = 12


def answers(columns: Sequence[Column], taken: Sequence[Column]) -> list[str]:
    """The lines of a form or a mood tracker, each kind of row in a block of its own; [] where the table is neither."""
    free = [column for column in columns if column not in taken]
    massages = [block for column in free if (block := _massages(column))]
    ratings, words = _ratings(free)
    if not massages and not ratings:
        return []
    blocks = list(words)
    if ratings:
        blocks += ["[[tables.rows]]", 'log = "diary"', f"columns = {{ {', '.join(ratings)} }}"]
    for heading, values in massages:
        where = ", ".join(map(toml_text, values))
        told = where if len(values) == 1 else f"[{where}]"
        blocks += ["[[tables.rows]]", 'log = "massages"', f"where = {{ {toml_text(heading)} = {told} }}"]
    return blocks


def _massages(column: Column) -> tuple[str, list[str]] | None:
    """The column that says whether there was a massage, and the values that say so; None where it is another."""
    values = list(dict.fromkeys(cell for cell in column.cells if cell))
    if column.kind not in ("text", "number") or not values:
        return None
    if _is_yes_or_no(values):
        is_asked = names_massage(column.heading)
        return (column.heading, [value for value in values if fold(value) in YES]) if is_asked else None
    if not any(LISTED in value for value in values):
        return None
    listed = [piece.strip() for value in values for piece in value.split(LISTED)]
    named = list(dict.fromkeys(piece for piece in listed if names_massage(piece)))
    return (column.heading, named) if named else None


def _is_yes_or_no(values: Sequence[str]) -> bool:
    """Whether all values say yes or no, and one says yes."""
    folded = {fold(value) for value in values}
    return folded <= YES | NO and bool(folded & YES)


def _ratings(columns: Sequence[Column]) -> tuple[list[str], list[str]]:
    """The columns that rate pain and mood, and lines before them: the numbers of a mood's words, ratings whose scale is
    open. Of two that rate the same, none."""
    found: dict[str, list[str]] = {}
    words: list[str] = []
    is_form = any("?" in column.heading for column in columns)
    for column in columns:
        heading = fold(column.heading)
        is_question = is_form or len(heading.split()) >= MIN_WORDS
        if column.kind == "number" and is_question and PAIN.search(heading) and not NO_PAIN.search(heading):
            target = "pain_morning" if MORNING.search(heading) else "pain"
            target = "pain_afternoon" if AFTERNOON.search(heading) else target
        elif column.kind == "number" and is_question and MOOD.search(heading):
            target = "mood"
        elif column.kind == "text" and MOOD.search(heading) and (numbers := _numbers_of_moods(column)):
            target = "mood"
            words.append(numbers)
        else:
            continue
        line, is_open = rated(column, target)
        (words if is_open else found.setdefault(target, [])).append(line)
    return [lines[0] for lines in found.values() if len(lines) == 1], words


def _numbers_of_moods(column: Column) -> str:
    """The line that gives the words of a mood their numbers; a comment where one is not known, '' where none is."""
    moods = list(dict.fromkeys(cell for cell in column.cells if cell))
    if len(moods) > MAX_MOODS:
        return ""
    numbers = {mood: number for mood in moods for number, words in enumerate(MOODS, 1) if fold(mood) in words}
    if not numbers:
        return ""
    if numbers.keys() <= DAYLIO.keys():
        numbers = {**DAYLIO, **numbers}  # the days to come may have the others
    listed = ", ".join(f"{toml_text(mood)} = {number}" for mood, number in numbers.items())
    unknown = ", ".join(mood for mood in moods if mood not in numbers)
    note = say("  # and what of {unknown}? 1 is the worst, 5 the best", unknown=unknown) if unknown else ""
    return f"words = {{ {listed} }}{note}"
