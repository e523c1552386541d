"""Apple Health's export: what is recognised, what its records become, and what damage and malice do to it."""

import io
import re
import tracemalloc
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from xml.etree import ElementTree

import apple_export
import pytest
from apple_export import EXPORTED, HEAD, PHONE, WATCH, app, back_pain, device, metadata, record, rings, slept
from places import SAMPLES, TESTS

from recovery.formats.apple import elements, sources
from recovery.formats.entries import Claim, Context, Entry
from recovery.formats.records import Batch, FileSummary, Skipped
from recovery.readers import apple_health, readers

CONTEXT = Context(zone_at=lambda _: "UTC", to_utc=lambda wall: wall)
DAY = "2024-10-26 {} +0200"
STEP = record("StepCount", device(PHONE), DAY.format("12:00:00"), DAY.format("12:10:00"), 812, "count")
Read = tuple[dict[str, list[dict[str, object]]], list[Skipped], FileSummary]


def entry(content: bytes, path: str = "export.xml") -> Entry:
    return Entry(path, len(content), partial(io.BytesIO, content))


def document(*parts: str, head: str = HEAD + EXPORTED, end: str = apple_export.END) -> bytes:
    return (head + "".join(parts) + end).encode()


def read(content: bytes) -> Read:
    """Rows by record type, what was skipped, the receipt."""
    rows: dict[str, list[dict[str, object]]] = {}
    skipped, summary = [], []
    for found in apple_health.read([entry(content)], CONTEXT):
        if isinstance(found, Batch):
            rows.setdefault(found.record, []).extend(found.table.drop(["file"]).to_pylist())
        else:
            (skipped if isinstance(found, Skipped) else summary).append(found)  # type: ignore[arg-type]
    assert len(summary) == 1
    return rows, skipped, summary[0]  # type: ignore[return-value]


def samples(*parts: str) -> list[tuple[object, ...]]:
    rows, skipped, _ = read(document(*parts))
    assert not skipped
    return [tuple(row.values()) for row in rows.get("samples", [])]


def stages(*parts: str) -> list[tuple[str, str, str]]:
    rows, _, _ = read(document(*parts))
    return [(f"{row['start_utc']:%H:%M}", f"{row['end_utc']:%H:%M}", str(row["stage"])) for row in rows["sleep_stages"]]


def claimed(*entries: Entry) -> dict[str, str]:
    return {claim.path: claim.not_needed for claim in apple_health.claims(entries)}


@pytest.mark.parametrize(
    "start",
    [
        HEAD,
        '<HealthData locale="en_US">',
        "\ufeff\n<!-- made by hand -->\n<HealthData>",
        '<?xml version="1.0"?>\n<!DOCTYPE\nHealthData SYSTEM "x">',
        '<?xml version="1.0"?>\n' + f"<!--{'a comment ' * 2000}-->" + HEAD.partition("\n")[2],
    ],
)
def test_an_export_is_known_by_its_root_under_any_name(start: str) -> None:
    assert claimed(entry(document(head=start), "x/Ekspor.data")) == {"x/Ekspor.data": ""}


@pytest.mark.parametrize(
    "content",
    [
        b"<?xml version='1.0'?><html><HealthData/></html>",
        b"<HealthDataset/>",
        b"date,HealthData\n",
        b"<!-- <HealthData> -->" + b" " * 5000,
        b"",
    ],
)
def test_what_only_names_an_export_is_none(content: bytes) -> None:
    assert claimed(entry(content)) == {}


