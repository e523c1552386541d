"""The file of counts: what is written is read again, and what is not exactly that is refused."""

import json
from datetime import date

import pytest
from clinic_home import COUNTS, TODAY

from recovery.errors import UnreadableExportError
from recovery.formats.client_counts import HEAD, MARK, as_json, counts_in

GOOD = json.loads(as_json(COUNTS))


def read(told: object) -> object:
    return counts_in((told if isinstance(told, str) else json.dumps(told)).encode(), "x.json", TODAY)


def test_what_is_written_is_read_again() -> None:
    full = COUNTS._replace(since=date(2026, 1, 1), more_massages=3, weekday=6, unread_rows=2, client="Ökonomie Ž 1")

    for counts in (COUNTS, full):
        assert read(as_json(counts)) == counts
        assert HEAD.match(as_json(counts).encode())


def test_who_withdraws_tells_nothing_but_that() -> None:
    told = as_json(COUNTS._replace(withdrawn=True))

    assert set(json.loads(told)) == {MARK, "id", "client", "made", "withdrawn"}
    assert read(told).withdrawn  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "changed",
    [
        {"massages": -1}, {"massages": 1.5}, {"massages": True}, {"massages": "12"}, {"massages": 10**9},
        {"massages": None}, {"diary_days_of_14": 15}, {"weekday": 7}, {"more_massages": -1}, {"state": "better"},
        {"state": None}, {"state": ["open"]}, {"last_massage": "2026-02-30"}, {"last_massage": "2027-01-01"},
        {"last_massage": "1999-01-01"}, {"last_massage": 20260101}, {"last_massage": "20260101"},
        {"made": "2026-04-04"}, {"made": None}, {"made": "2026-04-02T00:00"}, {"id": "x"}, {"id": "0" * 17},
        {"id": None}, {"client": ""}, {"client": "x" * 41}, {"client": "a\nb"}, {"client": "a\x1b[2J"},
        {"client": "a\u202eb"}, {"client": " a"}, {"client": 5}, {"client": None}, {"pain": 4}, {"withdrawn": False},
        {"withdrawn": True}, {MARK: 2}, {MARK: True}, {MARK: "1"},
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(UnreadableExportError, match="holds no counts of a client"):
        read({**GOOD, **changed})


@pytest.mark.parametrize("missing", sorted(GOOD))
def test_a_key_that_is_missing_is_refused(missing: str) -> None:
    with pytest.raises(UnreadableExportError):
        read({name: value for name, value in GOOD.items() if name != missing})


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "null", "1", "{", '{"recovery_counts": 1}', as_json(COUNTS) + "x", "[" * 3000,
        as_json(COUNTS)[:-3], as_json(COUNTS) + " " * 4096, '{"recovery_counts": 1e400}', '{"recovery_counts": NaN}',
        as_json(COUNTS).replace('"massages": 4', '"massages": 4, "massages": 5'),
        as_json(COUNTS).replace('"massages": 4', '"massages": NaN'),
        as_json(COUNTS).replace('"massages": 4', '"massages": ' + "9" * 3000),
    ],
)  # fmt: skip
def test_what_is_no_json_of_counts_is_refused(text: str) -> None:
    with pytest.raises(UnreadableExportError, match=r"x\.json holds no counts"):
        read(text)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(UnreadableExportError):
        counts_in(b"\xff\xfe{", "x.json", TODAY)
