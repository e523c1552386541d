"""The receipts of archives, which say what became of their members at any depth."""

import duckdb
import pyarrow as pa

from recovery.inbox.archives import MEMBER
from recovery.inbox.receipts import Look, columns_of
from recovery.warehouse import arrow

SUMMARIES = f"""
create or replace temp table summaries as
with parts as (
    select string_split(path, '{MEMBER}') as names, status, message
    from raw.files
    where not is_gone and contains(path, '{MEMBER}')
    and coalesce(format, '') not in ('zip', 'gz', 'tar')
),

members as (
    select
        unnest(list_transform(
            range(1, len(names)), lambda depth: array_to_string(names[1:depth], '{MEMBER}')
        )) as path,
        status,
        message
    from parts
),

counted as (
    select
        path,
        count(*) as member_count,
        count(*) filter (where status in ('loaded', 'partial')) as loaded_count,
        count(*) filter (where status = 'duplicate') as duplicate_count,
        count(*) filter (where status = 'rejected') as rejected_count,
        count(*) filter (where status = 'partial') as partial_count,
        count(*) filter (where status = 'unrecognised') as unrecognised_count,
        count(*) filter (where status = 'ignored') as ignored_count,
        min(message) filter (where status = 'rejected') as reason,
        count(distinct message) filter (where status = 'rejected') as reason_count
    from members
    group by path
),

archives as (
    select * from opened
    union all
    select
        files.path, files.sha256, files.bytes, files.mtime_ns, files.format, files.subject, files.status, files.message
    from raw.files as files anti join opened using (path)
    where files.format in ('zip', 'gz', 'tar')
    and files.message like 'archive of %' -- what is damaged says something else
    and split_part(files.path, '{MEMBER}', 1) not in (select root from removed) -- it keeps what was said of it
)

select
    archives.* exclude (status, message),
    case
        when loaded_count + duplicate_count > 0 and rejected_count + partial_count > 0 then 'partial'
        when loaded_count > 0 then 'loaded'
        when duplicate_count > 0 then 'duplicate'
        when rejected_count > 0 then 'rejected'
        when unrecognised_count > 0 then 'unrecognised'
        else 'ignored'
    end as status,
    case when member_count is null then 'archive of 0 files: it holds none, or only archives of archives' else format(
        'archive of {{:,}} file{{}}: ', member_count, case when member_count = 1 then '' else 's' end
    ) || concat_ws(
        ', ',
        case when loaded_count > 0 then format('{{:,}} loaded', loaded_count) end,
        case when duplicate_count > 0 then format('{{:,}} duplicate', duplicate_count) end,
        case when ignored_count > 0 then format('{{:,}} ignored', ignored_count) end,
        case when unrecognised_count > 0 then format('{{:,}} unrecognised', unrecognised_count) end,
        case
            when rejected_count > 0 and reason_count = 1 and loaded_count = 0
                then format('{{:,}} rejected: each ', rejected_count) || reason
            when rejected_count > 0 then format('{{:,}} rejected', rejected_count)
        end
    ) end as message
from archives left join counted using (path)
"""


def write_archive_receipts(connection: duckdb.DuckDBPyConnection, look: Look) -> None:
    """Writes the receipts of the archives that were opened, and of those whose members became duplicates of others.

    Call it when the receipts of the members are written.
    """
    removed = pa.array(look.removed, pa.string())
    with arrow(connection, "opened", **columns_of(look.archives)), arrow(connection, "removed", root=removed):
        connection.execute(SUMMARIES)
        for table in ("files", "rejected"):
            connection.execute(f"delete from raw.{table} using opened where {table}.path = opened.path")
        connection.execute("insert into raw.files by name from summaries semi join opened using (path)")
    connection.execute(
        "update raw.files set status = summaries.status, message = summaries.message from summaries"
        " where files.path = summaries.path and (files.status, files.message) <> (summaries.status, summaries.message)"
    )
    connection.execute("drop table summaries")
