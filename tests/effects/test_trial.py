"""A randomised trial of one person: its coins, what it finds, and that it finds nothing where nothing is."""

import hashlib
from datetime import date, timedelta

import numpy as np
import pytest

from recovery.effects import trial
from recovery.effects.trial import Outcome, TrialResult
from recovery.effects.trial_looks import Contrast
from recovery.effects.trial_power import Power, power
from recovery.effects.trial_schedule import Adherence, Schedule, adherence, coins
from recovery.vocabulary.verdicts import Verdict
from recovery.vocabulary.windows import DAYS_AFTER, Window

START = date(2027, 1, 5)  # a Tuesday


def drawn(seed: int, pairs: int = 8, weeks_per_block: int = 1) -> Schedule:
    return Schedule(START, weeks_per_block, coins(seed, pairs))


def remembering(random: np.random.Generator, days: int, memory: float) -> np.ndarray:
    """An AR(1) process of variance 1."""
    out = random.standard_normal(days)
    for day in range(1, days):
        out[day] = memory * out[day - 1] + np.sqrt(1 - memory**2) * out[day]
    return out


def lived(
    schedule: Schedule, seed: int, effect: float = 0.0, missing_share: float = 0.08, lags: tuple[int, ...] = DAYS_AFTER
) -> tuple[np.ndarray, np.ndarray]:
    """Days of a person whose numbers go up by `effect` on the days after the massages that were drawn."""
    random = np.random.default_rng(seed)
    days = 7 * schedule.weeks
    dates = np.datetime64(START) + np.arange(days)
    values = 0.85 * remembering(random, days, 0.4) + 0.45 * remembering(random, days, 0.95)
    values += 0.3 * random.standard_normal(days)
    values += 0.3 * random.standard_normal(7)[np.arange(days) % 7] + random.standard_normal() * np.linspace(0, 1, days)
    for week, is_massage in enumerate(schedule.is_massage_week):
        if is_massage:
            values[[7 * week + lag for lag in lags]] += effect
    half = 7 * schedule.weeks_per_block  # days are lost in both halves of a pair alike, as the gate of the arms asks
    is_lost = np.repeat((random.random((schedule.pairs, half)) < missing_share)[:, None], 2, axis=1).ravel()
    return np.where(is_lost, np.nan, values), dates


def found(schedule: Schedule, values: np.ndarray, dates: np.ndarray, **asked: object) -> Contrast:
    contrast = trial.analyse(values, dates, schedule, seed=0, **asked).contrast
    assert contrast is not None
    return contrast


def test_a_coin_is_the_first_byte_of_the_hash_of_the_seed_and_its_number() -> None:
    heads = tuple(hashlib.sha256(text).digest()[0] % 2 == 0 for text in (b"17/1", b"17/2", b"17/3"))

    assert coins(17, 3) == heads
    assert coins(17, 26)[:3] == heads
    assert coins(17, 12) == (
        True, False, False, True, False, False, False, True, True, False, False, True,
    )  # fmt: skip  # for ever: schedules that were committed are checked against it


def test_coins_are_fair() -> None:
    heads = np.array([coins(seed, 20) for seed in range(500)])

    assert abs(heads.mean() - 0.5) < 0.02
    assert np.abs(heads.mean(axis=0) - 0.5).max() < 0.1


def test_each_pair_holds_one_block_with_massages() -> None:
    schedule = Schedule(START, 2, (True, False))

    assert schedule.is_massage_week == (True, True, False, False, False, False, True, True)
    assert schedule.slots[:3] == (date(2027, 1, 5), date(2027, 1, 12), date(2027, 1, 19))
    assert schedule.last_date == date(2027, 3, 1)


def test_a_trial_is_over_when_the_days_after_the_last_hour_are_recorded_whole() -> None:
    schedule = Schedule(START, 1, (True, False))

    assert not schedule.is_over(date(2027, 1, 29))
    assert schedule.is_over(date(2027, 1, 30))


