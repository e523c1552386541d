"""WHOOP's export (`physiological_cycles`, `sleeps`, `workouts`, `journal_entries`), in five languages.

What we know of it, from a real one (304 cycles, 333 sleeps, ten months) and other people's programs and reports:

- File names and headings are translated (English, German, Spanish, French, Portuguese), some only in part. A heading is
  known by a piece of it without accents. There are no steps and no minutes of heart rate.
- Times have no zone; a column beside says what local time is ahead of UTC (`UTC-07:00`, `UTCZ`). Reports disagree
  whether the times are local or UTC. Each file is read both ways, and the one counts whose nights have their middle
  nearer to half past three, if that is clear by two hours; in the real file local time is (1.6 h against 5.3 h). Where
  it is not clear, as near Greenwich, they are local, and each record says that this was assumed.
- A cycle lasts from sleep to sleep; the last one has no end. `(cal)` are kilocalories of all that the body burns, rest
  included, so they are not read. Of sleep stages there are only the minutes.
- The minutes in bed are up to 5 fewer than those from the first to the last time of a sleep, and the efficiency is not
  quite the minutes asleep by those in bed: both are read as WHOOP gives them.
- The same night stands in two files: one source and one start, so that it is one here.
- A massage is an answer `true` in the journal to a question that names one, or an activity of that name. The export
  does not say which day an answer is about; it is counted on the day that its cycle was lived: the date twelve hours
  after the cycle began. `false`, and no answer, say nothing here: the journal is asked on some days only, so it
  does not vouch for the days between its answers as a massage log does. Other answers are never loaded.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import NamedTuple

from recovery.formats.entries import Claim, Context, Entry, Tree
from recovery.formats.export_table import Instant, Row, TableFile, amount, headings, measured, offsets, plain
from recovery.formats.massage_words import names_massage, number_places
from recovery.formats.records import (
    Activity,
    ClockOffset,
    Massage,
    Skipped,
    SleepSession,
    Yielded,
    batch_of_rows,
    day_values,
)
from recovery.formats.times import iso_time, offset_s, within_years
from recovery.home import clock
from recovery.vocabulary.massages import MAX_MASSAGE_MIN
from recovery.words.say import say

LABEL = "WHOOP (export)"
VERSION = 5
USES_LOCAL_TIME = True  # only where the zone of a cycle cannot be read

SOURCE = "whoop"
MAX_BYTES = 100_000_000  # ten years have one or two
LONGEST = timedelta(hours=24)
MIN_NIGHTS = 5
CLEAR_HOURS = 2.0
MIDDLE_OF_NIGHT_HOURS = 3.5  # the middle of sleep of most people, 2 to 5 o'clock
TO_MIDDLE_OF_NIGHT = timedelta(hours=4)  # from the begin of a cycle, where there is no sleep
TO_DAY = timedelta(hours=12)  # from the begin of a cycle into the day that was lived in it
PERCENT = 100.0
LOWEST_SPO2_SHARE = 0.5
MAX_TEXT = 2000
ZONE = re.compile(r"(?:UTC|GMT)?\s*(?:([+-])(\d{1,2}):?(\d\d)?|Z?)", re.IGNORECASE)
YES = frozenset(("true", "yes", "y", "1", "ja", "wahr", "si", "verdadero", "oui", "vrai", "sim", "verdadeiro"))
NO = frozenset(("false", "no", "n", "0", "nein", "falsch", "falso", "non", "faux", "nao"))
NO_MOVEMENT = re.compile(r"medita|sauna|steam|ice bath|breath|compression|massage|nap\b|stimulat|sleep", re.IGNORECASE)

# A heading is the first of these of which it holds a piece. Facts of the five languages, accents folded.
HEADINGS: Mapping[str, str] = {
    "question": "questiontext|fragetext|textodelapregunta|textedelaquestion|textodepergunta|textodapergunta",
    "answer": "answeredyes|beantwortetmitja|respondiosi|reponduoui|reponseoui|respondeusim",
    "workout_start": "workoutstart|startzeitdestrainings|horadeiniciodelentrenamiento|heurededebutdelentrainement|"
    "horadeiniciodotreino",
    "workout_end": "workoutend|endzeitdestrainings|horadefinalizaciondelentrenamiento|heuredefindelentrainement|"
    "horadefimdotreino",
    "activity": "activityname|namederaktivitat|nombredelaactividad|nomdelactivite|nomedaatividade",
    "distance": "distancemeters|distanz|distancia|distancem",
    "cycle_start": "cyclestart|startzeitdeszyklus|horadeiniciodelciclo|heurededebutducycle|horadeiniciodociclo",
    "zone": "cycletimezone|zeitzonedeszyklus|zonahorariadelciclo|fuseauhoraireducycle|fusohorariodociclo",
    "onset": "sleeponset|beginndesschlafs|iniciodelsueno|premierssignesdesommeil|iniciodosono",
    "wake": "wakeonset|beginndesaufwachens|iniciodelavigilia|premierssignesdereveil|iniciodavigilia",
    "light": "lightsleepduration|leichtschlaf|suenoligero|sommeilleger|sonoleve",
    "deep": "deepsws|deepsleepduration|tiefschlaf|suenoprofundo|sommeilprofond|profundosono|sonoprofundo",
    "rem": "remduration|remschlaf|suenorem|sommeilparadoxal|duracaorem",
    "awake": "awakeduration|dauerdesaufwachens|tempodespierto|tiempodespierto|tempsdeveil|duracaodevigilia",
    "asleep": "asleepduration|schlafdauer|duraciondelsueno|dureedusommeil|duracaodosono",
    "in_bed": "inbedduration|dauerimbett|enlacama|aulit|nacama",
    "efficiency": "sleepefficiency|schlafeffizienz|eficiencia|efficacite",
    "resting": "restingheartrate|ruheherzfrequenz|cardiacaenreposo|cardiaqueaurepos|cardiacaemrepouso",
    "hrv": "heartratevariability|herzfrequenzvariabilitat|variabilidaddela|variabilitedela|variabilidadeda",
    "oxygen": "bloodoxygen|blutsauerstoff|oxigenoensangre|niveaudoxygene|oxigenionosangue",
    "breaths": "respiratoryrate|atemfrequenz|frecuenciarespiratoria|frequencerespiratoire|frequenciarespiratoria",
}
EXACT: Mapping[str, str] = {
    "nap": "nap|nickerchen|siesta|sieste|sesta",
    "note": "notes|anmerkungen|notas|remarques",
}
NIGHT_VALUES: Mapping[str, str] = {"light": "light_min", "deep": "deep_min", "rem": "rem_min", "in_bed": "in_bed_min"}
CYCLE_VALUES: Mapping[str, str] = {
    "resting": "resting_heart_rate_bpm",
    "hrv": "hrv_rmssd_ms",
    "breaths": "respiration_rate",
}


@dataclass
class Export:
    """One file with its rows under our names, and how its times are read."""

    file: TableFile
    rows: list[Row]
    is_utc: bool = False
    is_decided: bool = False

    def instant(self, row: Row, name: str) -> Instant:
        """A time of a row. Raises ValueError, KeyError or OverflowError where it is none."""
        wall = _wall(row.cells[name])
        offset_s = _offset_s(row)
        if offset_s is None:
            return Instant(within_years(self.file.context.to_utc(wall)), None, True, wall)
        utc = within_years(wall if self.is_utc else wall - timedelta(seconds=offset_s))
        return Instant(utc, offset_s, not self.is_decided and offset_s != 0)


def claims(tree: Tree) -> Iterator[Claim]:
    """The four files wherever they lie, by their headings."""
    return (Claim(entry.path) for entry in tree if _kind(entry) is not None)


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Sleep, day values, activities, massages and offsets; each file ends with its summary."""
    for number, entry in enumerate(files):
        file = TableFile(number, entry, context)
        kind = _kind(entry)
        if kind is None or entry.size > MAX_BYTES:
            yield Skipped(number, "", say("this is not one of the WHOOP files that are read"))
            continue
        names = _names(entry)
        rows: list[Row] = []
        file.is_private = kind is _journal
        for row in file.rows():
            if isinstance(row, Skipped):
                yield row
            else:
                rows.append(Row(row.place, {names[name]: cell for name, cell in row.cells.items() if name in names}))
        yield from kind(_decided(file, rows))
        yield file.summary()


