"""Which pages a home has: a folder for each person, that holds nothing of another."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from by_hand import NOW_UTC, published_home
from parsed_page import parsed

from recovery import report
from recovery.home.settings import Settings
from recovery.report import FormerPages
from recovery.report.site import file_links, folder_of, served_links

pytestmark = pytest.mark.slow

OF_ONE = {"today.html", "weeks.html", "weeks-2026-01.html", "weeks-2026-02.html", "weeks-2026-03.html"} | {
    "evidence.html",
    "sheet.html",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of three people, with its pages."""
    settings = published_home(tmp_path_factory.mktemp("site") / "home", ("me", "Zoë K", "quendolin"))
    report.write(settings, NOW_UTC)
    return settings.home.folder


def test_each_person_has_a_folder_of_pages(home: Path) -> None:
    folders = {path.name for path in (home / "report").iterdir() if path.is_dir()}

    assert folders == {"me", folder_of("Zoë K"), "quendolin"}
    for folder in folders:
        assert {path.name for path in (home / "report" / folder).iterdir()} == OF_ONE


def test_a_page_of_one_person_holds_nothing_of_another(home: Path) -> None:
    names = {"me": "", "Zoë K": "Zoë", "quendolin": "quendolin"}
    for person in names:
        others = [name for other, name in names.items() if other != person and name]
        for path in (home / "report" / folder_of(person)).iterdir():
            text = path.read_text(encoding="utf-8")
            assert not [name for name in others if name.casefold() in text.casefold()], path
            assert "All people" not in text


def test_every_link_leads_to_a_page_that_is_there(home: Path) -> None:
    for path in [home / "report.html", *(home / "report").rglob("*.html")]:
        for name, value in parsed(path.read_text(encoding="utf-8")).attributes:
            if name == "href" and value and not value.startswith("#"):
                assert (path.parent / value.partition("#")[0]).is_file(), (path, value)


def test_the_first_page_of_one_person_is_their_today(tmp_path: Path) -> None:
    settings = published_home(tmp_path / "home")

    first = parsed(report.write(settings, NOW_UTC).read_text(encoding="utf-8"))

    today = parsed((settings.home.pages / "me" / "today.html").read_text(encoding="utf-8"))
    assert first.text == today.text
    assert not (settings.home.pages / "people.html").exists()


def test_pages_of_somebody_who_is_gone_are_gone(tmp_path: Path) -> None:
    settings = published_home(tmp_path / "home")
    (settings.home.pages / "anna").mkdir(parents=True)

    report.write(settings, NOW_UTC)

    assert [path.name for path in settings.home.pages.iterdir()] == ["me"]


def test_the_page_of_a_month_that_did_not_change_is_taken_over_as_long_as_it_says_the_same_beside_its_days(
    tmp_path: Path,
) -> None:
    settings = published_home(tmp_path / "home")
    pages, later = settings.home.pages / "me", NOW_UTC + timedelta(days=1)
    report.write(settings, NOW_UTC)
    settings.home.pages.rename(tmp_path / "former")

    def made_anew(settings: Settings, people: set[str] | None = None) -> set[str]:
        months = {("me", "2026-02"), ("anna", "2026-01")}
        report.write(settings, later, former=FormerPages(tmp_path / "former", months, people))
        return {
            path.name
            for path in pages.glob("weeks*.html")
            if path.read_bytes() != (tmp_path / "former" / "me" / path.name).read_bytes()
        }

    assert made_anew(settings) == {"weeks.html", "weeks-2026-03.html", "weeks-2026-02.html"}
    everything = {path.name for path in pages.glob("weeks*.html")}
    assert made_anew(settings, {"me"}) == {"weeks.html", "weeks-2026-03.html", "weeks-2026-02.html"}
    assert made_anew(settings, {"anna"}) == set()  # of whom nothing changed
    assert {path.name for path in pages.glob("weeks*.html")} == everything
    assert made_anew(replace(settings, is_demo=True), {"anna"}) == everything
    assert made_anew(replace(settings, is_demo=True)) == everything


@pytest.mark.parametrize("name", ["me", "client_1", "Anna", "anna", "con", "Zoë K", "李", "-x", "a.b", "x" * 80, "a/b"])
def test_a_folder_is_a_plain_name_and_of_one_person(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,39}", folder_of(name))


def test_names_that_differ_only_in_what_is_left_out_have_folders_of_their_own() -> None:
    names = ["Anna", "anna", "ANNA", "ann a", "ann-a", "李", "王", "Zoë", "Zoé"]

    assert len({folder_of(name) for name in names}) == len(names)


def test_links_lead_to_months() -> None:
    assert file_links("report/me/").month("2026-03") == "report/me/weeks-2026-03.html"
    assert served_links("/people/me").month("2026-03") == "/people/me/weeks/2026-03"
