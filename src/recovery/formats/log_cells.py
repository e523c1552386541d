"""What a cell of a log says: a date, a time of day, a number, minutes, as people write them in several languages.

Every function says what is wrong with a cell in words that complete "the date 31.02.2024 ...": they go to `rejected`.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from recovery.errors import UnreadableExportError
from recovery.formats.log_words import ABOUT, LENGTHS, MONTHS, NO, NONE, NOON, NUMBERS, RELATIVE_DAYS, WEEKDAYS, YES
from recovery.home.people import plain_words
from recovery.words.say import say

MAX_CELL = 100  # characters of a date, time or number; patterns are slow on long ones
FIRST_YEAR, LAST_YEAR = 2000, 2099  # as clock.FIRST_UTC and LAST_UTC

_BRACKETS = re.compile(r"[(\[{][^)\]}]*[)\]}]")

Cell = str | float | bool | date | datetime | time | timedelta | None


def fold(text: str) -> str:
    """A heading or word without case, accents, punctuation and what stands in brackets: 'Pain (0-10)' -> 'pain'."""
    return _folded(text) if len(text) <= MAX_CELL else plain_words(_BRACKETS.sub(" ", text))


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    """The same of a short text: a heading is looked up in many lists."""
    return plain_words(_BRACKETS.sub(" ", text))


class NotReadableError(ValueError):
    """A cell does not say what its column should; the text is the reason for `rejected`."""

    def __init__(self, reason: str, column: str = "") -> None:
        super().__init__(reason)
        self.column = column  # of the log, in which the fault lies; '' = not told


class NoMassageError(NotReadableError):
    """A row that tells plainly of something else: its day is not unknown."""


class Moment(NamedTuple):
    """A date of the log's own wall clock, with time and instant where the cell gives them."""

    local_date: date
    clock: time | None = None
    instant_utc: datetime | None = None  # naive UTC; only where the cell gives an offset
    is_utc: bool = False  # the offset is 'Z': an instant, but nobody's wall clock


