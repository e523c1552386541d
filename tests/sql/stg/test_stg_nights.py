"""stg.nights and the stages and sessions below: one source per night, main sleep and naps."""

from datetime import date, datetime

import pytest
from one_build import Person, Steps, given, home, one_of_many, people, person, rows

pytestmark = pytest.mark.slow

__all__ = ["people", "person"]
CLOCK = "strftime({0}, '%m-%d %H:%M')"


def session(person: Person, start: str, end: str, *stages: str, **more: object) -> None:
    """A session of 2024 with stages written as 'light 23:00 01:30', one day later where the clock steps back."""
    key = more.setdefault("session_key", f"{more.get('source', 'watch')} {start}")
    given(person, "raw.sleep_sessions", [{"start_utc": f"2024-{start}", "end_utc": f"2024-{end}", **more}])
    ids = {name: more[name] for name in ("source", "delivery", "exported_utc") if name in more}
    given(
        person,
        "raw.sleep_stages",
        [
            {"stage": stage, "start_utc": f"2024-{first}", "end_utc": f"2024-{last}", "session_key": key, **ids}
            for stage, first, last in (text.split(maxsplit=1)[:1] + _times(start, text) for text in stages)
        ],
    )


def _times(start: str, text: str) -> list[str]:
    day, clock = start.split()
    times = []
    for word in text.split()[1:]:
        if word < clock:
            day = f"{day[:3]}{int(day[3:]) + 1:02}"
        clock = word
        times.append(f"{day} {word}")
    return times


STAGED = (
    "awake 23:00 23:20",
    "light 23:20 01:00",
    "deep 01:00 02:00",
    "awake 02:00 02:10",
    "rem 02:10 03:10",
    "awake 03:10 03:15",
    "awake 03:15 03:20",
    "light 03:20 06:50",
    "awake 06:50 07:00",
)


@one_of_many
def test_a_night_of_stages(person: Person) -> Steps:
    session(person, "05-01 23:00", "05-02 07:00", *STAGED, is_in_bed_recorded=True)
    yield

    assert rows(
        person,
        "stg.nights",
        "cast(local_date as varchar), ordinal, is_main, onset_local_min, wake_local_min, in_bed_min, asleep_min,"
        " awake_min, light_min, deep_min, rem_min, latency_min, waso_min, awakenings, efficiency_share",
    ) == [("2024-05-02", 1, True, -40.0, 410.0, 480.0, 430.0, 50.0, 310.0, 60.0, 60.0, 20.0, 20.0, 2, 0.895833)]


@pytest.mark.parametrize(
    ("reported", "is_coarse", "asleep_min"),
    [(431, True, 431), (425, True, 425), (0, True, 430), (481, True, 430), (None, True, 430), (425, False, 429)],
)
@one_of_many
def test_minutes_asleep_are_the_vendors_where_it_tells_a_stage_every_five_minutes(
    person: Person, reported: float | None, is_coarse: bool, asleep_min: float
) -> Steps:
    stages = STAGED if is_coarse else (*STAGED[:3], "light 02:00 02:01", "awake 02:01 02:12", *STAGED[4:])
    stages = tuple(stage.replace("rem 02:10", "rem 02:12") if not is_coarse else stage for stage in stages)
    session(person, "05-01 23:00", "05-02 07:00", *stages, is_in_bed_recorded=True, asleep_min=reported)
    yield

    found = rows(person, "stg.nights", "asleep_min, efficiency_share")

    assert found == [(asleep_min, round(asleep_min / 480, 6))]


@one_of_many
def test_a_classic_night_has_no_levels(person: Person) -> Steps:
    session(
        person, "05-02 00:10", "05-02 06:00", "asleep 00:10 03:00", "awake 03:00 03:30", "asleep 03:30 06:00"
    )  # fmt: skip
    yield

    assert rows(
        person, "stg.nights", "asleep_min, awake_min, light_min, deep_min, rem_min, latency_min, waso_min, in_bed_min"
    ) == [(320.0, 30.0, None, None, None, None, 30.0, None)]


