"""massage.ledger: what is reported is somewhere, and a number that is lost at any step is found missing."""

from collections.abc import Iterator, Mapping
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
READS = {name: DAILY if name == "massage.day_metrics" else set() for name in ROWS}  # as daily.metrics


def above(names: set[str]) -> list[str]:
    """The relations that the ledger is made of and that are made of some of these, each after all that it reads."""
    found = set(names)
    for name, relation in ROWS.items():
        if (relation.reads | READS[name]) & found:
            found.add(name)
    needed = {"massage.ledger"}
    for name in reversed(ROWS):
        if name in needed:
            needed |= ROWS[name].reads | READS[name]
    return [name for name in ROWS if name in found & needed and name not in names]


def build(connection: duckdb.DuckDBPyConnection, name: str) -> None:
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


def stages(source: str, key: str, *spans: tuple[str, float, float], **record: Any) -> list[dict[str, Any]]:
    """Stages of a session, from and to hours after midnight."""
    return [
        {
            "source": source,
            "session_key": key,
            "stage": stage,
            "start_utc": MIDNIGHT + timedelta(hours=first),
            "end_utc": MIDNIGHT + timedelta(hours=last),
            **record,
        }
        for stage, first, last in spans
    ]


NIGHT = (("light", 0, 2), ("deep", 1.5, 3), ("rem", 3, 5), ("awake", 5, 5.2), ("light", 5.2, 6))


def late_night() -> list[tuple[str, str, float, float, dict[str, Any]]]:
    """A night a week later in two parts, of which the second is not of the time in bed."""
    first, last = ({"asleep_min": 100, "latency_min": minutes} for minutes in (10, 20))
    return [
        ("band", "early", 168, 170, {**first, "is_in_bed_recorded": True}),
        ("band", "late", 171, 173, last),
    ]


def add_states(connection: duckdb.DuckDBPyConnection) -> None:
    """A night that the watch delivers twice and the phone saw too, a nap, two walks and three reports of wear."""
    in_bed = {"is_in_bed_recorded": True, "latency_min": 0, "after_wake_min": 3}
    told = [
        *(("watch", "night", 0, 6, {"delivery": number, "asleep_min": 340, **in_bed}) for number in (1, 2)),
        ("phone", "night", 0, 7, {"asleep_min": 400, "awake_min": 5, "latency_min": 9, "is_in_bed_recorded": True}),
        ("watch", "nap", 14, 15, {"kind": "nap", "asleep_min": 40, "awake_min": 12, "latency_min": 4}),
        *late_night(),
        ("watch", "waking", 21, 21.5, {"awake_min": 30}),
    ]
    given(
        connection,
        "raw.sleep_sessions",
        [
            {
                "source": source,
                "session_key": key,
                "start_utc": MIDNIGHT + timedelta(hours=first),
                "end_utc": MIDNIGHT + timedelta(hours=last),
                **more,
            }
            for source, key, first, last, more in told
        ],
    )
    given(
        connection,
        "raw.sleep_stages",
        [
            *stages("watch", "night", *NIGHT),
            *stages("watch", "night", *NIGHT, delivery=2),
            *stages("watch", "waking", ("in_bed", 21, 21.5)),
        ],
    )
    walk = {"start_utc": MIDNIGHT + timedelta(hours=16), "end_utc": MIDNIGHT + timedelta(hours=16.5)}
    given(connection, "raw.activities", [walk, {**walk, "delivery": 2, "steps": 70}, {**walk, "source": "phone"}])
    given(connection, "raw.samples", every(1, walk["start_utc"], 3, 1, metric="is_worn"))


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
            *grown("active_s", noon, 100, 250, 430, 460),
        ],
    )
    add_states(connection)
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
            *every(1, noon + timedelta(hours=7), 1, 1, **phone),  # a single step
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
            {**day, "metric": "sedentary_min", "value": 600, "exported_utc": "2024-05-03"},
            {**day, "metric": "sedentary_min", "value": 500, "exported_utc": "2024-05-02"},
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
        ("phone", 2693, 813, 1207, 630, 36, 7, 0, 0),
        ("unknown", 3, 0, 0, 3, 0, 0, 0, 0),
        ("watch", 7400, 7400, 0, 0, 0, 0, 0, 0),
    ]


def test_of_what_has_no_sum_the_records_are_counted(household: duckdb.DuckDBPyConnection) -> None:
    found = rows(household, "massage.ledger", COLUMNS, "metric = 'heart_rate_bpm' group by source")

    assert found == [("watch", 90, 90, 0, 0, 0, 0, 0, 0)]


