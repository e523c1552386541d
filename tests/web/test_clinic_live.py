"""Clinic on the live page: of whom it tells, to whom, and how soon who withdraws is gone; axe finds nothing on it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import chromium
import pytest
from clinic_home import CLIENTS, MEASURED, NOTE, clinic_home, share
from live import Live
from parsed_page import parsed

from recovery.home import entry
from recovery.home.folder import Home
from recovery.vocabulary.roles import Role
from recovery.words import clinic as words


class Served(Live):
    """The twelve clients, served; of today the counts are old."""

    def __init__(self, folder: Path) -> None:
        published = clinic_home(folder.with_name("made"))
        super().__init__(folder)
        published.home.folder.rename(folder.with_name("kept"))
        kept = Home(folder.with_name("kept"))
        kept.settings.replace(self.settings.home.settings)
        kept.published.replace(self.settings.home.published)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Served:
    return Served(tmp_path_factory.mktemp("clinic") / "home")


def names(text: str) -> list[str]:
    return [name for name in CLIENTS if f">{name}<" in text]


@pytest.mark.slow
def test_the_owner_opens_with_clinic(live: Served) -> None:
    page = live.owner().get("/").text

    assert names(page) == list(CLIENTS)
    assert "12 clients share with you" in page
    assert 'href="/people/Client%20A"' in page
    assert 'href="/people"' in page
    for value in (*(f"{number:g}" for number in MEASURED), NOTE, "better"):
        assert value not in page
    assert "needs a doctor today" in page


@pytest.mark.slow
def test_every_link_of_clinic_opens_where_it_is_served(live: Served) -> None:
    owner = live.owner()
    links = {value for name, value in parsed(owner.get("/").text).attributes if name == "href" and value[:1] == "/"}

    assert len(links) > len(CLIENTS)
    assert [link for link in sorted(links) if owner.get(link).status_code != 200] == []


def test_a_therapist_sees_those_of_the_key_who_agreed(live: Served) -> None:
    page = live.browser(Role.THERAPIST, "Client A", "Client D").get("/").text

    assert names(page) == ["Client A", "Client D"]
    assert "2 clients share with you" in page
    assert "/mean" not in page


def test_the_key_of_a_person_never_sees_it(live: Served) -> None:
    person = live.browser(Role.PERSON, "Client A")

    first = person.get("/")

    assert (first.status_code, first.headers["location"]) == (303, "/people/Client%20A")
    for address in ("/clinic", "/mean"):
        answer = person.get(address)
        assert answer.status_code == 403
        assert names(answer.text) == []
    assert "Client B" not in person.get("/people").text


def test_who_withdraws_is_gone_with_the_next_request(live: Served) -> None:
    owner = live.owner()
    toml = live.settings.home.settings
    before = toml.read_text()
    try:
        share(live.settings.home.folder, CLIENTS, ["Client A"])
        assert names(owner.get("/").text) == ["Client A"]
        share(live.settings.home.folder, CLIENTS, [])
        assert words.NOBODY in owner.get("/").text
        assert names(owner.get("/clinic").text) == []
    finally:
        toml.write_text(before)


def test_without_a_mean_there_is_no_page_of_it(live: Served) -> None:
    assert live.owner().get("/mean").status_code == 404
    assert live.browser(Role.THERAPIST, "Client A", "Client B").get("/mean").status_code == 404


@pytest.fixture(scope="module")
def pages(live: Served) -> Iterator[Any]:
    """Pages of Chromium that came in as the owner, by width and scheme."""
    with chromium.started() as browser, live.served() as address:
        page = browser.new_context().new_page()
        page.goto(entry.entry_page(live.settings.home, address).as_uri())
        page.wait_for_url(f"{address}/")
        yield page


@pytest.mark.slow
def test_axe_finds_nothing_in_light_and_dark_on_phone_and_desk(pages: Any) -> None:
    assert chromium.axe_finds(pages, ("light", 390), ("dark", 1280)) == []
    for width in (1280, 390, 320):
        pages.set_viewport_size({"width": width, "height": 844})
        assert pages.evaluate("document.documentElement.scrollWidth") <= width
