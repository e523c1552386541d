"""records.py and sql/raw say the same, and `batch` holds readers to it."""

import re
from datetime import date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from recovery import warehouse
from recovery.formats import record_columns, records

LOADS = {"subject", "delivery", "exported_utc", "path"}  # what `load` adds to what a reader yields
SQL_TYPES = {
    pa.string(): "VARCHAR",
    pa.timestamp("us"): "TIMESTAMP",
    pa.float64(): "DOUBLE",
    pa.int32(): "INTEGER",
    pa.bool_(): "BOOLEAN",
    pa.date32(): "DATE",
}


@pytest.mark.parametrize("record", records.SCHEMAS)
def test_a_record_type_and_its_table_have_the_same_columns(record: str, empty: duckdb.DuckDBPyConnection) -> None:
    table = {
        name: (kind, not is_nullable)
        for name, kind, is_nullable in empty.execute(
            "select column_name, data_type, is_nullable from duckdb_columns()"
            " where schema_name = 'raw' and table_name = ?",
            [record],
        ).fetchall()
        if name not in LOADS
    }

    schema = records.SCHEMAS[record]
    assert schema.names[0] == "file"
    assert {
        field.name: (SQL_TYPES[field.type], not field.nullable) for field in schema if field.name != "file"
    } == table


@pytest.mark.parametrize("record", records.SCHEMAS)
def test_a_table_of_records_names_what_load_adds(record: str, empty: duckdb.DuckDBPyConnection) -> None:
    columns = {name for name, *_ in empty.execute(f"describe raw.{record}").fetchall()}

    assert columns >= {"subject", "delivery", "exported_utc"}
    assert ("path" in columns) == (record in ("massages", "diary"))  # living files are known by their path


@pytest.mark.parametrize("path", sorted((warehouse.sql_root() / "raw").glob("*.sql")), ids=lambda path: path.stem)
def test_every_column_of_raw_has_a_comment(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    header, _, body = text.removesuffix("\n);\n").partition(f"create table raw.{path.stem} (\n")

    assert header.startswith("-- ")
    assert "-- grain: " in header
    assert [line for line in body.splitlines() if not re.fullmatch(r'    "?\w+"? [a-z \[\]]+,? -- \S.*', line)] == []


@pytest.mark.parametrize("record", [record for record in records.SCHEMAS if record not in ("massages", "diary")])
def test_a_record_type_has_the_same_names_as_columns(record: records.RecordName) -> None:
    row = records.RECORDS[record]

    columns = getattr(record_columns, f"{row.__name__}Columns")

    assert list(columns.__annotations__) == ["file", *row.__annotations__]
    assert columns.__required_keys__ == {"file", *row.__required_keys__}


def test_a_column_that_is_not_given_is_null() -> None:
    walk = {"file": [0], "source": ["a"], "start_utc": [datetime(2024, 1, 1)], "end_utc": [datetime(2024, 1, 2)]}

    found = records.batch("activities", walk)

    assert found.record == "activities"
    assert found.table.to_pylist() == [
        {
            **{name: values[0] for name, values in walk.items()},
            "sport": None,
            "steps": None,
            "distance_m": None,
            "active_energy_kcal": None,
            "tz_assumed": None,
        }
    ]


def test_a_batch_without_rows_has_the_schema() -> None:
    assert records.batch("samples", {"file": []}).table.schema.equals(records.SCHEMAS["samples"])


def test_a_column_nobody_knows_is_an_error() -> None:
    with pytest.raises(KeyError, match=r"day_values has no column \['day'\]"):
        records.batch("day_values", {"file": [0], "day": [date(2024, 1, 1)]})


def test_a_required_column_that_is_missing_is_an_error() -> None:
    with pytest.raises(ValueError, match="samples needs a value in source"):
        records.batch("samples", {"file": [0]})


def test_columns_of_different_length_are_an_error() -> None:
    day = {"file": [0, 0], "source": ["a"], "local_date": [date(2024, 1, 1)], "metric": ["x"], "value": [1.0]}

    with pytest.raises(pa.ArrowInvalid):
        records.batch("day_values", day)


def test_a_value_of_another_type_is_an_error() -> None:
    day = {"file": [0], "source": ["a"], "local_date": ["soon"], "metric": ["x"], "value": [1.0]}

    with pytest.raises(pa.ArrowException):
        records.batch("day_values", day)
