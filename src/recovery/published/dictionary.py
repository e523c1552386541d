"""The data dictionary: of each published column its type, unit, meaning, and what it may hold.

Nothing of it is written twice. The meaning is the comment of the column in `sql/pub/`, else in the table of
`sql/answers/` or `sql/raw/` it is copied from; of a metric it is its title. What a column may hold is what its checks
say (`recovery.checks`), so that a dictionary never promises what is not held.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from recovery import checks, warehouse
from recovery.checks._kinds import NotNull, OneOf, Within
from recovery.warehouse import Relation

COMMON: Mapping[str, str] = {  # what the same name means everywhere
    "subject": "person",
    "local_date": "day on the person's own clock",
    "metric": "see metrics",
    "window": "days after a massage that are looked at, see effects",
    "unit": "of the values",
    "source": "device or app",
    "path": "file of the inbox",
    "place": "row or cell of the file",
    "p_value": "chance of such an estimate, or one further off, where there is no effect",
    "run_id": "the run",
    "started_utc": "when the run began",
    "checked_utc": "when it was checked",
    "version": "of the program",
    "end_utc": "when it ended",
    "worthwhile_source": "where the change worth having comes from",
    "difference_ci_low": "95% interval of difference",
    "shrunken_estimate": "the estimate pulled towards the mean of all",
    "shrunken_ci_low": "95% interval of such people's effects",
    "reason": "in plain words",
}
UNITS: Mapping[str, str] = {  # by how a name ends
    "_min": "min", "_share": "share, 0 to 1", "_bpm": "1/min", "_kcal": "kcal", "_ms": "ms", "_hours": "h",
    "_days": "d", "_nights": "nights", "_mps": "m/s", "distance_m": "m", "_utc": "UTC", "onset_local": "min",
    "wake_local": "min",
    "_min_7d": "min", "night_confidence": "share, 0 to 1", "hour": "h", "pairs": "count", "steps": "count",
    "weeks_per_block": "weeks",
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column of a published table."""

    name: str
    kind: str  # type in DuckDB, in capitals
    meaning: str
    unit: str = ""
    words: tuple[str, ...] = ()  # all that it may hold, where these are few
    low: float | None = None
    high: float | None = None
    is_required: bool = False


def columns_of(relation: str, kinds: Sequence[tuple[str, str]]) -> list[Column]:
    """The columns of a published table, given as name and type in DuckDB, in their order."""
    checked = checks.relations().get(relation)
    kept = [] if checked is None else [check for check in checked.CHECKS if check.severity == "critical"]
    words = {check.column: tuple(map(str, check.words)) for check in kept if isinstance(check, OneOf)}
    ranges = {check.column: check for check in kept if isinstance(check, Within)}
    required = {check.column for check in kept if isinstance(check, NotNull)}
    return [
        Column(
            name,
            kind,
            meaning_of(relation, name),
            unit_of(relation, name),
            words.get(name, ()),
            *_numbers(ranges.get(name)),
            name in required,
        )
        for name, kind in kinds
    ]


def _numbers(check: Within | None) -> tuple[float | None, float | None]:
    ends = (None, None) if check is None else (check.low, check.high)
    low, high = (float(end) if isinstance(end, int | float) else None for end in ends)
    return low, None if high is not None and high > 1e300 else high


def key_of(relation: str) -> tuple[str, ...]:
    """The columns that name a row to a person; () of a table that is not checked."""
    checked = checks.relations().get(relation)
    return () if checked is None else tuple(checked.KEY)


def meaning_of(relation: str, column: str) -> str:
    """What a column is, in a few words; '' where nobody said it."""
    own = _comments().get(f"pub.{relation}", {})
    copied = {**_comments().get(f"raw.{relation}", {}), **_comments().get(f"answers.{relation}", {})}
    for found in (own, copied):
        if column in found:
            return found[column]
    if column.endswith("_high"):
        low = meaning_of(relation, f"{column.removesuffix('high')}low")
        return f"upper end: {low}" if low else ""
    title = _titles().get(column, "") if relation == "daily" else ""
    return title or COMMON.get(column, "")


def unit_of(relation: str, column: str) -> str:
    """The unit of a column, of `daily` that of the metric, else by how its name ends; '' without one."""
    if relation == "daily" and column in _units():
        return _units()[column]
    if column.startswith("n_") or column == "n":
        return "count"
    return next((unit for end, unit in UNITS.items() if column.endswith(end)), "")


def comments(relation: Relation, columns: Iterable[str]) -> dict[str, str]:
    """The meaning of each column that has one, with its unit, as the comments of the published file say it."""
    found = {}
    for column in columns:
        meaning = meaning_of(relation.name, column)
        if meaning:
            unit = unit_of(relation.name, column)
            found[column] = f"{meaning} [{unit}]" if unit else meaning
    return found


@cache
def _comments() -> Mapping[str, Mapping[str, str]]:
    found = {relation.full_name: relation.column_comments for relation in warehouse.relations()}
    for layer in ("raw", "answers"):
        for path in (warehouse.sql_root() / layer).glob("*.sql"):
            relation = Relation(layer, path.stem, path.read_text(encoding="utf-8"))
            found[relation.full_name] = relation.column_comments
    return found


@cache
def _titles() -> Mapping[str, str]:
    return {row["metric"]: row["title"] for row in warehouse.metric_definitions()}


@cache
def _units() -> Mapping[str, str]:
    return {row["metric"]: row["unit"] for row in warehouse.metric_definitions()}
