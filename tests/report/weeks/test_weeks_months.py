"""The months of a person, and what is no month."""

from datetime import date

import days_by_hand as by_hand
import pytest

from recovery.report.weeks import months
from recovery.report.weeks.months import Month, month_named


@pytest.mark.parametrize(
    "name",
    ["", "2026", "2026-13", "2026-00", "2026-1", "26-01", "2026-01-01", " 2026-01", "2026-01\n", "٢٠٢٦-٠١", "0000-01",
     "9999-12", "../../x", "2026-01/..", "x" * 10_000],
)  # fmt: skip
def test_what_is_no_month_is_none(name: str) -> None:
    assert month_named(name) is None


def test_a_month_has_its_days() -> None:
    found = month_named("2024-02")

    assert found == Month(2024, 2)
    assert (found.first, found.last, len(found.days)) == (date(2024, 2, 1), date(2024, 2, 29), 29)
    assert Month(2026, 12).last == date(2026, 12, 31)


def test_months_with_a_day_a_massage_or_the_diary_alone_are_there_the_newest_first() -> None:
    connection = by_hand.database()
    by_hand.day(connection, "2026-03-31", steps=1)
    by_hand.massage(connection, "2026-05-01")
    connection.execute("insert into diary values ('me', '2026-01-31', 4, null)")
    by_hand.day(connection, "2026-02-01", "anna", steps=1)

    assert months(connection, "me") == ["2026-05", "2026-03", "2026-01"]
    assert months(connection, "nobody") == []
