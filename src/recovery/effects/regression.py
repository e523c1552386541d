"""The primary estimator: regression with autocorrelated noise, its interval and p-value calibrated by simulation.

For each noise shape of a grid the model is fitted by least squares on whitened days; the restricted likelihood weighs
the shapes (Harville 1974, Biometrika 61:383), and the coefficient's distribution is their mixture. The ratio of its
mean to its standard deviation is then compared with what the same days, weekdays, trend and holes give in simulated
series without any effect, so that the nominal 5% holds with few massages too.

Several models of one series (the window, single days, the dose, kinds of massages) share what they have in common:
`Background` whitens the series and the columns of every model once, and lays the same simulated noise under all. What
the other columns leave of both sides gives the same coefficients (Frisch and Waugh 1933, Econometrica 1:387).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np
from numpy.typing import NDArray

from recovery.effects.design import with_constant
from recovery.effects.noise import Deviates, Noise, Whitener, drawn, grid_whitener
from recovery.effects.shared_noise import SharedNoise

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
SIMULATIONS = 199  # the 95% point is then good to half a percent (`_WithoutEffect`)
LEAST_P = 1e-12  # a p-value is never 0
LEVEL = 0.05  # of an interval of 95%
MAX_RATIO, MAX_STEPS = 1e3, 200  # of the search for the ratio of estimate and error that has this level


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
class _Part:
    """Columns (days, count), 0 on days that are not observed, and the same times the inverse covariance.

    `weighted` is (days, shapes, count).
    """

    columns: Floats
    weighted: Floats

    def by(self, mixed: Floats) -> "_Part":
        """Other columns made of these (count, new)."""
        return _Part(self.columns @ mixed, self.weighted @ mixed)

    def beside(self, other: "_Part") -> "_Part":
        return _Part(
            np.column_stack([self.columns, other.columns]), np.concatenate([self.weighted, other.weighted], axis=2)
        )

    def products(self, columns: Floats) -> Floats:
        """Those of columns (days, other) with these under each shape: (shapes, other, count)."""
        days, shapes, count = self.weighted.shape
        flat = columns.T @ self.weighted.reshape(days, shapes * count)
        return flat.reshape(columns.shape[1], shapes, count).transpose(1, 0, 2)

    def along(self, series: NDArray[np.float32]) -> Floats:
        """Those with simulated series (days, series): (shapes, count, series)."""
        days, shapes, count = self.weighted.shape
        flat = self.weighted.reshape(days, shapes * count).astype(np.float32).T @ series
        return flat.astype(np.float64).reshape(shapes, count, series.shape[1])


@dataclass(frozen=True)
class _Columns:
    """The columns of a model beside those of every model: what it takes to project series on them.

    `across` (shapes, usual columns, columns) are their products with the usual ones. L is the Cholesky factor of their
    own products without the usual columns; `inverse` (shapes, columns, columns) is that of L, `log_diagonal` (shapes,
    columns) the logarithm of its diagonal.
    """

    part: _Part
    across: Floats
    inverse: Floats
    log_diagonal: Floats


@dataclass(frozen=True)
class _Shared:
    """What all models of a series have in common."""

    usual: _Part  # the columns that every model holds
    inverse: Floats  # of the Cholesky factor of their products: (shapes, columns, columns)
    log_determinant: Floats  # of these products: (shapes)
    along: Floats  # projections of the series on them: (shapes, columns, 1)
    squares: Floats  # sums of squares of what they leave of the series: (shapes, 1)


@dataclass(frozen=True)
class _Model:
    """The first `count` of some columns, and which of their coefficients are wanted."""

    count: int
    wanted: tuple[int, ...]


@dataclass(frozen=True)
class _WithoutEffect:
    """What |estimate / error| is without any effect, over simulated series.

    Under the shape that a series was drawn with, its coefficient is normal and independent of what the model leaves of
    the series; the weights of the shapes and the error depend on the latter alone. So the coefficient is not drawn:
    its normal distribution is taken for each series in place of one value (Rao and Blackwell), and some hundred series
    give the tail as well as many thousand would.
    """

    apart: Floats  # (series) the estimate less the coefficient under the true shape
    error: Floats  # (series) of the estimate
    deviation: Floats  # (series) of the coefficient under the true shape

    def tail(self, ratio: float) -> float:
        """The probability of a larger |estimate / error|."""
        from scipy.special import ndtr  # not loaded where a run has nothing to do

        far = ratio * self.error
        return float(np.mean(ndtr((self.apart - far) / self.deviation) + ndtr((-self.apart - far) / self.deviation)))

    @cached_property
    def critical(self) -> float:
        """The 95% point, by Newton's method; halves of what is left where a step leads out of it."""
        from scipy.special import ndtr

        low, high, ratio = 0.0, MAX_RATIO, 2.0
        deviation = np.concatenate([self.deviation, self.deviation])
        middle = np.concatenate([self.apart, -self.apart]) / deviation
        slope = np.concatenate([self.error, self.error]) / deviation
        for _ in range(MAX_STEPS):
            ends = middle - ratio * slope
            excess = 2 * float(np.mean(ndtr(ends))) - LEVEL
            low, high = (ratio, high) if excess > 0 else (low, ratio)
            density = 2 * float(np.mean(np.exp(-0.5 * ends**2) * slope)) / np.sqrt(2 * np.pi)
            step = excess / max(density, 1e-300)
            if abs(step) <= 1e-13 * ratio:  # asked first: a last step of 0 does not lie between the ends
                return float(ratio + step)
            ratio = ratio + step if low < ratio + step < high else (low + high) / 2
        return float(ratio)


