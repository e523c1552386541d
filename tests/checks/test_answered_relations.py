"""Each rule of what is said about massages is broken by a change of its own."""

from collections.abc import Callable

import pytest

pytestmark = pytest.mark.slow

Broken = Callable[[str, str], set[str]]  # relation, change -> sentences of the checks that fail

NOBODY = "No effect is of more massages than there are."
NO_SIZE = "What cannot be told has no size, and what has none cannot be told."
HOLDS = "An interval holds its estimate."
P_VALUES = "A p-value is above 0 and at most 1."
SUPPORTED = "What is supported lies on the better side, of a randomised trial with its interval."
FOLLOWS = "A verdict follows from direction and certainty."
LAST_LOOK = "A main metric says what its last look says."
SAID = "What is said has a direction, a certainty and a basis."
REFUSED = "direction = 'unknown', certainty = 'cannot_tell', verdict = 'cannot be told from this data'"
DENIED = "direction = 'no_better', verdict = 'contradicted'"
NO_SIZES = "estimate = null, ci_low = null, ci_high = null, shown_estimate = null"
OF_A_SIZE = "Only of a claim of a size the size can be excluded."
NOT_SAID = "direction = null, certainty = null, basis = null, verdict = null"
STANDS_CLEAR = "Only what is clear is less sure by now."
LIKELY = "certainty = 'likely', verdict = 'consistent with, not shown'"
ONE_MEAN = "An interval holds the mean, and that of the next person holds it too."


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("insert into pub.effects from pub.effects", "A person's metric has one effect per window."),
        ("update pub.effects set verdict = 'contradicted'", FOLLOWS),
        ("update pub.effects set certainty = 'likely'; update pub.looks set certainty = 'likely'", FOLLOWS),
        ("update pub.effects set direction = 'no_better'; update pub.looks set word = 'no_better'", FOLLOWS),
        ("update pub.effects set basis = null", SAID),
        ("update pub.effects set basis = 'because'", "Only a randomised trial says because."),
        ("update pub.effects set is_primary = false", "Only a main metric or a randomised trial is clear."),
        (f"update pub.effects set {LIKELY}, doubts = 'range'; update pub.looks set certainty = 'likely'", STANDS_CLEAR),
        (
            "update pub.effects set doubts = 'weather'",
            "What makes an answer less sure is the range of today, checks, or both.",
        ),
        ("update pub.looks set word = 'better'", LAST_LOOK),
        (f"update pub.effects set {DENIED}", LAST_LOOK),
        (f"update pub.effects set {NOT_SAID}, better = 'more'; delete from pub.looks", "Better is up, down or none."),
        ("update pub.effects set reason = null", "Every effect has its reason."),
        ("update pub.effects set n_days = -1", "An effect is of at least no days."),
        ("update pub.effects set worth = -1", "A change worth having is above nothing."),
        ("update pub.effects set worth_from = 'a guess'", "A change worth having comes from one of four places."),
        ("update pub.effects set worth_source = null", "A change worth having says where it comes from."),
        ("update pub.effects set is_worth_reachable = false", "What cannot be reached is not supported."),
        ("update pub.effects set usual = 'nan'::double", "No number is NaN: what is missing is NULL."),
        ("update pub.effects set estimate = 900", HOLDS),
        ("update pub.effects set ci_high = null", HOLDS),
        ("update pub.effects set adjusted_estimate = 1, adjusted_ci_low = 2, adjusted_ci_high = 3", HOLDS),
        ("update pub.effects set p_value = 0", P_VALUES),
        ("update pub.effects set lead_p = 1.5", P_VALUES),
        ("update pub.effects set shown_low = 600", HOLDS),
        (f"update pub.effects set {REFUSED}; delete from pub.looks", NO_SIZE),
        (
            f"update pub.effects set {NOT_SAID}, estimate = null, ci_low = null, ci_high = null, shown_estimate = null",
            NO_SIZE,
        ),
        ("update pub.effects set is_primary = false, ci_low = -1, \"window\" = 'trial_days_1_3'", SUPPORTED),
        ("update pub.effects set better = 'down'", SUPPORTED),
        ("update pub.effects set unit = 'm'", "Every metric is defined in metrics, in the same unit."),
        ("update pub.effects set n_massages = 2", NOBODY),
        ("update pub.effects set n_days = 16", "No effect is of more days than were measured."),
        (
            """insert into pub.effects by name
            select * replace ('rest_share' as metric, 'share' as unit) from pub.effects""",
            "Each family has one main metric at most.",
        ),
    ],
)
def test_one_wrong_effect_breaks_one_rule(broken: Broken, change: str, sentence: str) -> None:
    assert broken("effects", change) == {sentence}


