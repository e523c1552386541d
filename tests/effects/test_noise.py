"""The Kalman whitening against the dense covariance matrix."""

from functools import partial

import numpy as np
import pytest

from recovery.effects.noise import SLOW_CORRELATION, Deviates, NoiseShapes, drawn, shape_grid, simulate, whitener
from recovery.effects.shared_noise import ALONE, SharedNoise


def covariance(shapes: NoiseShapes, shape: int, days: int) -> np.ndarray:
    gap = np.abs(np.subtract.outer(np.arange(days), np.arange(days)))
    return (
        shapes.slow_share[shape] * SLOW_CORRELATION**gap
        + shapes.fast_share[shape] * shapes.correlation[shape] ** gap
        + shapes.white_share[shape] * np.eye(days)
    )


@pytest.mark.parametrize("shape", [0, 7, 16, 29])
def test_whitened_products_equal_those_with_the_inverse_covariance_of_the_observed_days(shape: int) -> None:
    shapes, days = shape_grid(), 40
    random = np.random.default_rng(0)
    is_observed = random.random(days) > 0.2
    columns = random.standard_normal((days, 3))

    filters = whitener(shapes, is_observed)
    white = filters.whiten(columns)[shape]

    dense = covariance(shapes, shape, days)[np.ix_(is_observed, is_observed)]
    seen = columns[is_observed]
    np.testing.assert_allclose(white.T @ white, seen.T @ np.linalg.solve(dense, seen), rtol=1e-9)
    np.testing.assert_allclose(filters.log_determinant[shape], np.linalg.slogdet(dense)[1], rtol=1e-9)


def test_single_precision_whitens_to_six_digits() -> None:
    random = np.random.default_rng(0)
    filters = whitener(shape_grid(), random.random(300) > 0.1)
    columns = random.standard_normal((300, 4))

    single = filters.whiten(columns.astype(np.float32))

    assert single.dtype == np.float32
    np.testing.assert_allclose(single, filters.whiten(columns), atol=1e-5)


def test_simulated_noise_has_the_covariance_of_its_shape() -> None:
    shapes = NoiseShapes(np.array([0.4]), np.array([0.3]), np.array([0.2]), np.zeros(1))

    noise = simulate(shapes, np.zeros(20_000, dtype=np.intp), 8, np.random.default_rng(1))

    np.testing.assert_allclose(np.cov(noise), covariance(shapes, 0, 8), atol=0.04)


@pytest.mark.parametrize("days", [1, 15, 16, 17, 47])
def test_products_near_entries_and_steps_are_those_of_the_inverse_covariance(days: int) -> None:
    shapes, random = shape_grid(), np.random.default_rng(days)
    is_observed = random.random(days) > 0.3
    is_observed[0] = True
    is_observed[20:40] = False  # a whole block without a day
    columns = random.standard_normal((days, 2))
    filters = whitener(shapes, is_observed)

    weighted, near = filters.precision.times(columns), filters.precision.near(range(4))
    steps = filters.precision.of_steps()

    for shape in (0, 11, 29):
        inverse = np.zeros((days, days))
        seen = np.ix_(is_observed, is_observed)
        inverse[seen] = np.linalg.inv(covariance(shapes, shape, days)[seen])
        np.testing.assert_allclose(weighted[:, shape], inverse @ columns, atol=1e-9)
        since = np.tril(np.ones((days, days)))  # a column for each first day
        np.testing.assert_allclose(steps[:, shape], np.diagonal(since.T @ inverse @ since), atol=1e-9)
        for gap in range(4):
            expected = np.append(np.diagonal(inverse, gap), np.zeros(min(gap, days)))
            np.testing.assert_allclose(near[shape, gap], expected, atol=1e-9)


def test_sums_of_squares_and_one_shape_are_those_of_the_whole() -> None:
    random = np.random.default_rng(0)
    filters = whitener(shape_grid(), random.random(100) > 0.2)
    columns = random.standard_normal((100, 3))
    white = filters.whiten(columns)

    np.testing.assert_allclose(filters.sums_of_squares(columns), (white**2).sum(axis=1), rtol=1e-12)
    np.testing.assert_allclose(filters.of_shapes(np.array([7])).whiten(columns)[0], white[7], rtol=1e-12)


@pytest.mark.parametrize("days", [1, 31, 32, 33, 70])
def test_the_filter_of_the_first_days_is_the_one_made_for_them_alone(days: int) -> None:
    random = np.random.default_rng(days)
    is_observed = random.random(90) > 0.2
    is_observed[0] = True
    columns = random.standard_normal((days, 2))
    alone, cut = whitener(shape_grid(), is_observed[:days]), whitener(shape_grid(), is_observed).first(days)

    np.testing.assert_allclose(cut.whiten(columns), alone.whiten(columns), rtol=1e-12)
    np.testing.assert_allclose(cut.precision.times(columns), alone.precision.times(columns), atol=1e-12)
    np.testing.assert_allclose(cut.sums_of_squares(columns), alone.sums_of_squares(columns), rtol=1e-12)
    np.testing.assert_allclose(cut.precision.near(range(4)), alone.precision.near(range(4)), atol=1e-12)
    np.testing.assert_allclose(cut.log_determinant, alone.log_determinant, rtol=1e-12, atol=1e-12)


def test_noise_shared_by_looks_is_that_drawn_for_each_look_alone_to_the_bit() -> None:
    random = np.random.default_rng(0)
    filters = whitener(shape_grid(), random.random(100) > 0.2)
    likely = np.zeros(len(shape_grid()))
    likely[[3, 7]] = 0.4, 0.6
    a_little_later = likely + 0.03 * (np.arange(len(likely)) == 20)  # of the 19 series two or three get another shape
    shared, deviates = SharedNoise(5, 19, [40, 48, 49, 100]), Deviates.of(5, 19, 100)
    for _ in range(ALONE):
        shared.of(likely, filters.first(40))

    for days, weights in ((49, likely), (40, likely), (48, a_little_later), (100, a_little_later), (49, likely)):
        found, alone = (one(weights, filters.first(days)) for one in (shared.of, partial(drawn, deviates)))

        for name in ("picks", "series", "squares"):
            np.testing.assert_array_equal(getattr(found, name), getattr(alone, name))
