"""Days counted from a massage, their validity and the days around it, worked out by hand."""

from datetime import date, timedelta

import pytest
from layers import add, build, build_for, night, ranks, report_days
from sql_cases import given, rows

pytestmark = pytest.mark.slow

FIRST = date(2024, 5, 1)


def on(number: int) -> str:
    """The date of a day of the case; 1 is 2024-05-01."""
    return str(FIRST + timedelta(days=number - 1))


def massages(layers, *rows_: dict) -> None:
    """Massages of a log that covers its first to its last entry; `day` counts as `on` does."""
    settled = [
        {"massage_id": f"massage {n}", "ordinal": 1, "status": "attended", "path": "log.csv", "place": f"row {n}"}
        | {key: value for key, value in row.items() if key != "day"}
        | {"local_date": on(row["day"])}
        for n, row in enumerate(rows_, 1)
    ]
    add(layers, "stg.massages", settled)
    given(
        layers,
        "raw.massages",
        [{key: row[key] for key in ("local_date", "status", "path", "place")} for row in settled],
    )
    if not rows(layers, "raw.logs"):
        given(layers, "raw.logs", [{"kind": "massages"}])


def values(layers, metric: str, numbers: dict[int, float], **columns) -> None:
    """Rows of a metric, by day."""
    add(
        layers,
        f"daily.{metric}",
        [{"local_date": on(day), "value": value} for day, value in numbers.items()],
        metric=metric,
        source="watch",
        resolution="minute",
        **columns,
    )


def worn(layers, *days: int, **columns) -> None:
    """Days recorded from midnight to midnight, worn for 16 waking hours unless said otherwise."""
    standard = {
        "sources": "watch",
        "minute_count": 1440,
        "recorded_min": 1440,
        "worn_min": 1440,
        "worn_waking_min": 960,
    }
    add(layers, "stg.days", [{"local_date": on(day)} for day in days], **(standard | columns))


def built(layers, name: str, columns: str, where: str = "true") -> list[tuple]:
    parts = ("day_metrics", "spans", "log_spans", "unknown_days", "days", "validity", "measures", "anchors", "around")
    build_for(layers, f"massage.{name}", *(f"massage.{part}" for part in parts))
    return rows(layers, f"massage.{name}", columns, where)


def test_the_span_ends_with_the_last_record_and_not_with_an_appointment(layers):
    worn(layers, 3, 5)
    massages(layers, {"day": 1}, {"day": 30})

    assert built(layers, "spans", "first_date::text, last_date::text") == [(on(1), on(5))]
    assert len(built(layers, "days", "local_date")) == 5


def test_massages_alone_have_their_own_span_without_no_shows(layers):
    massages(layers, {"day": 2}, {"day": 4}, {"day": 9, "status": "no-show"})

    assert built(layers, "spans", "first_date::text, last_date::text") == [(on(2), on(4))]


def test_unlogged_is_not_no(layers):
    worn(layers, *range(1, 9))
    massages(layers, {"day": 3, "massage_min": 60}, {"day": 5, "status": "no-show"}, {"day": 6})

    found = built(layers, "days", "local_date, is_massage_day, massage_min, days_since_massage, days_to_massage")

    assert [row[1:] for row in found] == [
        (None, None, None, 2),
        (None, None, None, 1),
        (True, 60, 0, 0),
        (False, 0, 1, 2),
        (False, 0, 2, 1),
        (True, None, 0, 0),
        (None, None, 1, None),
        (None, None, 2, None),
    ]


def test_a_log_complete_until_a_date_says_no_up_to_it(layers):
    worn(layers, 1, 4)
    given(layers, "raw.logs", [{"kind": "massages", "complete_until": on(3)}, {"kind": "diary", "path": "diary.csv"}])
    massages(layers, {"day": 1})

    assert built(layers, "days", "local_date, is_massage_day")[1:] == [
        (FIRST + timedelta(days=1), False),
        (FIRST + timedelta(days=2), False),
        (FIRST + timedelta(days=3), None),
    ]


