"""What every reader keeps to, shown on every sample.

`tests/samples/<reader>/<sample>/` is a piece of an inbox; `<sample>.golden.jsonl` beside it holds what reading it
gives, one record a line, long series as count, sum, first and last;
`<sample>.toml` is what recovery.toml says of it. Only `pytest --update-goldens` writes goldens.
"""

import io
import json
import math
import os
import random
import tomllib
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest
from places import SAMPLES

from recovery.formats import records
from recovery.formats.entries import Claim, Context, Entry
from recovery.formats.records import Batch, Skipped, Yielded
from recovery.home import clock
from recovery.home.folder import Home
from recovery.home.settings import parse
from recovery.inbox import archives
from recovery.inbox.archives import ArchivePool
from recovery.readers import Reader, readers

ZONE = "Europe/Berlin"  # every sample is read as by a person who lives here
CONTEXT = Context(zone_at=lambda _: ZONE, to_utc=lambda wall: clock.to_utc(wall, ZONE))
LONG = 40  # a series with more records in one file is summed up
KINDS = ("source", "metric", "activity")  # what tells series of one record type apart

samples = sorted(path for path in SAMPLES.glob("*/*") if path.is_dir())
each_sample = pytest.mark.parametrize("sample", samples, ids=lambda path: f"{path.parent.name}/{path.name}")
OF_LOCAL_TIMES = ("tz_assumed", "reported_start_local", "reported_end_local")  # shown where a reader gives them


def reader_of(sample: Path) -> Reader:
    return readers()[sample.parent.name]


def mapped(sample: Path, tree: Sequence[Entry], base: str = "") -> list[Entry]:
    """The entries with what `<sample>.toml` beside the sample, a recovery.toml, says of them."""
    toml = sample.with_name(f"{sample.name}.toml")
    if not toml.is_file():
        return list(tree)
    settings = parse(Home(sample), tomllib.loads(toml.read_text(encoding="utf-8")))
    return [replace(entry, mapping=settings.mapping_of(entry.path.removeprefix(base))) for entry in tree]


def folder_tree(sample: Path) -> list[Entry]:
    """The sample as a folder of the inbox."""
    tree = [
        Entry(path.relative_to(sample).as_posix(), path.stat().st_size, partial(open, path, "rb"))
        for path in sorted(sample.rglob("*"))
        if path.is_file()
    ]
    return mapped(sample, tree)