def _names(entry: Entry) -> dict[str, str]:
    """Our name of each plain heading that we know."""
    names: dict[str, str] = {}
    for heading in headings(entry.head):
        folded = _folded(heading)
        name = next((name for name, exact in EXACT.items() if folded in exact.split("|")), None) or next(
            (name for name, pieces in HEADINGS.items() if any(piece in folded for piece in pieces.split("|"))), None
        )
        if name and name not in names.values():
            names[plain(heading)] = name
    return names


def _folded(heading: str) -> str:
    letters = unicodedata.normalize("NFKD", heading.casefold())
    return plain("".join(letter for letter in letters if not unicodedata.combining(letter)))


def _kind(entry: Entry) -> "Callable[[Export], Iterator[Yielded]] | None":
    names = set(_names(entry).values())
    return next((reading for needed, reading in KINDS if names >= needed), None)


# ---- time ------------------------------------------------------------------------------------------------------------


def _decided(file: TableFile, rows: list[Row]) -> Export:
    """Whether the times of a file are local or UTC, by where the middles of its nights lie."""
    export = Export(file, rows)
    middles = [middle for row in rows if (middle := _middle(row))]
    abroad = [(wall, offset_s) for wall, offset_s in middles if offset_s]
    if not abroad:
        export.is_decided = bool(middles)
        return export
    as_local, as_utc = (
        median(_hours_off(wall + timedelta(seconds=offset_s * is_utc)) for wall, offset_s in abroad)
        for is_utc in (False, True)
    )
    export.is_decided = len(abroad) >= MIN_NIGHTS and abs(as_local - as_utc) >= CLEAR_HOURS
    export.is_utc = export.is_decided and as_utc < as_local
    clock_of_file = "UTC" if export.is_utc else say("local time")
    why = (
        say("as the middles of its nights have it")
        if export.is_decided
        else say("nothing in the file tells it from UTC")
    )
    file.messages.append(say("its times are read as {clock_of_file}: {why}", clock_of_file=clock_of_file, why=why))
    return export


