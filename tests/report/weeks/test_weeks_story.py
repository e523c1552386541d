"""The stories of one month made by hand: what is said of each day, where it comes from, what was left out."""

from datetime import date, datetime

import days_by_hand as by_hand
import pytest

from recovery.report.weeks.months import Month
from recovery.report.weeks.person import person_of
from recovery.report.weeks.reading import month_rows
from recovery.report.weeks.story import MOST_LETTERS, Story, stories_of
from recovery.words import weeks

HOSTILE = "<script>alert(1)</script>"


def stories(connection: by_hand.duckdb.DuckDBPyConnection, month: Month) -> dict[int, Story]:
    person = person_of(connection, "me")
    found = stories_of(person, month.days, month_rows(connection, "me", month, person.relations))
    return {story.day.day: story for story in found}


@pytest.fixture(scope="module")
def october() -> dict[int, Story]:
    """October 2026 of a person in Berlin, with another person beside it."""
    connection = by_hand.database()
    for number in range(1, 9):  # usual days, so that there is a usual one: 9,800 steps
        by_hand.day(connection, f"2026-09-0{number}", steps=9800, pain=4)
    by_hand.day(
        connection, "2026-10-05", steps=9900, distance_m=5300, still_min=700, asleep_min=440, pain=4,
        resting_heart_rate_bpm=54, worn_min=1300, is_valid_day=True, rest_from_hour=8, rest_to_hour=22,
        night_status="recorded", night_confidence=1, days_since_massage=9,
    )  # fmt: skip
    connection.execute(
        "insert into nights (subject, night_date, ordinal, onset_local, wake_local, asleep_min, source) values"
        " ('me', '2026-10-05', 1, -45, 405, 440, 'garmin:7'), ('me', '2026-10-05', 2, 840, 870, 25, 'garmin:7')"
    )
    by_hand.day(connection, "2026-10-06", steps=2581, worn_waking_min=313, is_valid_day=False, night_status="inferred",
                night_confidence=0.7, is_massage_day=True, days_since_massage=0)  # fmt: skip
    by_hand.massage(connection, "2026-10-06T23:30", 60, technique="deep tissue", areas="lower back", pain_before=6,
                    pain_after=3, note=HOSTILE)  # fmt: skip
    by_hand.massage(connection, "2026-10-06", None, status="no-show")
    by_hand.day(connection, "2026-10-07", steps=14000, excluded_for="flu", is_valid_day=False, days_since_massage=1)
    by_hand.day(connection, "2026-10-08", steps=100, incomplete_sources="garmin:7, phone", is_valid_day=False,
                days_since_massage=2)  # fmt: skip
    by_hand.day(connection, "2026-10-09")
    connection.execute("insert into unknown_days values ('me', '2026-10-10', 'massages.csv', 'row 7', 'no date')")
    connection.execute("insert into diary values ('me', '2026-10-05', 4, ?)", [f"{HOSTILE} \x1b[31m {'x' * 999}"])
    by_hand.minutes(connection, "2026-10-24T22:00", 120, ("asleep", 180))
    by_hand.minutes(connection, "2026-10-25T01:00", 60, ("asleep", 300), ("still", 1020))
    by_hand.day(connection, "2026-10-25", steps=9000)
    by_hand.reported(connection, "2026-10-05", "garmin:7", "steps", reported=9900, counted=9900)
    by_hand.reported(connection, "2026-10-05", "phone", "steps", reported=3200, counted_by_other=3200)
    by_hand.reported(connection, "2026-10-05", "garmin:7", "heart_rate_bpm", reported=20, counted=8, rejected=12,
                     reason="above every age formula")  # fmt: skip
    by_hand.reported(connection, "2026-10-05", "garmin:7", "awake_min", reported=40, cut=40)
    by_hand.reported(connection, "2026-10-05", "garmin:7", "recovery_high_min", reported=9, rejected=9,
                     reason="no metric is made of it")  # fmt: skip
    connection.executemany(
        "insert into files (path, subject, status, first_utc, last_utc) values (?, ?, 'loaded', ?, ?)",
        [("b.fit", "me", datetime(2026, 10, 5, 3), datetime(2026, 10, 5, 9)),
         ("a.fit", "me", datetime(2026, 10, 4), datetime(2026, 10, 5, 12)),
         ("diary.csv", "me", datetime(2026, 1, 1), datetime(2026, 12, 31)),
         ("anna/secret.fit", "anna", datetime(2026, 10, 5), datetime(2026, 10, 5, 12))],
    )  # fmt: skip
    by_hand.day(connection, "2026-10-11", "anna", steps=1)
    by_hand.massage(connection, "2026-10-05T18:00", 60, "anna", technique="anna's own")
    return stories(connection, Month(2026, 10))


def test_a_day_is_told_in_sentences(october: dict[int, Story]) -> None:
    assert october[5].title == "Monday 5 October 2026"
    assert october[5].sentences == [
        "Pain of the day: 4 of 10.",
        "9,900 steps, about as on your usual day (9,800).",
        "Slept 7 h 20 in the night before, from 23:15 to 6:45.",
        "Slept 25 min by day.",
    ]