def test_what_lies_beside_an_export_is_known_and_never_read() -> None:
    def unread() -> io.BytesIO:
        raise AssertionError("this is private")

    beside = {
        "apple_health_export/workout-routes/route_2024-10-27_10.32am.gpx": apple_export.ROUTE,
        "apple_health_export/electrocardiograms/ecg_2024-10-26.csv": apple_export.ECG,
        "apple_health_export/clinical-records/Condition-1.json": "{}",
        "apple_health_export/export_cda.xml": apple_export.CDA,
    }
    entries = [Entry(path, len(text), unread, known_head=text.encode()) for path, text in beside.items()]

    whys = claimed(*entries)

    assert list(whys) == list(beside)
    assert all(why.startswith("known and") for why in whys.values())
    assert claimed(entry(apple_export.ROUTE.encode(), "elsewhere/route.gpx")) == {
        "elsewhere/route.gpx": apple_health.PRIVATE_ROUTE
    }
    in_zip = [entry(document(), path) for path in ("a/export.xml", "a/b.zip!/export.xml")]
    assert claimed(*in_zip, entry(b"<gpx creator='x'/>", "a/b.zip!/workout-routes/x.gpx"))[
        "a/b.zip!/workout-routes/x.gpx"
    ] == (apple_health.PRIVATE_ROUTE)
    assert claimed(entry(b"<gpx creator='Strava'/>", "workout-routes/x.gpx")) == {}
    assert claimed(entry(b"{}", "apple_health_export/notes.json")) == {}


def test_units_become_ours() -> None:
    at = (device(WATCH), DAY.format("12:00:00"), DAY.format("12:02:00"))
    rows = samples(
        record("DistanceWalkingRunning", *at, 1, "mi"),
        record("DistanceWalkingRunning", app("Walk"), *at[1:], 2, "km"),
        record("ActiveEnergyBurned", *at, 41.84, "kJ"),
        record("WalkingSpeed", *at, 3.6, "km/hr"),
        record("WalkingSpeed", app("Walk"), *at[1:], 10, "mi/hr"),
        record("AppleExerciseTime", *at, 2, "min"),
        record("OxygenSaturation", *at, 0.97, "%"),
        record("OxygenSaturation", app("Walk"), *at[1:], 97, "%"),
    )

    assert {(row[1], row[4]) for row in rows} == {
        ("distance_m", 1609.344),
        ("distance_m", 2000.0),
        ("active_energy_kcal", 10.0),
        ("walking_speed_mps", 1.0),
        ("walking_speed_mps", 4.4704),
        ("moderate_s", 120.0),
        ("spo2_share", 0.97),
    }
    assert sum(row[1] == "spo2_share" for row in rows) == 2


def test_amounts_keep_their_interval_and_measurements_stand_in_its_middle() -> None:
    at = (device(WATCH), DAY.format("12:00:00"), DAY.format("12:02:00"))

    rows = samples(record("StepCount", *at, 10, "count"), record("HeartRate", *at, 90, "count/min"))

    assert [row[1:4] for row in rows] == [
        ("steps", datetime(2024, 10, 26, 10), datetime(2024, 10, 26, 10, 2)),
        ("heart_rate_bpm", datetime(2024, 10, 26, 10, 1), datetime(2024, 10, 26, 10, 1)),
    ]


