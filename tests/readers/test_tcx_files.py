"""TCX, with values worked out by hand, malice, and the real files counted another way."""

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import pytest
from one_reader import rows, summary

from recovery.formats import activity_xml
from recovery.formats.entries import Context, Entry
from recovery.formats.records import Batch, Skipped, Yielded
from recovery.readers import tcx_files

CONTEXT = Context(zone_at=lambda _: "Europe/Berlin", to_utc=lambda wall: wall)
START = datetime(2026, 5, 4, 16)
HEAD = '<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2">'
ACTIVITY = ("start_utc", "end_utc", "sport", "steps", "distance_m", "active_energy_kcal")
BOMB = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">'
    '<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;">]>'
)


def entry(content: str | bytes, name: str = "activity.tcx") -> Entry:
    data = content.encode() if isinstance(content, str) else content
    return Entry(name, len(data), partial(io.BytesIO, data))


def read(content: str | bytes) -> list[Yielded]:
    return list(tcx_files.read([entry(content)], CONTEXT))


def reasons(found: list[Yielded]) -> list[str]:
    return [item.reason for item in found if isinstance(item, Skipped)]


def point(second: float, inside: str = "") -> str:
    return f"<Trackpoint><Time>{START + timedelta(seconds=second):%Y-%m-%dT%H:%M:%SZ}</Time>{inside}</Trackpoint>"


def heart(bpm: object) -> str:
    return f"<HeartRateBpm><Value>{bpm}</Value></HeartRateBpm>"


def lap(seconds: float, *points: str, start: float = 0, totals: str = "") -> str:
    begin = START + timedelta(seconds=start)
    return (
        f'<Lap StartTime="{begin:%Y-%m-%dT%H:%M:%SZ}"><TotalTimeSeconds>{seconds}</TotalTimeSeconds>{totals}'
        f"<Track>{''.join(points)}</Track></Lap>"
    )


def activity(*laps: str, sport: str = "Running", more: str = "") -> str:
    return (
        f'{HEAD}<Activities><Activity Sport="{sport}">{"".join(laps)}{more}</Activity></Activities>'
        "</TrainingCenterDatabase>"
    )


def test_laps_are_one_activity_and_their_totals_its_own() -> None:
    steps = "<Extensions><LX><Steps>900</Steps></LX></Extensions>"
    totals = f"<DistanceMeters>800.5</DistanceMeters><Calories>60</Calories>{steps}"
    found = read(
        activity(
            lap(300, point(0), point(300, heart(120)), totals=totals),
            lap(300, point(300), point(600, "<DistanceMeters>1601</DistanceMeters>"), start=300, totals=totals),
        )
    )

    assert rows(found, "activities", *ACTIVITY) == [
        (START, START + timedelta(minutes=10), "running", 1800.0, 1601.0, 120.0)
    ]
    assert rows(found, "samples", "metric", "start_utc", "value") == [
        ("heart_rate_bpm", START + timedelta(minutes=5), 120.0)
    ]


def test_a_pause_cuts_an_activity_and_its_totals_are_shared_out_by_time() -> None:
    totals = "<DistanceMeters>900</DistanceMeters>"
    found = read(activity(lap(540, point(0), point(180), point(4000), point(4360), totals=totals)))

    spans = rows(found, "activities", "start_utc", "end_utc", "distance_m")
    assert spans == [
        (START, START + timedelta(seconds=180), 300.0),
        (START + timedelta(seconds=4000), START + timedelta(seconds=4360), 600.0),
    ]


def test_points_far_apart_are_no_pause_where_the_clock_of_the_file_ran_on() -> None:
    found = read(activity(lap(1800, point(0), point(900), point(1800))))

    assert rows(found, "activities", "start_utc", "end_utc") == [(START, START + timedelta(seconds=1800))]


def test_a_lap_without_points_lasts_as_long_as_it_says() -> None:
    found = read(activity(lap(1200)))

    assert rows(found, "activities", "start_utc", "end_utc") == [(START, START + timedelta(minutes=20))]


def test_turns_of_a_pedal_are_no_steps_and_zero_is_not_measured() -> None:
    totals = "<DistanceMeters>0.0</DistanceMeters><Extensions><LX><Steps>1796</Steps></LX></Extensions>"
    found = read(activity(lap(600, totals=totals), sport="Biking"))

    assert rows(found, "activities", "sport", "steps", "distance_m") == [("cycling", None, None)]


