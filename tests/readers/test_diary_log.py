"""What a row of a diary means; worked out by hand."""

import io
from datetime import date

import pytest

from recovery.formats.entries import Context, Entry
from recovery.formats.records import Batch, FileSummary, Skipped
from recovery.readers import diary_log

HEADER = "date,pain,pain_morning,medication,doses,bed_rest_hours,doctor_visits,mood,could_do_daily_activities,note"


def read(content: str) -> tuple[list[dict[str, object]], list[Skipped], list[FileSummary]]:
    data = content.encode()
    entry = Entry("diary.csv", len(data), lambda: io.BytesIO(data))
    assert [claim.path for claim in diary_log.claims([entry])] == ["diary.csv"]
    found = list(diary_log.read([entry], Context(lambda _: "UTC", lambda wall: wall)))
    rows = [row for item in found if isinstance(item, Batch) for row in item.table.to_pylist()]
    return rows, [item for item in found if isinstance(item, Skipped)], [i for i in found if isinstance(i, FileSummary)]


def test_a_whole_row_by_hand() -> None:
    rows, skipped, summaries = read(f"{HEADER}\n2026-05-31,7,8/10,ibuprofen,2,1.5,1,4,yes,bad night\n")

    assert rows == [
        {
            "file": 0,
            "place": "row 2",
            "origin": "diary_log",
            "local_date": date(2026, 5, 31),
            "pain": 7.0,
            "pain_morning": 8.0,
            "pain_afternoon": None,
            "medication": "ibuprofen",
            "medication_doses": 2.0,
            "bed_rest_hours": 1.5,
            "doctor_visits": 1.0,
            "mood": 4.0,
            "could_do_daily_activities": 1.0,
            "other_treatment": None,
            "day_off": None,
            "illness": None,
            "travel": None,
            "note": "bad night",
        }
    ]
    assert not skipped
    assert summaries[0].log_kind == "diary"


def test_the_afternoon_is_told_beside_the_morning() -> None:
    rows, skipped, _ = read("date,pain_morning,pain pm\n2026-05-31,3,5\n2026-06-01,,11\n2026-06-02,4,\n")

    assert [(row["pain_morning"], row["pain_afternoon"]) for row in rows] == [(3, 5), (4, None)]
    assert [item.reason for item in skipped] == ["pain_afternoon '11' is not between 0 and 10"]


def test_blank_is_not_told_and_zero_is_none() -> None:
    rows, _, _ = read(f"{HEADER}\n2026-05-31,0,,none,keine,0,,,no,\n")

    row = rows[0]
    assert (row["pain"], row["medication_doses"], row["bed_rest_hours"], row["could_do_daily_activities"]) == (
        0,
        0,
        0,
        0,
    )
    assert (row["pain_morning"], row["doctor_visits"], row["mood"], row["note"]) == (None, None, None, None)


def test_a_date_alone_tells_nothing() -> None:
    rows, skipped, _ = read(f"{HEADER}\n2026-05-31,3,,,,,,,,\n2026-06-01,,,,,,,,,\n")

    assert [row["local_date"] for row in rows] == [date(2026, 5, 31)]
    assert not skipped


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (",3", "has no date"),
        ("2026-31-31,3", "date '2026-31-31' is not a day of the calendar"),
        ("2026-05-31,10.5", "pain '10.5' is not between 0 and 10"),
        ("2026-05-31,bad", "pain 'bad' is not a number"),
        ("2026-05-31,3,-1", "pain_morning '-1' is not between 0 and 10"),
        ("2026-05-31,3,,,101", "doses '101' is not between 0 and 100"),
        ("2026-05-31,3,,,,25", "bed_rest_hours '25' is not between 0 and 24"),
        ("2026-05-31,3,,,,,21", "doctor_visits '21' is not between 0 and 20"),
        ("2026-05-31,3,,,,,,0", "mood '0' is not between 1 and 5"),
        ("2026-05-31,3,,,,,,,perhaps", "could_do_daily_activities 'perhaps' is neither yes nor no; write 1 or 0"),
    ],
)
def test_a_value_off_its_scale_says_why_and_costs_no_other(line: str, said: str) -> None:
    rows, skipped, _ = read(f"{HEADER}\n{line}\n2026-06-01,3\n")

    assert [item.reason for item in skipped] == [said]
    assert [row["place"] for row in rows] == (["row 2", "row 3"] if line.startswith("2026-05-31,3") else ["row 3"])
    assert skipped[0].is_kept is (len(rows) == 2)


