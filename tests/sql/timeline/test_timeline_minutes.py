"""timeline.minutes and what it is made of: placement of movement, sources, wear, rest, states, local days."""

from datetime import date

import pytest
from one_build import Person, Steps, given, home, one_of_many, people, person, rows

from recovery.home.settings import Travel

pytestmark = pytest.mark.slow

__all__ = ["people", "person"]
DAY = "2024-05-01"


def sample(metric: str, start: str, number: float, end: str | None = None, **more: object) -> dict[str, object]:
    return {
        "metric": metric, "start_utc": f"{DAY} {start}", "end_utc": f"{DAY} {end or start}", "value": number, **more
    }  # fmt: skip


def counter(metric: str, time: str, number: float, **more: object) -> dict[str, object]:
    return {"metric": metric, "time_utc": f"{DAY} {time}", "clock_offset_s": 0, "value": number, **more}


def hearts(person: Person, first: str, last: str, **more: object) -> None:
    """A heart rate in every minute of [first, last)."""
    given(person, "raw.samples", [])
    source = more.get("source", "watch")
    person.connection.execute(
        "insert into raw.samples select ?, ?, 'heart_rate_bpm', t, t, 60.0, null, 1, null"
        " from generate_series(cast(? as timestamp), cast(? as timestamp) - interval 1 minute, interval 1 minute) s(t)",
        [person.subject, source, first if "-" in first else f"{DAY} {first}", last if "-" in last else f"{DAY} {last}"],
    )


def minutes(person: Person, columns: str, where: str) -> list[tuple]:
    return rows(person, "timeline.minutes", f"strftime(minute_utc, '%H:%M') as minute, {columns}", where)


def state(person: Person, time: str) -> str:
    ((found,),) = rows(person, "timeline.minutes", "state", f"minute_utc = '{DAY} {time}'")
    return str(found)


# Placement of movement


@one_of_many
def test_steps_go_to_the_active_minutes_at_the_end_of_the_interval(person: Person) -> Steps:
    given(person, "raw.counters", [counter("steps", "09:00", 0), counter("active_s", "09:00", 0)])
    given(person, "raw.counters", [counter("steps", "09:10", 200), counter("active_s", "09:10", 170)])
    yield

    assert minutes(person, "steps, is_moving", "steps > 0") == [
        ("09:07", 67, True),
        ("09:08", 66, True),
        ("09:09", 67, True),
    ]


@one_of_many
def test_without_active_time_steps_are_spread_over_the_whole_interval(person: Person) -> Steps:
    given(person, "raw.counters", [counter("steps", "09:00", 0), counter("steps", "09:04", 10)])
    yield

    assert minutes(person, "steps", "steps > 0") == [("09:00", 3), ("09:01", 2), ("09:02", 3), ("09:03", 2)]


@pytest.mark.parametrize("steps", [1, 7, 59, 1000, 12345])
@one_of_many
def test_steps_spread_as_whole_numbers_add_up(person: Person, steps: int) -> Steps:
    given(person, "raw.counters", [counter("steps", "06:17", steps)])
    yield

    assert rows(person, "timeline.minutes", "sum(steps)") == [(steps,)]


@one_of_many
def test_fractions_of_steps_are_carried_on(person: Person) -> Steps:
    given(person, "raw.samples", [sample("steps", f"10:0{n}", 0.4, f"10:0{n + 1}") for n in range(5)])
    yield

    assert rows(person, "timeline.minutes", "sum(steps)") == [(2,)]


@one_of_many
def test_metres_follow_the_steps_where_they_are_read_rarely(person: Person) -> Steps:
    given(person, "raw.counters", [
        counter("steps", "09:01", 100), counter("active_s", "09:01", 60),
        counter("steps", "10:01", 400), counter("active_s", "10:01", 120), counter("distance_m", "12:00", 300),
    ])  # fmt: skip
    yield

    assert minutes(person, "steps, distance_m", "distance_m > 0") == [("09:00", 100, 75.0), ("10:00", 300, 225.0)]


