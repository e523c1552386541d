"""The filter of noise by blocks of days, for the whole of a record; its first days are looked at again and again.

The two processes of `noise` at the start of a block and its values make its whitened values, and the processes at the
start of the next:

    white = inside values + entering state,    next state = leaving values + passing state

Nothing of a day depends on later days, so what is made once of these parts serves every look at the record.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

FloatT = TypeVar("FloatT", np.float32, np.float64)
Floats = NDArray[np.float64]

BLOCK = 16  # days that are filtered at once; the result does not depend on it
AT_ONCE = 4  # blocks that are made at once, to stay in the memory near the processor; nor on this


@dataclass(frozen=True)
class Blocks:
    """The parts of the filter under each shape of noise; rows and columns of days that are not observed are 0."""

    inside: Floats  # (blocks, shapes, days, days)
    squared: Floats  # (blocks, shapes, days, days), inside' inside
    entering: Floats  # (blocks, shapes, days, 2)
    leaving: Floats  # (blocks, shapes, 2, days)
    passing: Floats  # (blocks, shapes, 2, 2)

    @classmethod
    def of(cls, gains: Floats, weights: Floats, decay: Floats) -> "Blocks":
        """The filter, run on each value of a block alone and on each of the two processes alone.

        `gains` (days, 2, shapes) say by how much a day moves the processes and `weights` (days, shapes) are one over
        its deviation given the days before, both 0 on days not observed; `decay` (2, shapes) is that of the processes.
        """
        shapes, blocks = weights.shape[1], -(-len(weights) // BLOCK)
        padded = np.zeros((blocks * BLOCK, 3, shapes))
        padded[: len(gains), :2], padded[: len(gains), 2] = gains, weights
        of_day = np.ascontiguousarray(padded.reshape(blocks, BLOCK, 3, shapes).transpose(1, 2, 0, 3))

        # What is run lies first, so that each step is over long rows, and over those alone that are not yet all 0.
        state = np.zeros((2, 2 + BLOCK, blocks, shapes))
        state[0, 0], state[1, 1] = 1.0, 1.0
        out = np.zeros((BLOCK, 2 + BLOCK, blocks, shapes))
        for day in range(BLOCK):
            begun = state[:, : 3 + day]
            innovation = np.add(begun[0], begun[1], out=out[day, : 3 + day])
            np.negative(innovation, out=innovation)
            innovation[-1] += 1.0
            begun += of_day[day, :2, None] * innovation
            begun *= decay[:, None, None]
            innovation *= of_day[day, 2]
        white, ends = out.transpose(2, 3, 0, 1), state.transpose(2, 3, 0, 1)
        parts = (white[..., 2:], white[..., :2], ends[..., 2:], ends[..., :2])
        inside, *others = (np.ascontiguousarray(part) for part in parts)
        return cls(inside, inside.transpose(0, 1, 3, 2) @ inside, *others)

    def of_shapes(self, only: slice | NDArray[np.intp]) -> "Blocks":
        """Those of some of the shapes, by their places."""
        parts = self.inside, self.squared, self.entering, self.leaving, self.passing
        return Blocks(*(part[:, only] for part in parts))

    @cached_property
    def crossed(self) -> Floats:
        """entering' inside: (blocks, shapes, 2, days)."""
        return np.asarray(self.entering.transpose(0, 1, 3, 2) @ self.inside)

    @cached_property
    def entered(self) -> Floats:
        """entering' entering: (blocks, shapes, 2, 2)."""
        return np.asarray(self.entering.transpose(0, 1, 3, 2) @ self.entering)

    @cached_property
    def borders(self) -> Floats:
        """What the state at the start, and the change by that at the end, do to days: (blocks, shapes, days, 4)."""
        return np.concatenate([self.crossed, self.leaving], axis=2).transpose(0, 1, 3, 2)

    @cached_property
    def steps(self) -> "Steps":
        """What the filter makes of steps."""
        own = np.cumsum(self.inside[..., ::-1], axis=3)[..., ::-1]
        return Steps((own**2).sum(axis=2), np.cumsum(self.leaving[..., ::-1], axis=3)[..., ::-1])

    @cached_property
    def single(self) -> tuple[NDArray[np.float32], ...]:
        """Inside, entering, leaving and passing in single precision."""
        return tuple(part.astype(np.float32) for part in (self.inside, self.entering, self.leaving, self.passing))

    def white(self, columns: NDArray[FloatT]) -> Iterator[NDArray[FloatT]]:
        """The whitened columns of some blocks after the other: (blocks, shapes, days of a block, count).

        Columns are (days, count), 0 on days not observed; so is what the last block has beyond the last day. In the
        precision of the columns.
        """
        days, count = columns.shape
        blocks, precision = -(-days // BLOCK), columns.dtype
        padded = np.zeros((blocks * BLOCK, count), precision)
        padded[:days] = columns
        values = padded.reshape(blocks, BLOCK, count)
        whole = self.single if precision == np.float32 else (self.inside, self.entering, self.leaving, self.passing)
        inside, entering, leaving, passing = (part.astype(precision, copy=False) for part in whole)
        shapes = inside.shape[1]
        left = (leaving[:blocks].reshape(blocks, shapes * 2, BLOCK) @ values).reshape(blocks, shapes, 2, count)
        state = np.zeros((blocks, shapes, 2, count), precision)  # at the start of each block
        for block in range(1, blocks):
            np.matmul(passing[block - 1], state[block - 1], out=state[block])
            state[block] += left[block - 1]
        for first in range(0, blocks, AT_ONCE):
            some = slice(first, min(first + AT_ONCE, blocks))
            white = (inside[some].reshape(-1, shapes * BLOCK, BLOCK) @ values[some]).reshape(-1, shapes, BLOCK, count)
            white += entering[some] @ state[some]
            if some.stop == blocks:
                white[-1, :, days - BLOCK * (blocks - 1) :] = 0.0
            yield white

    def squares(self, columns: NDArray[FloatT]) -> Floats:
        """Sums of squares of the whitened columns: (shapes, count)."""
        of_blocks = [np.einsum("bgnc,bgnc->bgc", white, white) for white in self.white(columns)]
        return np.asarray(np.concatenate(of_blocks).sum(axis=0, dtype=np.float64))

    def squares_until(self, columns: NDArray[FloatT], ends: NDArray[np.int64]) -> Floats:
        """The same of the first days up to each of the ends alone, to the bit: (ends, shapes, count)."""
        block, day = np.divmod(ends - 1, BLOCK)
        found, whole, first = np.empty((len(ends), self.inside.shape[1], columns.shape[1])), [], 0
        for white in self.white(columns):
            white *= white
            for later in range(1, BLOCK):  # many times as fast as `cumsum` along an axis inside
                white[:, :, later] += white[:, :, later - 1]
            here = (block >= first) & (block < first + len(white))
            found[here] = white[block[here] - first, :, day[here]]
            whole.append(white[:, :, -1].copy())
            first += len(white)
        before = np.cumsum(np.concatenate(whole), axis=0, dtype=np.float64)
        found[block > 0] += before[block[block > 0] - 1]
        return found


@dataclass(frozen=True)
class Steps:
    """Of the step from each day of a block on, as far as the end of the block."""

    squares: Floats  # sum of its squares, whitened: (blocks, shapes, days)
    leaving: Floats  # what it makes of the processes at the end: (blocks, shapes, 2, days)
