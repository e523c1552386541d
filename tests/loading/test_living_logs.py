"""A list that is kept in the inbox and read again: what it told before, where it tells less now."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import homes
import pytest

pytestmark = pytest.mark.slow

LIST = "date,minutes\n" + "".join(f"2024-01-{day:02d},60\n" for day in range(1, 11))
ROWS = "select count(*) from raw.massages"
RECEIPT = "select status, message, waiting_message from raw.files where path = 'massages.csv'"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[homes.HomeAtWork]:
    made = homes.make(tmp_path / "home")
    yield made
    made.close()


def test_a_list_that_lost_rows_says_so_and_an_empty_one_takes_nothing_away(home: homes.HomeAtWork) -> None:
    home.drop("massages.csv", LIST)
    home.run()
    home.drop("massages.csv", "")
    home.run()

    assert home.rows(ROWS) == [(10,)]
    ((status, _, _),) = home.rows(RECEIPT)
    assert status == "loaded"

    home.drop("massages.csv", LIST[: len(LIST) // 2])
    home.run()

    ((kept,),) = home.rows(ROWS)
    assert kept < 8
    ((status, message, waiting),) = home.rows(RECEIPT)
    assert (status, waiting) == ("partial", None)
    assert f"It held 10 rows when it was read last, now {kept}" in str(message)

    home.drop("massages.csv", LIST)
    home.run()
    assert home.rows(ROWS) == [(10,)]
    assert home.rows(RECEIPT)[0][0] == "loaded"


def test_a_diary_may_hold_the_massages_too(home: homes.HomeAtWork) -> None:
    home.drop("diary.csv", "date,pain,massage\n2024-01-01,5,yes\n2024-01-02,4,no\n2024-01-03,4,\n2024-01-04,3,60\n")
    home.run()

    assert home.rows("select local_date from raw.massages order by all") == [(date(2024, 1, 1),), (date(2024, 1, 4),)]
    assert home.rows("select kind from raw.logs order by all") == [("diary",), ("massages",)]
    assert home.rows("select first_date from raw.unclear_rows") == [(date(2024, 1, 3),)]
    home.drop("diary.csv", "date,pain\n2024-01-01,5\n2024-01-02,4\n2024-01-03,4\n2024-01-04,3\n")
    home.run()
    assert home.rows(ROWS) == [(0,)]
    assert home.rows("select kind from raw.logs") == [("diary",)]
