"""Damage that keeps the outer form of a file, so that it reaches what lies behind checksums and parsers."""

import io
import json
import random
import sqlite3
import tempfile
import zipfile
from contextlib import closing, suppress
from copy import deepcopy
from pathlib import Path
from typing import Any

from fuzz_mutations import DAMAGES, Damage

from recovery.formats.fit.crc import crc

ODD_VALUES: list[Any] = [
    None, True, [], {}, [[]], "", "x", "\ud800", "\x00", "NaN", -1, 0, 1e308, float("inf"), float("nan"), 10**30,
    -(10**18), "9" * 400, "2024-02-30", "9999-12-31T23:59:59.999Z", "0001-01-01T00:00:00+14:00", {"a": 1},
    ["2024-01-01"], "1e999",
]  # fmt: skip
VIEW = (
    "create view {table} as with recursive n(x) as (select 1 union all select x + 1 from n) select x as {column} from n"
)


def in_json(rng: random.Random, data: bytes) -> bytes:
    """One value of a JSON document is another, is missing, or stands twice."""
    try:
        document = json.loads(data)
    except ValueError:
        return DAMAGES["odd_value"](rng, data)
    for _ in range(rng.choice((1, 1, 3))):
        places = list(_places(document))
        if not places:
            break
        holder, key = rng.choice(places)
        way = rng.random()
        if way < 0.15:
            del holder[key]
        elif way < 0.25 and isinstance(holder, list):
            holder.insert(key, holder[key])
        elif way < 0.3:
            deep: list[Any] = []
            for _ in range(2000):
                deep = [deep]
            holder[key] = deep
            return _deep_text(document).encode("utf-8", "surrogatepass")
        else:
            holder[key] = deepcopy(rng.choice(ODD_VALUES))
    return json.dumps(document, ensure_ascii=rng.random() < 0.8).encode("utf-8", "surrogatepass")


def _deep_text(document: Any) -> str:
    """The document as JSON; its lists in lists are deeper than `json` writes."""
    if isinstance(document, list) and len(document) == 1 and isinstance(document[0], list):
        return "[" * 2000 + "]" * 2000
    if isinstance(document, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{_deep_text(value)}" for key, value in document.items()) + "}"
    if isinstance(document, list):
        return "[" + ",".join(map(_deep_text, document)) + "]"
    return json.dumps(document)


def _places(document: Any, depth: int = 0) -> list[tuple[Any, Any]]:
    keys = document.keys() if isinstance(document, dict) else range(len(document) if isinstance(document, list) else 0)
    found = [(document, key) for key in keys]
    if depth < 20:
        found += [place for key in keys for place in _places(document[key], depth + 1)]
    return found


def in_zip(rng: random.Random, data: bytes) -> bytes:
    """One member of an office document is damaged."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        chosen = rng.choice([info for info in source.infolist() if info.file_size])
        for info in source.infolist():
            content = source.read(info)
            target.writestr(info, _any(rng)(rng, content) if info is chosen else content)
    return stream.getvalue()


def in_fit(rng: random.Random, data: bytes) -> bytes:
    """A FIT file is damaged, with the checksum and the length of what it holds now."""
    header, body = bytearray(data[: data[0]]), data[data[0] : -2]
    body = _any(rng)(rng, body)
    header[4:8] = len(body).to_bytes(4, "little")
    if len(header) >= 14:
        header[12:14] = bytes(2)
    whole = bytes(header) + body
    return whole + crc(whole).to_bytes(2, "little")


def in_sqlite(rng: random.Random, data: bytes) -> bytes:
    """Cells, rows, columns or whole tables of a database are others."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "damaged.db"
        path.write_bytes(data)
        with closing(sqlite3.connect(path)) as connection:
            tables = [
                name
                for (name,) in connection.execute("select name from sqlite_master where type = 'table'")
                if connection.execute(f'select count(*) from "{name}"').fetchone()[0]
            ]
            for _ in range(rng.choice((1, 2, 5))):
                table = rng.choice(tables)
                column = rng.choice([row[1] for row in connection.execute(f'pragma table_info("{table}")')])
                with suppress(sqlite3.Error, UnicodeEncodeError, OverflowError):
                    _change(rng, connection, table, column)
            connection.commit()
        return path.read_bytes()


def _change(rng: random.Random, connection: sqlite3.Connection, table: str, column: str) -> None:
    way = rng.random()
    value = rng.choice(
        [one for one in ODD_VALUES if not isinstance(one, list | dict)] + [b"\xff\x00", 2**63 - 1, -(2**63)]
    )
    where = f'where rowid = (select rowid from "{table}" order by hex(rowid * {rng.randrange(1, 99)}) limit 1)'
    if way < 0.6:
        connection.execute(f'update "{table}" set "{column}" = ? {where}', [value])
    elif way < 0.75:
        connection.execute(f'update "{table}" set "{column}" = ?', [value])
    elif way < 0.85:
        connection.execute(f'alter table "{table}" rename column "{column}" to "{column}_"')
    elif way < 0.95:
        connection.execute(f'delete from "{table}" {where}')
    else:
        connection.execute(f'alter table "{table}" rename to "{table}_before"')
        connection.execute(VIEW.format(table=f'"{table}"', column=f'"{column}"'))


def _any(rng: random.Random) -> Damage:
    return rng.choice(list(DAMAGES.values()))


def damage_of(data: bytes) -> Damage | None:
    """The damage that keeps the form of such a file; None where there is none for it."""
    if data.startswith(b"PK"):
        return in_zip
    if data[8:12] == b".FIT":
        return in_fit
    if data.startswith(b"SQLite format 3"):
        return in_sqlite
    return in_json if data.lstrip()[:1] in (b"{", b"[") else None
