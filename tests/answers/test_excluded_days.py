"""A day that is excluded after the fact stays in the looks before; one that was excluded in time does not."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from invented import FIRST, add_person

from recovery import answers, warehouse
from recovery.home import clock
from recovery.home.folder import Home
from recovery.home.settings import Exclusion, Settings

pytestmark = pytest.mark.slow

BEGUN, LATER, AFTER = (FIRST + timedelta(days=day) for day in (90, 150, 250))  # before, amid and after all looks


class Found(NamedTuple):
    """What a run found of pain."""

    looks: list[tuple]
    said: str
    reason: str
    estimate: float

    def until(self, day: date) -> list[tuple]:
        return [look for look in self.looks if look[0] < day]

    def since(self, day: date) -> list[tuple]:
        return [look for look in self.looks if look[0] >= day]


class Worked:
    """A person whose pain is much less after three of four massages, and worse than ever after the fourth."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder)
        self.work = warehouse.open_work(folder / "work.duckdb")
        massages = add_person(self.work, days=226, every=9, effect=2.5)
        self.bad = [massage + timedelta(days=after) for massage in massages[3::4] for after in (1, 2, 3)]
        pain = "if(list_contains(?, local_date), 10, pain)"
        self.work.execute(f"update raw.diary set mood = null, pain = {pain}", [self.bad])

    def run(self, today: date, excluded: list[date]) -> Found:
        """A run on a date, with the days that recovery.toml excludes then."""
        settings = Settings(self.home, exclusions=tuple(Exclusion(day, day, "a bad day") for day in excluded))
        warehouse.load_settings_tables(self.work, settings)
        warehouse.build(self.work)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(clock, "now_utc", lambda: datetime(today.year, today.month, today.day, 12))
            answers.run(self.work, settings)
        looks = self.work.execute(
            "select local_date, n_massages, estimate, low, high, failed from pub.looks where metric = 'pain'"
            " order by look"
        ).fetchall()
        told = self.work.execute(
            "select direction || ', ' || certainty, reason, estimate from pub.effects"
            " where metric = 'pain' and \"window\" = 'days_1_3'"
        ).fetchall()[0]
        return Found(looks, *told)


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Worked:
    """Nothing was excluded in the first run."""
    return Worked(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def counted(worked: Worked) -> Found:
    return worked.run(BEGUN, [])


@pytest.fixture(scope="module")
def excluded(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """What is found where the bad days were excluded from the beginning."""
    made = Worked(tmp_path_factory.mktemp("excluded"))
    return made.run(BEGUN, made.bad)


@pytest.fixture
def counts_all(worked: Worked, counted: Found) -> Worked:
    """The home as it was when nothing had been excluded yet."""
    worked.work.execute("delete from raw.exclusions_seen where first_date is not null")
    worked.work.execute("delete from answers.examined")  # else a day on which the rows are as before is not asked
    warehouse.set_meta(worked.work, "answered", "")
    return worked


def test_days_that_are_excluded_from_the_beginning_count_in_no_look(counted: Found, excluded: Found) -> None:
    assert (len(counted.looks), counted.said) == (13, "unknown, too_early")
    assert (len(excluded.looks), excluded.said) == (7, "better, clear")


def test_whoever_excludes_bad_days_after_all_looks_turns_none(
    counts_all: Worked, counted: Found, excluded: Found
) -> None:
    found = counts_all.run(AFTER, counts_all.bad)

    assert (found.looks, found.said) == (counted.looks, counted.said)
    assert found.estimate == pytest.approx(excluded.estimate)  # of today's days, without the bad ones
    assert found.reason.endswith(
        "The excluded days were changed after the last look; that counts from the next one on."
    )


def test_a_day_that_was_excluded_before_a_look_does_not_count_in_it_and_does_in_those_before(
    counts_all: Worked, counted: Found, excluded: Found
) -> None:
    found = counts_all.run(LATER, counts_all.bad)

    assert len(counted.until(LATER)) == 5
    assert found.looks == [*counted.until(LATER), *excluded.since(LATER)]
    assert found.said == "better, clear"
    assert "excluded days" not in found.reason
    numbers = counts_all.work.execute("select look from pub.looks where metric = 'pain' order by 1").fetchall()
    assert [number for (number,) in numbers] == list(range(1, 12))

    taken_back = counts_all.run(AFTER, [])

    assert (taken_back.looks, taken_back.said) == (found.looks, found.said)
    assert taken_back.estimate == counted.estimate
