"""The inverse covariance of noise on the observed days, by blocks of days, without ever making the whole matrix.

Whitening W of `noise.Whitener` goes through the days with two processes as its state. So the inverse covariance W'W is
one block for the days of each block, and what ties the blocks together goes through the two processes at their borders:

    own values + across' entering state + leaving' what follows

A product takes one pass over the blocks forwards and one backwards, at the price of whitening once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Precision:
    """The inverse covariance under each shape; rows and columns of days that are not observed are 0."""

    days: int
    own: Floats  # (blocks, shapes, days, days)
    across: Floats  # (blocks, shapes, 2, days): of a block's days with the processes at its start
    leaving: Floats  # (blocks, shapes, 2, days), of the whitener
    passing: Floats  # (blocks, shapes, 2, 2), of the whitener

    @classmethod
    def of(
        cls, days: int, inside: Floats, squared: Floats, entering: Floats, leaving: Floats, passing: Floats
    ) -> "Precision":
        """That of a whitener with these parts; `squared` (blocks, shapes, days, days) is inside' inside."""
        blocks, shapes = len(inside), inside.shape[1]
        to_leave, to_pass = leaving.transpose(0, 1, 3, 2), passing.transpose(0, 1, 3, 2)
        entered = entering.transpose(0, 1, 3, 2)
        energy = np.zeros((blocks + 1, shapes, 2, 2))  # of the processes at the start of a block, from then on
        energy[:-1] = entered @ entering
        for block in range(blocks - 2, -1, -1):
            energy[block] += to_pass[block] @ energy[block + 1] @ passing[block]
        later = energy[1:] @ leaving
        return cls(days, squared + to_leave @ later, entered @ inside + to_pass @ later, leaving, passing)

    def times(self, columns: Floats) -> Floats:
        """The product with columns (days, count): (days, shapes, count); of what is on days not observed 0 is taken."""
        blocks, shapes, _, size = self.across.shape
        count = columns.shape[1]
        padded = np.zeros((blocks * size, count))
        padded[: self.days] = columns
        values = padded.reshape(blocks, size, count)
        state = np.zeros((blocks, shapes, 4, count))  # entering each block, and what follows does to its end
        left = (self.leaving.reshape(blocks, shapes * 2, size) @ values).reshape(blocks, shapes, 2, count)
        for block in range(1, blocks):
            np.matmul(self.passing[block - 1], state[block - 1, :, :2], out=state[block, :, :2])
            state[block, :, :2] += left[block - 1]
        back = (self.across.reshape(blocks, shapes * 2, size) @ values).reshape(blocks, shapes, 2, count)
        to_pass = self.passing.transpose(0, 1, 3, 2)
        for block in range(blocks - 2, -1, -1):
            np.matmul(to_pass[block + 1], state[block + 1, :, 2:], out=state[block, :, 2:])
            state[block, :, 2:] += back[block + 1]
        out = (self.own.reshape(blocks, shapes * size, size) @ values).reshape(blocks, shapes, size, count)
        out += self._borders @ state
        return out.transpose(0, 2, 1, 3).reshape(blocks * size, shapes, count)[: self.days]

    def near(self, gaps: Sequence[int]) -> Floats:
        """The entries of each day with the days so much later, fewer than those of a block: (shapes, gaps, days)."""
        blocks, shapes, _, size = self.across.shape
        following = np.concatenate(
            [self.leaving[:-1].transpose(0, 1, 3, 2) @ self.across[1:], np.zeros_like(self.own[:1])]
        )
        both = np.concatenate([self.own, following], axis=3)
        day = np.arange(size)
        found = np.stack([both[:, :, day, day + gap] for gap in gaps], axis=1)  # (blocks, gaps, shapes, days)
        return found.transpose(2, 1, 0, 3).reshape(shapes, len(gaps), blocks * size)[:, :, : self.days]

    def of_steps(self) -> Floats:
        """The quadratic form of each step, which is 1 from a day on: (days, shapes)."""
        blocks, shapes, _, size = self.across.shape
        follows = np.zeros((blocks + 1, shapes, 2))  # what a step that lasts does to the processes at a border
        lasting = np.zeros((blocks + 1, shapes))  # the form of the step from the start of a block on
        steps = _from_each(_from_each(self.own).swapaxes(2, 3))[:, :, np.arange(size), np.arange(size)]
        left = _from_each(self.leaving)
        back = self.across.sum(axis=3)
        for block in range(blocks - 1, -1, -1):
            steps[block] += 2 * np.einsum("gp,gpn->gn", follows[block + 1], left[block]) + lasting[block + 1][:, None]
            lasting[block] = steps[block, :, 0]
            follows[block] = back[block] + np.einsum("gpq,gp->gq", self.passing[block], follows[block + 1])
        return steps.transpose(0, 2, 1).reshape(blocks * size, shapes)[: self.days]

    @property
    def _borders(self) -> Floats:
        """(blocks, shapes, days, 4)"""
        return np.concatenate([self.across, self.leaving], axis=2).transpose(0, 1, 3, 2)


def _from_each(parts: Floats) -> Floats:
    """Sums over the last axis from each place on."""
    return np.cumsum(parts[..., ::-1], axis=-1)[..., ::-1]
