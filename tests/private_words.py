"""What must not stand in a record: how an address, a place on the map, a hardware address or a date of birth looks."""

import re
from collections.abc import Iterable, Iterator, Mapping

import pyarrow as pa

from recovery.formats.records import SCHEMAS

# Columns of text and what they may hold; a log's own words are the person's to write.
DEVICE_TEXT: Mapping[str, tuple[str, ...]] = {
    record: tuple(
        field.name for field in schema if pa.types.is_string(field.type) and record not in ("massages", "diary")
    )
    for record, schema in SCHEMAS.items()
}
PATTERNS: Mapping[str, re.Pattern[str]] = {
    "an e-mail address": re.compile(r"[\w.+-]+@[\w-]+\.\w{2,}"),
    "a coordinate": re.compile(r"(?<![\d.])-?\d{1,3}\.\d{4,}(?![\d.])"),
    "a hardware address": re.compile(
        r"\b(?:[0-9a-f]{2}[:_-]){5}[0-9a-f]{2}\b|\b[0-9a-f]{12}\b(?<!\d{12})", re.IGNORECASE
    ),
    "an address on the web": re.compile(r"https?://|www\.", re.IGNORECASE),
    "a telephone number": re.compile(r"\+\d[\d ()-]{7,}\d"),
}
UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.IGNORECASE)


def private(text: str) -> str:
    """What of a text is private, in words; '' where nothing is. The random name of a record (a UUID) is not."""
    rest = UUID.sub(" ", text)
    return next((name for name, pattern in PATTERNS.items() if pattern.search(rest)), "")


def found(texts: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Sentences for a failing test: 'samples.source holds an e-mail address: ...'."""
    for place, text in texts:
        if what := private(text):
            yield f"{place} holds {what}: {text}"