def unclear(layers, first: int | None, last: int | None, **more: object):
    row = {"path": "log.csv", "place": "row 9", "reason": "has no date", "subject": None}
    span = {"first_date": first and on(first), "last_date": last and on(last)}
    given(layers, "raw.unclear_rows", [row | span | more])


def test_a_date_on_which_an_unreadable_row_may_lie_is_unknown(layers):
    worn(layers, *range(1, 10))
    massages(layers, {"day": 2, "massage_min": 60}, {"day": 5, "massage_min": 30}, {"day": 8, "massage_min": 30})
    unclear(layers, 2, 5)
    unclear(layers, 7, 7)
    unclear(layers, 8, 8, place="row 12", subject="me")  # one more massage may have been on that date
    unclear(layers, 5, 5, place="row 13")  # of somebody
    unclear(layers, None, 2, place="row 14", subject="me")  # on the log's first date only because it has no earlier

    found = [row[1:] for row in built(layers, "days", "local_date, is_massage_day, massage_min, massage_unknown_for")]

    text = "log.csv row 9: has no date"
    assert found == [
        (None, None, None),
        (True, 60, None),
        (None, None, text),
        (None, None, text),
        (True, 30, None),
        (False, 0, None),
        (None, None, text),
        (True, None, None),
        (None, None, None),
    ]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [(None, None, {3, 4, 5, 6, 7}), (None, 4, {3, 4}), (6, None, {6, 7}), (1, 9, {3, 4, 5, 6, 7})],
)
def test_a_row_without_a_bound_lies_where_its_log_vouches_and_makes_no_date_covered(layers, first, last, expected):
    worn(layers, *range(1, 10))
    massages(layers, {"day": 3, "status": "cancelled"}, {"day": 7, "status": "cancelled"})
    unclear(layers, first, last)

    found = built(layers, "days", "local_date, is_massage_day, massage_unknown_for")

    assert {(day - FIRST).days + 1 for day, _, reason in found if reason} == expected
    assert {(day - FIRST).days + 1 for day, is_massage, _ in found if is_massage is False} == {3, 4, 5, 6, 7} - expected


def test_an_unreadable_row_of_a_named_person_is_about_nobody_else(layers):
    worn(layers, 1, 2, 3)
    worn(layers, 1, 2, 3, subject="ana")
    massages(layers, {"day": 1}, {"day": 3})
    layers.execute("insert into raw.massages select * replace ('ana' as subject) from raw.massages")
    layers.execute("insert into raw.logs select * replace ('ana' as subject) from raw.logs")
    unclear(layers, 2, 2, subject="ana")

    found = built(layers, "days", "subject, local_date, is_massage_day", f"local_date = '{on(2)}'")

    assert [(subject, is_massage) for subject, _, is_massage in found] == [("ana", None), ("me", False)]


def test_a_log_complete_from_a_date_says_no_from_it(layers):
    worn(layers, 1, 5)
    given(layers, "raw.log_starts", [{"complete_from": on(2)}])
    massages(layers, {"day": 4})

    assert [row[1] for row in built(layers, "days", "local_date, is_massage_day")] == [None, False, False, True, None]


def test_the_dose_is_of_the_seven_days_before(layers):
    worn(layers, *range(1, 17))
    massages(
        layers,
        {"day": 1, "massage_min": 60},
        {"day": 8, "massage_min": 30},
        {"day": 8, "massage_min": 20, "massage_id": "evening", "ordinal": 2},
        {"day": 9},
        {"day": 16, "massage_min": 60},
    )

    found = [row[1] for row in built(layers, "days", "local_date, massage_min_7d")]

    assert found[:7] == [None] * 7  # nothing is known of the days before the log
    assert found[7:9] == [60, 50]
    assert found[9:16] == [None] * 7  # the massage of day 9 does not tell its minutes


