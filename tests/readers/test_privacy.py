"""Records have no place for what is private, and no reader puts it where there is one."""

import re

import pytest
from private_words import DEVICE_TEXT, found, private
from test_readers import each_sample, folder_tree, read_claimed, reader_of

from recovery.formats.records import SCHEMAS, Batch

PRIVATE = ("lat", "lon", "coord", "altitude", "elevation", "route", "name", "mail", "birth", "gender", "sex", "phone",
           "address", "city", "country", "place_of", "message", "ecg", "photo", "user", "account")  # fmt: skip
LOGS_OWN = {"massages.therapist", "massages.note", "diary.note", "massages.place", "diary.place"}  # a person's own log


def test_records_have_no_place_for_what_is_private() -> None:
    columns = {f"{record}.{field.name}" for record, schema in SCHEMAS.items() for field in schema}
    private_columns = {
        column for column in columns - LOGS_OWN if any(word.startswith(PRIVATE) for word in re.split(r"[._]", column))
    }

    assert private_columns == {"sleep_sessions.latency_min"}  # the time to fall asleep


def test_the_texts_of_a_device_are_these() -> None:
    """Another column of text is another place for a name: think first, then add it."""
    assert {record: columns for record, columns in DEVICE_TEXT.items() if columns} == {
        "samples": ("source", "metric"),
        "counters": ("source", "metric", "activity"),
        "clock_offsets": ("source",),
        "sleep_sessions": ("source", "session_key", "kind"),
        "sleep_stages": ("source", "session_key", "stage"),
        "activities": ("source", "sport"),
        "day_values": ("source", "metric"),
        "devices": ("source", "manufacturer", "product", "firmware"),
    }


@each_sample
def test_no_record_of_a_sample_holds_what_is_private(sample) -> None:
    _, items = read_claimed(reader_of(sample), folder_tree(sample))
    texts = {
        (f"{item.record}.{column}", text)
        for item in items
        if isinstance(item, Batch)
        for column in DEVICE_TEXT[item.record]
        for text in item.table[column].unique().to_pylist()
        if text is not None
    }

    assert list(found(sorted(texts))) == []


@each_sample
def test_a_source_is_a_vendor_a_device_or_an_app(sample) -> None:
    """In small letters, without blanks: a name that a person gave a device does not look so."""
    _, items = read_claimed(reader_of(sample), folder_tree(sample))
    sources = {
        source
        for item in items
        if isinstance(item, Batch) and "source" in item.table.column_names
        for source in item.table["source"].unique().to_pylist()
    }

    assert [source for source in sources if not re.fullmatch(r"[a-z0-9_]+(:[\w.\-]+)*", source)] == []
    assert not any("client" in source for source in sources)  # whose device it is, in the samples


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("somebody@example.org", "an e-mail address"),
        ("54.3210 9.8765", "a coordinate"),
        ("gadgetbridge:C8:0F:10:80:D0:AA", "a hardware address"),
        ("c80f1080d0aa", "a hardware address"),
        ("https://example.org/u/7", "an address on the web"),
        ("+49 170 1234567", "a telephone number"),
        ("garmin:3923699838", ""),
        ("2020-01-01T01:05:00", ""),
        ("00:11:22", ""),
        ("8.20", ""),
        ("160000000000", ""),
        ("3f2504e0-4f89-11d3-9a0c-0305e82c3301", ""),
        ("com.fitbit.fitbitmobile", ""),
    ],
)
def test_what_is_private_is_seen(text: str, what: str) -> None:
    assert private(text) == what
