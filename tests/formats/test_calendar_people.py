"""Whose a massage of a calendar is; never the owner's where it may be somebody else's."""

import icalendar
import pytest

from recovery.formats.calendar_people import whose
from recovery.formats.entries import Context
from recovery.formats.log_cells import NotReadableError
from recovery.home.people import names_to_people

NAMES = names_to_people({"me": ["Max Mustermann", "max@example.com"], "anna": ["Anna Berg"], "bob": []})


def person(*lines: str, title: str = "Massage", calendar: str = "calendar", owner: str = "", subject: str = "me",
           names: dict[str, str] = NAMES) -> str:  # fmt: skip
    """Whose an event with these lines is; '' where that cannot be told."""
    text = "\r\n".join(["BEGIN:VEVENT", "DTSTART:20260501T100000", f"SUMMARY:{title}", *lines, "END:VEVENT", ""])
    component = icalendar.Event.from_ical(text)
    assert isinstance(component, icalendar.Event)
    owners = frozenset({owner} - {""})
    try:
        return whose(component, calendar, owners, Context(lambda _: "UTC", lambda wall: wall, subject, names))
    except NotReadableError:
        return ""


@pytest.mark.parametrize(
    ("title", "whose_it_is"),
    [
        ("Massage", "me"), ("Massage Bob", "bob"), ("Bob: Massage 60 min", "bob"), ("Thai massage for Bob", "bob"),
        ("Bob's massage", "bob"), ("Massage (Anna)", "anna"), ("Massage Anna Berg", "anna"),
        ("massage: berg, anna", "anna"),
        ("Massage BOB abgesagt", "bob"), ("Massage Max Mustermann", "me"), ("Massage for me", "me"),
        ("Massage with Bob", ""), ("Bob drives me to the massage", ""), ("Massage Bob + Anna", ""),
        ("Massage me and Bob", ""), ("Annas Massage", ""), ("Massage, fetch Bob", ""),
        ("Massage Bobby", "me"), ("Massage Kathy", "me"),
    ],
)  # fmt: skip
def test_a_title_names_a_person(title: str, whose_it_is: str) -> None:
    assert person(title=title) == whose_it_is


BOB, ANNA = "ATTENDEE;CN=bob:mailto:b@x.example", "ATTENDEE:mailto:anna@x.example"
ME, CLINIC = "ATTENDEE:mailto:max@example.com", "ATTENDEE;CN=Clinic:mailto:info@clinic.example"
BY_CLINIC = "ORGANIZER:mailto:info@clinic.example"


@pytest.mark.parametrize(
    ("lines", "whose_it_is"),
    [
        ([BOB], "bob"), ([ANNA], "anna"), ([ME], "me"), ([ME, CLINIC], "me"), ([BOB, ME], ""), ([BOB, ANNA], ""),
        ([CLINIC], ""), ([BOB, CLINIC], ""), ([BOB, BY_CLINIC], ""), ([BOB, "ORGANIZER:mailto:bob@x.example"], "bob"),
        (["DESCRIPTION:Client: anna", BOB], ""), (["DESCRIPTION:Client: anna"], "anna"),
        (["DESCRIPTION:room 3\\nKunde: Clara Sommer"], ""), (["DESCRIPTION:bring a towel for Bob"], "me"),
        (["ATTENDEE:", "ORGANIZER:"], "me"), (["CATEGORIES:Bob"], "bob"),
        (["CATEGORIES:Bob,Anna"], ""), (["CATEGORIES:Health"], "me"),
        (["ATTENDEE;CUTYPE=ROOM:mailto:bob@x.example"], "me"),
    ],
)  # fmt: skip
def test_an_invitation_names_a_person(lines: list[str], whose_it_is: str) -> None:
    assert person(*lines) == whose_it_is


def test_a_guest_is_no_reason_to_doubt_a_title() -> None:
    assert person(CLINIC, BY_CLINIC, title="Massage Bob") == "bob"
    assert person(ME, title="Massage Bob") == ""


def test_a_calendar_named_for_a_person_is_theirs() -> None:
    assert person(calendar="massage_bob") == "bob"
    assert person(CLINIC, calendar="Bob") == "bob"
    assert person(CLINIC, owner="bob@x.example") == "bob"
    assert person(calendar="bob and anna") == ""
    assert person(title="Massage Anna", calendar="Bob") == ""
    assert person(CLINIC, ME, owner="max@example.com") == "me"


def test_in_a_folder_what_names_another_is_refused() -> None:
    assert person(subject="bob") == "bob"
    assert person(CLINIC, BOB, subject="bob") == "bob"
    assert person(title="Massage Anna", subject="bob") == ""
    assert person(ME, subject="bob") == ""


def test_where_there_is_one_person_strangers_are_no_doubt() -> None:
    assert person(CLINIC, "DESCRIPTION:Client: M. Mustermann", names=names_to_people({"me": []})) == "me"
