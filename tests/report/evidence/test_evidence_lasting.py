"""How long a change lasts, day by day."""

from typing import Any

from answers_by_hand import PAIN, answers, effect

from recovery.report.evidence.lasting import Lasting, lasting
from recovery.words import page as words


def drawn(metric: str, sizes: dict[int, tuple[float, float, float]], **told: Any) -> Lasting | None:
    return lasting(
        answers(
            *(
                effect(metric, f"day_{day}", **{**told, "estimate": middle, "ci_low": low, "ci_high": high})
                for day, (low, middle, high) in sizes.items()
            )
        ),
        metric,
    )


def test_a_change_is_certain_up_to_the_last_day_in_a_row_that_is_better() -> None:
    better, same = (100, 500, 900), (-400, 0, 400)

    found = drawn("steps", {0: same, 1: better, 2: better, 3: same, 4: better})

    assert found is not None
    assert found.sentence == (
        "Better than usual for 2 days in a row after a massage, and again on day +4; the others cannot be told from no"
        " change."
    )


def test_less_pain_is_better_and_lies_below_no_change() -> None:
    found = drawn("pain", {0: (-0.5, 0, 0.5), 1: (-3, -2.5, -2)}, **PAIN)

    assert found is not None
    assert found.sentence.startswith("Better than usual for 1 day after a massage; beyond,")
    assert found.days[1].low_y > found.days[1].y > found.days[1].high_y > found.zero_y  # y grows downwards
    assert found.worth_y is not None
    assert found.worth_y > found.zero_y
    assert found.rows[1] == ("day +1", "2.5 points lower", "2 to 3")


def test_a_night_counts_from_the_night_after_the_massage() -> None:
    found = drawn("asleep_min", {0: (5, 20, 35), 1: (-9, 0, 9)}, unit="min", family="sleep", worth=15.0)

    assert found is not None
    assert found.sentence.startswith("Better than usual in the night after a massage; beyond,")
    assert [row[0] for row in found.rows] == ["the night after", "night +1"]


def test_no_certain_day_is_said_and_no_days_are_no_drawing() -> None:
    found = drawn("steps", {1: (-400, 0, 400)})

    assert found is not None
    assert found.sentence == "Already on the day after a massage it cannot be told to be better than usual."
    assert lasting(answers(effect()), "steps") is None


def test_later_days_that_are_better_are_told_though_the_first_is_not() -> None:
    found = drawn("pain", {1: (-1.4, -0.6, 0.1), 2: (-1.6, -0.9, -0.2), 3: (-2.1, -1.3, -0.4)}, **PAIN)

    assert found is not None
    assert found.sentence == (
        "On the day after a massage, taken alone, it cannot be told to be better than usual; on days +2 and +3 it can."
    )


def test_a_number_without_a_better_way_is_not_judged() -> None:
    found = drawn("steps", {1: (100, 500, 900)}, better="none")

    assert found is not None
    assert found.sentence == "Neither more nor less of it is better."
    assert found.worth_y is None


def test_pain_says_that_its_days_are_compared_as_its_main_number_is() -> None:
    day = effect("pain", "day_1", **{**PAIN, "estimate": -1.0, "ci_low": -2.0, "ci_high": -0.2})
    main = effect("pain", "days_1_3", **{**PAIN, "estimate": -0.9, "adjusted_estimate": -0.9})

    found = lasting(answers(main, day), "pain")

    assert found is not None
    assert found.compared == words.COMPARED_PAIN
