"""The primary estimator: regression with autocorrelated noise, its interval and p-value calibrated by simulation.

For each noise shape of a grid the model is fitted by least squares on whitened days; the restricted likelihood weighs
the shapes (Harville 1974, Biometrika 61:383), and the coefficient's distribution is their mixture. The ratio of its
mean to its standard deviation is then compared with what the same days, weekdays, trend and holes give in simulated
series without any effect, so that the nominal 5% holds with few massages too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recovery.effects.noise import FloatT, Whitener, grid_whitener, simulate_single

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
    parts: "tuple[Estimate, ...]" = ()  # of a hull, which is told as one (hull.py)


@dataclass(frozen=True)
class _Model:
    """The first `count` columns of a design, and which of their coefficients are wanted."""

    count: int
    wanted: tuple[int, ...]


@dataclass(frozen=True)
class _Design:
    """A design whitened under each shape, and the map from its projections to coefficients.

    `basis` is (shapes, columns, observed days): its leading rows span the leading columns. `inverse` (shapes, columns,
    columns) is that of the Cholesky factor L of X'X, X'X = L L', `log_diagonal` (shapes, columns) the logarithm of the
    diagonal of L.
    """

    filters: Whitener
    basis: Floats
    inverse: Floats
    log_diagonal: Floats


def fit(values: Floats, columns: Floats, *, seed: int, simulations: int = SIMULATIONS) -> Estimate:
    """The first of the columns' coefficients, in the unit of the values.

    `values` (days) has NaN on days that do not count; `columns` (days, count) has no missing value, a constant is
    added. The same values, columns and seed give the same result to the bit. Raises ValueError where there are too
    few days for the columns, or where the first column is a combination of the others.
    """
    return fit_many(values, columns, wanted=1, seed=seed, simulations=simulations)[0]


def fit_many(
    values: Floats, columns: Floats, *, wanted: int, seed: int, simulations: int = SIMULATIONS
) -> list[Estimate]:
    """The first `wanted` of the columns' coefficients of one model, each as `fit` gives it, at the price of one."""
    is_observed = np.isfinite(values)
    usual = _orthonormal(columns[:, wanted:], is_observed)
    design = np.column_stack([columns[:, :wanted], usual])
    models = [_Model(design.shape[1], tuple(range(wanted)))]
    return _fit(values, is_observed, design, models, seed, simulations)


def fit_beside(
    values: Floats, columns: Floats, further: Floats, *, seed: int, simulations: int = SIMULATIONS
) -> tuple[Estimate, Estimate]:
    """The first coefficient as `fit` gives it, and that of a `further` column (days) in the model with both.

    Both are compared with the same simulated series, drawn from the noise of the model without the further column.
    """
    is_observed = np.isfinite(values)
    design = np.column_stack([columns[:, :1], _orthonormal(columns[:, 1:], is_observed), further])
    count = design.shape[1]
    models = [_Model(count - 1, (0,)), _Model(count, (count - 1,))]
    first, second = _fit(values, is_observed, design, models, seed, simulations)
    return first, second


def shape_weights(values: Floats, columns: Floats) -> Floats:
    """How likely each shape of `noise.shape_grid()` is the noise of the values about the columns and a constant."""
    is_observed = np.isfinite(values)
    design = _orthonormal(columns, is_observed)
    standardised, _ = _standardised(values, is_observed)
    found = _whitened(design, is_observed)
    return _posterior(*_projected(found, standardised), found, _Model(design.shape[1], (0,)))[2][:, 0]


def _fit(
    values: Floats, is_observed: Bools, design: Floats, models: Sequence[_Model], seed: int, simulations: int
) -> list[Estimate]:
    """The wanted coefficients of the models, in order; the noise that is simulated is that of the first model."""
    n_days, count = int(is_observed.sum()), design.shape[1]
    if n_days <= count + 2:
        raise ValueError(f"{n_days} days are too few for {count} columns")
    for model in models:
        for column in model.wanted:
            _refuse_combination(design[is_observed, : model.count], column)

    standardised, scale = _standardised(values, is_observed)
    found = _whitened(design, is_observed)
    projected = _projected(found, standardised)
    weights = _posterior(*projected, found, models[0])[2][:, 0]
    random = np.random.default_rng(seed)
    picks = random.choice(len(weights), size=simulations, p=weights)
    simulated = _projected(found, simulate_single(found.filters.shapes, picks, len(values), random))

    out = []
    for model in models:
        mean, deviation, _ = _posterior(*projected, found, model)
        simulated_mean, simulated_deviation, _ = _posterior(*simulated, found, model)
        ratios = np.sort(np.abs(simulated_mean / simulated_deviation), axis=1)
        out += [
            _estimate(float(mean[row, 0]) * scale, float(deviation[row, 0]) * scale, ratios[row], n_days)
            for row in range(len(model.wanted))
        ]
    return out


