"""Each rule of the days is broken by a change of its own."""

from collections.abc import Callable

import pytest

Broken = Callable[[str, str], set[str]]  # relation, change -> sentences of the checks that fail


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("insert into pub.daily from pub.daily where local_date = '2026-03-02'", "A person has one row a day."),
        ("update pub.daily set subject = null where local_date = '2026-03-02'", "Every row has a person."),
        ("update pub.daily set steps = -1 where local_date = '2026-03-02'", "Steps are not negative."),
        ("update pub.daily set steps = 70000 where local_date = '2026-03-02'", "A day has at most 60,000 steps."),
        ("update pub.daily set worn_min = 3100 where local_date = '2026-03-02'", "worn_min fits into a day."),
        (
            "update pub.daily set resting_heart_rate_bpm = 130 where local_date = '2026-03-02'",
            "The heart at rest beats 30 to 120 times a minute.",
        ),
        (
            "update pub.daily set rest_share = 50 where local_date = '2026-03-02'",
            "A share of the day is rest, between none and all.",
        ),
        ("update pub.daily set pain = 11 where local_date = '2026-03-02'", "Pain is scored from 0 to 10."),
        ("update pub.daily set is_massage_day = false", "A day on which a massage was attended is a massage day."),
        (
            "update pub.daily_metrics set source = 'fitbit' where metric = 'rest_share' and local_date <= '2026-03-06'",
            "Every source of the last month told something in its last week.",
        ),
    ],
)
def test_one_wrong_row_breaks_one_rule(broken: Broken, change: str, sentence: str) -> None:
    assert broken("daily", change) == {sentence}
