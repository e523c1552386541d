"""Clinic: counts and dates of those who agreed, who can be helped first; nothing that was measured, and nobody else."""

import hashlib
import json
import re
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from by_hand import HOSTILE, NOW_UTC
from clinic_home import COUNTS, MEASURED, NOTE, TODAY, clinic_home, share
from parsed_page import parsed

from recovery import report, warehouse
from recovery.formats.client_counts import State, as_json
from recovery.home.settings import Settings, load_settings
from recovery.published import query
from recovery.report import clinic, contents
from recovery.report.clinic.clinic import _what_now
from recovery.report.frame import frame
from recovery.report.render import render
from recovery.report.site import Page
from recovery.words import clinic as words

pytestmark = pytest.mark.slow

EARLY = words.too_early(COUNTS.massages)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return clinic_home(tmp_path_factory.mktemp("clinic") / "home")


def said(settings: Settings) -> clinic.Clinic:
    with query.published(settings.home) as connection:
        return clinic.content(connection, settings, NOW_UTC, contents.people(connection, settings))


def page(settings: Settings) -> str:
    with query.published(settings.home) as connection:
        content = clinic.content(connection, settings, NOW_UTC, contents.people(connection, settings))
        return render(frame(connection, settings, NOW_UTC, Page.CLINIC), content)


def drop(settings: Settings, path: str, content: str, status: str = "ignored") -> Path:
    """A file in the inbox that a run has read."""
    file = settings.home.inbox / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content)
    with warehouse.connect(settings.home.published) as connection:
        connection.execute(
            "insert into files (path, sha256, format, status) values (?, ?, 'client_counts', ?)",
            [path, hashlib.sha256(content.encode()).hexdigest(), status],
        )
    return file


def test_who_can_be_helped_stands_first_and_nobody_is_ranked(home: Settings) -> None:
    found = said(home)

    assert found.headline == "3 results are ready, good or bad. 5 clients need a word from you."
    assert found.sharing == "Thursday 2 April 2026. 12 clients share with you."
    assert {group.key: [(one.name, one.what) for one in group.clients] for group in found.groups} == {
        "help": [
            ("Client K", "Always on a Thursday: offer another weekday"),
            ("Client L", "2 rows of the list could not be read"),
        ],
        "silent": [("Client J", "Nothing for a month: still wants to take part?")],
        "missing": [
            ("Client H", "Pain diary silent for 10 days"),
            ("Client I", "Watch silent for 24 days: ask for an export"),
        ],
        "answer": [(f"Client {letter}", "Answer since 19 February") for letter in "ABC"],
        "way": [
            ("Client D", "Too early: 5 massages; the first look takes 12 that measured days follow"),
            ("Client E", "Too early: 7 massages; the first look takes 12 that measured days follow"),
            ("Client F", "Too early: 3 massages; the first look takes 12 that measured days follow"),
            ("Client G", "Still open; perhaps 6 more massages will tell"),
        ],
    }
    (first, *_) = found.groups[-1].clients
    assert (first.massages, first.diary, first.watch) == ("5; the last 4 days ago", "14 of 14", "yesterday")


def test_where_nobody_needs_a_word_it_says_what_arrives_and_not_that_all_are_well() -> None:
    assert words.headline(7, 0) == "7 results are ready, good or bad. Data of all arrive. Ask how they are."


def test_nothing_that_was_measured_stands_there(home: Settings) -> None:
    text = page(home)

    for value in (
        *(f"{number:g}" for number in MEASURED),
        "98,765",
        "98,800",
        NOTE,
        "Because of steps",
        "800",
        "better",
    ):
        assert value not in text, value
    assert "needs a doctor today" in " ".join(parsed(text).text.split())
    assert "all people" not in text