def _estimate(estimate: float, error: float, ratios: Floats, n_days: int) -> Estimate:
    """The estimate against the sorted sizes that estimate / error has without any effect."""
    critical = float(ratios[int(np.ceil(0.95 * (len(ratios) + 1))) - 1])
    return Estimate(
        estimate=estimate,
        standard_error=error,
        ci_low=estimate - critical * error,
        ci_high=estimate + critical * error,
        p_value=(1 + int(np.sum(ratios >= abs(estimate / error)))) / (len(ratios) + 1),
        critical_value=critical,
        n_days=n_days,
    )


def _refuse_combination(design: Floats, column: int) -> None:
    wanted, others = design[:, column], np.delete(design, column, axis=1)
    unexplained = wanted - others @ np.linalg.lstsq(others, wanted, rcond=None)[0]
    if float(unexplained @ unexplained) < 1e-9 * max(float(wanted @ wanted), 1e-300):
        raise ValueError("a wanted column is a combination of the others")


def _standardised(values: Floats, is_observed: Bools) -> tuple[Floats, float]:
    """The values about their mean in their deviation, 0 where missing: (days, 1); and the deviation."""
    scale = float(np.std(values[is_observed])) or 1.0
    return np.where(is_observed, (values - np.mean(values[is_observed])) / scale, 0.0)[:, None], scale


def _orthonormal(columns: Floats, is_observed: Bools) -> Floats:
    """Orthonormal columns that span the given ones and a constant on the observed days; 0 on the others."""
    with_constant = np.column_stack([columns, np.ones(len(columns))])[is_observed]
    left, sizes, _ = np.linalg.svd(with_constant / np.maximum(np.abs(with_constant).max(axis=0), 1e-300), False)
    out = np.zeros((len(columns), int(np.sum(sizes > 1e-9 * sizes[0]))))
    out[is_observed] = left[:, : out.shape[1]]
    return out


def _whitened(design: Floats, is_observed: Bools) -> _Design:
    filters = grid_whitener(is_observed.tobytes())
    white = filters.whiten(design)
    factor = np.linalg.cholesky(white.transpose(0, 2, 1) @ white)
    inverse = np.linalg.inv(factor)
    log_diagonal = np.log(np.diagonal(factor, axis1=1, axis2=2))
    return _Design(filters, inverse @ white.transpose(0, 2, 1), inverse, log_diagonal)


def _projected(design: _Design, series: NDArray[FloatT]) -> tuple[Floats, Floats]:
    """Of the whitened series: their sums of squares (shapes, series), their projections (shapes, columns, series)."""
    white = design.filters.whiten(series)
    squares = np.einsum("gnc,gnc->gc", white, white)
    return squares.astype(np.float64), (design.basis.astype(white.dtype) @ white).astype(np.float64)


def _posterior(squares: Floats, projected: Floats, design: _Design, model: _Model) -> tuple[Floats, Floats, Floats]:
    """Mean and deviation of the wanted coefficients (wanted, series), weights of the shapes (shapes, series)."""
    inside = projected[:, : model.count]
    rows = design.inverse[:, : model.count, model.wanted].transpose(0, 2, 1)
    freedom = design.basis.shape[2] - model.count
    residual = np.maximum(squares - np.einsum("gpc,gpc->gc", inside, inside), 1e-12)
    log_determinants = design.filters.log_determinant + 2 * design.log_diagonal[:, : model.count].sum(axis=1)
    log_likelihood = (
        -0.5 * (freedom * np.log(residual) + log_determinants[:, None]) + design.filters.shapes.log_prior[:, None]
    )
    weights = np.exp(log_likelihood - log_likelihood.max(axis=0))
    weights /= weights.sum(axis=0)
    coefficient = rows @ inside
    mean = np.einsum("gc,gkc->kc", weights, coefficient)
    size = np.einsum("gkp,gkp->gk", rows, rows)[:, :, None]
    spread = residual[:, None] / max(freedom - 2, 1) * size + (coefficient - mean) ** 2
    return mean, np.sqrt(np.einsum("gc,gkc->kc", weights, spread)), weights
