"""The calendar of a month, worked out by hand."""

from datetime import date

import days_by_hand as by_hand
import pytest

from recovery.report.weeks.calendar import Cell, calendar_of, pain_kind
from recovery.report.weeks.glance import strips
from recovery.report.weeks.months import Month
from recovery.report.weeks.person import Person, person_of

MAY = Month(2026, 5)


def calendar(person: Person) -> dict[int, Cell]:
    told = {day for day, shown in person.days.items() if shown.is_known}
    found = calendar_of(MAY, person.days, told, has_pain=person.has_pain)
    return {cell.number: cell for week in found.weeks for cell in week if cell}


def test_a_day_shows_pain_steps_the_night_and_massages() -> None:
    connection = by_hand.database()
    by_hand.day(connection, "2026-05-04", steps=7500, asleep_min=450, pain=6)
    by_hand.massage(connection, "2026-05-04T18:00")
    by_hand.massage(connection, "2026-05-04T20:00")
    by_hand.massage(connection, "2026-05-04T21:00", status="cancelled")

    cell = calendar(person_of(connection, "me"))[4]

    assert cell == Cell(
        4, "d2026-05-04", "Monday 4 May, 2 massages, pain 6, 7,500 steps, slept 7 h 30", "q5", "6", 50, 75, 2, False
    )


def test_what_was_not_told_is_hatched_and_zero_is_no_gap() -> None:
    connection = by_hand.database()
    by_hand.day(connection, "2026-05-04", steps=0, pain=0)
    by_hand.day(connection, "2026-05-05", asleep_min=700)
    by_hand.day(connection, "2026-05-06")

    found = calendar(person_of(connection, "me"))

    assert (found[4].kind, found[4].pain, found[4].steps, found[4].asleep) == ("q1", "0", 0, None)
    assert (found[5].kind, found[5].pain, found[5].steps, found[5].asleep) == ("q0", "", None, 100)
    assert found[5].words == "Tuesday 5 May, pain not told, no steps measured, slept 11 h 40"
    assert (found[6].anchor, found[6].words) == ("", "Wednesday 6 May, nothing known")
    assert found[31].anchor == ""


@pytest.mark.parametrize(
    ("pain", "kind"),
    [(0, "q1"), (2, "q1"), (2.4, "q1"), (2.5, "q2"), (3, "q2"), (4, "q3"), (5, "q4"), (6, "q5"), (6.5, "q6"),
     (10, "q6"), (None, "q0")],
)  # fmt: skip
def test_pain_has_six_steps(pain: float | None, kind: str) -> None:
    assert pain_kind(pain, has_pain=True) == kind


def test_who_never_told_pain_has_no_hatched_days() -> None:
    connection = by_hand.database()
    by_hand.day(connection, "2026-05-04", steps=7500)

    assert calendar(person_of(connection, "me"))[4].kind == "qn"


def test_pain_of_the_morning_stands_where_the_day_has_no_other() -> None:
    connection = by_hand.database()
    by_hand.day(connection, "2026-05-04", steps=1)
    connection.execute(
        "insert into daily_metrics values ('me', '2026-05-04', 'pain_morning', 'diary', 3, 'points', 'diary', 'day',"
        " null, true, true)"
    )

    person = person_of(connection, "me")

    assert calendar(person)[4].pain == "3"
    assert person.days[date(2026, 5, 4)].pain_from == "pain_morning"


def test_a_day_on_which_a_line_of_the_list_may_lie_has_a_question_mark() -> None:
    connection = by_hand.database()
    connection.execute("insert into unknown_days values ('me', '2026-05-04', 'massages.csv', 'row 7', 'no date')")
    connection.execute("insert into unknown_days values ('me', '2026-05-05', 'massages.csv', 'row 7', 'no date')")
    by_hand.massage(connection, "2026-05-05T18:00")

    found = calendar(person_of(connection, "me"))

    assert (found[4].is_unknown, found[5].is_unknown) == (True, False)


def test_a_month_is_summed_up_from_what_is_there() -> None:
    connection = by_hand.database()
    by_hand.day(connection, "2026-05-04", steps=7000, pain=4)
    by_hand.day(connection, "2026-05-05", steps=9000, pain=5)
    by_hand.massage(connection, "2026-05-05T18:00")

    person = person_of(connection, "me")

    assert calendar_of(MAY, person.days, (), has_pain=True).summary == (
        "1 massage, pain 4.5 on average, 8,000 steps a day"
    )
    assert calendar_of(Month(2026, 6), person.days, (), has_pain=True).summary == "no massage"


def test_a_day_that_was_hardly_worn_is_shown_and_not_in_the_mean_as_on_the_sheet() -> None:
    connection = by_hand.database()
    by_hand.day(connection, "2026-05-04", steps=7000)
    by_hand.day(connection, "2026-05-05", steps=300)
    connection.execute("update daily_metrics set is_valid = false where value = 300")

    person = person_of(connection, "me")

    month = calendar_of(MAY, person.days, (), has_pain=False)
    assert month.summary == "no massage, 7,000 steps a day"
    assert person.days[date(2026, 5, 5)].steps == 300


def test_weeks_begin_on_monday_and_have_seven_days() -> None:
    weeks = calendar_of(MAY, {}, (), has_pain=False).weeks  # 1 May 2026 is a Friday

    assert [cell.number if cell else None for cell in weeks[0]] == [None, None, None, None, 1, 2, 3]
    assert {len(week) for week in weeks} == {7}


def test_at_a_glance_a_day_is_a_square_of_its_pain() -> None:
    connection = by_hand.database()
    by_hand.day(connection, "2026-05-04", pain=6)
    by_hand.day(connection, "2026-05-05", steps=100)
    by_hand.massage(connection, "2026-05-05")

    (strip,) = strips(person_of(connection, "me").days)

    assert [kind for kind, _ in strip.days] == ["0", "5"]
    assert dict(strip.days)["5"] == "M325 14h12v12h-12z"  # the last week, Monday
    assert strip.massages == "M331 28l5 5-5 5-5-5z"
    assert strip.label == "May 2026 to May 2026: 1 massage, pain 6 on average."
    assert strips({}) == []
    assert [mark.label for mark in strip.months][:3] == ["Dec ’25", "Jan ’26", "Feb"]
