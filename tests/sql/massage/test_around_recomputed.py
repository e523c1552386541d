"""around_massage, worked out a second time in plain Python from the published daily values and massages."""

import random
from datetime import date, timedelta
from statistics import fmean

import pytest
from layers import add, build, night

from recovery import warehouse

FIRST = date(2024, 1, 1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_it_agrees_with_the_published_daily_values(layers, seed):
    dice = random.Random(seed)  # noqa: S311
    dates = [FIRST + timedelta(days=number) for number in range(90)]
    add(
        layers,
        "stg.days",
        [{"local_date": day, "worn_waking_min": dice.choice([900, 900, 900, 500])} for day in dates],
        minute_count=1440,
        recorded_min=1440,
        worn_min=1440,
    )
    add(
        layers,
        "daily.steps",
        [{"local_date": day, "value": dice.randrange(20000)} for day in dates if dice.random() < 0.9],
        metric="steps",
    )
    for day in dates:
        if dice.random() < 0.9:
            eve = day - timedelta(days=1)
            night(layers, str(day), f"{eve} 2{dice.randrange(4)}:00", f"{day} 07:00", asleep_min=dice.randrange(500))
    build(layers, "daily.asleep_min")
    massages = [
        {
            "massage_id": f"massage {number}",
            "ordinal": 1,
            "local_date": day,
            "status": dice.choice(["attended", "attended", "attended", "no-show"]),
        }
        | ({"start_utc": f"{day} 17:00", "end_utc": f"{day} 18:00"} if dice.random() < 0.7 else {})
        for number, day in enumerate(sorted(dice.sample(dates, 14)))
    ]
    add(layers, "stg.massages", massages)
    build(layers, *(relation.full_name for relation in warehouse.relations() if relation.layer in warehouse.WHOLE))

    measured = {
        (metric, day): (value, is_valid)
        for metric, day, value, is_valid in layers.execute(
            "select metric, local_date, value, is_valid from pub.daily_metrics"
        ).fetchall()
    }
    attended = {row["massage_id"]: row["local_date"] for row in massages if row["status"] == "attended"}
    expected = {}
    for metric, shift in (("steps", 0), ("asleep_min", 1)):  # all massages are over before the evening's sleep
        zero = {name: day + timedelta(days=shift) for name, day in attended.items()}
        for name, anchor in zero.items():
            busy = {day + timedelta(days=n) for other, day in zero.items() if other != name for n in range(4)}
            window = {n: anchor + timedelta(days=n) for n in range(-7, 8)}
            before = [
                measured[metric, day][0]
                for n, day in window.items()
                if n < 0 and measured.get((metric, day), (0, False))[1] and day not in busy
            ]
            baseline = fmean(before) if len(before) >= 3 else None
            for n, day in window.items():
                if (metric, day) in measured:
                    value, is_valid = measured[metric, day]
                    change = None if baseline is None else pytest.approx(value - baseline, abs=1e-5)
                    expected[name, metric, n] = (
                        day,
                        value,
                        None if baseline is None else pytest.approx(baseline, abs=1e-5),
                        change,
                        is_valid,
                        day in busy,
                    )
    found = {
        row[:3]: row[3:]
        for row in layers.execute(
            "select massage_id, metric, day_offset, local_date, value, baseline, change, is_valid, overlaps_another"
            " from pub.around_massage where metric in ('steps', 'asleep_min')"
        ).fetchall()
    }
    assert len(found) > 200
    assert found == expected
