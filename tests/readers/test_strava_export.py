"""What we know of Strava's bulk export, with values worked out by hand."""

import csv
import gzip
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import homes
import pytest
from one_reader import rows, skipped
from places import SAMPLES

from recovery.formats.entries import Context, Entry
from recovery.formats.fit.encode import encode
from recovery.formats.records import Batch, FileSummary, Skipped, Yielded
from recovery.readers import strava_export

CONTEXT = Context(zone_at=lambda _: "Europe/Berlin", to_utc=lambda wall: wall)
SAMPLES = SAMPLES / "strava_export"
HEADINGS = [
    "Activity ID", "Activity Date", "Activity Name", "Activity Type", "Activity Description", "Elapsed Time",
    "Distance", "Max Heart Rate", "Filename", "Elapsed Time", "Moving Time", "Distance", "Max Heart Rate", "Calories",
]  # fmt: skip
FRENCH = [
    "ID de l'activité", "Date de l'activité", "Nom de l'activité", "Type d'activité", "Description de l'activité",
    "Temps écoulé", "Distance", "FC max.", "Nom du fichier", "Temps écoulé", "Durée de déplacement", "Distance",
    "FC max.", "Calories",
]  # fmt: skip
DATE = "May 4, 2026, 6:12:03 PM"
START = datetime(2026, 5, 4, 18, 12, 3)


def table(*rows: list[str], headings: list[str] = HEADINGS) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows(rows)
    return text.getvalue().encode()


def row(
    date: str = DATE, kind: str = "Ride", seconds: str = "600.0", metres: str = "5000.5", kcal: str = ""
) -> list[str]:
    return [
        "1",
        date,
        "secret",
        kind,
        "secret\nnote",
        "9",
        "3.11",
        "",
        "a/1.fit.gz",
        seconds,
        "500.0",
        metres,
        "",
        kcal,
    ]


def entry(content: bytes, name: str = "activities.csv") -> Entry:
    return Entry(name, len(content), partial(io.BytesIO, content))


def read(content: bytes) -> list[Yielded]:
    return list(strava_export.read([entry(content)], CONTEXT))


def test_of_repeated_headings_the_last_counts_and_it_is_seconds_and_metres() -> None:
    found = read(table(row(kcal="210.0")))

    columns = ("source", "start_utc", "end_utc", "sport", "distance_m", "active_energy_kcal")
    assert rows(found, "activities", *columns) == [
        ("strava", START, START + timedelta(minutes=10), "cycling", 5000.5, 210.0)
    ]
    assert "secret" not in repr([item.table.to_pylist() if isinstance(item, Batch) else item for item in found])


@pytest.mark.parametrize(
    ("date", "headings"),
    [
        ("May 4, 2026, 6:12:03\u202fPM", HEADINGS),
        ("May 4, 2026, 6:12:03\u00a0PM", HEADINGS),
        ("4 May 2026, 18:12:03", HEADINGS),
        ("04.05.2026, 18:12:03", HEADINGS),
        ("2026-05-04 18:12:03", HEADINGS),
        ("4 mai 2026 à 18:12:03", FRENCH),
        ("4 de mai. de 2026, 18:12:03", FRENCH),
        ("4 may 2026, 18:12:03", FRENCH),
    ],
)
def test_dates_and_headings_of_any_language_are_utc(date: str, headings: list[str]) -> None:
    content = table(row(date), headings=headings)

    assert [claim.path for claim in strava_export.claims([entry(content)])] == ["activities.csv"]
    assert rows(read(content), "activities", "start_utc") == [(START,)]


def test_midnight_is_a_time_and_slashes_are_read_as_the_whole_column_tells() -> None:
    found = read(table(row("05/04/2026, 12:00:00 AM"), row("05/24/2026, 6:00:00 PM")))

    assert rows(found, "activities", "start_utc") == [(datetime(2026, 5, 4),), (datetime(2026, 5, 24, 18),)]
    assert skipped(read(table(row("05/04/2026, 6:00:00 PM")))) == [""]


@pytest.mark.parametrize(
    ("headings", "metres"),
    [
        ("id,date,name,type,description,elapsed_time,distance,commute,gear,filename", 3681.0),
        (f"{','.join(HEADINGS[:7])},Commute,Activity Gear,Filename", None),
    ],
)
def test_older_tables_tell_metres_only_under_small_letters(headings: str, metres: float | None) -> None:
    cells = ["1", "2018-09-12 15:02:23", "n", "Ride", "", "783", "3681.0", "true", "", "activities/1.gpx"]
    content = table(cells, headings=headings.split(","))

    assert [claim.path for claim in strava_export.claims([entry(content)])] == ["activities.csv"]
    assert rows(read(content), "activities", "start_utc", "end_utc", "distance_m") == [
        (datetime(2018, 9, 12, 15, 2, 23), datetime(2018, 9, 12, 15, 15, 26), metres)
    ]


@pytest.mark.parametrize("seconds", ["0.0", "", "400000"])
def test_an_activity_of_no_length_or_of_five_days_is_left_out_and_counted(seconds: str) -> None:
    found = read(table(row(seconds=seconds), row()))

    assert len(rows(found, "activities", "start_utc")) == 1
    (summary,) = [item for item in found if isinstance(item, FileSummary)]
    assert summary.message == "activities left out that tell no length, or more than four days: 1"


