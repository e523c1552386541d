"""The tables of a study as they are given away: ids, dates and words replaced, what few people share left out.

All is made in the connection's own database, of a published one that is attached as `study`; the minutes, which are
many, are told person by person while they are written.
What is given is listed in `classified`. `key` says who gets which id and how many whole weeks his dates move.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import duckdb

from recovery import warehouse
from recovery.errors import HomeError
from recovery.published.classified import GIVEN, MINUTES, Fate, fates
from recovery.published.clock_days import ClockDays, clock_days
from recovery.published.dictionary import key_of
from recovery.warehouse import quote, quote_names
from recovery.words import cohort_export as words

OTHER = "other"
PARTS = ("arm", "subgroup")
OF_ALL = "all"
DAY_MINUTES = 1440
# On a journey a night may be longer by the clock than it was.
WAKE_LOCAL = "rows.onset_local + date_diff('second', rows.onset_utc, rows.wake_utc) / 60"
# What is 1440 minutes, or a share of them, on all days but those on which clocks change.
OF_WHOLE_DAYS = (("daily", "worn_min"), ("daily", "worn_waking_min"), ("daily_metrics", "coverage_share"))


class Key(NamedTuple):
    """Under which id a person is given away, and by how many whole weeks all dates are moved."""

    id: str
    weeks: int


@dataclass(frozen=True)
class GivenTable:
    """A table `given.NAME` that is ready to be written, or of the minutes what is to be selected, a person each."""

    name: str
    columns: tuple[tuple[str, str], ...]  # name and type
    fates: Mapping[str, Fate]  # of all columns that are published, also of those that are left out
    rows: int
    selects: tuple[str, ...] = ()


@dataclass
class Given:
    """What is given away, and what is not because few people share it: sentences with counts."""

    tables: list[GivenTable] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def make(
    connection: duckdb.DuckDBPyConnection, keys: Mapping[str, Key], k: int, *, with_minutes: bool = False
) -> Given:
    """Makes the tables `given.*` of the attached database `study`.

    Raises HomeError where fewer than `k` people take part, LookupError where a column is not classified.
    """
    if len(keys) < k:
        raise HomeError(words.too_few(len(keys), k), words.FEWER_CANNOT)
    connection.execute("create schema given")
    connection.execute("create temp table keys (subject varchar, id varchar, weeks integer)")
    connection.executemany("insert into keys values (?, ?, ?)", [(name, *key) for name, key in keys.items()])
    given = Given()
    parts, makes = _parts(connection, k, given), _makes(connection, k)
    making = _Making(connection, k, given, parts, makes, clock_days(connection), keys)
    there = _there(connection)
    for name in GIVEN:
        if name in there and (with_minutes or name != MINUTES):
            making.table(name)
    return given


def _there(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The tables and views of the published database; of an earlier version some are missing."""
    return {
        name
        for kind in ("table", "view")
        for (name,) in connection.execute(
            f"select {kind}_name from duckdb_{kind}s() where database_name = 'study' and not internal"
        ).fetchall()
    }


