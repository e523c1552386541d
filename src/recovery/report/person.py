"""One person's part of the page, read from the published tables."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import duckdb

from recovery.home.settings import Settings
from recovery.published import query
from recovery.published.status import Coverage, Source
from recovery.report import charts
from recovery.report.answers import Answers, Metric, answers_of
from recovery.report.cards import Card, cards, headline
from recovery.report.claims import Row as ClaimRow
from recovery.report.claims import claim_rows, counted
from recovery.report.forest import Forest, forest
from recovery.report.lasting import Lasting, lasting, still_changed
from recovery.report.subgroups import Subgroups, subgroups
from recovery.report.trials import Trial, trial_cards, trials
from recovery.report.why import Gap, Step, gaps, steps
from recovery.vocabulary.families import HEADLINES
from recovery.vocabulary.metrics import IN_WAKING_HOURS
from recovery.words import nights
from recovery.words import page as words

SHOWN = 100  # massages in the list; the database has all
FEW_MASSAGES = 10  # below, a mean of days around massages is mostly chance; the page says so


class Around(NamedTuple):
    """The days around massages of one metric."""

    metric: str
    family: str
    title: str
    description: str
    chart: charts.AroundChart | None
    rows: list[tuple[str, str, str, int]]  # day, mean, interval, massages
    massage_count: int


class Massage(NamedTuple):
    """One line of the list of massages."""

    local_date: date
    start: str
    minutes: str
    technique: str
    areas: str
    therapist: str
    status: str
    pain: str


class Person(NamedTuple):
    """One subject's part of the page."""

    subject: str
    headline: list[str]
    cards: list[Card]
    trial_cards: list[Card]
    trials: list[Trial]
    forest: Forest
    lasting: list[Lasting]
    claims: list[ClaimRow]
    claims_counted: str
    gaps: list[Gap]
    steps: list[Step]
    subgroups: Subgroups
    sources: list[Source]
    coverage: Coverage | None
    around: list[Around]
    calendar: charts.Calendar | None
    massages: list[Massage]
    attended: int
    with_baseline: int
    not_yet: list[str]
    questions: list[str]  # of the massage logs, and what arrives no more

    @property
    def has_bars(self) -> bool:
        """Whether any card shows an interval, so that the page says how to read it."""
        return any(card.bar for card in (*self.cards, *self.trial_cards))

    @property
    def has_bands(self) -> bool:
        """Whether any picture of the days around massages shows how far chance moves the mean."""
        return any(around.chart.band for around in self.around if around.chart)


def person(
    connection: duckdb.DuckDBPyConnection,
    subject: str,
    settings: Settings,
    metrics: Mapping[str, Metric],
    today: date,
    sources: list[Source],
    coverage: Coverage | None,
    questions: list[str],
    *,
    is_alone: bool = False,
) -> Person:
    """Reads one subject's part of the page; ages are those of `today`.

    Where it stands alone, estimates that others' weigh in are left out.
    """
    attended, with_baseline = _massages_counted(connection, subject)
    around = [
        _around(connection, subject, metric, family.capitalize(), metrics[metric])
        for family, metric in _drawn(settings, metrics).items()
    ]
    answers = answers_of(connection, subject, metrics)
    if is_alone:
        answers = replace(answers, shrunken={})
    found = cards(answers, settings.primaries, attended)
    of_trial = trial_cards(answers)
    claims = claim_rows(answers)
    missing = gaps(found, answers)
    main = dict.fromkeys(card.metric for card in found if card.effect)
    return Person(
        subject=subject,
        headline=[
            *headline(found, of_trial, attended, is_worked_out=answers.is_worked_out),
            *(words.too_small(one.title.lower()) for one in found if one.effect and still_changed(answers, one.metric)),
        ],
        cards=found,
        trial_cards=of_trial,
        trials=trials(connection, subject, today),
        forest=forest(answers),
        lasting=[drawn for metric in main if (drawn := lasting(answers, metric))],
        claims=claims,
        claims_counted=counted(claims),
        gaps=missing,
        steps=steps(missing),
        subgroups=subgroups(answers),
        sources=sources,
        coverage=coverage,
        around=around,
        calendar=_calendar(connection, subject),
        massages=_massages(connection, subject),
        attended=attended,
        with_baseline=with_baseline,
        not_yet=_not_yet(answers, attended, with_baseline, around),
        questions=questions,
    )


def _massages_counted(connection: duckdb.DuckDBPyConnection, subject: str) -> tuple[int, int]:
    """How many massages took place, and how many of them have enough valid days before to compare with."""
    ((attended, with_baseline),) = connection.execute(
        "select (select count(*) from massages where subject = $subject and status = 'attended'),"
        " (select count(distinct massage_id) from around_massage where subject = $subject and baseline is not null)",
        {"subject": subject},
    ).fetchall()
    return attended, with_baseline