def test_the_estimate_of_days_without_noise_is_the_effect_and_every_flip_is_tried() -> None:
    schedule = drawn(1, pairs=6)
    values, dates = lived(schedule, 1, effect=0.0, missing_share=0.0)
    values = 1e-6 * values + 5.0
    for week, is_massage in enumerate(schedule.is_massage_week):
        values[7 * week + 1 : 7 * week + 4] += 2.0 * is_massage

    contrast = found(schedule, values, dates)

    assert contrast.estimate == pytest.approx(2.0, abs=1e-5)
    assert contrast.p_value == 2 / 2**6  # the true flip and its opposite: the least that six pairs allow
    assert contrast.is_enumerated
    assert contrast.n_days == 36


@pytest.mark.slow
def test_without_an_effect_p_is_uniform_enough_and_with_one_the_interval_holds_it() -> None:
    for pairs, weeks_per_block, effect, trials in ((6, 1, 0.0, 100), (13, 1, 0.7, 25), (6, 3, -0.5, 50)):
        told = []
        for seed in range(trials):
            schedule = drawn(seed, pairs, weeks_per_block)
            told.append(found(schedule, *lived(schedule, seed + 500, effect, missing_share=0.03)))
        holds = np.mean([contrast.ci_low <= effect <= contrast.ci_high for contrast in told])
        assert holds >= 0.88, (pairs, effect)  # 95% or a little more, of few trials
        if not effect:
            assert np.mean([contrast.p_value < 0.05 for contrast in told]) <= 0.09
        assert np.mean([contrast.estimate for contrast in told]) == pytest.approx(effect, abs=0.15)


