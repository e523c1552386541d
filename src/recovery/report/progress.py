"""How many massages count toward a first look, and what became of the others."""

from collections.abc import Iterable
from typing import NamedTuple

from recovery.answers.rows import Effect
from recovery.vocabulary.windows import Window
from recovery.words import pages as words


class Counted(NamedTuple):
    """Massages that were written down as attended, and those among them that answers can use."""

    written: int
    usable: int  # with measured days after them, as looks count them, of the number that has most
    left_out: str  # how many are not counted, and why; '' where all are


def counted(effects: Iterable[Effect], written: int, days: int) -> Counted:
    """Of the main numbers; `days` are those on which there was a massage. Nothing was measured: none counts."""
    best = max(effects, key=lambda effect: effect.massages_that_count, default=None)
    usable = best.massages_that_count if best else 0
    known = best.n_massages if best else 0
    is_nightly = best is not None and best.window == Window.NIGHT
    told = words.left_out(
        unmeasured=known - usable, outside=max(days - known, 0), same_day=written - days, is_nightly=is_nightly
    )
    return Counted(written, usable, told)
