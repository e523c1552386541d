"""How many massages and days an answer counts, and what is said of the others."""

from dataclasses import replace

from answers_by_hand import answers, effect

from recovery.report.answers import AnswerCounts
from recovery.report.counted import counted, days_behind, days_of, massages_of


def test_massages_that_no_look_can_use_are_left_out_with_a_reason() -> None:
    steps = effect("steps", n_massages=9, n_massages_measured=6)
    asleep = effect("asleep_min", "night_0", n_massages=9, n_massages_measured=7)

    of_nights = counted(answers(steps, asleep), [steps, asleep], 12, 11)
    of_days = counted(answers(steps), [steps], 9, 9)

    assert (of_nights.written, of_nights.usable) == (12, 7)
    assert of_nights.left_out == (
        "Not counted: 2 without measured nights after them so far, 2 before or after the days with data and 1 on the"
        " day of another."
    )
    assert of_days.left_out == "Not counted: 3 without measured days after them so far."


def test_where_all_count_nothing_is_left_out_and_without_a_device_none_counts() -> None:
    assert counted(answers(), [effect(n_massages=5)], 5, 5) == (5, 5, "")
    assert counted(answers(), [], 2, 2) == (2, 0, "Not counted: 2 before or after the days with data.")


def test_an_answer_tells_what_it_counts_of_all_and_why_not_the_others() -> None:
    steps = effect("steps", n_massages_measured=57, n_massages=59, n_days=508)
    asleep = effect("asleep_min", "night_0", n_massages_measured=59, n_massages=59, n_days=540)
    both = replace(
        answers(steps, asleep),
        counts={
            ("steps", "days_1_3"): AnswerCounts(
                "me", "steps", "days_1_3", massages_logged=60, massages_same_day=1, massages_unmeasured=2,
                massages_counted=57, days_in_span=1550, days_without=10, days_excluded=14, days_not_valid=18,
                days_not_compared=1000, days_counted=508,
            ),
            ("asleep_min", "night_0"): AnswerCounts(
                "me", "asleep_min", "night_0", massages_logged=59, massages_counted=59, days_in_span=540,
                days_counted=540,
            ),
        },
    )  # fmt: skip

    assert massages_of(both, steps) == (
        "57 of 60 massages (2 without measured days after them so far and 1 on the day of another)"
    )
    assert days_of(both, steps) == (
        "508 of 1,550 days (18 not measured well enough, 14 left out, 10 without a value and 1,000 not compared)"
    )
    assert (massages_of(both, asleep), days_of(both, asleep)) == ("59 massages", "540 nights")
    assert days_behind([steps, asleep], 60) == "the days after massages (57 to 59 of 60 counted)"
    assert days_behind([steps], 60) == "the days after massages (57 of 60 counted)"
    assert days_behind([steps], 57) == "the days after 57 massages"


def test_weeks_drawn_by_lot_and_what_an_earlier_version_published_are_told_without_parts() -> None:
    steps = effect("steps", n_massages=40, n_days=400)

    assert (massages_of(answers(steps), steps), days_of(answers(steps), steps)) == ("40 massages", "400 measured days")
