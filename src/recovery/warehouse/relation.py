"""The files of `sql/`: what each relation is called, what its header says, and the order they are built in."""

import graphlib
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from recovery.vocabulary.summed_metrics import STAGE_METRICS, SUMMED_METRICS
from recovery.warehouse.metric_select import TEMPLATE, TEMPLATE_OF_DAY_VALUES, metric_select

PACKAGE = Path(__file__).parents[1]
TABLES = ("raw", "answers")  # layers whose files create tables that Python fills: records, results of the analysis
WINDOWED = ("stg", "timeline", "daily")  # layers that are built for a window of days
WHOLE = ("massage", "pub")  # layers that are built whole
# What every run writes: what reads it has few rows and is built anew with every build.
OF_RUNS = frozenset({"raw.checked", "raw.checks", "raw.files", "raw.rejected", "raw.runs"})
GENERATED = {"daily.metrics", "daily.definitions"}  # made by metrics.py of the files of sql/daily/
HEADER_KEYS = (
    "name", "family", "unit", "better", "smallest worthwhile change", "counted by", "grain", "missing", "day values",
    "source", "kept", "built", "stored by",
)  # fmt: skip  # a line that begins with another word and a colon continues the line above it


class Relation(NamedTuple):
    """One file of `sql/`."""

    layer: str
    name: str
    text: str

    @property
    def full_name(self) -> str:
        return f"{self.layer}.{self.name}"

    @property
    def header(self) -> Mapping[str, str]:
        """The `-- key: value` lines of the file's header, with `title` and `description`."""
        return _header(self.text)

    @property
    def select(self) -> str:
        """The select that makes the relation: the file itself, and of a metric the file with the last step."""
        return self.text if self.layer != "daily" else _select_of_metric(self.name, self.text)

    @property
    def name_in_sentences(self) -> str:
        """What a metric is called inside a sentence: `name` of its header, else its title."""
        title = self.header["title"]
        return self.header.get("name", title if title[:2].isupper() else title[:1].lower() + title[1:])

    @property
    def is_kept(self) -> bool:
        """Whether the built rows stay in the work database: as the header says with `kept`, else all but `stg`."""
        return self.header.get("kept", "no" if self.layer == "stg" else "yes") == "yes"

    @property
    def is_whole(self) -> bool:
        """Whether it is built whole, of the kept rows of all days: massage, pub, and what its header says so of."""
        return self.layer in WHOLE or self.header.get("built") == "whole"

    @property
    def order_by(self) -> str:
        """The `order by` in which its rows are stored, where the header says `stored by` which columns; else ''.

        It is worth its sort where there is a row for each minute: as they come out of a join their times take as much
        room as all else that is known of them, in order next to none, and a day is found without reading the others.
        """
        columns = self.header.get("stored by", "")
        return f"order by {columns}" if columns else ""

    @property
    def kind(self) -> str:
        """'view' for a relation of a whole layer that is not kept, and where `kept` says so; else 'table'.

        Such a relation only renames or shifts a big table.
        """
        is_view = self.header.get("kept") == "view" or (self.layer in WHOLE and not self.is_kept)
        return "view" if is_view else "table"

    @property
    def column_comments(self) -> Mapping[str, str]:
        """What the file says of its columns, by name: the comment at the end of a column's line."""
        return _column_comments(self.text)

    @property
    def reads(self) -> frozenset[str]:
        """The relations that its select names."""
        return _named(self.select)


def sql_root() -> Path:
    """The folder `sql/`: inside the installed package, or at the top of the checkout."""
    installed = PACKAGE / "sql"
    return installed if installed.is_dir() else PACKAGE.parents[1] / "sql"


