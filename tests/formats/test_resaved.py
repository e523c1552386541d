"""What a spreadsheet saved again is read as its vendor wrote it, or refused with what to do; never as other numbers."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache, partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from one_reader import BERLIN, entry, folder
from places import SAMPLES, SHARED
from resaving import COUNTRIES, resave

from recovery.errors import UnreadableExportError
from recovery.formats.entries import Entry
from recovery.formats.records import Batch, FileSummary, Skipped
from recovery.formats.resaved import READ_BACK, REMEDY, TO_THE_MINUTE, ZEROS, as_exported, message_of
from recovery.inbox.claims import claims_of
from recovery.readers import LOGS, MAPPED, readers, shown_as, table_form

NO_EXPORTS = {*LOGS, MAPPED}  # people write them in spreadsheets; they have tests of their own
NO_TABLES = {"apple_health"}  # the only CSV in it is of an electrocardiogram
BROKEN_QUOTES = {"sleepmeter"}  # its sample has notes whose quotes no spreadsheet understands
TOLD = re.compile(r"again|spreadsheet|day or month first|write it as|cannot be read")
CSV_SAMPLES = sorted(
    sample
    for sample in SAMPLES.glob("*/*")
    if sample.is_dir()
    and sample.parent.name not in NO_EXPORTS | NO_TABLES | BROKEN_QUOTES
    and any(file.suffix.lower() == ".csv" for file in sample.rglob("*"))
)

Reading = tuple[str, Sequence[str], Sequence[str]]  # what was said, the records, what was skipped


def read(tree: Sequence[Entry]) -> dict[str, Reading]:
    """What each file of a tree gives, by its path; files that are refused or not known say so."""
    claims, _ = claims_of(tree)
    found: dict[str, Reading] = {}
    for file in tree:
        name, claim = claims.get(file.path, ("", None))
        if claim is None or claim.not_needed or not file.name.lower().endswith(".csv"):
            continue
        shown = shown_as(table_form(name), [file])
        try:
            items = list(readers()[name].read(shown, BERLIN))
        except UnreadableExportError as error:
            found[file.path] = str(error), [], []
            continue
        records = sorted(
            repr((item.record, row)) for item in items if isinstance(item, Batch) for row in item.table.to_pylist()
        )
        skipped = [item.reason for item in items if isinstance(item, Skipped)]
        said = [item.message for item in items if isinstance(item, FileSummary)]
        found[file.path] = "; ".join([*said, message_of(shown[0])]), records, skipped
    return found


@cache
def original(sample: Path) -> dict[str, Reading]:
    return read(folder(sample))


@pytest.mark.slow
@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("sample", CSV_SAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_a_spreadsheet_saved_again_gives_the_same_records_or_says_what_to_do(sample: Path, country: str) -> None:
    contents = {file.path: file.read() for file in folder(sample)}
    again = {path: resave(data, country) if path.lower().endswith(".csv") else data for path, data in contents.items()}

    found = read([Entry(path, len(data), partial(io.BytesIO, data)) for path, data in again.items()])

    for path, (_, records_before, skipped_before) in original(sample).items():
        if not records_before:
            continue
        assert path in found, f"{path} is not known any more"
        said, records, skipped = found[path]
        if TO_THE_MINUTE in said:
            records, records_before = map(to_the_minute, (records, records_before))
        lost = set(records_before) - set(records)
        assert set(records) <= set(records_before), f"{path} gives other records"
        assert not lost or REMEDY in said or all(map(TOLD.search, skipped)), f"{path} lost records and says: {said}"
        assert not lost or REMEDY in said or len(skipped) + len(skipped_before) > 0


@pytest.mark.parametrize(
    ("sample", "delimiter", "quoting", "encoding"),
    [
        ("fitbit_site_csv", ";", csv.QUOTE_MINIMAL, "utf-8-sig"),  # its first line is a title
        ("fitbit_site_csv", "\t", csv.QUOTE_MINIMAL, "utf-8"),
        ("fitbit_site_csv", ",", csv.QUOTE_ALL, "utf-8"),
        ("samsung_health", ",", csv.QUOTE_ALL, "utf-8"),
        ("sleep_as_android", ",", csv.QUOTE_MINIMAL, "utf-16"),  # rows of different lengths
        ("withings_export", ";", csv.QUOTE_ALL, "utf-16"),
    ],
)
def test_a_table_with_other_separators_and_quotes_gives_the_same_records(
    sample: str, delimiter: str, quoting: int, encoding: str
) -> None:
    def again(data: bytes) -> bytes:
        text = io.StringIO(newline="")
        rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        csv.writer(text, delimiter=delimiter, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
        return text.getvalue().encode(encoding)

    for path in (path for path in CSV_SAMPLES if path.parent.name == sample):
        files = {file.path: file.read() for file in folder(path)}
        changed = {name: again(data) if name.endswith(".csv") else data for name, data in files.items()}
        found = read([Entry(name, len(data), partial(io.BytesIO, data)) for name, data in changed.items()])
        assert {name: records for name, (_, records, _) in found.items()} == {
            name: records for name, (_, records, _) in original(path).items()
        }


@pytest.mark.parametrize("in_cells", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize("sample", ["strava_export/english", "strava_export/german", "whoop_export/english"])
def test_line_ends_of_old_spreadsheets_and_line_breaks_in_cells_give_the_same_records(
    sample: str, in_cells: str
) -> None:
    def again(data: bytes) -> bytes:
        text = io.StringIO(newline="")
        rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        writer = csv.writer(text, lineterminator="\r", quoting=csv.QUOTE_ALL)
        writer.writerows([cell.replace("\n", in_cells) for cell in row] for row in rows)
        return text.getvalue().encode()

    files = {file.path: again(file.read()) for file in folder(SAMPLES / sample) if file.name.endswith(".csv")}

    found = read([Entry(name, len(data), partial(io.BytesIO, data)) for name, data in files.items()])

    assert {name: records for name, (_, records, _) in found.items()} == {
        name: records for name, (_, records, _) in original(SAMPLES / sample).items()
    }


def test_no_sample_is_taken_for_one_that_a_spreadsheet_saved() -> None:
    restored = [
        f"{sample.parent.name}/{sample.name}/{file.path}"
        for sample in SAMPLES.glob("*/*")
        if sample.is_dir()
        for file in folder(sample)
        if shown_as(table_form(sample.parent.name), [file]) != [file]
    ]

    assert restored == []


def to_its_minute(time: datetime) -> datetime:
    return time.replace(second=0, microsecond=0)


@given(
    times=st.lists(
        st.datetimes(datetime(2015, 1, 1), datetime(2030, 1, 1)).map(
            lambda time: time.replace(second=0, microsecond=0)
        ),
        min_size=1,
        max_size=8,
        unique=True,
    ),
    values=st.lists(st.decimals(0, 9999, places=2), min_size=8, max_size=8),
    country=st.sampled_from(list(COUNTRIES)),
)
@settings(max_examples=60, deadline=None)
def test_days_and_months_are_never_exchanged(times: list[datetime], values: list[Decimal], country: str) -> None:
    rows = [["time", "value"], *([f"{time}", f"{value}"] for time, value in zip(times, values, strict=False))]
    content = "".join(",".join(row) + "\n" for row in rows).encode()

    shown = as_exported(entry(resave(content, country), "a.csv"))

    try:
        found = list(csv.reader(io.StringIO(shown.read().decode("utf-8-sig"))))
    except UnreadableExportError:  # nothing is guessed
        return
    assert [(time, float(value)) for time, value in found[1:]] == [(time, float(value)) for time, value in rows[1:]]


def to_the_minute(records: Sequence[str]) -> list[str]:
    """Records with their moments to the minute."""
    return [
        re.sub(r"(datetime\.datetime\([^)]*?\d+, \d+, \d+, \d+, \d+)(?:, \d+)*\)", r"\1)", text) for text in records
    ]


@pytest.mark.skipif(not (SHARED / "cases" / "files").is_dir(), reason="the cases (../shared/cases) are not here")
def test_the_case_of_whoop_is_read() -> None:
    name = "whoop_saved_again_by_spreadsheet.csv"
    found = read([entry((SHARED / "cases" / "files" / name).read_bytes(), name)])

    said, records, skipped = found[name]
    assert READ_BACK in said
    assert skipped == []
    assert sum("sleep_sessions" in record for record in records) > 10


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ("1,79288E+12;1", "rounded a long number to 1,79288E+12"),
        ("#######;1", "too wide"),
        ("30:15,0;1", "left the hour out"),
        ("14. Mai;1", "made the date 14. Mai of a number"),
        ("Jan 62;1", "made the date Jan 62 of a number"),
        ("31.12.1899 01:30;1", "of a duration"),
        ("#NAME?;1", "formula"),
    ],
)
def test_what_cannot_be_undone_refuses_the_file_with_what_to_do(cells: str, sentence: str) -> None:
    shown = as_exported(entry(f"time;value\n25.10.2026 10:00;2\n{cells}\n", "a.csv"))

    with pytest.raises(UnreadableExportError, match=re.escape(sentence)) as refused:
        shown.read()
    assert REMEDY in str(refused.value)


@pytest.mark.parametrize(
    ("table", "restored"),
    [
        ("sep=;\r\nday;km;\r\n25.10.2026;4,5;;;\r\n", "day,km\n2026-10-25,4.5\n"),
        ("day;clock;km\n30.12.1899 07:05;07:05;1\n", "day,clock,km\n07:05,07:05,1\n"),
        ("day\tnap\n25/10/2026 7:05 PM\tWAHR\n", "day,nap\n2026-10-25 19:05:00,true\n"),
        ("day;km;m\n25.10.2026;4,5;1.234,5\n", "day,km,m\n2026-10-25,4.5,1234.5\n"),
        ("day;km\r25.10.2026;4,5\r26.10.2026;4,6\r", "day,km\n2026-10-25,4.5\n2026-10-26,4.6\n"),
        ('"day,km,note"\n"2026-10-25,4.5,""a, b"""\n', 'day,km,note\n2026-10-25,4.5,"a, b"\n'),
        (
            'day,km,note\n2026-10-25,4.5,c\n"2026-10-26,4.5,""a, b"""\n',
            'day,km,note\n2026-10-25,4.5,c\n2026-10-26,4.5,"a, b"\n',
        ),
        ('"day","km"\n"10/25/2026","4.5"\n', "day,km\n2026-10-25,4.5\n"),
        ("day,km\n10/25/26 7:05,4.5\n", "day,km\n2026-10-25 07:05:00,4.5\n"),
        ("day;km\n03.05.2026;4,5\n;;\n04.05.2026;\n", "day,km\n2026-05-03,4.5\n\n2026-05-04,\n"),
        ("Tag;Größe\n03.05.2026;1,5\n".encode("cp1252"), "Tag,Größe\n2026-05-03,1.5\n"),
        ("Tag\tGröße\n03.05.2026\t1,5\n".encode("utf-16"), "Tag,Größe\n2026-05-03,1.5\n"),
        ('day;note\n2026-05-03 07:05;"a;b\nc"\n', 'day,note\n2026-05-03 07:05:00,"a;b\nc"\n'),
        ("day;km\n3. 5. 2026 7:05;1,5\n4. 5. 2026;2\n", "day,km\n2026-05-03 07:05:00,1.5\n2026-05-04,2\n"),
        ("day;km\n03.05.2026. 7:05;1,5\n", "day,km\n2026-05-03 07:05:00,1.5\n"),
        ("day;km\n2026. 05. 03. 7:05:09;1,5\n2026. 5. 4.;2\n", "day,km\n2026-05-03 07:05:09,1.5\n2026-05-04,2\n"),
        ("day,km\n2026/5/3 7:05,1.5\n2026/5/4,2\n", "day,km\n2026-05-03 07:05:00,1.5\n2026-05-04,2\n"),
        ("day;km\n2026-05-03 7:05;1,5\n", "day,km\n2026-05-03 07:05:00,1.5\n"),
        (
            "day;m\n3.5.2026 7.05;1.500\n4.5.2026 7.05;1.5\n",
            "day,m\n2026-05-03 07:05:00,1.500\n2026-05-04 07:05:00,1.5\n",
        ),
        ("day,km\n2026-05-03,1.5\0\n\0\0\n2026-05-04,2\n", "day,km\n2026-05-03,1.5\n\n2026-05-04,2\n"),
    ],
)
def test_separators_dates_numbers_and_encodings_are_restored(table: str | bytes, restored: str) -> None:
    assert as_exported(entry(table, "a.csv")).read().decode() == restored


