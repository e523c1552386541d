"""Damage that once made a reader fail, or two readers claim a file (found by tests/fuzz): it costs what it damages."""

import io
from dataclasses import replace
from functools import partial

import pytest
from one_reader import BERLIN, folder, skipped
from places import SAMPLES

from recovery.formats.records import FileSummary, Skipped
from recovery.inbox.claims import claims_of
from recovery.readers import readers

# sample, file, what stands there, what stands there instead, how many more rows cannot be read
DAMAGE = [
    ("fitbit_takeout/google_health", "heart_rate-2026-10-24.json", b": 3\n", b": 1000000000000000000000000000000\n", 0),
    (
        "health_auto_export/icloud", "Metrics/HealthAutoExport-2026-05-04.json",
        b'"source": "client_1\'s Watch"', b'"source": 9', 1,
    ),
    ("fitbit_web_api/answers", "heart.json", b'"value": 71', b'"value": ' + b"9" * 400, 1),
    (
        "actigraph_csv/epochs", "incline10sec.csv",
        b"Download Date", b"Download Date " + b"9" * 30 + b"/1/1 Download Date", 0,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("sample", "name", "old", "new", "lost"), DAMAGE)
def test_damage_costs_what_it_damages(sample: str, name: str, old: bytes, new: bytes, lost: int) -> None:
    reader = readers()[sample.partition("/")[0]]
    files = folder(SAMPLES / sample)
    (entry,) = [entry for entry in files if entry.path.endswith(name)]
    content = entry.read()
    assert old in content
    damaged = content.replace(old, new, 1)

    before = list(reader.read([entry], BERLIN))
    after = list(reader.read([replace(entry, size=len(damaged), opener=partial(io.BytesIO, damaged))], BERLIN))

    assert len(skipped(after)) == len(skipped(before)) + lost
    assert any(isinstance(item, FileSummary | Skipped) for item in after)


def test_of_a_vendors_reader_and_one_of_logs_the_vendors_counts() -> None:
    (entry,) = folder(SAMPLES / "bearable_csv" / "older")
    content = entry.read()
    start = content.index(b"\n")
    damaged = b"date,pain," + content[:start] + content[start:].replace(b"\n", b"\n2026-05-04,5,")

    claims, problems = claims_of([replace(entry, known_head=damaged)])

    assert problems == {}
    assert claims[entry.path][0] == "bearable_csv"


def test_a_damaged_heading_of_google_fit_is_not_claimed_by_another_vendors_reader() -> None:
    files = folder(SAMPLES / "google_fit_takeout" / "dutch")
    entry = next(entry for entry in files if entry.head.startswith(b"Date,") and b"Average heart rate" in entry.head)
    damaged = entry.head.replace(b"Average heart rate", b"]]> heart rate")

    claims, problems = claims_of([replace(entry, known_head=damaged)])

    assert problems == {}
    assert claims[entry.path][0] == "google_fit_takeout"
