"""Logging in the browser, with forms alone: noted, taken back, changed, removed; and what is refused."""

import html
import re
from pathlib import Path

import pytest
from live import NEAR, Live, send, token

from recovery.actions.log_entries import entries
from recovery.home.clock import today
from recovery.vocabulary.roles import Role
from recovery.words import web as words

TODAY = f"{today('Europe/Berlin')}"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def live(tmp_path: Path) -> Live:
    return Live(tmp_path / "home")


def rows(live: Live, kind: str, person: str = "me") -> list[dict[str, str]]:
    return [dict(entry.cells) for entry in entries(live.settings, person, kind).entries]


def test_a_tap_writes_the_pain_and_is_taken_back(live: Live) -> None:
    owner = live.owner()

    answer = send(owner, "/people/me", "/people/me/day", pain="4")

    assert (answer.status_code, answer.headers["location"]) == (303, "/people/me")
    assert rows(live, "diary") == [{"date": TODAY, "pain": "4"}]
    page = owner.get("/people/me").text
    assert "Pain of the day, 0 to 10: 4" in page
    assert "(today: 4)" in page
    send(owner, "/people/me", "/people/me/undo")
    assert rows(live, "diary") == []
    assert words.TAKEN_BACK in owner.get("/people/me").text
    assert send(owner, "/people/me", "/people/me/undo").status_code == 409


def test_a_receipt_says_from_when_on_it_counts_and_how_sooner(live: Live) -> None:
    owner, anna = live.owner(), live.browser(Role.PERSON, "anna")

    send(owner, "/people/me", "/people/me/day", pain="4")
    of_owner = owner.get("/people/me").text
    live.site.nightly_at = ("00:00",)
    send(anna, "/people/anna", "/people/anna/day", pain="4")
    of_anna = anna.get("/people/anna").text

    assert words.COUNTS in of_owner
    assert f"{words.COUNT_NOW}</button>" in of_owner
    assert "It counts when new data is read next, tomorrow at 00:00." in of_anna
    assert words.COUNT_NOW not in of_anna


def test_pain_is_never_preset(live: Live) -> None:
    owner = live.owner()
    send(owner, "/people/me", "/people/me/massage", date="2026-05-01", start="17:30", minutes="60", pain_before="6")

    page = owner.get("/people/me").text

    assert 'id="massage-minutes" name="minutes" value="60"' in page
    assert 'id="massage-pain_before" name="pain_before" value=""' in page
    assert "checked" not in page
    assert "selected" not in page


def test_a_massage_is_written_with_two_fields_or_begun_with_its_pain(live: Live) -> None:
    owner = live.owner()

    send(owner, "/people/me", "/people/me/massage", pain_before="6", start="17:30")
    send(owner, "/people/me", "/people/me/massage", date=TODAY, start="17:30", minutes="60")

    assert rows(live, "massages") == [{"date": TODAY, "start": "17:30", "minutes": "60", "pain_before": "6"}]


def test_the_first_massage_of_all_takes_one_tap(live: Live) -> None:
    owner = live.owner()
    form = re.search(r'<form method="post" action="/people/me/massage">.*?</form>', owner.get("/people/me").text, re.S)
    assert form
    sent = dict(re.findall(r'<input id="[^"]*" name="([^"]*)"[^>]* value="([^"]*)"', form[0]))
    assert len(sent) > 2  # the folded fields go with the button, all empty but the day

    assert send(owner, "/people/me", "/people/me/massage", **sent).status_code == 303

    assert rows(live, "massages") == [{"date": TODAY}]
    assert "Written: a massage on" in owner.get("/people/me").text


def test_each_person_has_their_own_lists(live: Live) -> None:
    anna = live.browser(Role.PERSON, "anna", address=NEAR)

    send(anna, "/people/anna", "/people/anna/day", pain="2")

    assert rows(live, "diary", "anna") == [{"date": TODAY, "pain": "2"}]
    assert rows(live, "diary") == []
    for person in ("ben", "me"):
        assert send(anna, "/people/anna", f"/people/{person}/day", pain="2").status_code == 404


