"""One hand-made person for each verdict and each refusal, from days to the word."""

from dataclasses import replace

import numpy as np
import pytest
from people import Person, books_at_random, books_weekly, books_when_it_hurts

from recovery.effects import design, gates
from recovery.effects.examine import Findings, examine, verdict_on
from recovery.effects.judgement import Judgement
from recovery.vocabulary.verdicts import Verdict


def findings(person: Person, *, has_pain: bool = True, lags: tuple[int, ...] = (1, 2, 3)) -> Findings:
    pain = person.pain if has_pain else None
    return examine(person.values, person.is_massage, person.dates, pain, seed=0, lags=lags, simulations=199)


def answer(person: Person, *, has_pain: bool = True) -> Judgement:
    """The verdict that the values go up, half a day-to-day deviation worth having."""
    return verdict_on(findings(person, has_pain=has_pain), better="up", worthwhile=0.5)


MUCH_BETTER = books_at_random(1, effect=1.2, days=200, massages=25)


def test_a_large_effect_is_supported_and_its_mirror_image_contradicted() -> None:
    mirrored = replace(MUCH_BETTER, values=-MUCH_BETTER.values)

    assert answer(MUCH_BETTER).verdict is Verdict.SUPPORTED
    assert answer(mirrored).verdict is Verdict.CONTRADICTED
    assert verdict_on(findings(mirrored), better="down", worthwhile=0.5).verdict is Verdict.SUPPORTED


def test_no_effect_over_a_long_time_is_contradicted() -> None:
    assert answer(books_at_random(1, days=360, massages=50)).verdict is Verdict.CONTRADICTED


@pytest.mark.parametrize("size", [1, 20])
def test_an_effect_is_found_as_large_as_it_is_and_not_pulled_in_as_an_outlier(size: float) -> None:
    """Weekly with some weeks skipped: without their own columns the skipped weeks, or the others, look far off."""
    is_massage = np.zeros(210)
    is_massage[np.delete(np.arange(3, 206, 7), [4, 9, 10, 17, 22])] = 1
    noise = books_at_random(3, days=210).values
    dates = books_at_random(3, days=210).dates
    lift = size * sum(design.lagged(is_massage, lag) for lag in (1, 2, 3))

    without, lifted = (examine(values, is_massage, dates, seed=1, simulations=39) for values in (noise, noise + lift))

    assert without.plain is not None
    assert lifted.plain is not None
    assert lifted.plain.estimate - without.plain.estimate == pytest.approx(size, abs=1e-6)


def test_few_massages_tell_nothing_yet() -> None:
    found = answer(books_at_random(1, days=90, massages=10))

    assert found.verdict is Verdict.CANNOT_TELL_YET


@pytest.mark.slow
def test_booking_on_pain_needs_a_diary_to_support_an_effect() -> None:
    person = books_when_it_hurts(1, effect=1.6, days=500, strength=0.6)

    with_diary, without = answer(person), answer(person, has_pain=False)

    assert with_diary.verdict is Verdict.SUPPORTED
    assert (without.verdict, without.failed) == (Verdict.CONSISTENT, ("lead",))


def test_who_books_on_pain_is_told_the_estimate_that_allows_for_it() -> None:
    on_pain, at_random = findings(books_when_it_hurts(2, days=300)), findings(MUCH_BETTER)

    assert on_pain.estimate == on_pain.adjusted != on_pain.plain
    assert at_random.estimate == at_random.plain != at_random.adjusted
    assert next(gate for gate in at_random.gates if gate.name == gates.PAIN).passed
    told = verdict_on(on_pain, better="up", worthwhile=0.5, when="After a massage")
    assert told.reason.startswith("After a massage, the pain before it allowed for: ")


def test_who_books_on_pain_in_too_few_days_to_allow_for_it_is_told_of_no_finding() -> None:
    person = books_when_it_hurts(11, effect=3.0, days=118)

    found = findings(person)

    assert found.adjusted is None
    on_pain = next(gate for gate in found.gates if gate.name == gates.PAIN)
    assert "too few measured days to allow for it" in on_pain.sentence
    assert (answer(person).verdict, answer(person).failed) == (Verdict.CONSISTENT, ("lead",))


