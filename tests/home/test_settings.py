"""recovery.toml: what it says, what stands in for what it does not say, and one clear sentence for each mistake."""

import math
from datetime import date
from pathlib import Path

import pytest

from recovery.errors import HomeError, SettingsError
from recovery.home.settings import (
    OWNER,
    VALIDITY,
    Exclusion,
    Home,
    Settings,
    Travel,
    days_between,
    load_settings,
    parse,
)


def load(folder: Path, text: str | bytes) -> Settings:
    folder.mkdir(exist_ok=True)
    (folder / "recovery.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_settings(folder)


def test_everything_that_can_be_told_is_read(tmp_path: Path) -> None:
    told = load(
        tmp_path,
        """
        home_time_zone = "Europe/Berlin"
        [people.A]
        [people.B]
        [[travel]]
        from = 2026-05-01
        to = 2026-05-09
        zone = "Asia/Tokyo"
        person = "A"
        [[exclusions]]
        from = "2026-06-01"
        reason = "flu"
        [sources]
        priority = ["garmin", "fitbit", "garmin"]
        [validity]
        min_worn_waking_min = 960
        [goals]
        steps = 500
        [log_complete_from]
        massages = 2026-01-01
        [log_complete_until]
        "massages.csv" = 2026-07-01
        [notify]
        command = ["mail", "-s", "recovery"]
        """,
    )

    assert told == Settings(
        home=Home(tmp_path),
        home_time_zone="Europe/Berlin",
        people=("A", "B"),
        travel=(Travel(date(2026, 5, 1), date(2026, 5, 9), "Asia/Tokyo", "A"),),
        exclusions=(Exclusion(date(2026, 6, 1), date(2026, 6, 1), "flu"),),
        source_priority=("garmin", "fitbit"),
        validity={**VALIDITY, "min_worn_waking_min": 960.0},
        goals={"steps": 500.0},
        log_complete_from={"massages": date(2026, 1, 1)},
        log_complete_until={"massages.csv": date(2026, 7, 1)},
        notify_command=("mail", "-s", "recovery"),
    )


def test_an_empty_file_is_all_defaults(tmp_path: Path) -> None:
    told = load(tmp_path, "")

    assert told == Settings(home=Home(tmp_path))
    assert told.home_time_zone == "UTC"
    assert told.subjects == (OWNER,)


def test_one_journey_may_be_written_as_a_plain_table(tmp_path: Path) -> None:
    journey = Travel(date(2026, 5, 1), date(2026, 5, 1), "Asia/Tokyo")

    assert load(tmp_path, '[travel]\nfrom = 2026-05-01\nzone = "Asia/Tokyo"').travel == (journey,)
    assert load(tmp_path, '[travel]\nrows = [{from = 2026-05-01, zone = "Asia/Tokyo"}]').travel == (journey,)
    assert load(tmp_path, "[travel]").travel == ()


def test_the_owner_has_aliases_and_no_folder(tmp_path: Path) -> None:
    told = load(
        tmp_path, '[people.me]\naliases = ["Tom"]\n[people.anna]\naliases = ["Mrs M.", "M., Anna"]\n[people.ben]'
    )

    assert told.subjects == ("me", "anna", "ben")
    assert told.aliases == {"me": ("Tom",), "anna": ("Mrs M.", "M., Anna")}
    assert told.subject_of("me/a.csv") == "me"


def test_people_of_a_study_have_an_arm_and_a_group(tmp_path: Path) -> None:
    told = load(tmp_path, '[people.P1]\narm = " massage "\ngroup = "women"\n[people.P2]\n[people.me]\narm = "waiting"')

    assert [tuple(told.part_of(person)) for person in told.subjects] == [
        ("waiting", None),
        ("massage", "women"),
        (None, None),
    ]


def test_an_exclusion_without_a_reason_says_so(tmp_path: Path) -> None:
    assert load(tmp_path, "[[exclusions]]\nfrom = 2026-05-01").exclusions[0].reason == "no reason told"


@pytest.mark.parametrize(
    ("path", "subject"),
    [
        ("garmin/2019/a.fit", "me"),
        ("A/a.fit", "A"),
        ("A", "me"),  # a file of that name is no folder
        ("a/a.fit", "A"),  # whoever names a folder Anna means anna
        ("Berg, Anna/a.fit", "A"),
        ("B/A/a.fit", "me"),
    ],
)
def test_a_first_folder_is_a_person_only_where_listed(path: str, subject: str) -> None:
    settings = Settings(Home(Path()), people=("A",), aliases={"A": ("Anna Berg",)})

    assert settings.subject_of(path) == subject


def test_both_ends_of_a_span_count() -> None:
    assert days_between(date(2026, 2, 28), date(2026, 3, 1)) == [date(2026, 2, 28), date(2026, 3, 1)]
    assert days_between(date(2026, 3, 1), date(2026, 2, 28)) == []


def test_everything_of_a_home_lies_in_its_folder() -> None:
    home = Home(Path("somewhere"))
    places = [getattr(home, name) for name, value in vars(Home).items() if isinstance(value, property)]

    assert len(places) >= 10
    assert all(place.is_relative_to("somewhere") for place in places)
    assert all(place.is_relative_to(home.private) for place in (home.work, home.staging, home.lock, home.logs))


def test_a_folder_that_is_no_home_is_told_how_to_become_one(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match=r"No home at .*recovery.toml is missing. Make one with: recovery init --home"):
        load_settings(tmp_path)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"\xff\xfe", "cannot be read"),
        ("home_time_zone = ", "is not valid TOML"),
        ("home_time_zone = 'UTC'\nhome_time_zone = 'UTC'", "Mend that line and run again."),
    ],
)
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, text: str | bytes, sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        load(tmp_path, text)


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "recovery.toml").mkdir()

    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path)


