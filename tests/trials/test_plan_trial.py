"""A trial is drawn once, written for its owner alone, committed before it begins, and published by the next run."""

import hashlib
import io
import json
import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path

import duckdb
import icalendar
import numpy as np
import pytest
from click.testing import CliRunner, Result
from layers import add, build, empty_layers, layers
from shown_pages import stage_pages

from recovery import warehouse
from recovery.cli import cli
from recovery.effects.trial import AS_COMMITTED, COMMITTED_BEFORE, LEFT_OUT_BEFORE, REFUSED_BY_PLAN
from recovery.effects.trial_schedule import coins
from recovery.errors import LockedError
from recovery.formats.entries import Context, Entry
from recovery.formats.records import Batch, Skipped
from recovery.home import clock, lock
from recovery.home.folder import Home
from recovery.home.settings import Exclusion, Settings
from recovery.published import publish
from recovery.readers import calendar_ics, massage_log
from recovery.trials import draw as trial
from recovery.trials import plan as trial_plan
from recovery.trials.draw import TrialError
from recovery.vocabulary.weekdays import weekday_of

__all__ = ["empty_layers", "layers"]
NOW = datetime(2026, 11, 22, 12, 0)
TUESDAY = date(2027, 1, 5)
AFTER = date(2028, 1, 1)
CONTEXT = Context(zone_at=lambda day: "Europe/Berlin", to_utc=lambda wall: wall)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(Home(tmp_path), home_time_zone="Europe/Berlin", people=("client1",))


def drawn(settings: Settings, subject: str = "me", **asked: object) -> trial_plan.Plan:
    told: dict[str, object] = {
        "start": TUESDAY, "pairs": 6, "weekday": "tue", "start_time": time(18), "massage_min": 60,
        "weeks_per_block": 1, "now_utc": NOW, "seed": 17,
    }  # fmt: skip
    return trial.draw(settings, subject, **{**told, **asked})  # type: ignore[arg-type]


def rows(settings: Settings, query: str) -> list[tuple[object, ...]]:
    connection = warehouse.open_work(settings.home.work)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_the_same_seed_draws_the_same_weeks_and_the_hash_is_that_of_the_line(settings: Settings) -> None:
    plan = drawn(settings, pairs=3)

    assert plan.schedule.massage_first == coins(17, 3) == (True, False, False)
    assert json.loads(plan.text) == {
        "format": "recovery trial 2", "subject": "me", "start": "2027-01-05", "pairs": 3, "weeks_per_block": 1,
        "weekday": "tue", "time": "18:00", "time_zone": "Europe/Berlin", "minutes": 60,
        "primaries": list(settings.primaries.values()), "seed": 17, "weeks_with_massage": [1, 4, 6],
        "outcomes": [
            {"metric": "steps", "better": "up", "days_after": [1, 2, 3], "goal": None},
            {"metric": "rest_share", "better": "down", "days_after": [1, 2, 3], "goal": None},
            {"metric": "asleep_min", "better": "up", "days_after": [1], "goal": None},
            {"metric": "pain", "better": "down", "days_after": [1, 2, 3], "goal": None},
        ],
        "looks_after_pairs": [3], "excluded": [],
    }  # fmt: skip
    assert plan.text.count("\n") == 1
    assert plan.sha256 == hashlib.sha256(plan.text.encode()).hexdigest()


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 18}, {"pairs": 7}, {"massage_min": 45}, {"start_time": time(18, 1)}, {"weeks_per_block": 2},
        {"start": TUESDAY + timedelta(7)}, {"subject": "client1"},
        {"goals": {"steps": 600.0}}, {"start": TUESDAY + timedelta(1), "weekday": "wed"},
    ],
    ids=str,
)  # fmt: skip
def test_whatever_is_changed_changes_the_hash(settings: Settings, change: dict[str, object]) -> None:
    assert drawn(settings, **change).sha256 != drawn(settings).sha256  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (
            {"start": date(2027, 1, 6)},
            (
                "2027-01-06 is a Wednesday, and weeks begin on the day of the massage."
                " Choose --start 2027-01-12, or --weekday wed."
            ),
        ),
        (
            {"start": date(2026, 11, 17)},
            (
                "2026-11-17 18:00 has passed (Europe/Berlin, now 2026-11-22 13:00)."
                " A trial is drawn before it begins: choose a later --start."
            ),
        ),
        ({"subject": "otto"}, "otto is nobody in recovery.toml. Known: me, client1; add [people.otto]."),
        (
            {"start": date(9999, 12, 28)},
            "The trial would not end before the year 2099. Choose an earlier --start.",
        ),
    ],
)
def test_what_cannot_be_drawn_is_said_in_a_sentence(
    settings: Settings, asked: dict[str, object], sentence: str
) -> None:
    with pytest.raises(TrialError) as raised:
        drawn(settings, **asked)  # type: ignore[arg-type]

    assert str(raised.value) == sentence