def _drawn(settings: Settings, metrics: Mapping[str, Metric]) -> dict[str, str]:
    """By family the metric whose days around massages are drawn: the main one of recovery.toml, else the headline."""
    wanted = {**HEADLINES, **{family: name for family, name in settings.primaries.items() if name in metrics}}
    return {family: name for family, name in wanted.items() if name in metrics}


def _around(
    connection: duckdb.DuckDBPyConnection, subject: str, metric: str, family: str, definition: Metric
) -> Around:
    values = connection.execute(
        "select massage_id, day_offset, value from around_massage"
        " where subject = ? and metric = ? and is_valid and value is not null order by massage_id, day_offset",
        [subject, metric],
    ).fetchall()
    summary = query.rows(
        connection,
        "select * from around_massage_summary where subject = ? and metric = ? order by day_offset",
        [subject, metric],
    )
    lines = charts.by_massage(values)
    means = {row["day_offset"]: row["mean"] for row in summary if row["mean"] is not None}
    counts = {row["day_offset"]: row["n"] for row in summary}
    intervals = {
        row["day_offset"]: (row["ci_low"], row["ci_high"])
        for row in summary
        if row["mean"] is not None and row.get("ci_low") is not None and row.get("ci_high") is not None
    }
    chart = charts.around_chart(lines, means, counts, definition.unit, intervals)

    def in_chart(value: float) -> str:
        return charts.amount(chart.in_unit(value)) if chart else ""

    return Around(
        metric=metric,
        family=family,
        title=definition.title,
        description=f"{definition.description} {_counted(connection, subject, metric)}".strip(),
        chart=chart,
        rows=[
            (
                words.day_around(day),
                in_chart(mean),
                " to ".join(in_chart(end) for end in intervals.get(day, ())),
                counts[day],
            )
            for day, mean in means.items()
            if chart
        ],
        massage_count=len(lines),
    )


def _counted(connection: duckdb.DuckDBPyConnection, subject: str, metric: str) -> str:
    """In which hours of the day a metric of rest is counted; empty for other metrics."""
    if metric not in IN_WAKING_HOURS or not query.has_column(connection, "daily", "rest_from_hour"):
        return ""  # an earlier version published no hours of rest
    hours = connection.execute(
        "select distinct rest_from_hour, rest_to_hour from daily where subject = ?", [subject]
    ).fetchall()
    return nights.counted_hours(*hours[0]) if hours else ""


def _calendar(connection: duckdb.DuckDBPyConnection, subject: str) -> charts.Calendar | None:
    # an earlier version published nothing of complete days
    is_told = query.has_column(connection, "daily", "incomplete_sources")
    incomplete = "incomplete_sources is not null" if is_told else "false"
    days = connection.execute(
        f"select local_date, coalesce(is_valid_day, false), excluded_for, {incomplete} from daily where subject = ?"
        " and (subject, local_date) in (select (subject, local_date) from daily_metrics)",
        [subject],
    ).fetchall()
    massages: dict[date, int] = dict(
        connection.execute(
            "select local_date, count(*) from massages where subject = ? and status = 'attended' group by local_date",
            [subject],
        ).fetchall()
    )
    unknown = connection.execute("select distinct local_date from unknown_days where subject = ?", [subject]).fetchall()
    return charts.calendar(
        {day: bool(is_valid) for day, is_valid, _, _ in days},
        massages,
        {day: reason for day, _, reason, _ in days if reason},
        {day for day, _, _, is_incomplete in days if is_incomplete},
        {day for (day,) in unknown},
    )


def _massages(connection: duckdb.DuckDBPyConnection, subject: str) -> list[Massage]:
    return [
        Massage(
            local_date,
            f"{start:%H:%M}" if start else "",
            _as_written(minutes),
            _as_written(technique),
            _as_written(areas),
            _as_written(therapist),
            _as_written(status),
            "" if before is None and after is None else f"{_as_written(before) or '?'} → {_as_written(after) or '?'}",
        )
        for local_date, start, minutes, technique, areas, therapist, status, before, after in connection.execute(
            "select local_date, start_local, massage_min, technique, areas, therapist, status, pain_before, pain_after"
            " from massages where subject = ? order by local_date desc, start_local desc nulls last limit ?",
            [subject, SHOWN],
        ).fetchall()
    ]


def _not_yet(answers: Answers, attended: int, with_baseline: int, around: list[Around]) -> list[str]:
    """What this page cannot answer besides what the verdicts refuse, and why, in plain words."""
    sentences = []
    if attended == 0:
        sentences.append(words.NOTHING_AROUND)
    elif with_baseline < FEW_MASSAGES:
        sentences.append(words.too_few_massages(with_baseline, FEW_MASSAGES))
    empty = [row.family.lower() for row in around if row.chart is None]
    if empty:
        sentences.append(words.nothing_about(empty))
    if answers.effects:
        sentences.append(words.SLOW_BUILD_UP)
    sentences.append(words.LYING_BY_DAY)
    return sentences


def _as_written(value: object) -> str:
    """A field of a log; '' where it was left empty."""
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)
