"""The page of a person: the report of what is published, of that person alone."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from answers_by_hand import effect, publish
from by_hand import published_home
from live import Live
from parsed_page import parsed

from recovery import warehouse
from recovery.home import lock
from recovery.home.settings import Settings
from recovery.job import last_run
from recovery.vocabulary.roles import Role
from recovery.words import today
from recovery.words import web as words
from recovery.words import weeks as weeks_words

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Live:
    folder = tmp_path_factory.mktemp("live") / "home"
    published_home(folder, ("me", "anna", "ben"))
    with warehouse.connect(folder / "recovery.duckdb") as connection:
        connection.execute(
            "insert into rejected values ('anna/list.csv', 'row 3', 'has no date', 'annaword'),"
            " ('ben/list.csv', 'row 3', 'has no date', 'benword'), ('list.csv', 'row 3', 'has no date', 'meword')"
        )
        connection.execute(
            "insert into files values"
            " ('ben/a.csv', null, 'massage_log', 'ben', 'waiting', 3, null, null, null),"
            " ('anna/a.csv', null, 'diary_log', 'anna', 'loaded', 3, null, null, null)"
        )
    return Live(folder)


def test_a_page_of_one_person_holds_nothing_of_another(live: Live) -> None:
    for person, other_word in (("anna", "benword"), ("ben", "annaword"), ("me", "benword")):
        page = live.browser(Role.PERSON, person).get(f"/people/{person}/evidence").text
        assert f"{person}word" in page
        assert other_word not in page
        others = {"anna", "ben", "me"} - {person}
        assert not re.search(rf"\b({'|'.join(others - {'me'})})\b", page)
        assert "All people" not in page
        assert "Expected</th>" not in page  # checks quote values of everybody


def test_another_person_is_nobody(live: Live) -> None:
    anna = live.browser(Role.PERSON, "anna")

    texts = {anna.get(f"/people/{person}").text for person in ("ben", "me", "nobody")}

    assert len(texts) == 1
    assert {anna.get(f"/people/{person}").status_code for person in ("ben", "me", "nobody")} == {404}


def test_the_first_page_leads_to_the_one_person_or_lists_those_of_the_key(live: Live) -> None:
    assert live.browser(Role.PERSON, "ben").get("/").headers["location"] == "/people/ben"
    therapist = live.browser(Role.THERAPIST, "anna", "ben").get("/people").text
    assert "/people/anna" in therapist
    assert "/people/me" not in therapist
    assert "/people/me" in live.owner().get("/people").text
    assert 'href="/people"' in live.owner().get("/").text


def test_each_page_of_a_person_leads_to_the_others(live: Live) -> None:
    anna = live.browser(Role.PERSON, "anna")

    for page in ("", "/weeks", "/weeks/2026-02", "/evidence", "/sheet"):
        answer = anna.get(f"/people/anna{page}")
        assert answer.status_code == 200
        links = set(re.findall(r'href="(/[^"#]*)"', answer.text))
        assert {"/people/anna", "/people/anna/weeks", "/people/anna/evidence", "/people/anna/sheet"} <= links
        assert not [link for link in links if anna.get(link).status_code != 200 and link != "/run"]


@pytest.mark.parametrize(
    ("month", "sentence"),
    [
        ("2026-07", "Nothing is known of July 2026. There is something from January 2026 to March 2026."),
        ("x", weeks_words.NOT_A_MONTH),
        ("2026-13", weeks_words.NOT_A_MONTH),
        ("%2e%2e%2f2026-02", words.NOTHING_HERE),
        ("2026-02'", weeks_words.NOT_A_MONTH),
    ],
)
def test_a_month_that_is_none_is_refused_with_a_sentence(live: Live, month: str, sentence: str) -> None:
    answer = live.browser(Role.PERSON, "anna").get(f"/people/anna/weeks/{month}")

    assert answer.status_code == 404
    assert sentence in parsed(answer.text).text


def test_the_page_has_no_script_and_no_style_of_its_own(live: Live) -> None:
    page = live.owner().get("/people/anna").text

    assert "Content-Security-Policy" not in page
    assert "<style" not in page
    assert re.findall(r"<script[^>]*>", page) == [
        '<script src="/static/theme.js">',
        '<script src="/static/live.js" defer>',
    ]
    assert not re.search(r"\son\w+=", page)
    for name in re.findall(r'"(/static/[^"]+)"', page):
        assert live.nobody().get(name).status_code == 200


def test_stored_scripts_are_text(live: Live) -> None:
    page = live.owner().get("/people/anna/evidence").text

    assert "<script src='https://example.org" not in page
    assert "&lt;script src=" in page


def test_a_new_snapshot_is_seen_at_once_and_the_pages_of_the_former_are_let_go(live: Live, tmp_path: Path) -> None:
    live = Live(Path(shutil.copytree(live.site.folder, tmp_path / "home")))
    settings = live.settings
    owner = live.owner()
    before = owner.get("/people/me").text

    swap(settings, lambda connection: connection.execute("update rejected set reason = 'has hot stones'"))
    after = owner.get("/people/me").text

    assert "hot stones" not in before
    assert "hot stones" in after
    assert len(live.app.app.state.snapshots.pages) == 1  # type: ignore[attr-defined]
    settings.home.published.unlink()
    assert "Nothing is worked out yet" in owner.get("/people/me").text
    assert not live.app.app.state.snapshots.pages  # type: ignore[attr-defined]


def swap(settings: Settings, change: Callable[[duckdb.DuckDBPyConnection], object]) -> None:
    """Puts a changed copy in the place of the published file, as a run does."""
    fresh = settings.home.folder / "fresh.duckdb"
    fresh.write_bytes(settings.home.published.read_bytes())
    with warehouse.connect(fresh) as connection:
        change(connection)
    fresh.replace(settings.home.published)


def test_an_answer_is_on_the_page_of_its_person(live: Live, tmp_path: Path) -> None:
    live = Live(Path(shutil.copytree(live.site.folder, tmp_path / "home")))
    publish(live.settings, [effect()])

    told = "On the three days after massages you walked about 800 steps more a day"
    assert told in live.owner().get("/people/me").text
    assert told not in live.owner().get("/people/anna").text


def test_a_run_that_failed_or_goes_on_is_told_above_the_answer(live: Live, tmp_path: Path) -> None:
    live = Live(Path(shutil.copytree(live.site.folder, tmp_path / "home")))
    owner, home = live.owner(), live.settings.home
    assert 'class="notice"' not in owner.get("/people/me").text

    last_run.ended(home, last_run.begun(home, "recovery nightly"), "failed checks", 1)
    assert "The last update failed; this is of " in owner.get("/people/me").text
    with lock.held(live.settings):
        assert today.BEING_READ in owner.get("/people/me").text
    last_run.ended(home, last_run.begun(home, "recovery nightly"), "published", 0)
    assert 'class="notice"' not in owner.get("/people/me").text


def test_before_anything_is_published_the_page_says_so(tmp_path: Path) -> None:
    page = Live(tmp_path / "home").owner().get("/people/me")

    assert page.status_code == 200
    assert "Nothing is worked out yet" in page.text


def test_a_damaged_snapshot_is_told_without_the_place_on_the_disk(tmp_path: Path) -> None:
    live = Live(tmp_path / "home")
    live.settings.home.published.write_bytes(b"no database")

    answer = live.owner().get("/people/me")

    assert answer.status_code == 409
    assert "publish it anew" in answer.text
    assert str(tmp_path) not in answer.text