@one_of_many
def test_active_time_without_steps_is_movement(person: Person) -> Steps:
    given(person, "raw.counters", [counter("active_s", "09:00", 0), counter("active_s", "09:30", 7)])
    yield

    assert minutes(person, "steps, is_moving, intensity", "is_moving") == [("09:29", None, True, "light")]


@one_of_many
def test_a_recorded_activity_is_movement(person: Person) -> Steps:
    given(person, "raw.activities", [{"start_utc": f"{DAY} 09:00:30", "end_utc": f"{DAY} 09:02"}])
    yield

    assert minutes(person, "state", "is_moving") == [("09:00", "moving"), ("09:01", "moving")]


@one_of_many
def test_intensity_by_cadence_or_by_the_vendor(person: Person) -> Steps:
    given(person, "raw.samples", [
        sample("steps", "10:00", 99, "10:01"), sample("steps", "10:01", 100, "10:02"),
        sample("steps", "10:02", 130, "10:03"), sample("steps", "10:03", 5, "10:04"),
        sample("moderate_s", "10:03", 60, "10:05"), sample("vigorous_s", "10:04", 30, "10:05"),
    ])  # fmt: skip
    yield

    assert minutes(person, "intensity", "is_moving") == [
        ("10:00", "light"),
        ("10:01", "moderate"),
        ("10:02", "vigorous"),
        ("10:03", "light"),
        ("10:04", "vigorous"),
    ]


@one_of_many
def test_a_watch_whose_offset_no_zone_has_keeps_its_local_time(person: Person) -> Steps:
    # 29,760 s = 8 h 16 min: its 1 May begins at 15:44 of its own UTC, which is the person's midnight
    given(person, "raw.clock_offsets", [{"time_utc": "2024-04-30 12:00", "offset_s": 29760}])
    given(person, "raw.counters", [
        {"metric": metric, "time_utc": time, "clock_offset_s": 29760, "value": number}
        for time, steps, active in (("2024-04-30 15:44", 900, 60), ("2024-04-30 15:45", 50, 60))
        for metric, number in (("steps", steps), ("active_s", active))
    ])  # fmt: skip
    yield

    assert rows(
        person, "timeline.minutes", "cast(local_date as varchar), cast(local_time as varchar), steps", "steps > 0"
    ) == [("2024-04-30", "2024-04-30 23:59:00", 900), ("2024-05-01", "2024-05-01 00:00:00", 50)]


@one_of_many
def test_a_journey_only_the_settings_know_moves_no_steps(person: Person) -> Steps:
    home(person, "UTC", [Travel(date(2024, 4, 28), date(2024, 5, 4), "Asia/Tokyo")])
    given(person, "raw.counters", [
        counter("steps", "20:00", 0), counter("active_s", "20:00", 0),
        counter("steps", "20:01", 50), counter("active_s", "20:01", 60),
    ])  # fmt: skip
    yield

    assert rows(person, "timeline.minutes", "cast(local_time as varchar), steps", "steps > 0") == [
        ("2024-05-02 05:00:00", 50)
    ]


# Which source counts


@one_of_many
def test_two_devices_are_not_added_up(person: Person) -> Steps:
    given(person, "raw.samples", [sample("steps", "10:00", 80, "10:01"), sample("steps", "10:01", 80, "10:02")])
    given(person, "raw.samples", [sample("steps", "10:00", 75, "10:01", source="phone")])
    given(person, "raw.samples", [sample("steps", "11:00", 60, "11:01", source="phone")])
    yield

    assert minutes(person, "steps, source", "steps > 0") == [
        ("10:00", 80, "watch"),
        ("10:01", 80, "watch"),
        ("11:00", 60, "phone"),
    ]