@dataclass(frozen=True)
class _Posterior:
    """Of each series: mean and deviation of the wanted coefficients (wanted, series), weights (shapes, series).

    `coefficient` (shapes, wanted, series) is that under each shape, `unit_deviation` (shapes, wanted) its deviation in
    noise of variance 1.
    """

    mean: Floats
    deviation: Floats
    weights: Floats
    coefficient: Floats
    unit_deviation: Floats

    def without_effect(self, row: int, picks: NDArray[np.intp]) -> _WithoutEffect:
        """Of one of the coefficients, where the series are noise of the shapes that were picked."""
        own = self.coefficient[picks, row, np.arange(len(picks))]
        return _WithoutEffect(self.mean[row] - own, self.deviation[row], self.unit_deviation[picks, row])


class Background:
    """One series (days), NaN on days that do not count, and the columns that every model of it holds (days, count).

    A constant is one of them. Draw the noise before asking for estimates. `filters` are those of `noise.shape_grid()`
    for these days, and `basis` (observed days, count) is that of `design.with_constant`, where there are some already.
    """

    def __init__(
        self, values: Floats, usual: Floats, filters: Whitener | None = None, basis: Floats | None = None
    ) -> None:
        self.is_observed: Bools = np.isfinite(values)
        self.n_days = int(self.is_observed.sum())
        self.filters = filters or grid_whitener(self.is_observed.tobytes())
        self._noise: Noise | None = None
        self._own: tuple[_Part, _Part] | None = None  # the usual columns and the series
        self._asked: list[tuple[Floats, _Part]] = []  # the columns of `draw`, and what the usual ones leave of them
        self._days = len(values)
        found = with_constant(usual[self.is_observed]) if basis is None else basis
        self._usual = np.zeros((len(values), found.shape[1]))
        self._usual[self.is_observed] = found
        self._standardised, self._scale = _standardised(values, self.is_observed)

    @property
    def noise(self) -> Noise:
        """What was drawn; raises RuntimeError before."""
        if self._noise is None:
            raise RuntimeError("the noise of a background is drawn before it is asked for")
        return self._noise

    @cached_property
    def _shared(self) -> "_Shared":
        if self._own is None:
            self._parts()
        usual, series = cast(tuple[_Part, _Part], self._own)
        factor = np.linalg.cholesky(usual.products(usual.columns))
        inverse = np.linalg.inv(factor)
        along = inverse @ usual.products(series.columns).transpose(0, 2, 1)
        return _Shared(
            usual=usual,
            inverse=inverse,
            log_determinant=2 * np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(axis=1),
            along=along,
            squares=series.products(series.columns)[:, 0] - (along**2).sum(axis=1),
        )

    def _parts(self, *several: Floats) -> list[_Part]:
        """Of sets of columns; and of the usual ones and the series on the way, where these were not asked yet."""
        own = [self._usual, self._standardised] if self._own is None else []
        each = [*own, *several]
        parts = list(map(_Part, each, self.filters.precision.times_each(each)))
        if own:
            self._own = parts[0], parts[1]
        return parts[len(own) :]

    def _part_of(self, columns: Floats) -> _Part:
        """Of what the usual columns leave of others."""
        for asked, part in self._asked:
            if np.array_equal(asked, columns):
                return part
        return self._parts(self._without_usual(columns))[0]

    def shape_weights(self, columns: Floats | None = None) -> Floats:
        """How likely each shape of `noise.shape_grid()` is the noise of the series about the usual and further columns.

        The columns are (days, count); those that the others explain are left out.
        """
        left = self._left_of(np.zeros((self._days, 0)) if columns is None else columns, wanted=0)
        found = self._factored(left)
        return self._posterior(*self._of_values(found), found, _Model(left.columns.shape[1], ())).weights[:, 0]

    def draw(
        self, columns: Floats, *, seed: int, simulations: int = SIMULATIONS, shared: SharedNoise | None = None,
        further: Sequence[Floats] = (),
    ) -> None:  # fmt: skip
        """Draws the noise that all later models are compared with: that of the model with these columns.

        `shared` is that of the same seed and count, where these are the first days of a longer record.
        What is asked about later is cheaper if it is told here as `further` sets of columns.
        """
        self._refuse_too_few(columns.shape[1])
        asked = [columns, *further]
        self._asked = list(zip(asked, self._parts(*map(self._without_usual, asked)), strict=True))
        weights = self.shape_weights(columns)
        if shared:
            self._noise = shared.of(weights, self.filters)
        else:
            self._noise = drawn(Deviates.of(seed, simulations, self._days), weights, self.filters)

    def of_like_series(self, values: Floats, usual: Floats, basis: Floats | None = None) -> "Background":
        """The background of another series measured on the same days, under the noise that was drawn for this one."""
        like = Background(values, usual, self.filters, basis)
        if not np.array_equal(like.is_observed, self.is_observed):
            raise ValueError("the other series was measured on other days")
        like._noise = self.noise
        return like

    @cached_property
    def _noise_along(self) -> Floats:
        """Projections of the noise on the usual columns: (shapes, columns, simulations)."""
        return np.asarray(self._shared.inverse @ self._shared.usual.along(self.noise.series))

    @cached_property
    def _noise_left(self) -> Floats:
        """Sums of squares of what the usual columns leave of the noise: (shapes, simulations)."""
        return np.asarray(self.noise.squares - (self._noise_along**2).sum(axis=1))

    def fit(self, columns: Floats, *, wanted: int = 1) -> list[Estimate]:
        """The first `wanted` of the columns' coefficients, in the unit of the series; draw the noise first.

        `columns` (days, count) has no missing value. Raises ValueError where there are too few days for the columns, or
        where a wanted column is a combination of the others.
        """
        left = self._left_of(columns, wanted=wanted)
        sizes = self._sizes(columns[:, :wanted])
        return self._fit(left, sizes, [_Model(left.columns.shape[1], tuple(range(wanted)))])

    def fit_beside(self, columns: Floats, further: Floats) -> tuple[Estimate, Estimate]:
        """The first coefficient as `fit` gives it, and that of a `further` column (days) in the model with both."""
        left, sizes, count = self._beside(columns, further)
        first, second = self._fit(left, sizes, [_Model(count, (0,)), _Model(count + 1, (count,))])
        return first, second

    def fit_further(self, columns: Floats, further: Floats) -> Estimate:
        """The second of both alone."""
        left, sizes, count = self._beside(columns, further)
        return self._fit(left, sizes, [_Model(count + 1, (count,))])[0]

    def _beside(self, columns: Floats, further: Floats) -> tuple[_Part, dict[int, float], int]:
        """The part of both, sizes of the wanted columns of both models, and which column the further one is."""
        left = self._left_of(columns, wanted=1)
        count = left.columns.shape[1]
        sizes = {0: self._sizes(columns)[0], count: self._sizes(further[:, None])[0]}
        return left.beside(self._part_of(further[:, None])), sizes, count

    def coefficient(self, columns: Floats) -> float:
        """The first coefficient as `fit` gives it, alone: that takes no noise. Raises ValueError as `fit` does."""
        left = self._left_of(columns, wanted=1)
        model = _Model(left.columns.shape[1], (0,))
        self._refuse(left, self._sizes(columns[:, :1]), [model])
        found = self._factored(left)
        return float(self._posterior(*self._of_values(found), found, model).mean[0, 0]) * self._scale

    def _left_of(self, columns: Floats, *, wanted: int) -> _Part:
        """What the usual columns leave of the wanted ones, then a basis of what they leave of the others."""
        part = self._part_of(columns)
        sizes = np.maximum(np.abs(columns).max(axis=0, initial=0.0), 1e-300)[wanted:]
        others = part.columns[self.is_observed, wanted:] / sizes
        _, spread, directions = np.linalg.svd(others, full_matrices=False)
        is_large = spread > 1e-9 * np.sqrt(max(self.n_days, 1))
        mixed = np.zeros((columns.shape[1], wanted + int(is_large.sum())))
        mixed[:wanted, :wanted] = np.eye(wanted)
        mixed[wanted:, wanted:] = directions[is_large].T / sizes[:, None] / spread[is_large]
        return part.by(mixed)

    def _without_usual(self, columns: Floats) -> Floats:
        """What the usual columns leave of others on the observed days, 0 on the rest."""
        seen = np.where(self.is_observed[:, None], columns, 0.0)
        return np.asarray(seen - self._usual @ (self._usual.T @ seen))

    def _sizes(self, columns: Floats) -> Floats:
        return np.asarray((columns[self.is_observed] ** 2).sum(axis=0))

    def _refuse_too_few(self, columns: int) -> None:
        count = self._usual.shape[1] + columns
        if self.n_days <= count + 2:
            raise ValueError(f"{self.n_days} days are too few for {count} columns")

    def _refuse(self, left: _Part, sizes: Floats | Mapping[int, float], models: Sequence[_Model]) -> None:
        self._refuse_too_few(left.columns.shape[1])
        for model in models:
            for column in model.wanted:
                _refuse_combination(left.columns[:, : model.count], column, sizes[column])

    def _fit(self, left: _Part, sizes: Floats | Mapping[int, float], models: Sequence[_Model]) -> list[Estimate]:
        """The wanted coefficients of the models, in order; `sizes` are the sums of squares of the wanted columns."""
        self._refuse(left, sizes, models)
        noise, found = self.noise, self._factored(left)
        told = self._of_values(found)
        along = left.along(noise.series) - found.across.transpose(0, 2, 1) @ self._noise_along
        simulated = self._noise_left, found.inverse @ along
        out = []
        for model in models:
            own = self._posterior(*told, found, model)
            null = self._posterior(*simulated, found, model)
            out += [
                _estimate(
                    float(own.mean[row, 0]) * self._scale,
                    float(own.deviation[row, 0]) * self._scale,
                    null.without_effect(row, noise.picks),
                    self.n_days,
                )
                for row in range(len(model.wanted))
            ]
        return out

    def _factored(self, left: _Part) -> _Columns:
        across = self._shared.inverse @ left.products(self._shared.usual.columns)
        factor = np.linalg.cholesky(left.products(left.columns) - across.transpose(0, 2, 1) @ across)
        log_diagonal = np.log(np.diagonal(factor, axis1=1, axis2=2))
        return _Columns(left, across, np.linalg.inv(factor), log_diagonal)

    def _of_values(self, found: _Columns) -> tuple[Floats, Floats]:
        """Of the series: its sum of squares (shapes, 1), its projections on the columns (shapes, columns, 1)."""
        own = found.part.products(self._standardised).transpose(0, 2, 1)
        return self._shared.squares, found.inverse @ (own - found.across.transpose(0, 2, 1) @ self._shared.along)

    def _posterior(self, squares: Floats, projected: Floats, found: _Columns, model: _Model) -> "_Posterior":
        inside = projected[:, : model.count]
        rows = found.inverse[:, : model.count, model.wanted].transpose(0, 2, 1)
        freedom = self.n_days - self._usual.shape[1] - model.count
        residual = np.maximum(squares - np.einsum("gpc,gpc->gc", inside, inside), 1e-12)
        log_determinants = self.filters.log_determinant + self._shared.log_determinant
        log_determinants = log_determinants + 2 * found.log_diagonal[:, : model.count].sum(axis=1)
        log_likelihood = (
            -0.5 * (freedom * np.log(residual) + log_determinants[:, None]) + self.filters.shapes.log_prior[:, None]
        )
        weights = np.exp(log_likelihood - log_likelihood.max(axis=0))
        weights /= weights.sum(axis=0)
        coefficient = rows @ inside
        mean = np.einsum("gc,gkc->kc", weights, coefficient)
        size = np.einsum("gkp,gkp->gk", rows, rows)
        spread = residual[:, None] / max(freedom - 2, 1) * size[:, :, None] + (coefficient - mean) ** 2
        deviation = np.sqrt(np.einsum("gc,gkc->kc", weights, spread))
        return _Posterior(mean, deviation, weights, coefficient, np.sqrt(size))