def test_people_are_kept_apart(layers):
    worn(layers, 1, 2)
    worn(layers, 1, 2, subject="ana")
    massages(layers, {"day": 2})

    found = built(layers, "days", "subject, is_massage_day, days_to_massage")

    assert found == [("ana", None, None), ("ana", None, None), ("me", True, 0), ("me", None, 1)]


@pytest.mark.parametrize(
    ("day", "is_valid"),
    [
        ({"worn_waking_min": 600}, True),
        ({"worn_waking_min": 599}, False),
        ({"worn_waking_min": 900, "recorded_min": 1000}, True),
    ],
)
def test_a_valid_day_is_worn_for_ten_waking_hours(layers, day, is_valid):
    worn(layers, 1, 3)
    worn(layers, 2, **day)

    assert built(layers, "validity", "is_valid_day", f"local_date = '{on(2)}'") == [(is_valid,)]


def test_an_excluded_day_is_never_valid(layers):
    worn(layers, 1, 2, 3)
    night(layers, on(2), f"{on(1)} 23:00", f"{on(2)} 07:00")
    given(layers, "raw.exclusions", [{"local_date": on(2), "reason": "illness"}])

    found = built(layers, "validity", "local_date, is_valid_day, is_valid_night, excluded_for")

    assert found[1][1:] == (False, False, "illness")
    assert found[2][1:] == (True, False, None)
    both = "local_date, is_worn_enough_unless_excluded, is_valid_night_unless_excluded"
    assert [row[1:] for row in built(layers, "validity", both)][1:] == [(True, True), (True, False)]


def test_the_first_and_last_date_of_a_source_must_be_whole(layers):
    worn(layers, 1, recorded_min=700)
    worn(layers, 2, 3)
    worn(layers, 4, recorded_min=700, sources="band, watch")
    worn(layers, 5, 6, sources="band")

    found = built(layers, "validity", "local_date, is_valid_day")

    # day 4 is the last of one watch and the first of the next; day 6 is the last, and whole
    assert [row[1] for row in found] == [False, True, True, False, True, True]


def test_a_second_device_does_not_spoil_the_days_of_the_first(layers):
    worn(layers, 1, 2, 3, 5)
    worn(layers, 4, recorded_min=1400, sources="band, watch")

    assert built(layers, "validity", "is_valid_day", f"local_date = '{on(4)}'") == [(True,)]


def test_where_wear_is_unknown_a_device_in_a_drawer_is_found_by_its_steps(layers):
    worn(layers, *range(1, 8), worn_min=None, worn_waking_min=None)
    values(layers, "steps", {1: 4000, 2: 499, 3: 499, 4: 500, 5: 0, 6: 0, 7: 4000})
    values(layers, "resting_heart_rate_bpm", {3: 60})
    night(layers, on(5), f"{on(4)} 23:00", f"{on(5)} 07:00")

    found = built(layers, "validity", "local_date, is_valid_day, worn_min")

    assert [row[1:] for row in found] == [
        (True, None), (False, None), (True, None), (True, None), (True, None), (False, None), (True, None)
    ]  # fmt: skip


def test_days_reported_only_as_totals_are_valid_but_for_the_first_and_last(layers):
    report_days(layers, "steps", *(("summary", on(day), 5000) for day in (1, 2, 3)))
    build(layers, "stg.reported_days", "daily.steps")

    assert [row[1] for row in built(layers, "validity", "local_date, is_valid_day")] == [False, True, False]


@pytest.mark.parametrize(("wake", "is_valid"), [("01:59", False), ("02:00", True), ("13:00", True), ("13:01", False)])
def test_a_valid_night_is_of_three_to_fourteen_hours(layers, wake, is_valid):
    worn(layers, 2)
    night(layers, on(2), f"{on(1)} 23:00", f"{on(2)} {wake}")

    assert built(layers, "validity", "is_valid_night") == [(is_valid,)]


def test_a_nap_makes_no_valid_night(layers):
    worn(layers, 2)
    night(layers, on(2), f"{on(2)} 12:00", f"{on(2)} 16:00", ordinal=2)

    assert built(layers, "validity", "is_valid_night") == [(False,)]


