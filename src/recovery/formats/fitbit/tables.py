"""Fitbit's CSV files: Google's newer ones (`Physical Activity_GoogleData`, `Health Fitness Data_GoogleData`) and those
of the older folders (heart rate variability, oxygen, respiratory rate, paired devices).

What we know of them, from a real export of a Charge 5 (older folders only) and other people's reports:

- Google's `timestamp` is UTC with a Z. In files by day (`daily_*`) it is 00:00 or 12:00 of the local date: a date.
- `Heart Rate Variability Details` carry the local wall clock: in that export 99.6 % of 5,008 readings lie within a
  night as local time, 90 % an hour later. `Minute SpO2` is UTC as it says: 93 % of the valid readings lie within a
  night as UTC, 87 % as local time.
- The daily summary of heart rate variability has the date on which the night ends, whatever its file's name says.
- Oxygen of exactly 50 is written where none could be measured: a fifth of that export, no other value below 70.
- `data source` names who counted: a device (also by its code name), the app or phone (`MobileTrack`, `Google Health
  App`, `Fitbit App`), or a mirror of what another app sent (`... Health Connect`, `... Health Kit`, `... Web API`).
  Devices and files without the column are the source `fitbit`, the phone `fitbit:app`, each mirror its own. What the
  app writes of whole days it computed from the device, so there it is `fitbit` too, and mirrors are left out.
- Devices give whole minutes; phones and mirrors any second, sometimes two within a minute: a row then lasts until the
  next of its source.
- A night may come from several versions of Google's algorithm: the highest counts.
- `minutes_to_fall_asleep` is 0 where nobody pressed a button: not measured.
"""

import re
from collections.abc import Sequence

from recovery.formats.export_table import cells_of
from recovery.formats.fitbit import csv_rows, csv_series
from recovery.formats.fitbit.file import Kind, Reading
from recovery.words.say import say

NO_DATA = say("known and not needed: it says itself that it holds no data")
KCAL = r"kilocalor|kcal"
LOWEST_SPO2 = 50.0  # written where nothing was measured
PERCENT = 100.0


def reading_of(name: str, head: bytes) -> Reading | str | None:
    """How a CSV file is read, by its name and its header; why it is not needed; None where it is not known.

    `name` is the file's own, without folders; `head` its first bytes.
    """
    kind = next((kind for pattern, kind in KINDS if pattern.fullmatch(name)), None)
    if kind is None:
        return None
    if head.strip(b' \t\r\n"').lower() == b"no data":
        return NO_DATA
    header = _header(head)
    return kind.reading if all(any(re.search(part, cell) for cell in header) for part in kind.columns) else None


def _header(head: bytes) -> list[str]:
    line = head.decode("utf-8-sig", errors="replace").partition("\n")[0]
    return [cell.strip().lower() for cell in cells_of(line)]


def _name(pattern: str) -> re.Pattern[str]:
    """Of one of Google's families: dated, numbered or neither."""
    return re.compile(pattern + r"(?:_\d{4}-\d\d-\d\d)?(?: ?\(\d+\))?\.csv")


KINDS: Sequence[tuple[re.Pattern[str], Kind]] = (
    (_name("steps"), csv_series.minutes("steps", "^steps$")),
    (_name("distance"), csv_series.minutes("distance_m", "^distance")),
    (_name("floors"), csv_series.minutes("floors", "^floors")),
    (_name("active_energy_burned"), csv_series.minutes("active_energy_kcal", KCAL)),
    (_name("active_minutes"), csv_series.active_minutes()),
    (_name("heart_rate"), csv_series.readings("heart_rate_bpm", "^beats per minute$")),
    (
        _name("heart_rate_variability"),
        csv_series.readings("hrv_rmssd_ms", "^root mean square of successive differences"),
    ),
    (_name("oxygen_saturation"), csv_series.readings("spo2_share", "^oxygen saturation", PERCENT, LOWEST_SPO2)),
    (_name("daily_resting_heart_rate"), csv_rows.days("resting_heart_rate_bpm", "^beats per minute$")),
    (_name("daily_heart_rate_variability"), csv_rows.days("hrv_rmssd_ms", "^average heart rate variability")),
    (_name("daily_respiratory_rate"), csv_rows.days("respiration_rate", "^breaths per minute$")),
    (_name("daily_oxygen_saturation"), csv_rows.days("spo2_mean_share", "^average", PERCENT)),
    (_name("UserSleeps"), Kind(("^sleep_id$", "^sleep_start$", "^sleep_end$", "utc_offset$"), csv_rows.sleeps)),
    (_name("UserSleepStages"), Kind(("^sleep_id$", "^sleep_stage_start$", "^sleep_stage_type$"), csv_rows.stages)),
    (_name("UserExercises"), Kind(("^exercise_start$", "^exercise_end$", "^utc_offset$"), csv_rows.exercises)),
    (
        re.compile(r"Heart Rate Variability Details - .*\.csv"),
        csv_series.readings("hrv_rmssd_ms", "^rmssd$", also="^coverage$"),
    ),
    (re.compile(r"Daily Heart Rate Variability Summary - .*\.csv"), csv_rows.days("hrv_rmssd_ms", "^rmssd$")),
    (
        re.compile(r"Daily Respiratory Rate Summary - .*\.csv"),
        csv_rows.days("respiration_rate", "^daily_respiratory_rate$"),
    ),
    (re.compile(r"Minute SpO2 - .*\.csv"), csv_series.readings("spo2_share", "^value$", PERCENT, LOWEST_SPO2)),
    (re.compile(r"Daily SpO2 - .*\.csv"), csv_rows.days("spo2_mean_share", "^average_value$", PERCENT)),
    (re.compile(r"Trackers\.csv"), Kind(("^date_added$", "^device_type$"), csv_rows.trackers)),
)