def shown(cell: Cell) -> str:
    """A cell as text for a message or a text column; '' for an empty one."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return str(cell).strip()


_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(20\d\d)(\d\d)(\d\d)(?=$|T)")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?!\d)")
_YEARLESS = re.compile(r"(?:[^\W\d]+[.,]?\s+)?(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2?")
_SHORT_YEAR = re.compile(r"(?<!\d)(\d{1,2})[-. /]{1,2}([^\W\d]{3,})[-. /,']{1,2}(\d\d)(?![\d:])")
# '+02:00', 'Z', and as forms write it 'GMT+2'; hours alone need that name, else '10:00-11' would be an offset.
_OFFSET = re.compile(
    r"(?:(?<=\d)\s*(?P<plain>Z|[+-]\d\d:?\d\d)|\s*(?:GMT|UTC)(?P<named>[+-]\d{1,2}(?::?\d\d)?)?)$", re.IGNORECASE
)
_CLOCK = re.compile(
    r"^(\d{1,2})(?:\s*(?:[:.h]|uhr)\s*(\d{2})(?:\s*[:.]\s*(\d{2})(?:[.,]\d+)?)?)?\s*(?:uhr|h|hrs?|o.?clock)?\s*"
    r"(a\.?\s?m\.?|p\.?\s?m\.?)?$",
    re.IGNORECASE,
)
_CLOCK_IN_ONE = re.compile(r"(\d{1,2})([0-5]\d)\s*([ap]\.?\s?m\.?)", re.IGNORECASE)  # '530pm'
_JAPANESE_DATE = re.compile(r"(\d{4})年\s*(\d{1,2})月\s*(\d{1,2})日")
_JAPANESE_CLOCK = re.compile(r"(\d{1,2})時(?:(\d{1,2})分)?")
_OPEN = say("does not tell which number is the day and which the month; write it as 2026-05-31")
_NO_DATE = say("is not a date; write it as 2026-05-31")


def day_first(cells: Iterable[Cell], *, is_strict: bool = True) -> bool | None:
    """Whether numeric dates of a column are day/month; None where nothing depends on it.

    Raises UnreadableExportError where the column leaves it open, or holds both orders. In a column that people write
    (not `is_strict`) a date or two in the other order is a slip, and so are open dates beside more that need no
    order: those rows are refused when they are read.
    """
    day_count = month_count = open_count = plain_count = dotted_count = 0
    open_example = ""
    for cell in cells:
        found = _numeric_date(cell)
        if not found:
            plain_count += not is_strict and _is_plain_date(cell)
            continue
        first, second = int(found[1]), int(found[3])
        if first > 12 >= second:
            day_count += 1
        elif second > 12 >= first:
            month_count += 1
        elif first != second:
            open_count += 1
            dotted_count += found[2] == "."  # nobody writes 05.31.2026
            open_example = open_example or found[0]
    fewer, more = sorted((day_count, month_count))
    is_slip = not is_strict and more > 1 and (fewer == 1 or fewer * 10 <= more)
    if fewer and not is_slip:
        raise UnreadableExportError(
            say("The dates mix day/month and month/day."),
            say("Write every date as 2026-05-31 and save the file again."),
        )
    if open_count and not more and dotted_count == open_count:
        return True
    if open_example and not more and open_count >= plain_count:
        raise UnreadableExportError(
            say(
                "No date of the file tells whether {open_example} begins with the day or the month.",
                open_example=open_example,
            ),
            say("Write the dates as 2026-05-31 and save the file again."),
        )
    return day_count > month_count if more else None


def _is_plain_date(cell: Cell) -> bool:
    """Whether a cell is a date that is read alike in every order: ISO, in words, a date cell."""
    try:
        date_of(cell, None)
    except NotReadableError:
        return False
    return True


def is_date(cell: Cell) -> bool:
    """Whether a cell is a date, whichever of its numbers is the day."""
    for is_day_first in (True, False):
        try:
            date_of(cell, is_day_first)
        except NotReadableError:
            continue
        return True
    return False


def _is_open(first: int, second: int, is_day_first: bool | None) -> bool:
    """Whether nothing tells which of two numbers is the day."""
    return is_day_first is None and first != second and first <= 12 and second <= 12


def _numeric_date(cell: Cell) -> re.Match[str] | None:
    """A date in digits whose order is to be decided, with or without its year."""
    if not isinstance(cell, str) or len(cell) > MAX_CELL or _ISO.match(cell):
        return None
    return _NUMERIC.search(cell) or _YEARLESS.fullmatch(cell)


def month_and_day(cell: Cell, is_day_first: bool | None) -> tuple[int, int] | None:
    """Month and day of a date without its year: '12.05.', '5/18', '2. Juni', 'May 25'; None for anything else."""
    if not isinstance(cell, str) or len(cell) > MAX_CELL:
        return None
    text = " ".join(cell.split())
    if found := _YEARLESS.fullmatch(text):
        first, second = int(found[1]), int(found[3])
        if _is_open(first, second, is_day_first):
            return None
        return (first, second) if is_day_first is False or second > 12 >= first else (second, first)
    words = fold(text).split()
    months = [MONTHS[word] for word in words if word in MONTHS]
    days = [int(word) for word in words if re.fullmatch(r"\d{1,2}", word)]
    is_all = all(word in MONTHS or word in WEEKDAYS or re.fullmatch(r"\d{1,2}|de|di", word) for word in words)
    return (months[-1], days[0]) if is_all and len(days) == 1 and months else None


def moment_of(cell: Cell, is_day_first: bool | None) -> Moment:
    """The date a cell gives, with its time where it has one; midnight in a date cell counts as no time.

    Raises NotReadableError.
    """
    if isinstance(cell, datetime):
        if cell.tzinfo is not None:
            return moment_of(cell.isoformat(), is_day_first)
        return _checked(Moment(cell.date(), _no_midnight(_to_minute(cell))))
    if isinstance(cell, date):
        return _checked(Moment(cell))
    if not isinstance(cell, str) or len(cell) > MAX_CELL:
        raise NotReadableError(say("is not a date; write it as 2026-05-31"))
    day, rest = _date_in(" ".join(cell.split()), is_day_first)
    _checked(Moment(day))  # first: an offset leads out of the calendar in its first and last year
    return _checked(_with_clock(day, rest))


def date_of(cell: Cell, is_day_first: bool | None) -> Moment:
    """The date a cell gives, whatever else stands behind it. Raises NotReadableError."""
    if not isinstance(cell, str) or len(cell) > MAX_CELL:
        return moment_of(cell, is_day_first)
    return _checked(Moment(_date_in(" ".join(cell.split()), is_day_first)[0]))


def _date_in(text: str, is_day_first: bool | None) -> tuple[date, str]:
    text = _JAPANESE_DATE.sub(r"\1-\2-\3 ", text) if "年" in text else text
    try:
        if found := _ISO.match(text):
            return date(int(found[1]), int(found[3]), int(found[4])), text[found.end() :]
        if found := _COMPACT.match(text):
            return date(int(found[1]), int(found[2]), int(found[3])), text[found.end() :]
        if found := _NUMERIC.search(text):
            if any(character.isdigit() for character in text[: found.start()]):
                raise NotReadableError(_NO_DATE)
            first, second, year = int(found[1]), int(found[3]), int(found[4])
            year += 2000 if year < 100 else 0
            if _is_open(first, second, is_day_first):
                raise NotReadableError(_OPEN)
            is_month_first = second > 12 if is_day_first is None else not is_day_first
            day, month = (second, first) if is_month_first else (first, second)
            if day <= 12 < month:
                raise NotReadableError(
                    say(
                        "has day and month the other way round than the column; write it as {date}",
                        date=date(year, day, month),
                    )
                )
            return date(year, month, day), text[found.end() :]
        return _written_date(text, is_day_first)
    except NotReadableError:
        raise
    except (ValueError, OverflowError):
        raise NotReadableError(say("is not a day of the calendar")) from None


def _written_date(text: str, is_day_first: bool | None) -> tuple[date, str]:
    """'Sun, 31 May 2026', '31. Mai 2026', 'May 31, 2026 6:30 pm', '31 de mayo de 2026', '31-May-26'."""
    if fold(text) in RELATIVE_DAYS:
        raise NotReadableError(
            say("says no date: a file does not tell on which day it was written; write the date as 2026-05-31")
        )
    year = re.search(r"(?<!\d)(20\d\d)(?!\d)", text)
    if year:
        words = fold(text[: year.start()]).split()
        if len(words) > 2 and words[0] in WEEKDAYS:
            words = words[1:]  # 'mar' is Tuesday and March
        months = [MONTHS[word] for word in words if word in MONTHS]
        days = re.findall(r"\d+", text[: year.start()])
        if len(months) == 1 and len(days) == 1:
            return date(int(year[1]), months[0], int(days[0])), text[year.end() :]
    if (short := _SHORT_YEAR.search(text)) and fold(short[2]) in MONTHS:
        return date(2000 + int(short[3]), MONTHS[fold(short[2])], int(short[1])), text[short.end() :]
    if (found := _YEARLESS.fullmatch(text)) and _is_open(int(found[1]), int(found[3]), is_day_first):
        raise NotReadableError(_OPEN)
    if month_and_day(text, None):
        raise NotReadableError(say("has no year, and no date beside it has one; write it as 2026-05-31"))
    raise NotReadableError(_NO_DATE)


def _with_clock(day: date, rest: str) -> Moment:
    rest = rest.strip(" ,;Tt-") if not re.match(r"^\s*[+-]\d", rest) else rest
    rest = re.sub(r"^(at|um|a las|alle ore|alle|a|à|om|kl\.?)\s+", "", rest, flags=re.IGNORECASE)
    rest = "" if fold(rest) in WEEKDAYS else rest
    if not rest:
        return Moment(day)
    rest = rest.replace("\N{MINUS SIGN}", "-")
    offset = _OFFSET.search(rest)
    clock = clock_of(rest[: offset.start()] if offset else rest)
    if not offset:
        return Moment(day, _no_midnight(clock))
    ahead_text = offset["plain"] or offset["named"] or "Z"
    if ahead_text in "Zz":
        return Moment(day, clock, datetime.combine(day, clock), is_utc=True)
    sign = -1 if ahead_text[0] == "-" else 1
    digits = ahead_text[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    ahead = sign * timedelta(hours=int(hours), minutes=int(minutes))
    if abs(ahead) > timedelta(hours=14):
        raise NotReadableError(say("has an offset that no place on Earth has"))
    return Moment(day, clock, datetime.combine(day, clock) - ahead)


def _checked(moment: Moment) -> Moment:
    if not FIRST_YEAR <= moment.local_date.year <= LAST_YEAR:
        raise NotReadableError(
            say("lies outside {first_year} to {last_year}", first_year=FIRST_YEAR, last_year=LAST_YEAR)
        )
    return moment


def _no_midnight(clock: time) -> time | None:
    return None if clock == time() else clock


def _to_minute(cell: datetime | time) -> time:
    """Excel stores times as fractions of a day: 18:30 may come out as 18:29:59.999."""
    whole = datetime(2000, 1, 1, cell.hour, cell.minute, cell.second, cell.microsecond, tzinfo=UTC)
    rounded = whole + timedelta(milliseconds=500)
    if rounded.date() != whole.date():
        rounded = whole
    return rounded.time().replace(microsecond=0)


def clock_of(cell: Cell) -> time:
    """A time of day: '18:30', '18h30', '18 Uhr 30', '6:30 pm', '630pm', '1830', 'noon', a time cell.

    Raises NotReadableError.
    """
    reason = say("is not a time of day; write it as 18:30")
    if isinstance(cell, (datetime, time)):
        return _to_minute(cell)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if 0 < cell < 1:  # a fraction of a day, as spreadsheets store times
            return (datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=round(cell * 86400))).time()
        cell = shown(cell)
    if not isinstance(cell, str) or len(cell) > MAX_CELL:
        raise NotReadableError(reason)
    text = ABOUT.sub("", cell.strip())
    if found := _JAPANESE_CLOCK.fullmatch(text):
        text = f"{found[1]}:{found[2] or '00'}"
    if fold(text) in NOON:
        return time(12)
    if found := _CLOCK_IN_ONE.fullmatch(text):
        text = f"{found[1]}:{found[2]} {found[3]}"
    if re.fullmatch(r"[0-2]\d[0-5]\d", text):
        text = f"{text[:2]}:{text[2:]}"
    found = _CLOCK.match(text)
    if not found or (found[2] is None and found[0].strip().isdigit() and len(found[0]) > 2):
        raise NotReadableError(reason)
    hour, minute, second = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    if found[4]:
        if not 1 <= hour <= 12:
            raise NotReadableError(reason)
        hour = hour % 12 + (12 if found[4][0] in "pP" else 0)
    if hour > 23 or minute > 59 or second > 59:
        raise NotReadableError(reason)
    return time(hour, minute, second)


def is_clock(cell: Cell) -> bool:
    """Whether a cell is a time of day alone."""
    try:
        clock_of(cell)
    except NotReadableError:
        return False
    return not isinstance(cell, datetime)


def number_of(cell: Cell) -> float:
    """A number, with decimal point or comma. Raises NotReadableError."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        value = float(cell) if abs(cell) < 1e300 else float("inf")
        if value != value or value in (float("inf"), float("-inf")):
            raise NotReadableError(say("is not a number"))
        return value
    if not isinstance(cell, str) or not re.fullmatch(r"[+-]?\d{1,9}([.,]\d{1,9})?", cell.strip()):
        raise NotReadableError(say("is not a number"))
    return float(cell.strip().replace(",", "."))