def test_today_counts_as_long_as_the_hour_has_not_passed_at_home(settings: Settings) -> None:
    today = {"start": date(2026, 11, 22), "weekday": "sun"}

    assert drawn(settings, **today, start_time=time(13, 1)).schedule.start == date(2026, 11, 22)
    with pytest.raises(TrialError, match="2026-11-22 13:00 has passed"):
        drawn(settings, **today, start_time=time(13, 0))


def test_a_plan_is_written_for_its_owner_alone_and_not_into_the_inbox(settings: Settings) -> None:
    plan = drawn(settings)

    written = trial.commit(settings, plan, [], NOW)

    assert written.folder == settings.home.folder / "trials" / "me" / "2027-01-05"
    names = ["massages-2027-01-05.csv", "massages-2027-01-05.ics", "plan.md", "schedule.json"]
    assert sorted(path.name for path in written.folder.iterdir()) == names
    assert sorted(written.files) == sorted(written.folder.iterdir())
    modes = {stat.S_IMODE(path.stat().st_mode) for path in settings.home.trials.rglob("*") if path.is_file()}
    folders = {stat.S_IMODE(path.stat().st_mode) for path in [settings.home.trials, *written.folder.parents[:1]]}
    assert (modes, folders, stat.S_IMODE(written.folder.stat().st_mode)) == ({0o600}, {0o700}, 0o700)
    assert (written.folder / "schedule.json").read_text() == plan.text
    assert not settings.home.inbox.exists()


