"""Values out of the JSON of an export."""

from datetime import date, datetime, timedelta

import pytest

from recovery.formats.json_values import date_of, finite_or_none, instant_of, non_negative, positive_or_none, word


def test_a_number_may_be_text_and_is_not_negative() -> None:
    assert non_negative(3) == non_negative("3") == 3.0
    assert non_negative(0) == 0.0
    for other in (-1, "nan", float("inf"), "x"):
        with pytest.raises(ValueError, match=str(other)):
            non_negative(other)
    for other in (None, True, [1]):
        with pytest.raises(TypeError):
            non_negative(other)


def test_a_missing_number_is_none() -> None:
    assert finite_or_none(None) is None
    assert finite_or_none(-2) == -2.0
    with pytest.raises(TypeError):
        finite_or_none("3")
    with pytest.raises(ValueError, match="inf"):
        finite_or_none(float("inf"))


@pytest.mark.parametrize("value", [None, 0, -1, "3", True, float("nan"), float("inf")])
def test_what_is_not_above_zero_was_not_measured(value: object) -> None:
    assert positive_or_none(value) is None


def test_a_number_above_zero_was_measured() -> None:
    assert positive_or_none(3) == 3.0


def test_an_instant_is_counted_from_1970() -> None:
    assert instant_of(1_780_000_000, timedelta(seconds=1)) == datetime(2026, 5, 28, 20, 26, 40)
    assert instant_of("1780000000000", timedelta(milliseconds=1)) == datetime(2026, 5, 28, 20, 26, 40)
    with pytest.raises(ValueError, match="1970"):
        instant_of(0, timedelta(seconds=1))
    with pytest.raises(OverflowError):
        instant_of(10**30, timedelta(seconds=1))
    for other in (None, True, 1.5):
        with pytest.raises(TypeError):
            instant_of(other, timedelta(seconds=1))


def test_a_date_may_have_a_time_behind_it() -> None:
    assert date_of("2026-05-31T08:00:00") == date(2026, 5, 31)
    with pytest.raises(ValueError, match="1999"):
        date_of("1999-12-31")


def test_a_word_is_short_and_can_be_written() -> None:
    assert word("late\ud800_nap\n") == "late_nap"
    assert word("x" * 100, longest=3) == "xxx"
    assert word(None) == "None"


def test_a_number_of_hundreds_of_digits_is_as_good_as_infinite() -> None:
    for read in (non_negative, finite_or_none):
        with pytest.raises(ValueError, match="9"):
            read(int("9" * 400))
    assert positive_or_none(int("9" * 400)) is None
