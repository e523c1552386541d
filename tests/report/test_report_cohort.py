"""The mean over several people; nothing of one of them."""

from pathlib import Path

import pytest
from answers_by_hand import effect, publish
from by_hand import published_home
from parsed_page import parsed
from shown_pages import shown_of_all

from recovery.answers.rows import CohortEffect

REFUSED = CohortEffect("steps", "days_1_3", "steps", 2, 1, "Only 2 people have an estimate; at least 5 are needed.")
TOLD = CohortEffect(
    "steps", "days_1_3", "steps", 6, 1, "Six people.", 500.0, 200.0, 800.0, 0.01, -100.0, 1100.0, 250.0, 0.4,
    400.0, 100.0, 700.0, 1, 300.0, 100.0, 600.0, "Look out."
)  # fmt: skip


@pytest.mark.slow
def test_below_five_people_the_mean_is_refused(tmp_path: Path) -> None:
    settings = publish(
        published_home(tmp_path / "home", ("me", "client_1")),
        [effect(), effect(subject="client_1", verdict="contradicted"), REFUSED],
    )

    said = parsed(shown_of_all(settings)).text

    assert "at least 5 are needed. Title of steps." in said
    assert "client_1" not in said
    assert "Better" not in said


@pytest.mark.slow
def test_from_five_people_on_the_mean_and_the_next_person_are_told(tmp_path: Path) -> None:
    settings = publish(published_home(tmp_path / "home", ("me", "client_1")), [effect(), TOLD])

    said = parsed(shown_of_all(settings)).text

    assert (
        "on the three days after a massage 500 steps more 200 to 800 100 steps fewer to 1,100 more"
        " 400 steps more (100 to 700) 300 steps more (100 to 600) 6 (1 refused)"
    ) in said
    assert "Title of steps: Look out." in said
