"""The nearest guess, in plain words, at what a file is that no reader claimed, and what its owner could do."""

import csv
import json
import re
from collections.abc import Mapping

from recovery.formats import signatures
from recovery.formats.entries import Entry
from recovery.formats.resaved import as_exported
from recovery.words.say import say

RAW_TOOL = say(
    "its steps are worked out by `stepcount` (of OxWearables, Python), its days and nights by GGIR (R), which takes "
    "hours and is left to them: run one of them and drop its tables, which `recovery map` reads"
)
STARTS: Mapping[bytes, str] = {
    **signatures.PICTURES,
    signatures.PDF: say("a PDF document: export CSV, JSON or FIT instead"),
    b"MD\xfc\x03": say("raw acceleration of an Axivity device (.cwa), without steps; {tool}", tool=RAW_TOOL),
    b"Device Identity": say("raw acceleration of a GENEActiv device (.bin), without steps; {tool}", tool=RAW_TOOL),
    signatures.SQLITE: say("an SQLite database that is neither Gadgetbridge's nor Health Connect's"),
    b"7z\xbc\xaf\x27\x1c": say("a 7z archive: unpack it and drop the files"),
    b"Rar!": say("a RAR archive: unpack it and drop the files"),
    b"\xfd7zXZ": say("an xz archive: unpack it and drop the files"),
    b"\x28\xb5\x2f\xfd": say("a zstd archive: unpack it and drop the files"),
    b"BZh": say("a bzip2 archive: unpack it and drop the files"),
    b"PK": say(
        "an office document that is no massage log and no diary; an app's export that a spreadsheet saved: put the"
        " export itself in"
    ),
    signatures.OLD_OFFICE: say("an old Office document (before 2007): save it as .xlsx or .csv"),
    b"PAR1": say("a Parquet file"),
    b"ID3": "sound",
    b"RIFF": say("sound, video or a picture"),
    b"{\\rtf": say("a formatted text: save it as .csv"),
}
RAW_ACTIGRAPH = re.compile(r"\.gt3x(?:!/|$)", re.IGNORECASE)  # a zip of its recording and a few texts
# Headings of x, y and z beside a time, as ActiLife and the tools of AX3 write them.
_TIME, _AXIS = rb'"?[\w ()/.:+-]*(?:time|date)[\w ()/.:+-]*"?[,;\t]', rb'"?(?:acc[a-z]*[ _-]?)?%s\b[^,;\t\n]*'
RAW_CSV = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:%s){1,2}%s[,;\t]%s[,;\t]%s" % (_TIME, *(_AXIS % axis for axis in (b"x", b"y", b"z")))
)
RAW_STARTS = (b"Device Type,GENEActiv", b"Device Type:GENEActiv")
HEADING_BYTES = 300
TAR_MARK = slice(257, 262)
DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
LOG_ADVICE = say(
    "to make it a log, name the first column 'date' and others as recovery does: 'start', "
    "'minutes', 'technique' for massages, 'pain', 'mood', 'medication' for a diary of one row a day; any other "
    "table, also one with several regions, symptoms or kinds of row: `recovery map FILE` proposes how to read it"
)

SAVED_AGAIN = say(
    "where an app exported it and a spreadsheet saved it again, put the export itself in, as the app wrote it"
)


def nearest(entry: Entry) -> str:
    """One clause that completes 'No reader knows this file; it looks like ...'."""
    head = entry.head
    if RAW_ACTIGRAPH.search(entry.path):
        return say("a part of raw acceleration of an ActiGraph device (.gt3x), without steps; {tool}", tool=RAW_TOOL)
    if RAW_CSV.match(head[:HEADING_BYTES].lower()) or head.startswith(RAW_STARTS):
        return say("raw acceleration as text, without steps; {tool}", tool=RAW_TOOL)
    if entry.name.lower().endswith(".agd") and head.startswith(signatures.SQLITE):
        return say("epochs of an ActiGraph device in ActiLife's own form (.agd): export them from ActiLife as CSV")
    for start, clause in STARTS.items():
        if head.startswith(start):
            return clause
    if head and not head.strip(b"\0"):
        return say("the place of a file whose content is not here, bytes of zero alone: copy or download it again")
    if head[TAR_MARK] == b"ustar":
        return say("a tar archive: unpack it and drop the files")
    if head[4:8] == b"ftyp":
        return say("a video or picture of a phone")
    if head[8:12] == b".FIT":
        return say("a FIT file whose content is not known here")
    text = _text(head)
    if text is None:
        return say("data in a form that is not known here")
    stripped = text.lstrip("\ufeff \t\r\n")
    for guess in (_markup, _json, _calendar):
        if clause := guess(stripped):
            return clause
    if clause := _table(stripped):
        if as_exported(entry) is not entry:
            return say("{clause}; {saved_again}", clause=clause, saved_again=SAVED_AGAIN)
        return clause
    return say("plain text")


def _text(head: bytes) -> str | None:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    if b"\0" in head:
        return None
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(head) - 3:  # a letter cut in two by the end of the head
            return head[: error.start].decode("utf-8")
    text = head.decode("latin-1")
    strange = sum(not letter.isprintable() and letter not in "\r\n\t" for letter in text)
    return text if strange < len(text) / 20 else None


def _markup(text: str) -> str:
    if not text.startswith("<"):
        return ""
    if re.match(r"<(!doctype html|html)", text, re.IGNORECASE):
        return say("a web page: export CSV, JSON or FIT instead")
    root = re.search(
        r"<([A-Za-z_][\w.:-]*)", re.sub(r"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*", "", text, flags=re.DOTALL)
    )
    return say("XML whose first element is <{group}>", group=root.group(1)[:60]) if root else "XML"


def _json(text: str) -> str:
    if not text.startswith(("{", "[")):
        return ""
    keys = list(dict.fromkeys(re.findall(r'"([^"\\\n]{1,40})"\s*:', text)))[:6]
    if keys:
        return say("JSON with the keys {names}", names=", ".join(keys))
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return ""
    return say("JSON without any keys")


def _calendar(text: str) -> str:
    return say("a calendar in which no title of an event names a massage") if text.startswith("BEGIN:VCALENDAR") else ""


def _table(text: str) -> str:
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    if len(lines) < 2:
        return ""
    delimiter = max(",;\t|", key=lines[0].count)
    width = lines[0].count(delimiter)
    if not width or sum(line.count(delimiter) >= width for line in lines[1:]) < len(lines[1:]) / 2:
        return ""
    try:
        header = next(csv.reader([lines[0]], delimiter=delimiter))
    except csv.Error:
        return ""
    columns = ", ".join(name.strip()[:30] for name in header[:8])
    if DATE.search(" ".join(lines[1:])):
        return say("a table with the columns {columns}; {advice}", columns=columns, advice=LOG_ADVICE)
    return say("a table with the columns {columns}", columns=columns)