def test_silent_is_only_who_sends_nothing_and_what_is_missing_is_said(home: Settings) -> None:
    week, yesterday = TODAY - timedelta(days=9), TODAY - timedelta(days=1)

    def of(**told: object) -> tuple[str, str]:
        return _what_now(COUNTS._replace(last_massage=week, **told), TODAY)  # type: ignore[arg-type]

    assert of(last_diary_day=None, newest_watch_day=yesterday) == ("way", f"{EARLY}; no pain diary is kept")
    assert of(state=State.ANSWER, last_diary_day=None) == ("answer", "Answer without pain: no diary")
    assert of(state=State.ANSWER, last_diary_day=None, since=date(2026, 2, 19)) == (
        "answer", "Answer without pain since 19 February: no diary"
    )  # fmt: skip
    assert of(last_diary_day=week, newest_watch_day=yesterday) == ("missing", "Pain diary silent for 9 days")
    assert of(last_diary_day=yesterday, newest_watch_day=None) == ("missing", "No watch has told anything yet")
    assert of(last_diary_day=week, newest_watch_day=week) == ("silent", "Nothing for 9 days: ask for an export")
    assert _what_now(COUNTS._replace(newest_watch_day=week, last_diary_day=week), TODAY) == (
        "missing", "Watch silent for 9 days: ask for an export; pain diary silent for 9 days"
    )  # fmt: skip
    assert of(state=State.ANSWER, newest_watch_day=week) == (
        "missing", "Watch silent for 9 days: ask for an export; has an answer"
    )  # fmt: skip


def test_every_link_of_clinic_opens_from_the_disk(tmp_path: Path) -> None:
    settings = clinic_home(tmp_path / "home", ("Client A", "Client D"))
    text = report.write(settings, NOW_UTC).read_text()

    links = [value for name, value in parsed(text).attributes if name == "href" and not value.startswith("data:")]

    assert len(links) >= 3
    for link in links:
        path, _, anchor = link.partition("#")
        file = settings.home.folder / path if path else settings.home.report
        assert file.is_file(), link
        assert not anchor or f'id="{anchor}"' in file.read_text(), link


def test_each_page_is_linked_as_a_file_of_its_own_and_never_embedded(home: Settings) -> None:
    links = [value for name, value in parsed(page(home)).attributes if name == "href" and value.endswith("today.html")]

    assert len(links) == len(set(links)) == 12
    assert all(link.startswith("report/client-") for link in links)
    assert "<iframe" not in page(home)


def test_of_who_did_not_agree_nothing_is_there_and_who_withdraws_is_gone(tmp_path: Path) -> None:
    settings = clinic_home(tmp_path / "home", ("Client A", "Client D"), agreed=("Client D",))
    report.write(settings, NOW_UTC)
    text = settings.home.report.read_text()
    assert "Client D" in text
    assert "Client A" not in text
    assert "One client shares with you" in text

    share(settings.home.folder, ["Client A", "Client D"], [])
    report.write(load_settings(settings.home.folder), NOW_UTC)

    text = settings.home.report.read_text()
    assert words.NOBODY in text
    assert "Client" not in text


def test_who_agrees_from_a_later_day_on_is_not_there_yet(home: Settings) -> None:
    toml = home.home.settings
    before = toml.read_text()
    toml.write_text(before.replace("shared_since = 2026-01-05", "shared_since = 2026-04-03", 1))

    found = said(load_settings(home.home.folder))

    toml.write_text(before)
    assert "Client A" not in [one.name for group in found.groups for one in group.clients]


def test_the_mean_over_people_is_reached_only_where_there_is_one(tmp_path: Path) -> None:
    settings = clinic_home(tmp_path / "home", ("Client A",))
    assert said(settings).people_address == ""
    report.write(settings, NOW_UTC)
    assert not (settings.home.pages / "people.html").exists()

    with warehouse.connect(settings.home.published) as connection:
        connection.execute(
            "insert into cohort_effects by name select 'steps' as metric, 'days_1_3' as \"window\", 'steps' as unit,"
            " 6 as n_subjects, 0 as n_refused, 'Six people.' as reason, 500.0 as estimate, 200.0 as ci_low,"
            " 800.0 as ci_high, 'all' as attribute, '' as level"
        )
    report.write(settings, NOW_UTC)

    assert said(settings).people_address == "report/people.html"
    of_all = (settings.home.pages / "people.html").read_text()
    assert "500 steps more" in of_all
    assert "Client" not in of_all


