"""The primary estimator: regression with autocorrelated noise, its interval and p-value calibrated by simulation.

For each noise shape of a grid the model is fitted by least squares on whitened days; the restricted likelihood weighs
the shapes (Harville 1974, Biometrika 61:383), and the coefficient's distribution is their mixture. The ratio of its
mean to its standard deviation is then compared with what the same days, weekdays, trend and holes give in simulated
series without any effect, so that the nominal 5% holds with few massages too.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recovery.effects.noise import NoiseShapes, Whitener, shape_grid, simulate, whitener

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
SIMULATIONS = 399


@dataclass(frozen=True)
class Estimate:
    """One coefficient: its value, 95% interval and p-value, calibrated."""

    estimate: float
    standard_error: float
    ci_low: float
    ci_high: float
    p_value: float
    critical_value: float  # of |estimate / standard error|; 1.96 if the noise were known
    n_days: int


def fit(values: Floats, columns: Floats, *, seed: int, simulations: int = SIMULATIONS) -> Estimate:
    """The first of the columns' coefficients, in the unit of the values.

    `values` (days) has NaN on days that do not count; `columns` (days, count) has no missing value, a constant is
    added. The same values, columns and seed give the same result to the bit. Raises ValueError where there are too
    few days for the columns, or where the first column is a combination of the others.
    """
    is_observed = np.isfinite(values)
    design = np.column_stack([columns, np.ones(len(values))])
    n_days, count = int(is_observed.sum()), design.shape[1]
    if n_days <= count + 2:
        raise ValueError(f"{n_days} days are too few for {count} columns")
    others = design[is_observed, 1:]
    unexplained = design[is_observed, 0] - others @ np.linalg.lstsq(others, design[is_observed, 0], rcond=None)[0]
    if unexplained @ unexplained < 1e-9 * max(design[is_observed, 0] @ design[is_observed, 0], 1e-300):
        raise ValueError("the first column is a combination of the others")

    filters, scale, whitened = _whitened(values, design, is_observed)
    bases, first_rows, log_gram = _bases(whitened[:, :, 1:])
    mean, deviation, weights = _posterior(whitened[:, :, :1], bases, first_rows, log_gram, filters)

    random = np.random.default_rng(seed)
    picks = random.choice(len(filters.shapes), size=simulations, p=weights[:, 0])
    noise = simulate(filters.shapes, picks, len(values), random)
    simulated_mean, simulated_deviation, _ = _posterior(filters.whiten(noise), bases, first_rows, log_gram, filters)
    ratios = np.sort(np.abs(simulated_mean / simulated_deviation))
    critical = float(ratios[int(np.ceil(0.95 * (simulations + 1))) - 1])
    estimate, error = float(mean[0]) * scale, float(deviation[0]) * scale
    exceed = int(np.sum(ratios >= abs(estimate / error)))
    return Estimate(
        estimate=estimate,
        standard_error=error,
        ci_low=estimate - critical * error,
        ci_high=estimate + critical * error,
        p_value=(1 + exceed) / (simulations + 1),
        critical_value=critical,
        n_days=n_days,
    )


def shape_weights(values: Floats, columns: Floats) -> Floats:
    """How likely each shape of `shape_grid()` is the noise of the values about the columns and a constant."""
    is_observed = np.isfinite(values)
    filters, _, whitened = _whitened(values, np.column_stack([columns, np.ones(len(values))]), is_observed)
    weights = _posterior(whitened[:, :, :1], *_bases(whitened[:, :, 1:]), filters)[2]
    return np.asarray(weights[:, 0])


def _whitened(values: Floats, design: Floats, is_observed: Bools) -> tuple[Whitener, float, Floats]:
    """The filters, the unit that was divided by, and values and design as (shapes, observed days, 1 + count)."""
    centre = float(np.mean(values[is_observed]))
    scale = float(np.std(values[is_observed])) or 1.0
    filters = whitener(shape_grid(), is_observed)
    told = np.where(is_observed, (values - centre) / scale, 0.0)
    return filters, scale, filters.whiten(np.column_stack([told, design]))


def _bases(whitened_design: Floats) -> tuple[Floats, Floats, Floats]:
    """Of each shape: an orthonormal basis (shapes, days, count), the row that gives the first coefficient, log|X'X|."""
    basis, triangle = np.linalg.qr(whitened_design)
    identity = np.broadcast_to(np.eye(triangle.shape[1]), triangle.shape)
    first_rows = np.linalg.solve(triangle, identity)[:, 0, :]
    log_gram = 2 * np.log(np.abs(np.diagonal(triangle, axis1=1, axis2=2))).sum(axis=1)
    return basis, first_rows, log_gram


def _posterior(
    outcomes: Floats, bases: Floats, first_rows: Floats, log_gram: Floats, filters: Whitener
) -> tuple[Floats, Floats, Floats]:
    """Mean and standard deviation of the first coefficient, weights of the shapes (shapes, series), of each series."""
    shapes: NoiseShapes = filters.shapes
    freedom = bases.shape[1] - bases.shape[2]
    projected = np.matmul(bases.transpose(0, 2, 1), outcomes)
    residual = np.einsum("gnc,gnc->gc", outcomes, outcomes) - np.einsum("gpc,gpc->gc", projected, projected)
    residual = np.maximum(residual, 1e-12)
    coefficient = np.einsum("gp,gpc->gc", first_rows, projected)
    variance = residual / freedom * np.einsum("gp,gp->g", first_rows, first_rows)[:, None]
    log_likelihood = (
        -0.5 * (freedom * np.log(residual) + filters.log_determinant[:, None] + log_gram[:, None])
        + shapes.log_prior[:, None]
    )
    weights = np.exp(log_likelihood - log_likelihood.max(axis=0))
    weights /= weights.sum(axis=0)
    mean = (weights * coefficient).sum(axis=0)
    spread = variance * freedom / max(freedom - 2, 1) + (coefficient - mean) ** 2
    return mean, np.sqrt((weights * spread).sum(axis=0)), weights