def fit(values: Floats, columns: Floats, *, seed: int, simulations: int = SIMULATIONS) -> Estimate:
    """The first of the columns' coefficients, in the unit of the values.

    `values` (days) has NaN on days that do not count; `columns` (days, count) has no missing value, a constant is
    added. The same values, columns and seed give the same result to the bit. Raises ValueError where there are too
    few days for the columns, or where the first column is a combination of the others.
    """
    background = Background(values, columns[:, 1:])
    background.draw(columns[:, :1], seed=seed, simulations=simulations)
    return background.fit(columns[:, :1])[0]


def fit_many(
    values: Floats, columns: Floats, *, wanted: int, seed: int, simulations: int = SIMULATIONS
) -> list[Estimate]:
    """The first `wanted` of the columns' coefficients of one model, each as `fit` gives it, at the price of one."""
    background = Background(values, columns[:, wanted:])
    background.draw(columns[:, :wanted], seed=seed, simulations=simulations)
    return background.fit(columns[:, :wanted], wanted=wanted)


def fit_beside(
    values: Floats, columns: Floats, further: Floats, *, seed: int, simulations: int = SIMULATIONS
) -> tuple[Estimate, Estimate]:
    """The first coefficient as `fit` gives it, and that of a `further` column (days) in the model with both.

    Both are compared with the same simulated series, drawn from the noise of the model without the further column.
    """
    background = Background(values, columns[:, 1:])
    background.draw(columns[:, :1], seed=seed, simulations=simulations)
    return background.fit_beside(columns[:, :1], further)


