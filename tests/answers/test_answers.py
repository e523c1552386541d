"""The answers: for whom they are computed, that they are the same to the bit, what they say of planted effects."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from invented import FIRST, add_person

from recovery import answers, warehouse
from recovery.answers import metric
from recovery.effects import jumps, noise
from recovery.effects.examine import Floats, examine
from recovery.effects.trial_schedule import Schedule, coins
from recovery.errors import SettingsError
from recovery.home.folder import Home
from recovery.home.settings import VALIDITY, Settings
from recovery.trials.commitment import weeks_of
from recovery.trials.plan import Plan

pytestmark = pytest.mark.slow


@contextmanager
def opened(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A new work database in a folder."""
    connection = warehouse.open_work(folder / "work.duckdb")
    connection.executemany("insert into raw.validity values (?, ?)", sorted(VALIDITY.items()))
    yield connection
    connection.close()


@pytest.fixture
def work(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with opened(tmp_path) as connection:
        yield connection


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(Home(tmp_path))


def answer(connection: duckdb.DuckDBPyConnection, settings: Settings) -> int:
    warehouse.build(connection)
    return answers.run(connection, settings)


def effect(connection: duckdb.DuckDBPyConnection, metric: str, window: str, subject: str = "me") -> dict[str, Any]:
    found = connection.execute(
        'select * from pub.effects where subject = ? and metric = ? and "window" = ?', [subject, metric, window]
    )
    names = [column[0] for column in found.description]
    (row,) = found.fetchall()
    return dict(zip(names, row, strict=True))


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The answers for a person with less pain after massages."""
    folder = tmp_path_factory.mktemp("planted")
    with opened(folder) as connection:
        add_person(connection, effect=2.5)
        answer(connection, Settings(Home(folder)))
        yield connection


def test_a_planted_effect_is_found_and_told_with_its_interval(planted: duckdb.DuckDBPyConnection) -> None:
    pain = effect(planted, "pain", "days_1_3")
    assert pain["ci_low"] <= -2.5 <= pain["ci_high"] < 0
    assert (pain["is_primary"], pain["verdict"], pain["n_massages"]) == (True, "supported", 22)
    assert "points lower" in pain["reason"]
    mood = effect(planted, "mood", "days_1_3")
    assert not mood["is_primary"]
    assert mood["verdict"] != "supported"
    assert effect(planted, "pain", "day_2")["estimate"] == pytest.approx(-2.5, abs=0.8)
    assert effect(planted, "pain", "day_6")["verdict"] is None


@pytest.fixture(scope="module")
def without_effect(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the answers for four people whom massages do nothing, of two of whom little is known."""
    folder = tmp_path_factory.mktemp("without")
    with opened(folder) as connection:
        add_person(connection, days=130)
        add_person(connection, "client_1", days=60, every=20)
        add_person(connection, "client_2", days=6, massages=[FIRST + timedelta(days=1)])
        add_person(connection, "client_3", days=130, seed=2)
        assert answer(connection, Settings(Home(folder))) == 4
    return folder


@pytest.fixture
def answered(without_effect: Path, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy of these answers, to be changed by a test."""
    shutil.copy(without_effect / "work.duckdb", tmp_path)
    connection = warehouse.open_work(tmp_path / "work.duckdb")
    yield connection
    connection.close()


def forget_answers(connection: duckdb.DuckDBPyConnection) -> None:
    """Everybody is asked again, of the same days."""
    warehouse.set_meta(connection, "answered", "")
    connection.execute("delete from answers.examined")
    connection.execute("delete from answers.found")


def test_without_an_effect_none_is_supported_and_refusals_have_no_numbers(
    answered: duckdb.DuckDBPyConnection,
) -> None:
    work = answered

    assert effect(work, "pain", "days_1_3")["verdict"] in ("contradicted", "can't tell yet")
    refused = effect(work, "pain", "days_1_3", "client_1")
    assert (refused["verdict"], refused["estimate"]) == ("cannot be told from this data", None)
    assert "at least 8 are needed" in refused["reason"]
    claims = work.execute("select subject, count(*), count(distinct claim_id) from pub.claims group by all").fetchall()
    assert sorted(claims) == [(subject, 16, 16) for subject in ("client_1", "client_2", "client_3", "me")]
    assert work.execute("select count(*) from pub.claims where verdict = 'supported'").fetchall() == [(0,)]
    checks = work.execute(
        "select name, passed from pub.effect_checks where subject = 'client_1' and metric = 'pain' order by ordinal"
    ).fetchall()
    assert ("enough massages", False) in checks
    assert work.execute("select count(*) from pub.effects where metric = 'steps'").fetchall() == [(0,)]


def test_the_mean_day_around_massages_gets_an_interval_and_the_dose_a_slope(
    planted: duckdb.DuckDBPyConnection,
) -> None:
    rows = planted.execute(
        "select day_offset, mean, ci_low, ci_high from pub.around_massage_summary where metric = 'pain' order by all"
    ).fetchall()
    assert all(low < mean < high for day, mean, low, high in rows if low is not None)
    assert {day for day, _, low, _ in rows if low is not None} >= {-2, -1, 0, 1, 2, 3}
    after = next(row for row in rows if row[0] == 2)
    assert after[3] - after[2] == pytest.approx(2 * 1.96 / 22**0.5, rel=0.25)  # independent days of deviation 1
    assert effect(planted, "pain", "dose_7")["n_massages"] == 22
    subgroups = planted.execute(
        "select level, n_massages, ci_low, ci_high from pub.subgroup_effects where attribute = 'minutes' order by level"
    ).fetchall()
    assert [(level, count) for level, count, _, _ in subgroups] == [("45 to 75 min", 14), ("under 45 min", 8)]
    assert all(low < -2.5 < high for _, _, low, high in subgroups)


def test_only_people_whose_days_changed_are_asked_again_and_the_same_data_give_the_same_answer(
    answered: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    work = answered
    first = work.execute('from pub.effects order by subject, metric, "window"').fetchall()

    assert answers.is_current(work, settings)
    assert answers.run(work, settings) == 0

    day = FIRST + timedelta(days=20)
    work.execute("update raw.diary set pain = 9 where subject = 'client_3' and local_date = ?", [day])
    warehouse.mark_dirty(work, "client_3", day, day)
    assert answer(work, settings) == 1
    second = work.execute('from pub.effects order by subject, metric, "window"').fetchall()
    assert [row for row in first if row[0] != "client_3"] == [row for row in second if row[0] != "client_3"]
    assert first != second
    shown = [work.execute(f"from pub.{name} order by all").fetchall() for name in answers.PUBLISHED]
    warehouse.refresh(work, answers.PUBLISHED)  # of everybody
    assert [work.execute(f"from pub.{name} order by all").fetchall() for name in answers.PUBLISHED] == shown

    work.execute("update answers.examined set fingerprint = 'another program'")
    warehouse.set_meta(work, "answered", "")
    assert answers.run(work, settings) == 4
    assert work.execute('from pub.effects order by subject, metric, "window"').fetchall() == second
    assert (noise.grid_whitener.cache_info().currsize, jumps.filters_of.cache_info().currsize) == (0, 0)  # megabytes


def test_a_pool_of_processes_gives_the_same_to_the_bit(
    answered: duckdb.DuckDBPyConnection, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = answered
    alone = work.execute('from answers.effects order by subject, metric, "window"').fetchall()

    monkeypatch.setattr(answers, "MIN_METRICS_OF_A_POOL", 1)
    monkeypatch.setattr(answers, "MIN_PEOPLE_OF_A_POOL", 1)
    monkeypatch.setattr(answers, "MAX_PROCESSES", 2)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    forget_answers(work)
    answers.run(work, settings)

    assert work.execute('from answers.effects order by subject, metric, "window"').fetchall() == alone


def test_a_person_who_is_gone_takes_the_answers_along(answered: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    work = answered
    tables = ("effects", "effect_checks", "claims", "subgroup_effects", "around_intervals", "examined")
    for table in tables:
        assert work.execute(f"select count(*) > 0 from answers.{table} where subject = 'client_3'").fetchall() == [
            (True,)
        ], table
    for table in ("diary", "massages", "logs"):
        work.execute(f"delete from raw.{table} where subject = 'client_3'")
    warehouse.mark_dirty(work, "client_3", FIRST, FIRST + timedelta(days=130))

    answer(work, settings)

    for table in tables:
        assert work.execute(f"select count(*) from answers.{table} where subject = 'client_3'").fetchall() == [(0,)]


def test_the_main_number_of_a_family_can_be_declared_and_a_wrong_one_is_named(
    answered: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    work = answered
    mood = Settings(settings.home, primaries={**settings.primaries, "diary": "mood"})

    assert answers.run(work, mood) == 4

    assert effect(work, "mood", "days_1_3")["is_primary"]
    assert not effect(work, "pain", "days_1_3")["is_primary"]
    with pytest.raises(SettingsError, match="'steps', which is no metric of diary"):
        answers.run(work, Settings(settings.home, primaries={"diary": "steps"}))


def test_people_are_summed_up_from_five_on(
    work: duckdb.DuckDBPyConnection, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "MAX_PROCESSES", 1)  # a pool is asked for above
    for number in range(5):
        add_person(work, f"client_{number}", days=100, effect=2.0, seed=number)

    answer(work, settings)

    ((people, low, high, next_low, reason),) = work.execute(
        "select n_subjects, ci_low, ci_high, prediction_low, reason from pub.cohort_effects where metric = 'pain'"
    ).fetchall()
    assert people == 5
    assert low <= -2 <= high < 0
    assert next_low <= low
    assert "on average over 5 people" in reason
    shrunken = work.execute(
        "select estimate, shrunken_estimate from pub.effects where metric = 'pain' and \"window\" = 'days_1_3'"
    ).fetchall()
    assert max(told for _, told in shrunken) - min(told for _, told in shrunken) <= max(
        told for told, _ in shrunken
    ) - min(told for told, _ in shrunken)

    add_person(work, "client_5", days=100, effect=2.0, seed=5)
    answer(work, settings)
    assert work.execute("select n_subjects from pub.cohort_effects where metric = 'pain'").fetchall() == [(6,)]


def test_a_finished_trial_is_answered_by_its_coins(work: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    drawn = Schedule(FIRST, 1, coins(7, 8))
    slots = [day for day, is_massage in zip(drawn.slots, drawn.is_massage_week, strict=True) if is_massage]
    add_person(work, days=120, effect=2.5, massages=slots)
    plan = Plan("me", drawn, "mon", time(18), "UTC", 60, ("pain",), 7, declared=None)
    work.execute(
        "insert into raw.trials values"
        " ('me', ?, 8, 1, 'mon', '18:00', 'UTC', 60, 'pain', 7, ?, '2024-03-01', null, null)",
        [FIRST, plan.sha256],
    )
    work.executemany(
        "insert into raw.trial_weeks values ('me', ?, ?, ?, ?, ?)", [(FIRST, *week) for week in weeks_of(plan)]
    )

    answer(work, settings)

    pain = effect(work, "pain", "trial_days_1_3")
    assert pain["ci_low"] <= -2.5 <= pain["ci_high"] < 0
    assert (pain["is_primary"], pain["n_massages"], pain["verdict"]) == (True, 8, "supported")
    assert (pain["direction"], pain["certainty"], pain["basis"]) == ("better", "clear", "because")
    assert effect(work, "mood", "trial_days_1_3")["basis"] == "after"
    assert pain["reason"].startswith("Trial of 2024-03-04: ")
    assert "8 of 8 massages took place on the day set, none in weeks without." in pain["reason"]
    assert not effect(work, "mood", "trial_days_1_3")["is_primary"]
    ((verdict, window),) = work.execute("select verdict, \"window\" from pub.claims where claim_id = 'mood'").fetchall()
    assert (verdict != "supported", window) == (True, "trial_days_1_3")

    ((reason, observed),) = work.execute(
        "select reason, observed from pub.claims where claim_id = 'pain_80'"
    ).fetchall()
    assert observed == pain["estimate"]
    assert "that you have on average" in reason

    work.execute("update raw.diary set pain = pain - 3 where local_date > ?", [FIRST + timedelta(days=114)])
    warehouse.mark_dirty(work, "me", FIRST, FIRST + timedelta(days=120))
    assert answer(work, settings) == 1  # the days after the trial too are days of the person


def test_a_metric_that_cannot_be_computed_is_refused_and_the_others_are_answered(
    answered: duckdb.DuckDBPyConnection, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(values: Floats, *told: Any, **named: Any) -> Any:
        if np.nanmean(values) > 4:  # pain, not mood
            raise np.linalg.LinAlgError("singular")
        return examine(values, *told, **named)

    monkeypatch.setattr(metric, "examine", failing)
    work = answered
    forget_answers(work)

    answers.run(work, settings)

    pain = effect(work, "pain", "days_1_3")
    assert (pain["verdict"], pain["estimate"]) == ("cannot be told from this data", None)
    assert "our fault" in pain["reason"]
    assert effect(work, "mood", "days_1_3")["estimate"] is not None
