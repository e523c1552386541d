"""What we know of Sleep as Android's export, with values worked out by hand."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import homes
import pytest
from one_reader import Reading, entry
from places import SAMPLES

from recovery import warehouse
from recovery.formats.entries import Entry
from recovery.readers import sleep_as_android

SAMPLE = SAMPLES / "sleep_as_android" / "backup"
NAMES = "Id,Tz,From,To,Sched,Hours,Rating,Comment,Framerate,Snore,Noise,Cycles,DeepSleep,LenAdjust,Geo"
START = datetime(2026, 9, 11, 21)  # 23:00 in Berlin
START_MS = 1_789_160_400_000


def record(*events: str, movement: str = "1.5", **cells: object) -> str:
    cells = {
        **dict.fromkeys(NAMES.split(","), ""),
        "Id": START_MS,
        "Tz": "Europe/Berlin",
        "Hours": "8.000",
        "DeepSleep": "-1.0",
        "LenAdjust": "0",
        **cells,
    }
    values = ",".join(f'"{value}"' for value in [*cells.values(), movement, *events])
    return f'{NAMES},"23:05"{",Event" * len(events)}\n{values}\n'


def event(label: str, minute: float, value: str = "") -> str:
    return f"{label}-{START_MS + round(minute * 60_000)}" + (f"-{value}" if value else "")


def read(*contents: str) -> Reading:
    return Reading("sleep_as_android", [entry("".join(contents), "sleep-export.csv")])


def minutes(found: Reading) -> list[tuple[float, float, str]]:
    return [
        ((start - START) / timedelta(minutes=1), (end - START) / timedelta(minutes=1), stage)
        for start, end, stage in found.rows("sleep_stages", "start_utc", "end_utc", "stage")
    ]


def test_a_night_begins_at_its_id_and_lasts_its_hours_whatever_the_local_times_say() -> None:
    found = read(record(From="25. 10. 2026 2:30", To="25. 10. 2026 2:10", Hours="7.505"))

    assert found.rows("sleep_sessions", "session_key", "start_utc", "end_utc", "tz_assumed") == [
        (f"record {START_MS}", START, START + timedelta(minutes=450, seconds=18), False)
    ]


@pytest.mark.parametrize(
    ("adjust", "asleep_min"),
    [("-18", 462.0), ("-1", 479.0), ("-1.0", 480.0), ("0", 480.0), ("", 480.0), ("-600", 0.0)],
)
def test_asleep_is_the_length_less_what_the_app_takes_off_but_not_the_mark_of_a_hand(
    adjust: str, asleep_min: float
) -> None:
    found = read(record(LenAdjust=adjust))

    assert found.rows("sleep_sessions", "asleep_min") == [(asleep_min,)]


def test_stages_come_of_events_and_end_with_the_night() -> None:
    found = read(
        record(
            event("LIGHT_START", 0),
            event("DHA", 1, "12.5"),
            event("LIGHT_END", 90),
            event("AWAKE_START", 80),
            event("AWAKE_END", 95),
            event("DEEP_END", 10),  # never began
            event("DEEP_START", 95),
            event("DEEP_END", 300),
            event("REM_START", 300),
            event("LIGHT_START", 470),
            event("LIGHT_END", 500),  # the night ends at 480
        )
    )

    assert minutes(found) == [
        (0, 90, "light"),
        (80, 95, "awake"),
        (95, 300, "deep"),
        (300, 480, "rem"),
        (470, 480, "light"),
    ]
    assert found.rows("sleep_sessions", "is_in_bed_recorded") == [(True,)]


def test_movement_is_no_stage_of_sleep() -> None:
    found = read(record(movement="0.0", LenAdjust="-20"))

    assert minutes(found) == []
    assert found.rows("sleep_sessions", "is_in_bed_recorded") == [(None,)]


def test_a_night_without_stages_from_which_nothing_is_taken_off_is_plain_sleep() -> None:
    assert minutes(read(record())) == [(0, 480, "asleep")]
    assert minutes(read(record(event("AWAKE_START", 60), event("AWAKE_END", 70)))) == [
        (0, 480, "asleep"),
        (60, 70, "awake"),
    ]


@pytest.mark.parametrize(("share", "deep_min"), [("0.25", [115.0]), ("0", [0.0]), ("-1.0", []), ("-2.0", []), ("", [])])
def test_the_share_of_deep_sleep_counts_where_no_stage_tells(share: str, deep_min: list[float]) -> None:
    found = read(record(DeepSleep=share, LenAdjust="-20"))

    assert found.rows("day_values", "local_date", "metric", "value") == [
        (date(2026, 9, 12), "deep_min", value) for value in deep_min
    ]
    staged = read(record(event("DEEP_START", 0), event("DEEP_END", 100), DeepSleep=share))
    assert staged.rows("day_values", "value") == []


def test_a_heart_rate_of_nothing_is_none() -> None:
    found = read(record(event("HR", 10, "58.0"), event("HR", 20, "0.0"), event("HR", 30), event("HR", 40, "300")))

    assert found.rows("samples", "metric", "start_utc", "value") == [
        ("heart_rate_bpm", START + timedelta(minutes=10), 58.0)
    ]


@pytest.mark.parametrize(
    ("zone", "offsets"),
    [
        ("Asia/Tokyo", [32400, 32400]),
        ("Europe/Berlin", [7200, 7200]),
        ("GMT+05:30", [19800, 19800]),
        ("GMT-3", [-10800, -10800]),
        ("GMT+99:00", []),
        ("Europe", []),
        ("../../etc/passwd", []),
        ("Middle/Earth", []),
        ("", []),
    ],
)
def test_the_zone_of_a_night_tells_the_clock(zone: str, offsets: list[int]) -> None:
    found = read(record(Tz=zone))

    assert [offset for (offset,) in found.rows("clock_offsets", "offset_s")] == offsets
    assert ("zone that is not known: 1" in found.summary.message) == (not offsets)
    assert found.rows("sleep_sessions", "start_utc") == [(START,)]


@pytest.mark.parametrize(
    ("comment", "techniques"),
    [
        ("#massage", ["massage"]),
        (" #newmoon #thai_massage \\n", ["thai massage"]),
        ("#massage_2x", ["massage", "massage"]),
        ("#Fußmassage#work", ["Fußmassage"]),
        ("#physio", ["physio"]),
        ("#no_massage #keinemassage", []),
        ("a massage would be nice", []),
        ("#message", []),
        ("", []),
    ],
)
def test_a_tag_that_names_a_massage_is_one(comment: str, techniques: list[str]) -> None:
    found = read(record(Comment=comment))

    assert [name for (name,) in found.rows("massages", "technique")] == techniques
    assert found.summary.log_kind == ""  # a tag vouches for no other day
    assert "nice" not in repr(found.found)


@pytest.mark.parametrize(
    ("start_utc", "zone", "day"),
    [
        (datetime(2026, 9, 11, 21), "Europe/Berlin", date(2026, 9, 11)),  # 23:00
        (datetime(2026, 9, 12, 0), "Europe/Berlin", date(2026, 9, 11)),  # 02:00
        (datetime(2026, 9, 12, 7), "Europe/Berlin", date(2026, 9, 12)),  # 09:00, after a night's work
        (datetime(2026, 9, 12, 16), "Asia/Tokyo", date(2026, 9, 12)),  # 01:00 on the 13th
        (datetime(2026, 9, 12, 0), "nowhere", date(2026, 9, 11)),  # the person's own zone
    ],
)
def test_a_massage_of_a_tag_was_on_the_day_before_its_night(start_utc: datetime, zone: str, day: date) -> None:
    milliseconds = START_MS + (start_utc - START) // timedelta(milliseconds=1)

    found = read(record(Id=milliseconds, Tz=zone, Comment="#massage"))

    assert found.rows("massages", "local_date", "start_local", "massage_min") == [(day, None, None)]


def test_headers_may_repeat_differ_in_length_and_be_followed_by_noise() -> None:
    first, second = record(), record(Id=START_MS + 86_400_000)
    noise = "," * 14 + ',"0.01"\n'
    short = second.replace('"23:05"', '"23:05","23:10","23:15"')

    found = read(first, noise, NAMES + "\n", NAMES + "\n", short, noise, first)

    assert len(found.rows("sleep_sessions", "session_key")) == 2
    assert found.skipped == []
    assert found.summary.message == "nights told again left out: 1"


def test_an_old_version_without_the_last_columns_is_read() -> None:
    header, values = record(event("LIGHT_START", 0)).splitlines()
    cells = values.split(",")

    found = read(
        header.replace(",DeepSleep,LenAdjust,Geo", "") + "\n" + ",".join([*cells[:12], *cells[15:]]) + "\n",
    )

    assert found.rows("sleep_sessions", "asleep_min") == [(480.0,)]
    assert minutes(found) == [(0, 480, "light")]


@pytest.mark.parametrize(
    "damage",
    [
        {"Id": "soon"},
        {"Id": "-1"},
        {"Id": "9" * 30},
        {"Hours": "many"},
        {"Hours": "nan"},
        {"Hours": "-1"},
        {"Hours": "25"},
        {"LenAdjust": "inf"},
        {"LenAdjust": "some"},
        {"DeepSleep": "deep"},
    ],
)
def test_a_damaged_night_is_skipped_and_the_others_are_as_before(damage: dict[str, str]) -> None:
    other = record(Id=START_MS + 86_400_000)

    found = read(record(**damage, Comment="a secret"), other)

    assert found.skipped == ["row 2"]
    assert "secret" not in repr(found.found)
    assert found.rows("sleep_sessions", "session_key") == read(other).rows("sleep_sessions", "session_key")


def test_a_night_of_no_length_is_none_but_its_tag_counts() -> None:
    found = read(record(Hours="0.000", Comment="#massage"))

    assert found.rows("sleep_sessions", "session_key") == []
    assert found.rows("massages", "local_date") == [(date(2026, 9, 11),)]
    assert "nights of no length left out: 1" in found.summary.message


@pytest.mark.parametrize("row", ['"1,2,3', "\0\0\0", '"' + "9" * 200_000 + '"', "1" * 5000, "é;ü"])
def test_hostile_rows_cost_one_row_each(row: str) -> None:
    found = read(NAMES, "\n", row, "\n", record())

    assert len(found.rows("sleep_sessions", "session_key")) == 1
    assert len(found.skipped) == (0 if row.strip("\0") == "" else 1)


def test_a_file_far_too_large_is_not_read() -> None:
    huge = Entry("sleep-export.csv", 10**9, entry(record(), "a.csv").opener)

    assert Reading("sleep_as_android", [huge]).skipped == [""]


def test_a_header_alone_holds_no_entries() -> None:
    assert read(NAMES, "\n").summary.message == "holds no entries"


def test_only_what_lies_beside_the_table_is_known() -> None:
    tree = [
        entry(record(), "a.zip!/sleep-export.csv"),
        entry("[]", "a.zip!/alarms.json"),
        entry("<map/>", "a.zip!/prefs.xml"),
        entry("[]", "other/alarms.json"),
        entry("Id,Tz,From\n", "b.csv"),
        entry("﻿" + record().replace("Id,Tz", '"Id","Tz"', 1), "renamed.txt"),
    ]

    assert dict(sleep_as_android.claims(tree)) == {
        "a.zip!/sleep-export.csv": "",
        "renamed.txt": "",
        "a.zip!/alarms.json": "known and not needed: the alarms",
        "a.zip!/prefs.xml": "known and not needed: the settings of the app",
    }
    assert len(list(sleep_as_android.read([tree[4]], None))) == 1  # type: ignore[arg-type]


# ---- whole exports ------------------------------------------------------------


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[homes.HomeAtWork]:
    folder = tmp_path_factory.mktemp("saa") / "home"
    with homes.of_exports(folder, {"backup.zip": SAMPLE}) as made:
        yield made


def test_nights_come_out_with_their_stages_on_the_date_they_end(home: homes.HomeAtWork) -> None:
    assert home.rows(
        "select local_date, is_main, in_bed_min, asleep_min, awake_min, light_min, deep_min, rem_min"
        " from stg.nights order by onset_utc"
    ) == [
        # 23:30 to 06:30 over the doubled hour: 480 minutes, 10 of them awake
        (date(2026, 10, 25), True, 480.0, 470.0, 10.0, 240.0, 140.0, 90.0),
        (date(2026, 10, 25), False, None, 45.0, None, None, None, None),
        (date(2026, 10, 26), True, None, 449.0, None, None, None, None),
        (date(2026, 10, 28), True, 360.0, 348.0, 12.0, None, None, None),
        (date(2026, 10, 30), True, None, 480.0, None, None, None, None),
    ]


@pytest.mark.slow
def test_tags_of_two_exports_are_each_a_massage_once(tmp_path: Path) -> None:
    made = homes.make(tmp_path / "home")
    made.drop("sleep-export.csv", record(Comment="#massage"))
    made.run()
    made.drop("sleep-export.csv", record(Comment="#massage") + record(Id=START_MS + 86_400_000, Comment="#massage"))
    made.run()

    warehouse.build(made.connection)
    assert made.rows("select local_date, status from stg.massages order by local_date") == [
        (date(2026, 9, 11), "attended"),
        (date(2026, 9, 12), "attended"),
    ]
    assert made.rows("select kind from raw.logs") == []
    # the nights of both contents stay, and both can still be named and forgotten
    assert made.rows("select count(*) from raw.sleep_sessions") == [(3,)]
    assert made.rows("select count(*) from raw.deliveries") == [(2,)]
    made.close()


def test_the_real_export_is_read_to_the_last_night(real: Path) -> None:
    (path,) = (real / "sleep_as_android").rglob("sleep-export.csv")

    found = Reading("sleep_as_android", [entry(path.read_bytes(), path.name)])

    assert found.skipped == []
    sessions = found.rows("sleep_sessions", "session_key", "asleep_min")
    assert len(sessions) == path.read_text().count("Id,Tz,") == 89
    staged = found.rows("sleep_stages", "session_key", "stage", "start_utc", "end_utc")
    asleep_min = sum(
        (end - start) / timedelta(minutes=1) * (-1 if stage == "awake" else 1)  # being awake lies within other stages
        for _, stage, start, end in staged
    )
    assert asleep_min == pytest.approx(sum(value for _, value in sessions), rel=0.01)
    assert found.rows("massages", "technique") == []