@pytest.mark.slow
def test_the_commitment_holds_the_hash_the_time_and_every_week(settings: Settings) -> None:
    plan = drawn(settings, weeks_per_block=2)

    trial.commit(settings, plan, [], NOW)

    assert rows(settings, "select * from raw.trials") == [
        (
            "me", TUESDAY, 6, 2, "tue", time(18), "Europe/Berlin", 60, ", ".join(plan.primaries), 17, plan.sha256, NOW,
            '{"steps": null, "rest_share": null, "asleep_min": null, "pain": null}', "[]",
        )
    ]  # fmt: skip
    assert rows(settings, "select week, pair, local_date, is_massage_week from raw.trial_weeks order by week") == [
        (week + 1, week // 4 + 1, TUESDAY + timedelta(weeks=week), is_massage)
        for week, is_massage in enumerate(plan.schedule.is_massage_week)
    ]


@pytest.mark.slow
def test_a_second_trial_of_the_same_weeks_is_refused_and_leaves_all_as_it_was(settings: Settings) -> None:
    first = trial.commit(settings, drawn(settings), [], NOW)
    before = {path: path.read_bytes() for path in first.files}

    for start in (TUESDAY, TUESDAY - timedelta(weeks=5), TUESDAY + timedelta(weeks=11)):
        with pytest.raises(TrialError, match="A trial of me runs from 2027-01-05 to 2027-03-29 already"):
            trial.commit(settings, drawn(settings, start=start, seed=18), [], NOW)

    assert {path: path.read_bytes() for path in settings.home.trials.rglob("*") if path.is_file()} == before
    assert rows(settings, "select seed from raw.trials") == [(17,)]


@pytest.mark.slow
def test_the_next_weeks_and_another_person_may_have_their_own(settings: Settings) -> None:
    for plan in (
        drawn(settings),
        drawn(settings, start=TUESDAY + timedelta(weeks=12)),
        drawn(settings, "client1", start=TUESDAY),
    ):
        trial.commit(settings, plan, [], NOW)

    assert rows(settings, "select subject, start_date from raw.trials order by all") == [
        ("client1", TUESDAY), ("me", TUESDAY), ("me", TUESDAY + timedelta(weeks=12)),
    ]  # fmt: skip


@pytest.mark.slow
def test_a_folder_that_nobody_knows_is_never_overwritten(settings: Settings) -> None:
    mine = settings.home.trials / "me" / "2027-01-05" / "plan.md"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")

    with pytest.raises(TrialError, match="nothing is overwritten"):
        trial.commit(settings, drawn(settings), [], NOW)

    assert mine.read_text() == "mine"
    assert rows(settings, "from raw.trials") == []


def test_no_trial_is_committed_after_its_hour_or_during_a_run(settings: Settings) -> None:
    plan = drawn(settings)

    with pytest.raises(TrialError, match="has passed"):
        trial.commit(settings, plan, [], datetime(2027, 1, 5, 17, 0))
    with lock.held(settings), pytest.raises(LockedError):
        trial.commit(settings, plan, [], NOW)

    assert not settings.home.trials.exists()


def test_a_database_that_cannot_be_written_leaves_no_files(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise duckdb.IOException("no space")

    monkeypatch.setattr(warehouse, "set_meta", full)
    with pytest.raises(duckdb.IOException, match="no space"):
        trial.commit(settings, drawn(settings), [], NOW)

    assert not list(settings.home.trials.rglob("*.*"))


def test_lines_of_the_log_count_only_once_they_are_ticked(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now_utc", lambda: datetime(2027, 3, 1))  # before its day no massage counts
    plan = drawn(settings, pairs=3)
    content = (trial.commit(settings, plan, [], NOW).folder / "massages-2027-01-05.csv").read_bytes()

    def read(content: bytes) -> list[object]:
        entry = Entry("massages-2027-01-05.csv", len(content), partial(io.BytesIO, content))
        assert [claim.path for claim in massage_log.claims([entry])] == [entry.path]
        return list(massage_log.read([entry], CONTEXT))

    planned = [item for item in read(content) if isinstance(item, Skipped)]
    assert len(planned) == 3
    assert "tells a plan, not a massage" in planned[0].reason
    (batch,) = (item for item in read(content.replace(b"planned", b"attended", 1)) if isinstance(item, Batch))
    (told,) = batch.table.to_pylist()
    assert (told["start_local"], told["massage_min"], told["status"]) == (datetime(2027, 1, 5, 18), 60.0, "attended")


def test_the_calendar_keeps_the_hour_at_home_through_the_change_of_the_clock(settings: Settings) -> None:
    plan = drawn(settings, start=date(2027, 3, 9), pairs=6)
    content = (trial.commit(settings, plan, [], NOW).folder / "massages-2027-03-09.ics").read_bytes()

    events = icalendar.Calendar.from_ical(content).events

    starts = [event.decoded("dtstart") for event in events]
    dates = [slot for slot, is_one in zip(plan.schedule.slots, plan.schedule.is_massage_week, strict=True) if is_one]
    assert [start.replace(tzinfo=None) for start in starts] == [datetime.combine(day, time(18)) for day in dates]
    assert [start.astimezone(UTC).hour for start in starts] == [17 if day < date(2027, 3, 28) else 16 for day in dates]
    assert {event.decoded("duration") for event in events} == {timedelta(minutes=60)}
    assert len({str(event["uid"]) for event in events}) == 6
    entry = Entry("massages.ics", len(content), partial(io.BytesIO, content))
    assert not [item for item in calendar_ics.read([entry], CONTEXT) if isinstance(item, Batch)]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu", "America/St_Johns"])
def test_the_calendar_of_any_zone_can_be_read(settings: Settings, zone: str) -> None:
    plan = drawn(
        Settings(settings.home, home_time_zone=zone), start_time=time(2, 30), start=date(2027, 3, 14), weekday="sun"
    )

    content = dict(trial_plan.files(plan, [], NOW))["massages-2027-03-14.ics"]

    events = icalendar.Calendar.from_ical(content).events
    assert {event.decoded("dtstart").strftime("%H:%M") for event in events} == {"02:30"}


def test_the_plan_tells_the_items_of_cent_the_hash_and_the_weeks(settings: Settings) -> None:
    plan = drawn(settings, weeks_per_block=2)

    told = trial_plan.plan_text(plan, [], NOW)

    assert plan.sha256 in told
    assert all(f"| {item} |" in told for item in ("1a", "3a", "6a", "7a", "8a", "8b", "9", "11a", "12a", "12c", "19"))
    assert told.count("pair ") >= 6
    assert "the first week of each block is left out" in told
    assert "blocks of 3 or 4 weeks do" in trial_plan.plan_text(drawn(settings, goals={"steps": 600.0}), [], NOW)
    assert "steps (better up, goal 600)" in trial_plan.plan_text(drawn(settings, goals={"steps": 600.0}), [], NOW)
    assert "| 7b | Looks before the end | none:" in told
    assert "after 10, 15 pairs, by the spending" in trial_plan.plan_text(drawn(settings, pairs=20), [], NOW)
    assert f"pair 1: massage {TUESDAY}, {TUESDAY + timedelta(7)}; none {TUESDAY + timedelta(14)}" in told


def test_too_few_pairs_are_warned_of(settings: Settings) -> None:
    (few,) = trial_plan.warnings(drawn(settings, pairs=5))

    assert few.startswith("With 5 pairs no result can reach p < .05 (the least is 2/2^5 = 0.0625)")
    assert "a seventh" in trial_plan.warnings(drawn(settings, pairs=6))[0]
    assert trial_plan.warnings(drawn(settings, pairs=7)) == []


@pytest.fixture
def published() -> Iterator[duckdb.DuckDBPyConnection]:
    """Two hundred days of steps, some invalid, and of twenty of pain."""
    connection = warehouse.connect()
    connection.execute(
        "create table metrics as from (values ('steps', 'movement', 'steps', 'day', 600.0),"
        " ('asleep_min', 'sleep', 'min', 'night', null::double), ('pain', 'diary', 'points', 'day', 2.0))"
        " as told (metric, family, unit, counted_by, smallest_worthwhile_change)"
    )
    connection.execute(
        "create table daily_metrics (subject varchar, metric varchar, local_date date, value double, is_valid boolean)"
    )
    random = np.random.default_rng(0)
    told = [("steps", day, 8000 + 500 * random.standard_normal(), day % 10 > 0) for day in range(200)]
    told += [("asleep_min", day, 400 + 60 * random.standard_normal(), True) for day in range(200)]
    told += [("pain", day, float(day % 7), True) for day in range(20)]
    connection.executemany("insert into daily_metrics values ('me', ?, date '2026-01-01' + ?::integer, ?, ?)", told)
    yield connection
    connection.close()


@pytest.mark.slow
def test_power_is_told_of_each_main_number_with_enough_days(
    settings: Settings, published: duckdb.DuckDBPyConnection
) -> None:
    plan = drawn(settings, pairs=12)

    told = trial.measures(published, plan)
    lines = trial_plan.power_lines(told, 12)

    assert [measure.metric for measure in told] == ["steps", "asleep_min", "pain"]  # nothing is known of the fourth
    assert lines[0].startswith("steps: a change of 600 steps (worth having) is found ")
    assert "assumed: 0.3 of your day-to-day swing" in lines[1]
    assert lines[2] == "pain: cannot be told, 20 valid days, 28 are needed."
    assert told[0].power is not None
    assert told[0].power.n_days == 162  # of the last 180, those that are valid
    assert told[0].power.power > 0.9
    assert trial.measures(published, drawn(settings, "client1"))[0].power is None


@pytest.mark.slow
def test_power_is_that_of_the_change_worth_having_for_the_person(
    settings: Settings, published: duckdb.DuckDBPyConnection
) -> None:
    published.execute("insert into daily_metrics select * replace ('pain' as metric, value / 2000 as value)"
                      " from daily_metrics where metric = 'steps'")  # fmt: skip
    published.execute(
        "create table effects as from (values"
        " ('me', 'pain', 'days_1_3', 1.2345::double, 'usual', '30% of the usual pain.'))"
        ' as told (subject, metric, "window", worth, worth_from, worth_source)'
    )

    (line,) = (
        line for line in trial_plan.power_lines(trial.measures(published, drawn(settings)), 12) if "pain" in line
    )

    assert line.startswith("pain: a change of 1.2 points (worth having) is found ")
    assert line.endswith(" 30% of the usual pain.")


@pytest.mark.slow
def test_findings_of_a_finished_trial_count_weeks_as_drawn(
    layers: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    plan = drawn(settings, pairs=7)
    random = np.random.default_rng(1)
    is_massage = plan.schedule.is_massage_week
    days = [
        (
            TUESDAY + timedelta(day),
            8000 + 100 * random.standard_normal() + 900 * (is_massage[day // 7] and day % 7 in (1, 2, 3)),
        )
        for day in range(7 * len(is_massage))
    ]
    committed(layers, plan)
    add(layers, "massage.measures", [
        {"metric": "steps", "local_date": day, "value": value, "is_valid": True} for day, value in days
    ])  # fmt: skip
    add(layers, "massage.spans", [{"first_date": TUESDAY, "last_date": plan.schedule.last_date}])
    add(layers, "stg.massages", [{"massage_id": "a", "local_date": plan.schedule.slots[0], "status": "attended"}])

    pooled = trial.findings(layers, "me", AFTER)

    assert pooled is not None
    (found,) = pooled.findings
    assert (found.metric, found.window, found.schedules) == ("steps", "trial_days_1_3", [plan.schedule])
    assert found.contrast is not None
    assert found.contrast.ci_low < 900 < found.contrast.ci_high
    assert found.contrast.p_value == 2 / 2**7
    assert found.result.adherence.attended + found.result.adherence.in_control_weeks == 1
    assert trial.findings(layers, "client1", AFTER) is None
    layers.execute("update massage.spans set last_date = ?", [plan.schedule.slots[-1]])
    assert trial.findings(layers, "me", AFTER) is None


@pytest.mark.slow
def test_a_date_in_the_future_ends_no_trial(layers: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    plan = drawn(settings, pairs=7)
    measured(layers, plan)
    last = plan.schedule.slots[-1] + timedelta(days=4)
    layers.execute("update massage.spans set last_date = date '2030-01-01'")  # a slip of the diary

    assert trial.findings(layers, "me", last - timedelta(days=1)) is None
    assert trial.findings(layers, "me", last) is not None


def measured(layers: duckdb.DuckDBPyConnection, plan: trial_plan.Plan) -> None:
    """A committed trial with steps on every day of it."""
    random = np.random.default_rng(1)
    committed(layers, plan)
    add(layers, "massage.measures", [
        {"metric": "steps", "local_date": TUESDAY + timedelta(day), "value": 8000 + 100 * random.standard_normal(),
         "is_valid": True} for day in range(7 * plan.schedule.weeks)
    ])  # fmt: skip
    add(layers, "massage.spans", [{"first_date": TUESDAY, "last_date": plan.schedule.last_date}])


def asked(layers: duckdb.DuckDBPyConnection) -> dict[str, bool]:
    """The checks of the trials by name; a refused answer has no contrast."""
    pooled = trial.findings(layers, "me", AFTER)
    assert pooled is not None
    refused = [gate for gate in pooled.gates if gate.name in REFUSED_BY_PLAN and not gate.passed]
    assert all((finding.contrast is None) == bool(refused) for finding in pooled.findings)
    assert all(gate.sentence in finding.reason for gate in refused for finding in pooled.findings)
    return {gate.name: gate.passed for gate in pooled.gates}


@pytest.mark.slow
def test_a_plan_as_committed_is_answered_and_every_change_of_it_refuses(
    layers: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    measured(layers, drawn(settings, pairs=7))
    assert asked(layers) == {AS_COMMITTED: True, COMMITTED_BEFORE: True, LEFT_OUT_BEFORE: True}

    for change in (
        "seed = 18", "primaries = 'steps'", "weeks_per_block = 2, pairs = 3", "start_time = '17:00'",
        "goals = replace(goals, '\"steps\": null', '\"steps\": 1')", "excluded = '[\"2027-01-06\"]'", "goals = null",
        "schedule_sha256 = 'another'",
    ):  # fmt: skip
        layers.execute("create or replace temp table kept as from raw.trials")
        layers.execute(f"update raw.trials set {change}")
        assert not asked(layers)[AS_COMMITTED], change
        layers.execute("delete from raw.trials")
        layers.execute("insert into raw.trials from kept")
    assert asked(layers)[AS_COMMITTED]
    layers.execute("update raw.trial_weeks set is_massage_week = not is_massage_week where week = 3")
    assert not asked(layers)[AS_COMMITTED]


def test_a_start_before_the_commitment_refuses(layers: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    measured(layers, drawn(settings, pairs=7))
    layers.execute("update raw.trials set committed_utc = '2027-01-05 17:00'")  # 18:00 in Berlin

    assert asked(layers) == {AS_COMMITTED: True, COMMITTED_BEFORE: False, LEFT_OUT_BEFORE: True}
    layers.execute("update raw.trials set committed_utc = '2027-01-05 16:59'")
    assert asked(layers)[COMMITTED_BEFORE]


def test_days_excluded_after_the_draw_are_flagged(layers: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    holiday = Exclusion(TUESDAY + timedelta(3), TUESDAY + timedelta(4), "holiday")
    measured(layers, drawn(replace(settings, exclusions=(holiday,)), pairs=7))
    known = [{"local_date": TUESDAY + timedelta(day), "reason": "holiday"} for day in (3, 4)]
    add(layers, "raw.exclusions", [*known, {"local_date": TUESDAY - timedelta(9), "reason": "before the trial"}])

    assert all(asked(layers).values())

    add(layers, "raw.exclusions", [{"local_date": TUESDAY + timedelta(20), "reason": "it went badly"}])
    assert asked(layers) == {AS_COMMITTED: True, COMMITTED_BEFORE: True, LEFT_OUT_BEFORE: False}
    pooled = trial.findings(layers, "me", AFTER)
    assert pooled is not None
    assert "1 day of the trial excluded in recovery.toml after it had been drawn, the first 2027-01-25" in next(
        gate.sentence for gate in pooled.gates if not gate.passed
    )


def test_a_plan_of_an_earlier_version_goes_on_and_says_what_is_checked(
    layers: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    plan = replace(drawn(settings, pairs=12), declared=None)
    assert '"format":"recovery trial 1"' in plan.text
    assert "outcomes" not in plan.text
    measured(layers, plan)

    pooled = trial.findings(layers, "me", AFTER)

    assert pooled is not None
    assert [gate.name for gate in pooled.gates] == [AS_COMMITTED, COMMITTED_BEFORE]
    assert "Goals, directions and windows stood in no plan then and are not checked." in pooled.gates[0].sentence
    assert pooled.plans[0].schedule.looks == (12,)  # it said that there is no answer before the end
    layers.execute("update raw.trials set seed = 18")
    assert not asked(layers)[AS_COMMITTED]


def committed(connection: duckdb.DuckDBPyConnection, plan: trial_plan.Plan) -> None:
    """The plan in the raw tables of a warehouse that a test has open in a transaction."""
    drawn_weeks = zip(plan.schedule.slots, plan.schedule.is_massage_week, strict=True)
    add(connection, "raw.trials", [{
        "start_date": plan.schedule.start, "pairs": plan.schedule.pairs, "weeks_per_block": 1, "weekday": "tue",
        "start_time": time(18), "time_zone": plan.time_zone, "massage_min": 60, "primaries": ", ".join(plan.primaries),
        "seed": plan.seed, "schedule_sha256": plan.sha256, "committed_utc": NOW,
        "goals": plan.declared and json.dumps({one.metric: one.goal for one in plan.declared}),
        "excluded": None if plan.declared is None else json.dumps([day.isoformat() for day in plan.excluded]),
    }])  # fmt: skip
    add(connection, "raw.trial_weeks", [
        {"start_date": plan.schedule.start, "week": week, "pair": (week + 1) // 2, "local_date": slot,
         "is_massage_week": is_massage}
        for week, (slot, is_massage) in enumerate(drawn_weeks, 1)
    ])  # fmt: skip


def test_what_is_published_tells_the_massages_of_each_week(
    layers: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    plan = drawn(settings, pairs=2)  # weeks 1 and 4
    committed(layers, plan)
    slots = plan.schedule.slots
    add(layers, "stg.massages", [
        {"massage_id": "a", "local_date": slots[0], "status": "attended"},
        {"massage_id": "b", "local_date": slots[1] + timedelta(6), "status": "attended"},
        {"massage_id": "c", "local_date": slots[2], "status": "cancelled"},
        {"massage_id": "d", "local_date": slots[3] + timedelta(1), "status": "attended"},
        {"massage_id": "e", "local_date": slots[0], "status": "attended", "subject": "client1"},
        {"massage_id": "f", "local_date": slots[0] - timedelta(1), "status": "attended"},
    ])  # fmt: skip

    build(layers, "pub.trials", "pub.trial_weeks")

    assert layers.execute(
        "select end_date, massages_scheduled, massages_attended, massages_in_control_weeks from pub.trials"
    ).fetchall() == [(date(2027, 2, 1), 2, 1, 1)]
    assert layers.execute(
        "select week, is_massage_week, last_date, massages_attended, is_attended_on_date from pub.trial_weeks"
    ).fetchall() == [
        (1, True, date(2027, 1, 11), 1, True),
        (2, False, date(2027, 1, 18), 1, False),
        (3, False, date(2027, 1, 25), 0, False),
        (4, True, date(2027, 2, 1), 1, False),
    ]


@pytest.mark.slow
def test_the_next_run_publishes_it_also_without_new_data(settings: Settings) -> None:
    settings.home.private.mkdir()
    connection = warehouse.open_work(settings.home.work)
    warehouse.load_settings_tables(connection, settings)
    warehouse.build(connection)
    publish.write(connection, settings)
    settings.home.report.write_text("page")
    stage_pages(settings, "page")
    publish.reveal(connection, settings)
    assert not warehouse.build(connection)
    assert publish.is_current(connection, settings)
    connection.close()

    trial.commit(settings, drawn(settings), [], NOW)

    connection = warehouse.open_work(settings.home.work)
    assert warehouse.build(connection)
    assert not publish.is_current(connection, settings)
    publish.publish(connection, settings)
    connection.close()
    snapshot = warehouse.connect(settings.home.published, read_only=True)
    assert snapshot.execute("select subject, start_date, seed from trials").fetchall() == [("me", TUESDAY, 17)]
    assert snapshot.execute("select count(*) from trial_weeks").fetchall() == [(12,)]
    snapshot.close()


@pytest.fixture
def _same_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def recovery(*words: "str | Path") -> Result:
    return CliRunner(env={"RECOVERY_HOME": None}).invoke(cli, [str(word) for word in words])


@pytest.mark.usefixtures("_same_umask")
def test_the_command_prints_what_there_is_to_keep(tmp_path: Path) -> None:
    recovery("init", "--home", tmp_path, "--time-zone", "Europe/Berlin")
    start = datetime.now(UTC).date() + timedelta(days=30)
    words = (
        "plan-trial", "--home", tmp_path, "--start", start, "--pairs", "5", "--weekday",
        weekday_of(start).upper(), "--at", "18:00",
    )  # fmt: skip

    done, again = recovery(*words), recovery(*words)

    folder = tmp_path / "trials" / "me" / start.isoformat()
    assert done.exit_code == 0, done.stderr
    assert hashlib.sha256((folder / "schedule.json").read_bytes()).hexdigest() in done.stdout
    assert f"Written to {folder}: plan.md, schedule.json" in done.stdout
    assert "not in the inbox" in done.stdout
    assert "no days of yours are published yet" in done.stdout
    assert done.stdout.count("\n  pair ") == 5
    assert done.stderr.startswith("Warning: With 5 pairs no result can reach p < .05")
    assert (again.exit_code, again.stdout) == (1, "")
    assert "already" in again.stderr
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "trials").rglob("*"))


@pytest.mark.parametrize(
    ("words", "said"),
    [(("--pairs", "1"), "1 is not in the range 2<=x<=52"), (("--weekday", "2"), "'2' is not one of"),
     (("--at", "25:00"), "'25:00' does not match"), (("--start", "5.1.2027"), "does not match")],
)  # fmt: skip
def test_wrong_words_are_wrong_usage(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    told = {"--start": "2027-01-05", "--pairs": "6", "--weekday": "tue", "--at": "18:00", words[0]: words[1]}

    result = recovery("plan-trial", "--home", tmp_path, *(word for pair in told.items() for word in pair))

    assert result.exit_code == 2
    assert said in result.stderr