@one_of_many
def test_a_night_of_which_a_part_has_no_level_has_no_minutes_of_levels(person: Person) -> Steps:
    session(person, "05-01 23:00", "05-02 03:00", "light 23:00 02:00", "deep 02:00 03:00")
    session(person, "05-02 03:30", "05-02 06:30", "asleep 03:30 06:30")
    session(person, "05-02 23:00", "05-03 07:00", "light 23:00 06:59", "asleep 06:59 07:00")
    yield

    assert rows(person, "stg.nights", "asleep_min, light_min, deep_min, rem_min") == [
        (420.0, None, None, None),
        (480.0, 479.0, 0.0, 0.0),
    ]


@one_of_many
def test_a_night_without_stages_is_as_the_source_says(person: Person) -> Steps:
    session(
        person, "05-01 23:00", "05-02 07:00",
        asleep_min=400.0, awake_min=80.0, latency_min=15.0, after_wake_min=5.0, is_in_bed_recorded=True,
    )  # fmt: skip
    yield

    assert rows(
        person,
        "stg.nights",
        f"asleep_min, awake_min, light_min, latency_min, waso_min, awakenings, {CLOCK.format('onset_utc')},"
        f" {CLOCK.format('wake_utc')}, efficiency_share",
    ) == [(400.0, 80.0, None, 15.0, 60.0, None, "05-01 23:15", "05-02 06:55", 0.833333)]


@one_of_many
def test_a_session_without_any_sleep_makes_no_night(person: Person) -> Steps:
    session(person, "05-01 23:00", "05-02 07:00", "awake 23:00 23:40", "unknown 23:40 07:00")
    session(person, "05-02 23:00", "05-03 07:00")
    yield

    assert rows(person, "stg.nights") == []


@one_of_many
def test_a_night_belongs_to_the_local_date_it_ends(person: Person) -> Steps:
    home(person, "America/New_York")  # 4 h behind
    session(person, "05-02 01:00", "05-02 04:30", "asleep 01:00 04:30")
    session(person, "05-03 00:30", "05-03 04:00", "asleep 00:30 04:00")
    yield

    assert rows(person, "stg.nights", "cast(local_date as varchar), onset_local_min, wake_local_min") == [
        ("2024-05-02", -180.0, 30.0),
        ("2024-05-02", 1230.0, 1440.0),  # ends at midnight: of the day before
    ]


@pytest.mark.parametrize(
    ("start", "end", "stage", "asleep_min", "wake_local_min"),
    [
        ("03-30 22:00", "03-31 05:00", "asleep 22:00 05:00", 420.0, 420.0),  # 23:00 to 07:00 on the clock
        ("10-26 21:00", "10-27 06:00", "asleep 21:00 06:00", 540.0, 420.0),
    ],
)
@one_of_many
def test_nights_of_changed_clocks(
    person: Person, start: str, end: str, stage: str, asleep_min: float, wake_local_min: float
) -> Steps:
    home(person, "Europe/Berlin")
    session(person, start, end, stage)
    yield

    assert rows(person, "stg.nights", "asleep_min, onset_local_min, wake_local_min") == [
        (asleep_min, -60.0, wake_local_min)
    ]


@one_of_many
def test_the_main_sleep_is_what_the_source_calls_so(person: Person) -> Steps:
    session(person, "05-02 01:00", "05-02 03:00", "asleep 01:00 03:00", kind="main")
    session(person, "05-02 09:00", "05-02 13:00", "asleep 09:00 13:00", kind="nap")
    session(person, "05-02 06:30", "05-02 07:30", "asleep 06:30 07:30", kind="main")
    yield

    assert rows(person, "stg.nights", "ordinal, is_main, asleep_min") == [
        (1, True, 120.0),
        (2, False, 60.0),
        (3, False, 240.0),
    ]