def test_a_line_is_changed_and_removed_where_the_list_is_as_it_was_seen(live: Live) -> None:
    owner = live.owner()
    send(owner, "/people/me", "/people/me/massage", date="2026-05-01", start="17:30", minutes="60", note="warm")
    send(owner, "/people/me", "/people/me/massage", date="2026-05-08", minutes="45")
    address = "/people/me/lines/massages/1"
    seen = re.findall(r'name="seen" value="(\w+)"', owner.get(address).text)[0]

    send(owner, address, address, seen=seen, date="2026-05-01", start="17:30", minutes="50", note="")
    assert rows(live, "massages")[0] == {"date": "2026-05-01", "start": "17:30", "minutes": "50"}
    late = send(owner, address, f"{address}/remove", seen=seen)
    assert late.status_code == 409
    assert "was changed since it was looked at" in late.text
    fresh = re.findall(r'name="seen" value="(\w+)"', owner.get(address).text)[0]
    send(owner, address, f"{address}/remove", seen=fresh)
    assert [row["date"] for row in rows(live, "massages")] == ["2026-05-08"]
    send(owner, "/people/me", "/people/me/undo")
    assert [row["date"] for row in rows(live, "massages")] == ["2026-05-01", "2026-05-08"]


def test_the_lines_of_a_list_are_folded_by_month_and_each_can_be_opened(live: Live) -> None:
    (live.inbox / "massages.csv").write_text(
        "date,start,minutes,status\n2025-12-31,17:30,60,attended\n2026-05-01,17:30,60,attended\n2026-05-08,,45,cancelled\n"
        "soon,,60,\n"
    )

    page = live.owner().get("/people/me/lines/massages").text

    months = re.findall(r"<details( open)?><summary>([^<]+)</summary>(.*?)</details>", page, re.S)
    assert [(title, bool(is_open)) for is_open, title, _ in months] == [
        ("1 line without a day that can be read", True),
        ("May 2026: 2 lines", True),
        ("December 2025: 1 line", False),
    ]
    assert [re.findall(r"/lines/massages/(\d+)", lines) for _, _, lines in months] == [["4"], ["3", "2"], ["1"]]


@pytest.mark.parametrize("path", ["lines/massages/0", "lines/massages/9", "lines/other", "lines/massages/x", "lines"])
def test_lines_that_are_not_there_are_not_found(live: Live, path: str) -> None:
    assert live.owner().get(f"/people/me/{path}").status_code in (400, 404)


@pytest.mark.parametrize(
    ("kind", "fields", "sentence"),
    [
        ("day", {"bed_rest_hours": "30"}, "Hours in bed by day: '30' is not between 0 and 24."),
        ("day", {"doses": "many"}, "Pills, how many: 'many' is not a number."),
        ("day", {"date": "soon", "pain": "3"}, "Day: 'soon' is no date. Write it as 2026-05-31, or say yesterday."),
        ("massage", {"date": TODAY, "start": "half"}, "Began at: 'half' is not a time of day; write it as 18:30."),
        ("massage", {"date": TODAY, "start": "17:00-18:00", "minutes": "45"}, "Minutes: 17:00-18:00 lasts 60 minutes,"),
    ],
)
def test_a_mistake_is_told_by_the_name_of_the_field(
    live: Live, kind: str, fields: dict[str, str], sentence: str
) -> None:
    answer = send(live.owner(), "/people/me", f"/people/me/{kind}", **fields)

    said = html.unescape(answer.text)
    assert f"Nothing was written. {sentence}" in said
    assert "bed_rest_hours" not in said


def test_before_the_first_publication_a_button_stands_in_the_place_of_a_command(live: Live) -> None:
    owner, ben = live.owner(), live.browser(Role.PERSON, "ben")

    of_owner, of_ben = (client.get(f"/people/{name}").text for client, name in ((owner, "me"), (ben, "ben")))

    assert words.NOTHING_PUBLISHED in of_owner
    assert f"<button>{words.RUN_NOW}</button>" in of_owner
    assert words.NOTHING_PUBLISHED_YET in of_ben
    assert words.RUN_NOW not in of_ben
    assert "recovery run" not in of_owner + of_ben


