"""massage.ledger: what is reported is somewhere, and a number that is lost at any step is found missing."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import given as given_examples
from hypothesis import strategies as st
from layers import add
from sql_cases import given, home, rows

from recovery import warehouse

pytestmark = pytest.mark.slow

MIDNIGHT = datetime(2024, 5, 1, 22)  # in Berlin
METRICS = ("steps", "distance_m", "active_energy_kcal", "floors")
AMOUNTS = ("reported", "counted", "counted_by_other", "same", "cut", "rejected", "outside", "unaccounted")
COLUMNS = f"source, {', '.join(f'sum({amount})' for amount in AMOUNTS)}"
DAILY = {f"daily.{name}" for name in METRICS}
ROWS = {
    relation.full_name: relation
    for relation in warehouse.relations()
    if relation.layer != "daily" or relation.full_name in DAILY
}
READS = {name: DAILY if name == "massage.ledger" else set() for name in ROWS}  # as daily.metrics


def above(names: set[str]) -> list[str]:
    """The relations below the ledger that are made of some of these, each after all that it reads."""
    found = set(names)
    for name, relation in ROWS.items():
        if (relation.reads | READS[name]) & found:
            found.add(name)
    needed = {"massage.ledger"}
    for name in reversed(ROWS):
        if name in needed:
            needed |= ROWS[name].reads | READS[name]
    return [name for name in ROWS if name in found & needed and name not in names]


def build_above(connection: duckdb.DuckDBPyConnection, *names: str) -> None:
    for name in above(set(names)):
        connection.execute(f"create or replace {ROWS[name].kind} {name} as {ROWS[name].select}")


def every(minutes: int, first: datetime, count: int, value: float, **record: Any) -> list[dict[str, Any]]:
    """So many records of some minutes that follow each other."""
    length = timedelta(minutes=minutes)
    return [
        {"start_utc": first + number * length, "end_utc": first + (number + 1) * length, "value": value, **record}
        for number in range(count)
    ]


def grown(metric: str, first: datetime, *values: float) -> list[dict[str, Any]]:
    """Readings of a total, one each quarter of an hour."""
    read = {"source": "watch", "metric": metric, "activity": "walking", "clock_offset_s": 7200}
    quarter = timedelta(minutes=15)
    return [{**read, "time_utc": first + number * quarter, "value": value} for number, value in enumerate(values, 1)]


@pytest.fixture(scope="module")
def household() -> Iterator[duckdb.DuckDBPyConnection]:
    """A watch, a phone and a band of one person that overlap, delivered more than once."""
    connection = warehouse.connect()
    warehouse.create_raw(connection)
    home(connection, "Europe/Berlin")
    noon = MIDNIGHT + timedelta(hours=12)
    given(
        connection,
        "raw.counters",
        [
            *grown("steps", noon, 300, 700, 1500, 1500, 600, 900),  # it starts again at 600
            *grown("distance_m", noon, 200, 500, 1100, 1100, 400, 700),
            *grown("active_energy_kcal", noon, 10, 25, 60, 60, 20, 30),
            *grown("floors", noon, 1, 3),
            *grown("steps", MIDNIGHT - timedelta(minutes=20), 5000, 40),  # over its midnight
        ],
    )
    phone = {"source": "phone", "metric": "steps"}
    long = {"start_utc": MIDNIGHT + timedelta(hours=1), "end_utc": MIDNIGHT + timedelta(hours=5)}
    given(
        connection,
        "raw.samples",
        [
            *every(10, noon, 12, 120, **phone),
            *every(10, noon + timedelta(hours=1), 3, 120, delivery=2, **phone),
            *every(15, noon + timedelta(hours=3), 4, 90, delivery=1, **phone),
            *every(10, noon + timedelta(hours=3, minutes=9), 6, 60, delivery=2, exported_utc="2024-06-01", **phone),
            *every(7, MIDNIGHT - timedelta(minutes=17), 5, 33, **phone),  # over midnight
            *every(1, noon + timedelta(hours=2), 3, 2, source="phone", metric="floors"),
            *every(1, noon, 90, 80, source="watch", metric="heart_rate_bpm"),
            *every(40, noon + timedelta(hours=5), 2, 500, source="band", metric="distance_m"),
            {**long, "source": "band", "metric": "active_energy_kcal", "value": 100},
            {**long, "source": "band", "metric": "steps", "value": 800},
        ],
    )
    day = {"source": "band", "local_date": "2024-05-02"}
    given(
        connection,
        "raw.day_values",
        [
            {**day, "metric": "steps", "value": 9000, "exported_utc": "2024-05-03"},
            {**day, "metric": "steps", "value": 4000, "exported_utc": "2024-05-02"},
            {**day, "metric": "floors", "value": 12},
            {**day, "metric": "floors", "local_date": "2024-05-04", "value": 7},
        ],
    )
    left_out = {"metric": "steps", "reason": "of a size that cannot be", "records": 1, "delivery": 1}
    given(
        connection,
        "raw.removed",
        [
            {**left_out, "source": "phone", "local_date": "2024-05-02", "fate": "rejected", "amount": 7},
            {**left_out, "source": "gone", "local_date": "2089-01-01", "fate": "outside", "amount": 5},
            {**left_out, "source": None, "fate": "same", "amount": 3},
        ],
    )
    warehouse.build_all(connection)
    yield connection
    connection.close()


def test_a_household_of_three_devices_is_accounted_for(household: duckdb.DuckDBPyConnection) -> None:
    assert rows(household, "massage.ledger", COLUMNS, "metric = 'steps' group by source") == [
        ("band", 13_800, 0, 9000, 4800, 0, 0, 0, 0),
        ("gone", 5, 0, 0, 0, 0, 0, 5, 0),
        ("phone", 2692, 1134, 885, 630, 36, 7, 0, 0),
        ("unknown", 3, 0, 0, 3, 0, 0, 0, 0),
        ("watch", 7400, 6500, 900, 0, 0, 0, 0, 0),
    ]


def test_of_what_has_no_sum_the_records_are_counted(household: duckdb.DuckDBPyConnection) -> None:
    found = rows(household, "massage.ledger", COLUMNS, "metric = 'heart_rate_bpm' group by source")

    assert found == [("watch", 90, 90, 0, 0, 0, 0, 0, 0)]


def test_what_the_sources_count_is_the_published_value(household: duckdb.DuckDBPyConnection) -> None:
    counted = rows(
        household,
        "massage.ledger",
        "local_date, metric, sum(counted)",
        f"counted > 0 and metric in {METRICS} group by all",
    )

    assert counted == rows(
        household, "daily.metrics", "local_date, metric, value", f"metric in {METRICS} and value > 0"
    )


@pytest.mark.parametrize(
    ("relation", "where"),
    [
        ("stg.unique_samples", "metric = 'steps' and value = 120"),
        ("stg.overlapping_samples", "fate = 'kept' and value < 60"),
        ("stg.overlapping_samples", "fate = 'cut'"),
        ("stg.samples", "metric = 'distance_m'"),
        ("stg.counter_intervals", "metric = 'steps'"),
        ("stg.counter_intervals", "metric = 'distance_m'"),
        ("stg.placed_movement", "metric = 'active_energy_kcal'"),
        ("stg.placed_movement", "metric = 'steps' and source = 'phone' and is_split"),
        ("stg.minute_movement", "steps > 0 and source = 'watch'"),
        ("stg.minute_movement", "steps > 0 and source = 'phone'"),
        ("stg.readings", "metric = 'floors' and source = 'phone'"),
        ("stg.day_values", "metric = 'steps'"),
        ("stg.reported_days", "metric = 'floors' and local_date = '2024-05-04'"),
        ("timeline.minutes", "steps > 0"),
        ("timeline.selected_amounts", "metric = 'steps'"),
    ],
)
def test_a_row_that_is_lost_at_any_step_is_missed(
    household: duckdb.DuckDBPyConnection, relation: str, where: str
) -> None:
    names = "steps, 'steps'" if relation in ("stg.minute_movement", "timeline.minutes") else "value, metric"
    found = household.execute(f"select rowid, {names} from {relation} where {where} order by 2 desc, 1 limit 1")
    ((row, lost, metric),) = found.fetchall()
    household.execute("begin transaction")
    try:
        household.execute(f"delete from {relation} where rowid = {row}")
        build_above(household, relation)
        unaccounted = rows(household, "massage.ledger", "sum(unaccounted)", f"metric = '{metric}'")
    finally:
        household.execute("rollback")

    assert unaccounted == [(pytest.approx(lost, abs=1),)]


RECORDS = st.lists(
    st.tuples(st.integers(0, 180), st.integers(0, 40), st.integers(0, 300), st.integers(1, 3)), min_size=1, max_size=12
)


@settings(max_examples=4, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
@given_examples(people=st.lists(RECORDS, min_size=20, max_size=60))
def test_whatever_overlaps_at_midnight_is_accounted_for(
    household: duckdb.DuckDBPyConnection, people: list[list[tuple[int, int, int, int]]]
) -> None:
    begin = MIDNIGHT - timedelta(minutes=100)
    household.execute("begin transaction")
    try:
        for table in ("samples", "counters", "day_values", "removed"):
            household.execute(f"delete from raw.{table}")
        add(
            household,
            "raw.samples",
            [
                {
                    "subject": f"p{number}",
                    "start_utc": begin + timedelta(minutes=first),
                    "end_utc": begin + timedelta(minutes=first + length),
                    "value": float(value),
                    "metric": METRICS[number % 4],
                    "exported_utc": datetime(2024, 6, export),
                    "delivery": export,
                    "source": f"device {export % 2}",
                }
                for number, records in enumerate(people)
                for first, length, value, export in records
            ],
        )
        household.execute("delete from raw.zone_offsets")
        for number in range(len(people)):
            household.execute(
                "insert into raw.zone_offsets values (?, timestamp '2000-01-01', timestamp '2100-01-01', 120, false)",
                [f"p{number}"],
            )
        build_above(household, "raw.samples", "raw.counters", "raw.day_values", "raw.removed", "raw.zone_offsets")
        reported = rows(household, "massage.ledger", "subject, sum(reported)", "true group by subject")
        missing = rows(household, "massage.ledger", "*", "unaccounted <> 0")
    finally:
        household.execute("rollback")

    assert missing == []
    assert dict(reported) == pytest.approx(
        {f"p{number}": sum(value for *_, value, _ in records) for number, records in enumerate(people)}, abs=0.01
    )