@pytest.mark.parametrize(("up", "again"), [("22:27", "23:32"), ("22:27", "23:20"), ("21:30", "22:00")])
@one_of_many
def test_a_sleep_by_day_and_the_night_after_it_are_two(person: Person, up: str, again: str) -> Steps:
    session(person, "05-01 15:15", f"05-01 {up}", f"asleep 15:15 {up}", kind="nap")
    session(person, f"05-01 {again}", "05-02 08:00", f"asleep {again} 08:00", kind="nap")
    session(person, "05-02 09:15", "05-02 19:15", "asleep 09:15 19:15", kind="main")
    yield

    assert sorted(rows(person, "stg.nights", "local_date, in_bed_start_utc, is_main")) == [
        (date(2024, 5, 1), datetime(2024, 5, 1, 15, 15), False),
        (date(2024, 5, 2), datetime.fromisoformat(f"2024-05-01 {again}"), False),
        (date(2024, 5, 2), datetime(2024, 5, 2, 9, 15), True),
    ]


@one_of_many
def test_a_long_sleep_by_day_of_an_unknown_kind_is_no_part_of_the_night(person: Person) -> Steps:
    session(person, "05-01 15:15", "05-01 22:27", "asleep 15:15 22:27")
    session(person, "05-01 23:32", "05-02 08:00", "asleep 23:32 08:00")
    yield

    assert rows(person, "stg.nights", "local_date, is_main") == [(date(2024, 5, 1), True), (date(2024, 5, 2), True)]


@one_of_many
def test_else_the_longest_of_at_least_three_hours(person: Person) -> Steps:
    session(person, "05-02 00:00", "05-02 03:00", "asleep 00:00 03:00")
    session(person, "05-02 13:00", "05-02 16:30", "asleep 13:00 16:30")
    session(person, "05-03 13:00", "05-03 15:59", "asleep 13:00 15:59")
    yield

    assert rows(person, "stg.nights", "cast(local_date as varchar), ordinal, is_main, asleep_min") == [
        ("2024-05-02", 1, True, 210.0),
        ("2024-05-02", 2, False, 180.0),
        ("2024-05-03", 2, False, 179.0),
    ]


@one_of_many
def test_a_reported_nap_is_never_the_main_sleep(person: Person) -> Steps:
    session(person, "05-02 09:00", "05-02 13:00", "asleep 09:00 13:00", kind="nap")
    yield

    assert rows(person, "stg.nights", "ordinal, is_main") == [(2, False)]


@one_of_many
def test_sessions_less_than_an_hour_apart_are_one_night(person: Person) -> Steps:
    session(person, "05-01 23:00", "05-02 03:00", "asleep 23:00 03:00", is_in_bed_recorded=True)
    session(person, "05-02 03:59", "05-02 07:00", "asleep 03:59 07:00", is_in_bed_recorded=True)
    session(person, "05-02 08:00", "05-02 09:00", "asleep 08:00 09:00", is_in_bed_recorded=True)
    yield

    assert rows(person, "stg.nights", "ordinal, asleep_min, in_bed_min, waso_min, awakenings") == [
        (1, 421.0, 480.0, 59.0, 1),
        (2, 60.0, 60.0, 0.0, 0),
    ]


@one_of_many
def test_a_main_sleep_and_a_reported_nap_stay_two(person: Person) -> Steps:
    session(person, "05-02 00:00", "05-02 06:00", "asleep 00:00 06:00", kind="main")
    session(person, "05-02 06:30", "05-02 07:00", "asleep 06:30 07:00", kind="nap")
    yield

    assert rows(person, "stg.nights", "ordinal, asleep_min") == [(1, 360.0), (2, 30.0)]


