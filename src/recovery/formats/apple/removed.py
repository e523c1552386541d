"""Apple's samples that are left out, summed for the ledger."""

from collections.abc import Sequence
from datetime import timedelta

import numpy as np

from recovery.formats.apple.columns import Floats
from recovery.formats.apple.elements import Ints
from recovery.formats.records import Fate
from recovery.formats.removed_numbers import RemovedNumbers
from recovery.formats.times import EPOCH


def remove(
    removed: RemovedNumbers,
    names: Sequence[str],
    kind: Ints,
    values: Floats,
    reason: str,
    fate: Fate,
    sources: Sequence[str] = (),
    start: Ints | None = None,
) -> None:
    """Adds samples: the metric of each is `names[kind]`; where their times are known, `start` is in seconds of UTC."""
    metrics = [names[number] for number in kind.tolist()]
    amounts = np.maximum(np.nan_to_num(values), 0.0).tolist()
    days = [None] * len(amounts) if start is None else [EPOCH + timedelta(seconds=at) for at in start.tolist()]
    for metric, amount, source, day in zip(metrics, amounts, sources or [""] * len(amounts), days, strict=True):
        removed.add(metric, reason, amount, source=source, day=day, fate=fate)