@one_of_many
def test_with_the_same_coverage_the_rank_counts(person: Person) -> Steps:
    given(person, "raw.source_priority", [{"source": "preferred", "rank": 1}])
    given(person, "raw.samples", [sample("steps", "10:00", 80, "10:01")])
    given(person, "raw.samples", [sample("steps", "10:00", 75, "10:01", source="preferred:1")])
    yield

    assert minutes(person, "steps, source", "steps > 0") == [("10:00", 75, "preferred:1")]


@one_of_many
def test_alike_is_to_have_evidence_in_as_many_quarters(person: Person) -> Steps:
    given(person, "raw.source_priority", [{"source": "ranked", "rank": 1}])
    given(person, "raw.samples", [sample("steps", "10:00", 600, "11:00", source="phone")])
    given(
        person,
        "raw.samples",
        [sample("steps", f"10:{n}", 80, f"10:{n + 1}", source="ranked") for n in (10, 25, 40, 55)],
    )
    given(person, "raw.samples", [sample("steps", "11:00", 600, "12:00", source="phone")])
    given(person, "raw.samples", [sample("steps", f"11:{n}", 80, f"11:{n + 1}", source="ranked") for n in (10, 25, 40)])
    yield

    assert rows(person, "timeline.minutes", "source, sum(steps)", "steps > 0 group by source") == [
        ("phone", 600),
        ("ranked", 320),
    ]


@one_of_many
def test_of_a_record_of_half_an_hour_nobody_knows_the_minutes(person: Person) -> Steps:
    hearts(person, "10:00", "12:00")
    given(person, "raw.samples", [sample("steps", "10:00", 60, "10:30"), sample("steps", "11:00", 60, "11:10:30")])
    yield

    states = rows(
        person, "timeline.minutes", "state, count(*), sum(steps)", "hour(minute_utc) in (10, 11) group by state"
    )
    assert states == [
        ("moving", 11, 60),
        ("still", 49, 0),
        ("unknown", 60, 60),
    ]
    assert rows(person, "daily.steps", "value, resolution") == [(120.0, "interval")]
    assert rows(person, "daily.moving_min", "value") == [(11.0,)]


@one_of_many
def test_without_a_heart_rate_such_records_say_nothing_of_wear(person: Person) -> Steps:
    given(person, "raw.samples", [sample("steps", f"{h}:00", 900, f"{h}:30") for h in range(10, 22)])
    yield

    assert rows(person, "daily.steps", "value, resolution") == [(10800.0, "interval")]
    assert rows(person, "daily.still_min", "value") == rows(person, "daily.moving_min", "value") == []
    assert rows(person, "stg.days", "worn_min, worn_waking_min") == [(None, None)]


@one_of_many
def test_a_record_of_more_than_two_hours_is_a_value_of_its_day(person: Person) -> Steps:
    given(
        person,
        "raw.samples",
        [sample("steps", "00:00", 7000, "23:59:59"), sample("active_s", "00:00", 3600, "23:59:59")],
    )
    given(person, "raw.samples", [sample("steps", "09:00", 80, "09:01", source="phone")])
    yield

    assert rows(person, "stg.day_values", "metric, value, source") == [
        ("moving_min", 60.0, "watch"),
        ("steps", 7000.0, "watch"),
    ]
    assert rows(person, "daily.steps", "value, resolution, source") == [(7000.0, "day", "watch")]


@one_of_many
def test_minutes_are_taken_from_a_source_that_knows_them_and_sums_from_the_one_that_counts(
    person: Person,
) -> Steps:
    given(person, "raw.source_priority", [{"source": "band", "rank": 1}])
    given(person, "raw.samples", [sample("steps", "10:00", 900, "11:00", source="band")])
    given(person, "raw.samples", [sample("steps", f"10:{n}", 40, f"10:{n + 1}") for n in range(10, 22)])
    yield

    assert rows(person, "daily.steps", "value, resolution, source") == [(900.0, "interval", "band")]
    assert rows(person, "daily.moving_min", "value") == [(12.0,)]


