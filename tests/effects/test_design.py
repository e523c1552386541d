"""Columns worked out by hand."""

import numpy as np
import pytest

from recovery.effects import design


@pytest.mark.parametrize("days", range(12))
@pytest.mark.parametrize("lag", [-9, -3, 0, 3, 9])
def test_a_lag_longer_than_the_record_leaves_nothing(days: int, lag: int) -> None:
    found = design.lagged(np.ones(days), lag)

    assert (len(found), found.sum()) == (days, max(0, days - abs(lag)))


def test_a_monday_is_the_reference_and_a_sunday_the_last_column() -> None:
    dates = np.array(["2026-11-16", "2026-11-17", "2026-11-22"], dtype="datetime64[D]")  # Monday, Tuesday, Sunday

    np.testing.assert_array_equal(design.weekdays(dates), [[0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 1]])


def test_a_lag_moves_massages_later_and_a_negative_one_earlier() -> None:
    is_massage = np.array([0.0, 1, 0, 0, 1])

    np.testing.assert_array_equal(design.lagged(is_massage, 0), is_massage)
    np.testing.assert_array_equal(design.lagged(is_massage, 2), [0, 0, 0, 1, 0])
    np.testing.assert_array_equal(design.lagged(is_massage, -1), [1, 0, 0, 1, 0])


def test_the_first_coefficient_of_the_window_is_the_mean_of_three_free_lag_effects() -> None:
    is_massage = np.zeros(30)
    is_massage[[4, 12, 21]] = 1
    effects = {0: 9.0, 1: 3.0, 2: 1.0, 3: -1.0}
    values = sum(effect * design.lagged(is_massage, lag) for lag, effect in effects.items())

    coefficients = np.linalg.lstsq(design.event_window(is_massage), values, rcond=None)[0]

    np.testing.assert_allclose(coefficients[0], (3 + 1 - 1) / 3)
    np.testing.assert_allclose(coefficients[3], 9)


def test_the_trend_has_one_degree_of_freedom_for_two_months_and_is_linear_beyond_nothing() -> None:
    assert design.trend(20).shape == (20, 1)
    assert design.trend(180).shape == (180, 3)
    assert np.linalg.matrix_rank(np.column_stack([np.ones(720), design.trend(720)])) == 13
    np.testing.assert_allclose(np.diff(design.trend(60)[:, 0], 2), 0, atol=1e-12)


def test_what_is_mostly_one_number_has_no_outliers() -> None:
    doses = np.zeros(60)
    doses[::9] = 3.0
    doses[5] = np.nan

    np.testing.assert_array_equal(design.winsorised(doses, design.trend(60)), doses)
    assert design.commonest_count(doses) == 52
    assert design.commonest_count(np.full(3, np.nan)) == 0


def test_the_window_holds_what_it_is_asked_and_the_days_beside_it() -> None:
    is_massage = np.zeros(40)
    is_massage[[6, 15, 27]] = 1
    values = sum(size * design.lagged(is_massage, lag) for lag, size in ((0, 4.0), (1, 1.0), (2, 2.0)))

    night = np.linalg.lstsq(design.window(is_massage, (0,), (1, 2)), values, rcond=None)[0]

    np.testing.assert_allclose(night, [4, 1, 2], atol=1e-12)


def test_an_outlier_is_pulled_in_and_a_missing_day_stays_missing() -> None:
    values = np.tile([1.0, 2.0, 3.0], 20)
    values[7], values[8] = 500.0, np.nan

    kept = design.winsorised(values, design.trend(60))

    assert kept[7] < 30
    assert np.isnan(kept[8])
    np.testing.assert_allclose(np.delete(kept, [7, 8]), np.delete(values, [7, 8]))


@pytest.mark.parametrize("size", [1e2, 1e4, 1e6, 1e9])
def test_an_outlier_of_any_size_is_pulled_in_alike_and_pulls_no_other_day_along(size: float) -> None:
    random = np.random.default_rng(3)
    dates, is_massage = np.datetime64("2024-01-01") + np.arange(365), np.zeros(365)
    is_massage[10::14] = 1
    values = random.standard_normal(365)
    values[180] = size  # one wrong number on the second day after a massage
    columns = np.column_stack([design.usual(dates), design.event_window(is_massage)])

    kept = design.winsorised(values, columns)

    assert kept[180] < 6
    np.testing.assert_allclose(np.delete(kept, 180), np.delete(values, 180), atol=0.5)


def test_a_basis_spans_what_the_columns_do_and_its_first_columns_what_the_first_do() -> None:
    random = np.random.default_rng(0)
    columns = np.column_stack([np.ones(80), design.trend(80) * 1000, random.standard_normal((80, 3))])

    basis = design.orthonormal_in_order(columns, 1e-9)

    np.testing.assert_allclose(basis.T @ basis, np.eye(columns.shape[1]), atol=1e-14)
    for count in (1, 2, columns.shape[1]):
        first = basis[:, :count]
        np.testing.assert_allclose(first @ (first.T @ columns[:, :count]), columns[:, :count], atol=1e-10)


def test_columns_that_others_explain_add_nothing_to_a_basis() -> None:
    random = np.random.default_rng(1)
    columns = random.standard_normal((50, 3))
    explained = np.column_stack([columns, columns @ [1.0, 2.0, -1.0], np.zeros(50)])

    assert design.orthonormal_in_order(explained, 1e-9).shape == (50, 3)
    basis = design.orthonormal_in_order(columns, 1e-9)
    assert design.basis_beside(basis, explained).shape == (50, 3)
    assert design.basis_beside(basis, random.standard_normal((50, 2))).shape == (50, 5)