@pytest.mark.parametrize(
    ("person", "failed"),
    [
        (books_at_random(1, days=50, massages=9), "enough days"),
        (books_at_random(1, days=100, massages=6), "enough massages"),
        (replace(MUCH_BETTER, is_massage=(np.arange(200) % 4 == 0).astype(float)), "enough other days"),
        (replace(MUCH_BETTER, values=np.zeros(200)), "numbers vary"),
        (replace(MUCH_BETTER, is_massage=np.zeros(200)), "enough massages"),
        (Person(*(np.array([], dtype=kind) for kind in ("datetime64[D]", float, float, float))), "enough days"),
        (books_weekly(1), "weekdays vary"),
    ],
)
def test_a_refusal_names_its_reason(person: Person, failed: str) -> None:
    found = answer(person)

    assert found.verdict is Verdict.CANNOT_BE_TOLD
    assert failed in found.failed
    assert found.reason


def test_a_massage_every_week_of_a_short_record_leaves_nothing_to_compare_with() -> None:
    person = books_at_random(4, days=60, massages=8, missing_share=0)
    is_massage = np.zeros(60)
    is_massage[5:60:7] = 1

    found = examine(person.values, is_massage, person.dates, seed=0, simulations=19)

    assert found.estimate is None
    assert "none to compare with" in found.gates[-1].sentence


def test_a_watch_left_off_after_massages_is_a_refusal() -> None:
    values = MUCH_BETTER.values.copy()
    values[np.flatnonzero(MUCH_BETTER.is_massage) + 1] = np.nan

    found = answer(replace(MUCH_BETTER, values=values))

    assert (found.verdict, found.failed) == (Verdict.CANNOT_BE_TOLD, ("days measured alike",))


def test_the_night_of_the_massage_can_be_asked_for() -> None:
    quiet = books_at_random(3, days=200, massages=25)
    person = replace(quiet, values=quiet.values + 1.5 * quiet.is_massage)

    found = findings(person, lags=(0,))

    assert found.estimate is not None
    assert found.estimate.ci_low < 1.5 < found.estimate.ci_high
    assert verdict_on(found, better="up", worthwhile=None).verdict is Verdict.SUPPORTED


def test_the_same_data_and_seed_give_the_same_findings_to_the_bit() -> None:
    assert findings(MUCH_BETTER) == findings(MUCH_BETTER)


def test_a_constant_and_a_unit_change_no_word() -> None:
    steps = replace(MUCH_BETTER, values=8000 + 2500 * MUCH_BETTER.values)

    told = verdict_on(findings(steps), better="up", worthwhile=1250)

    assert told.verdict is Verdict.SUPPORTED
    assert told.smallest_detectable == pytest.approx(2500 * answer(MUCH_BETTER).smallest_detectable)


def test_rare_days_are_not_pulled_in_as_outliers() -> None:
    is_bed_day = (np.random.default_rng(1).random(200) < 0.1).astype(float)

    found = findings(replace(MUCH_BETTER, values=is_bed_day))

    assert found.deviation > 0.2  # of a share of 0.1: sqrt(0.1 * 0.9) = 0.3
    assert found.estimate is not None
    assert found.estimate.ci_low < 0 < found.estimate.ci_high


def test_findings_without_an_estimate_and_without_a_refusal_are_our_mistake() -> None:
    with pytest.raises(ValueError, match="hold an estimate"):
        verdict_on(replace(findings(MUCH_BETTER), estimate=None), better="up", worthwhile=None)


def test_a_device_that_counts_100_more_has_its_own_level_and_leaves_the_effect_as_it_is() -> None:
    level = (np.arange(len(MUCH_BETTER.dates)) >= 90).astype(np.float64)[:, None]

    def with_levels(values: np.ndarray, levels: np.ndarray | None) -> Findings:
        return examine(
            values, MUCH_BETTER.is_massage, MUCH_BETTER.dates, seed=0, levels=levels, simulations=19
        )  # fmt: skip

    same = with_levels(MUCH_BETTER.values, level)
    shifted = with_levels(MUCH_BETTER.values + 100 * level[:, 0], level)

    assert same.estimate is not None
    assert shifted.estimate is not None
    assert shifted.kept is not None
    assert shifted.estimate.estimate == pytest.approx(same.estimate.estimate, abs=1e-6)
    assert shifted.kept == pytest.approx(same.kept, abs=1e-6, nan_ok=True)
    assert np.nanmax(np.abs(shifted.kept)) < 50


def test_no_column_of_levels_is_the_same_as_none() -> None:
    empty = np.zeros((len(MUCH_BETTER.dates), 0))

    found = examine(MUCH_BETTER.values, MUCH_BETTER.is_massage, MUCH_BETTER.dates, seed=0, levels=empty, simulations=19)
    without = examine(MUCH_BETTER.values, MUCH_BETTER.is_massage, MUCH_BETTER.dates, seed=0, simulations=19)

    assert found == without
