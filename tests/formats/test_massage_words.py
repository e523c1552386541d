"""What names a massage, and what only sounds like one."""

from datetime import date, datetime

import pytest

from recovery.formats.massage_words import day_before_night, names_massage


@pytest.mark.parametrize(
    "text",
    ["Massage", "tag_generic_massage", "#thai_massage", "Rückenmassage 60 min", "Received massage therapy?", "masaje",
     "massaggio", "massagem", "Krankengymnastik am Gerät", "Fysiotherapie", "kiné", "Lymphdrainage", "deep tissue"],
)  # fmt: skip
def test_massage_and_physiotherapy_are_known_in_many_languages(text: str) -> None:
    assert names_massage(text)


@pytest.mark.parametrize(
    "text",
    ["", "message", "sauna", "tag_generic_massage_gun", "Used a massage gun?", "massage chair", "Massagesessel",
     "foam roller massage", "Percussive Massage", "self massage", "Selbstmassage", "automasaje", "no massage",
     "keine Massage", "pas de massage", "sin masaje"],
)  # fmt: skip
def test_devices_oneself_and_a_no_are_no_massage(text: str) -> None:
    assert not names_massage(text)


@pytest.mark.parametrize(
    ("start", "day"),
    [
        (datetime(2026, 5, 1, 23, 0), date(2026, 5, 1)),
        (datetime(2026, 5, 2, 2, 0), date(2026, 5, 1)),
        (datetime(2026, 5, 2, 6, 0), date(2026, 5, 2)),
    ],
)
def test_who_goes_to_bed_at_two_lived_the_date_before(start: datetime, day: date) -> None:
    assert day_before_night(start) == day
