"""How many massages count toward a first answer."""

from answers_by_hand import effect

from recovery.report.progress import counted


def test_massages_that_no_look_can_use_are_left_out_with_a_reason() -> None:
    steps = effect("steps", n_massages=9, n_massages_measured=6)
    asleep = effect("asleep_min", "night_0", n_massages=9, n_massages_measured=7)

    of_nights = counted([steps, asleep], 12, 11)
    of_days = counted([steps], 9, 9)

    assert (of_nights.written, of_nights.usable) == (12, 7)
    assert of_nights.left_out == (
        "Not counted: 2 without measured nights after them so far, 2 before or after the days with data and 1 on the"
        " day of another."
    )
    assert of_days.left_out == "Not counted: 3 without measured days after them so far."


def test_where_all_count_nothing_is_left_out_and_without_a_device_none_counts() -> None:
    assert counted([effect(n_massages=5)], 5, 5) == (5, 5, "")
    assert counted([], 2, 2) == (2, 0, "Not counted: 2 before or after the days with data.")
