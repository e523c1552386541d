"""The files of `sql/`: what each relation is called, what its header says, and the order they are built in."""

import graphlib
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).parents[1]
TABLES = ("raw", "answers")  # layers whose files create tables, filled by Python: what came, what was found out
WINDOWED = ("stg", "timeline", "daily")
WHOLE = ("massage", "pub")
HEADER_KEYS = (
    "name", "family", "unit", "better", "smallest worthwhile change", "counted by", "grain", "missing", "source",
    "kept",
)  # fmt: skip  # a line that begins with another word and a colon is part of what stands above it
CONTRACT_OF_DAILY = (
    "subject", "local_date", "metric", "value", "unit", "source", "resolution", "coverage_share",
)  # fmt: skip


class Relation(NamedTuple):
    """One file of `sql/`."""

    layer: str
    name: str
    text: str

    @property
    def full_name(self) -> str:
        return f"{self.layer}.{self.name}"

    @property
    def header(self) -> dict[str, str]:
        """The `-- key: value` lines of the file's header, with `title` and `description`."""
        lines = [line[2:].strip() for line in _comment_block(self.text)]
        told = {"title": lines[0] if lines else "", "description": ""}
        here = "description"
        for line in lines[1:]:
            key, colon, value = line.partition(":")
            if colon and key in HEADER_KEYS:
                here, line = key, value
            told[here] = f"{told.get(here, '')} {line.strip()}".strip()
        return told

    @property
    def name_in_sentences(self) -> str:
        """What a metric is called inside a sentence: `name` of its header, else its title."""
        title = self.header["title"]
        return self.header.get("name", title if title[:2].isupper() else title[:1].lower() + title[1:])

    @property
    def is_kept(self) -> bool:
        """Whether the built rows stay in the work database: all but `stg`, and `stg` where it says so."""
        return self.layer != "stg" or self.header.get("kept") == "yes"

    @property
    def kind(self) -> str:
        """'view' for what only renames a big table, where its header says `kept: no`; else 'table'."""
        return "view" if self.layer in WHOLE and self.header.get("kept") == "no" else "table"

    @property
    def reads(self) -> frozenset[str]:
        """The relations that its select names."""
        return _named(self.text)


def sql_root() -> Path:
    """The folder `sql/`: inside the installed package, or at the top of the checkout."""
    installed = PACKAGE / "sql"
    return installed if installed.is_dir() else PACKAGE.parents[1] / "sql"


@cache
def relations() -> tuple[Relation, ...]:
    """Every relation of `sql/` but raw and answers, in an order in which each comes after what it reads."""
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


GENERATED = {"daily.metrics", "daily.definitions"}  # made here of the files of sql/daily/


def fingerprint() -> str:
    """Changes whenever a file of `sql/` changes, so that everything is built anew."""
    digest = hashlib.sha256()
    for path in sorted(sql_root().rglob("*.sql")):
        digest.update(path.relative_to(sql_root()).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def metric_definitions() -> list[dict[str, str]]:
    """The header of every file of `sql/daily/`: name, title, description, unit, family, better, ..."""
    return [
        {"metric": relation.name, **relation.header, "name": relation.name_in_sentences}
        for relation in relations()
        if relation.layer == "daily"
    ]


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
