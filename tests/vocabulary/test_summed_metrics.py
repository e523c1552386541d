"""Of which metrics the ledger adds up the values."""

import json

from places import TESTS

from recovery.vocabulary.summed_metrics import SUMMED_METRICS


def test_all_minutes_that_readers_report_of_a_date_are_summed() -> None:
    reported = {
        json.loads(line)["day_values"]["metric"]
        for golden in sorted((TESTS / "samples").glob("*/*.golden.jsonl"))
        for line in golden.read_text(encoding="utf-8").splitlines()
        if '"day_values": {' in line
    }
    minutes = {metric for metric in reported if metric.endswith("_min")}

    assert len(minutes) > 10
    assert minutes <= {each.metric for each in SUMMED_METRICS}