def test_a_client_of_another_home_stands_there_while_the_file_lies_there(tmp_path: Path) -> None:
    settings = clinic_home(tmp_path / "home", ("Client A",))
    file = drop(settings, "client-m.json", as_json(COUNTS))

    (way,) = [group for group in said(settings).groups if group.key == "way"]
    assert [(one.name, one.address, one.what) for one in way.clients] == [
        ("Client M", "", "Too early: 4 massages; the first look takes 12 that measured days follow")
    ]
    assert "2 clients share" in said(settings).sharing
    file.write_text(as_json(COUNTS) + " ")  # no run has read this
    assert "Client M" not in page(settings)
    file.write_text(as_json(COUNTS))
    assert "Client M" in page(settings)
    file.unlink()
    assert "Client M" not in page(settings)


def test_the_newest_file_of_a_client_counts_and_one_that_withdraws_takes_them_away(tmp_path: Path) -> None:
    settings = clinic_home(tmp_path / "home", ("Client A",))
    old = COUNTS._replace(made=TODAY.replace(month=3, day=1), last_massage=None, last_diary_day=None, massages=3)
    old = old._replace(newest_watch_day=None)
    drop(settings, "new.json", as_json(COUNTS))
    drop(settings, "zzz-old.json", as_json(old))
    drop(settings, "other.json", as_json(old._replace(id="f" * 16, client="Client N")))
    shown = {one.name: one.what for group in said(settings).groups for one in group.clients}
    assert shown["Client M"] == EARLY
    assert shown["Client N"] == "No new counts for 32 days: ask for a new file"

    drop(settings, "no-more.json", as_json(COUNTS._replace(withdrawn=True)))

    assert "Client M" not in page(settings)
    assert "Client N" in page(settings)


def test_counts_from_the_folder_of_a_person_or_by_a_link_are_nobodys(tmp_path: Path) -> None:
    settings = clinic_home(tmp_path / "home", ("Client A",))
    drop(settings, "Client A/client-m.json", as_json(COUNTS))
    linked = drop(settings, "linked.json", as_json(COUNTS))
    linked.rename(tmp_path / "outside.json")
    linked.symlink_to(tmp_path / "outside.json")
    drop(settings, "refused.json", as_json(COUNTS), "rejected")
    drop(settings, "odd.json", json.dumps({"recovery_counts": 1, "client": HOSTILE}))

    assert "Client M" not in page(settings)
    assert HOSTILE not in page(settings)


def test_a_home_of_files_alone_opens_with_clinic(tmp_path: Path) -> None:
    settings = clinic_home(tmp_path / "home", ())
    drop(settings, "client-m.json", as_json(COUNTS))

    text = report.write(settings, NOW_UTC).read_text()

    assert "One client shares with you" in text
    assert words.OWN_PAGE in text


def test_a_name_is_escaped(tmp_path: Path) -> None:
    settings = clinic_home(tmp_path / "home", ("<b>&amp;",), ("<b>&amp;",))

    assert "&lt;b&gt;&amp;amp;" in page(settings)
    assert "<b>" not in page(settings)


def test_the_page_of_twelve_and_of_five_hundred_clients_is_light(home: Settings, tmp_path: Path) -> None:
    many = clinic_home(tmp_path / "home", tuple(f"Client {number}" for number in range(500)), ())
    many = Settings(many.home, people=many.people, shared_since=dict.fromkeys(many.people, TODAY))
    start = time.process_time()

    text = page(many)

    assert time.process_time() - start < 3
    assert len(re.findall("<tr><th scope=.row", text)) == 250 + 124  # of 376 of one group the first 250 stand there
    assert "And 126 more." in text
    assert len(text.encode()) < 500_000
    assert len(page(home).encode()) < 30_000