def shape_weights(values: Floats, columns: Floats) -> Floats:
    """How likely each shape of `noise.shape_grid()` is the noise of the values about the columns and a constant."""
    return Background(values, columns).shape_weights()


def _estimate(estimate: float, error: float, without_effect: _WithoutEffect, n_days: int) -> Estimate:
    """The estimate against the sizes that estimate / error has without any effect."""
    critical = without_effect.critical
    return Estimate(
        estimate=estimate,
        standard_error=error,
        ci_low=estimate - critical * error,
        ci_high=estimate + critical * error,
        p_value=max(without_effect.tail(abs(estimate / error)), LEAST_P),
        critical_value=critical,
        n_days=n_days,
    )


def _refuse_combination(left: Floats, column: int, size: float) -> None:
    """Raises ValueError where a column is one of the others; `size` is its own, before anything was left out."""
    unexplained, others = left[:, column], np.delete(left, column, axis=1)
    if others.shape[1]:
        unexplained = unexplained - others @ np.linalg.lstsq(others, unexplained, rcond=None)[0]
    if float(unexplained @ unexplained) < 1e-9 * max(size, 1e-300):
        raise ValueError("a wanted column is a combination of the others")


def _standardised(values: Floats, is_observed: Bools) -> tuple[Floats, float]:
    """The values about their mean in their deviation, 0 where missing: (days, 1); and the deviation."""
    if not is_observed.any():
        return np.zeros((len(values), 1)), 1.0
    scale = float(np.std(values[is_observed])) or 1.0
    return np.where(is_observed, (values - np.mean(values[is_observed])) / scale, 0.0)[:, None], scale
