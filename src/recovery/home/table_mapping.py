"""What recovery.toml says of tables and of private files: `[[tables]]`, and patterns of paths below the inbox.

A mapping names the columns of a table and what they measure, so that a file no reader knows can be read. Of a table the
rows are measured at times ('time'), tell of whole days ('date'), or are nights ('sleep_start' and 'sleep_end').
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
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
NIGHT_METRICS = ("asleep_min", "awake_min", "latency_min")
METRICS: Mapping[str, Sequence[str]] = {"time": TIME_METRICS, "date": DAY_METRICS, "sleep": NIGHT_METRICS}
KEYS = (
    "file", "source", "time", "end", "covers_min", "date", "sleep_start", "sleep_end", "date_format", "zone", "decimal",
    "header_row", "columns",
)  # fmt: skip
UNIX = {"unix s": 1, "unix ms": 1000}  # date formats that are no calendar date
MAX_COVERED_MIN = 24 * 60


@dataclass(frozen=True)
class MappedColumn:
    """A column of a table, the metric it measures, and what one of its units is in the metric's own."""

    heading: str
    metric: str
    factor: float = 1.0


@dataclass(frozen=True)
class TableMapping:
    """How the files that `file` names are to be read."""

    file: str
    source: str
    kind: str  # 'time', 'date', 'sleep'
    start: tuple[str, ...]  # the column, or those of date and time of day, in which a row begins
    columns: tuple[MappedColumn, ...]
    end: tuple[str, ...] = ()
    covers_min: float | None = None
    date_format: str | None = None  # None = ISO
    zone: str | None = None  # of times without an offset; None = the person's own
    decimal: str | None = None  # None = numbers have no comma
    header_row: int = 1

    @property
    def headings(self) -> tuple[str, ...]:
        """All columns that a file must have."""
        return (*self.start, *self.end, *(column.heading for column in self.columns))


def matches(pattern: str, path: str) -> bool:
    """True if a pattern names a path of the inbox or a folder or archive it lies in; `*` stands for anything.

    A pattern without `/` is compared with each name of the path, another with the path from the inbox on. Capitals do
    not count.
    """
    parts = path.replace("!/", "/").casefold().split("/")
    wanted = pattern.casefold().strip("/")
    names = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)] if "/" in wanted else parts
    return any(fnmatchcase(name, wanted) for name in names)


def units(metric: str) -> Mapping[str, float]:
    """The units in which a table may give a metric, and what one of each is in its own."""
    ends = [end for end in UNITS if metric.endswith(end)]
    return UNITS[max(ends, key=len)] if ends else {}


def parse_mapping(row: Mapping[str, Any], zone: Callable[[str, object], str]) -> TableMapping:
    """One `[[tables]]` of recovery.toml. Raises SettingsError that names the key."""
    file = _text(row, "file")
    kinds = [kind for kind, key in (("time", "time"), ("date", "date"), ("sleep", "sleep_start")) if key in row]
    if len(kinds) != 1:
        raise _error(file, say("needs one of time, date and sleep_start: the column that tells when"))
    kind = kinds[0]
    _refuse_foreign(row, file, kind)
    mapping = TableMapping(
        file=file,
        source=_text(row, "source"),
        kind=kind,
        start=_columns(row, file, {"time": "time", "date": "date", "sleep": "sleep_start"}[kind]),
        end=_columns(row, file, "sleep_end" if kind == "sleep" else "end") if kind == "sleep" or "end" in row else (),
        covers_min=_covered(row, file),
        date_format=_date_format(row, file),
        zone=zone(say("[[tables]] {file}: zone", file=file), row["zone"]) if "zone" in row else None,
        decimal=_decimal(row, file),
        header_row=_header_row(row, file),
        columns=_mapped(row, file, kind),
    )
    if not mapping.columns and kind != "sleep":
        raise _error(file, say('needs columns, as columns = {{ "Step count" = "steps" }}'))
    counted = [column.metric for column in mapping.columns if column.metric in COUNTS]
    if kind == "time" and counted and not mapping.end and mapping.covers_min is None:
        raise _error(
            file,
            say(
                "counts {counted}: say with covers_min how many minutes a row covers, or name its end",
                counted=counted[0],
            ),
        )
    return mapping


