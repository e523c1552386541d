"""Lists of JSON, item by item."""

import io

import pytest

from recovery.formats import json_items
from recovery.formats.json_items import CutShortError, items


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