@one_of_many
def test_no_minute_is_still_in_which_another_source_has_steps(person: Person) -> Steps:
    hearts(person, "10:00", "11:00", source="worn")
    given(person, "raw.source_priority", [{"source": "worn", "rank": 1}])
    given(
        person,
        "raw.samples",
        [sample("steps", f"10:{n:02}", 50, f"10:{n + 1:02}", source="worn") for n in (5, 20, 35, 50)],
    )
    given(person, "raw.samples", [sample("steps", "10:40", 60, "10:41", source="phone")])
    yield

    assert state(person, "10:39") == "still"
    assert state(person, "10:40") == "unknown"


@one_of_many
def test_metres_of_a_source_without_steps_are_movement(person: Person) -> Steps:
    given(person, "raw.samples", [sample("distance_m", "10:00", 70, "10:01")])
    yield

    assert rows(person, "daily.moving_min", "value") == [(1.0,)]


@one_of_many
def test_the_worn_watch_counts_before_the_one_in_the_drawer(person: Person) -> Steps:
    given(person, "raw.source_priority", [{"source": "drawer", "rank": 1}])
    given(
        person, "raw.samples", [sample("steps", f"10:{n:02}", 0, f"10:{n + 1:02}", source="drawer") for n in range(59)]
    )
    given(person, "raw.samples", [sample("steps", "10:00", 30, "10:01")])
    yield

    assert minutes(person, "steps, source", "steps > 0") == [("10:00", 30, "watch")]


@one_of_many
def test_heart_rate_is_the_mean_of_the_minute_of_one_source(person: Person) -> Steps:
    given(person, "raw.samples", [sample("heart_rate_bpm", f"10:00:{s}", bpm) for s, bpm in (("05", 60), ("35", 65))])
    given(person, "raw.samples", [sample("heart_rate_bpm", "10:01", 70), sample("stress", "10:01", 25)])
    given(person, "raw.samples", [sample("heart_rate_bpm", "10:00", 99, source="strap")])
    yield

    assert minutes(person, "heart_rate_bpm, stress, heart_source", "heart_rate_bpm > 0") == [
        ("10:00", 62.5, None, "watch"),
        ("10:01", 70.0, 25.0, "watch"),
    ]


# Wear


@one_of_many
def test_worn_is_within_thirty_minutes_of_evidence(person: Person) -> Steps:
    hearts(person, "10:00", "10:01")
    hearts(person, "12:00", "12:01")
    yield

    worn = [minute for minute, _ in minutes(person, "1", "is_worn")]

    assert (worn[0], worn[60], worn[61], worn[-1], len(worn)) == ("09:30", "10:30", "11:30", "12:30", 122)


@pytest.mark.parametrize(("until", "is_worn"), [("11:30", True), ("11:31", False)])
@one_of_many
def test_without_a_heart_rate_ninety_minutes_without_counts_are_unworn(
    person: Person, until: str, is_worn: bool
) -> Steps:
    # 10:00 and 11:30 are 89 minutes of no counts apart, 10:00 and 11:31 are 90
    given(person, "raw.samples", [sample("steps", time, 10) for time in ("10:00", until)])
    yield

    assert minutes(person, "is_worn", f"minute_utc = '{DAY} 10:45'") == [("10:45", is_worn)]


@one_of_many
def test_the_devices_own_word_counts_until_it_measures_again(person: Person) -> Steps:
    hearts(person, "10:00", "10:05")
    given(person, "raw.samples", [sample("is_worn", "10:05", 0), sample("is_worn", "10:09", 1)])
    yield

    assert minutes(person, "is_worn, state", f"minute_utc between '{DAY} 10:04' and '{DAY} 10:10'") == [
        ("10:04", True, "worn"),
        ("10:05", False, "not_worn"),
        ("10:06", False, "not_worn"),
        ("10:07", False, "not_worn"),
        ("10:08", False, "not_worn"),
        ("10:09", True, "worn"),
        ("10:10", True, "worn"),
    ]


