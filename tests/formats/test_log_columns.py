"""Which table is a massage log, which a diary, and which neither."""

import io
import itertools

import pytest

from recovery.formats import log_columns, log_headings
from recovery.formats.entries import Entry
from recovery.readers import diary_log, massage_log

ALL = [
    (kind, column, synonym)
    for kind, columns in log_headings.COLUMNS.items()
    for column, synonyms in columns.items()
    for synonym in synonyms.split("|")
]


def entry(content: str | bytes, name: str = "table.csv") -> Entry:
    data = content if isinstance(content, bytes) else content.encode()
    return Entry(name, len(data), lambda: io.BytesIO(data))


@pytest.mark.parametrize(
    ("header", "name", "kind"),
    [
        ("date,start,minutes", "table.csv", "massages"),
        ("date,minutes", "table.csv", "massages"),
        ("date,technique,steps,weight", "table.csv", "massages"),
        ("steps,weight,therapist,date", "table.csv", "massages"),
        ("date,start,minutes,pain,mood", "table.csv", "massages"),
        ("start,technique,therapist", "table.csv", "massages"),
        ("date,type,minutes", "table.csv", ""),
        ("timestamp,minutes", "table.csv", ""),
        ("Zeitstempel,Dauer,Technik", "table.csv", "massages"),
        ("date,pressure", "table.csv", "massages"),
        ("date,pressure,temperature", "table.csv", ""),
        ("date,start,end,minutes", "table.csv", ""),
        ("date,start,end,minutes", "massage.csv", "massages"),
        ("date,start,steps", "table.csv", ""),
        ("date,note", "table.csv", ""),
        ("date,note", "Tagebuch.csv", "diary"),
        ("date", "my massages.csv", "massages"),
        ("date,pain", "table.csv", "diary"),
        ("date,time,pain,medication", "table.csv", "diary"),
        ("date,mood", "table.csv", "diary"),
        ("date,mood,steps", "table.csv", ""),
        ("date,mood,steps", "diary.csv", "diary"),
        ("date,pain,minutes", "table.csv", "massages"),
        ("date,pain,minutes", "diary.csv", "diary"),
        ("date,pain,minutes,technique", "diario.csv", "diary"),
        ("pain,mood", "table.csv", ""),
        ("date,steps", "table.csv", ""),
        ("Datum;Uhrzeit;Dauer;Technik;Masseur", "x.csv", "massages"),
        ("date\tdouleur\tmédicament", "x.tsv", "diary"),
        ("fecha,hora,duración,terapeuta", "x.csv", "massages"),
        ("data;ora;durata;terapista;dolore prima", "x.csv", "massages"),
        ("datum;pijn;medicatie", "x.csv", "diary"),
        ("dato;smerter;medicin", "x.csv", "diary"),
        ("data;dor;remédio", "x.csv", "diary"),
        ("date,travel", "expenses.csv", ""),
        ("date,illness,day off", "absences.csv", ""),
        ("date,illness,day off", "diary.csv", "diary"),
        ("date,mood,travel", "table.csv", "diary"),
        ("date,start,minutes,travel", "table.csv", "massages"),
    ],
)
def test_headings_and_name_tell_the_log(header: str, name: str, kind: str) -> None:
    assert log_columns.log_kind(entry(f"{header}\n", name)) == kind


def test_exactly_one_reader_claims_a_table_of_any_columns() -> None:
    columns = ["start", "minutes", "technique", "status", "pain", "mood", "note", "steps"]
    for count in (1, 2, 3):
        for chosen in itertools.combinations(columns, count):
            for name in ("table.csv", "massage.csv", "diary.csv", "journal.csv", "massage diary.csv"):
                tree = [entry(",".join(["date", *chosen]) + "\n", name)]
                claimed = [reader for reader in (massage_log, diary_log) if list(reader.claims(tree))]
                assert len(claimed) <= 1


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"", "massages.csv", ""),
        (b"\xff\xd8\xff\xe0 picture \0\0", "massages.csv", "massages"),
        (b"\xff\xd8\xff\xe0 picture \0\0", "diary.xlsx", "diary"),
        (b"\xff\xd8\xff\xe0 picture \0\0", "massage.jpg", ""),
        (b"\xff\xd8\xff\xe0 picture \0\0", "table.csv", ""),
        (b"\0\1\2\3", "massages.csv", ""),
        (b"PK\x03\x04 xl/ cut short", "table.xlsx", ""),
        (b"PK\x03\x04 xl/ cut short", "massages.xlsx", "massages"),
        (b"some words about nothing\n", "table.txt", ""),
        (b"some words about nothing\n", "massages.txt", "massages"),
        (b'[{"date": "2026-05-31", "technique": "thai"}]', "a.json", "massages"),
        (b'{"diary": [{"date": "2026-05-31", "note": "x"}]}', "a.json", "diary"),
        (b'[{"dateTime": "05/31/26 00:00:00", "value": "7"}]', "steps-2026-05-31.json", ""),
        (b'[{"date": "2026-05-31", "pain": 3', "a.json", ""),
        (b'{"a": {"date": 1, "technique": 2}}', "a.json", ""),
    ],
)
def test_content_counts_before_the_name(content: bytes, name: str, kind: str) -> None:
    assert log_columns.log_kind(entry(content, name)) == kind


def test_every_synonym_names_one_column() -> None:
    for kind in log_headings.COLUMNS:
        names = [synonym for of_kind, _, synonym in ALL if of_kind == kind]
        assert len(names) == len(set(names))


def test_every_synonym_is_written_folded_and_found() -> None:
    for kind, column, synonym in ALL:
        assert log_columns.matched(kind, [synonym]) == {column: 0}, synonym


def test_our_own_name_counts_before_a_synonym() -> None:
    assert log_columns.matched("massages", ["Tag", "Date", "Datum"]) == {"date": 1}
    assert log_columns.matched("massages", ["Datum", "Tag"]) == {"date": 0}


def test_titles_above_the_headings_are_passed_over() -> None:
    sheets = log_columns.read_log(entry("sep=;\nMy sessions\n\ndate;technique\n2026-05-31;thai\n"), "massages").sheets

    assert [row.place for row in sheets[0].rows] == ["row 5"]


def test_a_long_line_is_one_skipped_row() -> None:
    content = "date,minutes\n2026-05-30,60\n" + "x" * 70_000 + "\n2026-05-31,60\n"

    assert [row.place for row in log_columns.read_log(entry(content), "massages").sheets[0].rows] == [
        "row 2",
        "row 3",
        "row 4",
    ]