@contextmanager
def zip_tree(sample: Path, archive: Path) -> Iterator[list[Entry]]:
    """The sample packed into one zip of the inbox."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for entry in folder_tree(sample):
            packed.writestr(entry.path, entry.read())
    dropped = Entry(archive.name, archive.stat().st_size, partial(open, archive, "rb"))
    with closing(ArchivePool(archive.parent)) as pool:
        members = [content.entry for content in archives.explore(dropped, pool) if not content.kind]
        yield mapped(sample, members, f"{archive.name}!/")


def changed_tree(sample: Path, contents: dict[str, bytes]) -> list[Entry]:
    tree = [Entry(path, len(content), partial(io.BytesIO, content)) for path, content in contents.items()]
    return mapped(sample, tree)


def read_claimed(reader: Reader, tree: Sequence[Entry]) -> tuple[list[Entry], list[Yielded]]:
    """The entries the reader wants to read, and what it makes of them."""
    wanted = {claim.path for claim in reader.claims(tree) if not claim.not_needed}
    files = [entry for entry in tree if entry.path in wanted]
    return files, list(reader.read(files, CONTEXT)) if files else []


def as_lines(files: Sequence[Entry], found: Sequence[Yielded], base: str = "") -> list[str]:
    """What was found as JSON lines, file by file, each record type in the order in which it came."""
    series: dict[tuple[str, ...], list[dict[str, object]]] = defaultdict(list)
    other: list[dict[str, object]] = []
    for item in found:
        file = files[item.file].path.removeprefix(base) if not isinstance(item, Batch) else ""
        if isinstance(item, Batch):
            for row in item.table.to_pylist():
                path = files[row.pop("file")].path.removeprefix(base)
                row = {name: told for name, told in row.items() if told is not None or name not in OF_LOCAL_TIMES}
                kinds = (str(row[name]) for name in KINDS if name in row)
                series[path, item.record, *kinds].append(row)
        elif isinstance(item, Skipped):
            other.append({"file": file, "skipped": item.place, "reason": item.reason, "value": item.value})
        else:
            told = {
                name: value
                for name, value in item._asdict().items()
                if name not in ("asked", "removed", "mended", "doubtful") or value
            }
            other.append({"file": file, "told": {**told, "file": file}})
    lines = [line for (path, record, *_), rows in series.items() for line in _summed({"file": path, record: rows})]
    return [
        json.dumps(row, default=_plain, ensure_ascii=False)
        for row in sorted(lines + other, key=lambda row: row["file"])
    ]


def _summed(series: dict[str, object]) -> Iterator[dict[str, object]]:
    (_, file), (record, rows) = series.items()
    assert isinstance(rows, list)
    if len(rows) <= LONG:
        yield from ({"file": file, record: row} for row in rows)
    else:
        sums = {
            name: round(math.fsum(row[name] for row in rows if row[name] is not None), 6)
            for name, value in rows[0].items()
            if isinstance(value, int | float) and not isinstance(value, bool)
        }
        yield {"file": file, "series": record, "count": len(rows), "sum": sums, "first": rows[0], "last": rows[-1]}


def _plain(value: object) -> str:
    assert isinstance(value, date | datetime)
    return value.isoformat()


def test_every_reader_has_a_sample() -> None:
    assert {path.parent.name for path in samples} == set(readers())


def test_no_golden_is_without_its_sample() -> None:
    goldens = {path.with_name(path.name.removesuffix(".golden.jsonl")) for path in SAMPLES.glob("*/*.golden.jsonl")}

    assert goldens <= set(samples)


@each_sample
def test_records_equal_the_golden(sample: Path, request: pytest.FixtureRequest) -> None:
    golden = sample.with_name(f"{sample.name}.golden.jsonl")
    found = "".join(f"{line}\n" for line in as_lines(*read_claimed(reader_of(sample), folder_tree(sample))))
    if request.config.getoption("--update-goldens"):
        assert not os.environ.get("CI"), "goldens are written by a person who reads the diff, never in CI"
        golden.write_text(found, encoding="utf-8")

    assert golden.is_file(), f"no golden; read what `pytest --update-goldens {Path(__file__).name}` writes"
    assert found == golden.read_text(encoding="utf-8")


@each_sample
def test_exactly_its_reader_claims_a_sample(sample: Path) -> None:
    tree = folder_tree(sample)
    claimed = {
        name: [claim.path for claim in reader.claims(tree)]
        for name, reader in readers().items()
        if any(True for _ in reader.claims(tree))
    }

    assert list(claimed) == [sample.parent.name]
    assert sorted(claimed[sample.parent.name]) == [entry.path for entry in tree]


@each_sample
@pytest.mark.parametrize("content", ["empty", "random"])
def test_no_reader_makes_a_record_of_empty_or_random_bytes(sample: Path, content: str) -> None:
    noise = random.Random(2026)  # noqa: S311 - noise, no secret
    tree = changed_tree(
        sample,
        {entry.path: b"" if content == "empty" else noise.randbytes(entry.size or 1) for entry in folder_tree(sample)},
    )

    for reader in readers().values():
        files, found = read_claimed(reader, tree)
        # a log that is named as one may be claimed to tell the person what is wrong with it
        assert sum(len(item.table) for item in found if isinstance(item, Batch)) == 0
        assert {item.file for item in found if isinstance(item, Skipped)} == set(range(len(files)))


@each_sample
def test_folder_and_zip_read_alike(sample: Path, tmp_path: Path) -> None:
    reader = reader_of(sample)
    in_folder = folder_tree(sample)
    base = "export.zip!/"

    with zip_tree(sample, tmp_path / "export.zip") as in_zip:
        assert as_lines(*read_claimed(reader, in_zip), base) == as_lines(*read_claimed(reader, in_folder))
        claims = [claim._replace(path=claim.path.removeprefix(base)) for claim in reader.claims(in_zip)]
    assert claims == list(reader.claims(in_folder))


@each_sample
def test_the_bytes_of_an_export_stay_as_they_were(sample: Path) -> None:
    def digests() -> dict[str, str]:
        return {entry.path: sha256(entry.read()).hexdigest() for entry in folder_tree(sample)}

    before = digests()
    read_claimed(reader_of(sample), folder_tree(sample))

    assert digests() == before


@each_sample
def test_what_is_read_fits_the_records(sample: Path) -> None:
    files, found = read_claimed(reader_of(sample), folder_tree(sample))

    for item in found:
        if isinstance(item, Batch):
            table = item.table
            assert table.schema.equals(records.SCHEMAS[item.record])
            table.validate(full=True)
            rows = table.to_pylist()
            assert all(row[field.name] is not None for row in rows for field in table.schema if not field.nullable)
            assert all(0 <= row["file"] < len(files) for row in rows)
            assert all(math.isfinite(value) for row in rows for value in row.values() if isinstance(value, float))
        else:
            assert 0 <= item.file < len(files)
            assert not isinstance(item, Skipped) or item.reason


@each_sample
def test_names_and_times_of_records_are_ours(sample: Path) -> None:
    _, found = read_claimed(reader_of(sample), folder_tree(sample))
    names = {
        ("samples", "metric"): records.SAMPLE_METRICS,
        ("counters", "metric"): records.COUNTER_METRICS,
        ("sleep_stages", "stage"): records.STAGES,
        ("massages", "status"): records.STATUSES,
    }

    for item in found:
        if isinstance(item, Batch):
            for row in item.table.to_pylist():
                assert all(row[column] in known for (record, column), known in names.items() if record == item.record)
                if row.get("start_utc") is not None and "end_utc" in row:
                    assert clock.FIRST_UTC < row["start_utc"] <= row["end_utc"] < clock.LAST_UTC


@each_sample
def test_a_claim_that_is_not_needed_says_why(sample: Path) -> None:
    claims = list(reader_of(sample).claims(folder_tree(sample)))

    assert all(isinstance(claim, Claim) for claim in claims)
    assert len({claim.path for claim in claims}) == len(claims)
    assert all(claim.not_needed == claim.not_needed.strip() for claim in claims)


@pytest.mark.parametrize("name", sorted(readers()))
def test_a_reader_says_what_it_is(name: str) -> None:
    reader = readers()[name]

    assert reader.LABEL
    assert reader.VERSION >= 1
    assert isinstance(reader.USES_LOCAL_TIME, bool)
    assert list(reader.claims([])) == []
    assert list(reader.read([], CONTEXT)) == []
