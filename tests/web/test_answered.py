"""What was answered on the live page since the last run is no longer asked on Today, which says when it counts."""

import hashlib
from pathlib import Path

import pytest
from by_hand import published_home
from live import Live
from parsed_page import parsed
from test_needs import LOG, hidden

from recovery import warehouse
from recovery.vocabulary.roles import Role
from recovery.words import today
from recovery.words import web as words

pytestmark = pytest.mark.slow

TODAY, NEEDS = "/people/anna", "/people/anna/needs"
ANSWERED = words.answered(words.COUNTS)


@pytest.fixture
def live(tmp_path: Path) -> Live:
    settings = published_home(tmp_path / "home", ("me", "anna"))
    (settings.home.inbox / "anna").mkdir(exist_ok=True)
    (settings.home.inbox / "anna" / "studio.csv").write_text(LOG)
    digest = hashlib.sha256(LOG.encode()).hexdigest()
    with warehouse.connect(settings.home.published) as connection:
        connection.execute("delete from rejected; alter table rejected add column subject varchar")
        connection.execute(
            "insert into files values ('anna/studio.csv', ?, 'massage_log', 'anna', 'partial', 3, null, null, null)",
            [digest],
        )
        connection.execute(
            "insert into rejected values"
            " ('anna/studio.csv', 'row 3', 'says 30.02.2026', '30.02.2026', 'anna'),"
            " ('anna/studio.csv', 'row 4', 'minutes soon', 'soon', 'anna'),"
            " ('list.csv', 'row 3', 'has no date', 'x', 'me')"
        )
        connection.execute(
            "insert into unknown_days values ('anna', '2026-02-01', 'anna/studio.csv', 'row 3', 'no such day')"
        )
    return Live(settings.home.folder)


def said(live: Live) -> str:
    return parsed(live.browser(Role.PERSON, "anna").get(TODAY).text).text


def test_a_question_goes_when_it_is_answered_and_comes_back_when_the_answer_is_taken_back(live: Live) -> None:
    anna = live.browser(Role.PERSON, "anna")
    asked = "studio.csv: 2 rows could not be read."
    assert asked in said(live)
    assert ANSWERED not in said(live)

    anna.post(NEEDS, data={**hidden(anna.get(NEEDS).text, 0), "value": "28.2.2026"})

    assert asked in said(live)  # one row of it still waits

    anna.post(NEEDS, data={**hidden(anna.get(NEEDS).text, 0), "value": "60"})

    assert "could not be read. The first" not in said(live)
    assert ANSWERED in said(live)
    assert today.NOTHING_NEEDED not in said(live)
    assert "nobody knows whether there was a massage" not in anna.get(NEEDS).text

    anna.post(f"{NEEDS}/undo", data=hidden(anna.get(NEEDS).text, -1))

    assert asked in said(live)