def test_a_massage_is_told_with_what_the_list_says(october: dict[int, Story]) -> None:
    assert october[6].sentences == [
        "Massage at 23:30: 60 minutes, deep tissue, lower back.",
        "Pain 6 before it and 3 right after.",
        "A massage was written down that did not take place (no-show).",
        "Pain was not told.",
        "2,600 steps: 7,200 fewer than on your usual day (9,800).",
        weeks.NIGHT_INFERRED,
        "This day is not compared with others: the device was worn for 5 h 13 of the time you were up.",
    ]


def test_the_day_after_a_massage_over_midnight_tells_until_when(october: dict[int, Story]) -> None:
    assert october[7].sentences[:2] == [
        "The massage that began the evening before went on until 0:30.",
        "The day after a massage.",
    ]
    assert "14,000 steps: 4,200 more than on your usual day (9,800)." in october[7].sentences
    assert october[7].sentences[-1] == "This day is left out of all comparisons, as your settings say: flu."


def test_a_day_that_is_not_over_says_so(october: dict[int, Story]) -> None:
    assert october[8].sentences[0] == "2 days after a massage."
    assert october[8].sentences[-1] == "More of this day may come with the next export (Garmin (7) and Phone)."


def test_the_day_on_which_the_clocks_changed_says_how_long_it_was(october: dict[int, Story]) -> None:
    assert "The clocks changed, so this day had 25 hours." in october[25].sentences
    assert october[25].lanes
    assert october[25].lanes.length == 1500


def test_a_day_on_which_a_massage_may_lie_says_why(october: dict[int, Story]) -> None:
    assert october[10].sentences[0] == (
        "Whether you had a massage is not known: row 7 of massages.csv could not be read and may be of this day."
    )


def test_days_of_which_nothing_is_known_have_no_story_and_others_lead_to_each_other(october: dict[int, Story]) -> None:
    assert [*october] == [5, 6, 7, 8, 10, 25]
    assert (october[8].before, october[8].after) == ("d2026-10-07", "d2026-10-10")
    assert (october[5].before, october[25].after) == ("", "")


def test_totals_stand_by_their_source(october: dict[int, Story]) -> None:
    assert october[5].measured == [
        (
            "Garmin (7)",
            [
                "Steps: 9,900", "Distance: 5,300 metres", "Awake, at rest: 11 h 40 (from 8:00 to 22:00)",
                "Asleep: 7 h 20", "Resting heart rate: 54 beats a minute",
            ],
        )
    ]  # fmt: skip


def test_numbers_lead_back_to_sources_and_files(october: dict[int, Story]) -> None:
    exact = "Steps: 9,900; Asleep: 440 minutes; Awake, at rest: 700 minutes"

    assert october[5].origin == [
        f"Garmin (7), minute by minute: {exact}.",
        "Steps: Garmin (7) 9,900 and Phone 3,200. Counted: 9,900.",
        "The device was worn for 21 h 40 of this day.",
        "Files around this day: b.fit, a.fit and 1 more.",
    ]


def test_what_was_left_out_is_told_in_plain_words(october: dict[int, Story]) -> None:
    assert october[5].left_out == [
        "40 min awake at night, Garmin (7): it overlaps another record of the same device.",
        "12 readings of the heart rate, Garmin (7): it cannot be right, or cannot be used (above every age formula).",
        "3,200 steps, Phone: another device counts for these hours.",
    ]
    assert october[6].left_out == []


def test_what_was_written_down_is_shown_without_control_characters_and_not_endless(october: dict[int, Story]) -> None:
    assert october[6].logged == [("Note", HOSTILE)]
    ((label, note),) = october[5].logged
    assert label == "Note"
    assert note.startswith(f"{HOSTILE} \\x1b[31m xxx")
    assert len(note) < 320


def test_nothing_of_another_person_is_told(october: dict[int, Story]) -> None:
    assert "anna" not in repr(october)


def test_a_month_of_much_that_is_written_is_told_shorter() -> None:
    connection = by_hand.database()
    connection.execute("create temp table may as select '2026-05-01'::date + n::int as day from range(31) as days (n)")
    connection.execute("insert into diary select 'me', day, 4, repeat('long ', 400) from may")
    connection.execute(
        "insert into ledger select 'me', day, source, 'steps', 9, 0, 4, 0, 2, 3, 0, repeat('why ', 90), 0"
        " from may cross join (select unnest(['garmin:7', 'phone', 'fitbit']) as source)"
    )

    found = stories(connection, Month(2026, 5))

    told = sum(len(repr((one.sentences, one.logged, one.left_out, one.origin))) for one in found.values())
    assert told < 1.5 * MOST_LETTERS
    assert found[1].left_out[-1] == "and 6 more"


def test_the_first_days_have_no_usual_day() -> None:
    connection = by_hand.database()
    by_hand.day(connection, "2026-10-05", steps=9900)

    assert stories(connection, Month(2026, 10))[5].sentences[:1] == ["9,900 steps."]


def test_one_question_a_relation_is_enough_for_a_month() -> None:
    connection = by_hand.database()
    by_hand.day(connection, "2026-10-05", steps=9900)
    person = person_of(connection, "me")
    month = Month(2026, 10)

    rows = month_rows(connection, "me", month, person.relations)

    assert set(rows.daily) == {date(2026, 10, 5)}
    assert month_rows(connection, "me", month, {"files": set()}).daily == {}  # an earlier version published less