@pytest.mark.parametrize(
    "fields", [{"pain": "11"}, {"pain": "-1"}, {"pain": "x"}, {"mood": "9"}, {"date": "soon", "pain": "3"}]
)
def test_what_cannot_be_meant_is_refused_in_words_and_writes_nothing(live: Live, fields: dict[str, str]) -> None:
    owner = live.owner()
    before = (live.inbox / "diary.csv").read_bytes()

    answer = send(owner, "/people/me", "/people/me/day", **fields)

    assert answer.status_code == 409
    assert str(live.settings.home.folder) not in answer.text
    assert (live.inbox / "diary.csv").read_bytes() == before


def test_a_form_without_the_token_of_its_session_writes_nothing(live: Live) -> None:
    owner, anna = live.owner(), live.browser(Role.PERSON, "anna")
    before = (live.inbox / "diary.csv").read_bytes()
    foreign = token(anna.get("/people/anna").text)

    for wrong in ("", "x", foreign):
        answer = owner.post("/people/me/day", data={"pain": "3", "token": wrong})
        assert answer.status_code == 403
    assert owner.post("/people/me/undo", data={}).status_code == 403
    assert (live.inbox / "diary.csv").read_bytes() == before


def test_a_program_with_a_key_needs_no_token(live: Live) -> None:
    assert live.program(Role.OWNER).post("/people/me/day", data={"pain": "3"}).status_code == 303
    assert rows(live, "diary") == [{"date": TODAY, "pain": "3"}]


@pytest.mark.parametrize("column", ["technique", "areas", "muscles", "therapist", "cause", "note"])
def test_a_stored_script_is_text_on_every_page(live: Live, column: str) -> None:
    owner = live.owner()
    text = f"\"'>{SCRIPT}"

    send(owner, "/people/me", "/people/me/massage", date="2026-05-01", start="17:30", minutes="60", **{column: text})

    for page in ("/people/me", "/people/me/lines/massages", "/people/me/lines/massages/1"):
        shown = owner.get(page).text
        assert SCRIPT not in shown
    assert SCRIPT in rows(live, "massages")[0][column]


def test_a_formula_is_text_in_a_spreadsheet(live: Live) -> None:
    owner = live.owner()

    send(owner, "/people/me", "/people/me/day", note='=HYPERLINK("http://evil.example")', pain="3")

    assert rows(live, "diary")[0]["note"].startswith("'=")


def test_line_ends_and_quotes_stay_in_their_cell(live: Live) -> None:
    send(live.owner(), "/people/me", "/people/me/day", note='a\r\n2026-01-01,9\n"b",c', pain="3")

    assert len(rows(live, "diary")) == 1
    assert rows(live, "diary")[0]["note"] == 'a 2026-01-01,9 "b",c'


def test_a_diary_that_cannot_be_read_is_told_and_the_page_still_stands(live: Live) -> None:
    (live.inbox / "diary.csv").write_text("nothing of a log\n")

    page = live.owner().get("/people/me")

    assert page.status_code == 200
    assert "Your list cannot be read" in page.text
    assert 'name="pain"' not in page.text


def test_the_page_works_without_scripts(live: Live) -> None:
    page = live.owner().get("/people/me").text

    assert page.count('<form method="post"') == len(re.findall("<form", page))
    assert page.count('type="hidden" name="token"') == len(re.findall("<form", page))
    assert not re.search(r"<button[^>]*type=\"button\"", page)


def test_a_therapist_adds_massages_and_sees_no_list(live: Live) -> None:
    therapist = live.browser(Role.THERAPIST, "anna")

    assert send(therapist, "/people/anna", "/people/anna/massage", minutes="60").status_code == 303
    page = therapist.get("/people/anna").text
    assert 'name="pain"' not in page
    assert "/lines/" not in page
    assert therapist.get("/people/anna/lines/massages").status_code == 403
    assert send(therapist, "/people/anna", "/people/anna/undo").status_code == 303
    assert rows(live, "massages", "anna") == []
