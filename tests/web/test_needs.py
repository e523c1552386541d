"""Rows that could not be read are asked about on the page, mended there and taken back; each key sees its own alone."""

import hashlib
import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import chromium
import duckdb
import pytest
from live import Live, TestClient, send

from recovery.home import entry
from recovery.home.mends import read_mends
from recovery.vocabulary.roles import Role
from recovery.words import mends as words

pytestmark = pytest.mark.slow

LOG = "Datum;Dauer;Notiz\n02.01.2026;60;eins\n30.02.2026;60;<script>alert(1)</script>\n09.03.2026;soon;drei\n"
SHARED = "date,minutes,client,note\n2026-02-30,60,anna,about anna\n2026-02-31,60,me,about me\n"
NEEDS = "/people/anna/needs"


@pytest.fixture
def live(tmp_path: Path) -> Live:
    live = Live(tmp_path / "home")
    files = {"anna/studio.csv": LOG, "both.csv": SHARED, "ben/studio.csv": LOG}
    rows = [("anna", "anna/studio.csv", "row 3"), ("anna", "both.csv", "row 2"), ("me", "both.csv", "row 3"),
            ("ben", "ben/studio.csv", "row 3")]  # fmt: skip
    with duckdb.connect(str(live.settings.home.published)) as connection:
        connection.execute("create table files (path text, sha256 text, format text, subject text, status text)")
        connection.execute("create table rejected (subject text, path text, place text)")
        connection.execute("create table unknown_days (subject text, local_date date, path text, place text)")
        for path, content in files.items():
            (live.inbox / path).parent.mkdir(exist_ok=True)
            (live.inbox / path).write_text(content)
            subject = path.partition("/")[0] if "/" in path else "me"
            digest = hashlib.sha256(content.encode()).hexdigest()
            connection.execute("insert into files values (?, ?, 'massage_log', ?, 'partial')", [path, digest, subject])
        connection.executemany("insert into rejected values (?, ?, ?)", rows)
        connection.execute(
            "insert into unknown_days values ('anna', '2026-02-01', 'anna/studio.csv', 'row 3'),"
            " ('anna', '2026-04-01', 'anna/old.ics', 'event 7'), ('anna', '2026-04-03', 'anna/old.ics', 'event 7')"
        )
    return live


def hidden(page: str, number: int) -> dict[str, str]:
    """The hidden fields of the form of a number."""
    form = re.findall(r'<form method="post".*?</form>', page, re.DOTALL)[number]
    return {name: html.unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form)}


def post(client: TestClient, number: int, address: str = NEEDS, **fields: str) -> Any:
    return client.post(address, data={**hidden(client.get(NEEDS).text, number), **fields})


def said(live: Live) -> list[tuple[str, str, str, str]]:
    return [(mend.path, mend.column, mend.value, mend.person) for mend in read_mends(live.settings.home).mends]


def test_each_row_is_asked_about_with_its_old_text_and_mended_in_place(live: Live) -> None:
    anna = live.browser(Role.PERSON, "anna")
    page = anna.get(NEEDS).text

    assert "anna/studio.csv: Row 3 says 30.02.2026, and that is no day. Which day was it?" in page
    assert 'value="30.02.2026"' in page
    assert "between 2 January 2026 and 9 March 2026" in page
    assert "Row 4: minutes &#39;soon&#39;" in page
    assert "anna/old.ics, event 7: nobody knows whether there was a massage on 2 of the days" in page
    assert "<script>alert" not in page

    answer = post(anna, 0, value="28.2.2026")

    assert (answer.status_code, answer.headers["location"]) == (303, NEEDS)
    assert said(live) == [("anna/studio.csv", "date", "2026-02-28", "anna")]
    page = anna.get(NEEDS).text
    assert "Written: date of row 3 of anna/studio.csv is 2026-02-28" in page
    assert "30.02.2026, and that is no day" not in page
    assert (live.inbox / "anna/studio.csv").read_text() == LOG
    post(anna, -1, f"{NEEDS}/undo")
    assert said(live) == []
    assert words.TAKEN_BACK in anna.get(NEEDS).text


