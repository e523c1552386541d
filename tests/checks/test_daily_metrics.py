"""Each rule of the long table of days is broken by a change of its own."""

from collections.abc import Callable

import pytest

pytestmark = pytest.mark.slow

Broken = Callable[[str, str], set[str]]  # relation, change -> sentences of the checks that fail


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            """insert into pub.daily_metrics by name select * replace (date '2027-01-01' as local_date, 'nan' as value)
                from pub.daily_metrics where metric = 'steps' and local_date = '2026-03-02';
            insert into pub.daily by name select 'me' as subject, date '2027-01-01' as local_date, 'nan' as steps""",
            "Every value is a number.",
        ),
        (
            "update pub.daily_metrics set unit = 'km' where metric = 'steps' and local_date = '2026-03-02'",
            "Every metric is defined in metrics, in the same unit.",
        ),
        ("update pub.daily_metrics set value = 50 where metric = 'rest_share'", "Shares lie between none and all."),
        (
            "update pub.daily_metrics set coverage_share = 1.5 where metric = 'rest_share'",
            "Coverage lies between none and all.",
        ),
        (
            "update pub.daily_metrics set resolution = 'hour' where metric = 'rest_share'",
            "The resolution is minute, interval or day.",
        ),
        (
            "update pub.daily_metrics set is_complete = false where metric = 'rest_share'",
            "A value is valid only when its day or night is complete.",
        ),
        (
            """update pub.daily_metrics set value = 120000 where metric = 'steps' and local_date = '2026-03-02';
            update pub.daily set steps = 120000 where local_date = '2026-03-02'""",
            "No day has more or less of a metric than anybody has.",
        ),
        (
            """update pub.daily_metrics set value = 57600 where metric = 'steps';
            update pub.daily set steps = 57600""",
            "The middle day of each source has what people have; else a unit is wrong.",
        ),
        ("update pub.daily set steps = 1", "The wide table of days tells the same steps."),
        (
            "insert into pub.daily_metrics from pub.daily_metrics where metric = 'rest_share'",
            "A person has one value a day of each metric.",
        ),
    ],
)
def test_one_wrong_row_breaks_one_rule(broken: Broken, change: str, sentence: str) -> None:
    assert broken("daily_metrics", change) == {sentence}
