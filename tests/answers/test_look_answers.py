"""The looks of a person: what is said when, what is not computed twice, and which number goes first."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from invented import FIRST, add_person

from recovery import answers, warehouse
from recovery.answers.looks import Looked, LookedAt, said_of
from recovery.answers.settings_seen import Seen
from recovery.effects.boundaries import Family
from recovery.effects.look_series import Evidence, LookDay
from recovery.effects.regression import Estimate
from recovery.errors import SettingsError
from recovery.home.folder import Home
from recovery.home.settings import VALIDITY, Settings, parse

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def work(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A person whose pain is much less after each of 16 massages; answered."""
    connection = warehouse.open_work(home / "work.duckdb")
    connection.executemany("insert into raw.validity values (?, ?)", sorted(VALIDITY.items()))
    add_person(connection, days=150, every=9, effect=2.5)
    warehouse.build(connection)
    answers.run(connection, Settings(Home(home)))
    yield connection
    connection.close()


def looks(work: duckdb.DuckDBPyConnection, columns: str) -> list[tuple]:
    return work.execute(f"select {columns} from pub.looks where metric = 'pain' order by look").fetchall()


def test_looks_begin_with_the_twelfth_massage_and_come_three_days_after_each(work: duckdb.DuckDBPyConnection) -> None:
    found = looks(work, "look, n_massages, local_date")

    assert [(look, massages) for look, massages, _ in found] == [(1, 12), (2, 13), (3, 14), (4, 15), (5, 16)]
    assert [(day - FIRST).days for *_, day in found] == [5 + 9 * number + 3 for number in range(11, 16)]


def test_a_large_effect_is_found_once_and_kept(work: duckdb.DuckDBPyConnection) -> None:
    found = looks(work, "word, certainty, event, low <= estimate and estimate <= high and high < 0")

    events = [event for _, _, event, _ in found]
    assert events.count("found") == 1
    assert set(events[events.index("found") + 1 :]) <= {"kept"}
    assert found[-1] == ("better", "clear", events[-1], True)


def test_only_looks_whose_days_changed_are_computed_anew(work: duckdb.DuckDBPyConnection, home: Path) -> None:
    marked = "update answers.looks set parts = '[[-2.5, 0.125, 2.0]]' where metric = 'pain'"  # to know the rows again
    work.execute(marked)
    day = FIRST.toordinal() + 5 + 9 * 13 + 2
    work.execute("update raw.diary set pain = pain + 0.5 where local_date = ?", [FIRST.fromordinal(day)])
    warehouse.mark_dirty(work, "me", FIRST.fromordinal(day), FIRST.fromordinal(day + 1))
    warehouse.build(work)

    answers.run(work, Settings(Home(home)))

    kept = work.execute(
        "select standard_error = 0.125 from answers.looks where metric = 'pain' order by look"
    ).fetchall()
    assert [is_kept for (is_kept,) in kept] == [True, True, False, False, False]


def test_only_metrics_whose_days_changed_are_examined_anew(work: duckdb.DuckDBPyConnection, home: Path) -> None:
    work.execute("update answers.found set found = json_merge_patch(found, '{\"usual\": 99}')")  # to know it again
    day = FIRST + timedelta(days=20)
    work.execute("update raw.diary set mood = mood + 0.5 where local_date = ?", [day])
    warehouse.mark_dirty(work, "me", day, day)
    warehouse.build(work)

    answers.run(work, Settings(Home(home)))

    usual = work.execute("select metric, usual = 99 from pub.effects where \"window\" = 'days_1_3' order by metric")
    assert usual.fetchall() == [("mood", False), ("pain", True)]


def looked(metric: str, *sizes: float) -> Looked:
    """Looks a week apart at a number that is better where it is larger; a change worth having is 1, the error 0.25."""
    found = [
        LookedAt(
            LookDay(number, 80 + 7 * number, 11 + number),
            FIRST + timedelta(days=7 * number),
            "",
            Evidence(Estimate(size, 0.25, size - 0.49, size + 0.49, 0.5, 1.96, 200), worth=1.0, may_exclude=True),
        )
        for number, size in enumerate(sizes, 1)
    ]
    return Looked(metric, "days_1_3", "up", tuple(found))


def said(looks: Sequence[Looked], family: Family) -> list[tuple[str, int, str]]:
    found = said_of(looks, Seen([(date.min, family)]))
    return [(metric, one.found.number, str(one.said.event)) for metric, of in found.items() for one in of]


def test_the_number_named_in_advance_is_found_where_another_is_not_yet() -> None:
    both = [looked("steps", 0.7), looked("pain", 0.7)]  # z 2.8: over 2.77, under 3.26

    assert said(both, Family(("steps", "pain", "mood", "rest_share"), main="steps")) == [
        ("steps", 1, "found"),
        ("pain", 1, "none"),
    ]
    assert {event for _, _, event in said(both, Family(("steps", "pain", "mood", "rest_share")))} == {"none"}


def test_where_none_is_named_a_finding_of_one_brings_the_boundary_of_the_others_nearer() -> None:
    family = Family(("steps", "pain"))  # 3.00, then 2.72

    assert said([looked("steps", 0.7, 0.7)], family) == [("steps", 1, "none"), ("steps", 2, "none")]
    together = said([looked("steps", 0.7, 0.7), looked("pain", 0.9, 0.9)], family)
    assert together == [("steps", 1, "found"), ("steps", 2, "kept"), ("pain", 1, "found"), ("pain", 2, "kept")]


def test_the_main_number_is_one_of_the_families_own(tmp_path: Path) -> None:
    assert parse(Home(tmp_path), {"primary": {"main": "steps"}}).main == "steps"
    assert parse(Home(tmp_path), {"primary": {"main": "mood", "diary": "mood"}}).main == "mood"
    assert parse(Home(tmp_path), {}).main is None
    with pytest.raises(SettingsError, match="main must be one of steps, rest_share, asleep_min, pain, not 'mood'"):
        parse(Home(tmp_path), {"primary": {"main": "mood"}})


def test_a_goal_that_is_out_of_reach_is_neither_found_nor_ruled_out_at_any_look(
    work: duckdb.DuckDBPyConnection, home: Path
) -> None:
    work.execute("insert into raw.goals values ('pain', 9)")  # usual pain is 5
    warehouse.set_meta(work, "answered", "")

    answers.run(work, Settings(Home(home)))

    assert {event for (event,) in looks(work, "event")}.isdisjoint({"found", "kept", "ruled out"})
    assert work.execute(
        "select verdict, is_worth_reachable from pub.effects where metric = 'pain' and \"window\" = 'days_1_3'"
    ).fetchall() == [("consistent with, not shown", False)]
