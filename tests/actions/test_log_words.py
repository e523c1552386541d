"""What is typed while it is fresh: days and times in words."""

from datetime import date, time

import pytest

from recovery.actions.log_words import LogWordError, day_told, fields_told

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("today", None, TODAY),
        ("Yesterday", None, date(2026, 11, 25)),
        ("gestern", None, date(2026, 11, 25)),
        ("avant-hier", None, date(2026, 11, 24)),
        ("2026-05-04", None, date(2026, 5, 4)),
        ("12.05.", None, date(2026, 5, 12)),
        ("12.05.2025", None, date(2025, 5, 12)),
        ("31.12.", None, date(2025, 12, 31)),  # the last one
        ("29.2.", None, date(2024, 2, 29)),
        ("4-May-26", None, date(2026, 5, 4)),
        ("May 25, 2026", None, date(2026, 5, 25)),
        ("4 May", None, date(2026, 5, 4)),
        ("4. Dezember", None, date(2025, 12, 4)),
        ("31/5", None, date(2026, 5, 31)),
        ("5/31/2026", None, date(2026, 5, 31)),
        ("5/5", None, date(2026, 5, 5)),
        ("12/5", True, date(2026, 5, 12)),
        ("12/5", False, date(2025, 12, 5)),
        ("12/5/26", False, date(2026, 12, 5)),
        ("31/5", False, date(2026, 5, 31)),  # it cannot be the other way round
    ],
)
def test_a_day_is_read_as_of_today(text: str, order: bool | None, day: date) -> None:
    assert day_told(text, TODAY, order) == day


def test_day_and_month_that_could_be_exchanged_are_asked_about() -> None:
    with pytest.raises(LogWordError, match=r"Is 12/5 the 05 December 2025 or the 12 May 2026\? Write it as 2025-12-05"):
        day_told("12/5", TODAY)
    with pytest.raises(LogWordError, match="'soon' is no date"):
        day_told("soon", TODAY)
    with pytest.raises(LogWordError, match="is no date"):
        day_told("31.02.", TODAY)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"start": "5pm"}, {"start": time(17)}),
        ({"start": "17:30-18:30"}, {"start": time(17, 30), "minutes": 60}),
        ({"start": "17:30-18:30", "minutes": "1h"}, {"start": time(17, 30), "minutes": 60}),
        ({"minutes": "half an hour", "start": None}, {"minutes": 30, "start": None}),
        ({"date": "yesterday", "note": "x"}, {"date": date(2026, 11, 25), "note": "x"}),
        ({"date": "2026-05-04 17:30"}, {"date": date(2026, 5, 4), "start": time(17, 30)}),
        ({"date": TODAY, "start": time(5)}, {"date": TODAY, "start": time(5)}),
    ],
)
def test_fields_are_as_a_log_writes_them(fields: dict[str, object], told: dict[str, object]) -> None:
    found = fields_told(fields, TODAY)

    assert {name: found[name] for name in told} == told


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"start": "soon"}, "The start 'soon' is not a time of day"),
        ({"minutes": "long"}, "The minutes 'long' is not a number of minutes"),
        ({"start": "17:30-18:30", "minutes": 45}, "17:30-18:30 lasts 60 minutes, and minutes says 45"),
    ],
)
def test_what_is_no_time_is_one_sentence(fields: dict[str, object], said: str) -> None:
    with pytest.raises(LogWordError, match=said):
        fields_told(fields, TODAY)
