"""Each rule of the nights is broken by one row."""

from collections.abc import Callable

import pytest

pytestmark = pytest.mark.slow

Broken = Callable[[str, str], set[str]]  # relation, change -> sentences of the checks that fail


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            "update pub.nights set wake_utc = onset_utc where night_date = '2026-03-03'",
            "Every sleep begins before it ends.",
        ),
        ("update pub.nights set source = null", "Every sleep has a source."),
        (
            "update pub.nights set deep_min = deep_min - 22, light_min = light_min + 2",
            "Light, deep and REM sleep sum to the time asleep.",
        ),
        ("update pub.nights set deep_min = 0, light_min = 5", "Light, deep and REM sleep sum to the time asleep."),
        ("update pub.nights set in_bed_min = 400", "Nobody is asleep for longer than in bed."),
        ("update pub.nights set efficiency_share = 98", "A share of the time in bed is asleep, between none and all."),
    ],
)
def test_one_wrong_row_breaks_one_rule(broken: Broken, change: str, sentence: str) -> None:
    assert broken("nights", change) == {sentence}


def test_stages_told_every_five_minutes_need_not_sum_to_the_sources_own_minutes(broken: Broken) -> None:
    assert broken("nights", "update pub.nights set asleep_min = asleep_min - 9") == set()


def test_a_sleep_told_twice_overlaps_itself(broken: Broken) -> None:
    told = broken("nights", "insert into pub.nights from pub.nights")

    assert told == {"A sleep is told once.", "No two sleeps of a person overlap."}


@pytest.mark.slow
def test_a_very_long_night_is_a_warning_and_a_longer_one_is_wrong(broken: Broken) -> None:
    nine_hundred = (
        "update pub.nights set asleep_min = {0}, in_bed_min = {0}, light_min = {0}, deep_min = 0, rem_min = 0"
    )

    assert broken("nights", nine_hundred.format(900)) == {"Nobody sleeps more than 14 hours at once."}
    assert "A sleep lasts less than 36 hours." in broken("nights", nine_hundred.format(2200))