def test_a_trial_counts_the_massages_that_were_drawn(broken: Broken) -> None:
    change = "update pub.effects set n_massages = 2, is_primary = false, \"window\" = 'trial_days_1_3'"

    assert broken("effects", change) == set()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("insert into pub.effect_checks from pub.effect_checks", "A check of an effect is there once."),
        ("update pub.effect_checks set ordinal = 0", "Checks are counted from 1."),
        ("update pub.effect_checks set name = null", "Every check has a name."),
        ("update pub.effect_checks set passed = null", "Every check says whether it passed."),
        ("update pub.effect_checks set sentence = null", "Every check has its sentence."),
        ("update pub.effect_checks set metric = 'pain'", "Every check belongs to an effect."),
    ],
)
def test_one_wrong_check_breaks_one_rule(broken: Broken, change: str, sentence: str) -> None:
    assert broken("effect_checks", change) == {sentence}


SUPPORTS = "Only the effect of a main metric or of a randomised trial, itself supported, supports a claim."
ANSWERED = "update pub.claims set {} where claim_id = 'daily_activity'"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            """insert into pub.claims by name select * replace ('claim_1' as claim_id) from pub.claims
            where claim_id = 'claim_2'; delete from pub.claims where claim_id = 'claim_2'""",
            "A person has one answer per claim.",
        ),
        ("delete from pub.claims where claim_id = 'claim_2'", "Everyone with days has an answer to every claim."),
        ("delete from pub.claims", "Everyone with days has an answer to every claim."),
        (ANSWERED.format("verdict = 'contradicted'"), FOLLOWS),
        (
            ANSWERED.format("is_size_excluded = true, verdict = 'contradicted'"),
            "Only of a claim of a size the size can be excluded.",
        ),
        (ANSWERED.format("is_size_excluded = false, claimed_share = 0.8, verdict = 'contradicted'"), FOLLOWS),
        (ANSWERED.format("reason = null"), "Every verdict has its reason."),
        (ANSWERED.format("published_evidence = null"), "Every claim says what trials found."),
        (
            ANSWERED.format(f"claimed_share = 80, {DENIED}"),
            "A promised share lies between none and all.",
        ),
        (ANSWERED.format("worth = 1"), "A claim has the change worth having of the effect that answers it."),
        (ANSWERED.format("worth_source = null"), "A claim has the change worth having of the effect that answers it."),
        (ANSWERED.format("observed = 900"), "An interval holds what was observed."),
        (ANSWERED.format("observed = null"), "An interval holds what was observed."),
        (ANSWERED.format(REFUSED), "What cannot be told has no size."),
        (ANSWERED.format("claimed = 'by up to 80%'"), "An 'up to' is never supported."),
        (ANSWERED.format("claimed_share = 0.8"), "An 'up to' is never supported."),
        ("update pub.effects set is_primary = false", SUPPORTS),
        ("update pub.effects set verdict = 'contradicted'", SUPPORTS),
        (
            ANSWERED.format(f"{DENIED}, metric = 'pain'"),
            "What answers a claim stands in effects.",
        ),
    ],
)
def test_one_wrong_claim_breaks_one_rule(broken: Broken, change: str, sentence: str) -> None:
    assert broken("claims", change) == {sentence}


def test_a_number_of_days_has_no_interval(broken: Broken) -> None:
    change = ANSWERED.format(f"{DENIED}, observed = 3, ci_low = null, ci_high = null")

    assert broken("claims", change) == set()


@pytest.mark.parametrize(
    ("change", "sentences"),
    [
        (
            "insert into pub.looks from pub.looks",
            {"A look at a main metric has one row.", "Looks come in the order of their dates."},
        ),
        ("update pub.looks set word = 'much better'", {"A word of a look is one of seven."}),
        (
            "update pub.looks set certainty = 'certain'",
            {"A word of a look is clear, likely, too early, or cannot be told."},
        ),
        ("update pub.looks set event = 'lost'", {"A look makes, keeps or withdraws what was said."}),
        ("update pub.looks set n_massages = 8", {"The first look is at the twelfth massage."}),
        ("update pub.looks set worth = -1", {"A change worth having is above nothing."}),
        ("update pub.looks set high = 400", {HOLDS}),
        ("update pub.looks set estimate = null", {"What was refused at a look has no word."}),
        (
            "update pub.looks set failed = 'lead'",
            {"A finding is new only where every check passed and its interval lies away from 0."},
        ),
    ],
)
def test_one_wrong_look_breaks_its_rule(broken: Broken, change: str, sentences: set[str]) -> None:
    assert broken("looks", change) == sentences


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("insert into pub.subgroup_effects from pub.subgroup_effects", "A kind of massage has one effect per metric."),
        (
            "update pub.subgroup_effects set attribute = 'therapist'",
            "A kind is told by technique, pressure, area, muscle, cause or minutes.",
        ),
        ("update pub.subgroup_effects set reason = null", "Every effect has its reason."),
        ("update pub.subgroup_effects set n_massages = -1", "A kind has at least no massages."),
        ("update pub.subgroup_effects set estimate = null", HOLDS),
        ("update pub.subgroup_effects set difference = 1", HOLDS),
        ("update pub.subgroup_effects set ci_high = 400", HOLDS),
        ("update pub.subgroup_effects set q_value = 0", P_VALUES),
        ("update pub.subgroup_effects set n_massages = 2", "No kind has more massages than there are."),
    ],
)
def test_one_wrong_kind_breaks_one_rule(broken: Broken, change: str, sentence: str) -> None:
    assert broken("subgroup_effects", change) == {sentence}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            "insert into pub.cohort_effects from pub.cohort_effects",
            "A metric has one summary per window.",
        ),
        ("update pub.cohort_effects set reason = null", "Every summary has its reason."),
        ("update pub.cohort_effects set i_squared_share = 50", "Variation between people is a share."),
        (
            "update pub.cohort_effects set estimate = 1, ci_low = 0, ci_high = 2",
            "No summary is made of fewer than 5 people.",
        ),
        ("update pub.cohort_effects set p_value = 0", P_VALUES),
        ("update pub.cohort_effects set n_subjects = 2", "A summary counts the people whose effect is told."),
        ("update pub.cohort_effects set attribute = 'age'", "A summary is over all, an arm or a group."),
        (
            "update pub.cohort_effects set n_subjects = 2 where level = 'massage'",
            "The people of an arm or group are among all.",
        ),
        ("update pub.effects set estimate = null", "A summary counts the people whose effect is told."),
    ],
)
def test_one_wrong_summary_breaks_one_rule(broken: Broken, change: str, sentence: str) -> None:
    assert broken("cohort_effects", change) == {sentence}


