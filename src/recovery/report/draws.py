"""P-values of draws in words: the least that so many draws can give is a bound, not the value."""

import math

from recovery.answers.rows import Effect
from recovery.effects import history, randomisation
from recovery.vocabulary.windows import TRIAL
from recovery.words import numbers

FLOORS = tuple(1 / (draws + 1) for draws in (history.SIMULATIONS, randomisation.REDRAWS))


def drawn(value: float) -> str:
    """A p-value that draws gave."""
    return numbers.probability(value, FLOORS)


def of_effect(value: float, effect: Effect) -> str:
    """The p-value of an effect, or one that is made of it for many (Holm, q); a trial's are of all its schedules."""
    own = None if effect.window in TRIAL else effect.p_value
    if own is not None and any(math.isclose(own, floor) for floor in FLOORS):
        return numbers.probability(value, (value,))
    return numbers.probability(value)
