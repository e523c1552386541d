"""How far an estimate must lie from 0 to be believed, when it is looked at after every massage.

z = estimate / standard error is asked at each look, and the more often one looks, the larger the largest z becomes by
chance. Without an effect the z of the looks go like B(k) / sqrt(k), B a Brownian motion and k the massages so far; a
boundary is the upper quantile of its maximum over k = 12 to 260 (five years of one massage a week). It holds one-sided,
for all looks together (Pocock 1977, Biometrika 64:191, with as many looks as massages).

The table was simulated with tests/calibration/boundaries.py, 4,000,000 maxima; it is good to 0.001 at 5% and 0.004 at
0.1%.
"""

from dataclasses import dataclass

import numpy as np

FIRST_LOOK, LAST_LOOK = 12, 260  # massages
SINGLE_LOOK = 1.96  # of one look at a two-sided 95% interval

TABLE = {
    0.05: 2.577,
    0.04: 2.671,
    0.025: 2.856,
    0.05 / 3: 3.004,
    0.0125: 3.105,
    0.01: 3.181,
    0.005: 3.406,
    0.01 / 3: 3.535,
    0.0025: 3.617,
    0.005 / 3: 3.726,
    0.001: 3.871,
}

FAMILY = 0.05  # one-sided, over all primaries and looks of a person
OF_MAIN = 0.04  # of it goes to the number that was named in advance


def boundary(level: float) -> float:
    """The z that noise alone reaches at any look with probability `level`; between two rows of the table by log level.

    Raises ValueError outside the table.
    """
    levels = sorted(TABLE)
    if not levels[0] <= level <= levels[-1]:
        raise ValueError(f"no boundary is tabled for a level of {level}")
    return float(np.interp(np.log(level), np.log(levels), [TABLE[one] for one in levels]))


@dataclass(frozen=True)
class Family:
    """The primaries of one person, and how the 5% are shared among them."""

    metrics: tuple[str, ...]
    main: str | None = None  # the number named in advance that decides; None where nobody named one

    def __post_init__(self) -> None:
        if self.main is not None and self.main not in self.metrics:
            raise ValueError(f"{self.main} is none of the primaries")

    def boundaries(self, metric: str) -> tuple[float, ...]:
        """The boundaries of one primary, the widest first.

        Of a family with a main number each has one. Else they are those of Holm: the first is asked always, the next
        once another primary has crossed, and so on.
        """
        if metric not in self.metrics:
            raise ValueError(f"{metric} is none of the primaries")
        if self.main is None:
            return tuple(boundary(FAMILY / left) for left in range(len(self.metrics), 0, -1))
        if len(self.metrics) == 1:
            return (boundary(FAMILY),)
        if metric == self.main:
            return (boundary(OF_MAIN),)
        return (boundary((FAMILY - OF_MAIN) / (len(self.metrics) - 1)),)
