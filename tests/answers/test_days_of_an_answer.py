"""Which days an answer rests on: those up to the last look, or from the day on which a number was named."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from recovery.answers.kept import digest_of, kept, to_keep
from recovery.answers.looks import since
from recovery.answers.metric import Task, found_or_refused
from recovery.answers.people import Series
from recovery.effects.booked_on_pain import Ratings

FIRST = np.datetime64("2024-03-04")
EVERY = 9


def task(days: int, *, measured: int | None = None) -> Task:
    """A number that rises by one each day, measured up to a day, with a massage every ninth day from the fifth on."""
    count = np.arange(float(days))
    values = np.where(count < (days if measured is None else measured), count % 7, np.nan)
    series = Series(
        "pain", "pain", "diary", "points", "down", "day", None, 1.0, "", values, ("diary",) * days, ("",) * days
    )
    is_massage = np.isin(count, range(5, days, EVERY)).astype(float)
    at = tuple(np.flatnonzero(is_massage).tolist())
    return Task(
        series=series,
        dates=FIRST + np.arange(days),
        is_massage=is_massage,
        minutes=60 * is_massage,
        pain=values,
        is_pain_of_morning=True,
        is_primary=True,
        ratings=Ratings(values, values, values, values, values),
        worn_min=count,
        circumstances={"illness": count},
        days=at,
        kinds={"area": tuple(frozenset({str(day)}) for day in at)},
    )


def test_days_after_the_last_look_change_nothing() -> None:
    whole = task(5 + 9 * 15 + 3)  # 15 massages, the last one with two days after it
    later = task(5 + 9 * 15 + 8)  # and with all three, and four more days

    assert len(whole.until_last_look.dates) == 5 + 9 * 14 + 4
    assert len(later.until_last_look.dates) == 5 + 9 * 15 + 4
    assert later.until_last_look.series.values.tolist() == later.series.values[: 5 + 9 * 15 + 4].tolist()


def test_before_the_first_look_and_where_there_are_too_few_days_all_count() -> None:
    assert len(task(5 + 9 * 10 + 8).until_last_look.dates) == 5 + 9 * 10 + 8  # 11 massages
    few = task(5 + 9 * 14 + 8, measured=40)

    assert len(few.until_last_look.dates) == len(few.dates)


def test_massages_are_counted_as_looks_count_them() -> None:
    few = task(5 + 9 * 10 + 3, measured=60)  # 11 massages, the last one with its days still to come, seven measured

    findings = found_or_refused(few).findings

    assert (findings.n_massages, findings.n_massages_measured, findings.massages_that_count) == (11, 6, 6)
    assert found_or_refused(task(5 + 9 * 10 + 3)).findings.n_massages_measured == 10


def test_days_after_massages_are_counted_apart_from_all_that_were_measured() -> None:
    found = found_or_refused(task(5 + 9 * 10 + 3))  # 11 massages, of the last one two days

    assert (found.n_days, found.n_days_after) == (98, 32)
    assert found_or_refused(task(5 + 9 * 10 + 3, measured=60)).n_days_after == 6 * 3


def test_all_that_belongs_to_days_is_cut_alike() -> None:
    part = task(150).between(10, 99)

    assert part.dates[[0, -1]].tolist() == [date(2024, 3, 14), date(2024, 6, 11)]
    assert part.ratings is not None
    assert {len(part.series.values), len(part.series.sources), len(part.is_massage), len(part.minutes)} == {90}
    assert {len(part.ratings.morning), len(part.circumstances["illness"])} == {90}
    assert part.worn_min is not None
    assert part.worn_min[0] == 10
    assert part.days == tuple(np.flatnonzero(part.is_massage).tolist())
    assert part.kinds["area"][0] == {str(part.days[0] + 10)}


@pytest.mark.parametrize(("day", "days"), [(date.min, 150), (date(2024, 3, 14), 140), (date(2025, 3, 14), 0)])
def test_a_number_that_was_named_later_has_the_days_from_then(day: date, days: int) -> None:
    assert len(since(task(150), day).dates) == days


def test_what_was_found_is_kept_to_the_last_bit() -> None:
    one = task(5 + 9 * 20 + 8)
    pain = np.random.default_rng(3).normal(5, 1, len(one.dates))
    one = replace(one, series=replace(one.series, values=pain), ratings=Ratings(*[pain] * 5), circumstances={})
    found, digest = found_or_refused(one), digest_of(one, "program")
    assert found.findings.is_adjusted
    assert all((found.by_day, found.half_widths, found.left_out, found.subgroups))

    (row,) = to_keep("me", {"pain": found}, {"pain": digest})

    again = kept({"pain": (row.digest, row.found)}, "pain", digest)
    assert again == found
    assert again is not None
    assert again.findings.allows_for == found.findings.allows_for
    assert kept({"pain": (row.digest, row.found)}, "pain", digest_of(one, "another")) is None


def test_what_an_answer_rests_on_changes_its_digest_and_goals_do_not() -> None:
    one = task(150)
    assert one.ratings is not None
    told = [
        one,
        replace(one, minutes=30 * one.is_massage),
        replace(one, kinds={"area": tuple(frozenset({"neck"}) for _ in one.days)}),
        replace(one, ratings=replace(one.ratings, before=one.series.values + 1)),
        replace(one, circumstances={"travel": one.circumstances["illness"]}),
        replace(one, series=replace(one.series, sources=("another",) * 150)),
        replace(one, is_primary=False),
        one.between(0, 148),
    ]

    assert len({digest_of(each, "program") for each in told}) == len(told)
    assert digest_of(replace(one, goals=((date.min, 1.0),)), "program") == digest_of(one, "program")
