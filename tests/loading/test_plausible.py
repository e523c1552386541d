"""Records of a time or a size that cannot be stay out and are counted, whichever reader yields them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import homes
import pyarrow as pa
import pytest

from recovery.formats.records import SCHEMAS, Batch, Earliest, batch_of_rows, checked
from recovery.home.clock import latest_utc
from recovery.loading.plausible import Guard
from recovery.vocabulary.counted_metrics import COUNTED, MOST_COUNTED

LATEST = datetime(2024, 6, 3, 12)
FINE = datetime(2024, 6, 1, 8)
OLD = datetime(1999, 12, 31, 23, 59)
FAR = datetime(2089, 12, 31)


def made(record: str, *times: tuple[datetime, datetime], file: int = 0) -> Batch:
    """A batch with a row for each begin and end, with anything in the other columns."""
    stand_in = {pa.string(): "x", pa.float64(): 1.0, pa.int32(): 0, pa.bool_(): False}
    told = []
    for begin, end in times:
        row: dict[str, object] = {
            field.name: stand_in.get(field.type) for field in SCHEMAS[record] if field.name != "file"
        }
        for name in row:
            if name.startswith(("start_", "time_")):
                row[name] = begin
            if name == "end_utc":
                row[name] = end
            if name == "local_date":
                row[name] = begin.date()
        told.append(row)
    return batch_of_rows(record, file, told)


@pytest.mark.parametrize("record", [name for name in SCHEMAS if name not in ("massages", "diary")])
def test_what_is_dated_before_2000_or_in_the_future_stays_out(record: str) -> None:
    guard = Guard(LATEST)
    passed = guard.pass_through(made(record, (OLD, OLD), (FINE, FINE), (FAR, FAR), (FAR, FAR)))
    begin = next(name for name in ("start_utc", "time_utc", "local_date") if name in SCHEMAS[record].names)

    assert passed.table[begin].to_pylist() == [FINE.date() if begin == "local_date" else FINE]
    assert [(row.file, row.place, row.reason) for row in guard.skipped()] == [
        (0, record, "1 dated before 2000"),
        (0, record, "2 dated in the future"),
    ]


def test_what_begins_today_and_ends_in_many_years_stays_out() -> None:
    guard = Guard(LATEST)

    assert guard.pass_through(made("sleep_sessions", (FINE, FAR))).table.num_rows == 0
    assert [row.value for row in guard.skipped()] == ["2089-12-31 00:00:00"]


def test_the_last_instant_and_the_last_date_pass() -> None:
    guard = Guard(LATEST)
    samples = guard.pass_through(made("samples", (LATEST, LATEST), (LATEST, LATEST + timedelta(microseconds=1))))
    days = guard.pass_through(made("day_values", (LATEST, LATEST), (LATEST + timedelta(days=1), LATEST)))

    assert samples.table["end_utc"].to_pylist() == [LATEST]
    assert days.table["local_date"].to_pylist() == [LATEST.date()]


def test_batches_of_one_file_are_counted_together_and_files_apart() -> None:
    guard = Guard(LATEST)
    for file in (3, 3, 5):
        guard.pass_through(made("samples", (FAR, FAR), (FINE, FINE), file=file))

    assert [(row.file, row.reason) for row in guard.skipped()] == [
        (3, "2 dated in the future"),
        (5, "1 dated in the future"),
    ]


@pytest.mark.parametrize("record", ["massages", "diary"])
def test_an_appointment_may_lie_ahead(record: str) -> None:
    guard = Guard(LATEST)

    assert guard.pass_through(made(record, (FAR, FAR))).table.num_rows == 1
    assert list(guard.skipped()) == []


def test_the_day_after_tomorrow_is_the_last_that_may_be() -> None:
    assert latest_utc(datetime(2027, 5, 1, 8)) == datetime(2027, 5, 3, 8)


def test_a_computer_that_lost_its_clock_rejects_nothing_of_today() -> None:
    assert latest_utc(datetime(1970, 1, 1)) == latest_utc(datetime(2020, 1, 1)) > datetime(2026, 11, 23)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[homes.HomeAtWork]:
    with homes.knowing_tiny(tmp_path) as made:
        yield made


@pytest.mark.slow
def test_a_file_with_days_to_come_is_loaded_in_part_and_says_how_many(home: homes.HomeAtWork) -> None:
    home.drop(
        "a.txt", "TINY\n2024-01-02T10:00:00 5\n1970-01-01T00:00:00 6\n2089-01-01T00:00:00 7\n2090-01-01T00:00:00 8\n"
    )
    home.drop("b.txt", "TINY\n2089-01-01T00:00:00 7\n")
    home.drop("c.txt", "TINY\n2024-01-02T11:00:00 5\n")
    home.run()

    assert home.statuses() == {"a.txt": "partial", "b.txt": "rejected", "c.txt": "loaded"}
    assert home.rows("select path, place, reason, value from raw.rejected order by all") == [
        ("a.txt", "samples", "1 dated before 2000", "1970-01-01 00:00:00"),
        ("a.txt", "samples", "2 dated in the future", "2089-01-01 00:00:00"),
        ("b.txt", "samples", "1 dated in the future", "2089-01-01 00:00:00"),
    ]
    assert home.rows("select min(start_utc)::date, max(start_utc)::date, count(*) from raw.samples") == [
        (date(2024, 1, 2), date(2024, 1, 2), 2)
    ]


@pytest.mark.slow
def test_what_is_left_out_is_kept_once_with_its_sum_however_often_it_is_read(home: homes.HomeAtWork) -> None:
    home.drop(
        "a.txt", "TINY\n2024-01-02T10:00:00 5\n2089-01-01T00:00:00 7\n2089-01-01T00:00:00 8\n2089-01-02T00:00:00 9\n"
    )
    home.run()
    home.connection.execute("update raw.files set reader_version = 0")
    home.run()

    assert home.rows("select local_date::text, source, metric, fate, records, amount from raw.removed order by 1") == [
        ("2089-01-01", "tiny", "steps", "outside", 2, 15.0),
        ("2089-01-02", "tiny", "steps", "outside", 1, 9.0),
    ]


def sized(record: str, *values: tuple[str, float]) -> Batch:
    """A batch with a row for each metric and value."""
    table = made(record, *[(FINE, FINE)] * len(values)).table
    for name, told in (("metric", [metric for metric, _ in values]), ("value", [value for _, value in values])):
        place = table.schema.get_field_index(name)
        table = table.set_column(place, table.schema.field(name), pa.array(told, table.schema.field(name).type))
    return Batch(record, table)


def test_what_no_body_does_stays_out_and_is_counted() -> None:
    guard = Guard(LATEST)
    told = [
        ("heart_rate_bpm", 250.0),
        ("heart_rate_bpm", 230.0),
        ("steps", -1.0),
        ("steps", float("nan")),
        ("stress", -2.0),
        ("spo2_share", 97.0),
    ]

    passed = guard.pass_through(sized("samples", *told))

    assert passed.table["value"].to_pylist() == [230.0, -2.0]
    assert [(row.place, row.reason, row.value) for row in guard.skipped()] == [
        ("samples", "4 of a size that cannot be", "-1.0")
    ]
    assert [row.stands_for for row in guard.skipped()] == [4]
    assert {(row.metric, row.records, row.amount, row.fate) for row in guard.removed} == {
        ("heart_rate_bpm", 1, 250.0, "rejected"),
        ("spo2_share", 1, 97.0, "rejected"),
        ("steps", 2, -1.0, "rejected"),  # what is no number adds nothing to the sum
    }


@pytest.mark.parametrize("metric", COUNTED)
def test_more_than_a_check_lets_through_stays_out(metric: str) -> None:
    guard = Guard(LATEST)

    passed = guard.pass_through(sized("day_values", (metric, MOST_COUNTED), (metric, 2 * MOST_COUNTED)))

    assert passed.table["value"].to_pylist() == [MOST_COUNTED]
    assert len(list(guard.skipped())) == 1


@pytest.mark.parametrize("wrong", [-500.0, 1e12, float("nan"), float("inf")])
def test_of_an_activity_the_number_alone_is_left_out(wrong: float) -> None:
    guard = Guard(LATEST)
    walk = {"source": "s", "start_utc": FINE, "end_utc": FINE, "distance_m": 40.0}
    passed = guard.pass_through(
        batch_of_rows("activities", 0, [{**walk, "steps": wrong}, {**walk, "steps": 7.0}, walk])
    )

    assert passed.table.select(["steps", "distance_m"]).to_pylist() == [
        {"steps": None, "distance_m": 40.0},
        {"steps": 7.0, "distance_m": 40.0},
        {"steps": None, "distance_m": 40.0},
    ]
    assert [(row.place, row.reason) for row in guard.skipped()] == [("activities", "1 of a size that cannot be")]
    assert [(one.metric, one.records, one.fate, one.local_date) for one in guard.removed] == [
        ("activity_steps", 1, "rejected", FINE.date())
    ]


def test_of_a_sleep_the_minutes_alone_are_left_out() -> None:
    guard = Guard(LATEST)
    night = {"source": "s", "session_key": "n", "start_utc": FINE, "end_utc": FINE, "tz_assumed": False}
    passed = guard.pass_through(batch_of_rows("sleep_sessions", 0, [{**night, "asleep_min": -3.0, "awake_min": 0.0}]))

    assert passed.table.select(["asleep_min", "awake_min"]).to_pylist() == [{"asleep_min": None, "awake_min": 0.0}]
    assert [(one.metric, one.amount) for one in guard.removed] == [("asleep_min", -3.0)]


def test_what_lies_ahead_is_marked_with_the_earliest_time_from_which_on_it_passes() -> None:
    guard = Guard(LATEST)
    for begin in (FAR, LATEST + timedelta(days=9), LATEST + timedelta(days=30)):
        guard.pass_through(made("samples", (begin, begin), (OLD, OLD)))
    guard.pass_through(made("day_values", (LATEST + timedelta(days=9), FAR)))

    assert {(row.place, row.reason): row.again_utc for row in guard.skipped()} == {
        ("day_values", "1 dated in the future"): datetime(2024, 6, 12),
        ("samples", "3 dated before 2000"): None,
        ("samples", "3 dated in the future"): LATEST + timedelta(days=9),
    }


def test_possible_sizes_pass_as_they_are() -> None:
    fine = sized("day_values", ("resting_heart_rate_bpm", 20.0), ("steps", 0.0), ("stress_mean", 100.0))

    assert Guard(LATEST).pass_through(fine) is fine


def test_a_record_long_before_its_device_was_known_is_of_a_clock_that_was_not_set() -> None:
    guard = Guard(LATEST)
    guard.expect(Earliest(0, "watch", FINE))
    old, first = FINE - timedelta(days=60, microseconds=1), FINE - timedelta(days=60)
    columns = {
        "file": [0, 0, 0, 1], "source": ["watch", "watch", "phone", "watch"], "metric": ["steps"] * 4,
        "start_utc": [old, first, old, old], "end_utc": [FINE] * 4, "value": [1200.0, 1.0, 2.0, 3.0],
    }  # fmt: skip

    assert guard.pass_through(checked("samples", columns)).table["value"].to_pylist() == [1, 2, 3]
    (row,) = guard.skipped()
    assert (row.place, row.stands_for) == ("samples", 1)
    assert row.reason.endswith("by a clock that was not set")
    assert [(removed.metric, removed.amount) for removed in guard.removed] == [("steps", 1200)]


def a_sleep(**told: object) -> Batch:
    row = {
        "source": "x", "session_key": "x", "start_utc": FINE, "end_utc": FINE + timedelta(hours=8), "kind": "main",
        "tz_assumed": False, "asleep_min": 400.0, "awake_min": 40.0, "latency_min": 10.0, "after_wake_min": 5.0,
        "is_in_bed_recorded": True, "reported_start_local": None, "reported_end_local": None, **told,
    }  # fmt: skip
    return batch_of_rows("sleep_sessions", 0, [row])  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("told", "emptied"),
    [
        ({}, set()),
        ({"asleep_min": 480.9}, set()),  # vendors round to a minute
        ({"asleep_min": 500.0}, {"asleep_min"}),
        ({"awake_min": 481.5}, {"awake_min"}),
        ({"latency_min": 470.0, "after_wake_min": 20.0}, {"latency_min", "after_wake_min"}),
        (  # a wall clock that was not put forward, as ours is
            {"asleep_min": 500.0, "reported_start_local": FINE, "reported_end_local": FINE + timedelta(hours=9)},
            set(),
        ),
    ],
)
def test_minutes_of_a_sleep_that_are_more_than_it_is_long_are_emptied_and_counted(
    told: dict[str, object], emptied: set[str]
) -> None:
    guard = Guard(LATEST)
    given = a_sleep(**told)

    passed = guard.pass_through(given)

    before, after = given.table.to_pylist()[0], passed.table.to_pylist()[0]
    assert {name for name in before if before[name] != after[name]} == emptied
    assert {(row.metric, row.amount, row.fate) for row in guard.removed} == {
        (name, before[name], "rejected") for name in emptied
    }
    assert [row.reason.split(" ", 1)[0] for row in guard.skipped()] == ([f"{len(emptied)}"] if emptied else [])


@pytest.mark.parametrize("record", ["samples", "sleep_sessions", "sleep_stages", "activities"])
def test_what_ends_before_it_begins_stays_out_and_is_counted(record: str) -> None:
    guard = Guard(LATEST)

    passed = guard.pass_through(made(record, (FINE, FINE), (FINE, FINE - timedelta(minutes=5))))

    assert passed.table.num_rows == 1
    assert [row.reason for row in guard.skipped()] == ["1 with an end before its beginning"]


@pytest.mark.parametrize(
    ("metric", "value"),
    [("walking_asymmetry_share", 1.2), ("sleeping_heart_rate_bpm", 900.0), ("moving_min", 4000.0), ("pain", 11.0)],
)
def test_a_value_of_a_day_that_no_check_would_let_pass_stays_out(metric: str, value: float) -> None:
    guard = Guard(LATEST)
    rows = [{"source": "x", "local_date": FINE.date(), "metric": metric, "value": told} for told in (value, 1.0, 40.0)]

    passed = guard.pass_through(batch_of_rows("day_values", 0, rows))

    assert value not in passed.table["value"].to_pylist()
    assert next(row.reason for row in guard.skipped()).endswith("of a size that cannot be")
