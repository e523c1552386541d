"""Limits on how often somebody may ask: waiting times after wrong keys, and rates. Their memory does not grow."""

import time
from collections import OrderedDict
from collections.abc import Callable

Clock = Callable[[], float]

FREE_TRIES = 5  # a person mistypes, an app keeps an old key
LONGEST_WAIT_S = 60.0
FORGIVEN_S = 900.0  # after so long without a wrong key all is forgotten
MOST_KNOWN = 2_000  # addresses and keys that are remembered; the oldest go


class Failures:
    """Wrong keys, counted by address and by key; each one past the free tries doubles the wait."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self.clock = clock
        self.counts: OrderedDict[str, tuple[int, float]] = OrderedDict()  # who -> how many, when the last

    def note(self, *who: str) -> None:
        """Counts a wrong key for an address, and for the key itself."""
        for one in who:
            count, last = self.counts.pop(one, (0, 0.0))
            now = self.clock()
            self.counts[one] = (1 if now - last > FORGIVEN_S else count + 1, now)
        while len(self.counts) > MOST_KNOWN:
            self.counts.popitem(last=False)

    def wait_s(self, *who: str) -> float:
        """Seconds until one of these may try again; 0.0 where they may now."""
        return max((self._wait_s(one) for one in who), default=0.0)

    def _wait_s(self, one: str) -> float:
        count, last = self.counts.get(one, (0, 0.0))
        if count < FREE_TRIES:
            return 0.0
        wait = min(LONGEST_WAIT_S, 2.0 ** (count - FREE_TRIES))
        return max(0.0, last + wait - self.clock())


class Rate:
    """So many requests a second on average, and some at once; each key has its own."""

    def __init__(self, per_s: float, at_once: float, clock: Clock = time.monotonic) -> None:
        self.per_s, self.at_once, self.clock = per_s, at_once, clock
        self.left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # who -> how many are left, as of when

    def takes(self, who: str) -> bool:
        """Whether one more is within the rate; counts it then."""
        now = self.clock()
        left, since = self.left.pop(who, (self.at_once, now))
        left = min(self.at_once, left + (now - since) * self.per_s)
        self.left[who] = (left - 1 if left >= 1 else left, now)
        while len(self.left) > MOST_KNOWN:
            self.left.popitem(last=False)
        return left >= 1


class Quota:
    """Bytes and files that a key may send in a day; by the clock of UTC, counted anew after a restart."""

    def __init__(self, most_bytes: int, most_files: int, today: Callable[[], str]) -> None:
        self.most_bytes, self.most_files, self.today = most_bytes, most_files, today
        self.day = ""
        self.taken: dict[str, tuple[int, int]] = {}  # key -> bytes, files

    def has_room(self, key_id: str, size: int = 0) -> bool:
        """Whether one more file of that size may come."""
        self._turn()
        size_taken, files = self.taken.get(key_id, (0, 0))
        return size_taken + size <= self.most_bytes and files < self.most_files

    def take(self, key_id: str, size: int, files: int = 0) -> None:
        """Counts what came."""
        self._turn()
        size_taken, count = self.taken.get(key_id, (0, 0))
        self.taken[key_id] = (size_taken + size, count + files)

    def _turn(self) -> None:
        today = self.today()
        if today != self.day:
            self.day, self.taken = today, {}