def test_a_resting_heart_rate_lies_on_its_day_in_neighbouring_zones_too() -> None:
    rows = samples(
        record("RestingHeartRate", device(WATCH), DAY.format("00:01:00"), DAY.format("23:59:00"), 58, "count/min")
    )

    assert rows[0][2] == datetime(2024, 10, 26, 10)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (STEP.replace("812", "many"), "no number"),
        (STEP.replace("812", "-3"), "below zero"),
        (STEP.replace("812", "inf"), "no number"),
        (STEP.replace(' value="812"', ""), "no number"),
        (STEP.replace('"count"', '"furlong"'), "unit"),
        (STEP.replace("2024-10-26", "26.10.2024"), "times cannot be read"),
        (STEP.replace("2024-10-26", "2024-02-30"), "times cannot be read"),
        (STEP.replace("2024-10-26", "2024-13-01"), "times cannot be read"),
        (STEP.replace("12:10:00", "25:10:00"), "times cannot be read"),
        (STEP.replace("+0200", "+9900"), "times cannot be read"),
        (STEP.replace("2024-10-26", "1970-01-01"), "before 2000"),
        (STEP.replace("2024-10-26", "2024-12-26"), "after the export"),
        (STEP.replace("12:10:00", "11:10:00"), "ends before it begins"),
        (STEP.replace("StepCount", "OxygenSaturation").replace('"count"', '"%"'), "no share"),
        (slept(device(WATCH), DAY.format("01:00:00"), DAY.format("02:00:00"), "Dreaming"), "stage of sleep"),
        (slept(device(WATCH), DAY.format("01:00:00"), DAY.format("02:00:00"), "InBed").replace(
            'startDate="2024-10-26', 'startDate="2024-10-22'), "more than a day"),
        (STEP.replace('startDate="2024-10-26', 'startDate="2024-08-26'), "more than two days"),
        (STEP.replace("StepCount", "HeartRate").replace('"count"', '"count/min"'), "no heart"),
        (STEP.replace("StepCount", "RestingHeartRate").replace("812", "12").replace("count", "count/min"), "no heart"),
        (rings("2024-10-26", 10, 1500, 1), "summary"),
        (rings("2024-10-26", 10, 1, 1).replace('"kcal"', '"apples"'), "summary"),
        (rings("someday", 10, 1, 1), "summary"),
        (rings("2024-10-26", 10, -1, 1), "summary"),
        (
            f' <Workout {app("Walk")} startDate="2024-10-01 00:00:00 +0000" endDate="2024-10-06 00:00:00 +0000"/>\n',
            "longer than four days",
        ),
    ],
)  # fmt: skip
def test_one_damaged_row_is_one_skipped_and_the_others_stay(line: str, reason: str) -> None:
    good, _, _ = read(document(STEP, STEP.replace("12:00", "13:00").replace("12:10", "13:10")))

    rows, skipped, summary = read(document(STEP, line, STEP.replace("12:00", "13:00").replace("12:10", "13:10")))

    assert rows["samples"] == good["samples"]
    assert [row.reason for row in skipped if reason in row.reason] == [row.reason for row in skipped]
    assert len(skipped) == 1
    assert not summary.is_partial


def test_what_is_skipped_says_where_it_stands() -> None:
    _, skipped, _ = read(document(STEP, STEP.replace("StepCount", "BodyMass"), STEP.replace("812", "many")))

    assert (skipped[0].place, skipped[0].value) == ("record 3", "many")


def test_zero_is_told_where_it_can_be_measured_and_left_out_where_not() -> None:
    at = (device(WATCH), DAY.format("12:00:00"), DAY.format("12:02:00"))

    rows, skipped, summary = read(
        document(record("StepCount", *at, 0, "count"), record("HeartRate", *at, 0, "count/min"))
    )

    assert [(row["metric"], row["value"]) for row in rows["samples"]] == [("steps", 0.0)]
    assert not skipped
    assert "zeros that are no measurement: 1" in summary.message


def test_back_pain_keeps_the_order_of_its_words_and_lasting_pain_is_told_once_each_24_hours() -> None:
    day = "2024-10-{} +0200".format
    rows, skipped, summary = read(
        document(
            back_pain(day("01 08:00:00"), day("01 08:00:00"), "NotPresent"),
            back_pain(day("02 08:00:00"), day("04 08:00:01"), "Severe"),
            back_pain(day("05 08:00:00"), day("05 09:00:00"), "Mild"),
            back_pain(day("06 08:00:00"), day("07 08:00:00"), "Moderate"),
            back_pain(day("09 08:00:00"), day("09 08:00:00"), "Unspecified"),
            back_pain(day("10 08:00:00"), day("10 08:00:00"), "Terrible"),
            back_pain("2024-08-01 08:00:00 +0200", day("10 08:00:00"), "Mild"),
        )
    )

    assert [(row["metric"], f"{row['start_utc']:%d %H:%M}", row["value"]) for row in rows["samples"]] == [
        ("back_pain_severity", "01 06:00", 0.0),
        ("back_pain_severity", "02 06:00", 3.0),
        ("back_pain_severity", "03 06:00", 3.0),
        ("back_pain_severity", "04 06:00", 3.0),
        ("back_pain_severity", "05 06:00", 1.0),
        ("back_pain_severity", "06 06:00", 2.0),
    ]
    assert {row["source"] for row in rows["samples"]} == {"apple:health"}
    assert [(row.place, row.reason) for row in skipped] == [
        ("record 6", "it is a severity that is not known here"),
        ("record 7", "it is a symptom of more than a month, which nobody ended"),
    ]
    assert "left out, symptoms of the back without a severity: 1" in summary.message