_SHARE = re.compile(
    r"(.+?)\s*(?:/|\bout of\b|\bof\b|\bvon\b|\bsur\b|\bde\b|\bsu\b|\bvan\b|\baf\b)\s*(\d+)", re.IGNORECASE
)
_RANGE = re.compile(r"(\S+?)\s*(?:[-–—]|\b(?:to|bis|à|a|tot|til)\b)\s*(\S+)", re.IGNORECASE)


def scale_of(cell: Cell, lowest: float, highest: float) -> float:
    """A number of a scale: '7', '7,5', '7/10', '7 von 10', 'seven', and of '5-6' the mean.

    Raises NotReadableError where it lies outside.
    """
    if not isinstance(cell, str):
        return within(number_of(cell), lowest, highest)
    if len(cell) > MAX_CELL:
        raise NotReadableError(say("is not a number"))
    text = ABOUT.sub("", cell.strip())
    if found := _SHARE.fullmatch(text):
        if float(found[2]) != highest:
            raise NotReadableError(
                say("is not on the scale from {lowest:g} to {highest:g}", lowest=lowest, highest=highest)
            )
        text = found[1]
    if (found := _RANGE.fullmatch(text)) and not text.startswith("-"):
        ends = [within(_spoken_number(end), lowest, highest) for end in found.groups()]
        return sum(ends) / 2
    return within(_spoken_number(text), lowest, highest)