@one_of_many
def test_a_heart_rate_is_stronger_than_the_word_off(person: Person) -> Steps:
    hearts(person, "10:00", "10:10")
    given(person, "raw.samples", [sample("is_worn", "10:05", 0)])
    yield

    assert minutes(person, "is_worn", f"minute_utc = '{DAY} 10:05'") == [("10:05", True)]


@one_of_many
def test_a_day_on_which_only_zeros_were_reported_was_not_worn(person: Person) -> Steps:
    given(person, "raw.samples", [sample("steps", "10:00", 0, "10:01")])
    yield

    assert rows(person, "timeline.minutes", "state, is_worn, steps, count(*)", "true group by all") == [
        ("not_worn", False, None, 1440)
    ]


@one_of_many
def test_a_source_of_sleep_alone_cannot_tell_wear(person: Person) -> Steps:
    given(person, "raw.sleep_sessions", [{"start_utc": f"{DAY} 01:00", "end_utc": f"{DAY} 05:00"}])
    given(person, "raw.sleep_stages", [{"start_utc": f"{DAY} 01:00", "end_utc": f"{DAY} 05:00", "stage": "asleep"}])
    yield

    assert rows(person, "timeline.minutes", "state, is_worn, steps, count(*)", "true group by all") == [
        ("asleep", True, None, 240),
        ("not_worn", None, None, 1200),
    ]
    assert rows(person, "stg.days", "worn_min, worn_waking_min, recorded_min") == [(None, None, 240)]


# States


@one_of_many
def test_zero_steps_are_reported_where_a_worn_source_reports_steps(person: Person) -> Steps:
    hearts(person, "10:00", "10:03")
    given(person, "raw.samples", [sample("steps", "10:00", 5, "10:01"), sample("steps", "10:01", 0, "10:02")])
    yield

    assert minutes(person, "steps, state", f"minute_utc between '{DAY} 10:00' and '{DAY} 10:01'") == [
        ("10:00", 5, "moving"),
        ("10:01", 0, "still"),
    ]


@one_of_many
def test_the_massage_hour_goes_before_everything(person: Person) -> Steps:
    hearts(person, "10:00", "10:02")
    given(person, "raw.samples", [sample("steps", "15:00", 90, "15:01")])
    given(person, "raw.massages", [
        {"local_date": DAY, "start_local": f"{DAY} 10:01:20", "massage_min": 2.0},
        {"local_date": DAY, "start_local": f"{DAY} 12:00", "massage_min": 2.0},
        {"local_date": DAY, "start_local": f"{DAY} 15:00", "massage_min": 1.0},
        {"local_date": DAY, "start_local": f"{DAY} 16:00", "massage_min": 60.0, "status": "no-show"},
        {"local_date": DAY, "start_local": f"{DAY} 17:00"},
    ])  # fmt: skip
    yield

    assert minutes(person, "is_worn", "state = 'massage'") == [
        ("10:01", True),
        ("10:02", True),
        ("10:03", True),
        ("12:00", False),
        ("12:01", False),
        ("15:00", True),
    ]


@one_of_many
def test_asleep_goes_before_moving_and_counts_as_worn(person: Person) -> Steps:
    given(person, "raw.samples", [sample("steps", "00:10", 5, "00:11")])
    given(person, "raw.sleep_sessions", [{"start_utc": f"{DAY} 00:00", "end_utc": f"{DAY} 04:00"}])
    given(person, "raw.sleep_stages", [
        {"start_utc": f"{DAY} 00:00", "end_utc": f"{DAY} 03:00:40", "stage": "light"},
        {"start_utc": f"{DAY} 03:00:40", "end_utc": f"{DAY} 04:00", "stage": "awake"},
    ])  # fmt: skip
    yield

    assert rows(
        person,
        "timeline.minutes",
        "state, is_worn, sleep_source, count(*)",
        "local_time < '2024-05-01 04:00' group by all",
    ) == [("asleep", True, "watch", 181), ("awake_in_bed", True, "watch", 59)]


