"""Wear after massages, and what it does to a finding."""

from dataclasses import replace

import numpy as np
import pytest
from people import Person, books_at_random

from recovery.effects import design, judgement
from recovery.effects.examine import Findings, examine
from recovery.effects.gates import Gate
from recovery.effects.judgement import Evidence
from recovery.effects.wear import WEAR, worn_alike
from recovery.vocabulary.verdicts import Verdict
from recovery.vocabulary.worth import WorthFrom

PERSON = books_at_random(1, effect=1.2, days=200, massages=25)
IS_AFTER = sum(design.lagged(PERSON.is_massage, lag) for lag in (1, 2, 3)) > 0


def worn(gap_min: float, deviation_min: float = 60, seed: int = 0) -> np.ndarray:
    """About 15 h of waking wear, `gap_min` more on the days after massages."""
    minutes = 900 + deviation_min * np.random.default_rng(seed).standard_normal(200)
    return np.where(np.isfinite(PERSON.values), minutes + gap_min * IS_AFTER, np.nan)


def asked(worn_min: np.ndarray, person: Person = PERSON) -> Gate | None:
    return worn_alike(worn_min, person.is_massage, person.dates, seed=0, simulations=199)


@pytest.mark.parametrize(("gap_min", "than"), [(90, "longer"), (-90, "shorter")])
def test_a_watch_worn_longer_or_shorter_after_massages_fails(gap_min: float, than: str) -> None:
    gate = asked(worn(gap_min))

    assert gate is not None
    assert (gate.name, gate.passed) == (WEAR, False)
    assert f"minutes a day {than} after massages" in gate.sentence


def test_a_watch_worn_alike_passes() -> None:
    assert asked(worn(0)) == Gate(WEAR, True, "The watch was worn about as long after massages as on other days.")


def test_a_certain_difference_of_a_few_minutes_does_not_matter() -> None:
    assert asked(worn(10, deviation_min=2)).passed
    assert not asked(worn(25, deviation_min=2)).passed


def test_a_watch_that_is_always_worn_passes() -> None:
    gate = asked(np.full(200, 960.0))

    assert gate is not None
    assert (gate.passed, gate.sentence) == (True, "The watch was worn equally long on nearly all days.")


def test_where_wear_is_not_told_or_no_model_can_be_fitted_nobody_can_tell() -> None:
    few = worn(90)
    few[55:] = np.nan

    assert asked(np.full(200, np.nan)) is None
    assert asked(few) is None
    assert asked(worn(0), replace(PERSON, is_massage=np.zeros(200))) is None


@pytest.mark.slow
def test_few_people_fail_by_chance() -> None:
    gates = [asked(worn(0, seed=seed)) for seed in range(40)]

    assert sum(not gate.passed for gate in gates if gate) <= 3  # 0.4 expected; more than 3 has a chance of 0.1%


def test_a_failed_gate_takes_the_word_of_a_finding_and_does_not_refuse_it() -> None:
    found: Findings = examine(PERSON.values, PERSON.is_massage, PERSON.dates, PERSON.pain, seed=0, simulations=199)
    evidence = Evidence(
        estimate=found.estimate,
        better="up",
        worthwhile=0.5,
        worth_from=WorthFrom.METRIC,
        n_massages=25,
        holm_p=found.estimate.p_value,
        lead_p=found.lead_p,
        permutation_p=found.permutation.p_value,
        adjusted=found.adjusted,
        has_pain_diary=True,
    )

    alike = judgement.judge(replace(evidence, concerns=(asked(worn(0)),)))
    unlike = judgement.judge(replace(evidence, concerns=(asked(worn(90)),)))

    assert alike.verdict is Verdict.SUPPORTED
    assert (unlike.verdict, unlike.failed) == (Verdict.CONSISTENT, (WEAR,))
    assert "what it counts follows the time it is worn" in unlike.reason
    assert judgement.refuse([asked(worn(90))]) is None
