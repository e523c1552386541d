"""Each rule of the diary is broken by a change of its own."""

from collections.abc import Callable

import pytest

Broken = Callable[[str, str], set[str]]  # relation, change -> sentences of the checks that fail


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("insert into pub.diary from pub.diary", "A person's day is told once."),
        ("update pub.diary set local_date = null", "Every row has a date."),
        ("update pub.diary set pain = 11", "Pain is scored from 0 to 10."),
        ("update pub.diary set pain_morning = -1", "Pain in the morning is scored from 0 to 10."),
        ("update pub.diary set pain_afternoon = 11", "Pain in the afternoon is scored from 0 to 10."),
        ("update pub.diary set bed_rest_hours = 26", "Bed rest is 0 to 25 hours of a day."),
        ("update pub.diary set mood = 0", "Mood is scored from 1 to 5."),
        ("update pub.diary set day_off = 2", "The column day_off says 0 or 1."),
        ("update pub.diary set medication_doses = -1", "Doses are not negative."),
        ("update pub.diary set medication_doses = 30", "No day has more than 20 doses."),
        ("update pub.diary set doctor_visits = -1", "Visits to the doctor are not negative."),
        ("update pub.diary set doctor_visits = 6", "No day has more than 5 visits to the doctor."),
    ],
)
def test_one_wrong_row_breaks_one_rule(broken: Broken, change: str, sentence: str) -> None:
    assert broken("diary", change) == {sentence}