@one_of_many
def test_a_nap_is_asleep(person: Person) -> Steps:
    hearts(person, "12:00", "16:00")
    nap = {"start_utc": f"{DAY} 13:00", "end_utc": f"{DAY} 13:30"}
    given(person, "raw.sleep_sessions", [{**nap, "kind": "nap"}])
    given(person, "raw.sleep_stages", [{**nap, "stage": "asleep"}])
    yield

    assert (state(person, "12:59"), state(person, "13:00"), state(person, "13:29"), state(person, "13:30")) == (
        "worn",
        "asleep",
        "asleep",
        "worn",
    )


# Nights nobody recorded


@one_of_many
def test_the_longest_quiet_stretch_of_the_night_is_rest_unknown(person: Person) -> Steps:
    hearts(person, "2024-04-30 18:00", "2024-05-01 14:00")
    given(person, "raw.samples", [
        {"metric": "steps", "start_utc": start, "end_utc": end, "value": 500}
        for start, end in (("2024-04-30 22:50", "2024-04-30 23:00"), ("2024-05-01 06:00", "2024-05-01 06:10"))
    ])  # fmt: skip
    yield

    assert rows(
        person, "timeline.minutes", "min(local_time)::varchar, max(local_time)::varchar, count(*), min(sleep_source)",
        "state = 'rest_unknown'",
    ) == [("2024-04-30 23:00:00", "2024-05-01 05:59:00", 420, "inferred")]  # fmt: skip
    assert state(person, "13:00") == "still"


@one_of_many
def test_two_minutes_up_do_not_end_the_rest_three_do(person: Person) -> Steps:
    hearts(person, "00:00", "10:00")
    given(person, "raw.samples", [sample("steps", "02:00", 30, "02:02"), sample("steps", "08:00", 300, "08:10")])
    given(person, "raw.samples", [sample("steps", "05:30", 30, "05:33")])
    yield

    assert rows(
        person, "timeline.minutes", "state, min(local_time)::varchar, max(local_time)::varchar, count(*)",
        "local_time < '2024-05-01 05:30' group by all",
    ) == [
        ("moving", "2024-05-01 02:00:00", "2024-05-01 02:01:00", 2),
        ("rest_unknown", "2024-05-01 00:00:00", "2024-05-01 05:29:00", 328),
    ]  # fmt: skip
    assert state(person, "06:00") == "still"


@one_of_many
def test_less_than_three_hours_are_no_rest(person: Person) -> Steps:
    hearts(person, "00:30", "02:29")  # worn from 00:00 to 02:58
    yield

    assert rows(person, "timeline.minutes", "state, count(*)", "true group by all") == [
        ("not_worn", 1261),
        ("unknown", 179),  # nobody knows whether the person slept
    ]


@one_of_many
def test_a_recorded_night_leaves_nothing_to_infer(person: Person) -> Steps:
    hearts(person, "00:00", "10:00")
    night = {"start_utc": f"{DAY} 00:00", "end_utc": f"{DAY} 04:00"}
    given(person, "raw.sleep_sessions", [night])
    given(person, "raw.sleep_stages", [{**night, "stage": "asleep"}])
    yield

    assert rows(person, "timeline.minutes", "count(*)", "state = 'rest_unknown'") == [(0,)]


# Local days


@pytest.mark.parametrize(
    ("day_of", "count", "change"), [("2024-03-31", 1380, 60), ("2024-10-27", 1500, -60), ("2024-05-01", 1440, 0)]
)
@one_of_many
def test_days_have_23_24_or_25_hours(person: Person, day_of: str, count: int, change: int) -> Steps:
    home(person, "Europe/Berlin")
    hearts(person, f"{day_of} 09:00", f"{day_of} 09:10")
    yield

    assert rows(person, "timeline.minutes", "cast(local_date as varchar), count(*)", "true group by all") == [
        (day_of, count)
    ]
    assert rows(person, "stg.days", "minute_count, offset_change_min, worn_min, sources") == [
        (count, change, 70, "watch")
    ]


