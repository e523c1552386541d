"""A row that cannot be read takes days away from what is compared, and does nothing else."""

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import duckdb
import layers
import numpy as np
import pytest
from invented import FIRST, add_person

from recovery import warehouse
from recovery.answers.people import Person, person
from recovery.home.settings import VALIDITY

pytestmark = pytest.mark.slow

LOG = "me/massages.csv"
DAYS = 160


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder: Path = tmp_path_factory.mktemp("work")
    connection = warehouse.open_work(folder / "work.duckdb")
    connection.executemany("insert into raw.validity values (?, ?)", sorted(VALIDITY.items()))
    add_person(connection, days=DAYS, every=9, effect=1.5)
    warehouse.build(connection)
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def whole(work: duckdb.DuckDBPyConnection) -> Person:
    return person(work, "me", ())


def with_rows(work: duckdb.DuckDBPyConnection, *spans: tuple[int | None, int | None]) -> Person:
    """The person whose list has rows more that cannot be read, by the days between which they lie."""
    work.execute("delete from raw.unclear_rows")
    for number, (first, last) in enumerate(spans):
        dates = [None if day is None else FIRST + timedelta(days=day) for day in (first, last)]
        work.execute(
            "insert into raw.unclear_rows values ('me', ?, ?, 'has no date', ?, ?)", [LOG, f"row {number}", *dates]
        )
    layers.build(work, "massage.unknown_days", "massage.days")
    return person(work, "me", ())


def is_compared(one: Person, name: str = "pain") -> np.ndarray:
    """The days of a metric with a value that lie on no day 0 to +3 of a massage."""
    near = np.zeros(len(one.dates), dtype=bool)
    for massage in one.massages:
        near[massage.day : massage.day + 4] = True
    return np.isfinite(one.series[name].values) & ~near


def test_an_unknown_day_and_the_three_after_it_are_not_compared(work: duckdb.DuckDBPyConnection, whole: Person) -> None:
    first = (whole.dates[0].astype(object) - FIRST).days
    day = next(at for at in range(20, DAYS) if is_compared(whole)[at : at + 5].all())

    found = with_rows(work, (day + first, day + first))

    assert (np.flatnonzero(is_compared(whole) & ~is_compared(found)) - day).tolist() == [0, 1, 2, 3]
    assert np.flatnonzero(np.isnan(found.minutes("day"))).tolist() == [day]
    assert np.flatnonzero(np.isnan(found.minutes("night"))).tolist() == [day + 1]


def test_a_day_after_a_known_massage_keeps_its_value_where_an_unknown_day_lies_before_it(
    work: duckdb.DuckDBPyConnection, whole: Person
) -> None:
    massage = whole.massages[3]
    first = (whole.dates[0].astype(object) - FIRST).days

    found = with_rows(work, (massage.day - 1 + first, massage.day - 1 + first))

    lost = np.flatnonzero(np.isfinite(whole.series["pain"].values) & np.isnan(found.series["pain"].values))
    assert (lost - massage.day).tolist() == [-1, 0]  # day 0 is compared with nothing, and may follow a massage


def test_one_more_row_on_the_date_of_a_massage_leaves_its_minutes_unknown(
    work: duckdb.DuckDBPyConnection, whole: Person
) -> None:
    massage = whole.massages[3]
    first = (whole.dates[0].astype(object) - FIRST).days

    found = with_rows(work, (massage.day + first, massage.day + first))

    assert found.massages == whole.massages
    assert np.flatnonzero(np.isnan(found.minutes("day"))).tolist() == [massage.day]
    assert is_compared(found).tolist() == is_compared(whole).tolist()


@pytest.mark.parametrize("seed", range(6))
def test_rows_that_cannot_be_read_only_remove_days(work: duckdb.DuckDBPyConnection, whole: Person, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311
    spans: list[tuple[int | None, int | None]] = []
    for _ in range(draw.randint(1, 4)):
        first = draw.randint(-20, DAYS + 10)
        last = first + draw.choice([0, 0, 3, 20])
        spans.append((draw.choice([first, first, first, None]), draw.choice([last, last, last, None])))

    found = with_rows(work, *spans)

    assert found.dates.tolist() == whole.dates.tolist()
    assert found.massages == whole.massages
    assert not (is_compared(found) & ~is_compared(whole)).any()
    for name, series in found.series.items():
        seen = np.isfinite(series.values)
        assert (series.values[seen] == whole.series[name].values[seen]).all()
    assert found.is_massage("day").tolist() == whole.is_massage("day").tolist()
    minutes, before = found.minutes("day"), whole.minutes("day")
    assert (minutes[np.isfinite(minutes)] == before[np.isfinite(minutes)]).all()
