"""What a reader leaves out, summed for the ledger, and what the ledger adds up."""

from datetime import date, datetime

from recovery import warehouse
from recovery.formats.records import SAMPLE_METRICS, STAGES, Removed
from recovery.formats.removed_numbers import RemovedNumbers
from recovery.vocabulary.summed_metrics import OF_ACTIVITIES, STAGE_METRICS, SUMMED_METRICS, UNUSED_DURATIONS

NIGHT = datetime(2026, 5, 2, 6)


def test_numbers_are_summed_by_metric_source_date_and_reason() -> None:
    removed = RemovedNumbers(3)
    for steps in (100.0, 20.0):
        removed.add("steps", "twice", steps, source="watch", day=NIGHT, fate="same")
    removed.add("heart_rate_bpm", "no heart", records=7)
    removed.add_stage("deep", "twice", 45.0, day=NIGHT, fate="same")

    assert removed.rows() == (
        Removed(3, "steps", 2, "twice", 120.0, "watch", date(2026, 5, 2), "same"),
        Removed(3, "heart_rate_bpm", 7, "no heart"),
        Removed(3, "asleep_min", 1, "twice", 45.0, "", date(2026, 5, 2), "same"),
        Removed(3, "deep_min", 1, "twice", 45.0, "", date(2026, 5, 2), "same"),
    )


def test_each_stage_has_a_line_and_each_sum_a_metric_that_records_or_days_have() -> None:
    metrics = {relation.name for relation in warehouse.relations() if relation.layer == "daily"}
    unused = {*UNUSED_DURATIONS, *OF_ACTIVITIES}
    states = {"activity_min", *unused, *(metric for metrics_of in STAGE_METRICS.values() for metric in metrics_of)}

    assert set(STAGE_METRICS) == set(STAGES)
    assert {each.metric for each in SUMMED_METRICS} <= {*SAMPLE_METRICS, *metrics, *states}
    assert {each.ledger_metric for each in SUMMED_METRICS} <= {*metrics, *states}
    assert len({each.metric for each in SUMMED_METRICS}) == len(SUMMED_METRICS)
