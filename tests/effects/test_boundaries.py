"""The boundaries of looks, and who has which; the table is simulated anew in test_calibration.py."""

import pytest

from recovery.effects.boundaries import TABLE, Family, boundary


def test_a_boundary_between_two_rows_lies_between_theirs_and_none_lies_outside() -> None:
    assert TABLE[0.025] < boundary(0.02) < TABLE[0.05 / 3]
    with pytest.raises(ValueError, match="no boundary"):
        boundary(0.2)


def test_the_main_number_has_four_of_five_parts_and_the_others_share_the_fifth() -> None:
    family = Family(("steps", "still_min", "sleep_min", "pain"), main="pain")

    assert family.boundaries("pain") == (2.671,)
    assert [family.boundaries(metric) for metric in ("steps", "still_min", "sleep_min")] == [(3.535,)] * 3


def test_where_no_number_is_named_the_boundaries_are_those_of_holm() -> None:
    family = Family(("steps", "still_min", "sleep_min", "pain"))

    assert family.boundaries("steps") == (3.105, 3.004, 2.856, 2.577)


def test_one_primary_alone_has_all_and_a_main_number_is_one_of_the_primaries() -> None:
    assert Family(("steps",), main="steps").boundaries("steps") == (2.577,)
    with pytest.raises(ValueError, match="none of the primaries"):
        Family(("steps",), main="pain")
    with pytest.raises(ValueError, match="none of the primaries"):
        Family(("steps",)).boundaries("pain")
