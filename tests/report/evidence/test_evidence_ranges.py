"""The main answers as bars on one scale."""

from answers_by_hand import PAIN, PRIMARIES, answers, effect

from recovery.report.cards import cards
from recovery.report.evidence.ranges import Answer, ranges


def drawn(*told: object) -> list[Answer]:
    found = cards(answers(*told), PRIMARIES, 40)  # type: ignore[arg-type]
    return ranges([card for card in found if card.effect], {})


def test_what_would_matter_lies_at_the_same_place_for_all() -> None:
    found = drawn(effect(), effect("pain", **PAIN))

    assert len({one.bar.worth for one in found if one.bar}) == 1
    assert [one.colour for one in found] == ["movement", "diary"]
    assert [(one.size, one.range) for one in found] == [
        ("800 steps more", "400 to 1,200"),
        ("1.2 points lower", "0.2 to 2.2"),
    ]


def test_better_is_right_and_a_very_wide_range_is_cut() -> None:
    found = drawn(effect(ci_low=-90_000.0, ci_high=90_000.0), effect("pain", **PAIN))

    assert found[0].bar is not None
    assert found[0].bar.is_cut_low
    assert found[0].bar.is_cut_high
    assert found[1].bar is not None
    assert found[1].bar.low > 50


def test_the_second_estimate_has_a_place_where_it_differs() -> None:
    history = {"adjusted_ci_low": 500.0, "adjusted_ci_high": 1500.0}

    (other,) = drawn(effect(adjusted_estimate=1000.0, **history))
    (same,) = drawn(effect(adjusted_estimate=800.0, **history))

    assert other.other_place is not None
    assert other.bar is not None
    assert other.bar.estimate is not None
    assert other.other_place > other.bar.estimate
    assert same.other_place is None


def test_each_answer_says_how_many_massages_and_days_it_is_of() -> None:
    (days,) = drawn(effect(n_massages=40, n_massages_measured=38, n_days=400, n_days_after=101))
    (nights,) = drawn(effect("asleep_min", "night_0", n_massages=40, n_days=300, n_days_after=40))
    (of_an_earlier_version,) = drawn(effect(n_massages=1, n_days=400))

    assert days.of == "38 massages: 101 days after, 299 others (massage days too)"
    assert nights.of == "40 massages: 40 nights after, 260 other nights"
    assert of_an_earlier_version.of == "1 massage, 400 days"


def test_four_dots_are_clear_and_a_refusal_has_no_bar() -> None:
    (clear,) = drawn(effect())
    (likely,) = drawn(effect(verdict="consistent with, not shown"))

    assert (clear.dots, likely.dots) == (4, 3)
    assert drawn(effect(verdict="cannot be told from this data", estimate=None)) == []
