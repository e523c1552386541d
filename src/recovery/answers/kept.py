"""What was found of each metric, kept: of the same days, by the same program, nothing is computed again.

A metric is examined on the days up to its last look, so most nights bring it nothing new. It is kept as JSON, which
holds every number to the last bit.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import duckdb
import numpy as np

from recovery.answers.metric import Found, Task
from recovery.answers.rows import FoundRow

KeptFounds = Mapping[str, tuple[str, str]]  # by metric: the digest, and what was found


def kept_founds(connection: duckdb.DuckDBPyConnection, subject: str) -> KeptFounds:
    """What the last answers found of each metric of a person."""
    rows = connection.execute("select metric, digest, found from answers.found where subject = ?", [subject]).fetchall()
    return {metric: (digest, found) for metric, digest, found in rows}


def kept(founds: KeptFounds, metric: str, digest: str) -> Found | None:
    """What was found under the same digest; None where there is none."""
    known, found = founds.get(metric, ("", ""))
    return _made(Found, json.loads(found)) if known == digest else None


def to_keep(subject: str, founds: Mapping[str, Found], digests: Mapping[str, str]) -> Iterator[FoundRow]:
    """A row for each metric."""
    for metric, found in founds.items():
        told = json.dumps(_plain(found), default=lambda number: number.item(), separators=(",", ":"))
        yield FoundRow(subject, metric, digests[metric], told)


def digest_of(task: Task, program: str) -> str:
    """Of all that `metric.found` reads; settings that only looks depend on are left out."""
    digest = hashlib.sha256(program.encode())
    for part in _parts(task, leave_out=("earlier", "excluded", "goals", "kinds")):
        digest.update(part)
    kinds = {name: [sorted(kind) for kind in of] for name, of in task.kinds.items()}
    digest.update(repr(kinds).encode())
    return digest.hexdigest()


def _parts(told: Any, leave_out: Sequence[str] = ()) -> Iterator[bytes]:
    for name, value in ((field.name, getattr(told, field.name)) for field in fields(told)):
        if name in leave_out:
            continue
        yield name.encode()
        if isinstance(value, np.ndarray):
            yield value.tobytes()
        elif isinstance(value, Mapping):  # of arrays
            yield from (part for key, array in value.items() for part in (key.encode(), array.tobytes()))
        elif is_dataclass(value):
            yield from _parts(value)
        else:
            yield repr(value).encode()


def _plain(told: Any) -> Any:
    """As JSON has it; arrays of the days are none of what is kept."""
    if is_dataclass(told):
        named = {field.name: getattr(told, field.name) for field in fields(told)}
        return {name: _plain(value) for name, value in named.items() if not isinstance(value, np.ndarray)}
    if isinstance(told, tuple):
        return [_plain(one) for one in told]
    if isinstance(told, Mapping):
        return {str(key): _plain(value) for key, value in told.items()}
    return told


def _made(kind: Any, told: Any) -> Any:
    """What `_plain` was given, of its type."""
    origin, of = get_origin(kind), get_args(kind)
    if told is None:
        return None
    if origin in (Union, UnionType):
        return _made(next(one for one in of if one is not NoneType), told)
    if origin is tuple:
        kinds = of[:1] * len(told) if of[-1] is Ellipsis else of
        return tuple(_made(*one) for one in zip(kinds, told, strict=True))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {of[0](key): _made(of[1], value) for key, value in told.items()}
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: _made(hints[name], value) for name, value in told.items()})
    return kind(told) if isinstance(kind, type) and issubclass(kind, Enum) else told


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)
