"""The rows of `sql/answers/`, as they are computed; each field is a column of the table of the same name."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import ClassVar, NamedTuple

import duckdb
import pyarrow as pa

from recovery.vocabulary.metrics import Better


class Sizes(NamedTuple):
    """An estimate with its range, in the metric's unit."""

    estimate: float
    low: float
    high: float


def sizes_of(estimate: float | None, low: float | None, high: float | None) -> Sizes | None:
    """None where any of them is missing."""
    return None if estimate is None or low is None or high is None else Sizes(estimate, low, high)


@dataclass(frozen=True)
class Effect:
    """What was found out about one metric of one person in one window."""

    table: ClassVar[str] = "effects"

    subject: str
    metric: str
    window: str
    family: str
    is_primary: bool
    unit: str
    better: Better
    n_massages: int
    n_days: int
    checks: str
    reason: str
    direction: str | None = None
    certainty: str | None = None
    doubts: str | None = None
    basis: str | None = None
    verdict: str | None = None
    shown_estimate: float | None = None
    shown_low: float | None = None
    shown_high: float | None = None
    said_on: date | None = None
    first_said: date | None = None
    withdrawn_on: date | None = None
    is_building_up: bool | None = None
    estimate: float | None = None
    standard_error: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    p_value: float | None = None
    holm_p: float | None = None
    q_value: float | None = None
    lead_p: float | None = None
    permutation_p: float | None = None
    redrawn_p: float | None = None
    adjusted_estimate: float | None = None
    adjusted_ci_low: float | None = None
    adjusted_ci_high: float | None = None
    lowest_without_one: float | None = None
    highest_without_one: float | None = None
    usual: float | None = None
    usual_without: float | None = None
    worth: float | None = None
    worth_from: str | None = None
    worth_source: str | None = None
    is_worth_reachable: bool | None = None
    smallest_detectable: float | None = None
    massages_needed: int | None = None
    n_massages_measured: int | None = None
    n_days_after: int | None = None

    @property
    def massages_that_count(self) -> int:
        """Massages with measured days after them; where that was not counted (drawn weeks, old homes) all of them."""
        return self.n_massages if self.n_massages_measured is None else self.n_massages_measured

    @property
    def sizes(self) -> Sizes | None:
        """The change and its range as they are shown: of a main metric those of its looks. None where refused."""
        return sizes_of(self.shown_estimate, self.shown_low, self.shown_high) or self.one_look

    @property
    def one_look(self) -> Sizes | None:
        """Those of a single look, with the 95% interval that p belongs to; also what an earlier version published."""
        return sizes_of(self.estimate, self.ci_low, self.ci_high)


@dataclass(frozen=True)
class EffectCheck:
    """One thing looked at before an effect was believed."""

    table: ClassVar[str] = "effect_checks"

    subject: str
    metric: str
    window: str
    ordinal: int
    name: str
    passed: bool
    sentence: str


@dataclass(frozen=True)
class LookRow:
    """One look at one main metric of one person, with what it rests on."""

    table: ClassVar[str] = "looks"

    subject: str
    metric: str
    window: str
    look: int
    local_date: date
    n_massages: int
    word: str
    certainty: str
    event: str
    failed: str
    may_exclude: bool
    builds_up: bool
    has_built_up: bool
    may_build_up: bool
    digest: str
    data_sha256: str
    settings_sha256: str
    estimate: float | None = None
    standard_error: float | None = None
    critical_value: float | None = None
    parts: str | None = None
    low: float | None = None
    high: float | None = None
    worth: float | None = None


@dataclass(frozen=True)
class FoundRow:
    """What was found of one metric, to be taken again where its days are the same."""

    table: ClassVar[str] = "found"

    subject: str
    metric: str
    digest: str
    found: str


@dataclass(frozen=True)
class PromiseAnswer:
    """One promise of the article, and what the data say of it."""

    table: ClassVar[str] = "claims"

    subject: str
    claim_id: str
    ordinal: int
    claim: str
    verdict: str
    reason: str
    published_evidence: str
    direction: str | None = None
    certainty: str | None = None
    basis: str | None = None
    is_size_excluded: bool | None = None
    metric: str | None = None
    window: str | None = None
    claimed: str | None = None
    claimed_share: float | None = None
    observed: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    unit: str | None = None
    n_massages: int | None = None
    worth: float | None = None
    worth_source: str | None = None


