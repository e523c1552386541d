"""The kinds of checks, as plain data: reading them does not need Great Expectations."""

from typing import Literal, NamedTuple

Severity = Literal["critical", "warning"]


class Unique(NamedTuple):
    """No two rows share these columns; Great Expectations reads the columns themselves."""

    severity: Severity
    sentence: str
    columns: tuple[str, ...]


class Within(NamedTuple):
    """A column lies between two bounds, both allowed, NULL allowed; Great Expectations reads the column itself."""

    severity: Severity
    sentence: str
    column: str
    low: float | None = None
    high: float | None = None


class OneOf(NamedTuple):
    """A column holds one of a few words, or NULL; Great Expectations reads the column itself."""

    severity: Severity
    sentence: str
    column: str
    words: tuple[str, ...]


class Told(NamedTuple):
    """A column is never NULL; Great Expectations reads the column itself."""

    severity: Severity
    sentence: str
    column: str


class NoRows(NamedTuple):
    """A select of `subject, place, value` finds nothing: DuckDB lists what is wrong, for big and crossing relations."""

    severity: Severity
    sentence: str
    select: str


Check = Unique | Within | OneOf | Told | NoRows
