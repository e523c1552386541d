"""Damage as files meet it on their way, and worse: each kind is a function of a random generator and some bytes."""

import io
import random
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import NamedTuple

Damage = Callable[[random.Random, bytes], bytes]

ODD_NUMBERS = [
    b"-1", b"0", b"1e400", b"-1e400", b"NaN", b"Infinity", b"1e308", b"9" * 30, b"9" * 400, b"1.5e-320", b"-0",
    b"9223372036854775808",
    b"253402300800", b"253402300800000", b"-62135596801", b"2147483648", b"0x10", b"1_000", b"",
    "٣".encode(), "²".encode(),
]  # fmt: skip
ODD_TEXTS = [
    b"\x00",
    b"\xff\xfe", b"\xef\xbb\xbf", b'\\ud800', b"\\u0000", b'"', b"''", b",,,", b";", b"\r", b"\n\n", b"[" * 3000,

    b'{"a":' * 1500, b"<a>" * 3000, b"&amp;&#0;&x;", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"]]>", b"null", b"[]", b"{}",
    b"true", b"9999-12-31T23:59:59Z", b"0000-00-00", b"0001-01-01T00:00:00+14:00", b"2024-02-30", b"24:00:00",
    b"2024-01-01T25:61:61", "\u202e\u2028\u0085".encode(), b"=1+1", b"a" * 70_000,
    b"RRULE:FREQ=SECONDLY\r\n", b"-99:99",
]  # fmt: skip
NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
ENCODINGS = ("utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252", "cp1250", "shift_jis", "utf-7", "utf-8-sig")


class Mutant(NamedTuple):
    """One damaged file: what was done to it, its name and its bytes."""

    kind: str
    name: str
    content: bytes


def _span(rng: random.Random, data: bytes) -> tuple[int, int]:
    """A random range, mostly short; it begins in the first bytes more often than chance would."""
    start = rng.randrange(min(len(data), 300)) if rng.random() < 0.3 else rng.randrange(len(data))
    return start, min(len(data), start + 1 + int(rng.expovariate(1 / rng.choice((3, 40, 400, 4000)))))


def flipped(rng: random.Random, data: bytes) -> bytes:
    """Some bits the other way."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 3, 20))):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def cut(rng: random.Random, data: bytes) -> bytes:
    """The end is missing."""
    return data[: rng.randrange(len(data))] if rng.random() < 0.7 else data[: -rng.randrange(1, 20)]


def beheaded(rng: random.Random, data: bytes) -> bytes:
    """The start is missing."""
    return data[rng.randrange(1, len(data) + 1) :]


def deleted(rng: random.Random, data: bytes) -> bytes:
    """A range is missing."""
    start, end = _span(rng, data)
    return data[:start] + data[end:]


def doubled(rng: random.Random, data: bytes) -> bytes:
    """A range is there twice."""
    start, end = _span(rng, data)
    return data[:end] + data[start:end] + data[end:]


def swapped(rng: random.Random, data: bytes) -> bytes:
    """Two lines have changed places."""
    lines = data.splitlines(keepends=True)
    first, second = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[first], lines[second] = lines[second], lines[first]
    return b"".join(lines)


def inserted(rng: random.Random, data: bytes) -> bytes:
    """Something stands where it should not."""
    place = rng.randrange(len(data) + 1)
    more = rng.choice(ODD_TEXTS) if rng.random() < 0.7 else rng.randbytes(rng.randrange(1, 50))
    return data[:place] + more + data[place:]


def odd_number(rng: random.Random, data: bytes) -> bytes:
    """Numbers are others: too large, too small, none."""
    found = list(NUMBER.finditer(data))
    for match in sorted(rng.sample(found, min(len(found), rng.choice((1, 1, 2, 5)))), key=lambda one: -one.start()):
        data = data[: match.start()] + rng.choice(ODD_NUMBERS) + data[match.end() :]
    return data


def odd_value(rng: random.Random, data: bytes) -> bytes:
    """A value between two marks is another."""
    found = list(re.finditer(rb"[^,;:<>\"\n\t ]+", data))
    if not found:
        return inserted(rng, data)
    match = rng.choice(found)
    return data[: match.start()] + rng.choice(ODD_TEXTS) + data[match.end() :]


def overwritten(rng: random.Random, data: bytes) -> bytes:
    """A range is zeros, or noise."""
    start, end = _span(rng, data)
    return data[:start] + (bytes(end - start) if rng.random() < 0.5 else rng.randbytes(end - start)) + data[end:]


def encoded(rng: random.Random, data: bytes) -> bytes:
    """Another encoding."""
    return data.decode("utf-8", "replace").encode(rng.choice(ENCODINGS), "replace")


def other_line_ends(rng: random.Random, data: bytes) -> bytes:
    """Other ends of lines, or other marks between cells."""
    old, new = rng.choice(
        ((b"\n", b"\r\n"), (b"\n", b"\r"), (b"\n", b"\n\n"), (b",", b";"), (b".", b","), (b",", b"\t"))
    )
    return data.replace(old, new)


DAMAGES: Mapping[str, Damage] = {
    damage.__name__: damage
    for damage in (
        flipped, cut, beheaded, deleted, doubled, swapped, inserted, odd_number, odd_value, overwritten, encoded,
        other_line_ends,
    )
}  # fmt: skip
EXTENSIONS = (".csv", ".json", ".xml", ".fit", ".zip", ".ics", ".db", ".xlsx", ".txt", ".gz", "")


def zipped(rng: random.Random, name: str, data: bytes) -> bytes:
    """The file in a zip, stored or packed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
        archive.writestr(zipfile.ZipInfo(name, (2024, 3, 1, 12, 0, 0)), data)
    return stream.getvalue()
