"""The kinds of checks, as plain data: reading them does not need Great Expectations."""

from collections.abc import Iterable
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


class NotNull(NamedTuple):
    """A column is never NULL; Great Expectations reads the column itself."""

    severity: Severity
    sentence: str
    column: str


class NoRows(NamedTuple):
    """A select of `subject, place, value` finds nothing: DuckDB lists what is wrong, for big and crossing relations."""

    severity: Severity
    sentence: str
    select: str


def sql_list(words: Iterable[str]) -> str:
    """Words of the vocabulary for `in` of a select: ('a', 'b')."""
    return f"({', '.join(repr(str(word)) for word in words)})"


def massages_there_are(sentence: str, relation: str, place: str, count: str, only: str = "true") -> NoRows:
    """No row of a relation counts more massages than took place; `only` is the condition of the rows it holds for."""
    return NoRows(
        "critical",
        sentence,
        f"""select {relation}.subject, {place} as place, {relation}.{count} as value
        from pub.{relation}
        left join (
            select subject, count(*) as massages from pub.massages where status = 'attended' group by subject
        ) as logged on logged.subject = {relation}.subject
        where {only} and {relation}.{count} > coalesce(logged.massages, 0)""",
    )


Check = Unique | Within | OneOf | NotNull | NoRows
