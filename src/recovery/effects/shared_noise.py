"""Simulated noise of a record that is looked at again and again: a series is made and whitened once for many looks.

A look at the first days takes, for each number drawn, the series of a shape that is likely then; mostly the same as at
the look before. Neither the series nor what whitening makes of its first days changes with later days. So both are kept
by shape and series, the sums of squares at the ends of looks. They are made for twice the days that are asked about:
shapes that are likely after some months mostly are not after years. It pays where more than some looks are asked for;
a night with one new look, and the first ones of a record, draw their noise alone.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recovery.effects.noise import SERIES_AT_ONCE, Deviates, Noise, Whitener, drawn

Floats = NDArray[np.float64]
ALONE = 12  # draws, before anything is kept for others; what is drawn does not depend on it


class SharedNoise:
    """The noise of a seed at looks that end after so many days, ascending."""

    def __init__(self, seed: int, simulations: int, ends: Sequence[int]) -> None:
        self._ends = np.array(ends)
        self._deviates = Deviates.of(seed, simulations, ends[-1])
        self._drawn = 0
        self._kept: dict[int, _Kept] = {}  # by the blocks of a pattern of days

    def of(self, weights: Floats, filters: Whitener) -> Noise:
        """Noise of shapes as likely as they weigh, as `noise.drawn` gives it.

        `filters` are those of the first days of the record up to the end of one of the looks.
        """
        self._drawn += 1
        if self._drawn <= ALONE:
            return drawn(self._deviates, weights, filters)
        known = self._kept.get(id(filters.blocks)) or _Kept(self._deviates, self._ends, filters)
        self._kept[id(filters.blocks)] = known
        return known.at(len(filters.is_observed), self._deviates.picks(weights))


class _Kept:
    """What is known under one pattern of days, by shape and series."""

    def __init__(self, deviates: Deviates, ends: NDArray[np.int64], filters: Whitener) -> None:
        shapes, series = len(filters.shapes), len(deviates.chances)
        self._deviates, self._ends, self._shapes, self._blocks = deviates, ends, filters.shapes, filters.blocks
        self._reached = np.zeros((shapes, series), dtype=np.intp)  # how many of the ends
        # Memory is taken where something is written, for a tenth of all.
        self._series = np.empty((shapes, series, ends[-1]), np.float32)
        self._squares = np.empty((shapes, series, len(ends), shapes))

    def at(self, days: int, picks: NDArray[np.intp]) -> Noise:
        end, each = int(np.searchsorted(self._ends, days)), np.arange(len(picks))
        new = each[self._reached[picks, each] <= end]
        reach = max(end + 1, int(np.searchsorted(self._ends, 2 * days, side="right")))
        for first in range(0, len(new), SERIES_AT_ONCE):
            some = new[first : first + SERIES_AT_ONCE]
            self._make(picks[some], np.repeat(some, 2) if len(some) == 1 else some, self._ends[:reach])
        series = np.ascontiguousarray(self._series[picks, each, :days].T)
        return Noise(picks, series, np.ascontiguousarray(self._squares[picks, each, end].T))

    def _make(self, picks: NDArray[np.intp], series: NDArray[np.intp], ends: NDArray[np.int64]) -> None:
        """Some series of the picked shapes; two at least, for the products with one column are rounded otherwise."""
        picks = np.broadcast_to(picks, series.shape)
        made = self._deviates.noise(self._shapes, picks, int(ends[-1]), series)
        self._series[picks, series, : len(made)] = made.T
        self._squares[picks, series, : len(ends)] = self._blocks.squares_until(made, ends).transpose(2, 0, 1)
        self._reached[picks, series] = len(ends)
