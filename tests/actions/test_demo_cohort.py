"""The invented study: the same for a seed, people who differ, and everything that is written is read."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import homes
import numpy as np
import pytest
from click.testing import CliRunner

from recovery import warehouse
from recovery.actions.demo import cohort, fitbit
from recovery.actions.demo.life import ZONE, Nature, live
from recovery.answers.trials import is_because
from recovery.cli import cli
from recovery.effects.trial import Outcome, TrialResult, results
from recovery.errors import HomeError
from recovery.home import clock
from recovery.home.settings import load_settings
from recovery.trials import commitment

PEOPLE, DAYS = 6, 35


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cohort") / "study"
    cohort.write(folder, PEOPLE, DAYS, seed=3)
    return folder


@pytest.fixture(scope="module")
def read(study: Path) -> Iterator[homes.HomeAtWork]:
    with pytest.MonkeyPatch.context() as patch:
        homes.in_this_process(patch)
        made = homes.make(study.parent / "read", (study / "recovery.toml").read_text())
        for path in sorted((study / "inbox").rglob("*.*")):
            made.drop(path.relative_to(study / "inbox").as_posix(), path.read_bytes())
        made.run()
        yield made
        made.close()


def bytes_of(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_person_is_the_same_among_few_and_among_many_and_another_with_another_seed(
    study: Path, tmp_path: Path
) -> None:
    cohort.write(tmp_path / "few", 2, DAYS, seed=3)
    cohort.write(tmp_path / "other", 2, DAYS, seed=4)

    few, other = bytes_of(tmp_path / "few" / "inbox"), bytes_of(tmp_path / "other" / "inbox")
    assert few == {path: content for path, content in bytes_of(study / "inbox").items() if path[:4] in ("P001", "P002")}
    assert not set(few.values()) & set(other.values())


def test_in_each_pair_one_person_is_in_each_arm() -> None:
    people = [cohort.invented(number, DAYS, seed=3) for number in range(1, 41)]

    assert all({one.arm, other.arm} == set(cohort.ARMS) for one, other in zip(people[::2], people[1::2], strict=True))
    assert {one.arm for one in people[::2]} == set(cohort.ARMS)  # a coin, not the order
    assert {one.wears for one in people} == set(cohort.WEARS)
    assert len({one.nature.relief_pain for one in people}) > 30


def test_recovery_toml_tells_people_arms_groups_and_days_that_do_not_count(study: Path) -> None:
    settings = load_settings(study)

    assert settings.people == tuple(f"P{number:03}" for number in range(1, PEOPLE + 1))
    assert settings.part_of("P001").arm in cohort.ARMS
    assert settings.part_of("P001").subgroup in cohort.GROUPS
    assert {row.subject for row in settings.exclusions} == set(settings.people)
    assert settings.is_demo


def test_all_that_is_written_is_read(read: homes.HomeAtWork) -> None:
    assert set(read.statuses().values()) <= {"loaded", "opened"}
    rejected = read.rows("select reason, count(*) from raw.rejected where path not like '%massages.csv' group by all")
    assert rejected == []


def test_days_of_a_fitbit_are_those_that_were_lived(read: homes.HomeAtWork) -> None:
    people = [cohort.invented(number, DAYS, seed=3) for number in range(1, PEOPLE + 1)]
    one = next(one for one in people if one.wears == cohort.FITBIT)
    lived = live(one.nature)
    told = dict(
        read.rows(f"select local_date, value from raw.day_values where subject = '{one.name}' and metric = 'steps'")
    )

    ours = np.add.reduceat(lived.steps, lived.midnights[:-1])
    assert told == {day: steps for day, steps in zip(lived.days, ours, strict=True) if steps}


@pytest.mark.parametrize("day", [date(2025, 10, 26), date(2026, 3, 29)])
def test_a_night_in_which_the_clock_changes_is_as_long_as_its_times_say(day: date) -> None:
    lived = live(Nature(first=day - timedelta(days=4), last=day + timedelta(days=2)))

    row = fitbit._night(lived, day)

    begin, end = (
        clock.to_utc(datetime.strptime(str(row[name]), "%Y-%m-%d %I:%M%p"), ZONE)  # noqa: DTZ007 - of the wall
        for name in ("Start Time", "End Time")
    )
    assert (end - begin) / timedelta(minutes=1) == row["Time in Bed"]


def test_trials_are_drawn_before_they_begin_and_their_massages_are_on_drawn_days_alone(tmp_path: Path) -> None:
    days = 200
    number = next(number for number in range(1, 20) if cohort.invented(number, days, seed=3).trial)
    one = cohort.invented(number, days, seed=3)
    assert one.trial is not None
    drawn = one.nature.drawn
    settings = load_settings(study_of_nobody(tmp_path, one.name))

    cohort.draw_trials(settings, [one])
    cohort.draw_trials(settings, [one])  # again: it is the same trial

    with closing(warehouse.read_work(settings.home.work)) as connection:
        (known,) = commitment.committed(connection, one.name)
    assert known.plan.sha256 == known.sha256
    assert known.committed_utc.date() == one.trial.start - timedelta(days=7)
    assert {day for _, _, day, is_massage in commitment.weeks_of(known.plan) if is_massage} == drawn
    had = {massage.start.date() for massage in live(one.nature).massages}
    of_trial = {day for day in had if one.trial.start <= day <= one.trial.last_date}
    assert len(of_trial) > one.trial.pairs / 2
    assert of_trial <= drawn
    with pytest.raises(HomeError, match="somebody else"):
        cohort.draw_trials(settings, [replace(one, trial_seed=one.trial_seed + 1)])


def test_what_happens_to_those_who_draw_weeks_can_be_put_down_to_their_massages() -> None:
    people = [cohort.invented(number, cohort.DAYS, cohort.SEED) for number in range(1, 13)]
    found = {one.name: pain_in_drawn_weeks(one) for one in people if one.trial}

    assert list(found) == ["P004", "P007", "P012"]
    for of in found.values():
        assert of.contrast is not None
        assert is_because(of, holm_p=4 * of.contrast.p_value)  # pain is one of four main numbers
        assert of.contrast.ci_high < 0


def pain_in_drawn_weeks(one: cohort.Invented) -> TrialResult:
    assert one.trial is not None
    lived = live(one.nature)
    told = {row["date"]: row["pain"] for row in lived.diary}
    pain = np.array([told.get(str(day), np.nan) for day in lived.days], dtype=float)
    outcome = Outcome("pain", pain, np.array(lived.days, dtype="datetime64[D]"), is_nightly=False)
    attended = [massage.start.date() for massage in lived.massages if massage.status == "attended"]
    (found,) = results([one.trial], [outcome], attended, one.nature.last)
    return found.result


def study_of_nobody(folder: Path, name: str) -> Path:
    (folder / "inbox").mkdir()
    (folder / "recovery.toml").write_text(f'home_time_zone = "{ZONE}"\n[people.{name}]\n')
    return folder


def test_the_command_writes_a_study_and_runs_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "study"

    told = CliRunner().invoke(cli, ["demo", str(folder), "--people", "1", "--days", "28"])

    assert told.exit_code == 0, told.output
    assert told.output.startswith("Writing an invented study of 1 person to ")
    assert not (folder / "recovery.duckdb").exists()
    again = CliRunner().invoke(cli, ["demo", str(folder), "--seed", "2"])
    assert (again.exit_code, "go with --people" in again.output) == (2, True)
