"""`inbox/mends.csv`: what a person said of rows that could not be read; the files with these rows stay as they are.

A mend is keyed by the path of the file and the content of the row, so it lapses as soon as the row says something else.
The file is ours: other headings, or more than a person can write, and nothing of it holds.
"""

import csv
import hashlib
import io
import os
import stat
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from recovery.home.folder import Home
from recovery.words.say import say

MENDS = "mends.csv"  # at the top of the inbox
FIELDS = ("path", "row", "column", "value", "written_utc", "person")
WHOLE_ROW = "row"  # as a column: what is said of the row as a whole
LEAVE_OUT = "leave out"  # the only value of it: the row tells of nothing
MAX_BYTES = 4 << 20
MAX_MENDS = 20_000
MAX_PATH, MAX_VALUE, MAX_COLUMN = 4096, 200, 60  # characters
KEY_DIGITS = 32  # of the SHA-256 of a row
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for a formula


class Mend(NamedTuple):
    """What one cell of one row is to say, or that the row is to be left out."""

    path: str  # of the file, below the inbox, as receipts name it
    row: str  # key of the content of the row, `row_key`
    column: str  # of the log, 'date'; or `WHOLE_ROW`
    value: str
    written_utc: datetime  # naive UTC
    person: str  # whose row it is


class Mends(NamedTuple):
    """All that was said, and the lines of the file that say nothing, as they stand."""

    mends: tuple[Mend, ...] = ()
    unread: tuple[tuple[str, ...], ...] = ()  # cells of lines that cannot be read; they are written back
    problems: tuple[str, ...] = ()  # a sentence for each of them, or for the file as a whole
    is_ours: bool = True  # False: the file is something else, and is not written to

    def of(self, path: str) -> dict[str, list[Mend]]:
        """The mends of a file by the key of their row."""
        found: dict[str, list[Mend]] = {}
        for mend in self.mends:
            if mend.path == path:
                found.setdefault(mend.row, []).append(mend)
        return found

    def digest_of(self, path: str) -> str:
        """Changes with what is said of a file; '' where nothing is."""
        said = sorted((mend.row, mend.column, mend.value) for mend in self.mends if mend.path == path)
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16] if said else ""

    @property
    def digests(self) -> dict[str, str]:
        """The digest of each file of which something is said."""
        return {path: self.digest_of(path) for path in sorted({mend.path for mend in self.mends})}


NO_MENDS = Mends()


def row_key(cells: Iterable[str]) -> str:
    """The key of a row by its cells as text; empty cells at its end do not count."""
    told = list(cells)
    while told and not told[-1]:
        told.pop()
    return hashlib.sha256("\0".join(told).encode("utf-8", "surrogatepass")).hexdigest()[:KEY_DIGITS]


def read_mends(home: Home) -> Mends:
    """What `inbox/mends.csv` says; nothing where there is none. A line that cannot be read is told."""
    try:
        text = _text_of(home)
    except FileNotFoundError:
        return Mends()
    except (OSError, UnicodeDecodeError, ValueError) as error:
        return Mends(problems=(say("{name} cannot be read: {error}.", name=MENDS, error=error),), is_ours=False)
    if not text.strip():
        return Mends()
    try:
        lines = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        return Mends(problems=(say("{name} cannot be read: {error}.", name=MENDS, error=error),), is_ours=False)
    if tuple(lines[0]) != FIELDS:
        wanted = say("{name} is not the list of mends: its headings should be {names}.", name=MENDS, names=_headings())
        return Mends(problems=(wanted,), is_ours=False)
    if len(lines) > MAX_MENDS + 1:
        return Mends(problems=(say("{name} has more than {most:,} lines.", name=MENDS, most=MAX_MENDS),), is_ours=False)
    found: dict[tuple[str, str, str], Mend] = {}
    unread, problems = [], []
    for number, cells in enumerate(lines[1:], 2):
        try:
            mend = _mend_in(cells)
        except ValueError as error:
            if any(cells):
                unread.append(tuple(cells))
                problems.append(say("Line {number} of {name}: {error}.", number=number, name=MENDS, error=error))
            continue
        found[mend.path, mend.row, mend.column] = mend  # of two the later one holds
    return Mends(tuple(found.values()), tuple(unread), tuple(problems))


def as_text(mends: Mends) -> str:
    """The file with these mends, and with the lines that nobody could read."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(FIELDS)
    writer.writerows(mends.unread)
    for mend in mends.mends:
        path = f"./{mend.path}" if mend.path.startswith(FORMULA_STARTS) else mend.path
        writer.writerow(
            [path, mend.row, mend.column, mend.value, mend.written_utc.isoformat(timespec="seconds"), mend.person]
        )
    return stream.getvalue()


def why_not(path: str, column: str, value: str) -> str:
    """Why a mend would not be taken; '' where it would. `value` is what a person typed."""
    if not is_of_inbox(path):
        return say("the path is none of the inbox")
    if not column or len(column) > MAX_COLUMN or _has_control(column):
        return say("the column is none")
    if not value.strip() or len(value) > MAX_VALUE:
        return say("the value is empty, or longer than {most} characters", most=MAX_VALUE)
    if _has_control(value):
        return say("the value has characters that nobody sees")
    if value.startswith(FORMULA_STARTS):
        return say("the value begins as a formula of a spreadsheet does")
    if (column == WHOLE_ROW) != (value == LEAVE_OUT):
        return say("of a whole row only {value!r} can be said", value=LEAVE_OUT)
    return ""


def is_of_inbox(path: str) -> bool:
    """Whether a text can be the path of a file below the inbox: no way out of it, nothing that nobody sees."""
    parts = path.split("/")
    is_plain = all(part not in ("", ".", "..") for part in parts)
    return is_plain and len(path) <= MAX_PATH and not _has_control(path)


def _headings() -> str:
    return ", ".join(FIELDS)


def _text_of(home: Home) -> str:
    """The text of the file. Raises ValueError where it is no plain file, or longer than any list of mends."""
    descriptor = os.open(home.inbox / MENDS, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with open(descriptor, "rb") as stream:
        state = os.fstat(stream.fileno())
        if not stat.S_ISREG(state.st_mode):
            raise ValueError(say("it is no file"))
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValueError(say("it has more than {most} MB", most=MAX_BYTES >> 20))
    return data.decode("utf-8-sig")


def _mend_in(cells: Sequence[str]) -> Mend:
    """The mend in a line. Raises ValueError with the reason."""
    if len(cells) != len(FIELDS):
        raise ValueError(say("it has {count} cells, not {wanted}", count=len(cells), wanted=len(FIELDS)))
    path, row, column, value, written, person = cells
    path = path.removeprefix("./")
    if reason := why_not(path, column, value):
        raise ValueError(reason)
    if len(row) != KEY_DIGITS or not set(row) <= set("0123456789abcdef"):
        raise ValueError(say("the key of the row is none"))
    if len(person) > MAX_VALUE or _has_control(person):
        raise ValueError(say("the person is none"))
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return Mend(path, row, column, value, moment, person)


def _has_control(text: str) -> bool:
    return any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for letter in text)
