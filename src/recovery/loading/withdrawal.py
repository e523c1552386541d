"""Deletes records of the raw tables that are replaced or withdrawn, and marks the days they touched.

The steps of a transaction share temporary tables: `leaving` (subject, delivery) and `leaving_logs` (subject, path,
delivery) name what is to be deleted, `touched` (subject, day) collects the days that must be built anew. A log that is
read again says mostly what it said before: `former_massages` and `former_diary` hold that, and only days that differ
are touched.
"""

from datetime import date, timedelta

import duckdb

from recovery.formats.records import LOGGED, SCHEMAS
from recovery.warehouse import mark_dirty

FAR_DAYS = 18  # days further apart are rebuilt apart: twice the context of a window


def open_touched(connection: duckdb.DuckDBPyConnection) -> None:
    """The empty table `touched`."""
    connection.execute("create or replace temp table touched (subject varchar, day date)")


def withdraw_former(connection: duckdb.DuckDBPyConnection) -> None:
    """Deletes what the files of `incoming` said before: by content, and by path where it was or is a log."""
    connection.execute(
        # Another subject had the file when its folder was not listed under [people] yet.
        "create or replace temp table leaving as"
        " select subject, delivery from raw.deliveries semi join incoming using (subject, delivery)"
        " union select files.subject, incoming.delivery"
        " from incoming inner join raw.files as files using (path, sha256)"
        " where files.subject <> incoming.subject and not exists (from raw.files as others"
        " where others.subject = files.subject and others.sha256 = files.sha256 and others.path <> files.path"
        " and others.status in ('loaded', 'partial'))"
    )
    connection.execute(
        # The original was at another path until now; its rows are loaded again with this one.
        "create or replace temp table leaving_logs as"
        " select subject, path, delivery from raw.logs semi join incoming using (path)"
        " union select subject, path, delivery from raw.logs where path in (select logs.path from raw.logs as logs"
        " inner join incoming on logs.subject = incoming.subject and logs.delivery = incoming.delivery)"
    )
    for record in LOGGED:
        connection.execute(
            f"create or replace temp table former_{record} as"
            f" from raw.{record} where (subject, path) in (select (subject, path) from leaving_logs)"
        )
    delete_leaving(connection, are_logs_read_again=True)
    connection.execute(
        "update raw.files set status = 'duplicate',"
        " message = 'has the same content as ' || incoming.path || ', which counts'"
        " from incoming where files.subject = incoming.subject and files.sha256 = incoming.sha256"
        " and files.path <> incoming.path and files.status in ('loaded', 'partial', 'rejected')"
    )
    for table in ("rejected", "unclear_rows"):
        connection.execute(f"delete from raw.{table} using incoming where {table}.path = incoming.path")
    connection.execute("delete from raw.files using incoming where files.path = incoming.path")


def delete_leaving(connection: duckdb.DuckDBPyConnection, *, are_logs_read_again: bool = False) -> None:
    """Deletes the records named by `leaving` and `leaving_logs`, whose days it notes in `touched`.

    The days of logs that are read again, be their content another one or the same, are left to `touch_changed_logs`.
    """
    by_content = "(subject, delivery) in (select (subject, delivery) from leaving)"
    by_path = "(subject, path) in (select (subject, path) from leaving_logs)"
    conditions = [
        condition
        for condition, names in ((by_content, "leaving"), (by_path, "leaving_logs"))
        if connection.execute(f"from {names} limit 1").fetchall()  # mostly none: then no table is searched
    ]
    for condition in conditions:
        for record in SCHEMAS if condition == by_content else LOGGED:
            first, _ = times(record)
            spared = f" and not {by_path}" if are_logs_read_again and record in LOGGED else ""
            connection.execute(
                f"insert into touched select distinct subject, {first}::date from raw.{record}"
                f" where {condition}{spared}"
            )
            connection.execute(f"delete from raw.{record} where {condition}")
        if condition == by_content:
            connection.execute(f"delete from raw.removed where {condition}")
    connection.execute("delete from raw.unclear_rows where path in (select path from leaving_logs)")
    connection.execute(f"delete from raw.logs where {by_path}")
    for names in ("leaving", "leaving_logs"):
        connection.execute(
            # The nights of an app whose tags are a log stay, and so does their delivery: it names their file.
            f"delete from raw.deliveries where (subject, delivery) in (select (subject, delivery) from {names})"
            " and (subject, delivery) not in (select (subject, delivery) from raw.sleep_sessions semi join"
            f" {names} using (subject, delivery))"
        )
    connection.execute("drop table leaving")
    connection.execute("drop table leaving_logs")


def touch_changed_logs(connection: duckdb.DuckDBPyConnection) -> None:
    """Notes in `touched` the days of which the logs of `incoming` say something else now than before.

    The hash of the file is another one with each line that is added; it only decides between two logs that tell of the
    same day, so a day of which another log tells too is always noted.
    """
    for record in LOGGED:
        day, _ = times(record)
        now = f"select * from raw.{record} as told semi join incoming using (path)"
        sides = " union all ".join(
            f"select subject, {day} as day, {sign} as side,"
            f" {sign} * hash(told)::hugeint as digest"
            f" from (select * exclude (delivery, exported_utc) from ({rows})) as told"
            for rows, sign in ((now, 1), (f"from former_{record}", -1))
        )
        connection.execute(
            f"insert into touched select subject, day from ({sides}) group by all"
            " having sum(side) <> 0 or sum(digest) <> 0"
            f" union select told.subject, told.{day} from ({now}) as told inner join raw.{record} as other"
            f" on told.subject = other.subject and told.{day} = other.{day} and told.path <> other.path"
        )
        connection.execute(f"drop table former_{record}")


def mark_touched(connection: duckdb.DuckDBPyConnection) -> None:
    """Marks the days in `touched` to be built anew, in stretches, so that one stray date does not cost years."""
    stretch: tuple[str, date, date] | None = None
    for subject, day in connection.execute("select distinct subject, day from touched order by all").fetchall():
        if stretch and stretch[0] == subject and day - stretch[2] <= timedelta(days=FAR_DAYS):
            stretch = (subject, stretch[1], day)
            continue
        if stretch:
            mark_dirty(connection, *stretch)
        stretch = (subject, day, day)
    if stretch:
        mark_dirty(connection, *stretch)


def times(record: str) -> tuple[str, str]:
    """The columns in which a record begins and ends."""
    names = SCHEMAS[record].names
    if "end_utc" in names:
        return "start_utc", "end_utc"
    only = "time_utc" if "time_utc" in names else "local_date"
    return only, only
