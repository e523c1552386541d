"""Which days are valid for rest, and how each night is known."""

import pytest
from layers import add, build, day, night
from sql_cases import rows

pytestmark = pytest.mark.slow

DATE = "2024-05-02"
BUILT = (
    "timeline.hours", "timeline.still_stretches", "timeline.waking_hours", "timeline.rest_days", "daily.still_min",
    "massage.spans", "massage.validity",
)  # fmt: skip
STILL = {"state": "still", "steps": 0}


def judged(layers, *pieces, columns: str) -> list[tuple]:
    """The validity of a date of which these pieces are known, and 12 hours were worn and awake."""
    day(layers, DATE, *pieces)
    worn = {"minute_count": 1440, "recorded_min": 1440, "worn_min": 900, "worn_waking_min": 720, "sources": "watch"}
    for date in ("2024-05-01", DATE, "2024-05-03"):
        add(layers, "stg.days", [{"local_date": date, **worn}])
    build(layers, *BUILT)
    return rows(layers, "massage.validity", columns, f"local_date = '{DATE}'")


@pytest.mark.parametrize(("until", "is_valid"), [("21:00", True), ("18:36", True), ("18:35", False)])
def test_a_day_is_valid_for_rest_when_80_percent_of_the_waking_hours_are_known(layers, until, is_valid):
    found = judged(layers, ("09:00", until, STILL), columns="is_valid_day, is_valid_rest, rest_from_hour, rest_to_hour")

    assert found == [(True, is_valid, 9, 21)]


def test_of_a_person_without_waking_hours_only_days_after_a_known_night_are_valid_for_rest(layers):
    for number in range(1, 16):
        onset, wake = [("00:00", "08:00"), ("08:00", "15:00"), ("14:00", "22:00")][number % 3]
        night(layers, f"2024-01-{number:02}", f"2024-01-{number:02} {onset}", f"2024-01-{number:02} {wake}")

    columns = "is_valid_day, is_valid_rest, rest_from_hour, night_status, night_confidence"
    assert judged(layers, ("09:00", "21:00", STILL), columns=columns) == [(True, False, None, "unknown", 0.0)]

    night(layers, DATE, "2024-05-01 23:00", "2024-05-02 07:00")
    build(layers, *BUILT)

    assert rows(layers, "massage.validity", columns, f"local_date = '{DATE}'") == [(True, True, None, "recorded", 1.0)]


@pytest.mark.parametrize(("has_heart", "confidence"), [(True, 0.7), (False, 0.2)])
def test_an_inferred_night_is_known_less_surely(layers, has_heart, confidence):
    window = {"onset_local_min": -60, "wake_local_min": 420, "has_heart": has_heart}
    add(layers, "stg.rest_windows", [{"local_date": DATE, **window}])

    found = judged(layers, ("09:00", "21:00", STILL), columns="night_status, night_confidence, is_valid_night")

    assert found == [("inferred", confidence, False)]