@one_of_many
def test_awake_for_long_at_night_is_one_night_whatever_the_source_calls_its_parts(
    person: Person,
) -> Steps:
    session(person, "05-01 23:00", "05-02 03:00", "light 23:00 03:00", kind="main")
    session(person, "05-02 04:10", "05-02 07:00", "light 04:10 07:00", kind="nap")
    session(person, "05-02 22:30", "05-03 00:30", "light 22:30 00:30")
    session(person, "05-03 03:29", "05-03 07:00", "light 03:29 07:00")
    yield

    assert rows(person, "stg.nights", "local_date, asleep_min, awake_min, waso_min, awakenings") == [
        (date(2024, 5, 2), 410.0, 70.0, 70.0, 1),
        (date(2024, 5, 3), 331.0, 179.0, 179.0, 1),
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("05-02 00:00", "05-02 06:05"), ("05-02 08:00", "05-02 09:00")),  # up, and asleep again in the morning
        (("05-02 00:00", "05-02 05:00"), ("05-02 07:30", "05-02 09:00")),  # the second begins by day
        (("05-01 19:30", "05-01 20:30"), ("05-01 22:30", "05-02 06:00")),  # the evening before
        (("05-01 22:00", "05-02 02:00"), ("05-02 05:00", "05-02 07:00")),  # three hours
        (("05-02 09:00", "05-02 13:00"), ("05-02 14:30", "05-02 17:00")),  # by day, after a night shift
    ],
)  # fmt: skip
@one_of_many
def test_other_long_wakings_part_two_sleeps(person: Person, first: tuple[str, str], second: tuple[str, str]) -> Steps:
    for start, end in (first, second):
        session(person, start, end, f"light {start[6:]} {end[6:]}")
    yield

    assert len(rows(person, "stg.nights", "ordinal")) == 2


@one_of_many
def test_a_nap_reported_before_the_main_sleep_stays_a_nap(person: Person) -> Steps:
    session(person, "05-01 21:30", "05-01 22:15", "light 21:30 22:15", kind="nap")
    session(person, "05-01 23:30", "05-02 07:00", "light 23:30 07:00", kind="main")
    yield

    assert rows(person, "stg.nights", "ordinal, asleep_min") == [(1, 450.0), (2, 45.0)]


@pytest.mark.parametrize(
    ("start", "up", "again", "asleep_min"),
    [
        ("05-01 23:00", "05-02 01:50", "05-02 03:00", 410.0),  # the second part is the longer one
        ("05-01 20:45", "05-01 23:30", "05-02 01:00", 525.0),
        ("05-02 01:00", "05-02 01:30", "05-02 02:00", 330.0),
    ],
)
@one_of_many
def test_the_shorter_first_part_of_a_night_is_no_nap(
    person: Person, start: str, up: str, again: str, asleep_min: float
) -> Steps:
    session(person, start, up, f"light {start[6:]} {up[6:]}", kind="nap")
    session(person, again, "05-02 07:00", f"light {again[6:]} 07:00", kind="main")
    yield

    assert rows(person, "stg.nights", "ordinal, is_main, asleep_min") == [(1, True, asleep_min)]


@one_of_many
def test_a_long_waking_of_one_source_is_not_filled_from_another(person: Person) -> Steps:
    for name in ("ring", "watch"):
        session(person, "05-01 23:00", "05-02 03:00", "light 23:00 03:00", source=name)
    session(person, "05-02 05:00", "05-02 07:00", "light 05:00 07:00", source="watch")
    yield

    assert rows(person, "stg.nights", "source, asleep_min, waso_min") == [("watch", 360.0, 120.0)]


@one_of_many
def test_one_source_counts_for_a_night_stages_first(person: Person) -> Steps:
    given(person, "raw.source_priority", [{"source": "preferred", "rank": 1}])
    session(person, "05-01 22:00", "05-02 08:00", "asleep 22:00 08:00", source="preferred")
    session(person, "05-01 23:00", "05-02 07:00", "light 23:00 07:00", source="watch")
    yield

    assert rows(person, "stg.nights", "source, asleep_min") == [("watch", 480.0)]


