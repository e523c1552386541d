"""Another treatment on most massage days: counted, told, and nothing is certain."""

from collections.abc import Iterator

import duckdb
import pytest
from invented import add_person

from recovery import answers, warehouse
from recovery.home.folder import Home
from recovery.home.settings import VALIDITY, Settings

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("circumstances")
    connection = warehouse.open_work(folder / "work.duckdb")
    connection.executemany("insert into raw.validity values (?, ?)", sorted(VALIDITY.items()))
    add_person(connection, days=330, effect=3.0)
    connection.execute(
        """update raw.diary set
            other_treatment = (local_date in (select local_date from raw.massages where massage_min = 60))::double,
            travel = case when day(local_date) < 20 then 0 end, illness = (day(local_date) = 3)::double, mood = null"""
    )
    warehouse.build(connection)
    answers.run(connection, Settings(Home(folder)))
    yield connection
    connection.close()


def test_massages_are_counted_on_days_with_another_treatment_and_the_estimate_stands_without_them(
    answered: duckdb.DuckDBPyConnection,
) -> None:
    rows = answered.execute(
        "select circumstance, n_massages, n_massages_told, n_massages_yes, n_other_days_yes, is_alike, estimate,"
        " without_estimate, reason from pub.circumstances where metric = 'pain' order by all"
    ).fetchall()

    (illness, treatment) = rows  # travel: only ever no
    assert illness[0] == "illness"
    assert illness[5]
    assert illness[7] is None
    assert treatment[0:6] == ("other_treatment", 36, 36, 24, 0, False)
    assert treatment[6] == pytest.approx(-3, abs=0.6)
    assert treatment[7] == pytest.approx(-3, abs=1)  # by the 12 massages alone
    assert "told of 24 of 36 massage days that say yes or no, against 0% of other days" in treatment[8]
    assert "Without these days 12 massages are left." in treatment[8]


def test_nothing_is_supported_and_the_reason_says_why(answered: duckdb.DuckDBPyConnection) -> None:
    verdict, reason = answered.execute(
        "select verdict, reason from pub.effects where metric = 'pain' and \"window\" = 'days_1_3'"
    ).fetchone()
    looks = answered.execute("select distinct certainty, failed from pub.looks where metric = 'pain'").fetchall()
    (passed,) = answered.execute("select passed from pub.effect_checks where name = 'other treatment'").fetchone()

    assert verdict == "consistent with, not shown"
    assert "what was seen may be due to other treatment" in reason
    assert all(certainty != "clear" and "other treatment" in failed for certainty, failed in looks)
    assert not passed
