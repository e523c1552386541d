"""Keeps what the page told of the main metrics and of trials, and when: private, and only ever added to."""

from datetime import datetime

import duckdb

from recovery.vocabulary.windows import TRIAL


def remember(connection: duckdb.DuckDBPyConnection, shown_utc: datetime) -> None:
    """Adds what is told now of each main metric, and of each in a trial, where it is not what was told last."""
    connection.execute(
        """
        insert into raw.told by name
        with now_told as (
            select
                subject, metric, "window", word as direction, certainty, look, local_date as look_date, n_massages,
                data_sha256, settings_sha256
            from answers.looks
            qualify row_number() over (partition by subject, metric order by look desc) = 1

            union all

            select
                subject, metric, "window", direction, certainty, 0 as look, $shown_utc::date as look_date, n_massages,
                '' as data_sha256, '' as settings_sha256
            from answers.effects
            where "window" in (select unnest($of_trials)) and direction is not null and certainty is not null
        ),

        told_last as (
            select subject, metric, "window" in (select unnest($of_trials)) as is_trial, direction, certainty
            from raw.told
            qualify row_number() over (partition by subject, metric, is_trial order by shown_utc desc) = 1
        )

        select now_told.*, $shown_utc::timestamp as shown_utc
        from now_told
        left join told_last
            on
                now_told.subject = told_last.subject
                and now_told.metric = told_last.metric
                and (now_told."window" in (select unnest($of_trials))) = told_last.is_trial
        where (now_told.direction, now_told.certainty) is distinct from (told_last.direction, told_last.certainty)
        """,
        {"shown_utc": shown_utc, "of_trials": [str(window) for window in TRIAL]},
    )