def test_exact_repetitions_are_left_out_and_counted() -> None:
    rows, _, summary = read(document(STEP, STEP.replace("812", "813"), STEP, STEP.replace("0x2811b0c00", "0x1f")))

    assert [row["value"] for row in rows["samples"]] == [812.0, 813.0]
    assert "exact repetitions: 2" in summary.message


def test_children_of_a_correlation_are_not_read() -> None:
    assert samples(f' <Correlation type="x" {app("Cuff")}>\n{STEP} </Correlation>\n') == []


def test_types_that_are_not_needed_are_counted_and_private_ones_not_named() -> None:
    rows, _, summary = read(
        document(STEP.replace("StepCount", "BasalEnergyBurned"), STEP.replace("StepCount", "Secret"))
    )

    assert not rows.get("samples")
    assert "left out, of types that are not needed: 2 (energy at rest 1, other 1)" in summary.message
    assert "holds nothing of movement, rest or sleep" in summary.message


@pytest.mark.parametrize(
    ("origin", "source"),
    [
        (device(WATCH), "apple:watch6-2"),
        (device(PHONE), "apple:iphone13-2"),
        (device(("client_1’s iPhone", "12.1", "iPhone", "iPhone", "iPhone8,1", "12.1")), "apple:iphone8-1"),
        ('sourceName="client_1’s Apple\u00a0Watch"', "apple:watch"),
        ('sourceName="iPhone de client_1"', "apple:iphone"),
        ('sourceName="client_1&apos;s notes"', "apple:notes"),
        ('sourceName="Tagebuch von client_1"', "apple:tagebuch"),
        (app("Sleep Cycle & More"), "apple:sleep-cycle-more"),
        (app("睡眠"), "apple:睡眠"),
        (app("Watch"), "apple:watch"),
        ("", "apple"),
        # an app beside the phone it ran on
        (device(("Clock", "50", "iPhone", "iPhone", "iPhone8,1", "10.0.2")), "apple:clock"),
        # since iOS 17 the device tells when it was made
        (
            device(PHONE).replace("software:18.0.1", "software:18.0.1, creation date:2024-08-31 17:17:55 +0000"),
            "apple:iphone13-2",
        ),
    ],
)
def test_a_source_is_a_device_or_an_app_and_nobodys_name(origin: str, source: str) -> None:
    rows = samples(STEP.replace(device(PHONE), origin))

    assert rows[0][0] == source
    assert "client" not in source


def test_one_phone_that_looks_like_73_devices_is_one() -> None:
    lines = [
        record("StepCount", device(PHONE, 0x280000000 + 64 * number), DAY.format(f"12:{number % 60:02}:00"),
               DAY.format(f"12:{number % 60:02}:30"), number, "count")
        for number in range(73)
    ]  # fmt: skip

    rows, _, _ = read(document(*lines))

    assert {row["source"] for row in rows["samples"]} == {"apple:iphone13-2"}
    assert len(rows["devices"]) == 1


def test_firmware_is_told_once_each_from_when_it_was_first_seen() -> None:
    newer = device((*WATCH[:1], "11.1", *WATCH[2:5], "11.1"))
    at = ("12:00:00", "12:01:00")

    rows, _, _ = read(
        document(*(
            record("StepCount", origin, f"2024-10-{day} {at[0]} +0200", f"2024-10-{day} {at[1]} +0200", 5, "count")
            for origin, day in ((newer, 26), (device(WATCH), 22), (device(WATCH), 20), (newer, 25))
        ))
    )  # fmt: skip

    assert [(row["product"], row["firmware"], row["time_utc"]) for row in rows["devices"]] == [
        ("Watch6,2", "11.0", datetime(2024, 10, 20, 10)),
        ("Watch6,2", "11.1", datetime(2024, 10, 25, 10)),
    ]


def test_stages_count_over_plain_sleep_and_both_over_lying_in_bed() -> None:
    night = (
        ("22:00", "23:59", "InBed"),
        ("22:20", "23:40", "AsleepUnspecified"),
        ("22:30", "23:00", "AsleepCore"),
        ("23:00", "23:10", "Awake"),
    )

    found = stages(*(slept(device(WATCH), DAY.format(a + ":00"), DAY.format(b + ":00"), s) for a, b, s in night))

    assert found == [
        ("20:00", "20:20", "in_bed"),
        ("20:20", "20:30", "asleep"),
        ("20:30", "21:00", "light"),
        ("21:00", "21:10", "awake"),
        ("21:10", "21:40", "asleep"),
        ("21:40", "21:59", "in_bed"),
    ]


