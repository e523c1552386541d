"""Files whose newer content was still being written: their receipts say so, and what they said before counts."""

from collections.abc import Iterable

import duckdb
import pyarrow as pa

from recovery.home.settings import Settings
from recovery.inbox.archives import MEMBER
from recovery.inbox.look import ARRIVING
from recovery.warehouse import arrow
from recovery.words.say import say


def mark_waiting(
    connection: duckdb.DuckDBPyConnection, settings: Settings, paths: Iterable[str], *, is_last_look: bool
) -> None:
    """Marks the receipts of these files of the inbox, and unmarks all others; a file without a receipt gets one.

    Unless this is the last look of the run, nothing is marked yet: most files are whole a moment later.
    """
    roots = sorted({path.partition(MEMBER)[0] for path in paths})
    subjects = [settings.subject_of(path) for path in roots]
    with arrow(connection, "waiting", path=pa.array(roots, pa.string()), subject=pa.array(subjects, pa.string())):
        connection.execute(
            "update raw.files set waiting_message = NULL"
            " where waiting_message is not null and path not in (select path from waiting)"
        )
        if not is_last_look:
            return
        connection.execute(
            "update raw.files set waiting_message = ? where path in (select path from waiting) and status <> 'waiting'",
            [say("is still being written: what it said before counts, the next run reads it again")],
        )
        connection.execute(
            "insert into raw.files by name select path, subject, 'waiting' as status, ? as message from waiting"
            " where path not in (select path from raw.files)",
            [ARRIVING],
        )
