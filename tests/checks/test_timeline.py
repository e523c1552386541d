"""Each rule of the minutes is broken by a change of its own."""

from collections.abc import Callable

import pytest

pytestmark = pytest.mark.slow

Broken = Callable[[str, str], set[str]]  # relation, change -> sentences of the checks that fail


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            "update pub.timeline set state = 'lying' where minute_utc = '2026-03-02 10:00'",
            "Every minute is in one of the eight states.",
        ),
        (
            "update pub.timeline set minute_utc = minute_utc + interval 1 second where minute_utc = '2026-03-02 10:00'",
            "Every minute begins on the minute.",
        ),
        (
            "update pub.timeline set local_time = local_time - interval 1 day where minute_utc = '2026-03-02 10:00'",
            "Local time and local date tell the same day.",
        ),
        (
            "update pub.timeline set heart_rate_bpm = 250 where minute_utc = '2026-03-02 10:00'",
            "The heart beats 20 to 230 times a minute.",
        ),
        (
            "update pub.timeline set steps = steps + 5 where minute_utc = '2026-03-02 10:00'",
            "The minutes' steps sum to the steps of the day.",
        ),
        (
            "update pub.timeline set state = 'asleep' where local_date = '2026-03-02'",
            "No day is asleep for more than 20 hours.",
        ),
    ],
)
def test_one_wrong_row_breaks_one_rule(broken: Broken, change: str, sentence: str) -> None:
    assert broken("timeline", change) == {sentence}


def test_a_minute_told_twice_shows_in_its_day_too(broken: Broken) -> None:
    told = broken("timeline", "insert into pub.timeline from pub.timeline where minute_utc = '2026-03-02 10:00'")

    assert told == {
        "No minute is told twice.",
        "A day has 1,380, 1,440 or 1,500 minutes, or as many as the clock of its travel gives it.",
        "The minutes' steps sum to the steps of the day.",
    }


@pytest.mark.slow
def test_days_of_23_and_25_hours_are_whole_and_one_of_a_journey_is_what_its_clock_gives(broken: Broken) -> None:
    cut = "delete from pub.timeline where minute_utc >= '2026-03-15 23:00';"
    steps = "update pub.daily_metrics set value = 2760 where metric = 'steps' and local_date = '2026-03-15';"
    journey = "delete from pub.timeline where minute_utc >= '2026-03-15 18:00';"
    fewer_steps = steps.replace("2760", "2160")
    calendar = "insert into stg.days (subject, local_date, minute_count) values ('me', '2026-03-15', 1080);"
    not_whole = "A day has 1,380, 1,440 or 1,500 minutes, or as many as the clock of its travel gives it."

    assert broken("timeline", cut + steps) == set()
    assert broken("timeline", journey + fewer_steps) == {not_whole}
    assert broken("timeline", journey + fewer_steps + calendar) == set()


def test_impossible_steps_break_the_sum_too(broken: Broken) -> None:
    negative = "update pub.timeline set steps = -2 where minute_utc = '2026-03-02 10:00'"
    real = "alter table pub.timeline alter steps type double;"
    quarter = f"{real} update pub.timeline set steps = 2.25 where minute_utc = '2026-03-02 10:00'"
    many = "update pub.timeline set steps = 301 where minute_utc = '2026-03-02 10:00'"
    the_sum = "The minutes' steps sum to the steps of the day."

    assert broken("timeline", negative) == {"Steps of a minute are not negative.", the_sum}
    assert broken("timeline", quarter) == {"Steps of a minute are whole."}
    assert broken("timeline", many) == {"No minute has more than 300 steps.", the_sum}
