"""What a row of a massage log means; worked out by hand."""

import io
import json
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import SHARED

from recovery.formats.entries import Context, Entry
from recovery.formats.log_cells import fold
from recovery.formats.log_headings import MASSAGE_COLUMNS
from recovery.formats.records import Batch, FileSummary, Skipped
from recovery.home import clock
from recovery.home.people import names_to_people
from recovery.readers import massage_log

JUNK_ROWS = [
    "yesterday,60,thai",
    "31.06.2026,60,thai",
    ",60,thai",
    "x,x,x",
    "2026-13-40,60,",
    "05/12,,",
]
CASES = SHARED / "cases" / "logs"
needs_cases = pytest.mark.skipif(not CASES.exists(), reason="needs ../shared/cases")
CONTEXT = Context(lambda _: "Europe/Berlin", lambda wall: clock.to_utc(wall, "Europe/Berlin"))


def entry(content: str | bytes, name: str = "massages.csv") -> Entry:
    data = content if isinstance(content, bytes) else content.encode()
    return Entry(name, len(data), lambda: io.BytesIO(data))


def read(*contents: str | bytes) -> tuple[list[dict[str, object]], list[Skipped], list[FileSummary]]:
    return read_entries([entry(content) for content in contents])


def read_named(name: str, content: bytes) -> tuple[list[dict[str, object]], list[Skipped], list[FileSummary]]:
    found = entry(content, name)
    assert list(massage_log.claims([found]))
    return read_entries([found])


def read_entries(entries: list[Entry]) -> tuple[list[dict[str, object]], list[Skipped], list[FileSummary]]:
    found = list(massage_log.read(entries, CONTEXT))
    rows = [row for item in found if isinstance(item, Batch) for row in item.table.to_pylist()]
    return rows, [item for item in found if isinstance(item, Skipped)], [i for i in found if isinstance(i, FileSummary)]


def one(header: str, line: str) -> dict[str, object]:
    rows, skipped, _ = read(f"{header}\n{line}\n")
    assert not skipped
    return rows[0]


def reason(header: str, line: str) -> str:
    rows, skipped, _ = read(f"{header}\n{line}\n")
    assert not rows
    assert skipped[0].place in ("row 2", "file")
    return skipped[0].reason


def test_a_whole_row_by_hand() -> None:
    row = one(
        "date,start,minutes,technique,pressure,areas,muscles,therapist,status,pain_before,pain_after,cause,note",
        '2026-05-31,18:30,60,thai,4,"neck, back",gluteus,clinic,attended,7,3,desk,good',
    )

    assert row == {
        "file": 0,
        "place": "row 2",
        "origin": "massage_log",
        "local_date": date(2026, 5, 31),
        "start_local": datetime(2026, 5, 31, 18, 30),
        "start_utc": None,
        "massage_min": 60.0,
        "technique": "thai",
        "pressure": 4.0,
        "areas": "neck, back",
        "muscles": "gluteus",
        "therapist": "clinic",
        "status": "attended",
        "pain_before": 7.0,
        "pain_after": 3.0,
        "cause": "desk",
        "note": "good",
    }


def test_what_is_not_told_stays_null_and_an_empty_status_is_attended() -> None:
    row = one("date,minutes,status,pain_before", "2026-05-31,,,")

    assert (row["massage_min"], row["start_local"], row["pain_before"], row["status"]) == (None, None, None, "attended")


def test_no_pain_is_zero_and_not_missing() -> None:
    assert one("date,pain_before,pain_after", "2026-05-31,0,0/10")["pain_after"] == 0.0


@pytest.mark.parametrize(
    ("header", "line", "start_local", "start_utc"),
    [
        ("date,start,minutes", "2026-05-31,6:30 pm,60", datetime(2026, 5, 31, 18, 30), None),
        ("date,start,minutes", "2026-05-31 09:00,18:30,60", datetime(2026, 5, 31, 18, 30), None),
        ("date,technique", "2026-05-31 18:30,x", datetime(2026, 5, 31, 18, 30), None),
        ("start,technique", "2026-05-31 18:30,x", datetime(2026, 5, 31, 18, 30), None),
        (
            "date,start,minutes",
            "2026-05-31,18:30+02:00,60",
            datetime(2026, 5, 31, 18, 30),
            datetime(2026, 5, 31, 16, 30),
        ),
        (
            "date,technique",
            "2026-05-31T18:30:00-04:00,x",
            datetime(2026, 5, 31, 18, 30),
            datetime(2026, 5, 31, 22, 30),
        ),
        ("date,technique", "2026-05-30T22:30:00Z,x", datetime(2026, 5, 31, 0, 30), datetime(2026, 5, 30, 22, 30)),
    ],
)
def test_a_start_is_the_wall_clock_and_with_an_offset_an_instant(
    header: str, line: str, start_local: datetime, start_utc: datetime | None
) -> None:
    row = one(header, line)

    assert row["local_date"] == date(2026, 5, 31)
    assert (row["start_local"], row["start_utc"]) == (start_local, start_utc)


@pytest.mark.parametrize(
    ("header", "line", "minutes"),
    [
        ("date,start,duration", "2026-05-31,18:30,1:15", 75),
        ("date,start,end,technique", "2026-05-31,18:30,19:20,", 50),
        ("date,start,end,technique", "2026-05-31,23:30,00:15,", 45),
        ("date,start,end,technique", "2026-05-31,18:30,2026-05-31 19:15,", 45),
        ("date,start,end,technique", "2026-05-31,,19:15,", None),
        ("date,start,end,minutes,technique", "2026-05-31,18:30,19:30,50,", 50),
        ("date,minutes,status", "2026-05-31,0,cancelled", None),
    ],
)
def test_minutes_come_from_the_duration_else_from_start_and_end(header: str, line: str, minutes: float | None) -> None:
    assert one(header, line)["massage_min"] == minutes


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Attended", "attended"), ("ja", "attended"), ("Effectué", "attended"), ("asistió", "attended"),
        ("1", "attended"),
        ("Cancelled", "cancelled"), ("abgesagt", "cancelled"), ("annulé", "cancelled"), ("Geannuleerd", "cancelled"),
        ("No-Show", "no-show"), ("no show", "no-show"), ("nicht erschienen", "no-show"), ("udeblevet", "no-show"),
        ("DNA", "no-show"), ("não compareceu", "no-show"), ("nej", "no-show"),
    ],
)  # fmt: skip
def test_a_status_reads_in_many_languages(word: str, status: str) -> None:
    assert one("date,minutes,status", f"2026-05-31,60,{word}")["status"] == status


