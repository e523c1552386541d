"""The kinds of checks, as plain data: reading them does not need Great Expectations.

`_suites` makes an expectation of each. All but `NoRows` are expectations on columns; `NoRows` is for a rule that
crosses rows or tables.
"""

from collections.abc import Iterable
from datetime import datetime
from itertools import product
from typing import Literal, NamedTuple

from recovery.vocabulary.verdicts import Certainty, Word, verdict_of
from recovery.warehouse.quoting import quote

MAX_ROWS = 100  # of the rows that one expectation did not expect; all of them are counted
Severity = Literal["critical", "warning"]


class Unique(NamedTuple):
    """No two rows share these columns."""

    severity: Severity
    sentence: str
    columns: tuple[str, ...]


class Within(NamedTuple):
    """A column lies between two bounds, both allowed, and above a third; NULL is allowed."""

    severity: Severity
    sentence: str
    column: str
    low: float | datetime | None = None
    high: float | datetime | None = None
    above: float | None = None  # in the place of `low`: the bound itself is not allowed


class OneOf(NamedTuple):
    """A column holds one of a few words, or NULL."""

    severity: Severity
    sentence: str
    column: str
    words: tuple[str, ...]


class NotNull(NamedTuple):
    """A column is never NULL."""

    severity: Severity
    sentence: str
    column: str


class Ordered(NamedTuple):
    """One column is before another in every row that has both."""

    severity: Severity
    sentence: str
    first: str
    second: str
    is_equal_allowed: bool = False


class Columns(NamedTuple):
    """A table has these columns, in this order."""

    severity: Severity
    sentence: str
    names: tuple[str, ...]


class NoRows(NamedTuple):
    """A select of `subject, place, value` finds nothing; in it `{batch}` is the relation that is checked."""

    severity: Severity
    sentence: str
    select: str


def sql_list(words: Iterable[str]) -> str:
    """Words of the vocabulary for `in` of a select: ('a', 'b')."""
    return f"({', '.join(repr(str(word)) for word in words)})"


def verdict_follows(place: str, is_size_excluded: str = "null") -> NoRows:
    """The verdict of every row is the one that follows from its direction and certainty.

    `is_size_excluded` is the column that tells it of claims of a size.
    """
    rows = [
        f"('{direction}', '{certainty}', {size}, {_text(verdict)})"
        for direction, certainty in product(Word, Certainty)
        for size, is_excluded in (("null", None), ("false", False), ("true", True))
        for verdict in [verdict_of(direction, certainty, is_size_excluded=is_excluded)]
    ]
    return NoRows(
        "critical",
        "A verdict follows from direction and certainty.",
        f"""select said.subject, said.{place} as place, said.verdict as value
        from {{batch}} as said
        left join (values {", ".join(rows)}) as derived (direction, certainty, is_excluded, verdict)
            on said.direction = derived.direction and said.certainty = derived.certainty
            and derived.is_excluded is not distinct from {is_size_excluded}
        where said.verdict is distinct from derived.verdict""",
    )


def _text(word: str | None) -> str:
    """A word for SQL."""
    return "null" if word is None else quote(word)


def massages_there_are(sentence: str, relation: str, place: str, count: str, only: str = "true") -> NoRows:
    """No row of a relation counts more massages than took place; `only` is the condition of the rows it holds for."""
    return NoRows(
        "critical",
        sentence,
        f"""select {relation}.subject, {place} as place, {relation}.{count} as value
        from {{batch}} as {relation}
        left join (
            select subject, count(*) as massages from pub.massages where status = 'attended' group by subject
        ) as logged on logged.subject = {relation}.subject
        where {only} and {relation}.{count} > coalesce(logged.massages, 0)""",
    )


Check = Unique | Within | OneOf | NotNull | Ordered | Columns | NoRows