@pytest.mark.parametrize(
    "bad",
    [
        row("someday"), row("May 40, 2026, 6:12:03 PM"), row("May 4, 1901, 6:12:03 PM"), row(seconds="long"),
        row(metres="-4"), row(metres="nan"), row(kcal="1,2,3"), row()[:-1],
    ],
)  # fmt: skip
def test_a_damaged_row_is_skipped_and_the_others_are_read(bad: list[str]) -> None:
    found = read(table(row(), bad, row("May 6, 2026, 6:12:03 PM")))

    assert len(rows(found, "activities", "start_utc")) == 2
    assert [place.startswith("row ") for place in skipped(found)] == [True]
    assert "secret" not in repr([item for item in found if isinstance(item, Skipped)])


def test_a_quotation_mark_nobody_closes_ends_the_table_and_nothing_else() -> None:
    found = read(table(row()) + b'2,"May 5' + b"x" * 200_000)

    assert len(rows(found, "activities", "start_utc")) == 1
    assert skipped(found) == ["after row 2"]


@pytest.mark.parametrize(
    "headings",
    [
        "from,to,distance,id,a,b,c",
        "Activity Type,Date,Favorite,Title,Distance,Calories,Time,Avg HR",
        "id,date,pain",
        "",
    ],
)
def test_other_tables_of_that_name_are_not_stravas(headings: str) -> None:
    assert list(strava_export.claims([entry(f"{headings}\n1,2,3,4,5,6,7\n".encode())])) == []


def test_only_stravas_own_tables_beside_the_list_are_known() -> None:
    tree = [
        entry(table(row()), "x.zip!/activities.csv"),
        entry(b"a,b\n", "x.zip!/followers.csv"),
        entry(b"\xff\xd8\xff", "x.zip!/media/1.jpg"),
        entry(b"date,minutes\n", "x.zip!/my massages.csv"),
        entry(b"a,b\n", "y/followers.csv"),
    ]

    assert [claim.path for claim in strava_export.claims(tree) if claim.not_needed] == [tree[1].path, tree[2].path]


def track() -> bytes:
    """The first activity of the sample with a pause of a quarter of an hour."""
    points = "".join(
        f'<trkpt lat="0" lon="0"><time>2026-05-04T16:{minute:02}:00Z</time></trkpt>' for minute in (0, 3, 6, 21, 25, 30)
    )
    return f'<gpx creator="StravaGPX"><trk><type>walking</type><trkseg>{points}</trkseg></trk></gpx>'.encode()


def ride() -> bytes:
    """The fourth, of an hour, as a watch's own file."""
    start = datetime(2026, 5, 7, tzinfo=UTC)
    return encode(
        [
            ("file_id", {"type": 4, "manufacturer": 1, "serial_number": 4000000001, "time_created": start}),
            (
                "session",
                {
                    "timestamp": start + timedelta(hours=1),
                    "start_time": start,
                    "total_elapsed_time": 3600,
                    "sport": 2,
                },
            ),
        ]
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[homes.HomeAtWork]:
    """The English sample with the files of two activities, packed as Strava packs them."""
    made = homes.make(tmp_path_factory.mktemp("strava") / "home")
    made.drop(
        "export_1.zip",
        homes.zipped(
            {
                "activities.csv": (SAMPLES / "english" / "activities.csv").read_bytes(),
                "followers.csv": "Follower ID,Status\n",
                "activities/1.gpx.gz": gzip.compress(track(), mtime=0),
                "activities/4.fit.gz": gzip.compress(ride(), mtime=0),
                "activities/5.tcx.gz": gzip.compress(
                    b"  <TrainingCenterDatabase><Activities/></TrainingCenterDatabase>"
                ),
            }
        ),
    )
    made.run_to_minutes()
    yield made
    made.close()


def test_packed_files_go_to_the_readers_of_their_formats(home: homes.HomeAtWork) -> None:
    found = home.rows("select path, format, status from raw.files where format not in ('zip', 'gz') order by path")

    assert found == [
        ("export_1.zip!/activities.csv", "strava_export", "loaded"),
        ("export_1.zip!/activities/1.gpx.gz!/1.gpx", "gpx_files", "loaded"),
        ("export_1.zip!/activities/4.fit.gz!/4.fit", "fit_files", "loaded"),
        ("export_1.zip!/activities/5.tcx.gz!/5.tcx", "tcx_files", "ignored"),
        ("export_1.zip!/followers.csv", "strava_export", "ignored"),
    ]


def test_minutes_of_an_activity_told_twice_are_moved_once_and_its_pause_is_no_movement(home: homes.HomeAtWork) -> None:
    assert home.rows(
        "select local_date, count_if(is_moving) from timeline.minutes group by local_date order by local_date"
    ) == [
        (datetime(2026, 5, 4).date(), 15),  # 6 and 9 minutes of the track; the list says 30
        (datetime(2026, 5, 5).date(), 45),
        (datetime(2026, 5, 7).date(), 60),
    ]


def test_json_in_one_line_is_no_list_of_activities() -> None:
    head = b'[{"cycle_id": 1, "a": 1, "b": 2, "c": 60.0, "d": "x", "e": 60.0, "f": 60.0, "g": 60.0}]'

    assert list(strava_export.claims([Entry("recovery.json", len(head), partial(io.BytesIO, head))])) == []
