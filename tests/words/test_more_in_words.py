"""How many more massages, in words."""

import pytest

from recovery.vocabulary.designs import Design
from recovery.words.how_many_more import at_this_pace, in_short, sooner, within


@pytest.mark.parametrize(
    ("low", "high", "weeks", "short"),
    [
        (12, 30, 31, "12 to 30 more massages at this pace"),
        (1, 1, 1, "about 1 more massage at this pace"),
        (20, None, None, "20 more massages or more, at this pace"),
        (None, None, None, "not within two years at this pace"),
    ],
)
def test_the_number_is_a_range_or_not_within_two_years(
    low: int | None, high: int | None, weeks: int | None, short: str
) -> None:
    whole = at_this_pace(low, high, weeks)

    assert in_short(low, high) == short
    assert ("two years" in whole) == (high is None)
    assert whole.endswith(".")


@pytest.mark.parametrize("design", [design for design in Design if design != Design.AS_BOOKED])
def test_each_other_way_has_its_sentences(design: Design) -> None:
    assert "9 more massages should tell, 6 weeks sooner" in sooner(design, 9, 6)
    assert "9 more massages in 18 weeks should tell" in within(design, 9, 18)


def test_the_own_way_is_no_other_way() -> None:
    for sentence in (sooner, within):
        with pytest.raises(ValueError, match="no other way"):
            sentence(Design.AS_BOOKED, 1, 1)