def _spoken_number(text: str) -> float:
    word = fold(text)
    return float(NUMBERS[word]) if word in NUMBERS else number_of(text)


def within(value: float, lowest: float, highest: float) -> float:
    """The value itself. Raises NotReadableError where it lies outside."""
    if not lowest <= value <= highest:
        raise NotReadableError(say("is not between {lowest:g} and {highest:g}", lowest=lowest, highest=highest))
    return value


_HOURS = re.compile(r"(\d{1,3})\s*:\s*([0-5]\d)(?::\d\d)?")
_HOURS_AND_MINUTES = re.compile(
    r"(?:(\d{1,4}(?:[.,]\d{1,9})?)\s*(?:h|hrs?|hours?|std|stunden?|heures?|horas?|ore|ora|uur|uren|timer?|godz|godzin[ay]?|hod|hodin[ay]?|ч|час(?:а|ов)?|時間)\.?)?\s*"
    r"(?:(?:and|und|et|y|e|en|og)\s+)?"
    r"(?:(\d{1,9}(?:[.,]\d{1,9})?)\s*(?:m|mn|min|mins|minutes?|minuten|minutos?|minuti|minuto|minutter|minuty?|мин|минут[аы]?|分|['′])?\.?)?",
    re.IGNORECASE,
)


def minutes_of(cell: Cell) -> float:
    """A duration in minutes: 60, '60 min', '1:00', '1 h 30', 'half an hour', a time or duration cell.

    Raises NotReadableError.
    """
    if isinstance(cell, timedelta):
        return cell.total_seconds() / 60
    if isinstance(cell, time):
        return cell.hour * 60 + cell.minute + cell.second / 60
    if isinstance(cell, str) and len(cell) <= MAX_CELL:
        text = ABOUT.sub("", cell.strip())
        if fold(text) in LENGTHS:
            return LENGTHS[fold(text)]
        text = re.sub(r"(\d?)\s?½", lambda half: f"{half[1] or 0}.5", text)
        if found := _HOURS.fullmatch(text):
            return int(found[1]) * 60.0 + int(found[2])
        found = _HOURS_AND_MINUTES.fullmatch(text)
        if found and (found[1] or found[2]):
            hours, minutes = (float((part or "0").replace(",", ".")) for part in found.groups())
            return hours * 60 + minutes
    try:
        return number_of(cell)
    except NotReadableError:
        raise NotReadableError(say("is not a number of minutes; write it as 60")) from None


def none_as_zero(cell: Cell) -> Cell:
    """0 for a word that says none, else the cell."""
    return 0 if fold(shown(cell)) in NONE else cell


def yes_or_no(cell: Cell) -> float:
    """1 for yes, 0 for no, in many languages. Raises NotReadableError."""
    if isinstance(cell, bool):
        return float(cell)
    word = fold(shown(cell))
    if word in YES:
        return 1.0
    if word in NO:
        return 0.0
    raise NotReadableError(say("is neither yes nor no; write 1 or 0"))
