"""Nights that nobody recorded: inferred by heart rate and movement, or unknown; never awake and still."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from layers import add, build

pytestmark = pytest.mark.slow

EVENING = datetime(2024, 5, 1, 18)
MADE = ("stg.rest_windows", "timeline.minutes")


def wear(layers, minutes: list[dict[str, object]]) -> None:
    """Puts minutes since 18:00 UTC in the place of what was recorded: `heart_rate_bpm`, `steps`, `is_worn`."""
    at = [EVENING + timedelta(minutes=number) for number in range(len(minutes))]
    of = [{"minute_utc": minute, **held} for minute, held in zip(at, minutes, strict=True)]
    for name in ("stg.minute_wear", "stg.recorded_minutes", "stg.local_days", "stg.hour_sources"):
        layers.execute(f"delete from {name}")
    worn = [{**one, "local_date": one["minute_utc"].date(), "offset_min": 0, "tz_assumed": False} for one in of]
    for each in worn:
        each.pop("heart_rate_bpm", None)
        each.pop("steps", None)
    add(layers, "stg.minute_wear", worn)
    recorded = [
        {
            "minute_utc": one["minute_utc"],
            "heart_rate_bpm": one.get("heart_rate_bpm"),
            "steps": one.get("steps"),
            "is_moving": bool(one.get("steps")),
        }
        for one in of
    ]
    add(layers, "stg.recorded_minutes", recorded)
    dates = sorted({minute.date() for minute in at})
    midnight = [datetime.combine(date, datetime.min.time()) for date in dates]
    days = [
        {"local_date": start.date(), "start_utc": start, "end_utc": start + timedelta(days=1), "offset_min": 0}
        for start in midnight
    ]
    add(layers, "stg.local_days", days)
    hours = sorted({minute.replace(minute=0) for minute in at})
    sources = {"movement_source": "watch", "minute_source": "watch", "heart_source": "watch", "has_steps": True}
    add(layers, "stg.hour_sources", [{"hour_utc": hour, **sources} for hour in hours])
    build(layers, *MADE)


def window(layers) -> tuple[str, str, bool] | None:
    found = layers.execute(
        "select strftime(start_utc, '%H:%M'), strftime(end_utc, '%H:%M'), has_heart from stg.rest_windows"
        " where local_date = '2024-05-02'"
    ).fetchall()
    return found[0] if found else None


def states(layers) -> dict[str, int]:
    """The minutes of each state between 21:00 and 9:00."""
    return dict(
        layers.execute(
            "select state, count(*) from timeline.minutes"
            " where local_time between '2024-05-01 21:00' and '2024-05-02 08:59' group by state"
        ).fetchall()
    )


def night(*pieces: tuple[int, dict[str, object]]) -> list[dict[str, object]]:
    """Minutes since 18:00: of each piece how many, and what they hold."""
    return [{"is_worn": True, **held} for count, held in pieces for _ in range(count)]


DAY, TELEVISION, ASLEEP = ({"heart_rate_bpm": float(bpm)} for bpm in (80, 68, 52))
WALK = {"heart_rate_bpm": 90.0, "steps": 60}


def test_an_evening_before_the_television_is_no_rest(layers):
    wear(layers, night((60, DAY), (240, TELEVISION), (480, ASLEEP), (300, DAY)))

    assert window(layers) == ("23:00", "07:00", True)


def test_a_short_walk_at_night_does_not_end_the_rest(layers):
    wear(layers, night((300, DAY), (180, ASLEEP), (5, WALK), (295, ASLEEP), (300, DAY)))

    assert window(layers) == ("23:00", "07:00", True)


def test_without_a_heart_rate_movement_alone_tells(layers):
    wear(layers, night((290, {}), (10, {"steps": 60}), (480, {}), (10, {"steps": 60}), (290, {})))

    assert window(layers) == ("23:00", "07:00", False)


def test_a_heart_that_does_not_fall_at_night_tells_nothing(layers):
    wear(layers, night((290, DAY), (10, {"steps": 60}), (480, DAY), (10, {"steps": 60}), (290, DAY)))

    assert window(layers) == ("23:00", "07:00", False)


def test_a_night_with_the_watch_at_its_charger_is_not_worn_and_unknown(layers):
    off = {"is_worn": False}
    wear(layers, night((240, DAY), (60, TELEVISION), (540, off), (300, DAY)))

    assert window(layers) is None
    assert states(layers) == {"unknown": 180, "not_worn": 540}


def test_a_person_who_was_up_all_night_is_unknown_not_still(layers):
    wear(layers, night(*((12, DAY), (3, WALK)) * 72))

    assert window(layers) is None
    assert states(layers) == {"moving": 144, "unknown": 576}


def test_a_watch_that_tells_neither_movement_nor_heart_infers_nothing(layers):
    wear(layers, night((1200, {})))

    assert window(layers) is None


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**6), st.booleans(), st.floats(0, 0.4), st.floats(0, 1))
def test_of_a_night_without_a_record_no_minute_is_still_or_awake(layers, seed, is_heart, moving, worn):
    """Of any night: it is inferred or unknown, and only an inferred one has still minutes, outside of its rest."""
    random = np.random.default_rng(seed)
    pieces: list[tuple[int, dict[str, object]]] = []
    while sum(count for count, _ in pieces) < 20 * 60:
        held: dict[str, object] = {"is_worn": bool(random.random() < worn)}
        if is_heart and held["is_worn"] and random.random() < 0.9:
            held["heart_rate_bpm"] = float(random.integers(45, 110))
        if held["is_worn"] and random.random() < moving:
            held["steps"] = int(random.integers(1, 120))
        pieces.append((int(random.integers(1, 240)), held))
    wear(layers, night(*pieces))

    quiet = layers.execute(
        "select count(*) filter (state in ('still', 'awake_in_bed', 'asleep')),"
        " count(*) filter (state = 'still' and minute_utc >= start_utc and minute_utc < end_utc) from timeline.minutes"
        " left join stg.rest_windows on (minute_utc + interval 3 hour)::date = rest_windows.local_date"
        " where local_time >= '2024-05-01 21:00' and local_time < '2024-05-02 09:00'"
    ).fetchall()

    assert quiet[0][1] == 0
    if window(layers) is None:
        assert quiet[0][0] == 0
