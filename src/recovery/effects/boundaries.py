"""How far an estimate must lie from 0 to be believed, when it is looked at after every massage.

z = estimate / standard error is asked at each look, and the more often one looks, the larger the largest z becomes by
chance. Without an effect the z of the looks go like B(k) / sqrt(k), B a Brownian motion and k the massages so far, for
k = 12 to 260 (five years of one massage a week). Two kinds of boundaries hold one-sided for all these looks together.

That of an exclusion is the same at each look: an upper quantile of the maximum of B(k) / sqrt(k) (Pocock 1977,
Biometrika 64:191, with as many looks as massages).

That of a finding lies nearest at the 40th massage, about a year of weekly massages, and the farther the more or the
fewer there are, by `beyond`. The error that may be made is spent where it tells something (Lan and DeMets 1983,
Biometrika 70:659): with fewer massages a change worth having is rarely seen at any boundary, with many more it is seen
also beyond a farther one.

The tables were simulated with tests/calibration/boundaries.py, 4,000,000 maxima; they are good to 0.001 at 5% and 0.004
at 0.1%. That checks must pass beside is not counted on: it makes findings by chance rarer still.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

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

NEAREST = {  # of a finding at the 40th massage
    0.05: 2.246,
    0.045: 2.291,
    0.04: 2.341,
    0.025: 2.530,
    0.05 / 3: 2.682,
    0.0125: 2.786,
    0.01: 2.863,
    0.005: 3.091,
    0.0025: 3.302,
    0.005 / 3: 3.421,
    0.00125: 3.503,
    0.001: 3.565,
    0.0005: 3.756,
}

NEAREST_AT = 40  # massages
BEFORE, AFTER = 0.4, 0.6  # for each e-fold fewer or more massages
AT_MOST = 0.6  # reached with 109 massages

FAMILY = 0.05  # one-sided, over all primaries and looks of a person
OF_MAIN = 0.045  # of it goes to the number that was named in advance


def boundary(level: float) -> float:
    """The z that noise alone reaches at any look with probability `level`; between two rows of the table by log level.

    Raises ValueError outside the table.
    """
    return _tabled(TABLE, level)


def finding_boundary(level: float, massages: int) -> float:
    """The z at a look with so many massages of the boundary that noise alone crosses somewhere with this probability.

    Raises ValueError outside the table.
    """
    return float(finding_boundaries(level, np.array(massages)))


def finding_boundaries(level: float, massages: Integers) -> Floats:
    """The same of looks with each of these numbers of massages."""
    return _tabled(NEAREST, level) + beyond(massages)


def beyond(massages: Integers) -> Floats:
    """How much farther than at the 40th massage the boundary of a finding lies; before the first look as at it."""
    folds = np.log(np.maximum(massages, FIRST_LOOK) / NEAREST_AT)
    return np.where(folds < 0, -BEFORE * folds, np.minimum(AFTER * folds, AT_MOST))


def _tabled(table: Mapping[float, float], level: float) -> float:
    levels = sorted(table)
    if not levels[0] <= level <= levels[-1]:
        raise ValueError(f"no boundary is tabled for a level of {level}")
    return float(np.interp(np.log(level), np.log(levels), [table[one] for one in levels]))


@dataclass(frozen=True)
class Family:
    """The primaries of one person, and how the 5% are shared among them."""

    metrics: tuple[str, ...]
    main: str | None = None  # the number named in advance that decides; None where nobody named one

    def __post_init__(self) -> None:
        if self.main is not None and self.main not in self.metrics:
            raise ValueError(f"{self.main} is none of the primaries")

    def level(self, metric: str, found: Collection[str] = ()) -> float:
        """The part of the error that one primary may spend on a finding, where others were ever `found`.

        With a main number each has its own part; once that one was found its part goes to the others (the fallback
        procedure: Wiens 2003, Pharmaceutical Statistics 2:211). Else they are those of Holm: the part of each grows
        with each other one that was found.
        """
        self._asked_of(metric)
        others = (set(found) & set(self.metrics)) - {metric}
        if self.main is None or len(self.metrics) == 1:
            return FAMILY / (len(self.metrics) - len(others))
        if metric == self.main:
            return OF_MAIN
        return (FAMILY if self.main in others else FAMILY - OF_MAIN) / (len(self.metrics) - 1)

    def exclusion_boundary(self, metric: str) -> float:
        """The boundary at which a change worth having is ruled out: a family of its own, where no number goes first."""
        self._asked_of(metric)
        return boundary(FAMILY / len(self.metrics))

    def _asked_of(self, metric: str) -> None:
        if metric not in self.metrics:
            raise ValueError(f"{metric} is none of the primaries")
