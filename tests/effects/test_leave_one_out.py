"""The estimate without each massage, beside dense least squares on the days that remain."""

from dataclasses import replace

import numpy as np
import pytest
from people import Person, books_at_random

from recovery.effects import design
from recovery.effects.leave_one_out import LeftOut, leave_one_out
from recovery.effects.noise import SLOW_CORRELATION, shape_grid
from recovery.effects.regression import Estimate, fit, shape_weights


def columns_of(person: Person) -> np.ndarray:
    return np.column_stack(
        [design.event_window(person.is_massage), design.weekdays(person.dates), design.trend(len(person.dates))]
    )


def primary(person: Person) -> Estimate:
    return fit(person.values, columns_of(person), seed=0, simulations=199)


def left_out(person: Person) -> LeftOut:
    return leave_one_out(person.values, person.is_massage, person.dates, primary(person))


def by_hand(person: Person, without: int) -> float:
    """Generalised least squares under each shape on the days that remain, weighed as the whole record weighs them."""
    shapes, columns = shape_grid(), np.column_stack([columns_of(person), np.ones(len(person.dates))])
    is_kept = np.isfinite(person.values)
    is_kept[without : without + 4] = False
    apart = np.abs(np.subtract.outer(np.flatnonzero(is_kept), np.flatnonzero(is_kept)))
    estimate = 0.0
    for shape, weight in enumerate(shape_weights(person.values, columns_of(person))):
        covariance = (
            shapes.slow_share[shape] * SLOW_CORRELATION**apart
            + shapes.fast_share[shape] * shapes.correlation[shape] ** apart
            + shapes.white_share[shape] * (apart == 0)
        )
        white = np.linalg.inv(np.linalg.cholesky(covariance))
        solved = np.linalg.lstsq(white @ columns[is_kept], white @ person.values[is_kept], rcond=None)[0]
        estimate += weight * solved[0]
    return estimate


PERSON = books_at_random(3, effect=0.6, days=120, massages=14)


@pytest.mark.slow
def test_the_estimates_are_those_of_least_squares_without_the_days_of_the_massage() -> None:
    last = PERSON.is_massage.copy()
    last[[118, 40, 41]] = 1  # the record ends before its days after; and two massages on days in a row
    person = replace(PERSON, is_massage=last)

    found = left_out(person)

    expected = [by_hand(person, int(day)) for day in np.flatnonzero(person.is_massage)]
    assert found.estimates == pytest.approx(expected, abs=1e-8)
    assert (found.low, found.high) == pytest.approx((min(expected), max(expected)), abs=1e-8)


def test_a_massage_whose_days_are_all_missing_changes_nothing_when_left_out() -> None:
    first = int(np.flatnonzero(PERSON.is_massage)[0])
    values = PERSON.values.copy()
    values[first : first + 4] = np.nan
    person = replace(PERSON, values=values)

    assert left_out(person).estimates[0] == pytest.approx(primary(person).estimate, rel=1e-6)


def test_a_finding_that_all_massages_carry_stays_whichever_is_left_out() -> None:
    person = books_at_random(1, effect=1.2, days=200, massages=25)

    found = left_out(person)

    assert len(found.estimates) == 25
    assert 0 < found.low < primary(person).estimate < found.high
    assert found.carried_by == ()
    assert found.sentence == "Whichever massage is left out, the finding stays."


def test_a_finding_that_one_massage_carries_names_it() -> None:
    quiet = books_at_random(4, days=120, massages=10, missing_share=0)
    one = int(np.flatnonzero(quiet.is_massage)[5])
    values = quiet.values.copy()
    values[one + 1 : one + 4] += 9.0
    person = replace(quiet, values=values)
    assert primary(person).ci_low > 0

    found = left_out(person)

    assert found.carried_by == (one,)
    assert found.sentence == f"Without the massage of {quiet.dates[one]} the finding is gone: it hangs on that one."
    assert found.low == min(found.estimates) == found.estimates[5]


def test_a_finding_just_found_is_taken_away_by_several() -> None:
    found = primary(PERSON)
    just = replace(found, critical_value=0.999 * found.estimate / found.standard_error, ci_low=0.001)

    carried = leave_one_out(PERSON.values, PERSON.is_massage, PERSON.dates, just)

    assert 1 < len(carried.carried_by) <= 14
    assert carried.sentence == (
        f"Leaving out a single one of {len(carried.carried_by)} of the 14 massages takes the finding away."
    )


def test_where_nothing_was_found_no_massage_carries_it() -> None:
    person = books_at_random(1, days=90, massages=10)
    found = left_out(person)

    assert primary(person).p_value > 0.05
    assert (found.carried_by, found.sentence) == ((), "Nothing was found that a single massage could carry.")


def test_the_sign_and_the_unit_change_no_more_than_themselves() -> None:
    flipped = left_out(replace(PERSON, values=8000 - 2500 * PERSON.values))
    told = left_out(PERSON)

    assert flipped.estimates == pytest.approx([-2500 * estimate for estimate in told.estimates], rel=1e-6)
    assert flipped.carried_by == told.carried_by


def test_without_a_massage_there_is_nothing_to_leave_out() -> None:
    with pytest.raises(ValueError, match="no massage"):
        leave_one_out(PERSON.values, np.zeros(120), PERSON.dates, primary(PERSON))
