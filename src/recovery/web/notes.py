"""What a browser wrote last: its receipt on the page, and what takes it back. Kept in memory, for a while."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from recovery.actions.log_notes import Undo

KEPT = 200  # sessions
SHOWN_S = 600.0


class Receipt(NamedTuple):
    """What is said of the last thing that was written or sent for a person."""

    person: str
    sentences: tuple[str, ...]
    undo: Undo | None = None


class Receipts:
    """The last receipt of each key."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.kept: OrderedDict[str, tuple[float, Receipt]] = OrderedDict()

    def put(self, key_id: str, receipt: Receipt) -> None:
        """Keeps a receipt in the place of the former one."""
        self.kept.pop(key_id, None)
        self.kept[key_id] = (self.clock(), receipt)
        while len(self.kept) > KEPT:
            self.kept.popitem(last=False)

    def of(self, key_id: str, person: str) -> Receipt | None:
        """The last receipt of a key, where it is of that person and still fresh."""
        since, receipt = self.kept.get(key_id, (0.0, None))
        if receipt and self.clock() - since > SHOWN_S:
            del self.kept[key_id]
            return None
        return receipt if receipt and receipt.person == person else None