def test_a_row_of_nothing_is_left_out(live: Live) -> None:
    owner = live.owner()

    post(owner, 1)

    assert said(live) == [("anna/studio.csv", "row", "leave out", "anna")]


def test_of_a_shared_list_each_person_sees_the_own_row(live: Live) -> None:
    page = live.browser(Role.PERSON, "anna").get(NEEDS).text

    assert "both.csv: Row 2" in page
    assert "about anna" in page
    assert "about me" not in page
    assert "ben" not in page


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"value": "2026-02-30"}, 409), ({"value": ""}, 409), ({"value": "=1+1"}, 409), ({"value": "x" * 300}, 409),
        ({"column": "colour", "value": "x"}, 409), ({"row": "0" * 32}, 409), ({"path": "ben/studio.csv"}, 409),
        ({"path": "../recovery.toml"}, 409), ({"token": "x"}, 403),
    ],
)  # fmt: skip
def test_what_is_not_asked_or_cannot_be_meant_is_refused(live: Live, fields: dict[str, str], status: int) -> None:
    anna = live.browser(Role.PERSON, "anna")

    answer = post(anna, 0, **{"value": "2026-02-28", **fields})

    assert answer.status_code == status
    assert str(live.settings.home.folder) not in answer.text
    assert said(live) == []


def test_nobody_else_sees_or_mends_it(live: Live) -> None:
    owner = live.owner()
    form = hidden(owner.get(NEEDS).text, 0) | {"value": "2026-02-28"}

    for client in (live.program(Role.PERSON, "ben"), live.program(Role.THERAPIST, "anna")):
        assert client.get(NEEDS).status_code in (403, 404)
        assert client.post(NEEDS, data=form).status_code in (403, 404)
        assert client.post(f"{NEEDS}/undo", data=form).status_code in (403, 404)
    assert said(live) == []


def test_an_event_of_a_calendar_is_asked_about_and_mended(live: Live) -> None:
    event = "BEGIN:VEVENT\nUID:7\n{}\nSUMMARY:Massage\nEND:VEVENT\n"
    days = ("DTSTART:20260230T170000", "DTSTART:20260302T170000\nEXRULE:FREQ=DAILY")
    content = f"BEGIN:VCALENDAR\n{''.join(map(event.format, days))}END:VCALENDAR\n"
    (live.inbox / "anna/cal.ics").write_text(content)
    with duckdb.connect(str(live.settings.home.published)) as connection:
        digest = hashlib.sha256(content.encode()).hexdigest()
        connection.execute("delete from files")
        connection.execute("insert into files values ('anna/cal.ics', ?, 'calendar_ics', 'anna', 'partial')", [digest])
        connection.execute("insert into rejected values ('anna', 'anna/cal.ics', 'event 7')")
    anna = live.browser(Role.PERSON, "anna")
    page = anna.get(NEEDS).text
    assert "anna/cal.ics: “Massage”, 20260230T170000: the event breaks the calendar format. When did it begin?" in page
    assert words.EXPECTED_START in page
    assert "“Massage”, 2 March 2026: " in page
    assert "which is not read. This cannot be put right here." in page
    assert words.BY_HAND in page
    assert page.count(words.VALUE) == 1  # nothing but leaving out helps the other

    post(anna, 1, value="28.2.2026 17:00")

    assert said(live) == [("anna/cal.ics", "start", "2026-02-28 17:00", "anna")]
    assert "Written: start of event 7 of anna/cal.ics is 2026-02-28 17:00" in anna.get(NEEDS).text


