"""Which person a name in a log means."""

import pytest

from recovery.errors import SettingsError
from recovery.home.people import name_key, names_to_people, person_named


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("anna meyer", "Anna  Meyer"),
        ("Anna Meyer", "Meyer, Anna"),
        ("Mrs M.", "mrs. m"),
        ("José Núñez", "Jose Nunez"),
        ("client01", "Client 01"),
        ("O'Brien", "OBrien"),
        ("Søren Kjær", "Soren Kjaer"),
        ("Weiß", "WEISS"),
        ("Анна", "АННА"),
    ],
)
def test_names_are_compared_without_capitals_accents_spaces_and_punctuation(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Anna (2)", "Anna (3)"), ("Anna Meyer", "A. Meyer"), ("Anna", "Anna Meyer"), ("Anna M", "M Anna")],
)
def test_nothing_else_is_guessed(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize("nothing", ["", " ", "-", "--", "?", "…"])
def test_a_cell_without_a_letter_names_nobody(nothing: str) -> None:
    assert name_key(nothing) == ""


def test_a_person_is_known_by_the_folder_and_by_aliases() -> None:
    names = names_to_people({"me": ["Tom"], "anna": ["Mrs M.", "M., Anna"]})

    assert [person_named(names, name) for name in ("Anna", "mrs m", "Anna M.", "TOM", "me", "Tim", "")] == [
        "anna", "anna", "anna", "me", "me", None, None,
    ]  # fmt: skip


@pytest.mark.parametrize("alias", ["Tom", "tom", "Anna", "me"])
def test_an_alias_of_two_people_is_refused(alias: str) -> None:
    with pytest.raises(SettingsError, match=f"the name '{alias}' is said to be of two people, (anna|me|tom) and ben"):
        names_to_people({"me": ["tom"], "anna": [], "ben": [alias]})


def test_folders_that_differ_in_capitals_alone_are_told_apart_by_them() -> None:
    names = names_to_people({"anna": [], "Anna": []})

    assert [person_named(names, name) for name in ("anna", "Anna", "ANNA")] == ["anna", "Anna", None]
    with pytest.raises(SettingsError, match="two people"):
        names_to_people({"anna": ["ANNA"], "Anna": []})
