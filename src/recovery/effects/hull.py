"""Two estimates of one effect told as one: the range that holds both, where nobody knows which of them is right.

Each has its own standard error and critical value. The range goes from the lowest to the highest end of both, at any
width; it lies on one side of 0 only where both do. The estimate is their mean, so that the mean over days of hulls is
the hull's of the mean.
"""

from collections.abc import Sequence
from dataclasses import replace

from recovery.effects.regression import Estimate
from recovery.vocabulary.metrics import Direction

SINGLE_LOOK = 1.96  # the boundary of one look at the 5% level


def hull(parts: Sequence[Estimate]) -> Estimate:
    """One estimate for all of them. Its own error times its critical value reaches at least both ends of the range."""
    if len(parts) == 1:
        return parts[0]
    mean = sum(part.estimate for part in parts) / len(parts)
    low, high = min(part.ci_low for part in parts), max(part.ci_high for part in parts)
    critical = max(part.critical_value for part in parts)
    is_one_way = all(part.estimate > 0 for part in parts) or all(part.estimate < 0 for part in parts)
    return replace(
        parts[0],
        estimate=mean,
        standard_error=max(mean - low, high - mean) / critical,
        ci_low=low,
        ci_high=high,
        p_value=max(part.p_value for part in parts) if is_one_way else 1.0,
        critical_value=critical,
        n_days=min(part.n_days for part in parts),
        parts=tuple(parts),
    )


def interval_at(found: Estimate, boundary: float) -> tuple[float, float]:
    """The range at a boundary for z (1.96 for a single look) instead of the estimate's own 95%."""
    halves = [(part, boundary / SINGLE_LOOK * part.critical_value * part.standard_error) for part in _parts(found)]
    return min(part.estimate - half for part, half in halves), max(part.estimate + half for part, half in halves)


def z_above(found: Estimate, value: float, better: Direction) -> float:
    """How far the effect lies on the better side of `value` (counted towards better), as a z of one look.

    Of a hull the smaller of its estimates'.
    """
    sign = 1.0 if better == "up" else -1.0
    return min(
        (sign * part.estimate - value) / part.standard_error * SINGLE_LOOK / part.critical_value
        for part in _parts(found)
    )


def z_below(found: Estimate, value: float, better: Direction) -> float:
    """How far the effect lies short of `value` (counted towards better), as a z of one look.

    Of a hull the smaller of its estimates'; it is not -z_above, which is the larger.
    """
    return z_above(found, -value, "down" if better == "up" else "up")


def _parts(found: Estimate) -> Sequence[Estimate]:
    return found.parts or (found,)