@pytest.mark.parametrize(
    ("interval", "sentences"),
    [
        ("estimate = 1, ci_low = 0, ci_high = 2, prediction_low = -1, prediction_high = 3", set()),
        ("estimate = 3, ci_low = 0, ci_high = 2, prediction_low = -1, prediction_high = 3", {ONE_MEAN}),
        ("estimate = 1, ci_low = 0, ci_high = 2, prediction_low = -1, prediction_high = 1.5", {ONE_MEAN}),
        ("estimate = 1, ci_low = 0", {ONE_MEAN}),
    ],
)
def test_the_interval_of_the_next_person_is_the_wider(broken: Broken, interval: str, sentences: set[str]) -> None:
    five = """insert into pub.effects by name
        select effects.* replace ('client_' || number as subject) from pub.effects, range(4) as numbers (number);
    update pub.cohort_effects set n_subjects = 5"""

    assert broken("cohort_effects", f"{five}; update pub.cohort_effects set {interval}") == sentences


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("insert into pub.relief_shares from pub.relief_shares", "A drop of pain has one row per metric."),
        ("update pub.relief_shares set metric = 'steps'", "Only pain can be relieved."),
        ("update pub.relief_shares set reason = null", "Every share has its reason."),
        ("update pub.relief_shares set days_share = 1.1", "A share of days lies between none and all."),
        ("update pub.relief_shares set massages_share = 0.9", "The share of massages is that of those counted."),
        ("update pub.relief_shares set days_share = null", "The share of massages is that of those counted."),
        (
            "update pub.relief_shares set n_massages = 2, massages_share = 0.5",
            "No share is of more massages than there are.",
        ),
    ],
)
def test_one_wrong_share_of_relief_breaks_one_rule(broken: Broken, change: str, sentence: str) -> None:
    assert broken("relief_shares", change) == {sentence}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("insert into pub.circumstances from pub.circumstances", "A circumstance has one row per metric."),
        ("update pub.circumstances set circumstance = 'rain'", "A circumstance is a column of the diary."),
        ("update pub.circumstances set reason = null", "Every circumstance has its reason."),
        ("update pub.circumstances set other_share = 1.1", "A share of other days lies between none and all."),
        (
            "update pub.circumstances set n_massages_yes = 2",
            "No more days say yes than are told, and no more are told than there are.",
        ),
    ],
)
def test_one_wrong_circumstance_breaks_one_rule(broken: Broken, change: str, sentence: str) -> None:
    assert broken("circumstances", change) == {sentence}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            "insert into pub.cohort_entries from pub.cohort_entries; update pub.cohort_effects set n_subjects = 2",
            "A person enters a mean once.",
        ),
        (
            "update pub.cohort_entries set reason = null",
            "Every person in a mean, or not in it, has the reason.",
        ),
        (
            "update pub.cohort_entries set estimate = null",
            "Who entered has an estimate, and who did not has none.",
        ),
        ("update pub.cohort_entries set ci_low = 600", "Who entered has an estimate, and who did not has none."),
        (
            "update pub.cohort_entries set is_entered = false, estimate = null, ci_low = null, ci_high = null",
            "The mean is of those who entered.",
        ),
    ],
)
def test_one_wrong_entry_breaks_one_rule(broken: Broken, change: str, sentence: str) -> None:
    assert broken("cohort_entries", change) == {sentence}
