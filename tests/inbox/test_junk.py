"""Junk of real exports, by vendor, at the level of what is published: it adds no day, no night and no number.

To a sample is added what junk its vendor's exports hold. The sample as it is and the one with junk are read side by
side, each as a person of one home, and what is published of the two must be the same.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import homes
import pytest
from places import SAMPLES

from recovery import warehouse

pytestmark = pytest.mark.slow

LOGS = {"calendar_ics", "client_counts", "diary_log", "mapped_table", "massage_log"}  # no nights and no heart rates
samples = sorted(
    f"{path.parent.name}/{path.name}" for path in SAMPLES.glob("*/*") if path.is_dir() and path.parent.name not in LOGS
)


class Junk(NamedTuple):
    """What is added to one file of a sample."""

    what: str
    sample: str
    file: str  # the end of its path
    add: Callable[[bytes], bytes]


def lines(*told: str) -> Callable[[bytes], bytes]:
    return lambda content: content.rstrip(b"\r\n") + b"".join(b"\n" + line.encode() for line in told) + b"\n"


def after(line: str, *told: str) -> Callable[[bytes], bytes]:
    """Lines after another, in a file of several tables."""
    return lambda content: content.replace(line.encode(), "\n".join((line, *told)).encode(), 1)


def elements(*told: dict[str, Any]) -> Callable[[bytes], bytes]:
    return lambda content: json.dumps([*json.loads(content), *told]).encode()


def the_header_again(content: bytes) -> bytes:
    """Two exports pasted together: the first line in the middle of the rows, without its byte order mark."""
    first, *rest = content.removeprefix("\ufeff".encode()).splitlines(keepends=True)
    middle = (len(rest) + 1) // 2
    return content[: len(content) - len(b"".join(rest))] + b"".join([*rest[:middle], first, *rest[middle:]])


FITBIT_DAYS = "fitbit_takeout/takeout"
JUNK = (
    Junk("minutes of days to come", FITBIT_DAYS, "/sedentary_minutes-2025-03-29.json", elements(
        *({"dateTime": f"04/{day:02}/25 00:00:00", "value": "1440"} for day in range(5, 28)))),
    Junk("no intensity on days to come", FITBIT_DAYS, "/very_active_minutes-2025-03-29.json", elements(
        *({"dateTime": f"04/{day:02}/25 00:00:00", "value": "0"} for day in range(5, 28)))),
    Junk("days without resting heart rate", FITBIT_DAYS, "/resting_heart_rate-2025-03-29.json", elements(
        {"dateTime": "04/09/25 00:00:00", "value": {"date": None, "value": 0.0, "error": 0.0}})),
    Junk("a night without length", FITBIT_DAYS, "/sleep-2025-03-29.json", elements(
        {"logId": 99, "dateOfSleep": "2025-04-01", "startTime": "2025-03-31T23:00:00.000",
         "endTime": "2025-03-31T23:00:00.000", "duration": 0, "minutesToFallAsleep": 0, "minutesAsleep": 0,
         "minutesAwake": 0, "minutesAfterWakeup": 0, "timeInBed": 0, "type": "classic", "mainSleep": True,
         "levels": {"summary": {}, "data": []}})),
    Junk("a day not worn", "fitbit_site_csv/month", ".csv", after(
        '"2026-10-25","2,110","6,003","4.4","3","700","180","5","0","650"',
        '"2026-10-26","1,500","0","0","0","1,440","0","0","0","0"')),
    Junk("a day in the drawer", "oura_export/account", "/dailyactivity.csv", lines(
        "d9;0;0.9;;2026-10-29;0;0;0;0;;86400;0;;0;0;2026-10-29T04:00:00.000+01:00;1500")),
    Junk("a night without sleep", "oura_export/account", "/sleepmodel.csv", lines(
        "a9;;;;0;2026-10-29T06:30:00.000+01:00;2026-10-29T06:30:00.000+01:00;2026-10-29;0;0;;;0;0;;0;;0;0;deleted")),
    Junk("placeholder nights", "zepp_amazfit/account", "/SLEEP_1793520900000.csv", lines(
        "2026-10-28,0,0,0,2026-10-28 00:00:00+0000,2026-10-28 00:00:00+0000,0,",
        "2026-10-29,0,0,0,1970-01-01 00:00:00+0000,1970-01-01 00:00:00+0000,0,")),
    Junk("days without a count", "zepp_amazfit/account", "/ACTIVITY_1793520900000.csv", lines(
        "2026-10-27,0,0,0,0", "2026-10-28,null,null,null,null")),
    Junk("no pulse", "zepp_amazfit/account", "/HEARTRATE_AUTO_1793520900000.csv", lines(
        "2026-10-24,10:02,0", "2026-10-24,10:03,255")),
    Junk("sentinel times", "samsung_health/export", ".shealth.sleep.20261027080000.csv", lines(
        ",0,,,,,,,1970-01-01 00:00:00.000,UTC+0100,WatchAbc01,1970-01-01 00:00:00.000,n8,",
        ",0,,,,,,,2026-10-26 21:00:00.000,UTC+0100,WatchAbc01,2026-10-26 21:00:00.000,n9,")),
    Junk("a night that was none", "whoop_export/english", "/sleeps.csv", lines(
        "2026-03-12 23:10:00,,UTC-04:00,2026-03-12 23:10:00,2026-03-12 23:10:00,,,0,0,0,0,0,0,,,,,false")),
    Junk("a night awake", "withings_export/data", "/sleep.csv", lines(
        "2026-10-28T23:00:00+01:00,2026-10-29T01:00:00+01:00,0,0,0,7200,0,0,0,0,0,0,0,0")),
    Junk("a day Garmin did not see", "garmin_account/export", "/UDSFile_2026-03-20_2026-06-28.json", elements(
        {"calendarDate": "2026-06-20", "includesWellnessData": False, "totalSteps": 0, "totalDistanceMeters": 0})),
    Junk("records to come", "apple_health/phone_and_watch", "/导出.xml", lambda content: content.replace(
        b"</HealthData>",
        b' <Record type="HKQuantityTypeIdentifierStepCount" sourceName="Pedometer" unit="count" creationDate='
        b'"2024-11-03 08:00:00 +0100" startDate="2089-01-01 08:00:00 +0100" endDate="2089-01-01 08:10:00 +0100"'
        b' value="50"/>\n</HealthData>')),
    *(
        Junk("repeated header", sample, file, the_header_again)
        for sample, file in (
            ("oura_export/account", "/dailyactivity.csv"), ("oura_export/account", "/sleepmodel.csv"),
            ("zepp_amazfit/account", "/ACTIVITY_1793520900000.csv"),
            ("zepp_amazfit/account", "/SLEEP_1793520900000.csv"),
            ("zepp_amazfit/account", "/HEARTRATE_AUTO_1793520900000.csv"), ("whoop_export/english", "/sleeps.csv"),
            ("whoop_export/english", "/physiological_cycles.csv"), ("withings_export/data", "/sleep.csv"),
            ("withings_export/data", "/raw_tracker_steps.csv"), ("autosleep/history", ".csv"),
            ("strava_export/english", "/activities.csv"),
        )
    ),
)  # fmt: skip
JUNKED = sorted({junk.sample for junk in JUNK})


def person(name: str) -> str:
    """A folder of the inbox that is a person."""
    return name.replace("/", "_")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[homes.HomeAtWork]:
    people = [*map(person, samples), *(f"junk_{person(name)}" for name in JUNKED)]
    toml = 'home_time_zone = "Europe/Berlin"\n' + "".join(f"[people.{name}]\n" for name in people)
    made = homes.make(tmp_path_factory.mktemp("junk") / "home", toml)
    warehouse.load_settings_tables(made.connection, made.settings)
    for name in samples:
        drop(made, person(name), SAMPLES / name)
    for name in JUNKED:
        drop(made, f"junk_{person(name)}", SAMPLES / name, [junk for junk in JUNK if junk.sample == name])
    made.run()
    warehouse.build_all(made.connection)
    yield made
    made.close()


def drop(made: homes.HomeAtWork, subject: str, folder: Path, junk: Sequence[Junk] = ()) -> None:
    """A sample as a person's export, with its junk added."""
    added = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        for case in junk:
            if path.as_posix().endswith(case.file):
                before, content = content, case.add(content)
                assert content != before, case
                added.append(case)
        made.drop(f"{subject}/{path.relative_to(folder).as_posix()}", content)
    assert {case.what for case in junk} == {case.what for case in added}
    assert len(added) == len(junk)


