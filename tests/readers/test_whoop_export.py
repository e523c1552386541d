"""What we know of WHOOP's export, with values worked out by hand."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from one_reader import Reading, entry, folder
from places import SAMPLES

from recovery.errors import UnreadableExportError

SAMPLES = SAMPLES / "whoop_export"
SLEEPS = "Cycle start time,Cycle timezone,Sleep onset,Wake onset,Asleep duration (min),Awake duration (min),Nap\n"
JOURNAL = "Cycle start time,Cycle end time,Cycle timezone,Question text,Answered yes,Notes\n"
WORKOUTS = "Cycle start time,Cycle timezone,Workout start time,Workout end time,Activity name\n"
IN_MANY_LANGUAGES = {
    "es": "Hora de inicio del ciclo,Hora de finalización del ciclo,Zona horaria del ciclo,Inicio del sueño,"
    "Inicio de la vigilia,Calificación del sueño (%),Frecuencia respiratoria (rpm),Duración del sueño (min),"
    "Tiempo en la cama (min),Duración de sueño ligero (min),Duración de sueño profundo (SWS) (min),"
    "Duración de sueño REM (min),Tempo despierto/a (min),Siesta",
    "fr": "Heure de début du cycle,Heure de fin du cycle,Fuseau horaire du cycle,Premiers signes de sommeil,"
    "Premiers signes de réveil,Performance sommeil %,Fréquence respiratoire (tr/min),Durée du sommeil (min),"
    "Temps passé au lit (min),Durée du sommeil léger (min),Durée du sommeil profond (min),"
    "Durée du sommeil paradoxal (min),Temps d’éveil (min),Sieste",
    "pt": "Hora de início do ciclo,Hora de fim do ciclo,Fuso horário do ciclo,Início do sono,Início da vigília,"
    "Desempenho do sono %,Frequência respiratória (rpm),Duração do sono (min),Duração na cama (min),"
    "Duração do sono leve (min),Duração profundo (Sono) (min),Duração REM (min),Duração de vigília (min),Sesta",
}


def whoop(text: str | bytes, zone: str = "Europe/Berlin") -> Reading:
    return Reading("whoop_export", [entry(text, "a.csv")], zone)


def nights(zone: str, onset: datetime, count: int = 6, hours: float = 8) -> str:
    rows = [
        f"{start},{zone},{start},{start + timedelta(hours=hours)},400,20,false\n"
        for start in (onset + timedelta(days=day) for day in range(count))
    ]
    return SLEEPS + "".join(rows)


def test_times_are_local_where_the_middles_of_the_nights_say_so() -> None:
    found = whoop(nights("UTC-07:00", datetime(2026, 5, 1, 23)))

    assert found.rows("sleep_sessions", "start_utc", "tz_assumed")[0] == (datetime(2026, 5, 2, 6), False)
    assert "read as local time: as the middles" in found.messages["a.csv"]


def test_times_are_utc_where_local_ones_would_make_a_person_sleep_at_noon() -> None:
    found = whoop(nights("UTC-07:00", datetime(2026, 5, 2, 6)))  # 23:00 on the day before in Los Angeles

    assert found.rows("sleep_sessions", "start_utc", "tz_assumed")[0] == (datetime(2026, 5, 2, 6), False)
    assert "read as UTC: as the middles" in found.messages["a.csv"]
    assert set(found.rows("clock_offsets", "offset_s")) == {(-25200,)}


def test_a_report_of_utc_from_the_east_coast_is_understood() -> None:
    # "UTC wake 10:41 at UTC-04:00": 06:41 on the clock
    found = whoop(nights("UTC-04:00", datetime(2026, 7, 1, 2, 41)))

    assert "read as UTC" in found.messages["a.csv"]
    assert found.rows("sleep_sessions", "end_utc")[0] == (datetime(2026, 7, 1, 10, 41),)


@pytest.mark.parametrize(("zone", "count"), [("UTC+01:00", 30), ("UTC-07:00", 4)])
def test_near_greenwich_or_of_few_nights_local_time_is_assumed_and_flagged(zone: str, count: int) -> None:
    found = whoop(nights(zone, datetime(2026, 1, 5, 23), count))

    assert set(found.rows("sleep_sessions", "tz_assumed")) == {(True,)}
    assert "nothing in the file tells it from UTC" in found.messages["a.csv"]


def test_at_greenwich_there_is_nothing_to_assume() -> None:
    found = whoop(nights("UTCZ", datetime(2026, 1, 5, 23)))

    assert found.rows("sleep_sessions", "start_utc", "tz_assumed")[0] == (datetime(2026, 1, 5, 23), False)
    assert found.rows("clock_offsets", "offset_s") == []


def test_a_zone_that_cannot_be_read_is_the_home_zone_and_flagged() -> None:
    found = whoop(nights("somewhere", datetime(2026, 1, 5, 23)))

    assert found.rows("sleep_sessions", "start_utc", "tz_assumed")[0] == (datetime(2026, 1, 5, 22), True)


def test_a_nap_tells_nothing_of_the_night() -> None:
    found = Reading("whoop_export", folder(SAMPLES / "english"))

    ((start, minutes),) = found.rows("sleep_sessions", "start_utc", "asleep_min", kind="nap")
    assert (start, minutes) == (datetime(2026, 3, 12, 18), 35.0)
    assert found.days("light_min")[date(2026, 3, 12)] == 420 - 86 - 110


def test_the_same_night_of_two_files_has_one_key() -> None:
    found = Reading("whoop_export", folder(SAMPLES / "english"))

    keys = [key for (key,) in found.rows("sleep_sessions", "session_key", kind="main")]
    assert len(keys) == 14
    assert len(set(keys)) == 7


def test_a_night_keeps_its_key_when_more_nights_show_whose_clock_it_is() -> None:
    few, many = (whoop(nights("UTC-07:00", datetime(2026, 5, 2, 6), count)) for count in (4, 5))

    assert few.rows("sleep_sessions", "session_key") == many.rows("sleep_sessions", "session_key")[:4]
    assert few.rows("sleep_sessions", "start_utc")[0] != many.rows("sleep_sessions", "start_utc")[0]


def test_a_night_is_of_the_date_it_ends() -> None:
    found = Reading("whoop_export", folder(SAMPLES / "english"))

    assert found.days("resting_heart_rate_bpm")[date(2026, 3, 6)] == 50.0
    assert found.days("hrv_rmssd_ms")[date(2026, 3, 12)] == 66.0
    assert found.days("spo2_mean_share")[date(2026, 3, 8)] == pytest.approx(0.962)


def test_oxygen_of_zero_is_no_measurement() -> None:
    found = Reading("whoop_export", folder(SAMPLES / "german"))

    assert found.days("spo2_mean_share") == {date(2026, 10, 26): pytest.approx(0.972)}


@pytest.mark.parametrize("language", sorted(IN_MANY_LANGUAGES))
def test_headings_are_known_by_pieces_without_accents(language: str) -> None:
    row = "2026-05-01 23:00:00,,UTC-05:00,2026-05-01 23:00:00,2026-05-02 07:00:00,90,14,450,480,240,90,120,30,false\n"
    found = whoop("\ufeff" + IN_MANY_LANGUAGES[language] + "\n" + row)

    assert found.rows("sleep_sessions", "asleep_min", "awake_min", "kind") == [(450.0, 30.0, "main")]
    stages = {metric: found.days(metric)[date(2026, 5, 2)] for metric in ("light_min", "deep_min", "rem_min")}
    assert stages == {"light_min": 240.0, "deep_min": 90.0, "rem_min": 120.0}
    assert found.days("respiration_rate") == {date(2026, 5, 2): 14.0}
    assert found.days("in_bed_min") == {date(2026, 5, 2): 480.0}


def test_minutes_in_bed_and_efficiency_are_those_that_whoop_gives() -> None:
    found = Reading("whoop_export", folder(SAMPLES / "german"))

    assert found.days("in_bed_min")[date(2026, 10, 25)] == 540.0
    assert set(found.days("efficiency_share").values()) == {0.92}


def test_the_german_files_are_read_under_their_german_names() -> None:
    found = Reading("whoop_export", folder(SAMPLES / "german"))

    assert set(found.claims.values()) == {""}
    assert found.rows("massages", "local_date", "technique") == [(date(2026, 10, 25), "Massage bekommen")]


def test_a_massage_of_the_journal_is_on_the_day_that_its_cycle_was_lived() -> None:
    found = Reading("whoop_export", folder(SAMPLES / "english"))

    tags = found.rows("massages", "local_date", "start_local", "note", "status", technique="Received massage therapy")
    assert tags == [
        (date(2026, 3, 10), None, "deep, lower back", "attended"), (date(2026, 3, 6), None, None, "attended"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("start", "day"),
    [
        ("2026-05-01 22:37:00", date(2026, 5, 2)),
        ("2026-05-02 02:10:00", date(2026, 5, 2)),
        ("2026-05-02 09:30:00", date(2026, 5, 2)),  # who works at night
    ],
)
def test_a_cycle_is_lived_on_the_date_twelve_hours_after_it_began(start: str, day: date) -> None:
    found = whoop(JOURNAL + f"{start},,UTC-05:00,Had a massage?,true,\n")

    assert found.rows("massages", "local_date") == [(day,)]


def test_no_and_no_answer_and_a_gun_are_no_massage_and_other_answers_are_never_loaded() -> None:
    found = Reading("whoop_export", folder(SAMPLES / "english"))

    tags = found.messages["journal_entries.csv"]
    assert "1 x answer that there was no massage" in tags
    assert "1 x question that was not answered" in tags
    assert "2 x answer to another question" in tags  # alcohol, massage gun
    assert "private" not in str(found.found)


def test_a_journal_does_not_vouch_for_the_days_between_its_answers() -> None:
    found = Reading("whoop_export", folder(SAMPLES / "english"))

    assert {item.log_kind for item in found.found if hasattr(item, "log_kind")} == {""}
    assert "days without an answer stay unknown" in found.messages["journal_entries.csv"]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("¿Recibiste un masaje?", "sí"),
        ("Massage erhalten?", "WAHR"),
        ("Recebeu massagem?", "sim"),
        ("Massage ?", "oui"),
    ],
)
def test_a_yes_is_known_in_many_languages(question: str, answer: str) -> None:
    found = whoop(JOURNAL + f"2026-05-01 22:37:00,,UTC-05:00,{question},{answer},\n")

    assert len(found.rows("massages", "local_date")) == 1


def test_the_same_answer_twice_is_one_massage() -> None:
    row = "2026-05-01 22:37:00,,UTC-05:00,Had a massage?,true,\n"

    assert len(whoop(JOURNAL + row + row).rows("massages", "place")) == 1


def test_a_massage_recorded_as_activity_has_its_time_and_is_no_movement() -> None:
    found = Reading("whoop_export", folder(SAMPLES / "english"))

    assert found.rows("massages", "start_local", "start_utc", "massage_min", technique="Massage Therapy") == [
        (datetime(2026, 3, 10, 19), datetime(2026, 3, 10, 23), 60.0)
    ]
    assert found.rows("activities", "sport", "distance_m") == [("walking", 3400.0)]
    assert "1 x percussive massage, which is no movement" in found.messages["workouts.csv"]


def test_two_massages_that_begin_together_have_places_of_their_own() -> None:
    row = "2026-05-01 22:37:00,UTC-05:00,2026-05-02 18:00:00,2026-05-02 19:00:00,Massage\n"

    places = {place for (place,) in whoop(WORKOUTS + row + row).rows("massages", "place")}
    assert places == {"activity 2026-05-02 18:00:00", "activity 2026-05-02 18:00:00 (2)"}


@pytest.mark.parametrize(
    "row",
    [
        "2026-05-01 23:00:00,UTC+02:00,2026-05-01 23:00:00,2026-05-01 22:00:00,400,20,false\n",
        "2026-05-01 23:00:00,UTC+02:00,2026-05-01 23:00:00,2026-05-04 22:00:00,400,20,false\n",
        "2026-05-01 23:00:00,UTC+02:00,2026-05-01 23:00:00,,400,20,false\n",
        "2026-05-01 23:00:00,UTC+02:00,0001-01-01 00:00:00,0001-01-01 08:00:00,400,20,false\n",
        "2026-05-01 23:00:00,UTC+02:00,2026-05-01T23:00:00+02:00,2026-05-02 07:00:00,400,20,false\n",
        "2026-05-01 23:00:00,UTC+02:00,2026-05-01 23:00:00,2026-05-02 07:00:00,many,20,false\n",
        "2026-05-01 23:00:00,UTC+02:00,2026-05-01 23:00:00\n",
    ],
)
def test_a_row_that_cannot_be_read_is_skipped_and_the_others_stand(row: str) -> None:
    good = "2026-05-02 23:00:00,UTC+02:00,2026-05-02 23:00:00,2026-05-03 07:00:00,400,20,false\n"
    found = whoop(SLEEPS + row + good)

    assert found.skipped == ["row 2"]
    assert len(found.rows("sleep_sessions", "kind")) == 1


@pytest.mark.parametrize(
    "text",
    [
        JOURNAL + "2026-05-01 22:37:00,,UTC-05:00,Had a massage?,perhaps,\n",
        JOURNAL + "yesterday,,UTC-05:00,Had a massage?,true,\n",
        WORKOUTS + "2026-05-01 22:37:00,UTC-05:00,2026-05-02 19:00:00,2026-05-02 18:00:00,Walking\n",
    ],
)
def test_what_cannot_be_read_says_where(text: str) -> None:
    found = whoop(text)

    assert found.skipped == ["row 2"]
    assert found.count == 0


def test_a_file_too_large_for_a_strap_is_not_read() -> None:
    huge = entry(SLEEPS, "sleeps.csv")
    object.__setattr__(huge, "size", 1 << 40)

    assert Reading("whoop_export", [huge]).count == 0


@pytest.mark.parametrize("text", ["Cycle start time,Flow\n2026-05-01,heavy\n", "Question text,Answered yes\na,b\n"])
def test_tables_that_only_resemble_ours_are_not_claimed(text: str) -> None:
    assert whoop(text).claims == {}


def test_the_real_export_is_read_whole(real: Path) -> None:
    files = folder(real / "whoop" / "apatino16__wearableDeviceDataAnalysis")
    found = Reading("whoop_export", files, "America/Los_Angeles")

    # 304 cycles, 7 of them without sleep; 333 sleeps, 32 of them naps, 4 without a minute asleep
    assert found.skipped == []
    assert len(set(found.rows("sleep_sessions", "session_key"))) == 329
    assert "7 x cycle without sleep" in found.messages["physiological_cycles.csv"]
    assert "4 x sleep without a minute asleep" in found.messages["sleeps.csv"]
    assert all("read as local time: as the middles" in message for message in found.messages.values())


def saved_again(stamp: str, number: str, delimiter: str = ";") -> Reading:
    """Nights as a spreadsheet writes them; 13 to 18 May tell the order of day and month."""
    rows = [SLEEPS.strip()] + [
        f"{datetime(2026, 5, day, 23, 10):{stamp}},UTC-05:00,{datetime(2026, 5, day, 23, 10):{stamp}},"
        f"{datetime(2026, 5, day + 1, 6, 40):{stamp}},420.5,20,FALSE"
        for day in range(12, 18)
    ]
    return whoop("\ufeff" + "\r\n".join(row.replace(",", delimiter).replace("420.5", number) for row in rows) + "\r\n")


@pytest.mark.parametrize(
    ("stamp", "number", "delimiter"),
    [
        ("%d/%m/%Y %H:%M", "420,5", ";"),
        ("%d.%m.%Y %H:%M:%S", "420,5", ";"),
        ("%m/%d/%Y %H:%M", "420.5", ","),
        ("%m/%d/%Y %I:%M:%S %p", "420.5", "\t"),
    ],
)
def test_an_export_saved_again_by_a_spreadsheet_is_read(stamp: str, number: str, delimiter: str) -> None:
    found = saved_again(stamp, number, delimiter)

    assert found.skipped == []
    assert found.rows("sleep_sessions", "session_key", "start_utc", "end_utc", "asleep_min")[0] == (
        "2026-05-12 23:10:00 UTC-05:00", datetime(2026, 5, 13, 4, 10), datetime(2026, 5, 13, 11, 40), 420.5,
    )  # fmt: skip


def test_dates_that_tell_no_order_refuse_the_file_with_a_sentence() -> None:
    text = SLEEPS.replace(",", ";") + "02/03/2026 23:10;UTC;02/03/2026 23:10;03/03/2026 06:40;420,5;20;FALSE\n"

    with pytest.raises(UnreadableExportError, match="day or the month"):
        whoop(text.replace("03/03", "04/03"))
