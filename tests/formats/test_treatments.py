"""Treatments of a practice that are no massages."""

import pytest

from recovery.formats.treatments import is_other


@pytest.mark.parametrize(
    "text",
    ["Fango", "Ultraschall", "Akupunktur", "Zahnarzt", "Zahnreinigung", "Einkauf", "haircut", "Friseur",
     "Elektrotherapie", "Stoßwelle", "Maniküre", "Yoga", "MRT", "Impfung", "Ergotherapie"],
)  # fmt: skip
def test_what_is_plainly_no_massage(text: str) -> None:
    assert is_other(text)


@pytest.mark.parametrize(
    "text",
    ["", "Massage", "Fango + Massage", "Fango/KMT", "KG", "KG + Ultraschall", "Krankengymnastik",
     "Physiotherapie", "MLD", "manuelle Therapie", "Thai", "deep tissue", "sports", "Swedish", "hot stone", "Rücken",
     "xyz", "facial massage", "Sauna und Massage", "Fußreflexzonen"],
)  # fmt: skip
def test_massages_physiotherapy_and_unknown_words_are_kept(text: str) -> None:
    assert not is_other(text)
