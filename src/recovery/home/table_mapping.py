"""What recovery.toml says of tables and of private files: `[[tables]]`, and patterns of paths below the inbox.

A mapping names the columns of a table and what they measure, so that a file no reader knows can be read. Of a table the
rows are measured at times ('time'), tell of whole days ('date'), or are nights ('sleep_start' and 'sleep_end').
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any

from recovery.home.mapped_columns import (
    COUNTS,
    DAY_METRICS,
    METRICS,
    NIGHT_METRICS,
    STAGE_METRICS,
    TIME_METRICS,
    MappedColumn,
    MappedRows,
    ShortRepr,
    mapping_error,
    parse_rows,
    units,
)
from recovery.words.say import say

__all__ = [
    "COUNTS",
    "DAY_METRICS",
    "KEYS",
    "MAX_COVERED_MIN",
    "METRICS",
    "NIGHT_METRICS",
    "STAGE_METRICS",
    "TIME_METRICS",
    "UNIX",
    "YEAR_MONTH_DAY",
    "MappedColumn",
    "TableMapping",
    "matches",
    "parse_mapping",
    "units",
]

KEYS = (
    "file", "source", "time", "end", "covers_min", "date", "sleep_start", "sleep_end", "date_format", "zone", "decimal",
    "header_row", "columns", "where", "log", "rows", "carry_down", "words",
)  # fmt: skip
UNIX = {"unix s": 1, "unix ms": 1000}  # date formats that are no calendar date
MAX_COVERED_MIN = 24 * 60
YEAR_MONTH_DAY = ("year", "month", "day")  # the order of a date in three columns


@dataclass(frozen=True, repr=False)
class TableMapping(ShortRepr):
    """How the files that `file` names are to be read: what `columns` measure in every row, and some `rows` by kind."""

    SINCE = ("rows", "carry_down", "words")

    file: str
    source: str
    kind: str  # 'time', 'date', 'sleep'
    start: tuple[str, ...]  # the column, or those of date and time of day, in which a row begins
    columns: tuple[MappedColumn, ...]
    end: tuple[str, ...] = ()
    covers_min: float | None = None
    date_format: str | None = None  # None = ISO
    zone: str | None = None  # of times without an offset; None = the person's own
    decimal: str | None = None  # None = numbers have no comma
    header_row: int = 1
    rows: tuple[MappedRows, ...] = ()
    carry_down: bool = False  # a blank date is that of the row above
    words: tuple[tuple[str, float], ...] = ()  # words for ratings, and the number of each

    @property
    def headings(self) -> tuple[str, ...]:
        """All columns that a file must have."""
        of_rows = (heading for rows in (MappedRows("", self.columns), *self.rows) for heading in rows.headings)
        return tuple(dict.fromkeys((*self.start, *self.end, *of_rows)))

    @property
    def parts(self) -> tuple[MappedRows, ...]:
        """All kinds of rows."""
        return (MappedRows("", self.columns), *self.rows) if self.columns or self.kind == "sleep" else self.rows


def matches(pattern: str, path: str) -> bool:
    """True if a pattern names a path of the inbox or a folder or archive it lies in; `*` stands for anything.

    A pattern without `/` is compared with each name of the path, another with the path from the inbox on. Capitals do
    not count.
    """
    parts = path.replace("!/", "/").casefold().split("/")
    wanted = pattern.casefold().strip("/")
    names = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)] if "/" in wanted else parts
    return any(fnmatchcase(name, wanted) for name in names)


def parse_mapping(row: Mapping[str, Any], zone: Callable[[str, object], str]) -> TableMapping:
    """One `[[tables]]` of recovery.toml. Raises SettingsError that names the key."""
    file = _text(row, "file")
    kinds = [kind for kind, key in (("time", "time"), ("date", "date"), ("sleep", "sleep_start")) if key in row]
    if len(kinds) != 1:
        raise mapping_error(file, say("needs one of time, date and sleep_start: the column that tells when"))
    kind = kinds[0]
    _refuse_foreign(row, file, kind)
    rows = parse_rows(row, file, kind)
    is_plain = bool(rows) and not (rows[0].log or rows[0].where) and "columns" in row
    mapping = TableMapping(
        file=file,
        source=_text(row, "source"),
        kind=kind,
        start=_columns(row, file, {"time": "time", "date": "date", "sleep": "sleep_start"}[kind]),
        end=_columns(row, file, "sleep_end" if kind == "sleep" else "end") if kind == "sleep" or "end" in row else (),
        covers_min=_covered(row, file),
        date_format=_date_format(row, file),
        zone=zone(say("[[tables]] {file}: zone", file=file), row["zone"]) if "zone" in row else None,
        decimal=_decimal(row, file),
        header_row=_header_row(row, file),
        columns=rows[0].columns if is_plain else (),
        rows=rows[1:] if is_plain else rows,
        carry_down=_carry_down(row, file),
        words=_words(row, file),
    )
    if not mapping.parts:
        raise mapping_error(file, say('needs columns, as columns = {{ "Step count" = "steps" }}'))
    counted = [column.metric for part in mapping.parts for column in part.columns if column.metric in COUNTS]
    if kind == "time" and counted and not mapping.end and mapping.covers_min is None:
        raise mapping_error(
            file,
            say(
                "counts {counted}: say with covers_min how many minutes a row covers, or name its end",
                counted=counted[0],
            ),
        )
    return mapping


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise mapping_error(str(row.get("file", "")), say("{key} must be a text, not {value!r}", key=key, value=value))
    return value.strip()


def _refuse_foreign(row: Mapping[str, Any], file: str, kind: str) -> None:
    """Raises SettingsError for a key that means nothing beside another."""
    foreign = {
        "time": ("sleep_end",), "date": ("end", "covers_min", "sleep_end", "zone"), "sleep": ("end", "covers_min"),
    }[kind]  # fmt: skip
    for key in foreign:
        if key in row:
            raise mapping_error(
                file, say("{key} does not go with {kind}", key=key, kind="sleep_start" if kind == "sleep" else kind)
            )
    if "end" in row and "covers_min" in row:
        raise mapping_error(file, say("end and covers_min both say how long a row is: keep one"))


def _columns(row: Mapping[str, Any], file: str, key: str) -> tuple[str, ...]:
    value = row.get(key)
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not 1 <= len(names) <= 3 or not all(isinstance(name, str) for name in names):
        raise mapping_error(
            file,
            say(
                '{key} must be the heading of a column, two as ["Date", "Time"], or three as ["Year", "Month", "Day"]',
                key=key,
            ),
        )
    if len(names) == len(YEAR_MONTH_DAY) and (key != "date" or "date_format" in row):
        raise mapping_error(
            file, say("year, month and day in three columns are a date, without a date_format: write date = ...")
        )
    return tuple(names)


def _covered(row: Mapping[str, Any], file: str) -> float | None:
    value = row.get("covers_min")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= MAX_COVERED_MIN:
        raise mapping_error(
            file,
            say(
                "covers_min must be minutes, more than 0 and at most {max_covered_min}, not {value!r}",
                max_covered_min=MAX_COVERED_MIN,
                value=value,
            ),
        )
    return float(value)


def _header_row(row: Mapping[str, Any], file: str) -> int:
    value = row.get("header_row", 1)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 100:
        raise mapping_error(
            file, say("header_row must be the row that holds the headings, 1 to 100, not {value!r}", value=value)
        )
    return value


def _decimal(row: Mapping[str, Any], file: str) -> str | None:
    value = row.get("decimal")
    if value not in (None, ".", ","):
        raise mapping_error(file, say('decimal must be "." or ",", not {value!r}', value=value))
    return None if value is None else str(value)


def _date_format(row: Mapping[str, Any], file: str) -> str | None:
    if "date_format" not in row:
        return None
    value = _text(row, "date_format")
    probe = datetime(2026, 5, 31, 18, 30, tzinfo=UTC)  # any moment
    try:
        if value not in UNIX:
            datetime.strptime(probe.strftime(value), value)  # noqa: DTZ007
    except ValueError:
        raise mapping_error(
            file, say("date_format {value!r} is none; write '%d.%m.%Y %H:%M', 'unix s' or 'unix ms'", value=value)
        ) from None
    return value


def _carry_down(row: Mapping[str, Any], file: str) -> bool:
    value = row.get("carry_down", False)
    if not isinstance(value, bool):
        raise mapping_error(file, say("carry_down must be true or false, not {value!r}", value=value))
    return value


def _words(row: Mapping[str, Any], file: str) -> tuple[tuple[str, float], ...]:
    value = row.get("words", {})
    is_table = isinstance(value, dict)
    if not is_table or any(isinstance(each, bool) or not isinstance(each, int | float) for each in value.values()):
        raise mapping_error(file, say("words must be written as words = {{ mild = 2, severe = 8 }}"))
    return tuple((word, float(number)) for word, number in value.items())
