"""Every real file gets its receipt: one home with all of them, looked at, read and loaded once.

The Garmin years (`fit/CHI-Garmin`) have tests of their own; here they would cost a minute.
"""

import json
import re
import shutil
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import homes
import pytest
from private_words import DEVICE_TEXT, found

from recovery import warehouse
from recovery.readers import readers

LEFT_OUT = "CHI-Garmin"
# What no reader needs to know, and why. `*` crosses folders.
UNRECOGNISED = (
    "INDEX.csv",  # lists the files
    "README.md",
    "*.cwa",  # raw acceleration of Axivity, GENEActiv and ActiGraph: 30 to 100 numbers a second, no steps and no sleep
    "*.bin",
    "*.gt3x",
    "*.gt3x!/*",
    "*/ax?_testfile_*.csv",
    "*/Actiwatch.*",  # counts of another maker's epochs
    "*/ukbiobank.csv",
    "*/sensewear.xls",
    "pain_diaries/*",  # TapLog: `recovery map` proposes a mapping
    "fitbit/carissalow__rapids/*_raw.csv",  # a study's own tables, not an export: `recovery map` proposes a mapping
)
READ_BY = {  # folder: readers, of which each has loaded something
    "actigraphy": {"actigraph_csv"},
    "apple_health": {"apple_health"},
    "fit": {"fit_files"},
    "fitbit": {"fitbit_takeout"},
    "gadgetbridge": {"gadgetbridge"},
    "garmin_connect_api": {"garmin_connect_json"},
    "google_fit": {"google_fit_takeout"},
    "gpx": {"gpx_files"},
    "huawei_health": {"huawei_health"},
    "oura": {"oura_export"},
    "pain_diaries": {"fitbit_site_csv", "fitbit_web_api", "garmin_account", "google_fit_rest", "google_fit_takeout"},
    "samsung_health": {"samsung_health"},
    "sleep_as_android": {"sleep_as_android"},
    "sleepmeter": {"sleepmeter"},
    "tcx": {"tcx_files"},
    "whoop": {"whoop_export"},
    "withings": {"withings_export"},
}


def matches(path: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(path, pattern) for pattern in patterns)


@pytest.fixture(scope="module")
def dropped(real: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[homes.HomeAtWork, set[str]]]:
    """A home after one look at all real files, and their paths in the inbox."""
    made = homes.make(tmp_path_factory.mktemp("real") / "home", is_forked=True)
    warehouse.load_settings_tables(made.connection, made.settings)
    shutil.copytree(real, made.home.inbox, dirs_exist_ok=True, ignore=shutil.ignore_patterns(LEFT_OUT))
    paths = {path.relative_to(made.home.inbox).as_posix() for path in made.home.inbox.rglob("*") if path.is_file()}
    made.run()
    yield made, paths
    made.close()


@pytest.fixture(scope="module")
def receipts(dropped: tuple[homes.HomeAtWork, set[str]]) -> dict[str, tuple[str, str | None, str, int]]:
    """By path: status, format, message, rows."""
    told = dropped[0].rows("select path, status, format, message, coalesce(rows, 0) from raw.files")
    return {str(path): (status, format_, message, rows) for path, status, format_, message, rows in told}


def test_every_real_file_has_a_receipt_with_a_sentence(dropped, receipts):
    _, paths = dropped

    assert len(paths) > 500
    assert paths <= set(receipts)
    assert {status for status, *_ in receipts.values()} <= {
        "loaded", "partial", "ignored", "duplicate", "rejected", "unrecognised",
    }  # fmt: skip
    assert [path for path, (_, _, message, _) in receipts.items() if not message] == []


def test_no_reader_fails_over_a_real_file(receipts):
    assert [path for path, (_, _, message, _) in receipts.items() if "our fault" in message] == []


