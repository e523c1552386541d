"""Prefect's records of former runs: the last ones stay, the others go before the server starts.

Prefect removes old records by their age, and only in a server that runs for hours. A run with a server of its own each
night would add some 80 kB for ever.
"""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

KEPT_RUNS = 20
KEPT_S = 30 * 86_400  # in a server that runs on, which cleans up by itself
FREE_SHARE = 0.25  # of the file, from which on it is written anew

STATEMENTS = (
    # Prefect plans a hundred runs ahead, which have not begun.
    """create temp table former as
    select id from flow_run where state_type <> 'SCHEDULED' order by created desc limit -1 offset ?""",
    "delete from log where flow_run_id in (select id from former)",
    "delete from artifact where flow_run_id in (select id from former)",
    "delete from artifact_collection where latest_id not in (select id from artifact)",
    "delete from task_run where flow_run_id in (select id from former)",
    "delete from flow_run where id in (select id from former)",
    "delete from task_run_state where task_run_id not in (select id from task_run)",
    "delete from flow_run_state where flow_run_id not in (select id from flow_run)",
    "delete from log where flow_run_id is not null and flow_run_id not in (select id from flow_run)",
)


def prune(database: Path, kept: int = KEPT_RUNS) -> None:
    """Removes all but the last runs from Prefect's database, before its server has it open.

    What cannot be removed stays, and is noted in the log: the tables are Prefect's, and another version may change
    them.
    """
    if not database.is_file():
        return
    try:
        with closing(sqlite3.connect(database, timeout=1.0, isolation_level=None)) as connection:
            ((count,),) = connection.execute("select count(*) from flow_run where state_type <> 'SCHEDULED'").fetchall()
            if count <= kept:
                return
            connection.execute("begin immediate")
            for statement in STATEMENTS:
                connection.execute(statement, [kept] * statement.count("?"))
            connection.execute("commit")
            ((free,),) = connection.execute("pragma freelist_count").fetchall()
            ((pages,),) = connection.execute("pragma page_count").fetchall()
            if free > FREE_SHARE * pages:
                connection.execute("vacuum")
            connection.execute("pragma wal_checkpoint(truncate)")
    except sqlite3.Error as error:
        logging.getLogger("recovery.pipelines").warning("Prefect's old records stay: %s", error)
