"""The boundaries of looks, and who has which; the table is simulated anew in test_calibration.py."""

import pytest

from recovery.effects.boundaries import LAST_LOOK, NEAREST, TABLE, Family, boundary, finding_boundary


def test_a_boundary_between_two_rows_lies_between_theirs_and_none_lies_outside() -> None:
    assert TABLE[0.025] < boundary(0.02) < TABLE[0.05 / 3]
    assert NEAREST[0.025] < finding_boundary(0.02, 40) < NEAREST[0.05 / 3]
    with pytest.raises(ValueError, match="no boundary"):
        boundary(0.2)
    with pytest.raises(ValueError, match="no boundary"):
        finding_boundary(0.2, 40)


def test_the_boundary_of_a_finding_lies_nearest_at_the_40th_massage() -> None:
    at = {massages: finding_boundary(0.045, massages) for massages in (8, 12, 20, 40, 60, 108, 110, LAST_LOOK)}

    assert at[40] == NEAREST[0.045] == min(at.values())
    assert at[8] == at[12] == pytest.approx(at[40] + 0.48, abs=0.01)  # before the first look as at it
    assert at[20] - at[40] == pytest.approx(0.4 * 0.693, abs=0.001)  # half as many
    assert at[60] - at[40] == pytest.approx(0.6 * 0.405, abs=0.001)
    assert at[40] < at[60] < at[108] < at[110] == at[LAST_LOOK] == pytest.approx(at[40] + 0.6)


def test_the_main_number_has_nine_of_ten_parts_and_the_others_share_the_tenth() -> None:
    family = Family(("steps", "still_min", "sleep_min", "pain"), main="pain")

    assert family.level("pain") == family.level("pain", {"steps"}) == 0.045
    assert [family.level(metric) for metric in ("steps", "still_min", "sleep_min")] == pytest.approx([0.005 / 3] * 3)


def test_what_the_main_number_had_goes_to_the_others_once_it_was_found() -> None:
    family = Family(("steps", "still_min", "sleep_min", "pain"), main="pain")

    assert family.level("steps", {"still_min"}) == pytest.approx(0.005 / 3)
    assert family.level("steps", {"pain", "still_min"}) == family.level("steps", {"pain"}) == pytest.approx(0.05 / 3)


def test_where_no_number_is_named_the_parts_are_those_of_holm() -> None:
    family = Family(("steps", "still_min", "sleep_min", "pain"))
    found = ([], ["pain"], ["pain", "still_min"], ["pain", "still_min", "sleep_min"], ["steps", "mood"])

    assert [family.level("steps", ever) for ever in found] == pytest.approx(
        [0.0125, 0.05 / 3, 0.025, 0.05, 0.0125]  # itself, and one of another family, change nothing
    )


def test_a_change_worth_having_is_ruled_out_by_a_family_of_its_own_where_no_number_goes_first() -> None:
    for main in (None, "steps", "pain"):
        assert Family(("steps", "still_min", "sleep_min", "pain"), main).exclusion_boundary("steps") == 3.105


def test_one_primary_alone_has_all_and_a_main_number_is_one_of_the_primaries() -> None:
    assert Family(("steps",), main="steps").level("steps") == 0.05
    with pytest.raises(ValueError, match="none of the primaries"):
        Family(("steps",), main="pain")
    with pytest.raises(ValueError, match="none of the primaries"):
        Family(("steps",)).level("pain")
    with pytest.raises(ValueError, match="none of the primaries"):
        Family(("steps",)).exclusion_boundary("pain")