def test_what_is_rejected_says_why(dropped, receipts):
    made, _ = dropped
    rejected = {path for path, (status, *_) in receipts.items() if status == "rejected"}
    reasons = made.rows("select path, reason from raw.rejected where reason <> ''")

    assert {Path(path).name for path in rejected} == {
        # of a library's tests: no times, and a clock of 1990
        "DeveloperData.fit", "antfs-dump.63.fit", "compressed-speed-distance.fit",
        # a study's tables of many people, which have to be split first
        "dailyActivity_merged.csv", "hourlySteps_merged.csv", "sleepDay_merged.csv",
        *(f"sleep_history_2020-11-25.{number}.csv" for number in (5, 6)),  # a sleep of the year 1900 alone
        # one region or symptom a row: which is meant, recovery.toml has to say
        "pain.csv", "Participant2Pain.csv", "Participant2PainNew.csv", "Participant3KneePain.csv",
        "Participant4Pain.csv", "Participant6KneePain.csv", "Participant7Pain.csv", "Participant9Pain.csv",
    }  # fmt: skip
    assert rejected <= {path for path, _ in reasons}


def test_what_no_reader_knows_is_known_here_and_gets_a_guess(receipts):
    unknown = {path: message for path, (status, _, message, _) in receipts.items() if status == "unrecognised"}

    assert [path for path in unknown if not matches(path, UNRECOGNISED)] == []
    guess = re.compile("No reader knows this file; it looks like .|archive of")
    assert [message for message in unknown.values() if not guess.match(message)] == []


def test_what_may_stay_unknown_is_there(receipts):
    assert [pattern for pattern in UNRECOGNISED if not any(matches(path, (pattern,)) for path in receipts)] == []


def test_each_vendors_files_are_read_by_its_reader(receipts):
    read: dict[str, set[str]] = {}
    for path, (status, format_, _, rows) in receipts.items():
        if status in ("loaded", "partial") and format_ in readers() and rows:
            read.setdefault(path.partition("/")[0], set()).add(str(format_))

    assert read == READ_BY


def test_what_is_known_and_not_needed_says_by_whom(receipts):
    ignored = [(path, format_) for path, (status, format_, *_) in receipts.items() if status == "ignored"]

    assert [path for path, format_ in ignored if format_ not in readers() and format_ not in ("zip", "gz", "tar")] == []


# ---- what real exports hold of a person beside days and nights


def texts(made: homes.HomeAtWork) -> Iterator[tuple[str, str]]:
    """Every text of every record, once."""
    for record, columns in DEVICE_TEXT.items():
        for column in columns:
            for (text,) in made.rows(f"select distinct {column} from raw.{record} where {column} is not null"):
                yield f"{record}.{column}", str(text)


def test_no_record_of_a_real_export_holds_what_is_private(dropped):
    made, _ = dropped
    told = list(texts(made))

    assert len(told) > 1000
    assert list(found(told)) == []


PERSONAL_KEYS = re.compile(
    rb'"(?:first_?name|last_?name|full_?name|display_?name|user_?name|nick_?name|e-?mail\w*|encodedId|date_?of_?birth'
    rb'|birth_?date|avatar\w*|city|about_?me)"\s*:\s*("(?:[^"\\]|\\.){3,}")',
    re.IGNORECASE,
)
OWNERS = re.compile(rb'sourceName="([^"]*?)(?:\'|\xe2\x80\x99)s (?:Apple|iPhone|iPad)')


def test_no_name_that_a_real_file_tells_comes_into_a_record(real: Path, dropped):
    made, _ = dropped
    names = set()
    for path in real.rglob("*"):
        if path.suffix in (".json", ".xml", ".csv") and LEFT_OUT not in path.parts:
            content = path.read_bytes()
            names |= {json.loads(told) for told in PERSONAL_KEYS.findall(content)}
            names |= {told.decode() for told in OWNERS.findall(content)}
    said = {text.casefold() for _, text in texts(made)}
    words = {word for text in said for word in re.findall(r"\w{3,}", text)}

    assert names
    assert {name for name in names if name.casefold() in said | words} == set()


LATITUDES = re.compile(rb'(?:lat|lon)="(-?\d+\.\d{5,})"|<L(?:at|ong)itudeDegrees>(-?\d+\.\d{5,})<')


def test_no_place_of_a_real_track_comes_into_a_record(real: Path, dropped):
    made, _ = dropped
    places = {
        float(told[0] or told[1])
        for path in [*real.rglob("*.gpx"), *real.rglob("*.tcx")]
        for told in LATITUDES.findall(path.read_bytes())
    }
    numbers = {value for (value,) in made.rows("select distinct value from raw.samples where value <> round(value, 4)")}
    numbers |= {value for (value,) in made.rows("select distinct distance_m from raw.activities")}

    assert len(places) > 1000
    assert numbers & places == set()