def test_the_dates_of_the_whole_file_tell_the_order_and_without_it_nothing_is_guessed() -> None:
    rows = ["time,value", "3/5/2026 10:00,1", *[f"3/{day}/2026 10:00,1" for day in range(6, 14)]]
    shown = as_exported(entry("\n".join(rows) + "\n", "a.csv"))
    open_order = as_exported(entry("\n".join(rows[:6]) + "\n", "a.csv"))
    both = as_exported(entry("\n".join([*rows, "14/3/2026 10:00,1"]) + "\n", "a.csv"))

    assert shown.read().startswith(b"time,value\n2026-03-05 10:00:00,1\n")
    for refused in (open_order, both):
        with pytest.raises(UnreadableExportError, match="day"):
            refused.read()


def test_a_thousand_or_a_fraction_refuses_the_file() -> None:
    with pytest.raises(UnreadableExportError, match=r"1\.234 may be more than a thousand"):
        as_exported(entry("day;km;m\n25.10.2026;4,5;1.234\n", "a.csv")).read()
    with pytest.raises(UnreadableExportError, match=r"5\.001 may be more than a thousand"):
        as_exported(entry("day;steps\n25.10.2026;5.001\n26.10.2026;12.345\n", "a.csv")).read()


def test_bytes_of_zero_are_told_and_a_file_of_bytes_is_no_table() -> None:
    shown = as_exported(entry("day,km\n2026-05-03,1.5\0\n", "a.csv"))
    of_bytes = entry(b"day,km\n\x01\x02\0\0\x03,1\n", "a.csv")

    assert shown.read() == b"day,km\n2026-05-03,1.5\n"
    assert message_of(shown) == ZEROS
    assert as_exported(of_bytes) is of_bytes


def test_rows_that_only_their_seconds_told_apart_refuse_the_file() -> None:
    rows = "time;bpm\n25.10.2026 10:00;60\n25.10.2026 10:00;61\n"

    with pytest.raises(UnreadableExportError, match="cut the seconds"):
        as_exported(entry(rows, "a.csv")).read()


@pytest.mark.parametrize(
    "table",
    [
        "time,value\n2026-10-25 10:00:00,4.5\n",
        "sep=,\ntime,value\n2026-10-25 10:00:00,4.5\n",
        "time,app\n2026-10-25T10:00:00Z,10.1.12\n",
        'time,app,note\n2026-10-25T10:00:00Z,a,"b, c, d"\n"2026-10-25T10:00:00Z","a","b, ""c"", d"\n',
        '{"a": "25.10.2026"}',
    ],
)
def test_a_table_as_its_vendor_wrote_it_is_passed_on_as_it_is(table: str) -> None:
    file = entry(table, "a.csv")

    assert as_exported(file) is file


def test_a_file_that_is_no_table_by_its_name_is_not_opened() -> None:
    file = Entry("a.fit", 3, partial(pytest.fail, "opened"))

    assert as_exported(file) is file
