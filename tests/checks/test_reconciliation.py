"""Each rule of the comparison with the vendor is broken by a change of its own."""

from collections.abc import Callable

import pytest

pytestmark = pytest.mark.slow

Broken = Callable[[str, str], set[str]]  # relation, change -> sentences of the checks that fail
TOO_FAR = "In no 28 days does the middle difference to the vendor's own total pass 5%."


def more_days(count: int, share: float, **columns: str) -> str:
    """So many more days of steps on which ours is off by a share of the vendor's 1,000."""
    told = ", ".join(f"{value} as {name}" for name, value in columns.items())
    return f"""create temp table more as select * replace (date '2026-04-01' + day::integer as local_date,
            1000.0 as vendor_value, 1000.0 + 1000 * {share} as value, 1000.0 * {share} as difference,
            {share} as difference_share{", " + told if told else ""})
        from pub.reconciliation, range({count}) as days (day) where local_date = '2026-03-01';
    alter table more drop column day;
    insert into pub.reconciliation by name from more;
    insert into pub.daily_metrics by name select subject, local_date, metric, value from more;"""


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("insert into pub.reconciliation from pub.reconciliation", "A vendor says one value of a metric and day."),
        (
            "update pub.reconciliation set difference = 1 where local_date = '2026-03-01'",
            "The difference is ours less the vendor's.",
        ),
        (
            "delete from pub.daily_metrics where local_date = '2026-03-02'",
            "Our value is that of daily_metrics.",
        ),
        (more_days(28, 0.06), TOO_FAR),
        (more_days(28, -0.06), TOO_FAR),
    ],
)
def test_one_wrong_row_breaks_one_rule(broken: Broken, change: str, sentence: str) -> None:
    assert broken("reconciliation", change) == {sentence}


@pytest.mark.parametrize(
    ("column", "sentence"),
    [
        ("vendor_value", "Every comparison has the vendor's value."),
        ("value", "Every comparison has our value."),
    ],
)
def test_a_missing_side_breaks_its_rule_and_others(broken: Broken, column: str, sentence: str) -> None:
    change = f"update pub.reconciliation set {column} = null where local_date = '2026-03-01'"

    assert sentence in broken("reconciliation", change)


@pytest.mark.parametrize(
    "change",
    [
        more_days(28, 0.04),
        more_days(12, 0.5),  # with the 15 days that agree 27
        more_days(28, 0.5, is_comparable="false"),
        more_days(28, 0.5, metric="'vigorous_min'"),  # of intensity every vendor has a definition of its own
    ],
)
def test_small_few_and_other_differences_are_no_warning(broken: Broken, change: str) -> None:
    assert broken("reconciliation", change) == set()
