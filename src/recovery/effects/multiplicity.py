"""p-values of several metrics looked at together; few lines each, so no library is asked."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MAX_Q = 0.10  # of the exploratory list


def holm(p_values: Sequence[float]) -> Floats:
    """Adjusted p-values that hold for all at once (Holm 1979, Scandinavian Journal of Statistics 6:65).

    The i-th smallest times (count - i + 1), not smaller than those before it, at most 1; in the order given.
    """
    checked = _checked(p_values)
    order = np.argsort(checked, kind="stable")
    raised = np.maximum.accumulate(checked[order] * np.arange(len(checked), 0, -1))
    return _put_back(raised, order)


def benjamini_hochberg(p_values: Sequence[float]) -> Floats:
    """q-values: among findings up to q, at most that share is false on average (1995, JRSS B 57:289).

    The i-th smallest times count / i, not larger than those after it; in the order given.
    """
    checked = _checked(p_values)
    order = np.argsort(checked, kind="stable")
    raised = checked[order] * len(checked) / np.arange(1, len(checked) + 1)
    return _put_back(np.minimum.accumulate(raised[::-1])[::-1], order)


def _checked(p_values: Sequence[float]) -> Floats:
    checked = np.asarray(p_values, dtype=np.float64)
    if not ((checked >= 0) & (checked <= 1)).all():
        raise ValueError(f"p-values lie between 0 and 1, not {[float(p) for p in checked]}")
    return checked


def _put_back(ordered: Floats, order: NDArray[np.intp]) -> Floats:
    out = np.empty(len(ordered))
    out[order] = np.minimum(ordered, 1.0)
    return out
