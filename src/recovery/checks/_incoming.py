"""The records that came in: their schema, ranges, order and units, for each record type of which anything is new.

Incoming are the records of every content that no check has passed, by the version of the reader that read it. They are
checked where they lie in `raw`, into which staged files go row by row as they are, and not before: Great Expectations
takes 80 MB, which the process shall not hold while it reads. What fails critically stays incoming and is tried again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from recovery import warehouse
from recovery.checks._kinds import Check, Columns, NoRows, OneOf, Ordered, Within, sql_list
from recovery.checks._results import CheckedRelation
from recovery.formats.records import COUNTER_METRICS, SAMPLE_METRICS, SCHEMAS, STAGES, STATUSES
from recovery.home.clock import FIRST_UTC
from recovery.vocabulary.counted_metrics import COUNTED, MOST_COUNTED
from recovery.vocabulary.heart_rates import MAX_BPM, MIN_BPM

NAME = "incoming_{}"  # in `checks` and as a page
OF_LOGS = ("massages", "diary")
TYPES = {
    pa.string(): "VARCHAR",
    pa.timestamp("us"): "TIMESTAMP",
    pa.date32(): "DATE",
    pa.float64(): "DOUBLE",
    pa.int32(): "INTEGER",
    pa.bool_(): "BOOLEAN",
}
RANGES = "Shares, heart rates and what is counted are of a possible size."
MAX_OFFSET_S = 26 * 3600  # of a clock set to the wrong day; zones reach from -12 to +14 hours
FIND_UNCHECKED = """
create or replace temp table unchecked as
select deliveries.subject, deliveries.delivery, any_value(deliveries.path) as path, files.reader_version, files.zones
from raw.deliveries
inner join raw.files on files.sha256 = deliveries.sha256 and files.status in ('loaded', 'partial')
anti join raw.checked_deliveries as checked
    on checked.subject = deliveries.subject and checked.delivery = deliveries.delivery
    and checked.reader_version is not distinct from files.reader_version
    and checked.zones is not distinct from files.zones