def test_every_status_and_pressure_word_is_folded_and_means_one_thing() -> None:
    for table in (massage_log.STATUS_WORDS, massage_log.PRESSURE_WORDS):
        words = [word for words_of in table.values() for word in words_of.split("|")]
        assert words == [fold(word) for word in words]
        meanings = {word: {key for key, words_of in table.items() if word in words_of.split("|")} for word in words}
        assert {word for word, found in meanings.items() if len(found) > 1} == set()


@pytest.mark.parametrize(
    ("written", "pressure"), [("3", 3), ("4/5", 4), ("very light", 1), ("leicht", 2), ("moyenne", 3), ("Deep", 4)]
)
def test_pressure_is_a_number_or_a_word(written: str, pressure: float) -> None:
    assert one("date,minutes,pressure", f"2026-05-31,60,{written}")["pressure"] == pressure


@pytest.mark.parametrize(
    ("header", "line", "said"),
    [
        ("date,minutes", ",60", "has no date"),
        ("date,start,minutes", ",18:30,60", "has a time but no date"),
        ("date,minutes", "soon,60", "date 'soon' is not a date; write it as 2026-05-31"),
        ("date,minutes", "2026-02-30,60", "date '2026-02-30' is not a day of the calendar"),
        ("date,minutes", "1926-02-20,60", "date '1926-02-20' lies outside 2000 to 2099"),
        (
            "date,minutes",
            "gestern,60",
            (
                "date 'gestern' says no date: a file does not tell on which day it was written; write the date as"
                " 2026-05-31"
            ),
        ),
        (
            "date,minutes",
            "12.12.,60",
            "date '12.12.' has no year, and no date beside it has one; write it as 2026-05-31",
        ),
        (
            "date,minutes,status",
            "2026-05-31,60,eaten",
            "status 'eaten' is unknown; write attended, cancelled or no-show",
        ),
        (
            "date,minutes,status",
            "2026-05-31,60,confirmed",
            "status 'confirmed' tells a plan, not a massage; write attended, cancelled or no-show",
        ),
    ],
)
def test_a_row_that_cannot_be_read_says_why(header: str, line: str, said: str) -> None:
    assert reason(header, line) == said


def test_a_day_whose_treatment_is_none_is_a_day_without_a_massage() -> None:
    rows, skipped, _ = read("date,treatment,minutes\n2026-05-29,none,\n2026-05-30,Swedish,60\n2026-05-31,Keine,0\n")

    assert [(row["local_date"], row["technique"]) for row in rows] == [(date(2026, 5, 30), "Swedish")]
    assert skipped == []
    assert one("date,technique,minutes", "2026-05-31,none,60")["massage_min"] == 60


@pytest.mark.parametrize(
    ("header", "line", "said"),
    [
        ("date,start,minutes", "2026-05-31,25:10,60", "start '25:10' is not a time of day; write it as 18:30"),
        (
            "date,start,minutes",
            "2026-05-31,2026-06-01 10:00,60",
            "start '2026-06-01 10:00' lies on another day than the date 2026-05-31; write the time alone, as 18:30",
        ),
        (
            "date,start,end,areas",
            "2026-05-31,10:00,2026-05-31 09:00,",
            "end '2026-05-31 09:00' is not between 1 and 480",
        ),
        ("date,start,end,areas", "2026-05-31,10:00,later,", "end 'later' is not a date; write it as 2026-05-31"),
        ("date,minutes", "2026-05-31,soon", "minutes 'soon' is not a number of minutes; write it as 60"),
        ("date,minutes", "2026-05-31,0", "minutes '0' is not between 1 and 480"),
        ("date,minutes,pressure", "2026-05-31,60,tickling", "pressure 'tickling' is not a number"),
        ("date,minutes,pain_after", "2026-05-31,60,7/5", "pain_after '7/5' is not on the scale from 0 to 10"),
        ("date,start,minutes", "2026-05-31,abends,60", "start 'abends' is not a time of day; write it as 18:30"),
        ("date,minutes", "2026-05-31,900", "minutes '900' is not between 1 and 480"),
        ("date,minutes", "2026-05-31 abends,60", "date '2026-05-31 abends' is not a time of day; write it as 18:30"),
    ],
)
def test_what_cannot_be_read_beside_the_date_is_empty_and_told_and_the_massage_stays(
    header: str, line: str, said: str
) -> None:
    rows, skipped, _ = read(f"{header}\n{line}\n")

    assert [row["local_date"] for row in rows] == [date(2026, 5, 31)]
    assert [(item.place, item.reason, item.is_kept) for item in skipped] == [("row 2", said, True)]


@pytest.mark.slow
@given(
    st.dictionaries(
        st.sampled_from([column for column in MASSAGE_COLUMNS if column not in ("date", "status")]),
        st.text(max_size=30) | st.sampled_from(["1" * 400, "1e400", "\ud800", "a\0b", "half", "5-", "ca."]),
        min_size=1,
    )
)
def test_no_text_beside_the_date_loses_a_massage(cells: dict[str, str]) -> None:
    content = json.dumps([{"date": "2026-05-31", "technique": "thai", **cells}]).encode()

    rows, skipped, _ = read_named("massages.json", content)

    assert [row["local_date"] for row in rows] == [date(2026, 5, 31)]
    assert all(item.is_kept for item in skipped)


