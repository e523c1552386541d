"""The receipts of the files of a loaded pack: status, rows, first and last time, and a sentence of what was read."""

from pathlib import Path

import duckdb

from recovery.formats.resaved import READ_BACK, REMEDY
from recovery.words.logs import HOLDS_NOTHING, NO_DATE

COLUMNS = (
    "path", "sha256", "bytes", "mtime_ns", "format", "reader_version", "zones", "subject", "status", "rows",
    "first_utc", "last_utc", "exported_utc", "again_utc", "message", "asked",
)  # fmt: skip
OUTCOME = """
create or replace temp table outcome as
with counted as (
    select file, sum(rows) as rows, min(first) as first_utc, max(last) as last_utc from spans group by file
),

skipped as (
    select
        file,
        count(*) filter (where not is_kept) as skipped_count,
        -- a row stands for itself, the row of all that are not listed for their number
        coalesce(
            sum(greatest(stands_for, 1)) filter (where not is_kept and (stands_for = 0 or place = '')), 0
        ) as row_count,
        string_agg(reason || ' (' || place || ')', ', ' order by place, reason)
            filter (where not is_kept and stands_for > 0 and place <> '') as left_out,
        count(*) filter (where is_kept) as emptied_count,
        min(again_utc) as again_utc,
        min_by(reason, place) as reason

    from read_parquet($skipped) group by file
)

select
    incoming.* exclude (message),
    counted.first_utc,
    counted.last_utc,
    skipped.again_utc,
    coalesce(counted.rows, 0) as rows,
    case
        when incoming.failure is not null then 'rejected'
        when counted.rows is null and (skipped.skipped_count > 0 or incoming.is_partial) then 'rejected'
        when counted.rows is null then 'ignored'
        when incoming.is_partial or skipped.skipped_count + skipped.emptied_count > 0 then 'partial'
        else 'loaded'
    end as status,
    coalesce(
        incoming.failure,
        nullif(replace(concat_ws('; ', nullif(incoming.message, ''), case
            when counted.rows is not null then 'left out: ' || skipped.left_out || ', see rejected'
        end, case
            when counted.rows is null and skipped.skipped_count > 0
                -- nothing stands before what a reader found cut short
                then 'nothing of it could be read: ' || replace(skipped.reason, '; what stands before was read', '')
                    || case when starts_with(incoming.message, $read_back) then '. ' || $remedy else '' end
            when skipped.row_count = 1 and ends_with(incoming.message, $no_date) then null
            when skipped.row_count = 1 then 'one row could not be read, see rejected'
            when skipped.row_count > 1 and ends_with(incoming.message, $no_date)
                then format('in all {:,} rows could not be read, see rejected', skipped.row_count::bigint)
            when skipped.row_count > 1
                then format('{:,} rows could not be read, see rejected', skipped.row_count::bigint)
            when skipped.skipped_count + skipped.emptied_count > 0 then null
            when coalesce(incoming.message, '') = '' and counted.rows is null
                then $nothing
            when coalesce(incoming.message, '') = '' and counted.rows = 1 then 'one record'
            when coalesce(incoming.message, '') = '' then format('{:,} records', counted.rows)
        end, case
            when skipped.emptied_count = 1 then 'one value could not be read and is left empty, see rejected'
            when skipped.emptied_count > 1
                then format('{:,} values could not be read and are left empty, see rejected', skipped.emptied_count)
        end), '.; ', '; '), '')
    ) as message
from incoming left join counted using (file) left join skipped using (file)
"""
# Each file once for its own person and once for each whom its rows name.
OF_PEOPLE = """
create or replace temp table of_people as
select outcome.* from outcome
union all
select distinct outcome.* replace (spans.subject as subject)
from outcome inner join spans on outcome.file = spans.file and outcome.subject <> spans.subject
"""


def write_receipts(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Writes the receipts of the files in `incoming`, with their rejected rows, logs and deliveries.

    Leaves the temporary table `outcome`: the files with what became of them.
    """
    skipped = {"skipped": str(folder / "skipped.parquet")}
    connection.execute(
        OUTCOME, {**skipped, "read_back": READ_BACK, "remedy": REMEDY, "nothing": HOLDS_NOTHING, "no_date": NO_DATE}
    )
    connection.execute(f"insert into raw.files by name select {', '.join(COLUMNS)} from outcome")
    connection.execute(OF_PEOPLE)
    connection.execute(
        "insert into raw.rejected by name select subject, path, NULL as place, message as reason, NULL as value"
        " from outcome where status = 'rejected'"
        " and (failure is not null or file not in (select file from read_parquet($skipped) where not is_kept))"
        " union all by name select coalesce(nullif(skipped.person, ''), incoming.subject) as subject, incoming.path,"
        " nullif(skipped.place, '') as place, skipped.reason, nullif(left(skipped.value, 200), '') as value"
        " from read_parquet($skipped) as skipped inner join incoming using (file)"
        " where (coalesce(skipped.person, ''), incoming.sha256)"
        " not in (select (subject, sha256) from forgotten_people)",
        skipped,
    )
    connection.execute(
        "insert into raw.unclear_rows by name select nullif(skipped.person, '') as subject, incoming.path,"
        " nullif(skipped.place, '') as place, skipped.reason, skipped.first_date, skipped.last_date"
        " from read_parquet($skipped) as skipped inner join incoming using (file)"
        " where skipped.is_unclear and incoming.failure is null"
        " and (coalesce(skipped.person, ''), incoming.sha256)"
        " not in (select (subject, sha256) from forgotten_people)",
        skipped,
    )
    connection.execute(
        "delete from raw.removed where (subject, delivery) in (select (subject, delivery) from incoming)"
    )
    connection.execute(
        "insert into raw.removed by name select incoming.subject, nullif(removed.source, '') as source,"
        " removed.* exclude (file, source), incoming.delivery from read_parquet($removed) as removed"
        " inner join incoming using (file)",
        {"removed": str(folder / "removed.parquet")},
    )
    connection.execute(
        "insert into raw.logs by name select subject, path, unnest(string_split(log_kind, '+')) as kind,"
        " NULL as complete_until, delivery from of_people where log_kind <> '' and failure is null"
    )
    connection.execute(
        "insert into raw.deliveries by name"
        " select subject, sha256, delivery, path, format, told_utc as exported_utc from of_people"
        " where rows > 0"
    )
    connection.execute("drop table of_people")