def test_minutes_of_sleep_and_of_states_are_accounted_for(household: duckdb.DuckDBPyConnection) -> None:
    states = "metric in ('asleep_min', 'awake_min', 'light_min', 'lying_min', 'moving_min', 'nap_min', 'activity_min')"
    found = rows(household, "massage.ledger", f"metric, {COLUMNS}", f"{states} group by metric, source")

    assert found == [
        ("activity_min", "phone", 30, 30, 0, 0, 0, 0, 0, 0),
        ("activity_min", "watch", 60, 30, 0, 30, 0, 0, 0, 0),
        ("asleep_min", "band", 200, 200, 0, 0, 0, 0, 0, 0),
        ("asleep_min", "phone", 400, 0, 400, 0, 0, 0, 0, 0),
        ("asleep_min", "watch", 1436, 348, 0, 1058, 30, 0, 0, 0),
        ("awake_min", "phone", 5, 0, 5, 0, 0, 0, 0, 0),
        ("awake_min", "watch", 66, 24, 0, 12, 0, 30, 0, 0),
        ("light_min", "watch", 336, 138, 0, 168, 30, 0, 0, 0),
        ("lying_min", "watch", 30, 0, 0, 0, 0, 30, 0, 0),
        ("moving_min", "watch", pytest.approx(460 / 60, abs=1e-3), pytest.approx(460 / 60, abs=1e-3), *[0] * 6),
        ("nap_min", "watch", 40, 40, 0, 0, 0, 0, 0, 0),
    ]


def test_what_no_metric_is_made_of_and_time_in_bed_are_accounted_for(household: duckdb.DuckDBPyConnection) -> None:
    names = "('in_bed_min', 'latency_min', 'after_wake_min', 'sedentary_min', 'activity_steps')"
    found = rows(household, "massage.ledger", f"metric, {COLUMNS}", f"metric in {names} group by metric, source")

    assert found == [
        ("activity_steps", "watch", 70, 0, 0, 0, 0, 70, 0, 0),
        ("after_wake_min", "watch", 6, 0, 0, 3, 0, 3, 0, 0),
        ("in_bed_min", "band", 120, 0, 0, 0, 0, 120, 0, 0),
        ("in_bed_min", "phone", 420, 0, 420, 0, 0, 0, 0, 0),
        ("in_bed_min", "watch", 750, 360, 0, 360, 0, 30, 0, 0),
        ("latency_min", "band", 30, 10, 0, 0, 0, 20, 0, 0),
        ("latency_min", "phone", 9, 0, 9, 0, 0, 0, 0, 0),
        ("latency_min", "watch", 4, 4, 0, 0, 0, 0, 0, 0),
        ("sedentary_min", "band", 1100, 0, 0, 500, 0, 600, 0, 0),
    ]


def test_what_is_rejected_says_why(household: duckdb.DuckDBPyConnection) -> None:
    reasons = rows(household, "massage.ledger", "distinct metric, source, reason", "rejected > 0 or outside > 0")

    assert reasons == [
        ("activity_steps", "watch", "no metric is made of it"),
        ("after_wake_min", "watch", "no metric is made of it"),
        ("awake_min", "watch", "a sleep without a minute asleep, or without length"),
        ("in_bed_min", "band", "another part of the night does not tell its time in bed"),
        ("in_bed_min", "watch", "a sleep without a minute asleep, or without length"),
        ("latency_min", "band", "of a part of the night that is not the first"),
        ("lying_min", "watch", "a sleep without a minute asleep, or a stage without its sleep"),
        ("sedentary_min", "band", "no metric is made of it"),
        ("steps", "gone", "of a size that cannot be"),
        ("steps", "phone", "of a size that cannot be"),
    ]


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


STAGE = "epoch(end_utc - start_utc) / 60, stage || '_min'"
LENGTH = "epoch(end_utc - start_utc) / 60, 'activity_min'"
LOST: Mapping[str, str] = {  # relation: how much a row of it is, and of which metric, where not `value, metric`
    "stg.minute_movement": "steps, 'steps'",
    "stg.minute_active": "active_s / 60, 'moving_min'",
    "stg.selected_active": "active_s / 60, 'moving_min'",
    "stg.sample_amounts": "amount, metric",
    "stg.minute_body": "wear_count, 'is_worn'",
    "stg.stage_reports": STAGE,
    "stg.sleep_stages": STAGE,
    "stg.nights": "asleep_min, if(is_main, 'asleep_min', 'nap_min')",
    "stg.activities": LENGTH,
    "stg.activity_reports": LENGTH,
    "timeline.minutes": "steps, 'steps'",
}


