"""The rows over several people, from effects made by hand: who is in the mean, by which estimate, what is beside."""

from collections.abc import Iterator

import duckdb
import pytest
from answers_by_hand import REFUSED, check, effect

from recovery import warehouse
from recovery.answers import rows
from recovery.answers.cohort import cohort_of, made_of_all
from recovery.answers.rows import CohortEffect, CohortEntry, CohortPerson
from recovery.home.participants import Part


@pytest.fixture
def answers() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = warehouse.connect()
    connection.execute("create schema answers")
    for name in ("effects", "effect_checks"):
        connection.execute((warehouse.sql_root() / "answers" / f"{name}.sql").read_text(encoding="utf-8"))
    yield connection
    connection.close()


def told(connection: duckdb.DuckDBPyConnection, *added: rows.Row) -> tuple[CohortEffect, dict[str, CohortEntry]]:
    rows.write(connection, added)
    found = list(cohort_of(connection, {}))
    (mean,) = (row for row in found if isinstance(row, CohortEffect))
    return mean, {row.subject: row for row in found if isinstance(row, CohortEntry)}


def person(number: int, size: float, **more: object) -> rows.Effect:
    told = {"estimate": size, "ci_low": size - 100, "ci_high": size + 100, **more}
    return effect(subject=f"client_{number}", **told)


def test_of_who_books_on_pain_the_adjusted_estimate_enters_and_the_mean_without_them_stands_beside(
    answers: duckdb.DuckDBPyConnection,
) -> None:
    gated = person(9, -500, adjusted_estimate=350.0, adjusted_ci_low=200.0, adjusted_ci_high=500.0)

    mean, entries = told(
        answers, *(person(number, 100.0 * number) for number in range(1, 6)), gated,
        check("dates free of pain", subject="client_9", passed=False), check("wear", subject="client_1", passed=False),
    )  # fmt: skip

    assert (mean.n_subjects, mean.n_gated) == (6, 1)
    assert mean.without_estimate == pytest.approx(300)  # 100 to 500
    assert mean.unweighted_estimate == pytest.approx((1500 + 350) / 6)
    assert entries["client_9"].is_gated
    assert (entries["client_9"].estimate, entries["client_9"].is_adjusted) == (350.0, True)
    assert "allows for what went before" in entries["client_9"].reason
    assert (entries["client_1"].is_gated, entries["client_1"].estimate) == (False, 100.0)


def test_who_is_not_in_the_mean_is_told_with_the_reason_and_many_are_warned_of(
    answers: duckdb.DuckDBPyConnection,
) -> None:
    few = [person(number, 0.0, **{**REFUSED, "reason": "Only 4 massages."}) for number in (6, 7, 8)]

    mean, entries = told(answers, *(person(number, 300.0 + number % 2) for number in range(5)), *few)

    assert (mean.n_subjects, mean.n_refused, mean.n_gated) == (5, 3, 0)
    assert mean.without_estimate is None
    assert mean.warning == (
        "3 of 8 people are not in it: where those who saw no help left early, the mean is too good."
    )
    assert (entries["client_7"].is_entered, entries["client_7"].reason) == (False, "Only 4 massages.")


def test_only_those_who_went_on_because_it_helped_are_warned_of(answers: duckdb.DuckDBPyConnection) -> None:
    mean, _ = told(
        answers, *(person(number, 100.0 * number, n_massages=10 + 5 * number) for number in range(1, 8))
    )  # fmt: skip

    assert mean.warning is not None
    assert mean.warning.startswith("People with more massages have another effect than people with fewer")
    assert "known well" not in mean.warning


def test_of_each_arm_and_group_a_mean_stands_beside_that_of_all(answers: duckdb.DuckDBPyConnection) -> None:
    parts = {f"client_{number}": Part("massage" if number < 6 else "waiting", "women") for number in range(9)}
    few = person(9, 0.0, **{**REFUSED, "reason": "Only 4 massages."})
    alone, _ = told(answers, *(person(number, 100.0 * number) for number in range(9)), few)

    found = [row for row in cohort_of(answers, {**parts, "client_9": Part("waiting")}) if isinstance(row, CohortEffect)]

    assert found[0] == alone  # what was there is as it was
    beside = {(row.attribute, row.level): row for row in found}
    assert [(key, row.n_subjects, row.n_refused) for key, row in beside.items()] == [
        (("all", ""), 9, 1),
        (("arm", "massage"), 6, 0),
        (("arm", "waiting"), 3, 1),
        (("subgroup", "women"), 9, 0),
    ]
    assert beside["arm", "massage"].unweighted_estimate == pytest.approx(250)
    assert beside["arm", "waiting"].estimate is None  # three people: too few to say how much people differ
    assert "Only 3 people with an estimate" in beside["arm", "waiting"].reason


def test_people_of_arms_have_the_shrunken_estimate_of_all(answers: duckdb.DuckDBPyConnection) -> None:
    rows.write(answers, [person(number, 100.0 * number) for number in range(6)])
    parts = {f"client_{number}": Part("massage") for number in range(6)}

    people = [row for row in cohort_of(answers, parts) if isinstance(row, CohortPerson)]

    assert people == [row for row in cohort_of(answers, {}) if isinstance(row, CohortPerson)]
    assert len(people) == 6


def test_the_rows_are_known_to_be_the_same_as_long_as_no_answer_no_check_and_nobodys_part_is_another(
    answers: duckdb.DuckDBPyConnection,
) -> None:
    refused = person(3, 0.0, **REFUSED)
    rows.write(answers, [person(1, 100.0), person(2, 200.0), refused, check("dates free of pain", subject="client_1")])
    made = [made_of_all(answers, {})]
    answers.execute("update answers.effects set n_days = n_days + 1 where subject = 'client_3'")  # of a night
    assert made_of_all(answers, {}) == made[0]

    for changed in (
        "update answers.effects set estimate = 101 where subject = 'client_1'",
        "update answers.effects set n_massages = n_massages + 1 where subject = 'client_2'",
        "update answers.effect_checks set passed = not passed",
        "delete from answers.effects where subject = 'client_2'",
    ):
        answers.execute(changed)
        made.append(made_of_all(answers, {}))
    made.append(made_of_all(answers, {"client_1": Part(arm="massage")}))

    assert len({*made}) == len(made)
