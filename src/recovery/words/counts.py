"""Counts and lists in sentences: plural forms, thousands, "a, b and c", "and 3 more"."""

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple

Category = Literal["one", "other"]  # of a language's plural forms, as CLDR names them; English has these two


class Noun(NamedTuple):
    """A noun in the plural forms of English."""

    one: str
    other: str


MASSAGE = Noun("massage", "massages")
DAY = Noun("day", "days")
NIGHT = Noun("night", "nights")
WEEK = Noun("week", "weeks")
FILE = Noun("file", "files")
RECORD = Noun("record", "records")
ROW = Noun("row", "rows")
PERSON = Noun("person", "people")
SHARD = Noun("shard", "shards")
CHECK = Noun("check", "checks")
METRIC = Noun("metric", "metrics")
MEASURED_DAY = Noun("measured day", "measured days")


def category(count: int) -> Category:
    """Which plural form a count takes; a translation puts the rule of its language here."""
    return "one" if count == 1 else "other"


def form(noun: Noun, count: int) -> str:
    """The noun for so many of them, without the number."""
    return noun.one if category(count) == "one" else noun.other


def counted(count: int, noun: Noun) -> str:
    """The number and its noun: '1 file', '2,300 files'."""
    return f"{number(count)} {form(noun, count)}"


def number(count: int) -> str:
    """A count, exact, with its thousands parted: '2,300'."""
    return f"{count:,}"


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: 'a', 'a and b', 'a, b and c'; '' where there are none."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def and_more(left_out: int, where: str = "") -> str:
    """The last line of a list that was cut: '... and 3 more', '... and 3 more (recovery status --all)'."""
    return f"... and {number(left_out)} more{f' ({where})' if where else ''}"


def say_first(lines: Iterable[str], limit: int | None, echo: Callable[[str], object], where: str = "") -> None:
    """Says the first `limit` lines (None: all), and then how many were left out, if any; `where` has them."""
    every = list(lines)
    for line in every[:limit]:
        echo(line)
    if limit is not None and len(every) > limit:
        echo(and_more(len(every) - limit, where))