@one_of_many
def test_a_source_that_saw_less_than_half_of_the_night_does_not_count_for_its_stages(
    person: Person,
) -> Steps:
    session(person, "05-01 23:00", "05-02 07:00", "asleep 23:00 07:00", source="phone")
    session(person, "05-01 23:00", "05-02 02:00", "light 23:00 02:00", source="watch")
    yield

    assert rows(person, "stg.nights", "source, asleep_min") == [("phone", 480.0)]


@one_of_many
def test_else_the_source_with_a_tenth_more_sleep_then_the_rank(person: Person) -> Steps:
    given(person, "raw.source_priority", [{"source": "best", "rank": 1}])
    session(person, "05-01 23:00", "05-02 07:00", "light 23:00 07:00", source="band")
    session(person, "05-01 23:30", "05-02 07:30", "light 23:30 07:30", source="best")
    session(person, "05-02 23:00", "05-03 07:00", "light 23:00 07:00", source="band")
    session(person, "05-02 23:00", "05-03 06:11", "light 23:00 06:11", source="best")
    session(person, "05-03 23:00", "05-04 07:00", "light 23:00 07:00", source="band")
    session(person, "05-03 23:00", "05-04 06:13", "light 23:00 06:13", source="best")
    yield

    assert rows(person, "stg.nights", "cast(local_date as varchar), source") == [
        ("2024-05-02", "best"),
        ("2024-05-03", "band"),
        ("2024-05-04", "best"),
    ]


@one_of_many
def test_another_source_still_gives_the_nap_it_alone_saw(person: Person) -> Steps:
    session(person, "05-01 23:00", "05-02 07:00", "light 23:00 07:00", source="ring")
    session(person, "05-02 14:00", "05-02 15:00", "asleep 14:00 15:00", source="watch")
    yield

    assert rows(person, "stg.nights", "ordinal, source") == [(1, "ring"), (2, "watch")]


@one_of_many
def test_a_night_delivered_again_is_taken_whole_from_the_newest_export(person: Person) -> Steps:
    session(person, "05-01 23:00", "05-02 07:00", "light 23:00 07:00", session_key="7", exported_utc="2024-06-01")
    session(
        person, "05-01 23:00", "05-02 07:00", "light 23:00 06:00", "deep 06:00 07:00", session_key="7",
        exported_utc="2024-07-01",
    )  # fmt: skip
    yield

    assert rows(person, "stg.nights", "light_min, deep_min") == [(420.0, 60.0)]


@one_of_many
def test_the_same_night_under_two_names_counts_once(person: Person) -> Steps:
    session(person, "05-01 23:00", "05-02 07:00", "asleep 23:00 07:00", session_key="classic")
    session(person, "05-01 23:10", "05-02 07:10", "light 23:10 07:10", session_key="stages")
    yield

    assert rows(person, "stg.nights", "session_key, asleep_min") == [("stages", 480.0)]


@one_of_many
def test_a_short_wake_reported_inside_a_long_stage_is_awake(person: Person) -> Steps:
    session(person, "05-01 23:00", "05-02 07:00", "light 23:00 07:00", "awake 02:00 02:05")
    yield

    assert rows(person, "stg.nights", "asleep_min, awake_min, waso_min, awakenings") == [(475.0, 5.0, 5.0, 1)]


@one_of_many
def test_local_time_without_an_offset_is_flagged(person: Person) -> Steps:
    given(person, "raw.clock_offsets", [{"time_utc": "2024-05-02 12:00", "offset_s": 0}])
    session(person, "05-01 23:00", "05-02 07:00", "asleep 23:00 07:00", tz_assumed=True)
    session(person, "05-02 13:00", "05-02 14:00", "asleep 13:00 14:00")
    yield

    assert rows(person, "stg.nights", "ordinal, tz_assumed") == [(1, True), (2, False)]


