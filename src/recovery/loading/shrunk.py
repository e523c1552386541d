"""Lists and diaries that tell less than before: a file that was cut looks like one from which rows were deleted."""

import duckdb

from recovery.formats.records import LOGGED
from recovery.words.say import say

MIN_LOST = 2  # one row less is a correction
COUNTS = " union all ".join(f"select path, count(*) as rows from raw.{record} group by path" for record in LOGGED)


def count_before(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes `told_before`: the rows of each log of `incoming` as they were read last."""
    connection.execute(
        "create or replace temp table told_before as select path, sum(rows)::bigint as rows"
        f" from ({COUNTS}) semi join (select path from incoming where log_kind <> '') as logs using (path)"
        " group by path"
    )


def tell(connection: duckdb.DuckDBPyConnection) -> None:
    """Says in the receipt of each log of `told_before` how many rows less it tells now; drops that table."""
    shrunk = connection.execute(
        f"select told_before.path, told_before.rows, coalesce(sum(now.rows), 0)::bigint as rows_now from told_before"
        f" left join ({COUNTS}) as now using (path) group by all having rows_now <= told_before.rows - {MIN_LOST}"
    ).fetchall()
    for path, before, now in shrunk:
        message = say(
            "It held {before:,} rows when it was read last, now {now:,}: if it was cut off, put the whole file back.",
            before=before,
            now=now,
        )
        connection.execute(
            "update raw.files set status = if(status = 'loaded', 'partial', status),"
            " message = concat_ws(' ', $message, message) where path = $path",
            {"message": message, "path": path},
        )
    connection.execute("drop table told_before")
