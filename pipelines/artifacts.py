"""What Prefect's pages show of a run: what was loaded, what was refused, the headline numbers.

Only on a server of this machine: figures of health, and names of files, go nowhere else. Prefect's pages show the
text of artifacts as Markdown, cells of tables too: names of files and people, and what was found in files, are escaped.
"""

from collections.abc import Mapping, Sequence

import duckdb

from recovery.pipelines import environment
from recovery.published.outcome import RECENT_DAYS
from recovery.vocabulary.families import HEADLINES
from recovery.words import numbers
from recovery.words.markdown import literal
from recovery.words.say import say

SHOWN = 50


def show(
    connection: duckdb.DuckDBPyConnection, files: int, rows: int, refused: Sequence[str], warnings: Sequence[str]
) -> bool:
    """Makes the artifacts; False where the server is not on this machine and none were made."""
    if not environment.is_local_api():
        return False
    from prefect.artifacts import create_markdown_artifact, create_table_artifact

    create_table_artifact(
        key="loaded",
        table=as_cells(_loaded(connection)),
        description=say("{files:,} new files, {rows:,} records", files=files, rows=rows),
    )
    create_markdown_artifact(
        key="refused", markdown=as_list((*refused[:SHOWN], *warnings[:SHOWN])),
        description=say("Files that could not be read, and checks that do not hold"),
    )  # fmt: skip
    create_table_artifact(
        key="headline",
        table=as_cells(_headline(connection)),
        description=say("Means of the last {days} days with data", days=RECENT_DAYS),
    )
    return True


def as_list(lines: Sequence[str]) -> str:
    """Lines as a list in Markdown, each shown as it stands."""
    return "\n".join(f"- {literal(line)}" for line in lines) or say("Nothing was refused, and every check holds.")


def as_cells(rows: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
    """Rows of a table, of which Prefect's page takes every text for Markdown."""
    return [{name: literal(value) if isinstance(value, str) else value for name, value in row.items()} for row in rows]


def _loaded(connection: duckdb.DuckDBPyConnection) -> list[dict[str, object]]:
    return _rows(
        connection,
        """select coalesce(format, 'not recognised') as format, status, count(*) as files,
            coalesce(sum(rows), 0)::bigint as records, min(first_utc)::varchar as first, max(last_utc)::varchar as last
        from pub.files group by all order by all""",
    )


def _headline(connection: duckdb.DuckDBPyConnection) -> list[dict[str, object]]:
    names = ", ".join(f"'{name}'" for name in HEADLINES.values())
    rows = connection.execute(
        f"""select days.subject, days.metric, any_value(days.unit), avg(days.value), count(*)
        from pub.daily_metrics as days
        inner join (
            select subject, max(local_date) as newest from pub.daily_metrics where is_valid group by subject
        ) as last_days on last_days.subject = days.subject and days.local_date > last_days.newest - {RECENT_DAYS}
        where days.metric in ({names}) and days.is_valid
        group by days.subject, days.metric order by days.subject, days.metric"""
    ).fetchall()
    return [
        {"subject": subject, "metric": metric, "mean": numbers.level(mean, unit, metric), "days": days}
        for subject, metric, unit, mean, days in rows
    ]


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, object]]:
    found = connection.execute(query)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