UNSTAGED: dict[str, object] = {"is_in_bed_recorded": True, "asleep_min": 400.0}


@pytest.mark.parametrize(
    ("told", "nights"),
    [
        ({"asleep_min": 500.0}, []),  # of 480: how long nobody knows
        ({"asleep_min": 480.6}, [(480.0, 480.6, 1.0, None)]),  # vendors round to a minute
        ({"latency_min": 470.0, "after_wake_min": 20.0}, [(480.0, 400.0, 0.833333, None)]),
        ({"latency_min": 20.0}, [(480.0, 400.0, 0.833333, 20.0)]),
    ],
)
@one_of_many
def test_what_a_vendor_tells_of_a_night_and_contradicts_is_set_aside(
    person: Person, told: dict[str, object], nights: list[tuple]
) -> Steps:
    session(person, "05-01 23:00", "05-02 07:00", **{**UNSTAGED, **told})
    session(person, "05-02 23:00", "05-03 07:00", **UNSTAGED)
    yield

    found = rows(person, "stg.nights", "in_bed_min, asleep_min, efficiency_share, latency_min, onset_utc < wake_utc")

    fine = (480.0, 400.0, 0.833333, None)
    assert [row for row in found if row[-1]] == found
    assert sorted(found, key=str) == sorted([(*row, True) for row in [*nights, fine]], key=str)


@one_of_many
def test_stages_that_last_longer_than_the_time_in_bed_leave_the_night_and_set_that_time_aside(person: Person) -> Steps:
    session(person, "05-01 23:00", "05-02 05:00", "light 23:00 03:00", "rem 03:00 07:00", is_in_bed_recorded=True)
    yield

    assert rows(person, "stg.nights", "in_bed_min, asleep_min, efficiency_share, light_min") == [
        (None, 480.0, None, 240.0)
    ]
    assert rows(person, "stg.sleep_amounts", "rejected, reason", "metric = 'in_bed_min'") == [
        (360.0, "a time in bed that is shorter than the time asleep")
    ]


@one_of_many
def test_levels_far_from_the_source_s_own_minutes_asleep_are_set_aside(person: Person) -> Steps:
    session(person, "05-01 23:00", "05-02 07:00", *STAGED, is_in_bed_recorded=True, asleep_min=300.0)
    yield

    assert rows(person, "stg.nights", "in_bed_min, asleep_min, light_min, deep_min, rem_min") == [
        (480.0, 300.0, None, None, None)
    ]


@one_of_many
def test_levels_of_parts_that_are_cut_at_their_ends_are_set_aside_where_they_miss_the_source_s_own_minutes(
    person: Person,
) -> Steps:
    parts = (("05-01 23:00", "05-02 02:33", "light 23:00 01:00", "deep 01:00 02:00", "light 02:00 02:05",
              "rem 02:05 02:33"),
             ("05-02 02:50", "05-02 06:17", "light 02:50 05:00", "deep 05:00 05:30", "rem 05:30 05:40",
              "light 05:40 06:17"))  # fmt: skip
    for start, end, *stages in parts:
        session(person, start, end, *stages, is_in_bed_recorded=True, asleep_min=200.0)
    yield

    assert rows(person, "stg.nights", "asleep_min, light_min, deep_min, rem_min") == [(400.0, None, None, None)]


@one_of_many
def test_nobody_sleeps_for_two_days(person: Person) -> Steps:
    session(person, "05-01 23:00", "05-03 23:00", is_in_bed_recorded=True, asleep_min=2800.0)
    session(person, "05-04 23:00", "05-05 07:00", **UNSTAGED)
    yield

    assert rows(person, "stg.nights", "asleep_min") == [(400.0,)]
    assert rows(person, "stg.sleep_amounts", "rejected, reason", "metric = 'asleep_min' and rejected > 0") == [
        (2800.0, "a sleep with more minutes asleep than it is long, or than 36 hours have")
    ]