def test_a_rule_that_cannot_be_followed_is_named_with_what_to_do(live: Live) -> None:
    content = (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:8\nDTSTART:20260302T170000\nRRULE:FREQ=HOURLY\nSUMMARY:Massage\n"
        "END:VEVENT\nEND:VCALENDAR\n"
    )
    (live.inbox / "anna/cal.ics").write_text(content)
    with duckdb.connect(str(live.settings.home.published)) as connection:
        digest = hashlib.sha256(content.encode()).hexdigest()
        connection.execute("delete from files")
        connection.execute("insert into files values ('anna/cal.ics', ?, 'calendar_ics', 'anna', 'partial')", [digest])
        connection.execute("insert into rejected values ('anna', 'anna/cal.ics', 'event 8')")
    anna = live.browser(Role.PERSON, "anna")

    page = anna.get(NEEDS).text
    post(anna, 0)

    assert "“Massage”, 2 March 2026: the event repeats within the day, which no massage does" in page
    assert words.BY_HAND in page
    assert said(live) == [("anna/cal.ics", "row", "leave out", "anna")]
    assert words.BY_HAND not in anna.get(NEEDS).text


def test_whether_a_massage_took_place_is_answered_with_one_tap(live: Live) -> None:
    content = "date,minutes,note\n2026-01-05,60,\n2026-01-12,60,felt too ill\n2026-01-19,60,did not go?\n"
    (live.inbox / "anna/studio.csv").write_text(content)
    with duckdb.connect(str(live.settings.home.published)) as connection:
        digest = hashlib.sha256(content.encode()).hexdigest()
        connection.execute("alter table files add column asked text")
        connection.execute("delete from files")
        connection.execute(
            "insert into files values ('anna/studio.csv', ?, 'massage_log', 'anna', 'loaded', 'Did it?'),"
            " ('anna/cal.ics', 'x', 'calendar_ics', 'anna', 'loaded', 'Was that one?')",
            [digest],
        )
    anna = live.browser(Role.PERSON, "anna")

    page = anna.get(NEEDS).text
    post(anna, 0, value="attended")
    post(anna, 0, value="cancelled")

    assert "did this massage take place: 2026-01-12 (row 3, note &#39;felt too ill&#39;)? It counts unless" in page
    assert page.count(words.IT_DID_NOT) == 2
    assert "anna/cal.ics: Was that one?" in page
    assert "Did it?" not in page  # it is asked above
    assert {(column, value) for _, column, value, _ in said(live)} == {("status", "attended"), ("status", "cancelled")}
    after = anna.get(NEEDS).text
    assert "the massage of row 4 of anna/studio.csv did not take place" in after
    assert words.IT_DID_NOT not in after
    assert "Did it?" not in after


def test_a_file_that_no_run_has_read_like_this_is_not_opened(live: Live) -> None:
    (live.inbox / "anna/studio.csv").write_text(LOG.replace("eins", "else"))

    page = live.browser(Role.PERSON, "anna").get(NEEDS).text

    assert "anna/studio.csv: Row 3" not in page


def test_without_anything_published_nothing_is_asked(tmp_path: Path) -> None:
    live = Live(tmp_path / "other")

    assert words.NO_ROWS in live.owner().get("/people/me/needs").text
    assert send(live.owner(), "/people/me", "/people/me/needs", path="a", value="b").status_code == 409


@pytest.fixture
def window(live: Live) -> Iterator[Any]:
    """A page of Chromium that came in as the owner."""
    with chromium.started() as browser, live.served() as address:
        page = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=True).new_page()
        page.set_default_timeout(20_000)
        page.goto(entry.entry_page(live.settings.home, address).as_uri())
        page.wait_for_url(lambda url: url.startswith(address) and "/enter" not in url)
        page.goto(f"{address}{NEEDS}")
        yield page


def test_in_the_browser_a_row_is_mended_and_taken_back_and_axe_finds_nothing(live: Live, window: Any) -> None:
    window.get_by_label(words.VALUE).first.fill("28.2.2026")
    window.get_by_role("button", name="Write down").first.click()
    window.get_by_role("status").get_by_text("Written: date of row 3").wait_for()
    assert said(live) == [("anna/studio.csv", "date", "2026-02-28", "anna")]

    assert chromium.axe_finds(window, ("light", 390), ("dark", 1280)) == []
    for width in (1280, 390):
        window.set_viewport_size({"width": width, "height": 844})
        assert window.evaluate("document.documentElement.scrollWidth") <= width

    window.get_by_role("button", name="Undo").click()
    window.get_by_text(words.TAKEN_BACK).wait_for()
    assert said(live) == []
