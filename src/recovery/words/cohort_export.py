"""The sentences about a study that is given away: what is in it, and what is not because few people share it."""

from collections.abc import Sequence

from recovery.vocabulary.weekdays import WEEKDAYS
from recovery.words.counts import PERSON, ROW, counted
from recovery.words.say import say

FEWER_CANNOT = say("Fewer cannot be given away without telling of each of them.")
SMALL_CELLS = say("participants: subgroup is left out, since arm and subgroup together would tell of few people.")
NOT_PROTECTED = say(
    "Names, paths, notes, zones and true dates are not in here. Each person's dates are moved by a secret number of"
    " whole weeks, the same for all rows of the person. These are health data of people all the same: who knows"
    " when somebody began or ended, or has another record of the same days, can find the person and the dates again."
)


def too_few(people: int, k: int) -> str:
    return say("Taking part: {people}; at least {k} are needed.", people=counted(people, PERSON), k=k)


def table_left_out(table: str, rows: int, k: int) -> str:
    return say("{table}: left out with {rows}, of fewer than {k} people.", table=table, rows=counted(rows, ROW), k=k)


def rows_left_out(table: str, rows: int, k: int) -> str:
    return say("{table}: {rows} left out, of fewer than {k} people each.", table=table, rows=counted(rows, ROW), k=k)


def column_left_out(table: str, column: str, k: int) -> str:
    return say(
        "{table}: {column} is left out, which fewer than {k} people share or have.", table=table, column=column, k=k
    )


def levels_merged(column: str, levels: int, k: int) -> str:
    return say(
        "participants: {levels} of {column} with fewer than {k} people are given as `other`.",
        levels=levels,
        column=column,
        k=k,
    )


def words_replaced(table: str, column: str, rows: int, k: int) -> str:
    return say(
        "{table}: {column} of {rows} is given as `other`, a word that fewer than {k} people use.",
        table=table,
        column=column,
        rows=counted(rows, ROW),
        k=k,
    )


def days_left_out(days: int) -> str:
    return say(
        "timeline: {days:,} days left out on which the clock changed or minutes are missing: they would tell the true"
        " date.",
        days=days,
    )


def weekdays_left_out(table: str, days: Sequence[int], rows: int) -> str:
    return say(
        "{table}: {rows} of {days} left out: clocks change on that day of the week, which would tell the true dates.",
        table=table,
        rows=counted(rows, ROW),
        days=_named(days),
    )


def column_of_weekdays(table: str, column: str, days: Sequence[int]) -> str:
    return say(
        "{table}: {column} of {days} is left out: clocks change on that day of the week, which would tell the true"
        " dates.",
        table=table,
        column=column,
        days=_named(days),
    )


def _named(days: Sequence[int]) -> str:
    return " and ".join(f"{tuple(WEEKDAYS.values())[day - 1]}s" for day in days)


TITLE = say("A study of massages, without names")
CODEBOOK_COLUMNS = ("Column", "Type", "Unit", say("What it is"), say("May hold"), say("What became of it"))


def counted_people(k: int) -> str:
    return say("What fewer than {k} people share is left out or given as `other`:", k=k)


def columns_not_given(columns: list[str]) -> str:
    return say("Not given: {names}.", names=", ".join(f"`{column}`" for column in columns))


def between(low: str, high: str) -> str:
    if low and high:
        return say("{low} to {high}", low=low, high=high)
    return say("at least {low}", low=low) if low else say("at most {high}", high=high)


def written(people: int, folder: object, rows: int) -> str:
    return say(
        "{people} and {rows} are in {folder}, described by datapackage.json and codebook.md.",
        people=counted(people, PERSON),
        rows=counted(rows, ROW),
        folder=folder,
    )


def key_stays(path: object) -> str:
    return say("Who is who stands in {path} alone: never give that file away.", path=path)
