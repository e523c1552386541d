"""The whole way from real Garmin files to the published numbers, against fitparse and against sums by hand.

All four years are checked by hand with tests/bench/check_years.py; here are the days on which something happens.
"""

import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import fitparse_steps
import homes
import pytest

from recovery import warehouse

# year of the zip, first day, days, what happens
STRETCHES = (
    (2016, date(2016, 12, 22), 9),  # a total steps back on the 28th
    (2017, date(2017, 3, 23), 6),  # the clock goes forward on the 26th
    (2017, date(2017, 8, 1), 4),  # a file opens at midnight with a total of the new day
    (2018, date(2018, 9, 15), 4),  # two devices on the 17th
    (2018, date(2018, 11, 18), 5),  # the watch is set to 8 h 16 min ahead of UTC
    (2019, date(2019, 10, 24), 5),  # the clock goes back on the 27th, a false offset 0 in between
)
MASSAGES = "date,start,minutes\n2016-12-28,17:00,60\n2017-03-26,12:00,30\n"


def stretches_of(real: Path) -> Iterator[tuple[str, bytes]]:
    for year, first, days in STRETCHES:
        folders = {f"{first + timedelta(days=day):%Y/%m/%d}/" for day in range(days)}
        with zipfile.ZipFile(real / "fit" / "CHI-Garmin" / f"garmin_{year}.zip") as archive:
            for name in archive.namelist():
                if name[:11] in folders and not name.endswith("/"):
                    yield name, archive.read(name)


@pytest.fixture(scope="module")
def contents(real: Path) -> dict[str, bytes]:
    return dict(stretches_of(real))


@pytest.fixture(scope="module")
def home(contents: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Iterator[homes.HomeAtWork]:
    made = homes.make(tmp_path_factory.mktemp("garmin") / "home", 'home_time_zone = "Europe/Copenhagen"\n')
    warehouse.load_settings_tables(made.connection, made.settings)
    made.drop("garmin.zip", homes.zipped(dict(contents)))
    made.drop("massages.csv", MASSAGES)
    made.run()
    warehouse.build(made.connection)
    yield made
    made.close()


@pytest.fixture(scope="module")
def by_fitparse(contents: dict[str, bytes]) -> dict[tuple[str, date], int]:
    """Steps of each device and day, by fitparse alone."""
    return fitparse_steps.daily_steps(
        reading for content in contents.values() for reading in fitparse_steps.readings(content)
    )


def test_every_fit_file_is_loaded_or_the_same_as_a_loaded_one(home: homes.HomeAtWork) -> None:
    statuses = Counter(status for path, status in home.statuses().items() if path.endswith(".fit"))

    assert set(statuses) <= {"loaded", "duplicate"}
    assert statuses["loaded"] > 300


def test_daily_steps_are_the_sums_of_the_largest_totals(
    home: homes.HomeAtWork, by_fitparse: dict[tuple[str, date], int]
) -> None:
    published = dict(home.rows("select local_date, cast(steps as bigint) from pub.daily where steps is not null"))
    devices = Counter(day for _, day in by_fitparse)

    assert devices[date(2018, 9, 17)] == 2
    assert {day: published.get(day) for _, day in by_fitparse if devices[day] == 1} == {
        day: steps for (_, day), steps in by_fitparse.items() if devices[day] == 1
    }


def test_two_devices_of_a_day_are_not_added_up(
    home: homes.HomeAtWork, by_fitparse: dict[tuple[str, date], int]
) -> None:
    told = [steps for (_, day), steps in by_fitparse.items() if day == date(2018, 9, 17)]
    ((published,),) = home.rows("select steps from pub.daily where local_date = '2018-09-17'")

    assert max(told) * 0.9 <= published < sum(told)


def test_the_minutes_of_a_day_sum_to_its_steps(home: homes.HomeAtWork) -> None:
    sums = home.rows("select local_date, sum(steps) from pub.timeline group by all having sum(steps) is not null")
    daily = home.rows("select local_date, steps from pub.daily where steps is not null")

    assert sorted(sums) == sorted(daily)
    assert len(daily) >= 30


def test_days_have_as_many_minutes_as_their_clock(home: homes.HomeAtWork) -> None:
    lengths = dict(home.rows("select local_date, count(*) from pub.timeline group by all"))

    assert lengths.pop(date(2017, 3, 26)) == 1380
    assert lengths.pop(date(2019, 10, 27)) == 1500
    journey = {day: length for day, length in lengths.items() if length != 1440}
    assert all(date(2018, 11, 18) <= day <= date(2018, 11, 21) for day in journey), journey


def test_around_massage_is_what_daily_gives_by_hand(home: homes.HomeAtWork) -> None:
    days = {
        day: (steps, is_valid)
        for day, steps, is_valid in home.rows("select local_date, steps, is_valid_day from pub.daily")
    }
    massage = date(2016, 12, 28)
    before = [
        days[day][0]
        for day in (massage - timedelta(days=back) for back in range(7, 0, -1))
        if day in days and days[day][1] and days[day][0] is not None
    ]
    expected = [
        (offset, days[day][0], round(sum(before) / len(before), 6))
        for offset in range(-7, 8)
        for day in [massage + timedelta(days=offset)]
        if day in days and days[day][0] is not None
    ]

    rows = home.rows(
        "select day_offset, value, baseline, change from pub.around_massage"
        f" where metric = 'steps' and massage_id like '%{massage}%' order by day_offset"
    )

    assert len(before) >= 3
    assert [row[:3] for row in rows] == expected
    assert [row[3] for row in rows] == [round(value - baseline, 6) for _, value, baseline in expected]
