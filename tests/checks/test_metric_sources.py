"""Each rule of what counts for a metric, and of what changed, is broken by a change of its own."""

from collections.abc import Callable

import pytest

pytestmark = pytest.mark.slow

Broken = Callable[[str, str], set[str]]  # relation, change -> sentences of the checks that fail
SOUND = """
delete from pub.metric_sources; delete from pub.device_changes;
insert into pub.metric_sources values
    ('me', 'steps', '2026-01-01', '2026-01-20', 'old', 20), ('me', 'steps', '2026-01-21', '2026-02-20', 'new', 30);
insert into pub.device_changes values
    ('me', '2026-01-21', 'device', 'old', 'new', null, null, 'steps'),
    ('me', '2026-02-01', 'firmware', 'new', 'new', '1', '2', 'steps');
"""
STRETCHES = [
    ("insert into pub.metric_sources from pub.metric_sources", "A stretch of a metric is told once."),
    ("update pub.metric_sources set sources = null", "Every stretch has its sources."),
    ("update pub.metric_sources set valid_days = 13", "A stretch has at least 14 valid days."),
    ("update pub.metric_sources set valid_days = 32", "Every stretch has room for its days."),
    ("update pub.metric_sources set last_date = '2026-01-25'", "No two stretches of a metric overlap."),
    ("update pub.metric_sources set sources = 'old'", "From one stretch to the next the sources change."),
]
CHANGES = [
    ("update pub.device_changes set what = 'strap'", "What changed is a device or its firmware."),
    ("update pub.device_changes set local_date = null", "Every change has its date."),
    ("insert into pub.device_changes from pub.device_changes", "A change is told once."),
    (
        "update pub.device_changes set source_after = 'old' where what = 'device'",
        "A change of device has another source before and after, and a metric it touches.",
    ),
    (
        "update pub.device_changes set firmware_after = '1' where what = 'firmware'",
        "A change of firmware has another version before and after, of the same device.",
    ),
    (
        "update pub.device_changes set local_date = '2026-01-22' where what = 'device'",
        "A change of device is the first day of a source of some metric.",
    ),
]


@pytest.mark.parametrize("relation", ["metric_sources", "device_changes"])
def test_without_a_change_every_rule_holds(broken: Broken, relation: str) -> None:
    assert broken(relation, SOUND) == set()


@pytest.mark.parametrize(
    ("relation", "change", "sentence"),
    [("metric_sources", *rule) for rule in STRETCHES] + [("device_changes", *rule) for rule in CHANGES],
)
def test_each_rule_is_broken_by_a_change_of_its_own(broken: Broken, relation: str, change: str, sentence: str) -> None:
    assert sentence in broken(relation, f"{SOUND} {change}")