def _middle(row: Row) -> tuple[datetime, int] | None:
    """The middle of a main sleep as the file writes it, and the offset beside it."""
    if row.cells.get("nap", "").lower() in YES:
        return None
    try:
        offset_s = _offset_s(row)
        if row.cells.get("onset"):
            onset, wake = _wall(row.cells["onset"]), _wall(row.cells["wake"])
            middle = onset + (wake - onset) / 2
        elif "onset" in row.cells:
            return None
        else:
            middle = _wall(row.cells["cycle_start"]) + TO_MIDDLE_OF_NIGHT
        within_years(middle)
    except (ValueError, KeyError, OverflowError):
        return None
    return None if offset_s is None else (middle, offset_s)


def _hours_off(middle: datetime) -> float:
    """Hours between a time of day and the usual middle of the night, the shorter way round."""
    off = abs(middle.hour + middle.minute / 60 - MIDDLE_OF_NIGHT_HOURS)
    return min(off, 24 - off)


def _wall(text: str) -> datetime:
    wall = iso_time(text)
    if wall.tzinfo is not None:
        raise ValueError(text)
    return wall


def _offset_s(row: Row) -> int | None:
    """What local time is ahead of UTC by the column beside; None where it cannot be read."""
    zone = ZONE.fullmatch(row.cells.get("zone", "none"))
    return offset_s(*zone.groups()) if zone else None


