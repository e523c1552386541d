"""Makes a small home as some commit writes it: `python make_home.py CHECKOUT WORK OUT`.

CHECKOUT is a checkout of that commit (its tests/samples are dropped into the inbox, and nothing but those and what is
invented here), WORK a folder that must not exist yet, OUT the folder that gets home-COMMIT.tar.xz. Run it with the
python of an environment that has `recovery` of that commit; the command beside that python is called. See README.md.
"""

import csv
import gzip
import io
import os
import random
import shutil
import subprocess
import sys
import tarfile
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

try:
    from recovery.formats.fit.encode import encode
    from recovery.home.settings import load_settings
    from recovery.trials import draw as trial
except ModuleNotFoundError:  # before the rooms, up to 641f36a
    from recovery.fit.encode import encode
    from recovery.settings import load_settings

    from recovery import trial

BERLIN = ZoneInfo("Europe/Berlin")
SETTINGS = """\
# A home as an earlier version left it, all of it invented.
home_time_zone = "Europe/Berlin"

[people.client1]

[[travel]]
from = 2026-10-23
to = 2026-10-24
zone = "Europe/Lisbon"
person = "me"

[[travel]]
from = 2026-10-26
to = 2026-10-26
zone = "America/New_York"

[[exclusions]]
from = 2026-10-18
to = 2026-10-19
reason = "flu"

[[exclusions]]
from = 2026-10-24
to = 2026-10-24
reason = "wedding"
person = "client1"

[sources]
priority = ["garmin", "fitbit", "google"]

[validity]
min_worn_waking_min = 480

[goals]
pain = 1.5
steps = 700

[primary]
movement = "moving_min"

[log_complete_until]
"massages.csv" = 2026-10-31

[[tables]]
file = "tracker_*.csv"
source = "tracker"
time = ["Datum", "Uhrzeit"]
date_format = "%d.%m.%Y %H:%M"
covers_min = 1
decimal = ","
header_row = 3
columns = { "Schritte" = "steps", "Strecke (km)" = "distance_m in km", "Puls" = "heart_rate_bpm" }

[private]
ignore = ["letters*"]
"""
FIRST_WORN, LAST_WORN = date(2026, 10, 15), date(2026, 10, 28)
FIRST_ENTRY, LAST_ENTRY = date(2026, 8, 24), date(2026, 10, 30)  # of the diary
MASSAGES = (
    (8, 25),
    (9, 1),
    (9, 7),
    (9, 12),
    (9, 18),
    (9, 24),
    (9, 29),
    (10, 5),
    (10, 10),
    (10, 16),
    (10, 21),
    (10, 27),
)
ZIP_TIME = (2026, 11, 1, 12, 0, 0)
FIRST_MTIME = 1793520000  # 2026-11-01 08:00 UTC; each file a minute later, in whole seconds: any archive keeps them


def utc(day: date, minutes: int) -> datetime:
    wall = datetime(day.year, day.month, day.day, minutes // 60, minutes % 60)
    return wall.replace(tzinfo=BERLIN).astimezone(UTC).replace(tzinfo=None)


def watch_file(day: date, first_hour: int = 0, last_hour: int = 24, serial: int = 4711) -> bytes:
    """Running totals every half hour, heart rate every ten minutes, as tests/loading/test_deliveries.py has it."""
    number = (day - FIRST_WORN).days
    next_day = day + timedelta(days=1)
    end = utc(next_day, 0) if last_hour == 24 else utc(day, 60 * last_hour)
    begin = utc(day, 60 * first_hour)
    offset = (datetime.combine(day, datetime.min.time()) + timedelta(hours=first_hour)) - begin
    head = {"type": 32, "manufacturer": 1, "product": 2348, "serial_number": serial, "time_created": end}
    messages = [("file_id", head), ("monitoring_info", {"timestamp": begin, "local_timestamp": begin + offset})]
    for half_hour in range(2 * first_hour, 2 * last_hour + 1):
        time = end if half_hour == 48 else utc(day, 30 * half_hour)
        walked = max(0, half_hour - 14) * (200 + 10 * (number % 7))
        if walked:
            total = {"timestamp": time, "activity_type": 6, "cycles": walked, "active_time": walked / 2.0}
            messages.append(("monitoring", total))
        for minute in (0, 10, 20):
            heart = {"timestamp": time + timedelta(minutes=minute), "heart_rate": 55 + (half_hour + number) % 30}
            messages.append(("monitoring", heart))
    return encode(messages)


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, ZIP_TIME), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def folder(path: Path) -> dict[str, bytes]:
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in sorted(path.rglob("*")) if file.is_file()}


