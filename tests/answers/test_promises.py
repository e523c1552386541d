"""Every promise is answered in every situation, and never with a stronger word than its effect carries."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from places import SHARED

from recovery import warehouse
from recovery.answers.promises import promise_answers
from recovery.answers.rows import Effect, PromiseAnswer, SubgroupEffect
from recovery.cli import cli
from recovery.vocabulary.article import PROMISES, Promise
from recovery.vocabulary.verdicts import Verdict

CLAIMS = SHARED / "design" / "claims.md"
IDS = (
    "relaxing", "pain_80", "pain_50_weekly", "lasts", "daily_activity", "bed_time", "bed_days", "medication",
    "medication_weekly", "visits", "mood", "deep_tissue", "neck_shoulder", "injury", "muscles", "sleep",
)  # fmt: skip
UP_TO = ("pain_80", "pain_50_weekly")
NIGHTLY = ("asleep_min", "efficiency_share", "awakenings", "hrv_rmssd_ms", "sleeping_heart_rate_bpm")
UPWARDS = (*NIGHTLY[:2], "hrv_rmssd_ms", "steps", "moving_min", "mood", "could_do_daily_activities")
METRICS = sorted({metric for promise in PROMISES for metric in (*promise.metrics, *promise.beside)})
NAMES = {row["metric"]: row["name"] for row in warehouse.metric_definitions()}


SAYS: dict[str | None, tuple[str | None, str | None]] = {  # what gives each verdict
    Verdict.SUPPORTED: ("better", "clear"),
    Verdict.CONTRADICTED: ("no_better", "clear"),
    Verdict.CONSISTENT: ("a_little_better", "likely"),
    Verdict.CANNOT_TELL_YET: ("unknown", "too_early"),
    Verdict.CANNOT_BE_TOLD: ("unknown", "cannot_tell"),
    None: (None, None),
}


def main_window(metric: str) -> str:
    return "night_0" if metric in NIGHTLY else "days_1_3"


def effect(metric: str, window: str | None = None, **told: Any) -> Effect:
    """A change of -1 to -3 where nothing else is said, dates that did not follow how things went."""
    known: dict[str, Any] = {
        "subject": "me", "metric": metric, "window": window or main_window(metric), "family": "of some kind",
        "is_primary": metric in ("steps", "pain", "asleep_min") and window is None, "unit": "points",
        "better": "up" if metric in UPWARDS else "down", "n_massages": 30, "n_days": 300, "checks": "lead: passed",
        "reason": "On the three days after a massage: 2 points lower (95% interval: 1 to 3).",
        "verdict": Verdict.CONSISTENT.value,
        "estimate": -2.0, "ci_low": -3.0, "ci_high": -1.0, "lead_p": 0.5, "usual": 5.0,
    }  # fmt: skip
    direction, certainty = SAYS[told.get("verdict", known["verdict"])]
    return Effect(**(known | {"direction": direction, "certainty": certainty} | told))


def refused(metric: str, **told: Any) -> Effect:
    nothing = {"estimate": None, "ci_low": None, "ci_high": None, "lead_p": None}
    reason = "Only 40 days were measured well enough; at least 56 are needed."
    return effect(metric, verdict=Verdict.CANNOT_BE_TOLD.value, reason=reason, **(nothing | told))


def some(attribute: str, level: str, **told: Any) -> SubgroupEffect:
    known: dict[str, Any] = {
        "subject": "me", "metric": "pain", "attribute": attribute, "level": level, "n_massages": 12, "reason": "",
        "estimate": -2.0, "ci_low": -3.0, "ci_high": -1.0, "p_value": 0.001, "q_value": 0.01, "difference": -1.5,
        "difference_ci_low": -2.5, "difference_ci_high": -0.5,
    }  # fmt: skip
    return SubgroupEffect(**(known | told))


def claim(claim_id: str, *effects: Effect, subgroups: tuple[SubgroupEffect, ...] = (), **told: Any) -> PromiseAnswer:
    return next(row for row in promise_answers("me", effects, NAMES, subgroups, **told) if row.claim_id == claim_id)


def test_the_promises_are_those_of_the_shared_list() -> None:
    if not CLAIMS.exists():
        pytest.skip("the shared list of claims is not here")

    listed = re.findall(r"^\| (\w+) \|", CLAIMS.read_text(encoding="utf-8"), re.M)

    assert [name for name in listed if name != "id"] == [promise.claim_id for promise in PROMISES]


def test_what_measures_a_promise_is_a_metric_and_has_a_name() -> None:
    assert set(METRICS) <= set(NAMES)
    assert NAMES["steps"] == "steps"
    assert NAMES["asleep_min"] == "sleep"
    assert NAMES["hrv_rmssd_ms"] == "heart rate variability (RMSSD)"


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.claim_id)
def test_what_is_told_to_be_recorded_can_be(promise: Promise, tmp_path: Path) -> None:
    calls = re.findall(r"`recovery ([^`]+)`", promise.how_to_record + promise.how_to_record_kind)
    CliRunner().invoke(cli, ["init", "--home", str(tmp_path), "--time-zone", "UTC"])

    for call in calls:
        words = [word.strip('"') for word in re.findall(r'"[^"]+"|\S+', call)]
        result = CliRunner().invoke(cli, ["--home", str(tmp_path), *words])

        assert result.exit_code == 0, result.output


SITUATIONS: dict[str, list[Effect]] = {
    "no data at all": [],
    "no valid day": [refused(metric, n_days=0) for metric in METRICS],
    "refused": [refused(metric) for metric in METRICS],
    "only steps": [effect("steps", estimate=300.0, ci_low=100.0, ci_high=500.0)],
    **{
        word.value: [
            effect(metric, window, verdict=word.value)
            for metric in METRICS
            for window in (None, "week_1_7", "dose_7", *(f"day_{day}" for day in range(8)))
        ]
        for word in Verdict
    },
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_promise_is_answered_in_every_situation(situation: str) -> None:
    rows = promise_answers("me", SITUATIONS[situation], NAMES)

    assert [row.claim_id for row in rows] == list(IDS)
    assert [row.ordinal for row in rows] == list(range(1, 17))
    assert {row.verdict for row in rows} <= {word.value for word in Verdict}
    assert all(row.reason.endswith(".") and row.subject == "me" for row in rows)


@pytest.mark.parametrize("situation", ["no data at all", "no valid day"])
def test_what_was_never_measured_says_what_to_record(situation: str) -> None:
    rows = promise_answers("me", SITUATIONS[situation], NAMES)

    assert {row.verdict for row in rows} == {Verdict.CANNOT_BE_TOLD.value}
    assert all(row.metric is None and row.observed is None for row in rows)
    assert all(row.reason.startswith("Nothing in your data tells ") for row in rows)
    assert "`recovery log day --pain 3 --pain-morning 4`" in claim("pain_80").reason


def test_what_is_refused_keeps_the_reason() -> None:
    rows = promise_answers("me", SITUATIONS["refused"], NAMES)

    assert {row.verdict for row in rows} == {Verdict.CANNOT_BE_TOLD.value}
    assert all("at least 56 are needed" in row.reason for row in rows)
    assert all(row.observed is None and row.ci_low is None and row.metric is not None for row in rows)


def test_steps_alone_do_not_show_that_daily_activities_are_possible() -> None:
    row = claim("daily_activity", effect("steps", verdict=Verdict.SUPPORTED.value))

    assert row.verdict == Verdict.CONSISTENT.value
    assert "Steps only stand in for daily activities" in row.reason


@pytest.mark.parametrize(
    ("claim_id", "word"),
    [
        (name, word)
        for name in ("daily_activity", "sleep")
        for word in Verdict
        if (name, word) != ("daily_activity", Verdict.SUPPORTED)
    ],
)
def test_a_claim_takes_the_verdict_of_its_main_metric(claim_id: str, word: Verdict) -> None:
    metric = {"daily_activity": "steps", "sleep": "asleep_min"}[claim_id]

    row = claim(claim_id, effect(metric, verdict=word.value))

    assert (row.verdict, row.metric, row.window) == (word.value, metric, main_window(metric))
    assert (row.observed, row.ci_low, row.ci_high, row.n_massages) == (-2.0, -3.0, -1.0, 30)


def test_only_a_main_metric_or_a_trial_supports() -> None:
    good = Verdict.SUPPORTED.value

    rows = promise_answers("me", SITUATIONS[good], NAMES)

    assert {row.claim_id for row in rows if row.verdict == good} == {"sleep"}
    assert claim("mood", effect("mood"), effect("mood", "trial_days_1_3", verdict=good)).verdict == good


@pytest.mark.parametrize("metric", ["stress_mean", "evening_heart_rate_bpm", "mood"])
def test_relaxing_is_at_most_hinted_at_even_by_a_metric_declared_as_the_main_one(metric: str) -> None:
    row = claim("relaxing", effect(metric, verdict=Verdict.SUPPORTED.value, is_primary=True))

    assert row.verdict == Verdict.CONSISTENT.value


def test_relaxing_is_not_denied_by_one_number_where_another_agrees() -> None:
    against = effect("stress_mean", verdict=Verdict.CONTRADICTED.value)

    alone, beside = claim("relaxing", against), claim("relaxing", against, effect("mood"))

    assert (alone.verdict, beside.verdict) == (Verdict.CONTRADICTED.value, Verdict.CANNOT_TELL_YET.value)
    assert "Another number that stands for this says otherwise" in beside.reason


@pytest.mark.parametrize(("worth", "word"), [(9.1, Verdict.CONTRADICTED), (8.9, Verdict.CANNOT_TELL_YET)])
def test_a_week_denies_what_weeks_may_do_only_where_three_times_as_much_is_too_little(
    worth: float, word: Verdict
) -> None:
    dose = effect("medication_doses", "dose_7", verdict=Verdict.CONTRADICTED.value, worth=worth)  # 3 at most

    row = claim("medication_weekly", effect("medication_doses"), dose)

    assert row.verdict == word.value
    assert ("builds up over weeks" in row.reason) == (word is Verdict.CANNOT_TELL_YET)


def test_a_finished_trial_answers_before_the_log_does() -> None:
    log = effect("steps", verdict=Verdict.CANNOT_TELL_YET.value)
    trial = effect("steps", "trial_days_1_3", verdict=Verdict.CONTRADICTED.value, estimate=-5.0)

    row = claim("daily_activity", log, trial)

    assert (row.verdict, row.window, row.observed) == (Verdict.CONTRADICTED.value, "trial_days_1_3", -5.0)


def test_the_first_metric_that_is_measured_half_as_often_as_the_best_answers() -> None:
    stress, pulse, mood = effect("stress_mean", n_days=150), effect("evening_heart_rate_bpm"), effect("mood", n_days=90)

    assert claim("relaxing", stress, pulse, mood).metric == "stress_mean"
    assert claim("relaxing", replace(stress, n_days=149), pulse, mood).metric == "evening_heart_rate_bpm"
    assert claim("relaxing", refused("stress_mean"), mood).metric == "mood"


def test_the_others_are_told_beside_the_one_that_answers() -> None:
    row = claim("relaxing", effect("stress_mean"), effect("stress_mean", "day_0", verdict=None), refused("mood"))

    assert row.reason == (
        "Stress as the watch scores it, on the three days after a massage: 2 points lower (95% interval: 1 to 3). "
        "Also looked at: stress as the watch scores it on the day of a massage 2 points lower (1 to 3); "
        "mood, which cannot be told."
    )


def test_shares_are_told_in_percentage_points() -> None:
    better = effect("efficiency_share", unit="share", estimate=0.02, ci_low=-0.01, ci_high=0.05)

    assert "2 percentage points higher (1 lower to 5 higher)" in claim("sleep", effect("asleep_min"), better).reason


# Up to


def test_eighty_percent_is_contradicted_where_the_interval_ends_below() -> None:
    row = claim("pain_80", effect("pain", estimate=-2.0, ci_low=-3.0, ci_high=-1.0, usual=5.0))

    assert row.verdict == Verdict.CONTRADICTED.value
    assert (row.claimed, row.claimed_share, row.observed, row.unit) == ("by up to 80%", 0.8, -2.0, "points")
    assert row.reason == (
        "Relief on the three days after a massage, as a share of the 5 points of pain that you have on average: the"
        " mean change lies between 20% and 60% less (range); 80% is outside it."
    )


def test_eighty_percent_inside_the_interval_is_at_most_consistent() -> None:
    assert claim("pain_80", effect("pain", ci_low=-4.5, ci_high=-0.5)).verdict == Verdict.CONSISTENT.value
    assert claim("pain_80", effect("pain", ci_low=-4.5, ci_high=0.5)).verdict == Verdict.CANNOT_TELL_YET.value


def test_the_adjusted_interval_stands_in_where_massages_were_booked_by_pain() -> None:
    booked = effect("pain", lead_p=0.01)
    adjusted = replace(booked, adjusted_estimate=-3.0, adjusted_ci_low=-4.2, adjusted_ci_high=-1.8)

    row = claim("pain_80", adjusted)

    assert claim("pain_80", booked).verdict == Verdict.CANNOT_TELL_YET.value
    assert (row.verdict, row.observed) == (Verdict.CONSISTENT.value, -3.0)
    assert (row.ci_low, row.ci_high) == pytest.approx((-4.58, -1.42), abs=0.01)  # -4.2 to -1.8 at one look
    assert row.reason.startswith("With what went before massages allowed for: relief on the three days")


def test_a_contradiction_of_eighty_percent_is_held_back_where_the_adjusted_interval_reaches_it() -> None:
    row = claim("pain_80", effect("pain", adjusted_estimate=-3.0, adjusted_ci_low=-4.0, adjusted_ci_high=-2.0))

    assert row.verdict == Verdict.CANNOT_TELL_YET.value


def test_the_weekly_claim_is_answered_by_the_dose() -> None:
    dose = effect("pain", "dose_7", lead_p=None, estimate=-0.4, ci_low=-0.6, ci_high=-0.2)

    row = claim("pain_50_weekly", effect("pain"), dose)

    assert (row.verdict, row.window, row.observed) == (Verdict.CONTRADICTED.value, "dose_7", -0.4)
    assert "for each hour of massage in the week before" in row.reason
    assert claim("pain_50_weekly", effect("pain", lead_p=0.01), dose).verdict == Verdict.CANNOT_TELL_YET.value
    assert claim("pain_50_weekly", effect("pain"), replace(dose, ci_low=-0.9)).verdict == Verdict.CANNOT_TELL_YET.value


def test_weekly_minutes_that_hardly_vary_refuse_the_weekly_claim() -> None:
    dose = refused("pain", window="dose_7")

    assert claim("pain_50_weekly", effect("pain"), dose).verdict == Verdict.CANNOT_BE_TOLD.value
    assert claim("pain_50_weekly", effect("pain")).verdict == Verdict.CANNOT_BE_TOLD.value  # no such row at all


@pytest.mark.parametrize("usual", [None, float("nan"), 0.0])
def test_no_pain_has_no_share(usual: float | None) -> None:
    row = claim("pain_80", effect("pain", usual=usual))

    assert (row.verdict, row.observed, row.ci_low) == (Verdict.CANNOT_BE_TOLD.value, None, None)


@pytest.mark.parametrize("claim_id", UP_TO)
def test_a_share_of_hardly_any_pain_is_neither_shown_nor_denied(claim_id: str) -> None:
    told = {"estimate": 0.0, "ci_low": -0.1, "ci_high": 0.1, "usual": 0.6, "usual_without": 0.6}

    row = claim(claim_id, effect("pain", **told), effect("pain", "dose_7", **told))

    assert row.verdict == Verdict.CANNOT_TELL_YET
    assert "below 1 point there is too little of it for relief to be shown" in row.reason


def test_a_claim_carries_the_change_worth_having_of_the_effect_that_answers_it() -> None:
    told = {"worth": 1.2, "worth_source": "30% of the usual pain."}

    measured, unmeasured = claim("pain_80", effect("pain", **told)), claim("sleep", effect("pain", **told))

    assert (measured.worth, measured.worth_source) == (1.2, "30% of the usual pain.")
    assert (unmeasured.worth, unmeasured.worth_source) == (None, None)


def test_the_raw_drop_is_quoted_and_decides_nothing() -> None:
    without = claim("pain_80", effect("pain"))

    row = claim("pain_80", effect("pain"), before_after=[(8.0, 1.0), (6.0, 2.0)])

    assert row.verdict == without.verdict
    assert row.reason.removeprefix(without.reason) == (
        " Right after 2 massages you wrote 1.5 points of pain, right before 7 points: most of such a raw drop also "
        "happens without massage, so it decides nothing."
    )


SIZE = st.floats(-1e6, 1e6)
P_VALUE = st.none() | st.floats(0.0, 1.0)
WINDOWS = (None, "day_1", "day_2", "week_1_7", "dose_7", "trial_days_1_3", "trial_night_0", "days_1_3", "night_0")


def sizes(*names: str) -> st.SearchStrategy[dict[str, float | None]]:
    """Three columns: all of them in order, or none told."""
    nothing: dict[str, float | None] = dict.fromkeys(names)
    told = st.lists(SIZE, min_size=3, max_size=3).map(lambda three: sorted(three))
    return st.just(nothing) | told.map(lambda three: dict(zip(names, (three[1], three[0], three[2]), strict=True)))


ANY_EFFECT = st.builds(
    lambda metric, window, found, adjusted, told: effect(metric, window, **found, **adjusted, **told),
    st.sampled_from(METRICS),
    st.sampled_from(WINDOWS),
    sizes("estimate", "ci_low", "ci_high"),
    sizes("adjusted_estimate", "adjusted_ci_low", "adjusted_ci_high"),
    st.fixed_dictionaries(
        {
            "is_primary": st.booleans(),
            "verdict": st.none() | st.sampled_from([word.value for word in Verdict]),
            "better": st.sampled_from(("up", "down", "none")),
            "n_days": st.integers(0, 900),
            "usual": st.none() | st.floats(),
            "lead_p": P_VALUE,
        }
    ),
)
ANY_SUBGROUP = st.builds(
    lambda attribute, level, found, against, q_value: some(attribute, level, **found, **against, q_value=q_value),
    st.sampled_from(("technique", "pressure", "area", "muscle", "cause", "minutes")),
    st.sampled_from(("deep tissue", "deep (4-5)", "neck", "injury", "erector spinae", "60")),
    sizes("estimate", "ci_low", "ci_high"),
    sizes("difference", "difference_ci_low", "difference_ci_high"),
    P_VALUE,
)


def test_a_verdict_without_a_size_supports_nothing() -> None:
    unsized = effect("pain", verdict="supported", estimate=None, ci_low=None, ci_high=None)

    assert Verdict.SUPPORTED.value not in {row.verdict for row in promise_answers("me", [unsized], NAMES, [])}


@pytest.mark.slow
@given(st.lists(ANY_EFFECT, max_size=12), st.lists(ANY_SUBGROUP, max_size=6))
@examples(max_examples=150, deadline=None)
def test_an_up_to_is_never_supported_and_nothing_by_an_undeclared_metric(
    effects: list[Effect], subgroups: list[SubgroupEffect]
) -> None:
    rows = {row.claim_id: row for row in promise_answers("me", effects, NAMES, subgroups)}
    told = {(effect.metric, effect.window): effect for effect in effects}

    assert tuple(rows) == IDS
    for claim_id in (*UP_TO, "lasts", "relaxing", "deep_tissue", "neck_shoulder", "injury", "muscles"):
        assert rows[claim_id].verdict != Verdict.SUPPORTED.value
    for row in rows.values():
        decisive = told.get((row.metric or "", row.window or ""))
        if row.verdict == Verdict.SUPPORTED.value:
            assert decisive
            assert decisive.is_primary or decisive.window.startswith("trial_")
        if row.observed is None:
            assert row.ci_low is None
            assert row.ci_high is None


# How long


def lasting(days: int, **told: Any) -> list[Effect]:
    """Pain that is better on so many days after."""
    changes = [effect("pain", f"day_{day}", verdict=None, ci_high=-1.0 if day <= days else 0.5) for day in range(8)]
    return [effect("pain", **told), *changes]


@pytest.mark.parametrize(("days", "window"), [(1, "day_1"), (3, "day_3"), (7, "day_7")])
def test_days_in_a_row_that_are_better_are_counted(days: int, window: str) -> None:
    row = claim("lasts", *lasting(days, verdict=Verdict.SUPPORTED.value))

    assert (row.verdict, row.observed, row.unit, row.window) == (Verdict.CONSISTENT.value, days, "days", window)
    assert ("later days are not looked at" in row.reason) == (days == 7)


def test_how_long_is_not_said_where_the_days_together_say_nothing() -> None:
    assert claim("lasts", *lasting(2, verdict=Verdict.CANNOT_TELL_YET.value)).verdict == Verdict.CANNOT_TELL_YET.value
    assert claim("lasts", *lasting(2, lead_p=0.01)).verdict == Verdict.CANNOT_TELL_YET.value
    assert claim("lasts", *lasting(0)).verdict == Verdict.CANNOT_TELL_YET.value


def test_nothing_lasts_where_a_change_worth_having_is_excluded() -> None:
    assert claim("lasts", *lasting(0, verdict=Verdict.CONTRADICTED.value)).verdict == Verdict.CONTRADICTED.value
    assert claim("lasts", *lasting(1, verdict=Verdict.CONTRADICTED.value)).verdict == Verdict.CANNOT_TELL_YET.value


def test_steps_answer_how_long_where_no_pain_is_told_but_cannot_deny_comfort() -> None:
    day = effect("steps", "day_1", ci_low=-5.0, verdict=None)

    row = claim("lasts", effect("steps", verdict=Verdict.CONTRADICTED.value), day)

    assert (row.metric, row.verdict, row.observed) == ("steps", Verdict.CANNOT_TELL_YET.value, 0.0)


# Rest and doses


def test_stillness_is_not_lying() -> None:
    row = claim("bed_time", effect("rest_share", unit="share"))

    assert (row.verdict, row.metric) == (Verdict.CANNOT_BE_TOLD.value, None)
    assert "A wrist does not see lying" in row.reason
    assert "waking day spent sitting or lying still" in row.reason


def test_rest_in_bed_is_answered_by_what_lies() -> None:
    assert claim("bed_time", effect("bed_rest_min"), effect("daytime_lying_min")).metric == "bed_rest_min"
    assert claim("bed_time", effect("daytime_lying_min"), effect("rest_share")).metric == "daytime_lying_min"


def test_bed_days_are_answered_by_the_dose_else_by_the_week() -> None:
    main, week = effect("is_bed_day"), effect("is_bed_day", "week_1_7")

    assert claim("bed_days", main, week, effect("is_bed_day", "dose_7")).window == "dose_7"
    assert claim("bed_days", main, week, refused("is_bed_day", window="dose_7")).window == "week_1_7"


def test_doses_and_visits_are_answered_in_their_windows() -> None:
    told = [
        effect(metric, window)
        for metric in ("medication_doses", "doctor_visits")
        for window in (None, "dose_7", "week_1_7")
    ]

    windows = {name: claim(name, *told).window for name in ("medication", "medication_weekly", "visits")}

    assert windows == {"medication": "days_1_3", "medication_weekly": "dose_7", "visits": "week_1_7"}


# Massages of a kind


@pytest.mark.parametrize(
    ("claim_id", "attribute", "level", "observed"),
    [
        ("deep_tissue", "technique", "Deep Tissue", -2.0),
        ("deep_tissue", "pressure", "deep (4-5)", -2.0),
        ("neck_shoulder", "area", "shoulders", -2.0),
        ("injury", "cause", "old injury", -1.5),
        ("muscles", "muscle", "erector spinae", -1.5),
    ],
)
def test_massages_of_a_kind_answer_with_a_hint(claim_id: str, attribute: str, level: str, observed: float) -> None:
    row = claim(claim_id, effect("pain"), subgroups=(some(attribute, level),))

    assert (row.verdict, row.observed, row.n_massages) == (Verdict.CONSISTENT.value, observed, 12)
    assert f"{attribute.capitalize()} {level}, 12 massages" in row.reason


@pytest.mark.parametrize(
    "told",
    [{"q_value": 0.5}, {"ci_high": 0.5}, {"difference_ci_high": 0.5}, {"q_value": None}],
    ids=["may be chance", "no change possible", "no difference possible", "no q-value"],
)
def test_a_hint_takes_both_intervals_and_a_small_q(told: dict[str, Any]) -> None:
    row = claim("injury", effect("pain"), subgroups=(some("cause", "injury", **told),))

    assert row.verdict == Verdict.CANNOT_TELL_YET.value


def test_kinds_booked_by_pain_say_nothing() -> None:
    row = claim("neck_shoulder", effect("pain", lead_p=0.01), subgroups=(some("area", "neck"),))

    assert row.verdict == Verdict.CANNOT_TELL_YET.value
    assert "you may have booked by how things went" in row.reason


@pytest.mark.parametrize(
    ("worth", "word"), [(2.9, Verdict.CONSISTENT), (3.9, Verdict.CONSISTENT), (4.1, Verdict.CANNOT_TELL_YET)]
)
def test_a_kind_that_does_less_than_is_worth_having_is_no_hint(worth: float, word: Verdict) -> None:
    row = claim("neck_shoulder", effect("pain", worth=worth), subgroups=(some("area", "neck"),))

    assert row.verdict == word.value


def test_kinds_with_too_few_massages_keep_their_sentence() -> None:
    few = some("area", "neck", n_massages=3, estimate=None, reason="Only 3 massages; at least 8 are needed.")

    row = claim("neck_shoulder", effect("pain"), subgroups=(few, some("area", "lower back")))

    assert row.verdict == Verdict.CANNOT_BE_TOLD.value
    assert row.reason == "Area neck: Only 3 massages; at least 8 are needed."


def test_a_kind_that_no_massage_is_of_says_how_to_tell() -> None:
    row = claim("injury", effect("pain"), subgroups=(some("cause", "desk work"),))

    assert row.verdict == Verdict.CANNOT_BE_TOLD.value
    assert "`recovery log massage --cause injury`" in row.reason


def test_one_kind_alone_has_nothing_to_differ_from() -> None:
    alone = some("cause", "injury", difference=None, difference_ci_low=None, difference_ci_high=None)

    row = claim("injury", effect("pain"), subgroups=(alone,))

    assert (row.verdict, row.observed) == (Verdict.CANNOT_BE_TOLD.value, None)


def test_the_kind_with_most_massages_answers() -> None:
    row = claim("neck_shoulder", effect("pain"), subgroups=(some("area", "neck"), some("area", "neck", n_massages=20)))

    assert row.n_massages == 20