def test_a_list_as_people_write_it_in_german() -> None:
    rows, skipped, summaries = read(
        "Meine Massagen;;;;;\nDatum;Uhrzeit;Dauer;Art;Schmerz vorher;Bemerkung\n"
        "04.05.2026;17 Uhr 15;eine Stunde;klassisch;6;\n11.05.;18 Uhr;ca. 60 min;Thai;5-6;war krank\n"
        "2. Juni 2026;abends;1:30;;fünf;\n16.06.2026;17h15;eine halbe Stunde;;7 von 10;abgesagt\n"
    )

    assert [(row["local_date"], row["start_local"], row["massage_min"], row["pain_before"]) for row in rows] == [
        (date(2026, 5, 4), datetime(2026, 5, 4, 17, 15), 60, 6),
        (date(2026, 5, 11), datetime(2026, 5, 11, 18), 60, 5.5),
        (date(2026, 6, 2), None, 90, 5),
        (date(2026, 6, 16), datetime(2026, 6, 16, 17, 15), 30, 7),
    ]
    assert [row["technique"] for row in rows] == ["klassisch", "Thai", None, None]
    assert [item.value for item in skipped] == ["abends"]
    assert summaries[0].message == (
        "Dates without a year took that of the dates beside them: row 4 as 2026-05-11. Did these massages take place:"
        " 2026-05-11 (row 4, note 'war krank'), 2026-06-16 (row 6, note 'abgesagt')? They count until their column"
        " status says cancelled or no-show."
    )


def test_a_list_as_people_write_it_in_the_united_states() -> None:
    rows, skipped, _ = read(
        "Date,Time,Length,Type,Pain before\n5/4/2026,530pm,1 hr,Swedish,7/10\n5/18,noon,half an hour,,five\n"
        '"May 25, 2026",5.30 pm,90 minutes,,~4\n4-Jun-26,5:30PM,~60,,5\n6/15/2026,5pm,1h,,5\n13/7/2026,5pm,1h,,5\n'
    )

    assert [(row["local_date"], row["start_local"], row["massage_min"], row["pain_before"]) for row in rows] == [
        (date(2026, 5, 4), datetime(2026, 5, 4, 17, 30), 60, 7),
        (date(2026, 5, 18), datetime(2026, 5, 18, 12), 30, 5),
        (date(2026, 5, 25), datetime(2026, 5, 25, 17, 30), 90, 4),
        (date(2026, 6, 4), datetime(2026, 6, 4, 17, 30), 60, 5),
        (date(2026, 6, 15), datetime(2026, 6, 15, 17), 60, 5),
    ]
    assert [item.reason for item in skipped] == [
        "date '13/7/2026' has day and month the other way round than the column; write it as 2026-07-13"
    ]


def test_a_status_answers_what_a_note_asks() -> None:
    assert "take place" in read("date,minutes,note\n2026-05-31,60,no-show\n")[2][0].message
    assert read("date,minutes,status,note\n2026-05-31,60,attended,cancelled first\n")[2][0].message == ""


@pytest.mark.parametrize("heading", ["Timestamp", "Zeitstempel", "Horodateur", "Marca temporal"])
def test_the_time_of_a_form_is_date_and_start_unless_a_column_says_the_date(heading: str) -> None:
    sent = "2026/05/04 5:30:12 PM GMT+2"

    row = one(f"{heading},Minutes,Technique", f"{sent},60,back")
    dated = one(f"{heading},Datum,Minutes,Technique", f"{sent},2026-05-03,60,back")

    assert (row["start_local"], row["start_utc"]) == (
        datetime(2026, 5, 4, 17, 30, 12),
        datetime(2026, 5, 4, 15, 30, 12),
    )
    assert (dated["local_date"], dated["start_local"]) == (date(2026, 5, 3), None)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "cp1251"])
def test_a_log_in_cyrillic_reads_in_any_encoding(encoding: str) -> None:
    rows, skipped, _ = read("date,minutes,note\n2026-05-31,60,болит меньше\n".encode(encoding))

    assert ([row["note"] for row in rows], skipped) == (["болит меньше"], [])


@pytest.mark.parametrize(
    ("note", "encoding"), [("Rücken, ÄÖ", "cp1252"), ("masaż pleców", "cp1250"), ("肩が楽になった", "shift_jis")]
)
def test_a_log_reads_in_the_encoding_its_letters_show(note: str, encoding: str) -> None:
    rows, _, _ = read(f'date,minutes,note\n2026-05-31,60,"{note}"\n'.encode(encoding))

    assert rows[0]["note"] == note


def test_characters_that_nobody_sees_are_left_out_and_told() -> None:
    rows, skipped, summaries = read("date,minutes,note\n2026-05-30,60,beep\7\n\u200e2026-05-31,6\0000,x\n" + "\n" * 30)

    assert [(row["local_date"], row["massage_min"], row["note"]) for row in rows] == [
        (date(2026, 5, 30), 60, "beep"),
        (date(2026, 5, 31), 60, "x"),
    ]
    assert not skipped
    assert summaries[0].message == (
        "Characters that nobody sees were left out: row 2 (U+0007), row 3 (U+200E, U+0000)."
    )


@pytest.mark.parametrize("number", ["1e400", "1" * 300, "1" * 5000])
def test_a_huge_number_costs_its_value_alone(number: str) -> None:
    content = f'[{{"date": "2026-05-31", "technique": "thai", "pain_before": {number}, "start": {number}}}]'

    rows, skipped, _ = read_named("massages.json", content.encode())

    assert [(row["local_date"], row["pain_before"], row["start_local"]) for row in rows] == [
        (date(2026, 5, 31), None, None)
    ]
    assert [item.is_kept for item in skipped] == [True, True]


@pytest.mark.parametrize("heading", ["Client", "patient", "Kunde", "Name", "person"])
def test_a_row_that_names_somebody_unknown_is_nobodys(heading: str) -> None:
    rows, skipped, _ = read(f"date,{heading},minutes,technique\n2026-05-30,Mrs M.,60,thai\n2026-05-31,,60,thai\n")

    assert rows == []
    assert skipped[1].reason == "names nobody, and other rows of this log do; write whose row it is"
    assert skipped[0].reason == (
        "names 'Mrs M.', who is not in recovery.toml; write the name into the aliases of its person, as"
        ' [people.me] aliases = ["Mrs M."], or list a new person as [people.NAME]'
    )