@one_of_many
def test_the_doubled_hour_is_there_twice(person: Person) -> Steps:
    home(person, "Europe/Berlin")
    given(person, "raw.samples", [
        {"metric": "steps", "start_utc": f"2024-10-27 0{hour}:30", "end_utc": f"2024-10-27 0{hour}:31", "value": 9}
        for hour in (0, 1)
    ])  # fmt: skip
    yield

    assert rows(person, "timeline.minutes", "cast(local_time as varchar), steps", "steps > 0") == [
        ("2024-10-27 02:30:00", 9),
        ("2024-10-27 02:30:00", 9),
    ]


@one_of_many
def test_a_record_over_midnight_makes_two_days(person: Person) -> Steps:
    given(person, "raw.samples", [
        {"metric": "steps", "start_utc": f"{DAY} 23:58", "end_utc": "2024-05-02 00:02", "value": 40}
    ])  # fmt: skip
    yield

    assert rows(
        person, "timeline.minutes", "cast(local_date as varchar), sum(steps), count(*)", "true group by all"
    ) == [
        ("2024-05-01", 20, 1440),
        ("2024-05-02", 20, 1440),
    ]


@one_of_many
def test_a_day_ends_at_its_last_minute(person: Person) -> Steps:
    given(person, "raw.samples", [sample("steps", "23:00", 40)])
    given(
        person, "raw.samples", [{"metric": "steps", "start_utc": f"{DAY} 23:59", "end_utc": "2024-05-02", "value": 5}]
    )
    yield

    assert rows(person, "timeline.minutes", "distinct cast(local_date as varchar)") == [(DAY,)]


@one_of_many
def test_a_flight_west_makes_a_longer_day(person: Person) -> Steps:
    home(person, "Europe/Berlin", [Travel(date(2024, 5, 2), date(2024, 5, 9), "America/New_York")])
    hearts(person, "2024-05-02 12:00", "2024-05-02 12:10")
    yield

    # from 00:00 to 06:00 in Berlin, then a whole day in New York
    assert rows(person, "stg.days", "cast(local_date as varchar), minute_count, offset_change_min") == [
        ("2024-05-02", 1800, -360)
    ]


@one_of_many
def test_deliveries_that_come_twice_change_nothing(person: Person) -> Steps:
    for delivery in (1, 2):
        hearts(person, "10:00", "10:10")
        given(person, "raw.counters", [
            counter("steps", "10:05", 100, delivery=delivery), counter("active_s", "10:05", 60, delivery=delivery)
        ])  # fmt: skip
    yield

    assert minutes(person, "steps", "steps > 0") == [("10:04", 100)]
    assert rows(person, "timeline.minutes", "sum(heart_rate_bpm)") == [(600,)]


@one_of_many
def test_nobody_is_still_on_a_date_of_which_no_source_tells_movement(person: Person) -> Steps:
    hearts(person, "12:00", "16:00")
    given(person, "raw.activities", [{"start_utc": f"{DAY} 13:00", "end_utc": f"{DAY} 13:30"}])
    yield

    assert (state(person, "12:59"), state(person, "13:00"), state(person, "13:30")) == ("worn", "moving", "worn")
    assert rows(person, "timeline.hours", "sum(still_min), sum(moving_min), sum(known_min)") == [(0, 30, 30)]
    assert rows(person, "stg.days", "worn_waking_min", f"local_date = '{DAY}'")[0][0] >= 240


@one_of_many
def test_where_steps_are_told_a_worn_minute_without_them_is_still(person: Person) -> Steps:
    hearts(person, "12:00", "16:00")
    given(person, "raw.samples", [sample("steps", "15:10", 5, "15:11")])
    yield

    assert (state(person, "12:59"), state(person, "15:30")) == ("still", "still")