@pytest.mark.slow
def test_over_all_flips_of_one_record_just_one_in_twenty_is_a_false_finding() -> None:
    """Exact: the same days, analysed under each of the 64 schedules that could have been drawn."""
    values, dates = lived(drawn(3, pairs=6), 3)
    p_values = []
    for number in range(64):
        first = tuple(bool(number >> pair & 1) for pair in range(6))
        p_values.append(found(Schedule(START, 1, first), values, dates).p_value)

    p_values.sort()
    assert p_values == pytest.approx([2 * (rank // 2 + 1) / 64 for rank in range(64)])
    assert np.mean(np.array(p_values) < 0.05) == 2 / 64


@pytest.mark.slow
def test_the_interval_excludes_none_just_where_p_is_below_one_in_twenty() -> None:
    for seed in range(25):
        schedule = drawn(seed, pairs=8 + seed % 7)
        contrast = found(schedule, *lived(schedule, seed, effect=0.5))
        assert (contrast.p_value <= 0.05) == (contrast.ci_low > 0 or contrast.ci_high < 0)
        assert contrast.ci_low <= contrast.estimate <= contrast.ci_high


@pytest.mark.parametrize("pairs", [8, 14])
def test_sign_constant_and_unit_change_what_they_should_and_no_more(pairs: int) -> None:
    schedule = drawn(5, pairs)
    values, dates = lived(schedule, 5, effect=0.6)

    told = found(schedule, values, dates)
    flipped = found(schedule, -values, dates)
    steps = found(schedule, 8000 + 2500 * values, dates)

    assert (flipped.estimate, flipped.ci_low, flipped.ci_high) == pytest.approx(
        (-told.estimate, -told.ci_high, -told.ci_low)
    )
    assert flipped.p_value == steps.p_value == told.p_value
    assert (steps.estimate, steps.ci_low, steps.ci_high) == pytest.approx(
        (2500 * told.estimate, 2500 * told.ci_low, 2500 * told.ci_high)
    )
    assert found(schedule, values, dates) == told


@pytest.mark.parametrize(("pairs", "weeks_per_block"), [(8, 2), (14, 2)])
def test_a_change_added_to_the_days_that_were_drawn_moves_the_interval_by_it(pairs: int, weeks_per_block: int) -> None:
    """What makes the interval exact: nothing but the estimate depends on the size of the change."""
    schedule = drawn(6, pairs, weeks_per_block)
    values, dates = lived(schedule, 6)
    more, _ = lived(schedule, 6, effect=1.5)

    plain, moved = found(schedule, values, dates), found(schedule, more, dates)

    assert (moved.estimate, moved.ci_low, moved.ci_high) == pytest.approx(
        (plain.estimate + 1.5, plain.ci_low + 1.5, plain.ci_high + 1.5),
        abs=0.01,  # the change is there in first weeks too, which are not compared but tell of the noise
    )


def test_days_outside_the_trial_do_not_matter_and_days_not_given_are_missing() -> None:
    schedule = drawn(7)
    values, dates = lived(schedule, 7, effect=0.5)
    around = np.concatenate([np.full(20, 50.0), values, np.full(9, -50.0)])
    longer = dates[0] - 20 + np.arange(len(around))

    assert found(schedule, around, longer) == found(schedule, values, dates)

    cut = np.where(np.arange(len(values)) < len(values) - 10, values, np.nan)
    assert found(schedule, values[:-10], dates[:-10]) == found(schedule, cut, dates)


def test_a_night_is_looked_at_on_the_date_it_ends() -> None:
    schedule = drawn(8, pairs=10)
    values, dates = lived(schedule, 8, effect=3.0, missing_share=0.02, lags=Window.TRIAL_NIGHT.lags)

    contrast = found(schedule, values, dates, lags=Window.TRIAL_NIGHT.lags)

    assert contrast.ci_low > 0.5
    assert contrast.n_days <= 20


def test_a_pair_without_measured_days_in_one_half_is_left_out_and_named() -> None:
    schedule = drawn(9, pairs=8)
    values, dates = lived(schedule, 9, effect=0.8)
    values[14 + 1 : 14 + 4] = np.nan  # first half of pair 2
    values[98 + 7 + 1 : 98 + 7 + 4] = np.nan  # second half of pair 8

    result = trial.analyse(values, dates, schedule, seed=0)

    assert (result.n_pairs, result.left_out) == (6, (2, 8))
    assert result.contrast is not None
    assert result.contrast.p_value * 64 == pytest.approx(round(result.contrast.p_value * 64))
    assert "(not pairs 2, 8)" in result.gates[0].sentence
    values[14 + 7 : 28] += 99  # what is measured in the other half of pair 2 is not compared with anything
    moved = trial.analyse(values[:], dates, schedule, seed=0).contrast
    assert moved is not None
    assert abs(moved.estimate - result.contrast.estimate) < 1


def test_fewer_than_six_pairs_are_refused_with_the_pairs_that_lack_days() -> None:
    schedule = drawn(10, pairs=6)
    values, dates = lived(schedule, 10)
    values[1:4] = np.nan

    result = trial.analyse(values, dates, schedule, seed=0)

    assert result.contrast is None
    assert result.gates[0].sentence == (
        "Only 5 of 6 pairs have measured days in both their halves (not pair 1); at least 6 are needed."
    )
    verdict = trial.verdict_on(result, better="up", worthwhile=0.3)
    assert (verdict.verdict, verdict.reason) == (Verdict.CANNOT_BE_TOLD, result.gates[0].sentence)


def test_no_measured_day_and_a_number_that_hardly_changes_are_refused() -> None:
    schedule = drawn(11)
    values, dates = lived(schedule, 11)

    nothing = trial.analyse(np.full(len(values), np.nan), dates, schedule, seed=0)
    before = trial.analyse(values, dates - 1000, schedule, seed=0)
    zeros = np.where(np.arange(len(values)) % 30 == 0, 1.0, 0.0)
    bed_days = trial.analyse(zeros, dates, schedule, seed=0)

    assert nothing.contrast is before.contrast is bed_days.contrast is None
    assert "Only 0 of 8 pairs" in before.gates[0].sentence
    assert "same on all days but" in bed_days.gates[1].sentence


def test_a_weekday_that_is_never_measured_is_no_obstacle() -> None:
    schedule = drawn(12, pairs=10)
    values, dates = lived(schedule, 12, effect=0.7)
    values[2::7] = np.nan  # no Thursday, which is day +2

    assert found(schedule, values, dates).n_days <= 40


def test_adherence_counts_what_was_drawn_moved_and_slipped_in() -> None:
    schedule = Schedule(START, 1, (True, True, False))  # massages in weeks 1, 3, 6
    weeks = [START + timedelta(weeks=week) for week in range(6)]

    told = adherence(
        schedule, [weeks[0], weeks[1] + timedelta(days=2), weeks[2] + timedelta(days=1), START - timedelta(1)]
    )

    assert told == Adherence(scheduled=3, attended=1, moved=1, in_control_weeks=1)
    assert told.sentence == (
        "1 of 3 massages took place on the day set, 1 on another day of their week; 1 fell in weeks without."
    )
    assert Adherence(3, 3, 0, 0).sentence == "3 of 3 massages took place on the day set, none in weeks without."


def test_who_did_not_go_still_counts_as_drawn() -> None:
    schedule = drawn(13)
    values, dates = lived(schedule, 13, effect=0.5)

    went, stayed = (trial.analyse(values, dates, schedule, days, seed=0) for days in (schedule.slots, ()))

    assert went.contrast == stayed.contrast
    assert (went.adherence.attended, stayed.adherence.attended) == (8, 0)
    assert went.adherence.in_control_weeks == 8


def result(estimate: float, low: float, high: float, p_value: float) -> TrialResult:
    return TrialResult((), 12, (), Adherence(12, 12, 0, 0), 1.0, Contrast(estimate, low, high, p_value, 70, True))


@pytest.mark.parametrize(
    ("contrast", "holm_p", "word"),
    [
        ((0.5, 0.2, 0.8, 0.01), None, Verdict.SUPPORTED),
        ((0.5, 0.2, 0.8, 0.01), 0.06, Verdict.CONSISTENT),
        ((0.12, 0.01, 0.35, 0.04), None, Verdict.CONSISTENT),  # less than half of what is worth having
        ((0.18, 0.01, 0.25, 0.04), None, Verdict.SUPPORTED),  # a little better
        ((0.1, -0.05, 0.25, 0.2), None, Verdict.CONTRADICTED),
        ((-0.4, -0.6, -0.2, 0.01), None, Verdict.CONTRADICTED),
        ((0.2, -0.2, 0.6, 0.3), None, Verdict.CANNOT_TELL_YET),
    ],
)
def test_each_word_and_its_mirror_image(
    contrast: tuple[float, float, float, float], holm_p: float | None, word: Verdict
) -> None:
    estimate, low, high, p_value = contrast

    up = trial.verdict_on(result(*contrast), better="up", worthwhile=0.3, holm_p=holm_p)
    down = trial.verdict_on(
        result(-estimate, -high, -low, p_value), better="down", worthwhile=0.3, holm_p=holm_p, unit="points"
    )

    assert up.verdict == down.verdict == word
    assert up.massages_needed == down.massages_needed
    assert "points" in down.reason


@pytest.mark.parametrize(
    ("kept", "word"),
    [
        (Adherence(12, 12, 0, 0), Verdict.CONTRADICTED),
        (Adherence(12, 11, 1, 0), Verdict.CONTRADICTED),  # 0.25 excludes 11/12 of 0.3
        (Adherence(12, 9, 0, 0), Verdict.CANNOT_TELL_YET),
        (Adherence(12, 12, 0, 6), Verdict.CANNOT_TELL_YET),
        (Adherence(12, 0, 0, 0), Verdict.CANNOT_TELL_YET),  # nobody logged any
    ],
)
def test_a_schedule_that_was_not_kept_to_excludes_no_effect(kept: Adherence, word: Verdict) -> None:
    contrast = Contrast(0.1, -0.05, 0.25, 0.2, 70, True)

    verdict = trial.verdict_on(TrialResult((), 12, (), kept, 1.0, contrast), better="up", worthwhile=0.3)

    assert verdict.verdict == word
    assert ("too little of the schedule was kept to" in verdict.reason) == (word == Verdict.CANNOT_TELL_YET)


def test_a_finding_of_a_schedule_that_was_hardly_kept_to_is_not_shown() -> None:
    contrast = Contrast(0.5, 0.2, 0.8, 0.01, 70, True)

    half, less = (
        trial.verdict_on(
            TrialResult((), 12, (), Adherence(12, attended, 0, 0), 1.0, contrast), better="up", worthwhile=0.3
        )
        for attended in (6, 5)
    )

    assert (half.verdict, less.verdict) == (Verdict.SUPPORTED, Verdict.CONSISTENT)
    assert less.failed == (trial.KEPT_TO,)


def test_where_it_cannot_tell_yet_the_verdict_says_how_long_a_new_trial_would_be() -> None:
    verdict = trial.verdict_on(result(0.2, -0.2, 0.6, 0.3), better="up", worthwhile=None)

    assert verdict.smallest_detectable == pytest.approx(0.4 * (1 + 0.84 / 1.96))
    assert verdict.massages_needed == 44  # 12 * (0.571 / 0.3) ** 2
    assert "nobody said what change is worth having, so 0.3 is taken" in verdict.reason
    assert "A new trial of about 44 massages would tell." in verdict.reason


def test_results_come_of_trials_that_are_over_for_each_metric() -> None:
    old = drawn(14, pairs=6)
    young = Schedule(old.last_date + timedelta(days=1), 1, (True,) * 6)
    values, dates = lived(old, 14, effect=1.0)
    outcomes = [
        Outcome("steps", 8000 + 2500 * values, dates, is_nightly=False, unit="steps"),
        Outcome("asleep_min", np.full(len(values), np.nan), dates, is_nightly=True, unit="min"),
    ]

    days, nights = trial.results([young, old], outcomes, old.slots, old.last_date)

    assert (days.metric, days.window, days.schedules) == ("steps", "trial_days_1_3", [old])
    assert days.contrast is not None
    assert days.contrast.estimate > 500
    assert days.reason.startswith("Trial of 2027-01-05: In weeks drawn for a massage, against the weeks without: ")
    assert days.reason.endswith("6 of 6 massages took place on the day set; 6 fell in weeks without.")
    assert (nights.window, nights.contrast) == ("trial_night_0", None)
    assert "Only 0 of 6 pairs have measured nights in both their halves" in nights.reason
    assert list(trial.results([old], outcomes, (), old.slots[-1])) == []


@pytest.mark.slow
def test_power_grows_with_pairs_and_with_the_change_and_is_none_below_six() -> None:
    values, dates = lived(drawn(15, pairs=12), 15)

    def told(pairs: int, worthwhile: float | None) -> Power:
        return power(values, dates, pairs=pairs, weeks_per_block=1, worthwhile=worthwhile)

    small, large = told(8, 0.5), told(20, 0.5)
    assert 0 < small.power < large.power < 1
    assert told(8, 1.5).power > small.power
    assert told(5, 3.0).power == 0
    assert told(8, 3.0).pairs_needed in range(6, 9)
    assert told(8, 0.05).pairs_needed is None
    assumed = told(8, None)
    assert (assumed.worthwhile, assumed.is_worthwhile_assumed) == (pytest.approx(0.3 * assumed.deviation), True)
    assert told(8, 0.5) == small


@pytest.mark.slow
def test_power_is_what_such_trials_find() -> None:
    noise, dates = lived(drawn(16, pairs=26), 16, missing_share=0.0)
    said = power(noise, dates, pairs=10, weeks_per_block=1, worthwhile=1.0).power

    hits = []
    for seed in range(70):
        schedule = drawn(seed, pairs=10)
        hits.append(found(schedule, *lived(schedule, seed + 900, 1.0, missing_share=0.0)).p_value < 0.05)

    assert np.mean(hits) == pytest.approx(said, abs=0.16)  # two simulations, and a noise that is itself estimated


def test_power_needs_days_that_vary() -> None:
    values, dates = lived(drawn(17), 17)

    with pytest.raises(ValueError, match="27 valid days, 28 are needed"):
        power(
            np.where(np.cumsum(np.isfinite(values)) <= 27, values, np.nan),
            dates,
            pairs=8,
            weeks_per_block=1,
            worthwhile=1,
        )
    with pytest.raises(ValueError, match="nearly the same number every day"):
        power(np.zeros(len(dates)), dates, pairs=8, weeks_per_block=1, worthwhile=1)


def test_where_most_days_are_missing_no_length_gives_power() -> None:
    values, dates = lived(drawn(18, pairs=26), 18)
    values[np.arange(len(values)) % 8 > 0] = np.nan

    told = power(values, dates, pairs=6, weeks_per_block=1, worthwhile=9.0)

    assert told.power == 0
