"""What we know of Google Fit's Takeout, with values worked out by hand."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import homes
import pytest
from one_reader import BERLIN, Reading, folder, rows, skipped, summary
from places import REAL, SAMPLES

from recovery.formats.entries import Entry
from recovery.formats.records import FileSummary, Yielded
from recovery.readers import google_fit_takeout

SAMPLES = SAMPLES / "google_fit_takeout"
STEPS, HEART, SLEEP = "com.google.step_count.delta", "com.google.heart_rate.bpm", "com.google.sleep.segment"
MERGED = f"derived:{STEPS}:com.google.android.gms:merge_step_deltas"
BAND = f"raw:{STEPS}:com.xiaomi.hm.health:Xiaomi:Mi Band 6:1a2b3c4d:steps"
EIGHT = datetime(2026, 9, 12, 8)
DAYS = "Date,Move Minutes count,Calories (kcal),Distance (m),Low latitude (deg),Step count,Average weight (kg)\n"
WINDOWS = "Start time,End time,Move Minutes count,Calories (kcal),Distance (m),Low latitude (deg),Step count\n"


def entry(path: str, content: str | bytes | dict[str, Any]) -> Entry:
    text = json.dumps(content) if isinstance(content, dict) else content
    data = text.encode() if isinstance(text, str) else text
    return Entry(path, len(data), partial(io.BytesIO, data))


def point(value: float, start: datetime = EIGHT, seconds: int = 60, **changes: object) -> dict[str, Any]:
    nanos = int(start.replace(tzinfo=UTC).timestamp()) * 10**9
    return {
        "fitValue": [{"value": {"intVal" if isinstance(value, int) else "fpVal": value}}],
        "originDataSourceId": "",
        "startTimeNanos": nanos,
        "endTimeNanos": nanos + seconds * 10**9,
        **changes,
    }


def stream(data_source: str, *points: object) -> dict[str, Any]:
    return {"Data Source": data_source, "Data Points": list(points)}


def session(**changes: object) -> dict[str, Any]:
    return {
        "fitnessActivity": "walking",
        "name": "with a friend",
        "startTime": "2026-09-12T10:00:00.000+02:00",
        "endTime": "2026-09-12T10:20:00.000+02:00",
        "aggregate": [
            {"metricName": STEPS, "intValue": 1900},
            {"metricName": "com.google.distance.delta", "floatValue": 1400.5},
        ],
        "application": {"packageName": "com.google.android.apps.fitness"},
        **changes,
    }


def read(content: str | bytes | dict[str, Any], name: str = "file") -> list[Yielded]:
    return list(google_fit_takeout.read([entry(name, content)], BERLIN))


def claimed(*files: Entry) -> dict[str, str]:
    return dict(google_fit_takeout.claims(files))


@pytest.mark.parametrize(
    "headings",
    [
        "Date,Steps,Distance (mi),Active Calories (kcal),Weight (lb),Avg Heart Rate (bpm)",
        "Fecha,Pasos,Distancia (m),Calorías activas (kcal),Dolor de espalda (0-10)",
        "Datum,Schritte,Strecke (m),Kalorien (kcal)",
    ],
)
def test_a_persons_own_table_of_days_is_not_taken_for_fits(headings: str) -> None:
    assert claimed(entry("my days.csv", f"{headings}\n2026-05-04,1,2,3,4,5\n")) == {}
    assert list(claimed(entry("days.csv", DAYS))) == ["days.csv"]


@pytest.mark.parametrize(
    ("type_name", "value", "metric", "read_as", "seconds"),
    [
        (STEPS, 90, "steps", 90.0, 60),
        ("com.google.distance.delta", 63.5, "distance_m", 63.5, 60),
        ("com.google.active_minutes", 1, "active_s", 60.0, 60),
        (HEART, 81.0, "heart_rate_bpm", 81.0, 0),
        ("com.google.oxygen_saturation", 95.5, "spo2_share", 0.955, 0),
    ],
)
def test_a_point_of_a_stream_is_utc(type_name: str, value: float, metric: str, read_as: float, seconds: int) -> None:
    found = read(stream(f"derived:{type_name}:com.google.android.gms:merge_it", point(value)))

    ((source, name, start, end, number),) = rows(found, "samples", "source", "metric", "start_utc", "end_utc", "value")
    assert (source, name, start, end - start) == ("google_fit", metric, EIGHT, timedelta(seconds=seconds))
    assert number == pytest.approx(read_as)


@pytest.mark.parametrize(
    ("data_source", "source"),
    [
        (MERGED, "google_fit"),
        (BAND, "google_fit:xiaomi_mi_band_6"),
        (
            f"raw:{STEPS}:com.google.android.apps.fitness:user_input",
            "google_fit:com.google.android.apps.fitness_user_input",
        ),
        (
            f"derived:{STEPS}:com.google.android.gms:estimated_steps",
            "google_fit:com.google.android.gms_estimated_steps",
        ),
    ],
)
def test_a_stream_is_the_source_its_data_source_names_without_the_devices_own_id(data_source: str, source: str) -> None:
    found = read(stream(data_source, point(90)))

    assert rows(found, "samples", "source") == [(source,)]
    assert "1a2b3c4d" not in repr(found)


def test_streams_that_a_merged_one_holds_are_not_needed_beside_it() -> None:
    merged, band = entry("a.json", stream(MERGED, point(90))), entry("b.json", stream(BAND, point(90)))
    heart = entry("c.json", stream(f"raw:{HEART}:com.xiaomi.hm.health:x", point(81.0)))

    assert claimed(merged, band, heart) == {
        "a.json": "",
        "b.json": "known and not needed: Google's merged stream of the same export holds it once",
        "c.json": "",
    }
    assert claimed(band) == {"b.json": ""}


def test_places_and_weight_are_known_and_never_read() -> None:
    files = [
        entry(f"{kind}.json", stream(f"raw:com.google.{kind}:com.google.android.gms:x", point(70.5)))
        for kind in ("weight", "location.sample", "calories.expended")
    ]

    assert set(claimed(*files).values()) == {"known and not needed for movement, rest and sleep"}


def test_stages_less_than_an_hour_apart_are_one_night_of_their_app() -> None:
    origin = f"raw:{SLEEP}:com.xiaomi.hm.health:Xiaomi:Mi Band 6:1a2b3c4d:"
    start = datetime(2026, 9, 12, 21)
    pieces = [(0, 60, 1), (60, 120, 4), (150, 240, 5), (240, 300, 6), (360, 420, 2), (420, 430, 3), (430, 440, 0)]

    found = read(
        stream(
            f"derived:{SLEEP}:com.google.android.gms:merged",
            *[
                point(stage, start + timedelta(minutes=first), (last - first) * 60, originDataSourceId=origin)
                for first, last, stage in pieces
            ],
        )
    )

    first, second = "stages 2026-09-12T21:00:00", "stages 2026-09-13T03:00:00"
    assert rows(found, "sleep_sessions", "source", "session_key", "start_utc", "end_utc") == [
        ("google_fit:com.xiaomi.hm.health", first, start, start + timedelta(minutes=300)),
        ("google_fit:com.xiaomi.hm.health", second, start + timedelta(minutes=360), start + timedelta(minutes=430)),
    ]
    assert rows(found, "sleep_stages", "session_key", "stage") == [
        (first, "awake"),
        (first, "light"),
        (first, "deep"),
        (first, "rem"),
        (second, "asleep"),
        (second, "awake"),
    ]
    assert summary(found).message == "pieces of sleep of no known stage or no length left out: 1"


def test_a_walk_is_an_activity_and_tells_its_offset_but_not_its_name() -> None:
    found = read(session())

    assert rows(found, "activities", "source", "start_utc", "end_utc", "sport", "steps", "distance_m") == [
        (
            "google_fit:com.google.android.apps.fitness",
            EIGHT,
            EIGHT + timedelta(minutes=20),
            "walking",
            1900.0,
            1400.5,
        )
    ]
    assert rows(found, "clock_offsets", "time_utc", "offset_s") == [(EIGHT, 7200)]
    assert "friend" not in repr(found)


def test_a_session_in_utc_tells_no_clock() -> None:
    found = read(session(startTime="2026-09-12T08:00:00Z", endTime="2026-09-12T08:20:00Z", application=None))

    assert rows(found, "activities", "source", "start_utc") == [("google_fit", EIGHT)]
    assert rows(found, "clock_offsets", "offset_s") == []


def test_a_session_of_sleep_is_a_night_without_levels() -> None:
    found = read(session(fitnessActivity="sleep", application={"packageName": "com.xiaomi.hm.health"}))

    assert rows(found, "sleep_sessions", "source", "session_key", "start_utc") == [
        ("google_fit:com.xiaomi.hm.health", "session 2026-09-12T08:00:00", EIGHT)
    ]
    assert rows(found, "sleep_stages", "stage", "start_utc", "end_utc") == [
        ("asleep", EIGHT, EIGHT + timedelta(minutes=20))
    ]


def test_meditation_is_no_movement() -> None:
    found = read(session(fitnessActivity="meditation"))

    assert rows(found, "activities", "sport") == []
    assert summary(found).message == "left out: meditation is no movement"


def test_a_day_has_what_its_cells_tell() -> None:
    found = read(DAYS + "2026-09-12,22,1651.0,429.8,52.5,981,70.5\n2026-09-13,,1478.6,,,,\n2026-09-14,,,,,0,\n")

    day = date(2026, 9, 12)
    assert rows(found, "day_values", "source", "local_date", "metric", "value") == [
        ("google_fit", day, "steps", 981.0),
        ("google_fit", day, "distance_m", 429.8),
        ("google_fit", day, "moving_min", 22.0),
        ("google_fit", date(2026, 9, 14), "steps", 0.0),
    ]
    assert summary(found) == FileSummary(0, datetime(2026, 9, 14, 22), "dates without steps, distance and minutes: 1")


def test_quarter_hours_keep_their_own_offset_over_the_change_of_the_clock() -> None:
    found = read(
        WINDOWS
        + "01:45:00.000+02:00,02:00:00.000+02:00,,16,,,7\n"
        + "02:45:00.000+02:00,02:00:00.000+01:00,3,16,120.5,,150\n"
        + "23:45:00.000+01:00,00:00:00.000+01:00,,16,,,30\n",
        "2026-10-25.csv",
    )

    steps = [row[1:] for row in rows(found, "samples", "metric", "start_utc", "end_utc", "value") if row[0] == "steps"]
    assert steps == [
        (datetime(2026, 10, 24, 23, 45), datetime(2026, 10, 25, 0, 0), 7.0),
        (datetime(2026, 10, 25, 0, 45), datetime(2026, 10, 25, 1, 0), 150.0),
        (datetime(2026, 10, 25, 22, 45), datetime(2026, 10, 25, 23, 0), 30.0),
    ]
    assert sorted(offset for (offset,) in rows(found, "clock_offsets", "offset_s")) == [3600, 7200]


def test_quarter_hours_without_offset_are_local() -> None:
    found = read(WINDOWS + "10:00:00.000,10:15:00.000,,16,,,7\n", "2026-09-12.csv")

    assert rows(found, "samples", "start_utc") == [(EIGHT,)]
    assert rows(found, "clock_offsets", "offset_s") == []


@pytest.mark.parametrize(
    "bad",
    [
        {},
        None,
        point(90, fitValue=[]),
        point(90, fitValue=[{"value": {"stringVal": "x"}}]),
        point(-1),
        point(float("nan")),
        point(90, startTimeNanos="soon"),
        point(90, startTimeNanos=True),
        point(90, startTimeNanos=0),
        point(90, seconds=-60),
        point(90, seconds=86_400 * 3),
        point(90, startTimeNanos=10**40),
    ],
)
def test_a_damaged_point_is_skipped_and_the_others_are_as_before(bad: object) -> None:
    before, after = read(stream(MERGED, point(90), point(91))), read(stream(MERGED, point(90), bad, point(91)))

    assert skipped(before) == []
    assert skipped(after) == ["point 2"]
    assert rows(before, "samples", "value") == rows(after, "samples", "value") == [(90.0,), (91.0,)]


@pytest.mark.parametrize(
    ("content", "name", "place"),
    [
        (session(startTime="soon"), "file", ""),
        (session(startTime="2026-09-12T10:00:00"), "file", ""),
        (session(endTime="2026-09-12T08:00:00+02:00"), "file", ""),
        (session(aggregate=[{}]), "file", ""),
        (DAYS + "soon,22,1651.0,429.8,52.5,981,70.5\n", "file", "row 2"),
        (DAYS + "1970-01-01,22,1651.0,429.8,52.5,981,70.5\n", "file", "row 2"),
        (DAYS + "2026-09-12,22,1651.0,-1,52.5,981,70.5\n", "file", "row 2"),
        (DAYS + "2026-09-12,22\n", "file", "row 2"),
        (WINDOWS + "noon,10:15:00.000,,16,,,7\n", "2026-09-12.csv", "row 2"),
        (WINDOWS + "08:00:00.000,12:15:00.000,,16,,,7\n", "2026-09-12.csv", "row 2"),
        ({"fitnessActivity": 1}, "file", ""),
        (stream("raw:com.google.weight:com.google.android.gms:x", point(70.5)), "file", ""),
    ],
)
def test_what_cannot_be_read_is_skipped(content: str | dict[str, Any], name: str, place: str) -> None:
    found = read(content, name)

    assert skipped(found) == [place]
    assert rows(found, "day_values", "value") == rows(found, "samples", "value") == []
    assert rows(found, "activities", "sport") == []


def test_a_long_stream_is_read_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    points = [point(number, EIGHT + timedelta(minutes=number), note="ä€🎈") for number in range(50)]
    content = json.dumps(stream(MERGED, *points), ensure_ascii=False, indent=1).encode()
    monkeypatch.setattr(google_fit_takeout, "CHUNK_BYTES", 7)
    monkeypatch.setattr(google_fit_takeout, "ROWS_PER_BATCH", 20)

    assert rows(read(content), "samples", "value") == [(float(number),) for number in range(50)]


def test_a_stream_cut_short_gives_what_stands_before_the_cut() -> None:
    whole = json.dumps(stream(MERGED, point(90), point(91)))

    found = read(whole[:-10])

    assert rows(found, "samples", "value") == [(90.0,)]
    assert skipped(found) == ["after point 1"]
    assert summary(found).is_partial


def test_a_stream_without_points_holds_no_entries() -> None:
    assert summary(read(stream(MERGED))).message == "holds no entries"


def test_a_table_far_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(google_fit_takeout, "MAX_TABLE_BYTES", 10)

    found = read(DAYS + "2026-09-12,22,1651.0,429.8,52.5,981,70.5\n")

    assert rows(found, "day_values", "value") == []
    assert summary(found).is_partial


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", {"Data Source": "steps", "Data Points": []}),
        ("a.json", {"Data Points": []}),
        ("a.json", b'{"Data Source": "raw:\\q", "Data Points": ['),
        ("a.json", [1]),
        ("a.json", {"startTime": "2026-09-12T08:00:00Z"}),
        ("a.csv", "Date,Step count,Weight\n2026-09-12,3,4\n"),
        ("a.csv", "Date,pain\n2026-09-12,3\n"),
        ("a.csv", WINDOWS),  # of which day?
        ("a.csv", b""),
    ],
)
def test_what_is_not_surely_google_fits_is_left_to_others(name: str, content: Any) -> None:
    text = json.dumps(content) if isinstance(content, list) else content

    assert claimed(entry(name, text)) == {}
    assert skipped(read(text, name)) == [""]


# ---- whole exports ------------------------------------------------------------


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[homes.HomeAtWork]:
    folder = tmp_path_factory.mktemp("fit") / "home"
    exports = {f"{sample}.zip": SAMPLES / sample for sample in ("english", "dutch")}
    with homes.of_exports(folder, exports) as made:
        yield made


def test_steps_told_by_stream_device_quarter_hour_and_day_are_counted_once(home: homes.HomeAtWork) -> None:
    assert home.rows("select local_date, value, source from daily.steps order by local_date") == [
        (date(2026, 10, 24), 500.0, "google_fit"),  # 90 + 110 + 300; the day's row of the Dutch export says 981
        (date(2026, 10, 25), 190.0, "google_fit"),  # 150 + 10 + 30
    ]


def test_of_a_night_told_as_session_and_as_stages_the_stages_count(home: homes.HomeAtWork) -> None:
    assert home.rows(
        "select local_date, is_main, source, asleep_min, light_min, deep_min, rem_min"
        " from stg.nights order by onset_utc"
    ) == [
        (date(2026, 10, 25), True, "google_fit:com.xiaomi.hm.health", 465.0, 135.0, 120.0, 210.0),
        (date(2026, 10, 25), False, "google_fit:com.xiaomi.hm.health", 60.0, None, None, None),
    ]


def test_the_real_daily_file_is_read_to_the_last_cell(real: Path) -> None:
    (path,) = (real / "google_fit").rglob("Daily activity metrics.csv")
    table = [line.split(",") for line in path.read_text().splitlines()]
    cells = {name: [row[table[0].index(name)] for row in table[1:]] for name in table[0]}

    found = read(path.read_bytes(), path.name)

    for metric, name in (("steps", "Step count"), ("distance_m", "Distance (m)"), ("moving_min", "Move Minutes count")):
        values = [value for kind, value in rows(found, "day_values", "metric", "value") if kind == metric]
        told_cells = [float(cell) for cell in cells[name] if cell]
        assert len(values) == len(told_cells) > 200
        assert sum(values) == pytest.approx(sum(told_cells))
    assert skipped(found) == []


def test_tables_in_french_and_german_are_read_as_those_in_english() -> None:
    french, german = (Reading("google_fit_takeout", folder(SAMPLES / name)) for name in ("french", "german"))

    assert french.days("steps") == {date(2026, 5, 1): 114}
    assert french.days("distance_m") == {date(2026, 5, 1): 80.5}
    assert french.rows("samples", "metric", "start_utc", "value") == [
        ("steps", datetime(2026, 5, 1, 7), 114),
        ("distance_m", datetime(2026, 5, 1, 7), 80),
    ]
    assert german.rows("samples", "metric", "start_utc", "value") == [
        ("steps", datetime(2026, 5, 4, 8), 900),
        ("distance_m", datetime(2026, 5, 4, 8), 700),
        ("active_s", datetime(2026, 5, 4, 8), 600),
    ]


@pytest.mark.skipif(not (REAL / "pain_diaries").is_dir(), reason="the real diaries (../shared/data/real) are not here")
def test_steps_of_real_quarter_hours_in_french_counted_anew() -> None:
    paths = sorted((REAL / "pain_diaries").rglob("smartphone1/dailyAggregations/20*.csv"))
    told = [
        float(row["Nombre de pas"])
        for path in paths
        for row in csv.DictReader(path.read_text("utf-8").splitlines())
        if row["Nombre de pas"]
    ]

    found = Reading("google_fit_takeout", [Entry(p.name, p.stat().st_size, partial(open, p, "rb")) for p in paths])

    assert [value for (value,) in found.rows("samples", "value", metric="steps")] == told
    assert len(paths) == 37
