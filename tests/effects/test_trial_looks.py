"""Looks at a trial that still runs, trials pooled, changes that last, and days missing in one kind of weeks."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import numpy as np
import pytest

from recovery.effects import trial
from recovery.effects.trial import looks_of
from recovery.effects.trial_contrast import after_slots
from recovery.effects.trial_looks import Contrast, Spent, Sums, coin_flips, contrast_of, spending, to_spend
from recovery.effects.trial_power import power
from recovery.effects.trial_schedule import Schedule, coins
from recovery.vocabulary.verdicts import Verdict

pytestmark = pytest.mark.slow

START = date(2027, 1, 5)  # a Tuesday


def lasting(schedule: Schedule, effect: float, last: int, seed: int = 0, noise: float = 1e-6) -> tuple:
    """Days of a person in whom every massage changes the days +1 to `last` after it, and their dates."""
    random = np.random.default_rng(seed)
    values = 5.0 + noise * random.standard_normal(7 * schedule.weeks + last)
    is_changed = np.zeros(len(values), dtype=bool)
    for week, is_massage in enumerate(schedule.is_massage_week):
        is_changed[7 * week + 1 : 7 * week + last + 1] |= is_massage
    values += effect * is_changed
    days = 7 * schedule.weeks
    return values[:days], np.datetime64(schedule.start) + np.arange(days)


def found(values: np.ndarray, dates: np.ndarray, schedule: Schedule, **asked: object) -> Contrast:
    contrast = trial.analyse(values, dates, schedule, seed=0, **asked).contrast
    assert contrast is not None
    return contrast


def test_a_change_on_days_1_to_6_is_not_taken_off_itself() -> None:
    schedule = Schedule(START, 1, coins(3, 8))

    contrast = found(*lasting(schedule, -1.0, 6), schedule)

    assert contrast.estimate == pytest.approx(-1.0, abs=1e-4)  # -0.75 where days 0 and +4 to +6 were compared with


def test_of_longer_blocks_the_first_week_is_left_out_and_a_change_of_ten_days_is_whole() -> None:
    schedule = Schedule(START, 3, coins(3, 7))

    values, dates = lasting(schedule, -1.0, 10)
    contrast = found(values, dates, schedule)
    first_weeks = (np.arange(len(values)) // 7) % 3 == 0

    assert contrast.estimate == pytest.approx(-1.0, abs=1e-4)
    assert not after_slots(dates, schedule, (1, 2, 3)).any(axis=1)[first_weeks].any()
    assert found(np.where(first_weeks, np.nan, values), dates, schedule).estimate == pytest.approx(-1.0, abs=1e-4)


def test_a_change_of_ten_days_in_one_week_blocks_is_told_too_small_but_lies_in_the_interval() -> None:
    schedule = Schedule(START, 1, coins(5, 12))

    contrast = found(*lasting(schedule, -1.0, 10, noise=0.2), schedule)
    judged = trial.verdict_on(
        trial.analyse(*lasting(schedule, -1.0, 10, noise=0.2), schedule, schedule.slots, seed=0),
        better="down",
        worthwhile=1.0,
    )

    assert contrast.estimate > -0.85
    assert contrast.ci_low <= -1.0
    assert judged.verdict is not Verdict.CONTRADICTED


def test_a_trial_is_looked_at_after_10_15_and_20_pairs_and_at_its_end() -> None:
    def looks(pairs: int, *, has_looks: bool = True) -> tuple[int, ...]:
        return Schedule(START, 1, (True,) * pairs, has_looks=has_looks).looks

    assert [looks(pairs) for pairs in (6, 10, 12, 20, 26)] == [(6,), (10,), (10, 12), (10, 15, 20), (10, 15, 20, 26)]
    assert looks(20, has_looks=False) == (20,)  # a plan made before plans said so


def test_only_looks_whose_days_are_whole_are_due() -> None:
    first = Schedule(START, 1, (True,) * 6)
    second = Schedule(first.last_date + timedelta(days=8), 1, (True,) * 12)
    tenth = second.slots[19] + timedelta(days=3)

    due = [looks_of([first, second], last) for last in (START, first.last_date, tenth, tenth + timedelta(days=1))]

    assert [len(looks) for looks in due] == [0, 1, 1, 2]
    assert [(look.trial, look.pairs) for look in due[-1]] == [(0, 6), (1, 10)]
    assert due[-1][-1].spent == Spent(1, 0.0, 10 / 12)


def test_what_is_measured_after_a_look_does_not_change_it() -> None:
    schedule = Schedule(START, 1, coins(7, 20))
    values, dates = lasting(schedule, 0.8, 3, noise=1.0)
    looks = looks_of([schedule], schedule.slots[23])  # of the eleventh pair the first week is over

    told = trial.analyse_looks(values, dates, [schedule], looks, seed=0)
    changed = np.where(dates >= np.datetime64(schedule.slots[20]), 99.0, values)

    assert [look.pairs for look in looks] == [10]
    assert trial.analyse_looks(changed, dates, [schedule], looks, seed=0) == told


def test_the_level_is_spent_as_obrien_and_fleming_do() -> None:
    # 2 - 2 Phi(2.2414 / sqrt(1 / 2)) = 2 - 2 Phi(3.1698) = 0.001525; tables of Lan and DeMets
    assert spending(0.025, 0.5) == pytest.approx(0.001525, abs=2e-6)
    assert spending(0.025, 1) == 0.025
    assert to_spend(0.05, Spent(0, 0.5, 1.0)) == pytest.approx(0.025 - 0.001525, abs=2e-6)
    assert to_spend(0.05, Spent(1, 0.0, 1.0)) == pytest.approx(0.005)
    assert sum(to_spend(0.05, Spent(number, 0.0, 1.0)) for number in range(30)) == pytest.approx(0.03125)


@pytest.mark.parametrize("level", [0.05, 0.2])
def test_over_all_flips_no_more_are_ever_found_than_the_level_says(level: float) -> None:
    """Exact: the same scores at three looks, of which the second is at a further trial, under each way of the coins."""
    random = np.random.default_rng(2)
    ways = list(product((1.0, -1.0), repeat=8))
    flips = coin_flips(8, 0)[0]
    spent = [Spent(0, 0.0, 0.5), Spent(0, 0.5, 1.0), Spent(1, 0.0, 1.0)]
    scores = [random.standard_normal(8) * (np.arange(8) < pairs) for pairs in (3, 6, 8)]

    ever = 0
    for way in ways:
        arms = np.array(way)
        looks = [Sums(flips @ of, flips @ arms, float(arms @ of), 8.0) for of in scores]
        ever += contrast_of(looks, spent, 1, is_enumerated=True).p_value < level

    assert (
        0 < ever / len(ways) <= 1.2 * level + 1e-9
    )  # both sides: a whole level, and a fifth of it for the second trial
    assert ever % 2 == 0  # the mirrored coins are found on the other side


def test_a_finding_of_an_early_look_keeps_its_p_and_the_interval_is_that_of_the_last_look() -> None:
    schedule = Schedule(START, 1, coins(11, 15))
    values, dates = lasting(schedule, 1.5, 3, noise=0.4)
    gone = values.copy()
    gone[7 * 20 :] = values[7 * 20 :] - 1.5 * after_slots(dates, schedule, (1, 2, 3))[7 * 20 :, [
        2 * pair + (not first) for pair, first in enumerate(schedule.massage_first)
    ]].any(axis=1)  # fmt: skip
    looks = looks_of([schedule], date.max)

    early = trial.analyse_looks(gone, dates, [schedule], looks[:1], seed=0).contrast
    late = trial.analyse_looks(gone, dates, [schedule], looks, seed=0).contrast

    assert early is not None
    assert late is not None
    assert early.p_value < 0.05
    assert early.ci_low > 0
    assert late.p_value < 0.05
    assert late.ci_low <= late.estimate < early.estimate


def test_trials_of_a_person_are_pooled() -> None:
    first = Schedule(START, 1, coins(1, 5))
    second = Schedule(first.last_date + timedelta(days=8), 1, coins(2, 6))
    one, two = lasting(first, 1.0, 3, noise=0.3), lasting(second, 1.0, 3, seed=1, noise=0.3)
    values = np.concatenate([one[0], np.full(7, np.nan), two[0] + 3.0])  # another level: each has its own
    dates = np.datetime64(START) + np.arange(len(values))

    alone = trial.analyse_looks(values, dates, [first], looks_of([first], date.max), seed=0)
    both = trial.analyse_looks(values, dates, [first, second], looks_of([first, second], date.max), seed=0)

    assert alone.contrast is None  # five pairs
    assert (both.n_pairs, both.adherence.scheduled) == (11, 11)
    assert both.contrast is not None
    assert both.contrast.estimate == pytest.approx(1.0, abs=0.25)
    assert both.contrast.p_value <= 5 * 2 / 2**11  # of a second trial a fifth of the level
    outcome = trial.Outcome("steps", values, dates, is_nightly=False, unit="steps")
    (told,) = trial.results([second, first], [outcome], (), second.last_date + timedelta(days=1))
    assert told.reason.startswith("Trials of 2027-01-05, 2027-03-23 pooled: In weeks drawn for a massage")
    assert told.contrast == both.contrast


def test_an_early_look_says_that_it_is_one() -> None:
    schedule = Schedule(START, 1, coins(7, 12))
    outcome = trial.Outcome("steps", *lasting(schedule, 0.8, 3, noise=1.0), is_nightly=False, unit="steps")

    (told,) = trial.results([schedule], [outcome], (), schedule.slots[22])

    assert told.reason.startswith("Trial of 2027-01-05, looked at after 10 of 12 pairs: ")


def test_days_missing_in_weeks_with_a_massage_alone_are_refused() -> None:
    schedule = Schedule(START, 1, coins(4, 10))
    values, dates = lasting(schedule, 0.0, 3, noise=1.0)
    with_massage = np.repeat(schedule.is_massage_week, 7)
    is_bad = values < np.median(values)

    result = trial.analyse(
        np.where(is_bad & with_massage & (np.arange(len(values)) % 2 == 0), np.nan, values), dates, schedule, seed=0
    )
    alike = trial.analyse(np.where(is_bad & (np.arange(len(values)) % 2 == 0), np.nan, values), dates, schedule, seed=0)

    assert result.contrast is None
    (gate,) = (gate for gate in result.gates if not gate.passed)
    assert gate.name == trial.MEASURED_ALIKE
    assert "in weeks drawn for a massage, 100% in weeks without: what is missing goes with the draw" in gate.sentence
    assert all(gate.passed for gate in alike.gates)


@pytest.mark.slow
def test_the_power_says_what_it_costs_to_leave_days_out() -> None:
    random = np.random.default_rng(1)
    values = random.standard_normal(150)
    dates = np.datetime64("2026-01-01") + np.arange(150)

    told = power(values, dates, pairs=12, weeks_per_block=1, worthwhile=0.7, simulations=150)

    assert 0.2 < told.power < told.power_with_all_days < 1
    assert replace(told, power=0) == replace(
        power(values, dates, pairs=12, weeks_per_block=1, worthwhile=0.7, simulations=150), power=0
    )
