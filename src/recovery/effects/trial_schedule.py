"""The schedule of a trial: pairs of weeks, in each a coin decides which holds the massage; and what became of it."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta

from recovery.vocabulary.windows import DAYS_AFTER
from recovery.words import checks

LOOK_PAIRS = (10, 15, 20)  # after which a trial that goes on is looked at


@dataclass(frozen=True)
class Schedule:
    """A drawn trial: weeks begin on `start`, which is also the date of the first hour set for a massage."""

    start: date
    weeks_per_block: int
    massage_first: tuple[bool, ...]  # of each pair of blocks: whether the first one holds the massages
    has_looks: bool = True  # False where the plan said that there is no answer before the end

    @property
    def pairs(self) -> int:
        return len(self.massage_first)

    @property
    def weeks(self) -> int:
        return 2 * self.pairs * self.weeks_per_block

    @property
    def is_massage_week(self) -> tuple[bool, ...]:
        """Of each week, in their order."""
        return tuple(
            is_massage
            for first in self.massage_first
            for is_massage in (first, not first)
            for _ in range(self.weeks_per_block)
        )

    @property
    def slots(self) -> tuple[date, ...]:
        """The date in each week on which the massage is, or would be."""
        return tuple(self.start + timedelta(weeks=week) for week in range(self.weeks))

    @property
    def last_date(self) -> date:
        """The last date of the last week."""
        return self.start + timedelta(weeks=self.weeks, days=-1)

    @property
    def looks(self) -> tuple[int, ...]:
        """After how many pairs the trial is looked at, the last time after all of them."""
        early = [pairs for pairs in LOOK_PAIRS if pairs < self.pairs and self.has_looks]
        return (*early, self.pairs)

    def is_over(self, last_recorded: date, pairs: int | None = None) -> bool:
        """Whether the days after the last hour, of the trial or of so many pairs, are all recorded whole.

        That is where the last recorded date lies behind them.
        """
        weeks = 2 * (pairs or self.pairs) * self.weeks_per_block
        return last_recorded > self.slots[weeks - 1] + timedelta(days=max(DAYS_AFTER))

    def until(self, pairs: int) -> "Schedule":
        """The trial as if it ended after so many pairs."""
        return replace(self, massage_first=self.massage_first[:pairs])


def coins(seed: int, pairs: int) -> tuple[bool, ...]:
    """Whether the first block of each pair holds the massages: the same for ever for the same seed.

    Coin i, from 1, is heads where the first byte of the SHA-256 of the ASCII text 'seed/i' is even. Coins of a shorter
    trial are the beginning of those of a longer one.
    """
    return tuple(hashlib.sha256(f"{seed}/{pair}".encode()).digest()[0] % 2 == 0 for pair in range(1, pairs + 1))


@dataclass(frozen=True)
class Adherence:
    """What became of the schedule; a massage nobody logged counts as none."""

    scheduled: int
    attended: int  # on the date set
    moved: int  # on another date of a week drawn for one
    in_control_weeks: int  # massages in weeks without

    @property
    def kept_share(self) -> float:
        """How much more massage the weeks drawn for one had, on the date set; 1 where all was kept to, 0 at least.

        The contrast is that of the massage times this: what was not kept to hides an effect.
        """
        return max(0.0, (self.attended - self.in_control_weeks) / self.scheduled) if self.scheduled else 0.0

    @property
    def sentence(self) -> str:
        return checks.kept_to(self.scheduled, self.attended, self.moved, self.in_control_weeks)


def adherence(schedule: Schedule, attended: Collection[date]) -> Adherence:
    """How the massages that took place lie in the weeks as drawn."""
    on_date = moved = in_control = 0
    for slot, is_massage in zip(schedule.slots, schedule.is_massage_week, strict=True):
        massages = [day for day in attended if slot <= day < slot + timedelta(weeks=1)]
        if not is_massage:
            in_control += len(massages)
        elif slot in massages:
            on_date += 1
        else:
            moved += bool(massages)
    return Adherence(sum(schedule.is_massage_week), on_date, moved, in_control)
