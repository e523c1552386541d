"""What is said in the vocabulary and in `sql/` is the same."""

import re
from typing import get_args

import pytest

from recovery import warehouse
from recovery.vocabulary.article import PROMISES
from recovery.vocabulary.families import HEADLINES, MAIN_FAMILIES, PRIMARIES, Family, family_label, follows_wear
from recovery.vocabulary.massages import ATTRIBUTES
from recovery.vocabulary.metrics import BETTER, CountedBy
from recovery.vocabulary.units import UNITS
from recovery.vocabulary.verdicts import Certainty, Verdict, Word, verdict_of
from recovery.vocabulary.weekdays import WEEKDAYS
from recovery.vocabulary.windows import (
    AROUND_DAYS,
    DAYS_AFTER,
    MAIN,
    NEAR_DAYS,
    SINGLE_DAYS,
    TRIAL,
    Window,
    main_window,
    trial_window,
)
from recovery.words.receipts import USUAL_DAY

METRICS = {row["metric"]: row for row in warehouse.metric_definitions()}


def test_the_headers_of_the_metrics_use_the_words_of_the_vocabulary() -> None:
    assert {row["family"] for row in METRICS.values()} == set(Family)
    assert {row["unit"] for row in METRICS.values()} <= set(UNITS)
    assert {row["better"] for row in METRICS.values()} == set(BETTER)
    assert {row["counted by"] for row in METRICS.values()} == set(get_args(CountedBy))


@pytest.mark.parametrize("declared", [PRIMARIES, HEADLINES])
def test_the_metric_that_stands_for_a_family_is_one_of_it(declared: dict[str, str]) -> None:
    assert {family: METRICS[metric]["family"] for family, metric in declared.items()} == {
        family: family for family in declared
    }


def test_four_families_have_a_primary_and_two_follow_the_time_worn() -> None:
    assert MAIN_FAMILIES == ("movement", "rest", "sleep", "diary")
    assert [family for family in Family if follows_wear(family)] == ["movement", "rest"]
    assert not follows_wear("weather")
    assert (family_label("physiology"), family_label("weather")) == ("Heart and breath", "weather")


def test_every_window_that_sql_speaks_of_is_one() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in warehouse.sql_root().rglob("*.sql"))
    spoken_of = set(re.findall(r"\b(?:trial_)?(?:days|night|week|dose|day)_\d(?:_\d)?\b", text))

    assert {*MAIN, *TRIAL, Window.WEEK, Window.DOSE} <= spoken_of <= set(Window)


def test_the_days_around_and_near_a_massage_are_those_of_sql() -> None:
    text = (warehouse.sql_root() / "massage" / "around.sql").read_text(encoding="utf-8")

    assert re.findall(r"anchors\.anchor_date ([+-] \d)", text)[:2] == [
        f"- {-AROUND_DAYS[0]}",
        f"+ {AROUND_DAYS[-1]}",
    ]
    assert f"other_anchors.anchor_date + {NEAR_DAYS[-1]}" in text


def test_the_columns_of_verdicts_and_directions_list_what_there_is() -> None:
    text = (warehouse.sql_root() / "answers" / "effects.sql").read_text(encoding="utf-8")

    assert f"better varchar, -- {', '.join(BETTER)}" in text
    assert [verdict.value for verdict in Verdict] == [
        "supported", "contradicted", "consistent with, not shown", "can't tell yet", "cannot be told from this data",
    ]  # fmt: skip
    assert len({verdict.sign for verdict in Verdict}) == len({verdict.short for verdict in Verdict}) == 5


@pytest.mark.parametrize(
    ("words", "certainty", "verdict", "of_a_size"),  # the last where a claim says a size, which is not excluded
    [
        (("better", "a_little_better"), "clear", Verdict.SUPPORTED, Verdict.CONSISTENT),
        (("better", "a_little_better"), "likely", Verdict.CONSISTENT, Verdict.CONSISTENT),
        (("no_difference", "no_better", "a_little_worse", "worse"), "clear", *[Verdict.CONTRADICTED] * 2),
        (("no_difference", "no_better", "a_little_worse", "worse"), "likely", *[Verdict.CANNOT_TELL_YET] * 2),
        (("unknown", "better", "worse"), "too_early", *[Verdict.CANNOT_TELL_YET] * 2),
        (("unknown", "more"), "cannot_tell", *[Verdict.CANNOT_BE_TOLD] * 2),
        (("more", "less", "about_the_same"), "likely", None, None),
    ],
)
def test_each_verdict_follows_from_a_direction_and_a_certainty(
    words: tuple[str, ...], certainty: str, verdict: Verdict | None, of_a_size: Verdict | None
) -> None:
    for word in words:
        assert verdict_of(Word(word), Certainty(certainty)) is verdict
        assert verdict_of(Word(word), Certainty(certainty), is_size_excluded=False) is of_a_size


def test_a_claim_of_a_size_that_is_excluded_is_contradicted_unless_nothing_can_be_told() -> None:
    assert verdict_of(Word.BETTER, Certainty.CLEAR, is_size_excluded=True) is Verdict.CONTRADICTED
    assert verdict_of(Word.UNKNOWN, Certainty.CANNOT_TELL, is_size_excluded=True) is Verdict.CANNOT_BE_TOLD
    assert verdict_of(None, None) is None


def test_a_night_has_lag_0_after_a_massage_and_lag_1_in_a_trial() -> None:
    assert main_window(is_nightly=False).lags == trial_window(is_nightly=False).lags == DAYS_AFTER == (1, 2, 3)
    assert main_window(is_nightly=True).lags == (0,)
    assert trial_window(is_nightly=True).lags == (1,)
    assert [window.is_trial for window in (*MAIN, *TRIAL)] == [False, False, True, True]


def test_each_single_day_is_a_window_of_one_lag() -> None:
    assert [Window.of_day(day).lags for day in SINGLE_DAYS] == [(day,) for day in range(8)]


def test_promises_name_metrics_and_attributes_that_there_are() -> None:
    for promise in PROMISES:
        assert {*promise.metrics, *promise.beside} <= set(METRICS)
        assert set(promise.levels) <= set(ATTRIBUTES)


def test_a_week_begins_on_monday() -> None:
    assert next(iter(WEEKDAYS.items())) == ("mon", "Monday")
    assert len(WEEKDAYS) == 7


def test_the_terminal_says_the_headline_of_each_family() -> None:
    assert set(USUAL_DAY) == set(HEADLINES.values())