def _offsets(instants: Sequence[Instant]) -> list[ClockOffset]:
    """Rows of `clock_offsets`; `UTCZ` also stands where the strap did not know its zone."""
    return offsets(SOURCE, [moment for moment in instants if moment.offset_s])


# ---- sleeps and cycles -----------------------------------------------------------------------------------------------


def _nights(export: Export) -> Iterator[Yielded]:
    file = export.file
    sessions: list[SleepSession] = []
    days: dict[date, tuple[float, dict[str, float]]] = {}
    instants: list[Instant] = []

    def take(row: Row) -> None:
        is_nap = _is_nap(row)
        start = export.instant(row, "onset") if row.cells["onset"] else None
        end = export.instant(row, "wake") if start else None
        asleep, awake = amount(row.cells.get("asleep")), amount(row.cells.get("awake"))
        if start and end and not timedelta() < end.utc - start.utc <= LONGEST:
            raise ValueError(row.cells["wake"])
        day = _day_of(export, row, end)
        values = {} if is_nap else _values(row, bool(asleep))
        if values and (asleep or 0.0) >= days.get(day, (0.0, {}))[0]:  # the longer of two main sleeps
            days[day] = (asleep or 0.0, values)
        if not start or not end or not asleep:
            file.left_out[say("sleep without a minute asleep") if start else say("cycle without sleep")] += 1
            return
        instants.append(start)
        file.saw(end.utc)
        sessions.append(
            {
                "source": SOURCE,
                # as written, so that a later export that shows whose clock it is replaces what an earlier one assumed
                "session_key": f"{row.cells['onset']} {row.cells.get('zone', '')}"[:MAX_TEXT],
                "start_utc": start.utc,
                "end_utc": end.utc,
                "kind": "nap" if is_nap else "main",
                "tz_assumed": start.is_assumed,
                "asleep_min": asleep,
                "awake_min": awake,
                "is_in_bed_recorded": True,
                "reported_start_local": start.local,
                "reported_end_local": end.local,
            }
        )

    yield from file.each(take, export.rows)
    yield batch_of_rows("sleep_sessions", file.number, sessions)
    found = ((day, metric, value) for day, (_, values) in days.items() for metric, value in values.items())
    yield day_values(file.number, SOURCE, found)
    yield batch_of_rows("clock_offsets", file.number, _offsets(instants))


def _day_of(export: Export, row: Row, wake: Instant | None) -> date:
    """The date on which the night ends; without one, the day that was lived in the cycle."""
    moment = wake or export.instant(row, "cycle_start")
    wall = moment.wall or clock.to_local(moment.utc, export.file.context.zone_at(moment.utc.date()))
    return wall.date() if wake else (wall + TO_DAY).date()


def _is_nap(row: Row) -> bool:
    """Whether a sleep is a nap. Raises ValueError where the word is neither yes nor no."""
    word = row.cells.get("nap", "").lower()
    if word and word not in YES and word not in NO:
        raise ValueError(word)
    return word in YES


def _values(row: Row, is_asleep: bool) -> dict[str, float]:
    """Values of the date beside the night itself."""
    found: dict[str, float | None] = {metric: measured(row.cells.get(name)) for name, metric in CYCLE_VALUES.items()}
    if is_asleep:
        found |= {metric: amount(row.cells.get(name)) for name, metric in NIGHT_VALUES.items()}
        efficiency = measured(row.cells.get("efficiency"))
        found["efficiency_share"] = efficiency / PERCENT if efficiency and efficiency <= PERCENT else None
    oxygen = measured(row.cells.get("oxygen"))
    found["spo2_mean_share"] = oxygen / PERCENT if oxygen and LOWEST_SPO2_SHARE < oxygen / PERCENT <= 1 else None
    return {metric: value for metric, value in found.items() if value is not None}