@cache
def relations() -> tuple[Relation, ...]:
    """Every relation of `sql/` but those of raw and answers, each after all that it reads."""
    found = {
        relation.full_name: relation
        for layer in (*WINDOWED, *WHOLE)
        for path in sorted((sql_root() / layer).glob("*.sql"))
        for relation in [Relation(layer, path.stem, path.read_text(encoding="utf-8"))]
    }
    dailies = {name for name, relation in found.items() if relation.layer == "daily"}
    graph = {
        name: {
            needed
            for read in relation.reads
            for needed in (dailies if read in GENERATED else {read})
            if needed.partition(".")[0] not in TABLES
        }
        for name, relation in found.items()
    }
    for name, needs in graph.items():
        if missing := needs - set(found):
            raise LookupError(f"sql/{name.replace('.', '/')}.sql reads {sorted(missing)}, which no file makes")
    return tuple(found[name] for name in graphlib.TopologicalSorter(graph).static_order())


def read_by_days() -> frozenset[str]:
    """What the relations that are built window by window read: where it changes, days are built anew."""
    return frozenset(name for relation in relations() if not relation.is_whole for name in relation.reads)


def is_built_by_days(relation: Relation) -> bool:
    """Whether its rows change with the days that are built alone: a view of relations that are built by windows.

    Not so of what shows what the runs themselves write.
    """
    whole = {other.full_name for other in relations() if other.is_whole}
    return relation.kind == "view" and not relation.reads & (whole | OF_RUNS)


def is_built_by_people(relation: Relation) -> bool:
    """Whether its rows of a person change only where the whole layers of that person are built (`people`).

    Not so of what shows the runs themselves, or answers, which are computed after the build.
    """
    made = {other.full_name: other for other in relations()}
    read, new = {relation.full_name}, relation.reads
    while new - read:
        read |= new
        new = frozenset(name for known in read if known in made for name in made[known].reads)
    return OF_RUNS.isdisjoint(read) and not any(name.startswith("answers.") for name in read)


@cache
def fingerprint() -> str:
    """A hash of every file of `sql/`, the last step of the metrics and what is summed; with it all is built anew.

    Of the files as they were when it was first asked for, as `relations` is: a run asks for it five times.
    """
    digest = hashlib.sha256(f"{TEMPLATE}{TEMPLATE_OF_DAY_VALUES}{SUMMED_METRICS}{STAGE_METRICS}".encode())
    for path in sorted(sql_root().rglob("*.sql")):
        digest.update(path.relative_to(sql_root()).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


# A build asks of each relation again and again what it reads: without the cache that takes a tenth of the time.
@cache
def _header(text: str) -> Mapping[str, str]:
    lines = [line[2:].strip() for line in _comment_block(text)]
    header = {"title": lines[0] if lines else "", "description": ""}
    current = "description"
    for line in lines[1:]:
        key, colon, value = line.partition(":")
        if colon and key in HEADER_KEYS:
            current, line = key, value
        header[current] = f"{header.get(current, '')} {line.strip()}".strip()
    return MappingProxyType(header)


@cache
def _select_of_metric(name: str, text: str) -> str:
    header = _header(text)
    return metric_select(
        name,
        header.get("unit", ""),
        text,
        has_day_values="day values" in header,
        is_told_by_rank=header.get("family") == "movement",
        is_own_first=header.get("day values") == "first",
    )


@cache
def _column_comments(text: str) -> Mapping[str, str]:
    """Of the lines `..., -- what it is` those that end a column: of a select, or of a table that is created."""
    found = {}
    for line in text.splitlines():
        code, dashes, comment = line.partition(" -- ")
        code = code.strip().removesuffix(",")
        if dashes and code and not code.startswith("--") and not comment.startswith("noqa"):
            is_created = re.match(r'"?(\w+)"? [a-z]+( |$)', code) and " as " not in code
            name = code.split()[0] if is_created else re.split(r"[\s.]", code)[-1]
            found[name.strip('"')] = comment.strip()
    return MappingProxyType(found)


@cache
def _named(text: str) -> frozenset[str]:
    body = re.sub(r"--[^\n]*", "", text)
    return frozenset(map(".".join, re.findall(r"\b(raw|answers|stg|timeline|daily|massage|pub)\.(\w+)", body)))


def _comment_block(text: str) -> list[str]:
    lines = []
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line)
    return lines
