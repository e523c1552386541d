"""Who counts in the hour in which a device is taken off or put on: stg.off_spans, stg.handover_minutes."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import duckdb
import pytest
from sql_cases import given, home, rows

from recovery import warehouse
from recovery.warehouse.layers import build_window
from recovery.warehouse.windows import Window

pytestmark = pytest.mark.slow

Records = list[dict[str, Any]]

WATCH_THEN_PHONE = 20 * 30 + 16 * 30
BUILT = ("daily.steps", "daily.distance_m", "daily.moving_min", "stg.source_amounts", "timeline.selected_amounts")


def every(minutes: int, first: str, last: str, value: float, source: str = "watch", metric: str = "steps") -> Records:
    """Records of some minutes each that fill [first, last), hours and minutes after the midnight before 1 May."""
    length = timedelta(minutes=minutes)
    start, end = (
        datetime(2024, 5, 1) + timedelta(hours=int(hour), minutes=int(minute))
        for hour, minute in (time.split(":") for time in (first, last))
    )
    found = []
    while start < end:
        at_once = metric in ("heart_rate_bpm", "is_worn")
        found.append(
            {
                "source": source,
                "metric": metric,
                "start_utc": start,
                "end_utc": start if at_once else start + length,
                "value": value,
            }
        )
        start += length
    return found


def hearts(first: str, last: str, source: str = "watch", minutes: int = 1) -> Records:
    return every(minutes, first, last, 70, source, "heart_rate_bpm")


def watch_off() -> Records:
    """Six hundred steps until half past ten."""
    return every(1, "10:00", "10:30", 20)


def phone_along() -> Records:
    """960 steps of the whole hour."""
    return every(1, "10:00", "11:00", 16, "phone")


CASES: Mapping[str, tuple[Callable[[], Records], int]] = {  # the records of a person, and their steps
    "a watch with a heart rate is taken off": (
        lambda: [*hearts("08:00", "10:30"), *watch_off(), *phone_along()],
        WATCH_THEN_PHONE,
    ),
    "a watch without a heart rate is taken off": (lambda: [*watch_off(), *phone_along()], WATCH_THEN_PHONE),
    "it is put on": (
        lambda: [*hearts("10:30", "12:00"), *every(1, "10:30", "11:00", 20), *phone_along()],
        WATCH_THEN_PHONE,
    ),
    "it is worn from ten past to twenty to": (
        lambda: [*hearts("10:10", "10:40"), *every(1, "10:10", "10:40", 20), *phone_along()],
        WATCH_THEN_PHONE,
    ),
    "it is put on again after an hour and a half": (
        lambda: [*watch_off(), *phone_along(), *every(1, "12:05", "12:10", 20)],
        WATCH_THEN_PHONE + 100,
    ),
    "it is off over midnight": (
        lambda: [
            *hearts("22:00", "23:30"),
            *every(1, "23:00", "23:30", 20),
            *every(1, "23:00", "26:00", 16, "phone"),
            *hearts("25:20", "26:00"),
            *every(1, "25:20", "26:00", 20),
        ],
        600 + 16 * 110 + 20 * 40,
    ),
    "it says that it is off": (
        lambda: [
            *hearts("08:00", "10:30"),
            *every(5, "10:30", "11:00", 0, metric="is_worn"),
            *hearts("11:00", "12:00"),
            *watch_off(),
            *phone_along(),
        ],
        WATCH_THEN_PHONE,
    ),
    "it says so once, which holds for a quarter of an hour": (
        lambda: [
            *hearts("08:00", "10:30"),
            *every(1, "10:30", "10:31", 0, metric="is_worn"),
            *hearts("11:00", "12:00"),
            *watch_off(),
            *every(1, "10:30", "11:00", 16, "phone"),
        ],
        600 + 16 * 16,
    ),
    "the phone tells quarters that end as it is taken off": (
        lambda: [*watch_off(), *every(15, "10:00", "11:00", 240, "phone")],
        WATCH_THEN_PHONE,
    ),
    # nothing is known of wear, or of the minutes: one source for the hour, as for others
    "who sits still wears it": (lambda: [*hearts("08:00", "12:00"), *watch_off(), *phone_along()], 600),
    "an hour without counts may be sitting still": (
        lambda: [*watch_off(), *phone_along(), *every(1, "11:55", "12:00", 20)],
        960 + 100,
    ),
    "a heart rate each hour does not tell wear": (
        lambda: [*hearts("08:10", "10:15", minutes=60), *watch_off(), *phone_along(), *hearts("11:40", "11:41")],
        960,
    ),
    "the phone tells the hour": (lambda: [*watch_off(), *every(60, "10:00", "11:00", 960, "phone")], 960),
    "the silence of a phone says nothing": (
        lambda: [*every(1, "10:00", "11:00", 20), *every(1, "10:20", "10:25", 90, "phone")],
        1200,
    ),
    "a second watch for a run does not take the minutes of the first": (
        lambda: [
            *hearts("08:00", "12:00"),
            *every(1, "10:00", "11:00", 20),
            *hearts("10:10", "10:50", "running watch"),
            *every(1, "10:10", "10:50", 25, "running watch"),
        ],
        1200,
    ),
    "one source alone": (lambda: [*hearts("08:00", "10:30"), *watch_off()], 600),
    "where the phone tells nothing the watch keeps the hour": (
        lambda: [*watch_off(), *every(1, "10:00", "11:00", 0, "phone")],
        600,
    ),
}


def recorded(connection: duckdb.DuckDBPyConnection, order: int = 1) -> None:
    """Each case a person, whose records arrive in this order (1), or from the last to the first (-1)."""
    warehouse.create_raw(connection)
    for name, (make, _) in CASES.items():
        home(connection, "UTC", subject=name)
        records = [one | {"delivery": 1 + (one["source"] == "phone")} for one in make()][::order]
        metres = [one | {"metric": "distance_m"} for one in records if one["metric"] == "steps"]
        given(connection, "raw.samples", records + metres, subject=name)


@pytest.fixture(scope="module")
def people() -> Iterator[duckdb.DuckDBPyConnection]:
    """All built at once."""
    connection = warehouse.connect()
    recorded(connection)
    warehouse.build_all(connection)
    yield connection
    connection.close()


@pytest.mark.parametrize("name", CASES)
def test_each_minute_has_the_source_that_was_worn_in_it(people: duckdb.DuckDBPyConnection, name: str) -> None:
    found = rows(
        people,
        "daily.metrics",
        "metric, sum(value)",
        f"subject = '{name}' and metric in ('steps', 'distance_m') group by 1",
    )

    assert found == [("distance_m", CASES[name][1]), ("steps", CASES[name][1])]


def test_all_of_it_is_in_the_ledger(people: duckdb.DuckDBPyConnection) -> None:
    reported = {
        name: sum(one["value"] for one in make() if one["metric"] == "steps") for name, (make, _) in CASES.items()
    }

    assert rows(people, "massage.ledger", "*", "unaccounted <> 0") == []
    assert (
        dict(rows(people, "massage.ledger", "subject, sum(counted + counted_by_other)", "metric = 'steps' group by 1"))
        == reported
    )


def test_the_sources_of_the_day_are_named(people: duckdb.DuckDBPyConnection) -> None:
    name = "a watch with a heart rate is taken off"

    assert rows(people, "daily.metrics", "source, resolution", f"subject = '{name}' and metric = 'steps'") == [
        ("phone, watch", "minute")
    ]
    assert rows(
        people,
        "timeline.minutes",
        "source, state, count(*)",
        f"subject = '{name}' and hour(minute_utc) = 10 group by 1, 2",
    ) == [("phone", "moving", 30), ("watch", "moving", 30)]


def test_built_day_by_day_of_records_in_another_order_it_is_the_same(people: duckdb.DuckDBPyConnection) -> None:
    with duckdb.connect() as connection:
        recorded(connection, -1)
        for day in (date(2024, 5, 2), date(2024, 5, 1)):
            build_window(connection, Window(tuple(CASES), day, day))
        found = {name: rows(connection, name) for name in BUILT}

    assert found == {name: rows(people, name) for name in BUILT}