group by all
"""
ORDER = Ordered(
    "critical", "Every record ends no earlier than it begins.", "start_utc", "end_utc", is_equal_allowed=True
)
BY_RECORD: Mapping[str, tuple[Check, ...]] = {
    "samples": (
        ORDER,
        Within("critical", "No record begins before the year 2000.", "start_utc", low=FIRST_UTC),
        OneOf("warning", "Every metric has a name that tells its unit.", "metric", tuple(SAMPLE_METRICS)),
    ),
    "counters": (
        Within("critical", "No total is read before the year 2000.", "time_utc", low=FIRST_UTC),
        Within("critical", "A running total is not negative.", "value", low=0),
        OneOf("warning", "Every metric has a name that tells its unit.", "metric", COUNTER_METRICS),
    ),
    "clock_offsets": (
        Within("critical", "No clock is read before the year 2000.", "time_utc", low=FIRST_UTC),
        Within(
            "warning", "A clock is less than 26 hours from UTC, in seconds.", "offset_s", -MAX_OFFSET_S, MAX_OFFSET_S
        ),
    ),
    "sleep_sessions": (
        ORDER,
        Within("critical", "No record begins before the year 2000.", "start_utc", low=FIRST_UTC),
        OneOf("warning", "A sleep is the main one or a nap.", "kind", ("main", "nap")),
        Within("critical", "Minutes asleep are not negative.", "asleep_min", low=0),
    ),
    "sleep_stages": (ORDER, OneOf("warning", "Every stage is one of seven.", "stage", STAGES)),
    "activities": (
        ORDER,
        Within("critical", "Steps are not negative.", "steps", low=0),
        Within("critical", "Metres are not negative.", "distance_m", low=0),
    ),
    "day_values": (Within("critical", "No day is before the year 2000.", "local_date", low=FIRST_UTC),),
    "devices": (Within("critical", "No device reports before the year 2000.", "time_utc", low=FIRST_UTC),),
    "massages": (
        OneOf("critical", "A massage is attended, cancelled or a no-show.", "status", STATUSES),
        Within("critical", "Minutes of a massage are not negative.", "massage_min", low=0),
    ),
    "diary": (Within("critical", "Hours of bed rest are not negative.", "bed_rest_hours", low=0),),
}


@dataclass
class Incoming:
    """A record type as a relation to check."""

    RELATION: str
    KEY: tuple[str, ...]
    CHECKS: Sequence[Check]


def relations() -> dict[str, CheckedRelation]:
    """Every record type as a relation to check, by its name."""
    return {NAME.format(record): _relation(record) for record in SCHEMAS}


def sources(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """What to read for each of these relations of which anything is incoming.

    Another connection, which has temporary tables of its own, has to `find_unchecked` before it reads that.
    """
    find_unchecked(connection)
    if not connection.execute("from unchecked limit 1").fetchall():
        return {}
    found = {NAME.format(record): _source(record) for record in SCHEMAS}
    return {name: source for name, source in found.items() if connection.execute(f"from {source} limit 1").fetchall()}


def find_unchecked(connection: duckdb.DuckDBPyConnection) -> None:
    """Lets a connection know what is incoming, as its table `unchecked`: every check of every record type reads it."""
    connection.execute(FIND_UNCHECKED)


def pass_checked(connection: duckdb.DuckDBPyConnection) -> None:
    """Notes what `sources` found incoming as checked, unless a record of it failed critically."""
    names = warehouse.quote_all(NAME.format(record) for record in SCHEMAS)
    if not connection.execute(
        f"from raw.checks where relation in ({names}) and severity = 'critical' and not success limit 1"
    ).fetchall():
        connection.execute(
            "insert into raw.checked_deliveries by name select subject, delivery, reader_version, zones from unchecked"
        )


def _source(record: str) -> str:
    path = "" if record in OF_LOGS else ", incoming.path"
    # a column that a later version added stands last in an old home's table: those we know are put in their order
    known = [name for name in _columns(record) if not path or name != "path"]
    ordered = ", ".join(f"records.{name}" for name in known)
    return (
        f"(select {ordered}{path}, records.* exclude ({', '.join(known)}) from raw.{record} as records"
        " inner join unchecked as incoming using (subject, delivery))"
    )


def _columns(record: str) -> dict[str, str]:
    """The columns of the incoming records and their types."""
    fields = list(SCHEMAS[record])[1:]  # without the number of the file
    of_record = {field.name: TYPES[field.type] for field in fields}
    added = {"delivery": "UBIGINT", "exported_utc": "TIMESTAMP"}
    if record in OF_LOGS:
        return {"subject": "VARCHAR", "path": "VARCHAR"} | of_record | added
    return {"subject": "VARCHAR"} | of_record | added | {"path": "VARCHAR"}


def _relation(record: str) -> Incoming:
    columns = _columns(record)
    time = next(name for name in ("place", "start_utc", "time_utc", "local_date") if name in columns)
    checks: list[Check] = [
        Columns("critical", "The columns are those of the records.", tuple(columns)),
        _types("Every column has the type of the records.", columns),
        *BY_RECORD[record],
    ]
    if record in ("samples", "day_values"):
        checks.append(_ranges(RANGES, time))
    return Incoming(NAME.format(record), ("subject", "path", time), tuple(checks))


def _types(sentence: str, columns: Mapping[str, str]) -> NoRows:
    expected = ", ".join(f"('{name}', '{kind}')" for name, kind in columns.items())
    return NoRows(
        "critical",
        sentence,
        f"""select null::varchar as subject, found.column_name as place, found.column_type as value
        from (describe select * from {{batch}}) as found
        left join (values {expected}) as expected (name, kind) on expected.name = found.column_name
        where found.column_type is distinct from expected.kind""",
    )


def _ranges(sentence: str, time: str) -> NoRows:
    return NoRows(
        "critical",
        sentence,
        f"""select subject, concat_ws(' ', path, metric, {time}) as place, value
        from {{batch}}
        where not case
            when isnan(value) then false
            when metric like '%\\_share' escape '\\' then value between 0 and 1
            when metric like '%heart\\_rate\\_bpm' escape '\\' then value between {MIN_BPM:g} and {MAX_BPM:g}
            when metric in {sql_list(COUNTED)} then value between 0 and {MOST_COUNTED:g}
            else true
        end""",
    )
