"""The stream of XML that TCX and GPX share, and what the points of a recording become."""

import io
import random
from collections import Counter
from datetime import datetime, timedelta

import pytest
from places import SAMPLES

from recovery.formats.activity_xml import DamagedXmlError, Recording, events, parts, root_of, slug
from recovery.formats.entries import Context, Entry
from recovery.formats.records import Batch, FileSummary
from recovery.home.clock import FIRST_UTC, LAST_UTC
from recovery.readers import gpx_files, tcx_files

START = datetime(2026, 5, 4, 16)
CONTEXT = Context(zone_at=lambda _: "Europe/Berlin", to_utc=lambda wall: wall)


def minutes(recording: Recording) -> list[tuple[float, float]]:
    """From when to when it ran, in minutes from its start."""
    return [
        ((part["start_utc"] - START) / timedelta(minutes=1), (part["end_utc"] - START) / timedelta(minutes=1))
        for part in parts(recording, "gpx", Counter())
        if isinstance(part["start_utc"], datetime) and isinstance(part["end_utc"], datetime)
    ]


def times(*at: float) -> list[datetime]:
    return [START + timedelta(minutes=minute) for minute in at]


@pytest.mark.parametrize(
    ("head", "root"),
    [
        (b"<gpx>", "gpx"),
        (b'\xef\xbb\xbf  <?xml version="1.0"?><!-- <html> --><x:gpx a="b">', "gpx"),
        (b'<!DOCTYPE gpx [<!ENTITY a "b">]><gpx>', "gpx"),
        ("<gpx/>".encode("utf-16"), "gpx"),
        (b"gpx", ""),
        (b"", ""),
    ],
)
def test_the_first_element_names_a_file(head: bytes, root: str) -> None:
    assert root_of(head) == root


def test_texts_are_kept_of_named_elements_only_and_places_never() -> None:
    found = [
        (event.name, event.parent, event.text, event.attributes)
        for event in events(io.BytesIO(b'<a lat="1" x="2"><b>kept</b><c>secret</c>\n<n:b>m<i/>n</n:b></a>'), {"b"})
        if event.is_end
    ]

    assert found == [
        ("b", "a", "kept", {}),
        ("c", "a", "", {}),
        ("i", "b", "", {}),
        ("b", "a", "n", {}),
        ("a", "", "", {"x": "2"}),
    ]


def test_all_before_the_damage_is_given() -> None:
    stream = events(io.BytesIO(b"<a><b>1</b><b>2</a>"), {"b"})

    assert [(event.name, event.text) for event in (next(stream) for _ in range(4))] == [
        ("a", ""), ("b", ""), ("b", "1"), ("b", ""),
    ]  # fmt: skip
    with pytest.raises(DamagedXmlError, match="cut short or damaged"):
        next(stream)


@pytest.mark.parametrize(
    ("recording", "ran"),
    [
        (Recording(times=times(0, 2, 4)), [(0, 4)]),
        (Recording(times=times(4, 0, 2)), [(0, 4)]),
        (Recording(times=times(0, 5, 10)), [(0, 10)]),
        (Recording(times=times(0, 1, 2, 7.1, 8)), [(0, 2), (7.1, 8)]),
        (Recording(times=times(0, 1, 2, 30)), [(0, 2)]),
        (Recording(times=times(0, 10, 20, 30)), [(0, 30)]),
        (Recording(times=times(0, 1, 20, 21), timed_s=120), [(0, 1), (20, 21)]),
        (Recording(times=times(0, 1, 20, 21), timed_s=1260), [(0, 21)]),
        (Recording(times=times(0, 10, 40, 50), timed_s=1200), [(0, 10), (40, 50)]),
        (Recording(spans=[(START, START + timedelta(minutes=3))]), [(0, 3)]),
        (Recording(times=times(7)), []),
        (Recording(), []),
    ],
    ids=str,
)
def test_from_when_to_when_a_recording_ran(recording: Recording, ran: list[tuple[float, float]]) -> None:
    assert minutes(recording) == [pytest.approx(piece) for piece in ran]


def test_what_a_recording_adds_up_to_is_shared_out_by_time() -> None:
    recording = Recording("running", times(0, 3, 20, 23, 26), distance_m=900, steps=300)

    assert [
        (part["distance_m"], part["steps"], part["active_energy_kcal"]) for part in parts(recording, "gpx", Counter())
    ] == [
        (300.0, 100.0, None),
        (600.0, 200.0, None),
    ]


@pytest.mark.parametrize(("name", "expected"), [("Edge 530", "edge_530"), ("Ünï – é!", "n"), ("x" * 90, "x" * 40)])
def test_a_name_as_part_of_a_source(name: str, expected: str) -> None:
    assert slug(name) == expected


@pytest.mark.parametrize(("reader", "kind"), [(tcx_files, "tcx_files"), (gpx_files, "gpx_files")])
def test_no_damage_makes_a_reader_stumble(reader: object, kind: str) -> None:
    noise = random.Random(2026)  # noqa: S311
    contents = [path.read_bytes() for path in sorted((SAMPLES / kind).rglob(f"*.{kind[:3]}"))]
    entries = []
    for number in range(200):
        content = bytearray(noise.choice(contents))
        for _ in range(noise.choice([1, 3, 20])):
            content[noise.randrange(len(content))] = noise.randrange(256)
        entries.append(Entry(f"{number}", len(content), lambda content=bytes(content): io.BytesIO(content)))

    found = list(reader.read(entries, CONTEXT))

    assert [item.file for item in found if isinstance(item, FileSummary)] == list(range(len(entries)))
    for item in found:
        if isinstance(item, Batch) and item.record != "clock_offsets":
            assert all(FIRST_UTC < row["start_utc"] <= row["end_utc"] < LAST_UTC for row in item.table.to_pylist())