# ---- workouts --------------------------------------------------------------------------------------------------------


def _workouts(export: Export) -> Iterator[Yielded]:
    file = export.file
    activities: list[Activity] = []
    massages: list[Massage] = []
    instants: list[Instant] = []

    def take(row: Row) -> None:
        start, end = export.instant(row, "workout_start"), export.instant(row, "workout_end")
        if not timedelta() <= end.utc - start.utc <= LONGEST:
            raise ValueError(row.cells["workout_end"])
        distance = measured(row.cells.get("distance"))
        instants.append(start)
        file.saw(end.utc)
        sport = row.cells.get("activity", "")[:MAX_TEXT]
        if names_massage(sport):
            massages.append(_massage_at(row, start, end, sport))
        elif NO_MOVEMENT.search(sport):
            file.left_out[say("{lower}, which is no movement", lower=sport.lower())] += 1
        else:
            activities.append(
                {
                    "source": SOURCE,
                    "start_utc": start.utc,
                    "end_utc": end.utc,
                    "sport": sport.lower() or None,
                    "distance_m": distance,
                    "tz_assumed": True if start.local else None,
                }
            )

    yield from file.each(take, export.rows)
    number_places(massages)
    yield batch_of_rows("activities", file.number, activities)
    yield batch_of_rows("massages", file.number, massages)
    yield batch_of_rows("clock_offsets", file.number, _offsets(instants))


def _massage_at(row: Row, start: Instant, end: Instant, sport: str) -> Massage:
    minutes = (end.utc - start.utc) / timedelta(minutes=1)
    wall = start.wall or start.utc
    return {
        "place": f"activity {row.cells['workout_start']}",
        "origin": "whoop_export",
        "local_date": wall.date(),
        "start_local": start.wall,
        "start_utc": start.utc,
        "massage_min": minutes if 0 < minutes <= MAX_MASSAGE_MIN else None,
        "technique": sport,
        "status": "attended",
    }


# ---- journal ---------------------------------------------------------------------------------------------------------


def _journal(export: Export) -> Iterator[Yielded]:
    file = export.file
    massages: dict[tuple[str, str], Massage] = {}
    for row in export.rows:
        question, answer = row.cells.get("question", ""), _folded(row.cells.get("answer", ""))
        if not names_massage(question):
            file.left_out[say("answer to another question")] += 1
            continue
        if answer in NO or not answer:
            file.left_out[
                say("answer that there was no massage") if answer else say("question that was not answered")
            ] += 1
            continue
        try:
            if answer not in YES:
                raise ValueError(answer)
            begin = export.instant(row, "cycle_start")
            day = _day_of(export, row, None)
        except (KeyError, ValueError, OverflowError):
            yield file.unreadable(row, say("the answer or the time of this row cannot be read"))
            continue
        file.saw(begin.utc)
        massages[row.cells["cycle_start"], question] = {
            "place": f"journal {row.cells['cycle_start']} {question}"[:MAX_TEXT],
            "origin": "whoop_export",
            "local_date": day,
            "technique": question.strip(" ?¿")[:MAX_TEXT],
            "status": "attended",
            "note": row.cells.get("note", "")[:MAX_TEXT] or None,
        }
    if massages:
        file.messages.append(
            say(
                "the journal does not say which day an answer is about: its massages are counted on the day "
                "that the cycle was lived, and days without an answer stay unknown"
            )
        )
    yield batch_of_rows("massages", file.number, massages.values())


class Kind(NamedTuple):
    """The columns that a file of this kind has, and how it is read."""

    columns: frozenset[str]
    reading: Callable[[Export], Iterator[Yielded]]


KINDS: Sequence[Kind] = (
    Kind(frozenset(("cycle_start", "question", "answer")), _journal),
    Kind(frozenset(("cycle_start", "workout_start", "workout_end", "activity")), _workouts),
    Kind(frozenset(("cycle_start", "onset", "wake", "asleep")), _nights),
)
