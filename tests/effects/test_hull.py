"""Two estimates told as one."""

import pytest

from recovery.effects.hull import hull, interval_at, z_above, z_below
from recovery.effects.regression import Estimate


def estimate(size: float, error: float, critical: float = 2.0, p_value: float = 0.04) -> Estimate:
    return Estimate(size, error, size - critical * error, size + critical * error, p_value, critical, 300)


NEAR, FAR = estimate(-0.5, 0.1, 2.0, 0.001), estimate(-1.1, 0.3, 2.4, 0.02)


@pytest.mark.parametrize(
    ("parts", "low", "high", "p_value"),
    [
        ((NEAR,), -0.7, -0.3, 0.001),
        ((NEAR, FAR), -1.82, -0.3, 0.02),  # one end of each
        ((NEAR, estimate(-0.5, 0.4, 2.0, 0.2)), -1.3, 0.3, 0.2),  # the wider one alone
        ((NEAR, estimate(0.5, 0.1, 2.0, 0.001)), -0.7, 0.7, 1.0),  # each sure of another side: nothing is known
    ],
)
def test_the_hull_reaches_from_the_lowest_to_the_highest_end(
    parts: tuple[Estimate, ...], low: float, high: float, p_value: float
) -> None:
    told = hull(parts)

    assert (told.ci_low, told.ci_high, told.p_value) == pytest.approx((low, high, p_value))
    assert told.estimate == pytest.approx(sum(part.estimate for part in parts) / len(parts))


def test_at_a_boundary_each_keeps_its_own_error_and_critical_value() -> None:
    low, high = interval_at(hull((NEAR, FAR)), 2.94)  # half as wide again

    assert (low, high) == pytest.approx((-1.1 - 1.5 * 0.72, -1.1 + 1.5 * 0.72))


def test_z_is_the_smaller_one() -> None:
    both = hull((NEAR, FAR))

    assert z_above(both, 0, "down") == pytest.approx(1.1 / 0.3 * 1.96 / 2.4)
    assert z_above(both, 0, "up") == pytest.approx(-0.5 / 0.1 * 1.96 / 2.0)
    assert z_above(both, 0.8, "down") == pytest.approx(-0.3 / 0.1 * 1.96 / 2.0)
    assert z_above(NEAR, 0, "down") == pytest.approx(0.5 / 0.1 * 1.96 / 2.0)


def test_a_hull_lies_short_of_a_value_by_the_smaller_z_of_its_estimates() -> None:
    both = hull([NEAR, FAR])  # 0.5 and 1.1 down

    assert z_below(both, 2.0, "down") == pytest.approx(0.9 / 0.3 * 1.96 / 2.4)
    assert z_below(both, 2.0, "down") < -z_above(both, 2.0, "down")


@pytest.mark.parametrize("boundary", [1.96, 2.67, 3.53])
@pytest.mark.parametrize("second", [FAR, estimate(0.4, 0.2), estimate(-0.45, 0.02)])
def test_its_own_error_is_never_narrower_than_the_hull(boundary: float, second: Estimate) -> None:
    both = hull((NEAR, second))
    half = boundary / 1.96 * both.critical_value * both.standard_error

    low, high = interval_at(both, boundary)

    assert both.estimate - half <= low + 1e-12
    assert both.estimate + half >= high - 1e-12
