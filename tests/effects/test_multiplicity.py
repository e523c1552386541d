"""Adjusted p-values worked out by hand and beside scipy's."""

import numpy as np
import pytest

from recovery.effects.multiplicity import benjamini_hochberg, holm


def test_holm_multiplies_the_smallest_by_the_count_and_never_falls() -> None:
    np.testing.assert_allclose(holm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02])
    np.testing.assert_allclose(holm([0.5, 0.9]), [1.0, 1.0])
    np.testing.assert_allclose(holm([0.03]), [0.03])


def test_q_values_are_those_of_scipy() -> None:
    from scipy.stats import false_discovery_control  # here: the import takes every worker half a second

    p_values = np.random.default_rng(0).random(30) ** 3

    np.testing.assert_allclose(benjamini_hochberg(list(p_values)), false_discovery_control(p_values))


def test_no_p_value_gives_none() -> None:
    assert len(holm([])) == len(benjamini_hochberg([])) == 0


@pytest.mark.parametrize("wrong", [-0.1, 1.1, float("nan")])
def test_what_is_no_p_value_is_an_error(wrong: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        holm([0.5, wrong])