def published(made: homes.HomeAtWork, subject: str) -> dict[str, list[tuple[object, ...]]]:
    # an empty row of a later date says that the export was made later: a day is over sooner
    left_out = {"daily": "subject, incomplete_sources"}
    return {
        name: made.rows(
            f"select * exclude ({left_out.get(name, 'subject')}) from pub.{name}"
            f" where subject = '{subject}' order by all"
        )
        for name in ("daily", "daily_metrics", "nights", "reconciliation", "timeline")
    }


@pytest.mark.parametrize("sample", JUNKED)
def test_junk_publishes_nothing(home: homes.HomeAtWork, sample: str) -> None:
    assert published(home, f"junk_{person(sample)}") == published(home, person(sample))


def test_what_is_compared_is_not_empty(home: homes.HomeAtWork) -> None:
    assert [name for name in JUNKED if not any(published(home, person(name)).values())] == []


def test_no_day_lies_after_the_exports_own_date(home: homes.HomeAtWork) -> None:
    exported = dict(home.rows("select subject, max(exported_utc)::date from raw.files group by subject"))
    last = home.rows("select subject, max(local_date) from pub.daily_metrics where subject <> 'me' group by subject")
    late = [name for name, day in last if exported.get(name) and day > exported[name] + timedelta(days=1)]

    assert len([name for name, _ in last if exported.get(name)]) >= 10
    assert late == []


def test_every_night_has_sleep_and_a_length(home: homes.HomeAtWork) -> None:
    assert home.rows("from pub.nights where not coalesce(asleep_min > 0 and wake_utc > onset_utc, false)") == []
    assert home.rows("select count(*) > 30 from pub.nights") == [(True,)]


def test_no_body_has_a_heart_rate_of_0_or_255(home: homes.HomeAtWork) -> None:
    assert home.rows(
        "select * from pub.daily_metrics where metric like '%heart_rate_bpm' and value not between 25 and 230"
    ) == []  # fmt: skip
    assert home.rows("from pub.timeline where heart_rate_bpm not between 25 and 230") == []