def test_plain_sleep_that_begins_within_a_stage_does_not_hide_it() -> None:
    night = (("22:00", "22:30", "AsleepDeep"), ("22:10", "23:00", "Asleep"), ("22:10", "23:00", "Asleep"))

    found = stages(*(slept(device(WATCH), DAY.format(a + ":00"), DAY.format(b + ":00"), s) for a, b, s in night))

    assert found == [("20:00", "20:30", "deep"), ("20:30", "21:00", "asleep")]


def test_a_gap_of_an_hour_ends_a_night_and_sources_are_not_mixed() -> None:
    one = (("01:00", "02:00"), ("02:59", "04:00"), ("05:00", "06:00"))
    rows, _, _ = read(
        document(
            *(slept(device(WATCH), DAY.format(a + ":00"), DAY.format(b + ":00"), "AsleepREM") for a, b in one),
            slept(app("Sleepy"), DAY.format("01:30:00"), DAY.format("05:30:00"), "Asleep"),
        )
    )

    assert [
        (row["source"], f"{row['start_utc']:%H:%M}", f"{row['end_utc']:%H:%M}") for row in rows["sleep_sessions"]
    ] == [
        ("apple:watch6-2", "23:00", "02:00"),
        ("apple:watch6-2", "03:00", "04:00"),
        ("apple:sleepy", "23:30", "03:30"),
    ]
    assert {row["is_in_bed_recorded"] for row in rows["sleep_sessions"]} == {False}


def test_a_sleep_of_more_than_36_hours_is_skipped_and_the_others_stay() -> None:
    days = [
        slept(app("Sleepy"), f"2024-10-{day} 00:00:00 +0200", f"2024-10-{day} 23:30:00 +0200", "Asleep")
        for day in ("01", "02")
    ]

    rows, skipped, _ = read(
        document(*days, slept(app("Sleepy"), DAY.format("01:00:00"), DAY.format("02:00:00"), "Asleep"))
    )

    assert [row.reason for row in skipped] == ["it goes on for more than 36 hours"]
    assert [row["session_key"] for row in rows["sleep_sessions"]] == ["2024-10-25T23:00:00Z"]
    assert [row["session_key"] for row in rows["sleep_stages"]] == ["2024-10-25T23:00:00Z"]


def test_a_workout_has_its_own_totals_and_not_those_of_its_parts() -> None:
    rows, _, _ = read((apple_export.SAMPLES / "phone_and_watch/apple_health_export/导出.xml").read_bytes())

    assert rows["activities"] == [
        {
            "source": "apple:watch6-2",
            "start_utc": datetime(2024, 10, 27, 9),
            "end_utc": datetime(2024, 10, 27, 9, 32, 30),
            "sport": "walking",
            "steps": 3410.0,
            "distance_m": 2500.0,
            "active_energy_kcal": 131.0,
            "tz_assumed": None,
        }
    ]


def test_rings_are_the_vendors_own_totals_and_an_empty_day_is_left_out() -> None:
    rows, _, summary = read(document(rings("2024-10-25", 0, 0, 0), rings("2024-10-26", 300, 0, 4)))

    assert [(str(row["local_date"]), row["metric"], row["value"]) for row in rows["day_values"]] == [
        ("2024-10-26", "active_energy_kcal", 300.0),
        ("2024-10-26", "moderate_min", 0.0),
    ]
    assert "summaries of days without anything: 1" in summary.message


def walked(when: str) -> str:
    start = datetime.strptime(when, "%Y-%m-%d %H:%M:%S %z")
    end = start + timedelta(minutes=5)
    return record("StepCount", device(WATCH), when, f"{end:%Y-%m-%d %H:%M:%S %z}", 9, "count")


