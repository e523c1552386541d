"""The vendor's own day beside ours, worked out by hand."""

import pytest
from layers import add, build
from sql_cases import rows

TOLD = {"local_date": "2024-05-01", "metric": "steps"}
STEPS = {**TOLD, "unit": "steps", "resolution": "minute"}


def reconciled(layers, columns: str = "source, vendor_value, value, difference, difference_share") -> list[tuple]:
    build(layers, "stg.vendor_days", "pub.reconciliation")
    return rows(layers, "pub.reconciliation", columns)


def test_the_difference_is_ours_less_the_vendors(layers):
    add(layers, "massage.measures", [{**STEPS, "value": 9_500, "source": "fitbit"}])
    add(layers, "stg.day_values", [{**TOLD, "value": 10_000, "source": "fitbit"}])

    assert reconciled(layers) == [("fitbit", 10_000, 9_500, -500, -0.05)]


def test_of_nothing_there_is_no_share(layers):
    add(layers, "massage.measures", [{**STEPS, "value": 12, "source": "fitbit"}])
    add(layers, "stg.day_values", [{**TOLD, "value": 0, "source": "fitbit"}])

    assert reconciled(layers) == [("fitbit", 0, 12, 12, None)]


def test_only_where_both_are_there_and_ours_is_not_the_vendors_own(layers):
    add(
        layers,
        "massage.measures",
        [
            {**STEPS, "value": 1, "source": "fitbit"},
            {**STEPS, "value": 2, "source": "fitbit", "local_date": "2024-05-02", "resolution": "day"},
        ],
    )
    add(
        layers,
        "stg.day_values",
        [
            {**TOLD, "value": 2, "source": "fitbit", "local_date": "2024-05-02"},
            {**TOLD, "value": 3, "source": "fitbit", "local_date": "2024-05-03"},
            {**TOLD, "value": 4, "source": "fitbit", "metric": "floors"},
        ],
    )

    assert reconciled(layers) == []


def test_growth_of_a_running_total_is_the_devices_own_total(layers):
    add(layers, "massage.measures", [{**STEPS, "value": 700, "source": "garmin:1"}])
    add(
        layers,
        "stg.counter_intervals",
        [
            {"activity": activity, "end_utc": f"2024-05-01 {hour}:00", "value": value}
            for activity, hour, value in (("walking", "08", 400), ("walking", "09", 200), ("running", "09", 100))
        ],
        source="garmin:1",
        metric="steps",
        device_date="2024-05-01",
    )

    assert reconciled(layers, "told_as, vendor_value, difference, is_comparable") == [("running total", 700, 0, True)]


def test_a_reported_total_counts_before_the_same_devices_growth(layers):
    add(layers, "massage.measures", [{**STEPS, "value": 600, "source": "watch"}])
    add(layers, "stg.day_values", [{**TOLD, "value": 610, "source": "watch"}])
    add(
        layers,
        "stg.counter_intervals",
        [{"end_utc": "2024-05-01 08:00", "value": 600}],
        source="watch",
        metric="steps",
        activity="walking",
        device_date="2024-05-01",
    )

    assert reconciled(layers, "told_as, vendor_value") == [("told", 610)]


@pytest.mark.parametrize(
    ("ours", "vendors", "is_comparable"),
    [
        ("garmin:1", "garmin:account", True),
        ("garmin:1, garmin:2", "garmin:account", True),
        ("apple:iphone8-1, apple:watch6-2", "apple:activity", True),
        ("fitbit", "fitbit", True),
        ("apple:iphone8-1, garmin:1", "garmin:account", False),
        ("google_fit", "fitbit", False),
    ],
)
def test_two_vendors_are_shown_and_kept_apart(layers, ours, vendors, is_comparable):
    add(layers, "massage.measures", [{**STEPS, "value": 600, "source": ours}])
    add(layers, "stg.day_values", [{**TOLD, "value": 600, "source": vendors}])

    assert reconciled(layers, "counted_source, is_comparable") == [(ours, is_comparable)]


def test_the_total_of_one_watch_is_not_that_of_two(layers):
    add(layers, "massage.measures", [{**STEPS, "value": 600, "source": "garmin:1, garmin:2"}])
    add(
        layers,
        "stg.counter_intervals",
        [{"end_utc": "2024-05-01 08:00", "value": 300}],
        source="garmin:1",
        metric="steps",
        activity="walking",
        device_date="2024-05-01",
    )

    assert reconciled(layers, "source, is_comparable") == [("garmin:1", False)]


def test_each_source_and_person_stands_alone(layers):
    for subject in ("me", "you"):
        add(layers, "massage.measures", [{**STEPS, "value": 600, "source": "fitbit", "subject": subject}])
    add(layers, "stg.day_values", [{**TOLD, "value": value, "source": name} for name, value in (("a", 1), ("b", 2))])

    assert reconciled(layers, "subject, source, vendor_value") == [("me", "a", 1), ("me", "b", 2)]