def table(rows: list[dict[str, object]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def logs() -> tuple[bytes, bytes, bytes, bytes]:
    """massages.csv as it was first, and as edited; diary.csv; the massages of client1. Only random() is drawn."""
    chance = random.Random(641).random  # noqa: S311
    massages = [
        {
            "date": date(2026, month, day).isoformat(), "start": "17:30" if number % 3 else "10:00",
            "minutes": (45, 60, 60, 90)[number % 4], "technique": ("deep tissue", "swedish")[number % 2],
            "pressure": 2 + number % 4, "areas": ("lower back", "lower back, neck")[number % 2],
            "muscles": ("erectors", "quadratus lumborum")[number // 2 % 2], "therapist": "Ana",
            "status": "cancelled" if number == 5 else "attended", "pain_before": "" if number == 5 else 6,
            "pain_after": "" if number == 5 else 6 - 1 - number % 3, "cause": ("sitting", "strain at work")[number % 2],
            "note": "",
        }
        for number, (month, day) in enumerate(MASSAGES)
    ]  # fmt: skip
    wrong = {**massages[0], "date": "2026-02-30", "note": "there is no such day"}
    twice = {**massages[3], "note": "", "therapist": "", "muscles": ""}  # entered again, with less
    first = table([*massages[:-1], wrong])
    edited = [{**massages[0], "minutes": 90, "note": "it took longer"}, *massages[1:], wrong, twice]
    diary, day = [], FIRST_ENTRY
    pain = 5.0
    due = {date(2026, month, day) for number, (month, day) in enumerate(MASSAGES) if number != 5}
    while day <= LAST_ENTRY:
        relief = sum(0.9 for back in (1, 2, 3) if day - timedelta(days=back) in due)
        pain = min(10.0, max(0.0, pain + 0.4 * (5 - pain) - relief + 3 * (chance() - 0.5)))
        score, has_morning = round(pain), chance() < 0.8
        if chance() > 0.06:
            diary.append(
                {
                    "date": day.isoformat(),
                    "pain": score,
                    "pain_morning": min(10, score + 1) if has_morning else "",
                    "medication": "ibuprofen" if score > 5 else "",
                    "doses": score - 5 if score > 5 else 0,
                    "bed_rest_hours": 1.5 if score > 6 else 0,
                    "doctor_visits": int(day.day == 9),
                    "mood": 5 - score // 3,
                    "could_do_daily_activities": int(score < 8),
                    "note": "flu" if day == date(2026, 10, 18) else "",
                }
            )
        day += timedelta(days=1)
    client = (  # headings as tests/samples/massage_log/semicolon has them
        "Meine Behandlungen;;;;;;;\n"
        "Datum;Von;Bis;Druck;Bereich;Schmerz vorher (0-10);Schmerz nachher (0-10);Status\n"
        "22.10.2026;18.30 Uhr;19:30;mittel;Rücken;7,5;4;erschienen\n"
        "24.10.2026;23:30;0:15;sehr fest;Hüfte;6;2,5;erschienen\n"
        "26.10.2026;9:00;;leicht;;;;abgesagt\n27.10.2026;25:00;;leicht;;;;erschienen\n"
    )
    return first, table(edited), table(diary), client.encode("latin-1")


def deliveries(samples: Path) -> tuple[dict[str, bytes], dict[str, bytes], list[str]]:
    """What is dropped first, what is dropped then, and what is taken away then."""
    massages, edited, diary, client = logs()
    days = [FIRST_WORN + timedelta(days=number) for number in range((LAST_WORN - FIRST_WORN).days + 1)]
    watch = {f"Monitor/{day}.fit": watch_file(day) for day in days}
    takeout = samples / "fitbit_takeout" / "google_health"
    google = zipped(folder(samples / "google_fit_takeout" / "english" / "takeout-20261101T081500Z-001"))
    withings = zipped(folder(samples / "withings_export" / "data"))
    part = "takeout-20261101T081500Z-3-{:03}"
    first = {
        "massages.csv": massages,
        "diary.csv": diary,
        "watch to the 22nd.zip": zipped({path: watch[path] for path in list(watch)[:8]}),
        **{f"GARMIN/{path}": watch[path] for path in list(watch)[8:12]},
        "GARMIN/Monitor/lost.fit": watch_file(date(2026, 10, 14), 6, 22, serial=4712),  # leaves before the second run
        f"{part.format(1)}.zip": zipped(folder(takeout / part.format(1))),
        f"{part.format(2)}.zip": zipped(folder(takeout / part.format(2))),
        "withings.zip": withings,
        "tracker_2026.csv": (samples / "mapped_table" / "tracker" / "tracker_2026.csv").read_bytes(),
        "phone/google.zip": google,
        "phone/google (1).zip": google,  # twice
        "from the tablet.csv": next((samples / "autosleep" / "history").glob("*.csv")).read_bytes(),
        "damaged.zip": withings[: len(withings) * 2 // 3],
        "old list.csv": b"date,start,minutes\n03/04/2026,18:00,60\n05/06/2026,18:00,60\n",  # day or month first?
        "recipe.txt": b"Bread\n\n500 g flour, 350 g water, 10 g salt. Wait.\n",
        "letters to my doctor.txt": b"Nobody opens this.\n",
        "forget/me.csv": b"date,start,minutes,note\n2026-09-03,18:00,60,forgotten later\n",
        "client1/fitbit.csv": next((samples / "fitbit_site_csv" / "month").glob("*.csv")).read_bytes(),
        "client1/samsung.zip": zipped(folder(samples / "samsung_health" / "export")),
        "client1/Behandlungen.csv": client,
        "client1/days.json": b'[{"date": "2026-10-22", "pain": 6}, {"date": "2026-10-25", "pain": 4, "mood": 4}]',
    }
    second = {
        "massages.csv": edited,
        "more/zip in zip.zip": zipped({"old/backup.zip": zipped({path: watch[path] for path in list(watch)[6:13]})}),
        "more/last day.fit.gz": gzip.compress(watch[list(watch)[13]], mtime=0),
        "more/copy.fit": watch[list(watch)[9]],
        f"{part.format(3)}.zip": zipped(folder(takeout / part.format(3))),
        "more/strap.xml": b"<strap><made>2026-10-27</made></strap>\n",
        "client1/whoop.zip": zipped(folder(samples / "whoop_export" / "german")),
        "client1/sleep-export.csv": (samples / "sleep_as_android" / "backup" / "sleep-export.csv").read_bytes(),
    }
    return first, second, ["GARMIN/Monitor/lost.fit"]


class Clock:
    """mtimes in whole seconds, a minute apart."""

    now = FIRST_MTIME

    def drop(self, inbox: Path, files: dict[str, bytes]) -> None:
        for path, content in files.items():
            file = inbox / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            os.utime(file, (self.now, self.now))
            self.now += 60


def recovery(*words: str) -> str:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "recovery"), *words], capture_output=True, text=True, check=False
    )
    print(f"$ recovery {' '.join(words)}\n{done.stdout}{done.stderr}", flush=True)
    if done.returncode:
        raise SystemExit(done.returncode)
    return done.stdout


def small(path: Path, storage: str = "") -> None:
    """The database copied whole into a fresh file, which holds no free blocks."""
    fresh = path.with_suffix(".fresh")
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    connection.execute("set threads = 1")
    connection.execute(f"attach '{path}' as old (read_only)")
    connection.execute(f"attach '{fresh}' as new {storage}")
    connection.execute("copy from database old to new")
    connection.execute("checkpoint new")
    ours, theirs = (
        {
            (schema, name): connection.execute(
                f"select count(*), bit_xor(hash(t)), md5(string_agg(t::varchar, chr(10) order by t::varchar))"
                f' from {database}.{schema}."{name}" t'
            ).fetchall()
            for schema, name in connection.execute(
                "select schema_name, table_name from duckdb_tables() where database_name = ? union all"
                " select schema_name, view_name from duckdb_views() where database_name = ? and not internal",
                [database, database],
            ).fetchall()
        }
        for database in ("old", "new")
    )
    assert ours == theirs, {name for name in {*ours, *theirs} if ours.get(name) != theirs.get(name)}
    print(f"{path.name}: {len(ours)} relations copied, {path.stat().st_size} -> {fresh.stat().st_size} bytes")
    connection.execute("detach old")
    connection.execute("detach new")
    connection.close()
    fresh.chmod(0o600)
    fresh.replace(path)


def pack(home: Path, target: Path) -> None:
    """Only what is needed to run on; PAX keeps times and names, owners are left out."""

    def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = ""
        if member.isdir():
            member.mtime = FIRST_MTIME
        return member

    with tarfile.open(target, "w:xz", format=tarfile.PAX_FORMAT, preset=9) as archive:
        for name in ("recovery.toml", "inbox", "trials", ".recovery", "recovery.duckdb", "report.html"):
            archive.add(home / name, f"home-before/{name}", filter=plain)
    print(f"{target}: {target.stat().st_size} bytes")


def main(checkout: Path, work: Path, out: Path) -> None:
    commit = subprocess.run(
        ["git", "-C", str(checkout), "rev-parse", "--short=7", "HEAD"], capture_output=True, text=True, check=True
    ).stdout.strip()
    home = work / "home-before"
    home.mkdir(parents=True)
    (home / "recovery.toml").write_text(SETTINGS)
    (home / ".recovery").mkdir(mode=0o700)
    first, second, leaving = deliveries(checkout / "tests" / "samples")
    clock = Clock()
    clock.drop(home / "inbox", first)
    settings = load_settings(home)
    plan = trial.draw(
        settings, "me", start=date(2027, 1, 5), pairs=6, weekday="tue", start_time=datetime(2027, 1, 5, 18, 0).time(),
        massage_min=60, weeks_per_block=1, now_utc=datetime(2026, 11, 1, 8, 0), seed=641,
    )  # fmt: skip
    trial.commit(settings, plan, [], datetime(2026, 11, 1, 8, 0))
    recovery("run", "--home", str(home))
    recovery("forget", str(home / "inbox" / "forget" / "me.csv"), "--yes", "--home", str(home))
    for path in leaving:
        (home / "inbox" / path).unlink()
    clock.drop(home / "inbox", second)
    recovery("run", "--home", str(home))
    assert "othing new" in recovery("run", "--home", str(home))
    small(home / ".recovery" / "work.duckdb")
    small(home / "recovery.duckdb", "(storage_version 'v1.4.0')")
    for path in (home / ".recovery").iterdir():
        if path.name != "work.duckdb":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    (home / "report.html").write_text("<!-- A placeholder: a home without a page is published again. -->\n")
    pack(home, out / f"home-{commit}.tar.xz")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