@pytest.mark.parametrize(
    "whens",
    [
        # one offset through all the year, as of the export
        ["2024-01-10 12:00:00 +0200", "2024-07-10 12:00:00 +0200"],
        # the rules of one zone, as of the phone that exported
        ["2024-01-10 12:00:00 +0100", "2024-07-10 12:00:00 +0200", "2023-03-26 03:30:00 +0200"],
    ],
)
def test_offsets_of_one_clock_tell_nothing_of_places(whens: Sequence[str]) -> None:
    rows, _, summary = read(document(*map(walked, whens)))

    assert rows["clock_offsets"] == []
    assert "which tells no journeys" in summary.message


def test_offsets_that_no_single_clock_shows_are_a_persons_journeys() -> None:
    rows, _, summary = read(
        document(*map(walked, ["2024-01-10 12:00:00 +0100", "2024-01-12 12:00:00 -0500", "2024-01-20 12:00:00 +0100"]))
    )

    assert [(f"{row['time_utc']:%m-%d %H}", row["offset_s"]) for row in rows["clock_offsets"]] == [
        ("01-10 11", 3600),
        ("01-12 17", -18000),
        ("01-20 11", 3600),
    ]
    assert "journeys" not in summary.message


def test_a_zone_that_a_record_names_counts_before_its_offset() -> None:
    rows, _, _ = read(
        document(
            slept(
                device(WATCH), "2024-01-12 06:00:00 +0100", "2024-01-12 12:00:00 +0100", "Asleep", "America/New_York"
            ),
            slept(device(WATCH), "2024-01-14 06:00:00 +0100", "2024-01-14 12:00:00 +0100", "Asleep", "Nowhere/At all"),
        )
    )

    assert [(row["source"], row["offset_s"]) for row in rows["clock_offsets"]] == [("apple:watch6-2", -18000)]


@pytest.mark.parametrize("place", range(0, 2400, 97))
def test_a_file_cut_short_keeps_the_records_before_and_says_so(place: int) -> None:
    lines = [STEP.replace("12:00:00", f"12:0{number}:00").replace("/>", f">\n{metadata('x', 'y')} </Record>")
             for number in range(5)]  # fmt: skip
    content = document(*lines)
    begin = content.index(b" <Record")
    cut = content[: min(begin + place, len(content) - 15)]
    whole = len(re.findall(rb"</Record>", cut))

    rows, skipped, summary = read(cut)

    assert len(rows.get("samples", [])) == whole
    assert [row.place for row in skipped] == [f"after record {whole}"]
    assert summary.is_partial
    assert summary.message.startswith("the file is cut short")


def test_a_file_cut_within_its_document_type_is_none() -> None:
    rows, skipped, summary = read(HEAD[:200].encode())

    assert not rows.get("samples")
    assert [row.reason for row in skipped] == ["this is not Apple's export: it has no element HealthData"]
    assert not summary.is_partial


UNUSUAL: dict[str, Callable[[str], str]] = {
    "single quotes": lambda text: re.sub(r'value="([^"]*)"', r"value='\1'", text),
    "a comment with a quote": lambda text: text.replace("<Record", '<!-- 5" --><Record', 1),
    "CDATA and text": lambda text: text.replace("</HealthData>", 'a "b" <![CDATA[<Record x="y">]]></HealthData>'),
    "no line breaks": lambda text: re.sub(r">\s+<", "><", text),
    "lines within tags": lambda text: re.sub(r"(<\w+) ", r"\1\n   ", text).replace('" ', '"\n\t'),
    "another order": lambda text: re.sub(r"<Record (type=\S+) (.*?)(/?)>\n", r"<Record \2 \1 \3>\n", text),
    "value first": lambda text: re.sub(r'<Record (.*?)( value="[^"]*")(/?)>\n', r"<Record\2 \1\3>\n", text),
    "ends spelled out": lambda text: re.sub(r"<(\w+)( [^<>]*?)/>", r"<\1\2></\1>", text),
    "a name with spaces": lambda text: text.replace(" sourceVersion=", ' Health Mate App Version="2.1" sourceVersion='),
    "entities": lambda text: text.replace('unit="count/min"', 'unit="count&#47;min"').replace("count&#47;", "count/"),
    "an entity nobody knows": lambda text: text.replace('value="Europe/Berlin"', 'value="&zone;"'),
    "control characters": lambda text: text.replace("von client_1", "von\x0bclient_1"),
    "elements nobody knows": lambda text: text.replace("<Workout ", '<Audio a="1"><Tone b="2"/></Audio><Workout ', 1),
}  # fmt: skip