DAY = date(2026, 5, 1)


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ({"time_zone": "UTC"}, "unknown key 'time_zone'. Known keys: exclusions, goals, home_time_zone"),
        ({"home_time_zone": "Berlin"}, "home_time_zone must be a time zone as 'Europe/Berlin', not 'Berlin'"),
        ({"home_time_zone": "Europe"}, "home_time_zone must be a time zone"),  # a folder of the zone database
        ({"home_time_zone": "../UTC"}, "home_time_zone must be a time zone"),
        ({"home_time_zone": ""}, "home_time_zone must be a time zone"),
        ({"home_time_zone": 2}, "home_time_zone must be a time zone"),
        ({"people": ["A"]}, r"people must be a table, written as \[people\]"),
        ({"people": {"a/b": {}}}, "Use a plain folder name"),
        ({"people": {"a": 3}}, r"people must be written as \[people.a\], once for each"),
        ({"people": {"a": {"alias": "b"}}}, r"\[people.a\] has an unknown key 'alias'. Known: aliases"),
        ({"people": {"a": {"aliases": "b"}}}, r"\[people.a\] aliases must be a list of names, as \["),
        ({"people": {"a": {"aliases": [3]}}}, r"\[people.a\] aliases must be a list of names, as \["),
        ({"people": {"a": {"aliases": ["-"]}}}, "the alias '-' of a has no letter"),
        ({"people": {"a": {"aliases": ["Mrs M"]}, "me": {"aliases": ["mrs m."]}}}, "is said to be of two people, "),
        ({"log_complete_from": {"a.csv": "May"}}, r"\[log_complete_from\] a.csv must be a date as 2026-05-01"),
        ({"log_complete_from": {"a.csv": "1901-05-01"}}, r"\[log_complete_from\] a.csv 1901-05-01 is not in the years"),
        ({"people": {"a": {"arm": ""}}}, r"\[people.a\] arm must be a name of at most 40 letters, not ''"),
        ({"people": {"a": {"arm": "all"}}}, r"\[people.a\] arm must be a name"),
        ({"people": {"a": {"group": 3}}}, r"\[people.a\] group must be a name"),
        ({"people": {"a": {"group": "w\nx"}}}, r"\[people.a\] group must be a name"),
        ({"people": {"..": {}}}, "cannot be a folder of the inbox"),
        ({"people": {"": {}}}, "cannot be a folder of the inbox"),
        ({"validity": 3}, r"validity must be a table, written as \[validity\]"),
        ({"validity": {"min_hours": 3}}, r"\[validity\] 'min_hours' is unknown. Known: min_worn_waking_min"),
        ({"validity": {"silent_days": "3"}}, r"\[validity\] silent_days must be a number, not '3'"),
        ({"validity": {"silent_days": True}}, r"\[validity\] silent_days must be a number, not True"),
        ({"validity": {"silent_days": math.nan}}, r"\[validity\] silent_days must be a number, not nan"),
        ({"goals": {"steps": "many"}}, r"\[goals\] steps must be a number, not 'many'"),
        ({"goals": {"steps": math.inf}}, r"\[goals\] steps must be a number, not inf"),
        ({"log_complete_until": {"a.csv": "May"}}, r"\[log_complete_until\] a.csv must be a date as 2026-05-01"),
        ({"notify": {"command": "mail me"}}, r"\[notify\] command must be a list of words"),
        ({"notify": {"command": [1]}}, r"\[notify\] command must be a list of words"),
        ({"notify": {"comand": []}}, r"\[notify\] has an unknown key 'comand'. Known: command."),
        ({"sources": {"priority": "garmin"}}, r"\[sources\] priority must be a list of names"),
        ({"sources": {"priority": [1]}}, r"\[sources\] priority must be a list of names"),
        ({"sources": {"order": []}}, r"\[sources\] has an unknown key 'order'. Known: priority."),
        ({"travel": "Japan"}, r"travel must be written as \[\[travel\]\], once for each entry"),
        ({"travel": ["Japan"]}, r"travel must be written as \[\[travel\]\]"),
        ({"travel": [{"from": DAY}]}, r"\[travel\] zone must be a time zone as 'Europe/Berlin', not None"),
        ({"travel": [{"zone": "UTC"}]}, r"\[travel\] from must be a date as 2026-05-01, not None"),
        ({"travel": [{"from": DAY, "until": DAY}]}, r"\[\[travel\]\] has an unknown key 'until'. Known: from, to"),
        (
            {"travel": [{"from": DAY, "to": date(2026, 4, 1), "zone": "UTC"}]},
            r"\[travel\] ends on 2026-04-01, before it begins on 2026-05-01",
        ),
        (
            {"travel": [{"from": DAY, "zone": "UTC", "person": "A"}]},
            r"\[travel\] person 'A' is not known. Use one of me, or list the person as \[people.NAME\]",
        ),
        ({"exclusions": [{"from": "1.5.2026"}]}, r"\[exclusions\] from must be a date as 2026-05-01, not '1.5.2026'"),
        ({"exclusions": [{"from": DAY, "to": date(9999, 1, 1)}]}, "is not in the years 2000 to 2099"),
        ({"exclusions": [{"from": date(202, 6, 1)}]}, r"\[exclusions\] 0202-06-01 is not in the years"),
        ({"exclusions": [{"from": DAY, "person": ["A"]}]}, r"\[exclusions\] person \['A'\] is not known"),
        ({"exclusions": [{"from": DAY, "why": "flu"}]}, r"\[\[exclusions\]\] has an unknown key 'why'"),
    ],
)
def test_each_mistake_has_its_sentence(raw: dict[str, object], sentence: str) -> None:
    with pytest.raises(SettingsError, match=f"recovery.toml: .*{sentence}" if "Use" not in sentence else sentence):
        parse(Home(Path()), raw)
