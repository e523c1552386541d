"""GPX, with values worked out by hand, and the real files."""

import io
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from one_reader import rows, summary

from recovery.formats.entries import Context, Entry
from recovery.formats.records import Batch, Skipped, Yielded
from recovery.readers import apple_health, gpx_files

CONTEXT = Context(zone_at=lambda _: "Europe/Berlin", to_utc=lambda wall: wall)
START = datetime(2026, 5, 4, 16)


def entry(content: str | bytes, name: str = "track.gpx") -> Entry:
    data = content.encode() if isinstance(content, str) else content
    return Entry(name, len(data), partial(io.BytesIO, data))


def read(content: str | bytes) -> list[Yielded]:
    return list(gpx_files.read([entry(content)], CONTEXT))


def point(second: float, extension: str = "") -> str:
    time = f"{START + timedelta(seconds=second):%Y-%m-%dT%H:%M:%SZ}"
    return f'<trkpt lat="12.3456" lon="65.4321"><ele>3</ele><time>{time}</time>{extension}</trkpt>'


def gpx(*tracks: str, creator: str = "watch") -> str:
    return f'<gpx version="1.1" creator="{creator}" xmlns="http://www.topografix.com/GPX/1/1">{"".join(tracks)}</gpx>'


def track(*segments: str, kind: str = "") -> str:
    return f"<trk>{kind}{''.join(f'<trkseg>{segment}</trkseg>' for segment in segments)}</trk>"


def test_each_track_is_an_activity_and_its_places_are_not_kept() -> None:
    found = read(gpx(track(point(0) + point(60)), track(point(9000) + point(9060), kind="<type>Hike</type>")))

    assert rows(found, "activities", "source", "start_utc", "end_utc", "sport", "distance_m") == [
        ("gpx:watch", START, START + timedelta(seconds=60), None, None),
        ("gpx:watch", START + timedelta(seconds=9000), START + timedelta(seconds=9060), "hiking", None),
    ]
    assert "12.3456" not in repr([item.table.to_pylist() for item in found if isinstance(item, Batch)])


def test_a_stop_of_more_than_five_minutes_parts_a_track_and_a_shorter_one_does_not() -> None:
    found = read(gpx(track(point(0) + point(60), point(360) + point(400), point(701) + point(800))))

    assert [
        ((start - START).total_seconds(), (end - START).total_seconds())
        for start, end in rows(found, "activities", "start_utc", "end_utc")
    ] == [(0.0, 400.0), (701.0, 800.0)]


def test_points_that_lie_far_apart_anyway_are_no_pauses() -> None:
    found = read(gpx(track("".join(point(600 * number) for number in range(4)))))

    assert rows(found, "activities", "start_utc", "end_utc") == [(START, START + timedelta(minutes=30))]


@pytest.mark.parametrize(
    "extension",
    [
        "<extensions><gpxtpx:TrackPointExtension><gpxtpx:hr>97</gpxtpx:hr></gpxtpx:TrackPointExtension></extensions>",
        "<extensions><gpxdata:hr>97.0</gpxdata:hr></extensions>",
        "<extensions><heartrate>97</heartrate></extensions>",
    ],
)
def test_heart_rates_by_the_name_of_each_maker(extension: str) -> None:
    found = read(gpx(track(point(0, extension) + point(60))))

    assert rows(found, "samples", "metric", "start_utc", "value") == [("heart_rate_bpm", START, 97.0)]


def test_metres_that_are_counted_on_are_taken_at_their_end() -> None:
    metres = "<extensions><gpxdata:distance>{}</gpxdata:distance></extensions>"
    found = read(gpx(track(point(0, metres.format(12)) + point(60, metres.format("90.5")))))

    assert rows(found, "activities", "distance_m") == [(90.5,)]


@pytest.mark.parametrize(
    ("kind", "sport"),
    [("<type>1</type>", "cycling"), ("<type>9</type>", "running"), ("<type>Ski</type>", "ski"), ("", None)],
)
def test_the_kind_of_a_track(kind: str, sport: str | None) -> None:
    assert rows(read(gpx(track(point(0) + point(60), kind=kind))), "activities", "sport") == [(sport,)]


def test_waypoints_and_routes_are_nothing_anybody_did() -> None:
    planned = f"<wpt lat='0' lon='0'><time>{START:%Y-%m-%dT%H:%M:%SZ}</time></wpt><rte><rtept lat='0' lon='0'/></rte>"
    found = read(gpx(planned))

    assert sum(len(item.table) for item in found if isinstance(item, Batch)) == 0
    assert summary(found).message == "tells no track with times"


def test_one_moment_is_no_activity_and_a_time_without_zone_is_utc() -> None:
    found = read(gpx(track(f"<trkpt lat='0' lon='0'><time>{START:%Y-%m-%dT%H:%M:%S}</time></trkpt>")))

    assert rows(found, "activities", "source") == []
    assert (
        summary(found).message
        == "activities left out that tell one moment only: 1; times without a zone, taken as UTC: 1"
    )


def test_a_drawn_route_is_known_and_not_needed_and_apples_are_left_to_apples_reader() -> None:
    drawn = entry(
        gpx("<trk><trkseg><trkpt lat='0' lon='0'/><trkpt lat='1' lon='0'></trkpt></trkseg></trk>"), "drawn.gpx"
    )
    apples = entry(gpx(track(point(0)), creator="Apple Health Export"), "a/workout-routes/route_2026-05-04.gpx")

    assert [(claim.path, bool(claim.not_needed)) for claim in gpx_files.claims([drawn, apples])] == [
        ("drawn.gpx", True)
    ]
    assert [claim.path for claim in apple_health.claims([drawn, apples])] == [apples.path]


def test_a_file_cut_short_and_a_hostile_one() -> None:
    whole = gpx(track(point(0) + point(60) + point(90)))
    cut = read(whole[: whole.rindex("<time>") + 9])
    hostile = read('<!DOCTYPE gpx [<!ENTITY a "b">]>' + whole)

    assert rows(cut, "activities", "end_utc") == [(START + timedelta(seconds=60),)]
    assert [item.place for item in cut if isinstance(item, Skipped)] == ["after point 2"]
    assert rows(hostile, "activities", "end_utc") == []
    assert len([item for item in hostile if isinstance(item, Skipped)]) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("1292585194-20906.gpx", ("gpx:gps_visualizer", 6004.0, None, 0)),
        ("A_ride_mapped_on_11_22_2011.gpx", None),
        ("Move_2014_01_16_19_48_44.gpx", ("gpx:movescount", 1656.45, 8548.0, 0)),
        ("Move_2014_01_17_09_33_11.gpx", ("gpx:movescount", 4509.93, 15552.0, 1405)),
        ("UrbanBiker2019-04-18_16-12.gpx", ("gpx:urban_biker_with_barometer", 3850.928, None, 2736)),
    ],
)
def test_real_files_worked_out_by_hand(
    real: Path, name: str, found: tuple[str, float, float | None, int] | None
) -> None:
    (path,) = (real / "gpx").rglob(name)
    (claim,) = gpx_files.claims([entry(path.read_bytes())])
    assert bool(claim.not_needed) == (found is None)
    if found is not None:
        read_rows = read(path.read_bytes())
        ((source, start, end, metres),) = rows(read_rows, "activities", "source", "start_utc", "end_utc", "distance_m")
        assert (source, (end - start).total_seconds(), metres, len(rows(read_rows, "samples", "value"))) == found