@pytest.mark.parametrize("change", UNUSUAL.values(), ids=UNUSUAL)
def test_the_same_export_in_an_unusual_form_reads_the_same(change: Callable[[str], str]) -> None:
    usual = apple_export.phone_and_watch()
    expected, expected_skipped, _ = read(usual.encode())
    changed = change(usual)
    assert changed != usual or change is UNUSUAL["entities"]

    rows, skipped, summary = read(changed.encode())

    if change is UNUSUAL["an entity nobody knows"]:
        expected.pop("clock_offsets"), rows.pop("clock_offsets")
    assert rows == expected
    assert skipped == expected_skipped
    assert not summary.is_partial


def test_damage_in_the_middle_costs_only_what_is_damaged() -> None:
    good = [STEP.replace("12:00:00", f"12:0{number}:00") for number in range(6)]
    damaged = document(*good[:3], '<Record type="x" broken">\n', *good[3:5], "<Record <<< ", good[5])

    rows, skipped, summary = read(damaged)

    assert [f"{row['start_utc']:%M}" for row in rows["samples"]] == [f"0{number}" for number in range(6)]
    assert [row.reason for row in skipped] == [
        "2 stretches of the file are damaged, no XML; what stands around was read"
    ]
    assert summary.is_partial


def test_an_end_tag_that_is_missing_is_damage_and_not_a_deeper_file() -> None:
    open_workout = f' <Workout workoutActivityType="x" {app("Walk")}>\n'

    rows, _, summary = read(document(STEP, open_workout, rings("2024-10-26", 1, 1, 1), STEP.replace("12:0", "13:0")))

    assert len(rows["samples"]) == 1
    assert summary.is_partial


def test_entities_of_a_document_type_are_never_expanded() -> None:
    bomb = "".join(f'<!ENTITY b{number} "{f"&b{number - 1};" * 10}">' for number in range(1, 12))
    head = HEAD.replace("]>", f'<!ENTITY b0 "lol">{bomb}<!ENTITY file SYSTEM "file:///etc/hostname">]>')
    lines = (
        STEP.replace("iPhone13", "&b11;&file;"),
        STEP.replace("812", "'&b11;'").replace("\"'", "'").replace("'\"", "'"),
    )

    tracemalloc.start()
    rows, _, _ = read(document(*lines, head=head + EXPORTED))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 30e6
    assert {row["source"] for row in rows["samples"]} == {"apple:client-1"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "noise",
    [
        " " * 3_000_000,
        "<!---->" * 300_000,
        "<a>" * 500_000,
        '<a b="' * 200_000,
        "".join(f'<x{number} y{number}="1"/>' for number in range(60_000)),
        '"' * 1_000_001,
        "<!--" * 300_000,
    ],
    ids=["spaces", "comments", "deep", "quotes open", "names", "quotes", "comments open"],
)
def test_noise_takes_little_time_and_keeps_what_stands_before(noise: str) -> None:
    rows, _, _ = read(document(STEP, noise, end=""))

    assert [row["value"] for row in rows["samples"]] == [812.0]


