"""Each rule of the trials is broken by a change of its own."""

from collections.abc import Callable

import duckdb
import pytest

from recovery import checks

pytestmark = pytest.mark.slow

Broken = Callable[[str, str], set[str]]  # relation, change -> sentences of the checks that fail
ANOTHER = "insert into pub.trials by name select * replace ({}) from pub.trials"
ITS_WEEKS = """insert into pub.trial_weeks by name
    select * replace (start_date + 35 as start_date, local_date + 35 as local_date) from pub.trial_weeks"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("update pub.trials set schedule_sha256 = null", "Every trial has the hash of its schedule."),
        ("update pub.trials set weekday = 'Tuesday'", "A weekday is mon to sun."),
        ("update pub.trials set committed_utc = '2026-03-04 06:00'", "A trial was committed before its first hour."),
        ("delete from pub.trial_weeks where week = 7", "Every week of a trial is there."),
        (
            f"{ANOTHER.format('start_date + 35 as start_date, end_date + 35 as end_date')}; {ITS_WEEKS}",
            "Two trials of a person never overlap.",
        ),
        (
            "delete from pub.trial_weeks where pair > 5; update pub.trials set pairs = 5",
            "At least six pairs, without which no answer is possible.",
        ),
        ("update pub.trials set massages_in_control_weeks = 1", "No massage took place in a week drawn without."),
    ],
)
def test_one_wrong_row_breaks_one_rule(broken: Broken, change: str, sentence: str) -> None:
    assert broken("trials", change) == {sentence}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (ANOTHER.format("'another' as schedule_sha256"), "A trial of a person is there once."),
        ("update pub.trials set pairs = 1", "A trial has at least two pairs."),
        ("update pub.trials set weeks_per_block = 5", "A block is one to four weeks."),
    ],
)
def test_some_wrong_rows_break_their_rule_and_others(broken: Broken, change: str, sentence: str) -> None:
    assert sentence in broken("trials", change)


def test_an_hour_far_west_of_greenwich_is_committed_in_time(broken: Broken) -> None:
    assert broken("trials", "update pub.trials set committed_utc = '2026-03-04 05:59'") == set()


def test_a_trial_that_breaks_a_rule_is_named_in_words(sound: duckdb.DuckDBPyConnection) -> None:
    """By its first date, which the pages write as text."""
    from recovery.checks import _checkpoint
    from recovery.checks._results import results_of

    sound.execute("begin transaction")
    sound.execute("update pub.trials set massages_in_control_weeks = 1")
    told = _checkpoint.validate(sound, {"trials": checks.relations()["trials"]}, "a run")
    sound.execute("rollback")

    (validated,) = told.run_results.values()
    assert [row for result in results_of(validated) for row in result.failing] == [("me", "2026-03-03", "1")]
