"""The months of which something is known of a person."""

import re
from datetime import date, timedelta
from typing import NamedTuple

import duckdb

from recovery.report.answers import has

NAMED = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
WITH_DATES = ("daily", "massages", "diary")


class Month(NamedTuple):
    """A month of a year."""

    year: int
    number: int  # 1 to 12

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        return (self.first + timedelta(days=31)).replace(day=1) - timedelta(days=1)

    @property
    def name(self) -> str:
        """As it stands in addresses and file names: '2026-10'."""
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range(self.last.day)]

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)


def month_named(name: str) -> Month | None:
    """The month of a name like '2026-10'; None where it is none."""
    found = NAMED.fullmatch(name)
    if found is None or found[1] == "0000" or found[1] == "9999":  # 9999-12 has no day after it
        return None
    return Month(int(found[1]), int(found[2]))


def months_of(connection: duckdb.DuckDBPyConnection, subject: str) -> list[Month]:
    """The months in which a person has a day, a massage or a line of the diary, oldest first."""
    dates = " union all ".join(
        f"select local_date from {relation} where subject = $1" for relation in WITH_DATES if has(connection, relation)
    )
    if not dates:
        return []
    rows = connection.execute(
        f"select distinct date_trunc('month', local_date)::date from ({dates}) where local_date is not null order by 1",
        [subject],
    ).fetchall()
    return [Month.of(first) for (first,) in rows if 0 < first.year < 9999]