NAMES = names_to_people({"me": ["Tom"], "anna": ["Mrs M.", "M., Anna"], "ben": []})


SHEET = [["date", "minutes"], [date(2026, 5, 1), 60]]


def workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    """An XLSX file of these sheets."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def of_people(content: str, subject: str = "me") -> tuple[dict[str, list[date]], list[str]]:
    """The dates of each person ('' = whose folder it is), and why the other rows cannot be read."""
    found = list(massage_log.read([entry(content)], CONTEXT._replace(subject=subject, names=NAMES)))
    dates = {item.person: item.table["local_date"].to_pylist() for item in found if isinstance(item, Batch)}
    return dates, [item.reason for item in found if isinstance(item, Skipped)]


LIST = "date,client,minutes\n2026-05-01,anna,60\n2026-05-02,Mrs M,60\n2026-05-03,TOM,60\n2026-05-04,Mr X,60\n"


def test_each_row_goes_to_the_person_it_names() -> None:
    dates, reasons = of_people(LIST)

    assert dates == {"anna": [date(2026, 5, 1), date(2026, 5, 2)], "": [date(2026, 5, 3)]}
    assert [reason.partition(";")[0] for reason in reasons] == ["names 'Mr X', who is not in recovery.toml"]


def test_in_a_persons_folder_rows_that_name_another_are_refused() -> None:
    dates, reasons = of_people(LIST, "anna")

    assert dates == {"": [date(2026, 5, 1), date(2026, 5, 2)]}
    assert reasons[0] == (
        "names 'TOM', but lies in the folder of anna; put it into a log of me, or into one outside the folders of"
        " people"
    )
    assert "[people.anna] aliases = [" in reasons[1]


def test_a_row_without_a_name_is_nobodys_where_others_name_somebody_else() -> None:
    gap = LIST + "2026-05-05,,60\n2026-05-06,-,60\n"
    own = "date,client,minutes\n2026-05-01,Tom,60\n2026-05-02,,60\n2026-05-03,,60\n"

    assert [reason for reason in of_people(gap)[1] if "nobody" in reason] == [
        "names nobody, and other rows of this log do; write whose row it is"
    ] * 2
    assert of_people(gap, "anna")[0][""][-2:] == [date(2026, 5, 5), date(2026, 5, 6)]
    assert of_people(own)[0] == {"": [date(2026, 5, day) for day in (1, 2, 3)]}
    assert of_people(own.replace("Tom", "anna"))[0] == {"anna": [date(2026, 5, 1)]}


@pytest.mark.parametrize(
    "heading",
    """Versicherter|Nom du client|Pacjent|Client ID|Mitglied|Booked by|Who|Wer|Für wen|Member|Family member|
    Name des Patienten|Nachname|Last name|Kunde/Patient|First Name|Patientenname|Klientin|Kunden-Nr.|
    Full name of client|Nome del paziente|Customer Name|Guest""".replace("\n    ", "").split("|"),
)
def test_a_column_that_names_a_person_is_known_by_many_names(heading: str) -> None:
    dates, reasons = of_people(f"date,{heading},minutes,technique\n2026-05-01,anna,60,thai\n2026-05-02,Mr X,60,thai\n")

    assert dates == {"anna": [date(2026, 5, 1)]}
    assert len(reasons) == 1


@pytest.mark.parametrize(
    ("heading", "yes", "no"),
    [
        ("Anwesend", "ja", "nein"),
        ("Stattgefunden?", "ja", "nein"),
        ("Hat die Massage stattgefunden?", "Ja", "Nein"),
        ("Show", "1", "0"),
        ("Cancelled", "", "yes"),
        ("Abgesagt", "nein", "x"),
        ("No-show", "", "x"),
        ("Appointment status", "Completed", "Cancelled by client, late"),
        ("Result", "done", "cancelled"),
    ],
)
def test_a_status_is_kept_in_many_ways(heading: str, yes: str, no: str) -> None:
    rows, skipped, summaries = read(f'date,minutes,{heading}\n2026-05-04,60,{yes}\n2026-05-11,60,"{no}"\n')

    assert [row["status"] == "attended" for row in rows] == [True, False]
    assert (skipped, summaries[0].message) == ([], "")


def test_a_column_that_is_not_used_is_asked_about_where_it_may_say_no() -> None:
    _, _, summaries = read("date,minutes,Label\n2026-05-04,60,\n2026-05-11,60,Termin abgesagt\n")

    assert "Did this massage take place: 2026-05-11 (row 3, Label 'Termin abgesagt')?" in summaries[0].message


def test_a_date_with_nothing_beside_it_is_asked_about_where_other_rows_tell_more() -> None:
    _, _, summaries = read("date,minutes\n2026-05-04,60\n2026-05-11,\n2026-05-18,60\n")
    _, _, alone = read("date,minutes\n2026-05-04,\n2026-05-11,\n2026-05-18,60\n")

    assert "2026-05-11 (row 3, nothing but the date)" in summaries[0].message
    assert alone[0].message == ""


def test_a_last_line_that_the_end_of_the_file_cut_is_not_believed() -> None:
    rows, skipped, _ = read("date,minutes,note\n2026-05-04,60,a\n2026-05-11,60,b\n2026-05-1")

    assert [row["local_date"] for row in rows] == [date(2026, 5, 4), date(2026, 5, 11)]
    assert [(item.place, item.unknown) for item in skipped] == [("row 4", (date(2026, 5, 11), None))]
    assert read("date,minutes\n2026-05-04,60\n2026-05-11,60\n2026-05-18,60")[1] == []


def test_dotted_dates_begin_with_the_day() -> None:
    rows, _, _ = read("date,minutes\n04.05.2026,60\n11.05.2026,60\n")

    assert [row["local_date"] for row in rows] == [date(2026, 5, 4), date(2026, 5, 11)]


def test_an_item_that_is_no_row_costs_no_other() -> None:
    rows, skipped, _ = read_named(
        "massages.json", b'[{"date": "2026-05-04", "minutes": 60}, {"date": "2026-05-11"}, ["2026-05-18", 60]]'
    )

    assert [row["local_date"] for row in rows] == [date(2026, 5, 4), date(2026, 5, 11)]
    assert [item.place for item in skipped] == ["item 3"]


def test_a_column_of_days_says_whether_there_was_a_massage() -> None:
    rows, skipped, _ = read(
        "Datum;Massage\n01.05.2026;ja\n02.05.2026;nein\n03.05.2026;\n04.05.2026;60 min\n13.05.2026;1\n14.05.2026;0\n"
        "15.05.2026;maybe\n"
    )

    assert [(row["local_date"], row["massage_min"]) for row in rows] == [
        (date(2026, 5, 1), None),
        (date(2026, 5, 4), 60.0),
        (date(2026, 5, 13), None),
    ]
    assert [(item.unknown, item.reason) for item in skipped] == [
        ((date(2026, 5, 3),) * 2, "does not say whether there was a massage; write yes or no"),
        ((date(2026, 5, 15),) * 2, "massage 'maybe' is neither yes nor no"),
    ]


def test_a_column_named_massage_may_hold_the_kind() -> None:
    assert one("date,massage,minutes", "2026-05-31,Thai,60")["technique"] == "Thai"


def test_pain_on_another_scale_is_brought_to_ours() -> None:
    row = one("date,minutes,Pain before (10 = no pain),Pain after (0-100)", "2026-05-31,60,2,30")

    assert (row["pain_before"], row["pain_after"]) == (8.0, 3.0)


@pytest.mark.parametrize(
    "content",
    [
        "Client Last Name,Client First Name,Appointment Date,Min\nBerg,Anna,2026-05-01,60\nRoe,Rick,2026-05-02,60\n",
        "Nachname;Vorname;Datum;Dauer\nBerg;Anna;2026-05-01;60\nRoe;Rick;2026-05-02;60\n",
        "Full Name,Date,Minutes\nAnna Berg,2026-05-01,60\nRick Roe,2026-05-02,60\n",
        "Patient ID,Name of patient,Date,Minutes\n17,Anna Berg,2026-05-01,60\n18,Rick Roe,2026-05-02,60\n",
        "Date,Minutes,Technique\nClient: Anna Berg,,\n2026-05-01,60,thai\nClient: Rick Roe,,\n2026-05-02,60,thai\n",
        "Date,Minutes,Technique\nAnna Berg,,\n2026-05-01,60,thai\nRick Roe,,\n2026-05-02,60,thai\n",
    ],
)
def test_whose_rows_they_are_is_told_in_many_ways(content: str) -> None:
    names = names_to_people({"me": [], "anna": ["Anna Berg"]})

    found = list(massage_log.read([entry(content)], CONTEXT._replace(names=names)))

    dates = {item.person: set(item.table["local_date"].to_pylist()) for item in found if isinstance(item, Batch)}
    assert dates == {"anna": {date(2026, 5, 1)}}
    (lost,) = [item.reason for item in found if isinstance(item, Skipped)]
    assert lost.startswith("names 'Rick Roe', who is not in recovery.toml")


def test_a_name_above_the_headings_is_of_the_whole_list() -> None:
    content = "Patient: Rick Roe,,\nDate,Minutes,Technique\n2026-05-01,60,thai\n"

    assert of_people(content)[0] == {}
    assert of_people(content.replace("Rick Roe", "anna"))[0] == {"anna": [date(2026, 5, 1)]}


def test_sheets_named_after_people_are_theirs() -> None:
    found = entry(workbook({"Anna": SHEET, "Rick Roe": SHEET, "2026": SHEET}), "clients.xlsx")

    items = list(massage_log.read([found], CONTEXT._replace(names=NAMES)))

    assert {item.person: item.table.num_rows for item in items if isinstance(item, Batch)} == {"anna": 1, "": 1}
    assert [item.place for item in items if isinstance(item, Skipped)] == ["sheet Rick Roe row 2"]


@pytest.mark.parametrize("titles", [("2025", "2026"), ("Massagen", "Mai"), ("Anna", "2026"), ("Tabelle1", "Tabelle2")])
def test_other_names_of_sheets_are_nobodys(titles: tuple[str, str]) -> None:
    found = entry(workbook(dict.fromkeys(titles, SHEET)), "massages.xlsx")

    rows, skipped, _ = read_entries([found])

    assert (len(rows), skipped) == (2, [])


def test_the_date_of_a_form_is_the_one_that_was_asked_for() -> None:
    rows, skipped, _ = read(
        "Zeitstempel,Wann war die Massage?,Wie lange (Minuten)?,Schmerz vorher (0-10),Schmerz nachher (0-10)\n"
        "05.05.2026 08:12:44,04.05.2026,60,6,3\n19.05.2026 07:50:01,18.05.2026,45,5,2\n"
    )

    told = [(row["local_date"], row["start_local"], row["massage_min"], row["pain_before"]) for row in rows]
    assert told == [(date(2026, 5, 4), None, 60.0, 6.0), (date(2026, 5, 18), None, 45.0, 5.0)]
    assert not skipped


def test_where_only_the_time_of_filling_in_is_told_it_is_the_date() -> None:
    rows, _, _ = read("Timestamp,Technique,Notes for next day?\n5/4/2026 8:12:44,thai,none\n5/18/2026,thai,\n")

    assert [row["local_date"] for row in rows] == [date(2026, 5, 4), date(2026, 5, 18)]


@pytest.mark.parametrize(
    ("cell", "days"),
    [
        ("2026-05-04, 2026-05-11", [4, 11]),
        ("4.5.2026 und 11.5.2026", [4, 11]),
        ("4., 6. und 11.5.2026", [4, 6, 11]),
        ("4 May 2026 & 11 May 2026", [4, 11]),
        ("Mon, 4 May 2026", [4]),
        ("May 4, 2026", [4]),
        ("2026-05-04, 10:00", [4]),
    ],
)
def test_a_cell_that_lists_dates_is_a_massage_for_each(cell: str, days: list[int]) -> None:
    rows, skipped, summaries = read(f'date,minutes\n31.05.2026,60\n"{cell}",60\n')

    del rows[0]
    assert [row["local_date"] for row in rows] == [date(2026, 5, day) for day in days]
    assert len({row["place"] for row in rows}) == len(days)
    assert ("several dates" in summaries[0].message) == (len(days) > 1)
    assert not skipped


@pytest.mark.parametrize("cell", ["2026-05-18 - 2026-05-20", "18.-20.05.2026", "18.5.2026 bis 20.5.2026"])
def test_a_range_of_days_is_refused_and_all_of_them_are_unknown(cell: str) -> None:
    rows, skipped, _ = read(f"date,minutes\n2026-05-01,60\n{cell},60\n2026-06-01,60\n")

    assert len(rows) == 2
    assert [item.unknown for item in skipped] == [(date(2026, 5, 18), date(2026, 5, 20))]
    assert skipped[0].reason == f"{cell!r} names several days; write one row for each date"


@pytest.mark.parametrize("note", ["no massage", "Keine Massage", "kein Termin diese Woche", "pas de massage"])
def test_a_row_that_says_there_was_none_is_none(note: str) -> None:
    rows, skipped, _ = read(f"date,minutes,note\n2026-05-01,60,\n2026-05-02,,{note}\n")

    assert [row["local_date"] for row in rows] == [date(2026, 5, 1)]
    assert [(item.unknown, item.reason) for item in skipped] == [
        (None, "says that there was none; write cancelled or no-show into its column status")
    ]


def test_rows_that_may_not_have_been_are_asked_about_together() -> None:
    _, _, summaries = read(
        "date,minutes,note\n2026-05-01,60,fiel aus\n2026-05-02,0,\n2026-05-03,60,moved to 5 May\n2026-05-04,60,"
        '"nicht abgesagt, tat gut"\n'
    )

    assert summaries[0].message == (
        "Did these massages take place: 2026-05-01 (row 2, note 'fiel aus'), 2026-05-02 (row 3, minutes '0'),"
        " 2026-05-03 (row 4, note 'moved to 5 May')? They count until their column status says cancelled or no-show."
    )


def test_a_massage_that_is_yet_to_come_counts_once_its_day_has_come() -> None:
    ahead = clock.now_utc().date() + timedelta(days=30)

    rows, skipped, _ = read(f"date,minutes,status\n2026-05-01,60,\n{ahead},60,\n{ahead},60,cancelled\n")

    assert [row["status"] for row in rows] == ["attended", "cancelled"]
    assert [(item.place, item.reason, item.unknown) for item in skipped] == [
        ("row 3", "lies ahead: it counts once its day has come", None)
    ]
    again_utc = skipped[0].again_utc
    assert again_utc is not None
    assert again_utc - clock.AHEAD == clock.to_utc(datetime.combine(ahead, time()), "Europe/Berlin")


def test_a_row_that_is_refused_says_on_which_dates_there_may_have_been_a_massage() -> None:
    content = (
        "date,client,minutes,status\n2026-05-01,anna,60,\nyesterday,anna,60,\n2026-05-08,anna,60,\n"
        "2026-05-09,anna,60,maybe\n2026-05-10,Mr X,60,\nTotal,,240,\n"
    )

    found = list(massage_log.read([entry(content)], CONTEXT._replace(names=NAMES)))

    unknown = [(item.place, item.unknown, item.person) for item in found if isinstance(item, Skipped)]
    assert unknown == [
        ("row 3", (date(2026, 5, 1), date(2026, 5, 8)), "anna"),
        ("row 5", (date(2026, 5, 9), date(2026, 5, 9)), "anna"),
        ("row 6", (date(2026, 5, 10), date(2026, 5, 10)), ""),
        ("row 7", None, ""),
    ]
    (summary,) = [item for item in found if isinstance(item, FileSummary)]
    assert summary.message == ("On 6 days nobody knows whether there was a massage: 2026-05-02 to 2026-05-07.")


@settings(max_examples=40)
@given(st.lists(st.integers(0, 60), min_size=2, max_size=12), st.integers(0, 12), st.sampled_from(JUNK_ROWS))
def test_a_row_that_cannot_be_read_costs_no_other_row(days: list[int], at: int, junk: str) -> None:
    lines = [f"{date(2026, 5, 1) + timedelta(days=day)},60,thai" for day in sorted(days)]
    before, _, _ = read("\n".join(["date,minutes,technique", *lines]))

    after, skipped, _ = read("\n".join(["date,minutes,technique", *lines[:at], junk, *lines[at:]]))

    assert [{**row, "place": ""} for row in after] == [{**row, "place": ""} for row in before]
    assert [item.unknown is not None for item in skipped] == [True]


@pytest.mark.parametrize(
    ("line", "start", "minutes"),
    [
        ("2026-05-04,17:30-18:30,", datetime(2026, 5, 4, 17, 30), 60.0),
        ("2026-05-04,5-6pm,", datetime(2026, 5, 4, 17), 60.0),
        ("2026-05-04,17:30-18:30,45", datetime(2026, 5, 4, 17, 30), 45.0),  # what the length itself says counts
        ("2026-05-04,17:30-05:00,60", datetime(2026, 5, 4, 17, 30), 60.0),
    ],
)
def test_a_start_may_hold_the_end_too(line: str, start: datetime, minutes: float) -> None:
    rows, skipped, _ = read(f"date,start,minutes\n{line}\n")

    assert [(row["start_local"], row["massage_min"]) for row in rows] == [(start, minutes)]
    assert skipped == []


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("massages_german_messy.csv", (10, 2, 3)),
        ("massages_us_messy.csv", (7, 0, 3)),
        ("massages_bad_start.csv", (4, 1, 0)),
        ("form_timestamp.csv", (1, 0, 0)),
        ("control_character.csv", (2, 0, 0)),
    ],
)
@needs_cases
def test_the_cases_that_went_wrong_once(name: str, counts: tuple[int, int, int]) -> None:
    """Massages, values left empty, rows refused."""
    rows, skipped, _ = read_named(name, (CASES / name).read_bytes())

    emptied = sum(item.is_kept for item in skipped)
    assert (len(rows), emptied, len(skipped) - emptied) == counts


def test_a_damaged_row_costs_no_other() -> None:
    rows, skipped, _ = read("date,minutes\n2026-05-30,60\nrubbish,\xff\n2026-05-31,60\n")

    assert [row["place"] for row in rows] == ["row 2", "row 4"]
    assert [(item.place, item.value) for item in skipped] == [("row 3", "rubbish; \xff")]


def test_an_ambiguous_file_is_refused_whole_with_the_remedy_and_the_others_load() -> None:
    rows, skipped, summaries = read("date,minutes\n05/06/2026,60\n2026-05-31,60\n", "date,minutes\n2026-05-31,60\n")

    assert [row["file"] for row in rows] == [1]
    assert [(item.file, item.place) for item in skipped] == [(0, "file")]
    assert "Write the dates as 2026-05-31 and save the file again." in skipped[0].reason
    assert [item.log_kind for item in summaries] == ["massages", "massages"]


def test_dates_of_the_start_column_decide_too() -> None:
    rows, _, _ = read("start,technique\n05/06/2026 10:00,x\n05/31/2026 10:00,x\n")

    assert rows[0]["local_date"] == date(2026, 5, 6)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xd8\xff\xe0" * 9, "massages.csv is a JPEG picture, not a table. Save the log as CSV or XLSX."),
        (b"one\ntwo\n", "No row of massages.csv names the columns of a massage log."),
        (b"date,minutes\n" + b"x" * (9 << 20), "massages.csv has more than 8 MB, which no log has."),
        (b"date,pain\n2026-05-31,3\n,", ""),
    ],
)
def test_a_file_that_is_no_log_says_so_in_one_sentence(content: bytes, said: str) -> None:
    claimed = list(massage_log.claims([entry(content)]))
    rows, skipped, _ = read(content)

    assert claimed
    if said:
        assert not rows
        assert skipped[0].place == "file"
        assert skipped[0].reason.startswith(said)


def test_an_empty_file_is_not_claimed_and_headings_alone_are_an_empty_log() -> None:
    assert not list(massage_log.claims([entry("")]))
    assert list(massage_log.claims([entry("date,minutes\n")]))
    assert read("date,minutes\n")[:2] == ([], [])


def test_what_is_not_used_is_told() -> None:
    assert read("date,minutes,technique,invoice,price\n")[2][0].message == "Columns not used: invoice, price."


def told(rows: list[dict[str, object]], *columns: str) -> list[tuple[object, ...]]:
    return [(f"{row['local_date']:%m-%d}", *(row[column] for column in columns)) for row in rows]


@needs_cases
def test_the_messy_german_list_by_hand() -> None:
    rows, skipped, summaries = read_named("m.csv", (CASES / "massages_german_messy.csv").read_bytes())

    assert told(rows, "massage_min", "technique", "pain_before", "pain_after") == [
        ("05-04", 60, "klassisch", 6, 3),
        ("05-05", 60, "Klasische Massage", 7, 4),
        ("05-12", 60, "Thai", 5, None),
        ("05-19", 60, "Tiefengewebe", 6, 4),
        ("05-26", 90, "Hot Stone", 8, 5),
        ("06-02", 45, None, 5.5, 3),
        ("06-09", 60, "klassisch", 5, 3),
        ("06-16", 60, "klassisch", 5, 3),
        ("06-23", None, "klassisch", None, 3),
        ("06-23", 60, "klassisch", 5, 3),
    ]
    starts = [row["start_local"] for row in rows]
    assert starts[3] is None  # abends
    assert starts[2] == datetime(2026, 5, 12, 18)
    assert [(item.place, item.unknown) for item in skipped if not item.is_kept] == [
        ("row 7", (date(2026, 5, 12), date(2026, 5, 19))),  # gestern
        ("row 11", (date(2026, 6, 2), date(2026, 6, 9))),  # 31 June
        ("row 17", None),  # Summe
    ]
    assert "Did this massage take place: 2026-06-16 (row 13, note 'abgesagt')?" in summaries[0].message
    assert "On 12 days nobody knows" in summaries[0].message


@needs_cases
def test_the_messy_american_list_by_hand() -> None:
    rows, skipped, summaries = read_named("m.csv", (CASES / "massages_us_messy.csv").read_bytes())

    assert told(rows, "massage_min", "pain_before", "pain_after") == [
        ("05-04", 60, 6, 3),
        ("05-11", 60, 7, 4),
        ("05-18", 60, 6, 4),
        ("05-25", 90, 5, 2),
        ("06-01", 60, 5, 2),
        ("06-08", 30, 5, 2),
        ("06-15", 60, 5, 2),
    ]
    assert [row["start_local"].hour for row in rows] == [17, 17, 17, 17, 17, 12, 17]  # type: ignore[attr-defined]
    assert [(item.place, item.unknown) for item in skipped] == [
        ("row 5", (date(2026, 5, 18), date(2026, 5, 25))),  # yesterday
        ("row 10", (date(2026, 6, 15), None)),  # 31 June
        ("row 11", (date(2026, 6, 15), None)),  # 13/7 among dates that begin with the month
    ]
    assert "write it as 2026-07-13" in skipped[2].reason
    assert "On 6 days nobody knows" in summaries[0].message


@needs_cases
def test_the_list_of_a_clinic_by_hand() -> None:
    found = entry((CASES / "clinic_with_client_column.xlsx").read_bytes(), "clinic_with_client_column.xlsx")
    names = names_to_people({"me": [], "client01": [], "c2": ["Client 02"]})

    read_all = list(massage_log.read([found], CONTEXT._replace(names=names)))

    counts = {item.person: item.table.num_rows for item in read_all if isinstance(item, Batch)}
    lost = [item for item in read_all if isinstance(item, Skipped)]
    assert (counts["client01"], counts["c2"], "" in counts) == (30, 30, False)
    assert len(lost) == 168 - 60
    assert all(" is not in recovery.toml; write the name into the aliases" in item.reason for item in lost)
    assert not any(
        isinstance(item, Batch) for item in massage_log.read([found], CONTEXT)
    )  # nobody is known: never `me`


@needs_cases
def test_a_form_and_a_pasted_control_character_by_hand() -> None:
    form, _, _ = read_named("m.csv", (CASES / "form_timestamp.csv").read_bytes())
    pasted, _, summaries = read_named("massages.csv", (CASES / "control_character.csv").read_bytes())

    assert told(form, "start_utc", "massage_min", "technique") == [
        ("05-04", datetime(2026, 5, 4, 15, 30, 12), 60, "back")
    ]
    assert told(pasted, "note") == [("03-02", "fine"), ("03-09", "beep  pasted")]
    assert "row 3 (U+0007)" in summaries[0].message


@needs_cases
def test_a_start_that_cannot_be_read_keeps_its_massage() -> None:
    rows, skipped, _ = read_named("m.csv", (CASES / "massages_bad_start.csv").read_bytes())

    assert told(rows, "massage_min", "pain_before") == [
        ("05-01", 60, 6), ("05-08", 60, 6), ("05-15", 60, 5.5), ("05-22", 60, 6)
    ]  # fmt: skip
    assert [(item.place, item.unknown) for item in skipped] == [("row 3", None)]


PRACTICE = (
    "Datum;Behandlung;Dauer\n04.05.2026;Massage;30\n06.05.2026;Krankengymnastik;20\n08.05.2026;Fango;20\n"
    "11.05.2026;KMT;30\n13.05.2026;Ultraschall;10\n15.05.2026;Akupunktur;30\n18.05.2026;Physiotherapie;20\n"
    "20.05.2026;Kneipp;20\n"
)


def test_other_treatments_of_a_practice_are_no_massages_and_leave_no_day_unknown() -> None:
    rows, skipped, (summary,) = read_named("praxis.csv", PRACTICE.encode())

    assert [f"{row['local_date']:%d} {row['technique']}" for row in rows] == [
        "04 Massage", "06 Krankengymnastik", "11 KMT", "18 Physiotherapie", "20 Kneipp",
    ]  # fmt: skip
    assert [(item.place, item.unknown) for item in skipped] == [("row 4", None), ("row 6", None), ("row 7", None)]
    assert skipped[0].reason == "tells of 'Fango', which is no massage"
    assert "2026-05-20 (row 9, technique 'Kneipp')" in summary.message


def test_in_a_list_of_massages_any_technique_is_one() -> None:
    techniques = ["Thai", "sports", "Swedish", "hot stone", "Kneipp", "Akupunktur"]
    lines = (f"2026-05-{day:02},{technique}" for day, technique in enumerate(techniques, 1))

    rows, skipped, (summary,) = read("date,technique\n" + "\n".join(lines) + "\n")

    assert [row["technique"] for row in rows] == techniques
    assert not skipped
    assert "technique 'Akupunktur'" in summary.message
    assert "Kneipp" not in summary.message


def test_a_second_table_below_is_no_more_massages() -> None:
    rows, skipped, (summary,) = read(
        "date;technique;pain before\n2026-05-04;a;5\n2026-05-11;a;5\n\n\ndate;pain\n2026-05-12;4\n2026-05-13;3\n"
    )

    assert [row["local_date"] for row in rows] == [date(2026, 5, 4), date(2026, 5, 11)]
    assert not skipped
    assert "It also holds a diary, which is not read from here" in summary.message


def test_a_second_list_below_is_read_by_its_own_headings() -> None:
    rows, _, _ = read("date;minutes\n2026-05-04;60\n\n2025\ndate;note;minutes\n2025-05-12;fine;45\n")

    assert [(row["local_date"], row["massage_min"], row["note"]) for row in rows] == [
        (date(2026, 5, 4), 60, None), (date(2025, 5, 12), 45, "fine"),
    ]  # fmt: skip


def test_the_first_of_two_tables_says_what_a_file_is() -> None:
    diary_first = "date;pain\n2026-05-04;3\n2026-05-05;4\n\ndate;minutes\n2026-05-04;60\n"

    assert not list(massage_log.claims([entry(diary_first, "x.csv")]))
    assert list(massage_log.claims([entry("date;minutes\n2026-05-04;60\n\ndate;pain\n2026-05-05;3\n", "x.csv")]))


def test_a_table_of_something_else_below_is_named() -> None:
    rows, skipped, (summary,) = read(
        "date;minutes\n2026-05-04;60\n2026-05-06;60\nDatum;Betrag;Konto\n2025-05-12;45;9\n"
    )

    assert (len(rows), skipped) == (2, [])
    assert "From row 4 on it holds another table, which is not read (Datum, Betrag, Konto)" in summary.message


@pytest.mark.parametrize(
    ("encoding", "content", "technique"),
    [
        (
            "cp1250",
            "Data;Czas trwania;Rodzaj masażu;Uwagi\n04.05.2026;pół godziny;gorące kamienie;źle\n",
            "gorące kamienie",
        ),
        ("cp1250", "date,minutes,technique\n2026-05-04,30,masaż głęboki\n", "masaż głęboki"),
        ("cp1251", "Дата;Длительность;Вид массажа\n4 мая 2026;30 мин;классический\n", "классический"),
        ("cp932", "date,minutes,technique\n2026年5月4日,30分,指圧\n", "指圧"),
        ("cp932", "施術日,開始,時間（分）,種類\n2026/05/04,10時30分,30,指圧\n", "指圧"),
        ("cp1252", "date,minutes,technique\n2026-05-04,30,heiße Steine – 2 m³ Öl, nº 5\n", None),
        ("cp1252", "date,minutes,technique\n2026-05-04,30,¿masaje? à l’été\n", "¿masaje? à l’été"),
        ("cp1250", "datum;doba trvání;druh masáže\n4.5.2026;půl hodiny;klasická masáž zad\n", "klasická masáž zad"),
    ],
)
def test_a_list_in_an_encoding_of_its_country_is_read(encoding: str, content: str, technique: str | None) -> None:
    rows, skipped, _ = read_named("massages.csv", content.encode(encoding))

    assert [(row["local_date"], row["massage_min"]) for row in rows] == [(date(2026, 5, 4), 30.0)]
    assert rows[0]["technique"] == (technique or "heiße Steine – 2 m³ Öl")
    assert not skipped