def people(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Everybody who takes part."""
    return [name for (name,) in connection.execute("select subject from study.participants order by all").fetchall()]


def merged(counts: Mapping[str | None, int], k: int) -> dict[str | None, str | None] | None:
    """What each value is given as: itself where `k` people share it, the others together as OTHER.

    Where those are still fewer than `k`, the smallest of the rest joins them, else who is in them would be known as who
    is in no other. None where nothing is left to tell apart.
    """
    kept = Counter({value: count for value, count in counts.items() if count >= k})
    together = sum(count for value, count in counts.items() if value not in kept)
    while 0 < together < k and kept:
        value, count = min(kept.items(), key=lambda one: (one[1], str(one[0])))
        together += count
        del kept[value]
    if 0 < together < k or not kept:
        return None
    return {value: value if value in kept else OTHER for value in counts}


def _parts(
    connection: duckdb.DuckDBPyConnection, k: int, given: Given
) -> dict[str, dict[str | None, str | None] | None]:
    """What each arm and group is given as; None where all of it is left out."""
    found: dict[str, dict[str | None, str | None] | None] = {}
    for part in PARTS:
        counts = dict(connection.execute(f"select {part}, count(*) from study.participants group by all").fetchall())
        if set(counts) == {None}:
            found[part] = {None: None}
            continue
        found[part] = merged(counts, k)
        rare = [value for value, count in counts.items() if count < k]
        if found[part] is None:
            given.left_out.append(words.column_left_out("participants", part, k))
        elif rare:
            given.left_out.append(words.levels_merged(part, len(rare), k))
    arm, subgroup = found["arm"], found["subgroup"]
    if arm and subgroup:
        cells = Counter(
            (arm[one], subgroup[other])
            for one, other in connection.execute("select arm, subgroup from study.participants").fetchall()
        )
        if min(cells.values()) < k:  # who is in a small cell would be told by the two together
            found["subgroup"] = None
            given.left_out.append(words.SMALL_CELLS)
    return found


def _makes(connection: duckdb.DuckDBPyConnection, k: int) -> dict[str, str]:
    """The makes of devices that are told; a source is a make, or a make and what tells devices of it apart."""
    wearers = Counter(
        make
        for (sources,) in connection.execute(
            "select sources from study.participants where sources is not null"
        ).fetchall()
        for make in {one.partition(":")[0] for one in sources.split(", ")}
    )
    told = merged(wearers, k) or {}
    return {str(make): str(now) for make, now in told.items()}


@dataclass(frozen=True)
class _Making:
    """What the tables are made with."""

    connection: duckdb.DuckDBPyConnection
    k: int
    given: Given
    parts: Mapping[str, Mapping[str | None, str | None] | None]
    makes: Mapping[str, str]
    clock: ClockDays
    keys: Mapping[str, Key]

    def table(self, name: str) -> None:
        """Makes `given.NAME`, unless fewer than `k` people have a row in it."""
        described = self.connection.execute(f"describe study.{name}").fetchall()
        kinds = {column: kind for column, kind, *_ in described}
        metrics = frozenset(row["metric"] for row in warehouse.metric_definitions())
        fate = fates(name, list(kinds), metrics)
        rows = self._rows(name)
        if "subject" in kinds:
            ((count, few),) = self.connection.execute(
                f"select count(*), count(distinct subject) from ({rows})"
            ).fetchall()
            if few < self.k:
                if count:
                    self.given.left_out.append(words.table_left_out(name, count, self.k))
                return
            rows = self._without_rare_metrics(name, rows, kinds)
        shared = self._shared(name, [column for column in kinds if fate[column] is not Fate.DROP], rows)
        selected = ", ".join(
            f"{self._given(name, column, kinds[column], fate[column], rows)} as {quote_names([column])}"
            for column in shared
        )
        if name == MINUTES:
            self._minutes(selected, rows, fate, count)
            return
        joined = "inner join keys on rows.subject = keys.subject" if "subject" in kinds else ""
        order = [column for column in key_of(name) if column in shared] or shared
        self.connection.execute(
            f"create table given.{name} as select * from (select {selected} from ({rows}) as rows {joined})"
            f" order by {quote_names(order)}"
        )
        ((count,),) = self.connection.execute(f"select count(*) from given.{name}").fetchall()
        self.given.tables.append(GivenTable(name, self._kinds(f"given.{name}"), fate, count))

    def _minutes(self, selected: str, rows: str, fate: Mapping[str, Fate], count: int) -> None:
        """The minutes: too many to be put into a table before they are written."""
        by_id = sorted(self.keys, key=lambda person: self.keys[person].id)
        selects = [
            f"select {selected} from ({rows}) as rows inner join keys on rows.subject = keys.subject"
            f" where rows.subject = {quote(person)} order by rows.local_time"
            for person in by_id
        ]
        self.given.tables.append(GivenTable(MINUTES, self._kinds(f"({selects[0]})"), fate, count, tuple(selects)))

    def _kinds(self, relation: str) -> tuple[tuple[str, str], ...]:
        made = self.connection.execute(f"describe from {relation}").fetchall()
        return tuple((column, kind) for column, kind, *_ in made)

    def _rows(self, name: str) -> str:
        """The rows of a published table that may be given at all."""
        if name == "cohort_effects":
            return self._means()
        rows = f"select * from study.{name}"
        if name == "nights" and self.clock.nights:
            rows += f" where isodow(night_date) not in ({_listed(self.clock.nights)})"
            self._say_weekdays(name, rows, self.clock.nights)
        if name == "daily_metrics" and self.clock.nights:
            rows += (
                f" where isodow(local_date) not in ({_listed(self.clock.nights)})"
                " or metric not in (select metric from study.metrics where counted_by = 'night')"
            )
            self._say_weekdays(name, rows, self.clock.nights)
        if name == MINUTES:
            return self._rows_of_minutes(rows)
        return rows

    def _rows_of_minutes(self, rows: str) -> str:
        if self.clock.days:
            rows += f" where isodow(local_date) not in ({_listed(self.clock.days)})"
            self._say_weekdays(MINUTES, rows, self.clock.days)
        # a day of 23 or 25 hours, as of a journey, would tell of it
        self.connection.execute(
            "create temp table changed_days as"
            f" select subject, local_date from ({rows}) group by all"
            f" having count(*) <> {DAY_MINUTES} or max(local_time - minute_utc) <> min(local_time - minute_utc)"
        )
        ((count,),) = self.connection.execute("select count(*) from changed_days").fetchall()
        if count:
            self.given.left_out.append(words.days_left_out(count))
        return f"select * from ({rows}) anti join changed_days using (subject, local_date)"

    def _say_weekdays(self, name: str, kept: str, days: Sequence[int]) -> None:
        """Says how much is left out since clocks change on such days."""
        if count := self._missing(name, kept):
            self.given.left_out.append(words.weekdays_left_out(name, days, count))

    def _means(self) -> str:
        """Means over at least `k` people, of arms and groups only where all of them are given as they are."""
        whole = {part for part in PARTS if (told := self.parts[part]) and all(now == one for one, now in told.items())}
        attributes = warehouse.quote_all((OF_ALL, *sorted(whole)))
        # what is left of all people without the arms that are told must not be few either
        small = (
            'select parts.metric, parts."window", parts.attribute from study.cohort_effects as parts'
            " inner join study.cohort_effects as everybody on everybody.metric = parts.metric"
            f' and everybody."window" = parts."window" and everybody.attribute = {quote(OF_ALL)}'
            f" where parts.attribute <> {quote(OF_ALL)}"
            ' group by parts.metric, parts."window", parts.attribute, everybody.n_subjects'
            f" having min(parts.n_subjects) < {self.k}"
            f" or everybody.n_subjects - sum(parts.n_subjects) between 1 and {self.k - 1}"
        )
        rows = (
            f"select * from study.cohort_effects where n_subjects >= {self.k} and attribute in ({attributes})"
            f' and (metric, "window", attribute) not in ({small})'
        )
        self._say_rows("cohort_effects", rows)
        return rows

    def _without_rare_metrics(self, name: str, rows: str, kinds: Mapping[str, str]) -> str:
        """Without the rows of metrics that fewer than `k` people have."""
        if "metric" not in kinds:
            return rows
        shared = f"select metric from ({rows}) group by metric having count(distinct subject) >= {self.k}"
        kept = f"select * from ({rows}) where metric in ({shared})"
        self._say_rows(name, kept, rows)
        return kept

    def _say_rows(self, name: str, kept: str, rows: str = "") -> None:
        if count := self._missing(name, kept, rows):
            self.given.left_out.append(words.rows_left_out(name, count, self.k))

    def _missing(self, name: str, kept: str, rows: str = "") -> int:
        """How many rows less than all of a table, or than `rows`, are kept."""
        ((count,),) = self.connection.execute(
            f"select (select count(*) from ({rows or f'select * from study.{name}'})) - (select count(*) from ({kept}))"
        ).fetchall()
        return int(count)

    def _shared(self, name: str, columns: Sequence[str], rows: str) -> list[str]:
        """The columns that are given: of people where `k` of them have a value in it, or nobody has one."""
        columns = [column for column in columns if not (column in self.parts and self.parts[column] is None)]
        if name in ("cohort_effects", "metrics"):
            return columns
        has = ", ".join(f"count({quote_names([column])}) > 0" for column in columns)
        names = ", ".join(f"c{at}" for at in range(len(columns)))
        counts = ", ".join(f"count(*) filter (where c{at})" for at in range(len(columns)))
        found = self.connection.execute(
            f"select {counts} from (select {has} from ({rows}) group by subject) as people ({names})"
        ).fetchall()[0]
        rare = [column for column, few in zip(columns, found, strict=True) if 0 < few < self.k]
        self.given.left_out += [words.column_left_out(name, column, self.k) for column in rare if column != "subject"]
        return [column for column in columns if column not in rare or column == "subject"]

    def _given(self, name: str, column: str, kind: str, fate: Fate, rows: str) -> str:
        """The expression of a column as it is given."""
        value = f"rows.{quote_names([column])}"
        if fate is Fate.PERSON:
            return "keys.id"
        if fate is Fate.SHIFT:
            return f"cast({value} + to_days(7 * keys.weeks) as {kind})"
        if fate is Fate.COUNT:
            return f"if({value} between 1 and {self.k - 1}, null, {value})"
        if fate is Fate.PART and column in self.parts:
            return _case(value, self.parts[column] or {})
        if fate is Fate.MAKE:
            return self._make(value)
        if fate is Fate.WORD:
            return self._word(name, column, value, rows)
        if (name, column) in OF_WHOLE_DAYS and self.clock.days:
            self.given.left_out.append(words.column_of_weekdays(name, column, self.clock.days))
            return f"if(isodow(rows.local_date) in ({_listed(self.clock.days)}), null, {value})"
        return WAKE_LOCAL if (name, column) == ("nights", "wake_local") else value

    def _make(self, value: str) -> str:
        """The makes of one or several sources, each once, those of few people as OTHER."""
        told = ", ".join(f"{quote(make)}: {quote(now)}" for make, now in self.makes.items())
        one = "split_part(source, ':', 1)"
        known = f"coalesce(map {{{told}}}[{one}], {quote(OTHER)})" if told else quote(OTHER)
        listed = f"list_sort(list_distinct(list_transform(string_split({value}, ', '), lambda source: {known})))"
        return f"array_to_string({listed}, ', ')"

    def _word(self, name: str, column: str, value: str, rows: str) -> str:
        """A word that at least `k` people use; others are OTHER."""
        quoted = quote_names([column])
        found = self.connection.execute(
            f"select {quoted}, count(distinct subject) >= {self.k}, count(*) from ({rows}) where {quoted} is not null"
            " group by all"
        ).fetchall()
        shared = [word for word, is_shared, _ in found if is_shared]
        hidden = sum(count for _, is_shared, count in found if not is_shared)
        if hidden:
            self.given.left_out.append(words.words_replaced(name, column, hidden, self.k))
        listed = f"{value} in ({warehouse.quote_all(shared)})" if shared else "false"
        return f"case when {value} is null then null when {listed} then {value} else {quote(OTHER)} end"


def _listed(days: Sequence[int]) -> str:
    return ", ".join(map(str, days))


def _case(value: str, told: Mapping[str | None, str | None]) -> str:
    """The expression that gives each known value as it is told."""
    expression = quote(OTHER)
    for one, now in told.items():
        expression = (
            f"case when {value} is not distinct from {_literal(one)} then {_literal(now)} else {expression} end"
        )
    return expression


def _literal(text: str | None) -> str:
    return "null::varchar" if text is None else quote(text)


def sentences(given: Given) -> Iterator[str]:
    """What was left out, each once."""
    yield from dict.fromkeys(given.left_out)
