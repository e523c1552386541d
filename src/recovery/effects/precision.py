"""The inverse covariance of noise on the observed days, by blocks of days, without ever making the whole matrix.

Whitening W of `noise.Whitener` goes through the days with two processes as its state. So the inverse covariance W'W is
one block for the days of each block, and what ties the blocks together goes through the two processes at their borders:
forwards as the state, and backwards as what a change of the state would change later.

    own values + across' state at the start + leaving' change by the state at the end

A product takes one pass over the blocks forwards and one backwards, at the price of whitening once. All but the last
block of the days is as `blocks.Blocks` has it once for a whole record; the last one, of which some days may be none of
ours, is whitened and weighted back.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recovery.effects.blocks import AT_ONCE, BLOCK, Blocks

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Precision:
    """The inverse covariance of the first days of the blocks under each shape; 0 for days that are not observed."""

    days: int
    blocks: Blocks

    def times(self, columns: Floats) -> Floats:
        """The product with columns (days, count): (days, shapes, count); of what is on days not observed 0 is taken."""
        return self.times_each([columns])[0]

    def times_each(self, several: Sequence[Floats]) -> list[Floats]:
        """The same of several sets of columns, in one pass over the days."""
        parts, last, count = self.blocks, self._last, sum(columns.shape[1] for columns in several)
        shapes = parts.inside.shape[1]
        padded = np.zeros(((last + 1) * BLOCK, count))
        np.concatenate(several, axis=1, out=padded[: self.days])
        values = padded.reshape(last + 1, BLOCK, count)
        border = np.zeros((last + 1, shapes, 4, count))  # the state at the start, the change by that at the end
        left = (parts.leaving[:last].reshape(last, shapes * 2, BLOCK) @ values[:-1]).reshape(last, shapes, 2, count)
        for block in range(last):
            np.matmul(parts.passing[block], border[block, :, :2], out=border[block + 1, :, :2])
            border[block + 1, :, :2] += left[block]
        entering = parts.entering[last]
        white = parts.inside[last] @ values[last] + entering @ border[last, :, :2]
        white[:, self._days_of_last :] = 0.0
        if last:
            back = (parts.crossed[:last].reshape(last, shapes * 2, BLOCK) @ values[:-1]).reshape(left.shape)
            back += parts.entered[:last] @ border[:-1, :, :2]
            to_pass = parts.passing.transpose(0, 1, 3, 2)
            np.matmul(entering.transpose(0, 2, 1), white, out=border[last - 1, :, 2:])
            for block in range(last - 1, 0, -1):
                np.matmul(to_pass[block], border[block, :, 2:], out=border[block - 1, :, 2:])
                border[block - 1, :, 2:] += back[block]

        ends = np.cumsum([columns.shape[1] for columns in several])
        out = [np.empty(((last + 1) * BLOCK, shapes, columns.shape[1])) for columns in several]
        of_blocks = [one.reshape(last + 1, BLOCK, shapes, one.shape[2]).transpose(0, 2, 1, 3) for one in out]
        for first in range(0, last + 1, AT_ONCE):
            some = slice(first, min(first + AT_ONCE, last))
            own = parts.borders[some] @ border[some]
            own += (parts.squared[some].reshape(-1, shapes * BLOCK, BLOCK) @ values[some]).reshape(own.shape)
            if first + AT_ONCE > last:
                own = np.concatenate([own, (parts.inside[last].transpose(0, 2, 1) @ white)[None]])
            for of_block, end in zip(of_blocks, ends, strict=True):
                of_block[first : first + AT_ONCE] = own[..., end - of_block.shape[3] : end]
        return [one[: self.days] for one in out]

    def near(self, gaps: Sequence[int]) -> Floats:
        """The entries of each day with the days so much later, fewer than those of a block: (shapes, gaps, days)."""
        parts, last, ours = self.blocks, self._last, self._days_of_last
        inside, leaving, later = parts.inside[last, :, :ours], parts.leaving[: last + 1], self._energy[1:]
        weighted = later @ leaving  # (blocks, shapes, 2, days)
        across = parts.passing[: last + 1].transpose(0, 1, 3, 2) @ weighted
        across[:-1] += parts.crossed[:last]
        across[-1] += parts.entering[last, :, :ours].transpose(0, 2, 1) @ inside
        found = np.zeros((len(gaps), last + 1, leaving.shape[1], BLOCK))
        for own, gap in zip(found, gaps, strict=True):
            within = BLOCK - gap  # days whose other day lies in the same block
            own[..., :within] = (leaving[..., :within] * weighted[..., gap:]).sum(axis=2)
            own[:-1, :, :within] += np.diagonal(parts.squared[:last], gap, 2, 3)
            own[-1, :, :within] += (inside[..., :within] * inside[..., gap:]).sum(axis=1)
            own[:-1, :, within:] = (leaving[:-1, :, :, within:] * across[1:, :, :, :gap]).sum(axis=2)
        return found.transpose(2, 0, 1, 3).reshape(-1, len(gaps), (last + 1) * BLOCK)[:, :, : self.days]

    def of_steps(self) -> Floats:
        """The quadratic form of each step, which is 1 from a day on: (days, shapes)."""
        parts, last, ours = self.blocks, self._last, self._days_of_last
        energy, shapes = self._energy, parts.inside.shape[1]
        steps = parts.steps
        # Of the step that is 1 throughout: what follows from the start of a block on, and how the state changes it.
        through = np.zeros((last + 2, shapes))
        changed = np.zeros((last + 2, shapes, 2))
        inside, entering = parts.inside[last, :, :ours, :ours], parts.entering[last, :, :ours]
        since = np.cumsum(inside[..., ::-1], axis=2)[..., ::-1]
        squares = np.zeros((shapes, BLOCK))
        squares[:, :ours] = (since**2).sum(axis=1)
        through[last] = squares[:, 0]
        changed[last] = (since[:, :, :1] * entering).sum(axis=1)
        own = np.concatenate([steps.squares[:last], squares[None]])
        leaving = steps.leaving[: last + 1]
        weighted = energy[1:] @ leaving  # (blocks, shapes, 2, days)
        own += (leaving * weighted).sum(axis=2)
        whole = parts.crossed[:last].sum(axis=3) + np.einsum(
            "bgpq,bgp->bgq", parts.passing[:last], weighted[:last, :, :, 0]
        )
        to_pass = parts.passing.transpose(0, 1, 3, 2)
        for block in range(last - 1, -1, -1):
            changed[block] = whole[block] + (to_pass[block] @ changed[block + 1, :, :, None])[:, :, 0]
            after = 2 * (leaving[block, :, :, 0] * changed[block + 1]).sum(axis=1) + through[block + 1]
            through[block] = own[block, :, 0] + after
        own += 2 * np.einsum("bgp,bgpn->bgn", changed[1:], leaving) + through[1:, :, None]
        return own.transpose(0, 2, 1).reshape(-1, shapes)[: self.days]

    @property
    def _last(self) -> int:
        """The place of the last block."""
        return (self.days - 1) // BLOCK

    @property
    def _days_of_last(self) -> int:
        """How many days of the last block are ours."""
        return self.days - BLOCK * self._last

    @property
    def _energy(self) -> Floats:
        """The quadratic form of the state at the start of each block, from then on: (blocks + 1, shapes, 2, 2)."""
        parts, last = self.blocks, self._last
        energy = np.zeros((last + 2, *parts.passing.shape[1:]))
        entering = parts.entering[last, :, : self._days_of_last]
        energy[last] = entering.transpose(0, 2, 1) @ entering
        to_pass = parts.passing.transpose(0, 1, 3, 2)
        for block in range(last - 1, -1, -1):
            energy[block] = parts.entered[block] + to_pass[block] @ energy[block + 1] @ parts.passing[block]
        return energy
