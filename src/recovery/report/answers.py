"""What the published tables say of massages, read once per person; empty where a table is not there yet.

A database that an older version published has no such tables, and stays when a check stops the new one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, NamedTuple, TypeVar

import duckdb

from recovery import warehouse
from recovery.answers import rows
from recovery.effects.gates import MIN_VALID_DAYS
from recovery.published import query
from recovery.vocabulary.designs import Design
from recovery.vocabulary.verdicts import Basis, Certainty, Word
from recovery.vocabulary.windows import MAIN, TRIAL, Window

JUDGED = (*MAIN, Window.WEEK)  # windows that answer; dose and single days stand beside


@dataclass(frozen=True)
class AnswerCounts:
    """What one answer counts and what it leaves out; the parts of massages and of days sum to what there is."""

    table: ClassVar[str] = "answer_counts"

    subject: str
    metric: str
    window: str
    massages_logged: int = 0
    massages_same_day: int = 0
    massages_outside: int = 0
    massages_unmeasured: int = 0
    massages_counted: int = 0
    days_in_span: int = 0
    days_without: int = 0
    days_excluded: int = 0
    days_not_valid: int = 0
    days_not_compared: int = 0
    days_counted: int = 0


AnyRow = TypeVar(
    "AnyRow",
    rows.Effect,
    rows.EffectCheck,
    rows.PromiseAnswer,
    rows.SubgroupEffect,
    rows.CohortEffect,
    rows.ReliefShare,
    rows.MoreMassages,
    AnswerCounts,
)


class Metric(NamedTuple):
    """What a metric is called and what it counts."""

    title: str
    description: str
    family: str
    unit: str
    better: str  # up, down, none
    is_nightly: bool


@dataclass(frozen=True)
class Answers:
    """The rows of one person."""

    effects: Mapping[tuple[str, str], rows.Effect]  # by metric and window
    checks: Mapping[tuple[str, str], Sequence[rows.EffectCheck]]
    claims: Sequence[rows.PromiseAnswer]
    subgroups: Sequence[rows.SubgroupEffect]
    metrics: Mapping[str, Metric]
    reliefs: Sequence[rows.ReliefShare] = ()
    more: Sequence[rows.MoreMassages] = ()
    counts: Mapping[tuple[str, str], AnswerCounts] = field(default_factory=dict)  # by metric and window
    is_worked_out: bool = True  # false where an older version published

    def title(self, metric: str) -> str:
        """What a metric is called."""
        return self.metrics[metric].title if metric in self.metrics else metric

    def main(self, metric: str) -> rows.Effect | None:
        """The row that answers for a metric."""
        return next((found for window in JUDGED if (found := self.effects.get((metric, window)))), None)

    def drawn(self, metric: str) -> rows.Effect | None:
        """What drawn weeks say clearly of a metric, as the headline of Today tells it; None where they do not."""
        for window in TRIAL:
            effect = self.effects.get((metric, window))
            is_clear = effect is not None and effect.certainty == Certainty.CLEAR and effect.direction != Word.UNKNOWN
            if effect and is_clear and effect.is_primary and effect.basis == Basis.BECAUSE and effect.sizes:
                return effect
        return None

    def judged(self) -> Iterator[rows.Effect]:
        """All rows that answer, metric by metric."""
        for (_, window), effect in self.effects.items():
            if window in JUDGED:
                yield effect

    def counts_of(self, effect: rows.Effect) -> AnswerCounts | None:
        """What an answer counts and leaves out; None of drawn weeks, and where an older version published."""
        return self.counts.get((effect.metric, effect.window))

    def more_of(self, effect: rows.Effect) -> list[rows.MoreMassages]:
        """How many more massages a row takes, as booked first; empty where nothing is promised."""
        found = [more for more in self.more if (more.metric, more.window) == (effect.metric, effect.window)]
        return sorted(found, key=lambda more: (more.design != Design.AS_BOOKED, more.design))

    @property
    def has_morning_pain(self) -> bool:
        """Whether the diary tells the pain of mornings, before massages."""
        effect = self.effects.get(("pain_morning", Window.DAYS))
        return effect is not None and effect.n_days >= MIN_VALID_DAYS

    def failed(self, effect: rows.Effect) -> list[str]:
        """Names of the checks that an effect did not pass."""
        return [check.name for check in self.checks.get((effect.metric, effect.window), ()) if not check.passed]


def answers_of(connection: duckdb.DuckDBPyConnection, subject: str, metrics: Mapping[str, Metric]) -> Answers:
    """Everything that was found out about one person."""
    checks: dict[tuple[str, str], list[rows.EffectCheck]] = {}
    for check in sorted(read(connection, rows.EffectCheck, subject), key=lambda check: check.ordinal):
        checks.setdefault((check.metric, check.window), []).append(check)
    return Answers(
        effects={(effect.metric, effect.window): effect for effect in read(connection, rows.Effect, subject)},
        checks=checks,
        claims=sorted(read(connection, rows.PromiseAnswer, subject), key=lambda claim: claim.ordinal),
        subgroups=read(connection, rows.SubgroupEffect, subject),
        metrics=metrics,
        reliefs=sorted(read(connection, rows.ReliefShare, subject), key=lambda relief: relief.drop_share),
        more=read(connection, rows.MoreMassages, subject),
        counts={(row.metric, row.window): row for row in read(connection, AnswerCounts, subject)},
        is_worked_out=has(connection, rows.Effect.table),
    )


def attended_of(connection: duckdb.DuckDBPyConnection, subject: str) -> int:
    """How many massages a person had."""
    ((count,),) = connection.execute(
        "select count(*) from massages where subject = ? and status = 'attended'", [subject]
    ).fetchall()
    return int(count)


def not_attended_of(connection: duckdb.DuckDBPyConnection, subject: str) -> int:
    """How many massages of a person's lists were cancelled or missed."""
    ((count,),) = connection.execute(
        "select count(*) from massages where subject = ? and status is distinct from 'attended'", [subject]
    ).fetchall()
    return int(count)


