"""Lists of JSON, item by item."""

import io

import pytest

from recovery.formats import json_items
from recovery.formats.json_items import Cursor, CutShortError, documents, items


def given(text: str, after: str = "") -> list[object]:
    return list(items(io.BytesIO(text.encode()), after))


@pytest.mark.parametrize("chunk", [1, 2, 7, 1 << 20])
def test_items_come_whole_however_the_file_is_cut(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_items, "CHUNK_BYTES", chunk)

    assert given('\ufeff [1, 23,"[é]", {"a": [4]}, null , -5.5e3]') == [1, 23, "[é]", {"a": [4]}, None, -5500.0]


def test_all_lists_behind_a_name_are_read() -> None:
    assert given('[{"x": [9], "mine": [1]}, {"mine" : [2, 3]}, {"mine": []}]', '"mine"') == [1, 2, 3]


@pytest.mark.parametrize("text", ["", "{}", '{"mine": 1', "no list"])
def test_what_has_no_such_list_says_so(text: str) -> None:
    with pytest.raises(CutShortError, match="not the JSON list"):
        given(text, '"mine"')


def test_what_stands_before_damage_is_given() -> None:
    stream = items(io.BytesIO(b'[{"a": 1}, {"a": '))

    assert next(stream) == {"a": 1}
    with pytest.raises(CutShortError, match="cut short or damaged"):
        next(stream)


def test_lists_in_lists_without_end_are_damage() -> None:
    with pytest.raises(CutShortError, match="damage"):
        given("[" * 100_000)


def test_lists_one_behind_the_other_are_all_read() -> None:
    assert given("[1]\n[2, 3]\n\n[]\n") == [1, 2, 3]


@pytest.mark.parametrize("chunk", [1, 1 << 20])
def test_what_stands_behind_the_list_of_a_file_is_named(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_items, "CHUNK_BYTES", chunk)
    stream = items(io.BytesIO(b'[1, 2]\n{"more": 3}'))

    assert [next(stream), next(stream)] == [1, 2]
    with pytest.raises(CutShortError, match="stands behind"):
        next(stream)


def test_objects_one_behind_the_other_are_all_read() -> None:
    cursor = Cursor(io.BytesIO(b'{"a": 1}\n{"b": 2}\n'))

    assert [(name, cursor.value()) for _ in cursor.documents() for name in cursor.members()] == [("a", 1), ("b", 2)]


def test_what_stands_behind_an_object_is_named() -> None:
    cursor = Cursor(io.BytesIO(b'{"a": 1} and more'))

    with pytest.raises(CutShortError, match="stands behind"):
        assert [cursor.value() for _ in cursor.documents() for _ in cursor.members()] == [1]


def test_documents_are_given_up_to_the_damage() -> None:
    assert list(documents('\ufeff{"a": 1}\r\n[2] ')) == [{"a": 1}, [2]]
    broken = documents('{"a": 1}\n{"a": ')
    assert next(broken) == {"a": 1}
    with pytest.raises(CutShortError, match="cut short"):
        next(broken)
