"""Goals of recovery.toml that ask a person for more than there is to win."""

from collections.abc import Iterator

import duckdb

from recovery.effects.worth import is_too_much, relief_worth_having
from recovery.published import query
from recovery.published.log_questions import Question
from recovery.vocabulary.article import PAIN
from recovery.vocabulary.windows import MAIN
from recovery.vocabulary.worth import WorthFrom
from recovery.words import numbers
from recovery.words import worth as words


def goal_questions(connection: duckdb.DuckDBPyConnection) -> list[Question]:
    """A sentence for each goal that the person cannot reach, or that is more than half of the usual pain."""
    if not query.has_column(connection, "effects", "worth_from"):  # an earlier version
        return []
    return list(_questions(connection))


def _questions(connection: duckdb.DuckDBPyConnection) -> Iterator[Question]:
    for subject, metric, unit, goal, usual, is_reachable in connection.execute(
        "select subject, metric, unit, worth, usual_without, is_worth_reachable from effects"
        ' where worth_from = ? and "window" in (?, ?) and usual_without is not null order by subject, metric',
        [WorthFrom.GOALS.value, *MAIN],
    ).fetchall():
        size, level = numbers.size(goal, unit, metric, is_exact=True), numbers.level(usual, unit, metric)
        if metric in PAIN and is_too_much(goal, usual):
            advice = numbers.size(relief_worth_having(usual), unit, metric)
            yield Question(subject, words.goal_too_high(metric, size, level, advice))
        elif not is_reachable:
            yield Question(subject, words.goal_out_of_reach(metric, size, level))