def test_a_value_is_valid_with_its_day_its_night_or_its_diary(layers):
    worn(layers, 1, 3, worn_waking_min=100)
    worn(layers, 2)
    night(layers, on(1), f"{on(1)} 00:00", f"{on(1)} 07:00")
    values(layers, "steps", {1: 10, 2: 20})
    values(layers, "asleep_min", {1: 420, 2: 30})
    add(layers, "daily.pain", [{"local_date": on(1), "metric": "pain", "value": 4, "source": "diary"}])

    found = built(layers, "measures", "metric, local_date, is_valid")

    assert [(row[0], row[2]) for row in found] == [
        ("asleep_min", True), ("asleep_min", False), ("pain", True), ("steps", False), ("steps", True)
    ]  # fmt: skip


def test_what_would_be_valid_were_its_date_not_excluded_is_marked(layers):
    worn(layers, 1, 3, worn_waking_min=100)
    worn(layers, 2)
    night(layers, on(1), f"{on(1)} 00:00", f"{on(1)} 07:00")
    values(layers, "steps", {1: 10, 2: 20, 3: 30})
    values(layers, "asleep_min", {1: 420, 2: 30})
    add(
        layers,
        "daily.pain",
        [{"local_date": on(day), "metric": "pain", "value": 4, "source": "diary"} for day in (1, 3)],
    )
    given(layers, "raw.exclusions", [{"local_date": on(day), "reason": "illness"} for day in (1, 2)])

    found = built(layers, "measures", "metric, local_date, is_valid, is_valid_unless_excluded")

    assert [(row[0], row[1].day, *row[2:]) for row in found] == [
        ("asleep_min", 1, False, True), ("asleep_min", 2, False, False),
        ("pain", 1, False, True), ("pain", 3, True, True),
        ("steps", 1, False, False), ("steps", 2, False, True), ("steps", 3, False, False),
    ]  # fmt: skip


AROUND = "day_offset, value, baseline, change, is_valid, overlaps_another"


def test_a_massage_and_the_days_around_it(layers):
    worn(layers, *range(1, 31))
    worn(layers, 5, worn_waking_min=0, sources="watch")
    layers.execute(f"delete from stg.days where local_date = '{on(5)}' and worn_waking_min = 960")
    values(layers, "steps", {day: 100.0 * day for day in range(1, 31) if day != 6})
    massages(layers, {"day": 10}, {"day": 12, "status": "no-show"}, {"day": 14, "status": "cancelled"})

    found = built(layers, "around", AROUND)

    # of days 3 to 9, day 5 is not valid and day 6 was not measured: (300+400+700+800+900)/5 = 620
    assert found == [
        (day - 10, 100.0 * day, 620, 100.0 * day - 620, day != 5, False) for day in range(3, 18) if day != 6
    ]


def test_weekly_massages_overlap_and_leave_three_days_of_baseline(layers):
    worn(layers, *range(1, 31))
    values(layers, "steps", {day: float(day * day) for day in range(1, 31)})
    massages(layers, {"day": 8}, {"day": 15}, {"day": 22})

    found = built(layers, "around", AROUND, "massage_id = 'massage 2'")

    # the massage of day 8 holds days 8 to 11, so 12, 13, 14 are left: (144+169+196)/3
    assert {row[2] for row in found} == {169.666667}
    assert [row[0] for row in found if row[5]] == [-7, -6, -5, -4, 7]
    assert found[7] == (0, 225, 169.666667, 55.333333, True, False)


def test_two_days_are_too_few_for_a_baseline(layers):
    worn(layers, *range(1, 31))
    values(layers, "steps", {8: 100, 9: 100, 10: 100, 11: 150})
    massages(layers, {"day": 10})

    assert built(layers, "around", AROUND) == [
        (offset, value, None, None, True, False) for offset, value in [(-2, 100), (-1, 100), (0, 100), (1, 150)]
    ]