@pytest.mark.parametrize(
    ("creator", "source"),
    [
        ("<Name>EDGE705</Name><UnitId>3471911100</UnitId>", "garmin:3471911100"),
        ("<Name>Polar Vantage V</Name><UnitId>0</UnitId>", "polar:vantage_v"),
        ("<Name>Coros Wearables</Name>", "coros:wearables"),
        ("<Name>My Bike Computer!</Name>", "tcx:my_bike_computer"),
        ("<UnitId>many</UnitId>", "tcx"),
    ],
)
def test_the_device_names_the_source_as_in_its_fit_files(creator: str, source: str) -> None:
    found = read(activity(lap(60), more=f"<Creator>{creator}</Creator>"))

    assert rows(found, "activities", "source") == [(source,)]


@pytest.mark.parametrize(("bpm", "kept"), [(60, [60.0]), (0, []), (251, []), ("", []), ("nan", []), (-4, [])])
def test_a_heart_rate_that_cannot_be_is_none(bpm: object, kept: list[float]) -> None:
    found = read(activity(lap(60, point(1, heart(bpm)))))

    assert [value for (value,) in rows(found, "samples", "value")] == kept


@pytest.mark.parametrize(
    "time", ["yesterday", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-10:00", "2150-01-01T00:00Z"]
)
def test_a_time_that_cannot_be_is_counted_and_the_rest_is_read(time: str) -> None:
    found = read(activity(lap(60, f"<Trackpoint><Time>{time}</Time>{heart(99)}</Trackpoint>", point(9, heart(98)))))

    assert rows(found, "samples", "value") == [(98.0,)]
    assert summary(found).message == "times that cannot be read, or of no year we read: 1"


def test_an_activity_that_lasts_longer_than_four_days_is_left_out_and_counted() -> None:
    far = [point(250 * number) for number in range(1500)]
    found = read(activity(lap(250 * 1499, *far)))

    assert rows(found, "activities", "source") == []
    assert summary(found).message == "activities left out that last longer than four days: 1"


def test_places_names_and_notes_are_not_in_what_is_read() -> None:
    place = (
        "<Position><LatitudeDegrees>12.3456</LatitudeDegrees><LongitudeDegrees>65.4321</LongitudeDegrees></Position>"
    )
    found = read(activity(lap(60, point(0, place), point(60, place)), more="<Notes>secret</Notes><Name>secret</Name>"))

    text = repr([item.table.to_pylist() if isinstance(item, Batch) else item for item in found])
    assert "12.3456" not in text
    assert "secret" not in text


@pytest.mark.parametrize(
    "content",
    [
        b"    \n" + activity(lap(60)).encode(),
        b"\xef\xbb\xbf  " + activity(lap(60)).encode(),
        ('<?xml version="1.0" encoding="UTF-16"?>' + activity(lap(60))).encode("utf-16"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?>' + activity(lap(60), more="<Notes>ü</Notes>")).encode("latin-1"),
        activity(lap(60), more="<Notes>a\x0bb</Notes>").encode(),
        activity(lap(60))
        .replace("Activit", "t:Activit")
        .replace("<Lap", "<t:Lap")
        .replace("</Lap", "</t:Lap")
        .encode(),
    ],
    ids=["blanks", "mark and blanks", "utf-16", "latin-1", "control character", "prefix nobody declared"],
)
def test_forms_that_programs_write(content: bytes) -> None:
    assert [claim.path for claim in tcx_files.claims([entry(content)])] == ["activity.tcx"]
    assert rows(read(content), "activities", "end_utc") == [(START + timedelta(seconds=60),)]


def test_a_file_cut_short_gives_what_stands_before_and_says_so() -> None:
    whole = activity(lap(60, point(0, heart(90)), point(30, heart(91)), point(60, heart(92))))
    found = read(whole[: whole.index("<Value>92")])

    assert rows(found, "activities", "end_utc") == [(START + timedelta(seconds=30),)]
    assert reasons(found) == ["the file is cut short or damaged here; what stands before was read"]
    assert summary(found).is_partial


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (BOMB + activity(lap(60, point(0, "<Notes>&e;</Notes>"))), "declares a document type"),
        ('<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>' + activity(lap(60)), "declares a document type"),
        ('<!DOCTYPE x SYSTEM "http://localhost/x.dtd">' + activity(lap(60)), "declares a document type"),
        (HEAD + "<a>" * 5000, "elements more than 100 deep"),
        (HEAD + "<a b='" + "x" * (9 << 20), "without end"),
        ('<?xml version="1.0" encoding="klingon"?>' + HEAD, "damaged"),
        (HEAD + "\0" * 99, "damaged"),
    ],
    ids=["laughs", "file", "net", "depth", "token", "encoding", "zeros"],
)
def test_malice_is_refused_and_ends_only_its_own_file(content: str, reason: str) -> None:
    found = read(content)

    assert sum(len(item.table) for item in found if isinstance(item, Batch)) == 0
    assert len(reasons(found)) == 1
    assert reason in reasons(found)[0]


