"""The cases of ../shared/cases/clocks: what their readers read, through the whole SQL."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from one_reader import folder
from places import SHARED
from sql_cases import home, rows

from recovery import warehouse
from recovery.formats.entries import context_of
from recovery.formats.records import Batch
from recovery.home.folder import Home
from recovery.home.settings import Settings
from recovery.readers import readers

CASES = SHARED / "cases" / "clocks"
HOMES = {
    "two_devices_on_a_journey": "Europe/Berlin",
    "garmin_factory_clock": "UTC",
    "garmin_resting_heart_rate_midnight": "UTC",
}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not beside this checkout"),
]


@pytest.fixture(scope="module")
def cases() -> Iterator[duckdb.DuckDBPyConnection]:
    """One person for each case."""
    connection = warehouse.connect()
    warehouse.create_raw(connection)
    for subject, zone in HOMES.items():
        home(connection, zone, subject=subject)
        _read(connection, subject, zone)
    warehouse.build_all(connection)
    yield connection
    connection.close()


def _read(connection: duckdb.DuckDBPyConnection, subject: str, zone: str) -> None:
    context = context_of(Settings(Home(Path()), home_time_zone=zone), subject)
    tree = folder(CASES / subject)
    for reader in readers().values():
        claimed = {claim.path for claim in reader.claims(tree)}
        files = [entry for entry in tree if entry.path in claimed]
        for item in reader.read(files, context) if files else ():
            if isinstance(item, Batch):
                found = item.table.drop_columns(["file"])
                connection.register("found", found)
                connection.execute(
                    f"insert into raw.{item.record} by name select *, '{subject}' as subject, 1 as delivery from found"
                )


def test_a_night_keeps_its_local_times_beside_a_watch_in_another_zone(cases: duckdb.DuckDBPyConnection) -> None:
    is_it = "subject = 'two_devices_on_a_journey'"

    assert rows(cases, "stg.nights", "distinct onset_local_min, wake_local_min", is_it) == [(-60, 420)]
    asleep = rows(cases, "timeline.minutes", "distinct hour(local_time)", f"{is_it} and state = 'asleep'")
    assert sorted(hour for (hour,) in asleep) == [0, 1, 2, 3, 4, 5, 6, 23]


def test_a_record_of_a_factory_clock_does_not_stretch_the_days(cases: duckdb.DuckDBPyConnection) -> None:
    dates = rows(cases, "stg.days", "min(local_date)::text, max(local_date)::text", "subject = 'garmin_factory_clock'")

    assert dates[0][0] > "2020"


def test_a_resting_heart_rate_told_at_midnight_closes_the_day(cases: duckdb.DuckDBPyConnection) -> None:
    values = rows(
        cases,
        "daily.resting_heart_rate_bpm",
        "value",
        "subject = 'garmin_resting_heart_rate_midnight'",
    )

    assert sorted(values) == [(53.0,), (55.0,)]
