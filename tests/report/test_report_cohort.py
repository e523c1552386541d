"""Several people on one page."""

import time
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
def test_one_person_alone_has_no_mean_over_people(tmp_path: Path) -> None:
    settings = publish(published_home(tmp_path / "home"), [effect(), REFUSED])

    assert "over all people" not in parsed(shown_of_all(settings)).text


@pytest.mark.slow
def test_below_five_people_the_mean_is_refused_and_each_has_a_line(tmp_path: Path) -> None:
    settings = publish(
        published_home(tmp_path / "home", ("me", "client_1")),
        [effect(), effect(subject="client_1", verdict="contradicted"), REFUSED],
    )

    said = parsed(shown_of_all(settings)).text

    assert "me ▲ Better, clear so far · no data" in said
    assert "client_1 ‖ No better, clear so far · no data" in said
    assert "at least 5 are needed. Title of steps." in said


@pytest.mark.slow
def test_from_five_people_on_the_mean_and_the_next_person_are_told(tmp_path: Path) -> None:
    settings = publish(published_home(tmp_path / "home", ("me", "client_1")), [effect(), TOLD])

    said = parsed(shown_of_all(settings)).text

    assert (
        "on the three days after a massage 500 steps more 200 to 800 100 steps fewer to 1,100 more"
        " 400 steps more (100 to 700) 300 steps more (100 to 600) 6 (1 refused)"
    ) in said
    assert "Title of steps: Look out." in said


@pytest.mark.slow
def test_forty_people_make_one_page_in_reasonable_time(tmp_path: Path) -> None:
    people = ("me", *(f"client_{number}" for number in range(1, 40)))
    settings = publish(published_home(tmp_path / "home", people), [effect(subject=person) for person in people])

    start = time.process_time()
    text = shown_of_all(settings)

    assert time.process_time() - start < 20
    assert text.count("client_") == 39
    assert len(text) < 5_000_000
