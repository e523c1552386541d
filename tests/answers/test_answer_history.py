"""Since when an answer stands, and what the page says where it no longer does, from looks and what was told before."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import duckdb
import pytest

from recovery import warehouse
from recovery.answers import rows
from recovery.answers.history import Digests, History, Told, history, of_trial, told_before
from recovery.effects.boundaries import Family
from recovery.effects.look_family import Found, Primary, SaidAt, said_of_family
from recovery.effects.look_series import Evidence
from recovery.effects.regression import Estimate
from recovery.published import told as told_rows
from recovery.vocabulary.verdicts import Certainty, Word

FIRST = date(2025, 3, 3)  # of the looks, a week apart
TODAY = date(2025, 5, 3)
SAME = Digests("data", "settings")


def day(look: int) -> date:
    return FIRST + timedelta(days=7 * (look - 1))


def said(*sizes: float) -> list[SaidAt]:
    """Looks at a number with an error of 0.25; a change of 1 is worth having."""
    return all_said([Found(day(at), at, 11 + at, evidence(size)) for at, size in enumerate(sizes, 1)])


def evidence(size: float, error: float = 0.25) -> Evidence:
    half = 1.96 * error
    return Evidence(Estimate(size, error, size - half, size + half, 0.5, 1.96, 200), 1.0, (), may_exclude=True)


def all_said(found: list[Found]) -> list[SaidAt]:
    return list(said_of_family([Primary("steps", "up", found)], Family(("steps",))))


def told(look: int, word: str, certainty: str, shown: date, digests: Digests = SAME) -> Told:
    return Told(Word(word), Certainty(certainty), day(look), shown, digests.data_sha256, digests.settings_sha256)


def at(sizes: tuple[float, ...], *before: Told, now: Digests = SAME) -> History:
    digests = {day(look): now for look in range(1, len(sizes) + 1)}
    return history(said(*sizes), before, digests, TODAY)


FOUND_AT_2 = told(2, "better", "clear", date(2025, 4, 2))
OPEN_AT_1 = told(1, "unknown", "too_early", date(2025, 3, 10))


def test_what_was_told_and_still_holds_says_when_it_was_first_told() -> None:
    found = at((0.5, 1.2, 0.9), OPEN_AT_1, FOUND_AT_2)

    assert found == History(date(2025, 4, 2), None, "First said on 2 April 2025; it still holds.")


def test_an_answer_that_the_data_would_have_given_before_says_so_and_a_new_one_nothing() -> None:
    assert at((0.5, 1.2, 0.9)) == History(
        day(2), None, "The data up to 10 March 2025 (13 massages) would have said so already, and it holds since."
    )
    assert at((0.5, 1.2)) == History(day(2), None, "")


def test_a_withdrawal_has_the_date_of_its_look() -> None:
    found = at((1.2, 0.45, 0.5), told(1, "better", "clear", date(2025, 3, 4)))

    sentence = "Withdrawn on 10 March 2025: with 13 massages the change was less than half of one worth having."
    assert found == History(None, day(2), sentence)


def test_what_is_no_longer_ruled_out_has_its_date_too() -> None:
    found = history(said(0.1, 0.2), [], {}, TODAY)
    assert found.first_said == day(1)

    again = all_said([said(0.1)[0].found, Found(day(2), 2, 13, evidence(1.1, error=0.9))])

    assert history(again, [], {}, TODAY) == History(
        None, day(2), "Until 10 March 2025 a change worth having was ruled out; with 13 massages it is possible again."
    )


@pytest.mark.parametrize(
    ("now", "sentence"),
    [
        (
            Digests("other", "settings"),
            "With data that came on 3 May 2025 the answer of 2 April 2025 no longer stands.",
        ),
        (Digests("data", "other"), "With the settings of 3 May 2025 the answer of 2 April 2025 no longer stands."),
        (
            Digests("other", "other"),
            "With the data and settings of 3 May 2025 the answer of 2 April 2025 no longer stands.",
        ),
        (
            SAME,
            "With the version of this program that came on 3 May 2025 the answer of 2 April 2025 no longer stands.",
        ),
    ],
)
def test_an_answer_that_the_same_looks_no_longer_give_is_named_with_what_changed(now: Digests, sentence: str) -> None:
    assert at((0.5, 0.5, 0.5), OPEN_AT_1, FOUND_AT_2, now=now).sentence == sentence


def test_the_day_is_that_of_the_page_which_first_told_otherwise() -> None:
    since = told(3, "unknown", "too_early", date(2025, 4, 20))

    found = at((0.5, 0.5, 0.5), FOUND_AT_2, since, now=Digests("other", "settings"))

    assert (found.withdrawn_on, found.first_said) == (date(2025, 4, 20), None)
    assert found.sentence == "With data that came on 20 April 2025 the answer of 2 April 2025 no longer stands."


def test_a_new_answer_of_the_other_side_names_the_one_that_no_longer_stands() -> None:
    found = at((0.1, 0.1, 0.1), FOUND_AT_2, now=Digests("other", "settings"))

    assert found.first_said == day(1)
    assert found.sentence.startswith("With data that came on 3 May 2025 the answer of 2 April 2025 no longer stands.")


def test_without_a_look_or_after_a_refusal_there_is_no_history() -> None:
    refused = [
        *said(1.2)[:1],
        *said_of_family([Primary("steps", "up", [Found(day(2), 2, 13, Evidence(None))])], Family(("steps",))),
    ]

    assert history([], [FOUND_AT_2], {}, TODAY) == History()
    assert history(refused, [FOUND_AT_2], {}, TODAY) == History()


# What the page told is kept


@pytest.fixture(scope="module")
def work() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = warehouse.connect()
    warehouse.create_raw(connection)
    yield connection
    connection.close()


def look_row(connection: duckdb.DuckDBPyConnection, look: int, word: str, certainty: str) -> None:
    connection.execute(
        """insert into answers.looks by name select 'me' as subject, 'steps' as metric, 'days_1_3' as "window",
        ?::int as look, ?::date as local_date, ?::int as n_massages, ? as word, ? as certainty, 'none' as event,
        '' as failed, true as may_exclude, false as builds_up, false as has_built_up, false as may_build_up,
        'd' as digest, 'data' as data_sha256, 'settings' as settings_sha256""",
        [look, day(look), 11 + look, word, certainty],
    )


def test_a_row_is_added_where_the_page_says_something_else_and_none_is_changed(work: duckdb.DuckDBPyConnection) -> None:
    for look, word, certainty in (
        (1, "unknown", "too_early"),
        (2, "better", "clear"),
        (3, "better", "clear"),
        (4, "unknown", "too_early"),
    ):
        look_row(work, look, word, certainty)
        told_rows.remember(work, datetime(2025, 4, look))
        told_rows.remember(work, datetime(2025, 4, look, 12))  # published twice on one day

    assert told_before(work, "me") == {
        "steps": [
            told(1, "unknown", "too_early", date(2025, 4, 1)),
            told(2, "better", "clear", date(2025, 4, 2)),
            told(4, "unknown", "too_early", date(2025, 4, 4)),
        ]
    }


def test_what_a_trial_says_is_kept_beside_what_the_looks_say(work: duckdb.DuckDBPyConnection) -> None:
    def trial(direction: str, certainty: str) -> None:
        work.execute("delete from answers.effects")
        row = rows.Effect(
            "me", "steps", "trial_days_1_3", "movement", True, "steps", "up", 10, 60, "", "",
            direction=direction, certainty=certainty,
        )  # fmt: skip
        rows.write(work, [row])

    looks_told = told_before(work, "me")
    for at_day, direction, certainty in ((5, "unknown", "too_early"), (6, "better", "clear"), (7, "better", "clear")):
        trial(direction, certainty)
        told_rows.remember(work, datetime(2025, 4, at_day))

    found = told_before(work, "me", of_trials=True)["steps"]

    assert [(one.direction, one.shown) for one in found] == [
        ("unknown", date(2025, 4, 5)),
        ("better", date(2025, 4, 6)),
    ]
    assert told_before(work, "me") == looks_told


def test_a_trial_says_since_when_it_is_told_and_when_it_no_longer_stands() -> None:
    clear = (Word.BETTER, Certainty.CLEAR)

    assert of_trial(*clear, [], TODAY) == History()
    assert of_trial(*clear, [OPEN_AT_1, FOUND_AT_2], TODAY).first_said == date(2025, 4, 2)
    assert of_trial(Word.UNKNOWN, Certainty.TOO_EARLY, [OPEN_AT_1], TODAY) == History()
    assert of_trial(Word.UNKNOWN, Certainty.TOO_EARLY, [FOUND_AT_2], TODAY) == History(
        None,
        TODAY,
        "With what came since, the answer that these weeks gave on 2 April 2025 no longer stands from 3 May 2025 on.",
    )