@dataclass(frozen=True)
class SubgroupEffect:
    """The effect of some massages apart from the others."""

    table: ClassVar[str] = "subgroup_effects"

    subject: str
    metric: str
    attribute: str
    level: str
    n_massages: int
    reason: str
    estimate: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    p_value: float | None = None
    q_value: float | None = None
    difference: float | None = None
    difference_ci_low: float | None = None
    difference_ci_high: float | None = None
    difference_q_value: float | None = None


@dataclass(frozen=True)
class ReliefShare:
    """How often massages are followed by a drop of pain, beside like days without one."""

    table: ClassVar[str] = "relief_shares"

    subject: str
    metric: str
    drop_share: float
    n_massages: int
    n_followed: int
    n_days: int
    reason: str
    massages_share: float | None = None
    days_share: float | None = None


@dataclass(frozen=True)
class CircumstanceRow:
    """What else happened on massage days, and the effect without those days."""

    table: ClassVar[str] = "circumstances"

    subject: str
    metric: str
    window: str
    circumstance: str
    n_massages: int
    n_massages_told: int
    n_massages_yes: int
    n_other_days_told: int
    n_other_days_yes: int
    is_alike: bool
    reason: str
    other_share: float | None = None
    estimate: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    without_estimate: float | None = None
    without_ci_low: float | None = None
    without_ci_high: float | None = None


@dataclass(frozen=True)
class MoreMassages:
    """How many more massages it takes until something is said of a main metric, booked or recorded one way."""

    table: ClassVar[str] = "more_massages"

    subject: str
    metric: str
    window: str
    design: str
    per_week: float
    chance: float
    reason: str
    low: int | None = None
    high: int | None = None
    weeks: int | None = None


@dataclass(frozen=True)
class CohortEffect:
    """The effect over several people: over all, or over those of an arm or a group."""

    table: ClassVar[str] = "cohort_effects"

    metric: str
    window: str
    unit: str
    n_subjects: int
    n_refused: int
    reason: str
    estimate: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    p_value: float | None = None
    prediction_low: float | None = None
    prediction_high: float | None = None
    between_sd: float | None = None
    i_squared_share: float | None = None
    unweighted_estimate: float | None = None
    unweighted_ci_low: float | None = None
    unweighted_ci_high: float | None = None
    n_gated: int | None = None
    without_estimate: float | None = None
    without_ci_low: float | None = None
    without_ci_high: float | None = None
    warning: str | None = None
    attribute: str = "all"  # or arm, subgroup
    level: str = ""  # which arm, which group


@dataclass(frozen=True)
class CohortEntry:
    """Whether one person is in the mean over people, by which estimate, and why not."""

    table: ClassVar[str] = "cohort_entries"

    subject: str
    metric: str
    window: str
    is_entered: bool
    is_gated: bool
    is_adjusted: bool
    n_massages: int
    reason: str
    estimate: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None


@dataclass(frozen=True)
class CohortPerson:
    """One person's effect pulled towards the mean of all."""

    table: ClassVar[str] = "cohort_people"

    subject: str
    metric: str
    window: str
    shrunken_estimate: float
    own_share: float
    shrunken_ci_low: float | None = None
    shrunken_ci_high: float | None = None


@dataclass(frozen=True)
class AroundInterval:
    """How far the mean of a day around massages may lie off by chance."""

    table: ClassVar[str] = "around_intervals"

    subject: str
    metric: str
    day_offset: int
    half_width: float


OF_A_PERSON = (
    Effect,
    EffectCheck,
    LookRow,
    PromiseAnswer,
    SubgroupEffect,
    ReliefShare,
    CircumstanceRow,
    MoreMassages,
    AroundInterval,
    FoundRow,
)
OF_ALL = (CohortEffect, CohortEntry, CohortPerson)
Row = (
    Effect
    | EffectCheck
    | LookRow
    | PromiseAnswer
    | SubgroupEffect
    | ReliefShare
    | CircumstanceRow
    | MoreMassages
    | CohortEffect
    | CohortEntry
    | CohortPerson
    | AroundInterval
    | FoundRow
)


def write(connection: duckdb.DuckDBPyConnection, rows: Sequence[Row]) -> None:
    """Adds rows to their tables."""
    for kind in dict.fromkeys(type(row) for row in rows):
        of_kind = [row for row in rows if type(row) is kind]
        columns = {field.name: [getattr(row, field.name) for row in of_kind] for field in fields(kind)}
        connection.register("written", pa.table(columns))
        try:
            connection.execute(f"insert into answers.{kind.table} by name select * from written")
        finally:
            connection.unregister("written")
