"""Of whom nothing changed that answers are made of: by a hash of the rows, so that nobody's days are read for nothing.

To read a person's days as arrays takes some 0.1 s; to hash the rows of fifty people takes as long as that.
"""

import hashlib

import duckdb

from recovery.warehouse.quoting import quote

OF_A_PERSON = (
    "massage.anchors", "massage.days", "massage.measures", "massage.spans", "massage.unknown_days", "raw.devices",
    "raw.exclusions", "raw.exclusions_seen", "raw.trial_weeks", "raw.trials", "stg.days", "stg.diary", "stg.massages",
)  # fmt: skip
OF_ALL = ("daily.definitions", "raw.goals")


def row_digests(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Of each person with rows a hash, without a space, of all rows that the person's answers are made of."""
    hashed = "count(*), coalesce(sum(hash(whole)::hugeint), 0)::varchar"
    shared = [connection.execute(f"select {hashed} from {name} as whole").fetchall() for name in OF_ALL]
    found: dict[str, list[object]] = {}
    for subject, *row in connection.execute(
        " union all ".join(
            f"select subject, {quote(name)} as name, {hashed} from {name} as whole group by subject"
            for name in OF_A_PERSON
        )
        + " order by all"
    ).fetchall():
        found.setdefault(subject, []).append(row)
    return {subject: hashlib.sha256(repr((shared, rows)).encode()).hexdigest() for subject, rows in found.items()}