def _error(file: str, problem: str) -> SettingsError:
    return SettingsError(
        say("recovery.toml: [[tables]] {file}: {problem}.", file=file, problem=problem),
        say("`recovery map FILE` proposes one."),
    )


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise _error(str(row.get("file", "")), say("{key} must be a text, not {value!r}", key=key, value=value))
    return value.strip()


def _refuse_foreign(row: Mapping[str, Any], file: str, kind: str) -> None:
    """Raises SettingsError for a key that means nothing beside another."""
    foreign = {
        "time": ("sleep_end",), "date": ("end", "covers_min", "sleep_end", "zone"), "sleep": ("end", "covers_min"),
    }[kind]  # fmt: skip
    for key in foreign:
        if key in row:
            raise _error(
                file, say("{key} does not go with {kind}", key=key, kind="sleep_start" if kind == "sleep" else kind)
            )
    if "end" in row and "covers_min" in row:
        raise _error(file, say("end and covers_min both say how long a row is: keep one"))


def _columns(row: Mapping[str, Any], file: str, key: str) -> tuple[str, ...]:
    value = row.get(key)
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not 1 <= len(names) <= 2 or not all(isinstance(name, str) for name in names):
        raise _error(file, say('{key} must be the heading of a column, or two as ["Date", "Time"]', key=key))
    return tuple(names)


def _covered(row: Mapping[str, Any], file: str) -> float | None:
    value = row.get("covers_min")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= MAX_COVERED_MIN:
        raise _error(
            file,
            say(
                "covers_min must be minutes, more than 0 and at most {max_covered_min}, not {value!r}",
                max_covered_min=MAX_COVERED_MIN,
                value=value,
            ),
        )
    return float(value)


def _header_row(row: Mapping[str, Any], file: str) -> int:
    value = row.get("header_row", 1)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 100:
        raise _error(
            file, say("header_row must be the row that holds the headings, 1 to 100, not {value!r}", value=value)
        )
    return value


def _decimal(row: Mapping[str, Any], file: str) -> str | None:
    value = row.get("decimal")
    if value not in (None, ".", ","):
        raise _error(file, say('decimal must be "." or ",", not {value!r}', value=value))
    return None if value is None else str(value)


def _date_format(row: Mapping[str, Any], file: str) -> str | None:
    if "date_format" not in row:
        return None
    value = _text(row, "date_format")
    probe = datetime(2026, 5, 31, 18, 30)  # noqa: DTZ001 - any moment
    try:
        if value not in UNIX:
            datetime.strptime(probe.strftime(value), value)  # noqa: DTZ007
    except ValueError:
        raise _error(
            file, say("date_format {value!r} is none; write '%d.%m.%Y %H:%M', 'unix s' or 'unix ms'", value=value)
        ) from None
    return value


def _mapped(row: Mapping[str, Any], file: str, kind: str) -> tuple[MappedColumn, ...]:
    value = row.get("columns", {})
    if not isinstance(value, dict):
        raise _error(file, say('columns must be written as columns = {{ "Step count" = "steps" }}'))
    mapped = []
    for heading, target in value.items():
        metric, _, unit = str(target).partition(" in ")
        if metric not in METRICS[kind]:
            raise _error(
                file,
                say(
                    "column {heading!r} is to be {metric!r}; known here: {names}",
                    heading=heading,
                    metric=metric,
                    names=", ".join(METRICS[kind]),
                ),
            )
        known = units(metric)
        if unit and unit not in known:
            raise _error(
                file,
                say(
                    "column {heading!r}: {metric} in {unit!r}; known: {known}",
                    heading=heading,
                    metric=metric,
                    unit=unit,
                    known=", ".join(known) or "no unit",
                ),
            )
        mapped.append(MappedColumn(heading, metric, known[unit] if unit else 1.0))
    metrics = [column.metric for column in mapped]
    for metric in metrics:
        if metrics.count(metric) > 1:
            raise _error(file, say("two columns are to be {metric}: choose one", metric=metric))
    return tuple(mapped)
