"""A day is complete only when later data say so: exports cut at any time of a day, and the delivery after each."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import duckdb
import pytest
from layers import add
from sql_cases import home

from recovery import warehouse
from recovery.home.settings import VALIDITY

pytestmark = pytest.mark.slow

FIRST, CUT_DATE, LAST = date(2024, 5, 1), date(2024, 5, 4), date(2024, 5, 6)
TOLD, UNTOLD = "told", "untold"  # whether the export tells when it was made
PHONE_DAY = "phone"  # only a phone, which cannot tell wear
CUTS = {TOLD: ("03:05", "09:50", "12:00"), UNTOLD: ("07:20", "23:59"), PHONE_DAY: ("08:30", "20:40")}
TEN = timedelta(minutes=10)
TO_UTC = timedelta(hours=-2)  # Berlin in May


def person(cut: str, kind: str) -> str:
    return f"{kind} {cut}"


CASES = [(cut, kind) for kind, cuts in CUTS.items() for cut in cuts]
PEOPLE = [person(cut, kind) for cut, kind in CASES]


def records(subject: str, until: datetime, delivery: int, *, is_told: bool, has_watch: bool) -> dict[str, list[dict]]:
    """All that an export made at `until` (local) holds: ten minutes a record, nights from 23:00 to 07:00."""
    made: dict[str, list[dict]] = {"samples": [], "sleep_sessions": [], "sleep_stages": [], "day_values": []}
    exported = until + TO_UTC if is_told else None
    common = {"subject": subject, "delivery": delivery, "exported_utc": exported}
    source = {"source": "watch" if has_watch else "phone"} | common
    time = datetime.combine(FIRST, datetime.min.time())
    while time + TEN <= until:
        span = {"start_utc": time + TO_UTC, "end_utc": time + TEN + TO_UTC}
        is_night = time.hour >= 23 or time.hour < 7
        if not is_night:
            made["samples"].append({"metric": "steps", "value": 100.0, **span, **source})
        if has_watch:
            made["samples"].append({"metric": "heart_rate_bpm", "value": 60.0, **span, **source})
        time += TEN
    day = FIRST
    while has_watch and day <= until.date():
        made["day_values"].append({"metric": "resting_heart_rate_bpm", "local_date": day, "value": 55.0, **source})
        start = datetime.combine(day, datetime.min.time()) - timedelta(hours=1)
        end = min(start + timedelta(hours=8), until)
        if end > start:
            night = {
                "tz_assumed": False,
                "session_key": str(day),
                "start_utc": start + TO_UTC,
                "end_utc": end + TO_UTC,
                **source,
            }
            made["sleep_sessions"].append(night)
            stage = {key: value for key, value in night.items() if key != "tz_assumed"}
            made["sleep_stages"].append({"stage": "light", **stage})
        day += timedelta(days=1)
    return made


def deliver(connection: duckdb.DuckDBPyConnection, subject: str, until: datetime, delivery: int) -> None:
    is_told = subject.startswith(TOLD)
    made = records(subject, until, delivery, is_told=is_told, has_watch=not subject.startswith(PHONE_DAY))
    for name, found in made.items():
        if found:
            add(connection, f"raw.{name}", found)
    exported = until + TO_UTC if is_told else None
    row = {
        "subject": subject,
        "delivery": delivery,
        "sha256": f"{delivery}",
        "path": "x",
        "format": "x",
        "exported_utc": exported,
    }
    add(connection, "raw.deliveries", [row])
    evening_before = FIRST - timedelta(days=1)  # nights begin there; the same dates for all make one window of them
    warehouse.mark_dirty(connection, subject, evening_before, until.date())


PUBLISHED = "select * exclude (subject) from pub.{} where subject = '{}' order by all"
Published = dict[str, dict[str, list[tuple]]]


def published(connection: duckdb.DuckDBPyConnection) -> Published:
    names = ("daily", "daily_metrics", "nights")
    return {
        subject: {name: connection.execute(PUBLISHED.format(name, subject)).fetchall() for name in names}
        for subject in (*PEOPLE, *(person("whole", kind) for kind in CUTS))
    }


@pytest.fixture(scope="module")
def cut_then_whole() -> Iterator[tuple[dict[str, tuple], Published]]:
    """What is said of the cut date, of each person, and what is published once the later delivery is there."""
    connection = warehouse.connect()
    warehouse.create_raw(connection)
    connection.executemany("insert into raw.validity values (?, ?)", sorted(VALIDITY.items()))
    for subject in PEOPLE:
        home(connection, "Europe/Berlin", subject=subject)
        time = datetime.fromisoformat(f"{CUT_DATE} {subject.split()[1]}")
        deliver(connection, subject, time, 1)
    warehouse.build(connection)
    cut = {
        subject: row
        for subject, *row in connection.execute(
            "select daily.subject, any_value(is_valid_day), any_value(is_valid_night), any_value(incomplete_sources),"
            " any_value(is_night_complete), count(metric) filter (is_valid and counted_by = 'day'),"
            " count(metric) filter (is_valid and counted_by = 'night'),"
            " count(metric) filter (not is_complete)"
            " from pub.daily left join (from massage.measures) using (subject, local_date)"
            f" where local_date = '{CUT_DATE}' group by daily.subject"
        ).fetchall()
    }
    before = connection.execute(
        "select bool_and(is_valid_day) and bool_and(incomplete_sources is null) from pub.daily"
        f" where local_date between '{FIRST + timedelta(days=1)}' and '{CUT_DATE - timedelta(days=1)}'"
    ).fetchall()
    assert before == [(True,)]
    noon = datetime.combine(LAST, datetime.min.time()) + timedelta(hours=12)
    for subject in PEOPLE:
        deliver(connection, subject, noon, 2)
    for kind in CUTS:
        home(connection, "Europe/Berlin", subject=person("whole", kind))
        deliver(connection, person("whole", kind), noon, 2)
    warehouse.build(connection)
    yield cut, published(connection)
    connection.close()


@pytest.mark.parametrize(("cut", "kind"), CASES)
def test_a_cut_day_is_never_valid(cut_then_whole, cut: str, kind: str) -> None:
    found, _ = cut_then_whole
    is_valid_day, is_valid_night, sources, is_night_complete, valid_by_day, valid_by_night, incomplete = found[
        person(cut, kind)
    ]
    is_night_over = cut >= "10:00"  # three hours after waking

    assert not is_valid_day
    assert valid_by_day == 0
    assert sources == ("phone" if kind == PHONE_DAY else "watch")
    assert incomplete > 0
    if kind != PHONE_DAY:
        assert (is_valid_night, is_night_complete, valid_by_night > 0) == (is_night_over,) * 3


@pytest.mark.parametrize(("cut", "kind"), CASES)
def test_the_later_delivery_makes_the_same_numbers_as_the_whole_alone(cut_then_whole, cut: str, kind: str) -> None:
    _, found = cut_then_whole

    assert found[person(cut, kind)] == found[person("whole", kind)]
    assert {row[0] for row in found[person(cut, kind)]["daily_metrics"]} >= {CUT_DATE, LAST}


def test_only_the_last_date_of_the_whole_is_incomplete(cut_then_whole) -> None:
    _, found = cut_then_whole
    for kind in CUTS:
        days = found[person("whole", kind)]["daily_metrics"]
        # local_date first, is_complete and is_valid last
        assert {row[0] for row in days if not row[-2]} == {LAST}
        assert CUT_DATE in {row[0] for row in days if row[-1]}
