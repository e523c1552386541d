"""Edits of a small home, each published as changes of the former snapshot and compared with all of `pub`.

    python tests/published/edits.py [--edits 60] [--seed 1]

A home of two people grows by edits drawn at random: a new day, late data, an excluded day, a removed log, a new person,
one who is forgotten. After each the published tables must hold the rows of `pub`, relation by relation, which are what
a snapshot that is written whole holds. Prints for each edit what was replaced.
"""

import argparse
import random
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from recovery import warehouse
from recovery.home.folder import Home
from recovery.home.settings import Exclusion, Settings
from recovery.published import increment, publish, snapshot
from recovery.published.increment import Replaced

FIRST = date(2026, 3, 2)
DAYS = 5
ONE_DAY = timedelta(days=1)
PEOPLE = ("anna", "berta")


class Published(NamedTuple):
    """What became of one publication: None where it was written whole."""

    replaced: Mapping[str, Replaced] | None

    @property
    def days(self) -> dict[str, int]:
        """The subject-days that were replaced, of each relation of which it was not all."""
        return {name: one.days for name, one in (self.replaced or {}).items() if one.days}


class Edited:
    """A home, its people's last days, and the settings as they stand now."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(home=Home(folder), home_time_zone="Europe/Berlin", people=PEOPLE)
        self.settings.home.private.mkdir(parents=True)
        self.connection = warehouse.connect()
        warehouse.create_raw(self.connection)
        self.last: dict[str, date] = {}
        for subject in PEOPLE:
            self.begin(subject)

    def begin(self, subject: str, days: int = DAYS) -> None:
        for number in range(days):
            self.day(subject, FIRST + number * ONE_DAY)
        self.log(subject, FIRST + ONE_DAY, f"a note on {subject}")

    def day(self, subject: str, day: date, hours: range = range(7, 22), delivery: int = 1) -> None:
        """Steps of every hour of a day, and the sleep before it."""
        midnight = datetime.combine(day, time())
        self.connection.executemany(
            "insert into raw.samples values (?, 'watch', 'steps', ?, ?, ?, null, ?, null)",
            [
                (
                    subject,
                    midnight + timedelta(hours=hour),
                    midnight + timedelta(hours=hour, minutes=1),
                    60.0 + hour,
                    delivery,
                )
                for hour in hours
            ],
        )
        self.connection.execute(
            "insert into raw.sleep_sessions by name select ? as subject, 'watch' as source, ? as session_key,"
            " ? as start_utc, ? as end_utc, false as tz_assumed, 230 as asleep_min, ? as delivery",
            [subject, f"{day}", midnight, midnight + timedelta(hours=4, minutes=hours.start), delivery],
        )
        warehouse.mark_dirty(self.connection, subject, day, day)
        self.last[subject] = max(day, self.last.get(subject, day))

    def log(self, subject: str, day: date, note: str) -> None:
        """A massage and a day of the diary, both with the note."""
        path = f"{subject}/{day}.csv"
        for table, values in (("massages", "60 as massage_min, 'attended' as status"), ("diary", "4 as pain")):
            self.connection.execute(
                f"insert into raw.{table} by name select ? as subject, ? as path, 'row 2' as place, 'log' as origin,"
                f" ?::date as local_date, {values}, ? as note, 1 as delivery",
                [subject, path, day, note],
            )
        warehouse.mark_dirty(self.connection, subject, day, day)

    def forget(self, subject: str, *tables: str) -> None:
        """Removes all that tables say of a person."""
        for table in tables:
            self.connection.execute(f"delete from raw.{table} where subject = ?", [subject])
        warehouse.mark_dirty(self.connection, subject, FIRST, self.last[subject])

    def publish(self) -> Published:
        """Builds and publishes."""
        warehouse.load_settings_tables(self.connection, self.settings)
        warehouse.build(self.connection)
        return self.publish_as_built()

    def publish_as_built(self) -> Published:
        replaced = publish.write(self.connection, self.settings)
        publish.reveal(self.connection, self.settings)
        return Published(replaced)


def new_day(home: Edited, subject: str) -> None:
    home.day(subject, home.last[subject] + ONE_DAY)


def late_data(home: Edited, subject: str) -> None:
    home.day(subject, home.last[subject] - 3 * ONE_DAY, range(5, 7), delivery=2)


def exclusion(home: Edited, subject: str) -> None:
    day = home.last[subject] - 2 * ONE_DAY
    found = (*home.settings.exclusions, Exclusion(day, day, f"flu of {day}", subject))
    home.settings = replace(home.settings, exclusions=found)


def massage(home: Edited, subject: str) -> None:
    home.log(subject, home.last[subject] - ONE_DAY, f"massage before {home.last[subject]}")


def removed_log(home: Edited, subject: str) -> None:
    home.forget(subject, "massages", "diary")


def new_person(home: Edited, _subject: str) -> None:
    name = f"person {len(home.last)}"
    home.begin(name)
    home.settings = replace(home.settings, people=(*home.settings.people, name))


def forgotten_person(home: Edited, subject: str) -> None:
    home.forget(subject, "samples", "sleep_sessions", "massages", "diary")
    home.last.pop(subject)
    people = tuple(name for name in home.settings.people if name != subject)
    kept = tuple(one for one in home.settings.exclusions if one.subject != subject)
    home.settings = replace(home.settings, people=people, exclusions=kept)


Change = Callable[[Edited], None]
EDITS: tuple[Callable[[Edited, str], None], ...] = (
    new_day, late_data, exclusion, massage, removed_log, new_person, forgotten_person,
)  # fmt: skip


@contextmanager
def small_relations_by_days() -> Iterator[None]:
    """Lets relations of a few rows be changed day by day, as big ones are, and the file have any number of holes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(increment, "SMALL_ROWS", 0)
        patch.setattr(increment, "SMALL_ROWS_OF_DAYS", 0)
        patch.setattr(increment, "MOST_REPLACED_SHARE", 1e9)
        patch.setattr(increment, "MOST_FREE_SHARE", 1.0)
        yield


def differences(home: Edited) -> list[str]:
    """The relations of which the published rows are not those of `pub`, in whatever order."""
    connection, unlike = home.connection, []
    connection.execute(f"attach {warehouse.quote(str(home.settings.home.published))} as snapshot (read_only)")
    try:
        for relation in snapshot.tables():
            columns = "* exclude (published_utc)" if relation.name == "snapshot" else "*"
            sides = [f"select {columns} from {name}" for name in (relation.full_name, snapshot.name_of(relation))]
            for one, other in (sides, reversed(sides)):
                if connection.execute(f"({one}) except all ({other}) limit 1").fetchall():
                    unlike.append(relation.name)
    finally:
        connection.execute("detach snapshot")
    return unlike


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--edits", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    drawn = random.Random(given.seed)  # noqa: S311 - a sample, no secret
    with tempfile.TemporaryDirectory() as folder, small_relations_by_days():
        home = Edited(Path(folder) / "home")
        home.publish()
        for _ in range(given.edits):
            edit = drawn.choice(EDITS if len(home.last) > 1 else EDITS[:-1])
            edit(home, drawn.choice(sorted(home.last)))
            found = home.publish()
            print(f"{edit.__name__:17}", "whole" if found.replaced is None else found.days, differences(home) or "")


if __name__ == "__main__":
    main()