def metrics_of(connection: duckdb.DuckDBPyConnection) -> dict[str, Metric]:
    """All metrics by name."""
    return {
        str(row["metric"]): Metric(
            str(row["title"] or row["metric"]),
            str(row["description"]),
            str(row["family"]),
            str(row["unit"]),
            str(row["better"]),
            row.get("counted_by") == "night",
        )
        for row in query.rows(connection, "select * from metrics order by metric")
    }


def read(connection: duckdb.DuckDBPyConnection, kind: type[AnyRow], subject: str | None = None) -> list[AnyRow]:
    """The rows of the relation that is called as those of `kind`, of one person or of all.

    What an earlier version did not publish yet has its default.
    """
    columns_there = _columns(connection, kind.table)
    if not columns_there:
        return []
    known = [each.name for each in fields(kind) if each.name in columns_there]
    columns = warehouse.quote_names(known)
    where, parameters = ("where subject = ?", [subject]) if subject is not None else ("", [])
    found: Sequence[Sequence[Any]] = connection.execute(
        f"select {columns} from {kind.table} {where} order by all", parameters
    ).fetchall()
    return [kind(**dict(zip(known, row, strict=True))) for row in found]


def has(connection: duckdb.DuckDBPyConnection, relation: str, column: str = "") -> bool:
    """Whether the published database has a relation, and in it a column."""
    columns_there = _columns(connection, relation)
    return column in columns_there if column else bool(columns_there)


def _columns(connection: duckdb.DuckDBPyConnection, relation: str) -> list[str]:
    """The columns of a relation; [] where there is none, found without an error, which would end a transaction."""
    described = connection.execute("select column_name from duckdb_columns() where table_name = ?", [relation])
    return [name for (name,) in described.fetchall()]
