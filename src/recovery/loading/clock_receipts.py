"""Receipts that depend on this computer's clock: files whose outcome would be another by now are read again.

A clock that stands at 1971 refuses what is dated today; one that is a year ahead lets pass what is yet to come. Both
end when the clock is right again.
"""

from datetime import datetime

import duckdb

from recovery.home.clock import WRITTEN_UTC, latest_utc
from recovery.inbox.archives import MEMBER

MARK = f"""
update raw.files
set reader_version = 0 -- no reader has it: the look into the inbox takes the file for one that another version read
where path in (
    select files.path
    from raw.files left join raw.files as roots on roots.path = split_part(files.path, '{MEMBER}', 1)
    where files.reader_version > 0 and not files.is_gone and (
        files.again_utc <= $latest
        or (
            $is_credible
            and files.status in ('loaded', 'partial')
            and files.last_utc > $latest
            and make_timestamp_ns(roots.mtime_ns) <= $latest
            and files.path not in (
                select path from raw.logs union select path from raw.massages union select path from raw.diary
            )
        )
    )
)
"""


def mark(connection: duckdb.DuckDBPyConnection, at_utc: datetime) -> None:
    """Marks files of which something was refused that passes at `at_utc`, or something passed that lies ahead of it.

    The latter only where the clock is credible: neither before this program was written nor before the file's own time.
    Logs are left alone, since an appointment may lie ahead.
    """
    connection.execute(MARK, {"latest": latest_utc(at_utc), "is_credible": at_utc >= WRITTEN_UTC})
