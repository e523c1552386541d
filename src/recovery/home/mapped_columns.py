"""What the columns of a mapped table say: numbers that are measured, or columns of a diary or a list of massages.

The rows of one table may be of several kinds, told apart by what a column holds (`where`): a row for each region of a
pain diary, a row for each tap of a tracker.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from recovery.errors import SettingsError
from recovery.words.say import say

LENGTHS = {"m": 1.0, "km": 1000.0, "cm": 0.01, "mi": 1609.344, "ft": 0.3048, "yd": 0.9144}
ENERGIES = {"kcal": 1.0, "cal": 0.001, "kJ": 1 / 4.184}
SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0}
MINUTES = {"min": 1.0, "s": 1 / 60, "h": 60.0}
UNITS: Mapping[str, Mapping[str, float]] = {  # by the end of a metric's name; the first is its own
    "_m": LENGTHS,
    "_kcal": ENERGIES,
    "_s": SECONDS,
    "_min": MINUTES,
    "_ms": {"ms": 1.0, "s": 1000.0},
    "_mps": {"m/s": 1.0, "km/h": 1 / 3.6, "mph": 0.44704},
    "_share": {"share": 1.0, "%": 0.01},
}
COUNTS = ("steps", "distance_m", "active_s", "active_energy_kcal", "floors", "moderate_s", "vigorous_s")
TIME_METRICS = (  # the names of records.SAMPLE_METRICS
    *COUNTS, "heart_rate_bpm", "resting_heart_rate_bpm", "stress", "is_worn", "respiration_rate", "spo2_share",
    "hrv_rmssd_ms", "hrv_sdnn_ms", "walking_speed_mps", "walking_asymmetry_share", "double_support_share",
)  # fmt: skip
DAY_METRICS = (  # those that sql/daily takes of whole days
    "steps", "distance_m", "floors", "active_energy_kcal", "moving_min", "moderate_min", "vigorous_min", "still_min",
    "asleep_min", "in_bed_min", "light_min", "deep_min", "rem_min", "nap_min", "latency_min", "waso_min", "awakenings",
    "efficiency_share", "resting_heart_rate_bpm", "hrv_rmssd_ms", "hrv_sdnn_ms", "stress_mean", "respiration_rate",
    "spo2_mean_share", "walking_speed_mps", "walking_asymmetry_share", "double_support_share",
)  # fmt: skip
STAGE_METRICS = ("light_min", "deep_min", "rem_min")  # of nights; values of the date on which the longest ends
NIGHT_METRICS = ("asleep_min", "awake_min", "latency_min", *STAGE_METRICS)
METRICS: Mapping[str, Sequence[str]] = {"time": TIME_METRICS, "date": DAY_METRICS, "sleep": NIGHT_METRICS}
# The columns of formats/log_headings.py that a table may be mapped to.
DIARY_TARGETS = (
    "pain", "pain_morning", "pain_afternoon", "medication", "doses", "bed_rest_hours", "doctor_visits", "mood",
    "could_do_daily_activities", "other_treatment", "day_off", "illness", "travel", "note",
)  # fmt: skip
MASSAGE_TARGETS = (
    "start", "end", "minutes", "technique", "pressure", "areas", "muscles", "therapist", "pain_before", "pain_after",
    "cause", "note",
)  # fmt: skip
LOGS: Mapping[str, Sequence[str]] = {"diary": DIARY_TARGETS, "massages": MASSAGE_TARGETS}
RATINGS: Mapping[str, tuple[float, float]] = {  # the scales of ours, from least to most
    "pain": (0, 10), "pain_morning": (0, 10), "pain_afternoon": (0, 10), "mood": (1, 5), "pain_before": (0, 10),
    "pain_after": (0, 10), "pressure": (1, 5),
}  # fmt: skip
LOG_UNITS: Mapping[str, Mapping[str, float]] = {"minutes": MINUTES, "bed_rest_hours": {"h": 1.0, "min": 1 / 60}}
UNIT_IN_COLUMN = re.compile(r"\{(.+)\}")  # distance_m in {Unit}: each row tells its unit in the column Unit
_SCALE = re.compile(r"(-?\d{1,4}(?:\.\d+)?)\s*(?:-|to)\s*(-?\d{1,4}(?:\.\d+)?)")


class ShortRepr:
    """A `repr` without the fields that were added since and are not set.

    The repr of a mapping enters the digests by which a home knows what it has read: those of a mapping that uses
    nothing new must stay as they were, or all its files were read again.
    """

    SINCE: tuple[str, ...] = ()

    def __repr__(self) -> str:
        told = [
            f"{each.name}={getattr(self, each.name)!r}"
            for each in fields(self)  # type: ignore[arg-type]
            if each.name not in self.SINCE or getattr(self, each.name) != each.default
        ]
        return f"{type(self).__qualname__}({', '.join(told)})"


@dataclass(frozen=True, repr=False)
class MappedColumn(ShortRepr):
    """A column of a table, what it measures, and what one of its units is in ours, or the scale of its ratings.

    Where each row tells its unit in a column of its own, `unit_heading` names that column.
    """

    SINCE = ("scale", "unit_heading")

    heading: str
    metric: str
    factor: float = 1.0
    scale: tuple[float, float] | None = None
    unit_heading: str = ""


@dataclass(frozen=True)
class MappedRows:
    """Some rows of a table and what their columns say: those in which each heading of `where` has one of its values."""

    log: str  # 'diary', 'massages', '' = measured
    columns: tuple[MappedColumn, ...] = ()
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def headings(self) -> tuple[str, ...]:
        """All columns that a file must have."""
        of_units = (column.unit_heading for column in self.columns if column.unit_heading)
        return (*(column.heading for column in self.columns), *of_units, *(heading for heading, _ in self.where))


def units(metric: str) -> Mapping[str, float]:
    """The units in which a table may give a metric, and what one of each is in its own."""
    if metric in LOG_UNITS:
        return LOG_UNITS[metric]
    ends = [end for end in UNITS if metric.endswith(end)]
    return UNITS[max(ends, key=len)] if ends else {}


def mapping_error(file: str, problem: str) -> SettingsError:
    """The error for an entry of `[[tables]]`."""
    return SettingsError(
        say("recovery.toml: [[tables]] {file}: {problem}.", file=file, problem=problem),
        say("`recovery map FILE` proposes one."),
    )


def parse_rows(row: Mapping[str, Any], file: str, kind: str) -> tuple[MappedRows, ...]:
    """The kinds of rows of one `[[tables]]`: of its own `columns`, `where` and `log`, and of each `[[tables.rows]]`.

    Raises SettingsError that names the key.
    """
    listed = row.get("rows", [])
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise mapping_error(file, say("rows must be written as [[tables.rows]], once for each kind of row"))
    found = []
    for each in [{key: row[key] for key in ("log", "where", "columns") if key in row}, *listed]:
        unknown = sorted(set(each) - {"log", "where", "columns"})
        if unknown:
            raise mapping_error(
                file, say("rows has an unknown key {key!r}; known: log, where, columns", key=unknown[0])
            )
        if each:
            found.append(_rows(each, file, kind))
    if kind == "sleep" and any(each.log or each.where for each in found):
        raise mapping_error(file, say("nights are no rows of a log: name time or date instead of sleep_start"))
    if len({bool(each.log) for each in found}) > 1:
        raise mapping_error(
            file, say("a log is replaced by what it says now, what was measured stays: map them in two files")
        )
    return tuple(found)


def _rows(row: Mapping[str, Any], file: str, kind: str) -> MappedRows:
    columns = row.get("columns", {})
    if not isinstance(columns, dict):
        raise mapping_error(file, say('columns must be written as columns = {{ "Step count" = "steps" }}'))
    log = row.get("log")
    if log not in (None, *LOGS):
        raise mapping_error(file, say('log must be "diary" or "massages", not {log!r}', log=log))
    targets = [str(target).partition(" in ")[0] for target in columns.values()]
    log = _log_of(targets, kind) if log is None else log
    mapped = tuple(_column(heading, str(target), file, kind, log) for heading, target in columns.items())
    for target in targets:
        if targets.count(target) > 1:
            raise mapping_error(file, say("two columns are to be {metric}: choose one", metric=target))
    if not mapped and log != "massages" and kind != "sleep":
        raise mapping_error(file, say('needs columns, as columns = {{ "Step count" = "steps" }}'))
    return MappedRows(log, mapped, _where(row, file))


def _log_of(targets: Sequence[str], kind: str) -> str:
    """The log that has all of these columns; '' where they are measured, or nothing that is known."""
    known = {"": METRICS[kind], **LOGS}
    return next((log for log, names in known.items() if all(target in names for target in targets)), "")


def _column(heading: str, target: str, file: str, kind: str, log: str) -> MappedColumn:
    metric, _, unit = target.partition(" in ")
    known_targets = LOGS[log] if log else METRICS[kind]
    if not log and metric in (*DIARY_TARGETS, *MASSAGE_TARGETS):
        raise mapping_error(
            file,
            say(
                "column {heading!r} is to be {metric!r}, which does not go with the others: what is measured, the "
                "diary and the massages each have [[tables.rows]] of their own",
                heading=heading,
                metric=metric,
            ),
        )
    if metric not in known_targets:
        names = ", ".join(known_targets if log else (*METRICS[kind], *DIARY_TARGETS, *MASSAGE_TARGETS))
        raise mapping_error(
            file,
            say(
                "column {heading!r} is to be {metric!r}; known here: {names}",
                heading=heading,
                metric=metric,
                names=names,
            ),
        )
    if log and metric in RATINGS:
        return MappedColumn(heading, metric, scale=_scale(heading, metric, unit, file))
    known = units(metric)
    in_column = UNIT_IN_COLUMN.fullmatch(unit)
    if in_column and known and not log:
        return MappedColumn(heading, metric, unit_heading=in_column[1])
    if unit and unit not in known:
        raise mapping_error(
            file,
            say(
                "column {heading!r}: {metric} in {unit!r}; known: {known}",
                heading=heading,
                metric=metric,
                unit=unit,
                known=", ".join(known) or "no unit",
            ),
        )
    return MappedColumn(heading, metric, known[unit] if unit else 1.0)


def _scale(heading: str, metric: str, unit: str, file: str) -> tuple[float, float] | None:
    """The scale of a column of ratings, from least to most; None = ours."""
    if not unit:
        return None
    found = _SCALE.fullmatch(unit.strip())
    if not found or float(found[1]) == float(found[2]):
        low, high = RATINGS[metric]
        raise mapping_error(
            file,
            say(
                "column {heading!r}: {metric} in {unit!r} is no scale, as {metric} in 0-100 (ours {low:g}-{high:g})",
                heading=heading,
                metric=metric,
                unit=unit,
                low=low,
                high=high,
            ),
        )
    return float(found[1]), float(found[2])


def _where(row: Mapping[str, Any], file: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    value = row.get("where", {})
    if not isinstance(value, dict):
        raise mapping_error(file, say('where must be written as where = {{ "Region" = "back" }}'))
    found = []
    for heading, wanted in value.items():
        values = wanted if isinstance(wanted, list) else [wanted]
        if not values or not all(isinstance(each, str | int | float) for each in values):
            raise mapping_error(file, say('where must be written as where = {{ "Region" = "back" }}'))
        found.append((heading, tuple(str(each) for each in values)))
    return tuple(found)