@pytest.mark.parametrize("word", ["yes", "Ja", "oui", "sí", "sim", "1", "x", "TRUE"])
def test_yes_reads_in_many_languages(word: str) -> None:
    assert read(f"date,pain,could_do_daily_activities\n2026-05-31,3,{word}\n")[0][0]["could_do_daily_activities"] == 1


def test_what_else_happened_is_yes_no_or_not_told() -> None:
    rows, skipped, _ = read(
        "date,pain,other treatment,day off,illness,travel\n"
        "2026-05-31,3,physio and yoga,x,no,none\n2026-06-01,3,,,,\n2026-06-02,3,no,0,flu,Paris\n"
    )

    told = [(row["other_treatment"], row["day_off"], row["illness"], row["travel"]) for row in rows]
    assert told == [(1, 1, 0, 0), (None, None, None, None), (0, 0, None, None)]
    assert [item.reason for item in skipped] == [
        "illness 'flu' is neither yes nor no; write 1 or 0; travel 'Paris' is neither yes nor no; write 1 or 0"
    ] or [item.value for item in skipped] == ["flu", "Paris"]


@pytest.mark.parametrize(
    "heading",
    ["andere Behandlung,Urlaub,krank,Reise", "autre traitement,jour de congé,malade,voyage",
     "otro tratamiento,día libre,enfermo,viaje", "altro trattamento,ferie,malattia,viaggio",
     "andere behandeling,vrije dag,ziek,reis", "anden behandling,fridag,syg,rejse",
     "outro tratamento,folga,doença,viagem", "inne leczenie,dzień wolny,choroba,podróż",
     "jiné ošetření,volno,nemoc,cesta", "другое лечение,выходной,болезнь,поездка", "他の治療,休日,病気,旅行"],
)  # fmt: skip
def test_what_else_happened_is_named_in_many_languages(heading: str) -> None:
    row = read(f"date,pain,{heading}\n2026-05-31,3,1,0,1,0\n")[0][0]

    assert (row["other_treatment"], row["day_off"], row["illness"], row["travel"]) == (1, 0, 1, 0)


def test_an_ambiguous_diary_is_refused_with_the_remedy() -> None:
    rows, skipped, _ = read("date,pain\n05/06/2026,3\n")

    assert not rows
    assert skipped[0].place == "file"
    assert "Write the dates as 2026-05-31" in skipped[0].reason


def test_a_diary_without_its_columns_says_so() -> None:
    assert read("one,two\n")[1][0].reason.startswith("No row of diary.csv names the columns of a diary.")


def test_headings_alone_are_an_empty_diary() -> None:
    assert read(f"{HEADER}\n")[:2] == ([], [])


def massages_of(content: str) -> tuple[list[tuple[date, float | None]], list[str], str]:
    """Dates and minutes of the massages that a diary tells of, the places that do not say, and the kind of log."""
    rows, skipped, summaries = read(content)
    massages = [(row["local_date"], row["massage_min"]) for row in rows if "massage_min" in row]
    return massages, [item.place for item in skipped], summaries[0].log_kind  # type: ignore[return-value]


def test_a_column_massage_makes_massages_of_its_days() -> None:
    assert massages_of(
        "date,massage,pain\n2026-05-01,yes,5\n2026-05-02,no,4\n2026-05-03,,4\n2026-05-04,60 min,3\n"
    ) == (
        [(date(2026, 5, 1), None), (date(2026, 5, 4), 60.0)],
        ["row 4"],
        "diary+massages",
    )


def test_where_only_massages_are_marked_a_day_without_a_mark_had_none() -> None:
    assert massages_of("date,massage,pain\n2026-05-01,x,5\n2026-05-02,,4\n2026-05-03,,\n2026-05-04,x,\n") == (
        [(date(2026, 5, 1), None), (date(2026, 5, 4), None)],
        [],
        "diary+massages",
    )
