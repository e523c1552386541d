"""The hours of the clock in which rest is counted, and what is counted in them."""

from datetime import date, datetime, time, timedelta

import pytest
from layers import add, build, day, metric, night
from sql_cases import rows

pytestmark = pytest.mark.slow

FIRST = date(2024, 1, 1)


def sleeps(layers, *hours: tuple[float, float], first: date = FIRST) -> None:
    """Adds main sleeps on dates that follow each other, from and to hours of the date they end on."""
    for number, (onset, wake) in enumerate(hours):
        midnight = datetime.combine(first, time()) + timedelta(days=number)
        start, end = midnight + timedelta(hours=onset), midnight + timedelta(hours=wake)
        night(layers, f"{midnight:%Y-%m-%d}", start.isoformat(), end.isoformat())


def waking(layers) -> list[tuple]:
    if not rows(layers, "timeline.hours", "1"):
        add(layers, "timeline.hours", [{"local_date": "2024-01-01", "clock_hour": 12}])
    build(layers, "timeline.waking_hours")
    return rows(layers, "timeline.waking_hours", "from_hour, to_hour, is_assumed")


@pytest.mark.parametrize(
    ("nights", "hours"),
    [
        ([(-1, 7)] * 13, (9, 21, True)),  # too few
        ([(-1, 7)] * 14, (7, 23, False)),
        ([(-1.2, 7.1)] * 14, (8, 22, False)),  # whole hours inside
        ([(-1, 7)] * 17 + [(-5, 11)] * 3, (7, 23, False)),  # three nights in twenty
        ([(-1, 7)] * 15 + [(-2, 8)] * 5, (8, 22, False)),  # one in four
        ([(1.5, 9)] * 20, (9, 25, False)),  # to 1 o'clock at night
        ([(8, 16)] * 20, (16, 32, False)),  # always at work by night: from 16 to 8 o'clock
        ([(-1, 7)] * 10 + [(8, 16)] * 10, (16, 23, False)),  # in shifts, awake in the evening
        ([(-1, 7)] * 7 + [(8, 16)] * 7 + [(14, 22)] * 6, (None, None, False)),  # in three shifts
    ],
)
def test_the_hours_are_those_in_which_the_person_is_awake_on_four_of_five_days(layers, nights, hours):
    sleeps(layers, *nights)

    assert waking(layers) == [hours]


def test_the_hours_stay_the_same_until_the_month_is_over(layers):
    sleeps(layers, *[(-1, 7)] * 40, *[(-3, 10)] * 19)

    assert waking(layers) == [(7, 23, False)]

    sleeps(layers, (-3, 10), (-3, 10), first=date(2024, 2, 29))

    assert waking(layers) == [(10, 21, False)]


def test_inferred_nights_count_and_naps_do_not(layers):
    windows = [
        {"local_date": FIRST + timedelta(days=n), "onset_local_min": 0, "wake_local_min": 480} for n in range(14)
    ]
    add(layers, "stg.rest_windows", windows)
    for number in range(1, 15):
        start = f"2024-01-{number:02} 13:00"
        night(layers, f"2024-01-{number:02}", start, f"2024-01-{number:02} 14:00", ordinal=2)

    assert waking(layers) == [(8, 24, False)]


def test_a_person_who_is_up_past_midnight_has_both_ends_of_the_date_counted(layers):
    sleeps(layers, *[(2, 9)] * 20)  # awake from 9 to 2 o'clock
    still = {"state": "still", "steps": 0}
    day(layers, "2024-05-01", ("01:30", "03:00", still), ("08:00", "09:20", still), ("23:50", "24:00", still))

    assert metric(layers, "still_min") == {"2024-05-01": 30 + 20 + 10}
    assert metric(layers, "longest_still_min") == {"2024-05-01": 30}


def test_a_stretch_that_ends_outside_the_hours_counts_as_far_as_it_lies_inside(layers):
    still = {"state": "still", "steps": 0}
    day(layers, "2024-05-01", ("08:00", "09:20", still), ("10:00", "10:15", still), ("20:30", "23:00", still))

    assert metric(layers, "longest_still_min") == {"2024-05-01": 30}
    assert metric(layers, "still_min") == {"2024-05-01": 20 + 15 + 30}