def test_a_course_is_not_needed_and_other_xml_is_not_ours() -> None:
    course = entry(f"{HEAD}<Courses><Course/></Courses></TrainingCenterDatabase>", "course.tcx")
    other = entry(f"<html><!-- {HEAD} --><body/></html>", "page.tcx")

    assert [(claim.path, bool(claim.not_needed)) for claim in tcx_files.claims([course, other])] == [
        ("course.tcx", True)
    ]


@pytest.mark.parametrize("chunk", [1, 3, 100])
def test_however_the_stream_is_cut_the_same_is_read(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    content = b" \xef\xbb\xbf".strip() + b"  " + activity(lap(60, point(0, heart(90)), point(60))).encode()
    whole = rows(read(content), "samples", "value")
    monkeypatch.setattr(activity_xml, "CHUNK_BYTES", chunk)

    assert rows(read(content), "samples", "value") == whole == [(90.0,)]


def local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def named(element: ElementTree.Element, *names: str) -> Iterator[ElementTree.Element]:
    """The descendants along a path of names."""
    if not names:
        yield element
        return
    for child in element:
        if local(child) == names[0]:
            yield from named(child, *names[1:])


@pytest.mark.slow
def test_the_real_files_counted_by_another_parser(real: Path) -> None:
    paths = sorted((real / "tcx").rglob("*.tcx"))
    assert len(paths) == 13
    for path in paths:
        found = read(path.read_bytes())
        tree = ElementTree.parse(path).getroot()  # noqa: S314 - files that we know
        activities = [element for element in tree.iter() if local(element) == "Activity"]
        metres = sum(float(text.text or 0) for one in activities for text in named(one, "Lap", "DistanceMeters"))
        beats = {
            (time.text, bpm.text)
            for one in activities
            for spot in named(one, "Lap", "Track", "Trackpoint")
            for time, bpm in zip(named(spot, "Time"), named(spot, "HeartRateBpm", "Value"), strict=False)
            if float(bpm.text or 0) > 0
        }
        read_rows = rows(found, "activities", "start_utc", "end_utc", "distance_m")

        assert reasons(found) == []
        assert len(read_rows) >= len(activities) > 0
        assert sum(row[2] or 0 for row in read_rows) == pytest.approx(metres)
        assert len(rows(found, "samples", "value")) == len({time for time, _ in beats})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "source", "seconds", "metres"),
    [
        ("2020-02-05_17-25-14_Training-with-Notes.tcx", "polar:vantage_v", [6952.866], [None]),
        ("2009_01_09_11_13_14.tcx", "garmin:3471911100", [7767.0], [238.741821]),
        ("10kUNLP2014-Garmin15.tcx", "garmin:3885435205", [2224.0], [10010.82]),
        (
            "activity_165850259_multi-session.tcx", "garmin:3815748186",
            [3601.0, 2768.0, 3623.0, 2598.0], [7651.0292969, None, 9405.0283203, None],
        ),
    ],
)  # fmt: skip
def test_real_files_worked_out_by_hand(
    real: Path, name: str, source: str, seconds: list[float], metres: list[float | None]
) -> None:
    (path,) = (real / "tcx").rglob(name)
    found = rows(read(path.read_bytes()), "activities", "source", "start_utc", "end_utc", "distance_m")

    assert {row[0] for row in found} == {source}
    assert [(end - start).total_seconds() for _, start, end, _ in found] == seconds
    assert [row[3] for row in found] == [None if metre is None else pytest.approx(metre) for metre in metres]


def test_a_file_none_of_whose_times_can_be_read_says_so_with_the_first() -> None:
    text = activity(lap(1200, point(0), point(60))).replace("Z<", "ZZ<").replace('Z"', 'ZZ"')
    found = read(text)

    assert [(item.reason, item.value) for item in found if isinstance(item, Skipped)] == [
        ("none of its times can be read, or they are of no year we read", f"{START:%Y-%m-%dT%H:%M:%S}ZZ")
    ]
    assert summary(found).message == ""  # it would say the same