def test_two_massages_of_one_date_overlap_each_other(layers):
    worn(layers, *range(1, 31))
    values(layers, "steps", dict.fromkeys(range(1, 31), 100))
    massages(layers, {"day": 10}, {"day": 10, "ordinal": 2})

    found = built(layers, "around", "day_offset, baseline, overlaps_another", "massage_id = 'massage 1'")

    assert [row for row in found if row[2]] == [(day, 100, True) for day in (0, 1, 2, 3)]


def nights(layers, *days: int, hour: str = "23:00") -> None:
    """Main sleeps that end at 7 on these days, each as long as its day's number says in minutes."""
    for day in days:
        night(layers, on(day), f"{on(day - 1)} {hour}", f"{on(day)} 07:00", asleep_min=400 + day)
    build(layers, "daily.asleep_min")


def test_night_0_follows_an_evening_massage(layers):
    worn(layers, *range(1, 31))
    nights(layers, *range(2, 31))
    massages(layers, {"day": 10, "start_utc": f"{on(10)} 19:00", "end_utc": f"{on(10)} 20:00"})

    found = built(layers, "around", f"{AROUND}, local_date::text", "metric = 'asleep_min'")

    assert len(found) == 15
    # night 0 ends on day 11; the baseline is of the nights that end on days 4 to 10
    assert found[7] == (0, 411, 407, 4, True, False, on(11))
    assert found[0][6] == on(4)


@pytest.mark.parametrize("times", [{}, {"start_utc": f"{on(10)} 19:00"}])
def test_without_a_start_or_minutes_night_0_ends_on_the_next_date(layers, times):
    worn(layers, *range(1, 31))
    nights(layers, *range(2, 31))
    massages(layers, {"day": 10} | times)

    assert built(layers, "around", "value", "metric = 'asleep_min' and day_offset = 0") == [(411,)]


def test_a_massage_before_a_sleep_by_day_has_that_sleep_as_night_0(layers):
    worn(layers, *range(1, 31))
    night(layers, on(10), f"{on(10)} 10:00", f"{on(10)} 17:00", asleep_min=410)
    night(layers, on(11), f"{on(11)} 10:00", f"{on(11)} 17:00", asleep_min=411)
    build(layers, "daily.asleep_min")
    massages(layers, {"day": 10, "start_utc": f"{on(10)} 08:00", "end_utc": f"{on(10)} 09:00"})

    assert built(layers, "around", "day_offset, value", "metric = 'asleep_min'") == [(0, 410), (1, 411)]


def test_a_night_that_was_not_recorded_is_missing_and_not_skipped(layers):
    worn(layers, *range(1, 31))
    nights(layers, *range(2, 11), *range(12, 20))
    massages(layers, {"day": 10, "start_utc": f"{on(10)} 19:00", "end_utc": f"{on(10)} 20:00"})

    found = built(layers, "around", "day_offset, value", "metric = 'asleep_min'")

    assert (0, 411) not in found
    assert (1, 412) in found


def test_nights_of_a_weekly_massage_overlap_by_nights(layers):
    worn(layers, *range(1, 31))
    nights(layers, *range(2, 31))
    massages(layers, {"day": 8}, {"day": 15})

    found = built(layers, "around", AROUND, "metric = 'asleep_min' and massage_id = 'massage 2'")

    # night 0 of the first ends on day 9 and holds the nights of days 9 to 12; days 13, 14, 15 are left: 414
    assert [row[0] for row in found if row[5]] == [-7, -6, -5, -4]
    assert found[7] == (0, 416, 414, 2, True, False)


def test_an_appointment_after_all_records_has_nothing_around_it(layers):
    worn(layers, *range(1, 11))
    values(layers, "steps", dict.fromkeys(range(1, 11), 100))
    massages(layers, {"day": 12})

    assert built(layers, "around", AROUND) == []


def test_a_source_without_a_day_of_its_own_changes_nothing(layers):
    ranks(layers, "watch")
    worn(layers, 1, 2, 3)

    assert built(layers, "around", AROUND) == []
