"""CPU of publishing one new day, for homes of several people and years: by changes, and written whole.

    recovery demo --home FOLDER
    python tests/bench/bench_publish.py FOLDER [1x1 1x4 1x10 10x1 50x1]

Each size is people x years. What the demo's private database holds of each day is repeated under other names and
dates; `massage` and `pub` are built of it. The last day of one person comes after the first publication. A snapshot
that is written whole is what every publication was before decision 0052. Prints the table of docs/benchmarks.md.
"""

import argparse
import shutil
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import duckdb

from recovery import warehouse
from recovery.home.folder import Home
from recovery.home.settings import Settings
from recovery.published import publish
from recovery.warehouse import people as of_people
from recovery.warehouse.layers import build_people, build_whole

WEEKS = 79  # between two copies of the demo's year and a half
PERSON = "me"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("sizes", nargs="*", default=["1x1", "1x4", "1x10", "10x1", "50x1"])
    given = parser.parse_args()
    print("| people | years | MB | first | one new day, by changes | one new day, written whole | built before it |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for size in given.sizes:
        people, years = map(int, size.split("x"))
        with tempfile.TemporaryDirectory(dir=given.folder) as scratch:
            measure(Home(given.folder), Path(scratch), people, years)


def measure(demo: Home, scratch: Path, people: int, years: int) -> None:
    settings = Settings(home=Home(scratch))
    settings.home.private.mkdir()
    shutil.copy(demo.work, settings.home.work)
    connection = warehouse.open_work(settings.home.work)
    last = multiply(connection, people, years)
    build_whole(connection)
    of_people.note(connection, of_people.digests(connection))
    first = published_cpu_s(connection, settings)

    connection.execute("begin")
    for table in tables():
        connection.execute(f"insert into {table} select * from held.{table.replace('.', '_')}")
    connection.execute("insert into raw.unpublished values (?, ?, ?)", [PERSON, last - timedelta(9), last])
    connection.execute("commit")
    begun = time.process_time()
    named = of_people.to_build(connection, of_people.digests(connection))
    if named is None:
        build_whole(connection)
    else:
        build_people(connection, named)
    built = time.process_time() - begun
    by_changes = published_cpu_s(connection, settings)
    warehouse.set_meta(connection, "published_base", "")
    whole = published_cpu_s(connection, settings)
    megabytes = settings.home.published.stat().st_size / 1e6
    connection.close()
    print(
        f"| {people} | {years} | {megabytes:.0f} | {first:.2f} | {by_changes:.2f} | {whole:.2f} | {built:.2f} |",
        flush=True,
    )


def published_cpu_s(connection: duckdb.DuckDBPyConnection, settings: Settings) -> float:
    """CPU seconds of a publication without its pages."""
    begun = time.process_time()
    publish.publish(connection, settings)
    return time.process_time() - begun


def tables() -> list[str]:
    """The relations that are built day by day and kept; each has a person and a date."""
    return [
        relation.full_name
        for relation in warehouse.relations()
        if relation.kind == "table" and relation.is_kept and not relation.is_whole
    ]


def multiply(connection: duckdb.DuckDBPyConnection, people: int, years: int) -> date:
    """Repeats the days of the demo's person; the last day of that person is held back, and returned."""
    ((last,),) = connection.execute("select max(local_date) from timeline.minutes").fetchall()
    copies = -(-years * 365 // 540)
    connection.execute("attach ':memory:' as held")
    for table in tables():
        columns = connection.execute(f"describe {table}").fetchall()
        connection.execute(f"create temp table one as from {table}")
        connection.execute(f"delete from {table}")
        for number in range(people):
            name = PERSON if number == 0 else f"person {number:03}"
            for copy in reversed(range(copies)):
                days = f"to_days({copy * WEEKS * 7})"
                shifted = ", ".join(
                    f"'{name}' as subject" if column == "subject"
                    else f"({column} - {days})::{data_type} as {column}" if data_type in ("DATE", "TIMESTAMP")
                    else column
                    for column, data_type, *_ in columns
                )  # fmt: skip
                connection.execute(
                    f"insert into {table} select * from (select {shifted} from one)"
                    f" where local_date > date '{last}' - {years * 365}"
                )
        held = f"held.{table.replace('.', '_')}"
        connection.execute("drop table one")
        connection.execute(f"create table {held} as from {table} where subject = '{PERSON}' and local_date >= '{last}'")
        connection.execute(f"delete from {table} where subject = '{PERSON}' and local_date >= '{last}'")
    connection.execute(  # as of people of recovery.toml
        "insert into raw.zone_offsets select people.subject, zone_offsets.* exclude (subject) from raw.zone_offsets"
        " cross join (select distinct subject from stg.days) as people where people.subject <> zone_offsets.subject"
    )
    return last


if __name__ == "__main__":
    main()