LOSSES = [  # relation, and where the row is that is lost
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
    ("stg.minute_movement", "steps = 1 and source = 'phone'"),  # a single step
    ("stg.minute_active", "active_s > 0"),
    ("stg.selected_active", "active_s > 0"),
    ("stg.sample_amounts", "fate = 'same' and metric = 'steps'"),
    ("stg.sample_amounts", "fate = 'cut'"),
    ("stg.minute_body", "wear_count > 0"),
    ("stg.stage_reports", "fate = 'kept' and stage = 'light'"),
    ("stg.stage_reports", "fate = 'cut'"),
    ("stg.stage_reports", "fate = 'same' and stage = 'rem'"),
    ("stg.sleep_stages", "stage = 'awake'"),
    ("stg.sleep_stages", "stage = 'deep'"),
    ("stg.nights", "is_main"),
    ("stg.nights", "not is_main"),
    ("stg.activities", "source = 'watch'"),
    ("stg.activity_reports", "fate = 'same'"),
    ("timeline.minutes", "is_moving and source = 'watch'"),
    ("stg.day_values", "metric = 'sedentary_min'"),
]
RAW = sorted({read for relation in ROWS.values() for read in relation.reads if read.startswith("raw.")})


def lose(connection: duckdb.DuckDBPyConnection, relation: str, where: str, person: str) -> tuple[float, str]:
    """Deletes a row of a person; gives how much it is, and of which metric."""
    ((row, amount, metric),) = connection.execute(
        f"select rowid, {LOST.get(relation, 'value, metric')} from {relation}"
        f" where subject = '{person}' and {where} order by 2 desc, 1 limit 1"
    ).fetchall()
    connection.execute(f"delete from {relation} where rowid = {row}")
    return amount, metric


@pytest.fixture(scope="module")
def unaccounted(household: duckdb.DuckDBPyConnection) -> Mapping[tuple[str, str], tuple[float, float]]:
    """Of each loss the amount that is lost, and the amount of that metric that the ledger does not account for.

    Each is the loss of another person who has the records of the household. All are built at once, and the row is
    deleted as soon as its relation is there.
    """
    people = {loss: f"person {number}" for number, loss in enumerate(LOSSES)}
    lost = {}
    household.execute("begin transaction")
    try:
        for table in RAW:
            if "subject" in [column for column, *_ in household.execute(f"describe {table}").fetchall()]:
                household.execute(
                    f"insert into {table} select * exclude (person) replace (person as subject)"
                    f" from {table}, unnest(?) as people(person)",
                    [[*people.values()]],
                )
        for name in above(set(RAW)):
            build(household, name)
            lost |= {loss: lose(household, *loss, people[loss]) for loss in LOSSES if loss[0] == name}
        ledger = rows(household, "massage.ledger", "subject, metric, sum(unaccounted)", "true group by all")
    finally:
        household.execute("rollback")
    missed = {(person, metric): amount for person, metric, amount in ledger}
    return {loss: (amount, missed[people[loss], metric]) for loss, (amount, metric) in lost.items()}


@pytest.mark.parametrize(("relation", "where"), LOSSES)
def test_a_row_that_is_lost_at_any_step_is_missed(
    unaccounted: Mapping[tuple[str, str], tuple[float, float]], relation: str, where: str
) -> None:
    lost, missed = unaccounted[relation, where]

    assert missed == pytest.approx(lost, abs=1e-3)


RECORDS = st.lists(
    st.tuples(st.integers(0, 180), st.integers(0, 40), st.integers(0, 300), st.integers(1, 3)), min_size=1, max_size=12
)


@settings(max_examples=2, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
@given_examples(people=st.lists(RECORDS, min_size=40, max_size=60))
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
                    "metric": (*METRICS, "active_s")[number % 5],
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
        for name in above({"raw.samples", "raw.counters", "raw.day_values", "raw.removed", "raw.zone_offsets"}):
            build(household, name)
        reported = rows(household, "massage.ledger", "subject, sum(reported)", "subject <> 'me' group by subject")
        missing = rows(household, "massage.ledger", "*", "unaccounted <> 0")
    finally:
        household.execute("rollback")

    assert missing == []
    assert dict(reported) == pytest.approx(
        {
            f"p{number}": sum(value for *_, value, _ in records) / (60 if number % 5 == 4 else 1)
            for number, records in enumerate(people)
        },
        abs=0.01,
    )
