"""In which encoding a mapped table is written: recovery.toml names its headings, which have to come out."""

from collections.abc import Collection

from recovery.formats import log_table
from recovery.formats.entries import HEAD_BYTES, Entry
from recovery.formats.export_table import headings, plain
from recovery.formats.text_encoding import marked_encoding

# What spreadsheets write as "CSV" in one country or another, where that is not UTF-8.
OF_COUNTRIES = (
    "cp1252", "cp1250", "cp1251", "cp932", "gb18030", "cp949", "big5", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257",
    "cp1258", "cp874", "euc_jp", "mac_roman", "cp850", "cp437",
)  # fmt: skip
LOOKED_AT_BYTES = 1 << 22  # letters may stand in the notes alone, far below the headings


def encoding(head: bytes) -> str:
    """The encoding of a text by its beginning, of which the last letter may be cut."""
    encodings = [log_table.encoding_of(head[: len(head) - cut]) for cut in range(4)]
    return "utf-8-sig" if "utf-8" in encodings else encodings[0]


def is_unicode(encoding: str) -> bool:
    """Whether every letter has a place in the encoding, so that a file needs not be saved again for them."""
    return encoding.startswith("utf")


def encoding_with(entry: Entry, names: Collection[str], header_row: int = 1) -> str:
    """The encoding in which a table has all of these headings; the likeliest by its letters where none has."""
    head = entry.head
    if head.isascii() and len(head) >= HEAD_BYTES and not marked_encoding(head):
        with entry.open() as stream:
            head = stream.read(LOOKED_AT_BYTES)
        return encoding(head)
    likely = encoding(head)
    if is_unicode(likely):
        return likely
    return next((name for name in (likely, *OF_COUNTRIES) if _has(head, name, names, header_row)), likely)


def _has(head: bytes, encoding: str, names: Collection[str], header_row: int) -> bool:
    lines = head.split(b"\n", header_row)
    try:
        text = b"\n".join(lines[:header_row]).decode(encoding)
    except UnicodeDecodeError:
        return False
    here = {plain(name) for name in headings(f"{text}\n".encode(), header_row - 1)}
    return len(lines) > header_row and {plain(name) for name in names} <= here
