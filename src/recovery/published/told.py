"""Keeps what the page told of the main metrics, and when: private, and only ever added to."""

from datetime import datetime

import duckdb


def remember(connection: duckdb.DuckDBPyConnection, shown_utc: datetime) -> None:
    """Adds what is told now of each main metric, where it is not what was told last."""
    connection.execute(
        """
        insert into raw.told by name
        with now_told as (
            select
                subject, metric, "window", word as direction, certainty, look, local_date as look_date, n_massages,
                data_sha256, settings_sha256
            from answers.looks
            qualify row_number() over (partition by subject, metric order by look desc) = 1
        ),

        told_last as (
            select subject, metric, direction, certainty
            from raw.told
            qualify row_number() over (partition by subject, metric order by shown_utc desc) = 1
        )

        select now_told.*, ?::timestamp as shown_utc
        from now_told
        left join told_last on now_told.subject = told_last.subject and now_told.metric = told_last.metric
        where (now_told.direction, now_told.certainty) is distinct from (told_last.direction, told_last.certainty)
        """,
        [shown_utc],
    )
