"""Files of counts that were made to harm, on a server that runs: what is no count is nobody, the page stays light."""

import hashlib
import json
import time
from datetime import UTC, datetime

import pytest
from by_hand import TABLES
from clinic_home import COUNTS
from live import Live

from recovery import warehouse
from recovery.formats.client_counts import as_json
from recovery.published import client_counts

GOOD = json.loads(as_json(COUNTS._replace(client="Good one", made=datetime.now(UTC).date())))
HTML = "<img src=x onerror=alert(1)>"
HARM: tuple[dict[str, object], ...] = (
    {"massages": 10**30}, {"massages": -1}, {"massages": True}, {"massages": 3.0}, {"massages": "12"},
    {"diary_days_of_14": 15}, {"weekday": 7}, {"weekday": [0]}, {"state": ["answer"]}, {"state": {}}, {"state": HTML},
    {"since": "9999-12-31"}, {"since": "0001-01-01"}, {"last_massage": HTML}, {"made": None}, {"made": 20260101},
    {"id": HTML}, {"id": "0" * 17}, {"id": 0}, {"client": ""}, {"client": None}, {"client": "a" * 41},
    {"client": "two\nlines"}, {"client": "\u202eright to left"}, {"client": "\ud800"}, {"withdrawn": 1},
    {"more_massages": 10**400}, {"more_massages": "soon"}, {"pain": 7}, {"\ud800": 1}, {"\x1b[2J": 1},
)  # fmt: skip
RAW = (
    b'{"recovery_counts":' + b"9" * 4000 + b"}",
    b'{"recovery_counts":1e999}',
    b'{"recovery_counts":1,"id":' + b"[" * 2000 + b"]" * 2000 + b"}",
    b'{"recovery_counts":1,"recovery_counts":1}',
    b'{"recovery_counts":1,"massages":NaN}',
    b'{"recovery_counts":1}' + b" " * 4096,
    b'{"recovery_counts":1,"id":"\xff\xfe"}',
    b"",
)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Live:
    live = Live(tmp_path_factory.mktemp("hostile") / "home", ())
    connection = warehouse.connect(live.settings.home.published)
    connection.execute(TABLES)
    connection.close()
    return live


def put(live: Live, contents: list[bytes]) -> None:
    """Files as a run has taken them, also one that refuses less than this version."""
    for former in live.inbox.glob("counts-*.json"):
        former.unlink()
    with warehouse.connect(live.settings.home.published) as connection:
        connection.execute("truncate files")
        rows = []
        for number, data in enumerate(contents):
            name = f"counts-{number:05}.json"
            (live.inbox / name).write_bytes(data)
            rows.append((name, hashlib.sha256(data).hexdigest()))
        connection.executemany(
            "insert into files (path, sha256, format, subject, status) values (?, ?, 'client_counts', 'me', 'loaded')",
            rows,
        )


def test_what_is_no_count_is_nobody_and_harms_nobody(live: Live) -> None:
    put(live, [*(json.dumps(GOOD | harm).encode() for harm in HARM), *RAW, json.dumps(GOOD).encode()])

    answer = live.owner().get("/")

    assert answer.status_code == 200
    assert "One client shares with you" in answer.text
    assert "Good one" in answer.text
    assert HTML not in answer.text


@pytest.mark.parametrize("harm", [*HARM[-3:], {HTML: 1}])
def test_the_reason_can_be_written_into_a_receipt(harm: dict[str, object]) -> None:
    with pytest.raises(client_counts.UnreadableExportError) as refused:
        client_counts.counts_in(json.dumps(GOOD | harm).encode(), "x.json", datetime.now(UTC).date())

    assert f"{refused.value}".encode().decode().isprintable()


def test_a_name_is_text(live: Live) -> None:
    put(live, [json.dumps(GOOD | {"client": HTML}).encode()])

    text = live.owner().get("/").text

    assert HTML not in text
    assert "&lt;img src=x" in text


@pytest.mark.slow
def test_thousands_of_files_leave_the_page_light_and_are_counted(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_counts, "MOST_FILES", 400)
    put(live, [json.dumps(GOOD | {"id": f"{number:016x}"}).encode() for number in range(500)])
    owner = live.owner()

    begun = time.process_time()
    text = owner.get("/").text

    assert time.process_time() - begun < 2
    assert "400 clients share with you" in text
    assert "And 150 more." in text
    assert "100 more files of clients were not looked at" in text
    assert len(text) < 150_000