def test_blocks_of_any_size_read_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    content = apple_export.phone_and_watch().encode()
    expected = read(content)

    for size in (300, 701, 4096):
        monkeypatch.setattr(elements, "CHUNK_BYTES", size)
        monkeypatch.setattr(elements, "READ_BYTES", size // 3)
        rows, skipped, summary = read(content)
        assert {name: sorted(map(str, found)) for name, found in rows.items()} | {} == {
            name: sorted(map(str, found)) for name, found in expected[0].items()
        }
        assert (skipped, summary.is_partial) == (expected[1], False)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    def peak_mb(copies: int) -> float:
        path = tmp_path / f"{copies}.zip"
        with (
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed,
            packed.open("e.xml", "w") as file,
        ):
            file.write((HEAD + EXPORTED).encode())
            piece = "".join(
                record("HeartRate", device(WATCH), DAY.format(f"12:00:{number % 60:02}"), DAY.format("12:01:00"),
                       20 + number / 25, "count/min")
                for number in range(1, 5000)
            ).encode()  # fmt: skip
            for _ in range(copies):
                file.write(piece)
            file.write(apple_export.END.encode())
        tracemalloc.start()
        with zipfile.ZipFile(path) as packed:
            member = Entry("e.xml", 1, partial(packed.open, "e.xml"))
            count = sum(len(found.table) for found in apple_health.read([member], CONTEXT) if isinstance(found, Batch))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert count > 5000
        return peak / 1e6

    assert peak_mb(24) < 1.3 * peak_mb(12)


@pytest.mark.slow
def test_a_long_export_reads_as_a_plain_parser_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(TESTS / "bench"))
    content = "".join(import_module("bench_apple").export_lines(6000)).encode()
    kinds = {"StepCount": "steps", "HeartRate": "heart_rate_bpm", "ActiveEnergyBurned": "active_energy_kcal"}
    expected: dict[str, list[tuple[datetime, float]]] = {metric: [] for metric in kinds.values()}
    slept_s = 0.0
    for element in ElementTree.fromstring(content).iter("Record"):  # noqa: S314 - our own bytes
        summary = element.attrib
        start = datetime.strptime(summary["startDate"], "%Y-%m-%d %H:%M:%S %z").astimezone(UTC).replace(tzinfo=None)
        if metric := kinds.get(summary["type"].removeprefix("HKQuantityTypeIdentifier")):
            expected[metric].append((start, float(summary["value"])))
        elif summary["type"].endswith("SleepAnalysis"):
            end = datetime.strptime(summary["endDate"], "%Y-%m-%d %H:%M:%S %z").astimezone(UTC).replace(tzinfo=None)
            slept_s += (end - start).total_seconds()

    rows, skipped, told_of = read(content)

    found = {
        metric: sorted((row["start_utc"], row["value"]) for row in rows["samples"] if row["metric"] == metric)
        for metric in expected
    }
    assert found == {metric: sorted(set(series)) for metric, series in expected.items()}
    assert slept_s == sum((row["end_utc"] - row["start_utc"]).total_seconds() for row in rows["sleep_stages"])
    assert not skipped
    assert not told_of.is_partial


def test_names_of_people_are_in_no_record() -> None:
    for path in sorted(apple_export.SAMPLES.rglob("*.xml")):
        if "cda" not in path.name:
            rows, skipped, summary = read(path.read_bytes())
            assert "client" not in f"{rows} {skipped} {summary}"


def test_the_slug_of_a_long_name_is_short() -> None:
    assert len(sources.origin("x y " * 100, "1", "").source) <= len("apple:") + 40


def test_the_samples_are_what_the_script_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apple_export, "SAMPLES", tmp_path)
    apple_export.main()
    samples_here = SAMPLES / "apple_health"

    written = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert written == {path: (samples_here / path).read_bytes() for path in written}


def test_real_exports_are_claimed_once_and_read(real: Path) -> None:
    folder = real / "apple_health"
    entries = [
        Entry(path.relative_to(real).as_posix(), path.stat().st_size, partial(path.open, "rb"))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".zip"
    ]

    claims: dict[str, list[Claim]] = {}
    for reader in readers().values():
        for claim in reader.claims(entries):
            claims.setdefault(claim.path, []).append(claim)
    counts = {}
    for one in entries:
        if one.path in claims and not claims[one.path][0].not_needed:
            rows, skipped, summary = read(one.read())
            counts[one.path.split("/")[1], len(counts)] = {name: len(found) for name, found in rows.items() if found}
            assert not skipped
            assert not summary.is_partial

    assert {path: len(found) for path, found in claims.items()} == {one.path: 1 for one in entries}
    assert list(counts.values()) == [
        {"samples": 1, "activities": 1, "day_values": 4, "devices": 1, "clock_offsets": 1},
        {"samples": 1, "activities": 1, "day_values": 4, "devices": 1, "clock_offsets": 1},
        {"samples": 5, "activities": 8},
        {"samples": 5, "activities": 1, "sleep_sessions": 1, "sleep_stages": 3},
    ]
