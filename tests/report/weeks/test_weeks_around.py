"""The figures of the days around a massage: the finding is that of Today, and the bars say where they part from it."""

from pathlib import Path

import days_by_hand
import page_homes
import pytest
from answers_by_hand import REFUSED, effect

from recovery.answers.rows import Effect
from recovery.home.settings import Settings
from recovery.published import query
from recovery.report import today
from recovery.report.weeks.around import Figure, _found, figures
from recovery.report.weeks.person import person_of
from recovery.words.around import Found

pytestmark = pytest.mark.slow  # homes


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return page_homes.home(tmp_path_factory.mktemp("around") / "home", "better")


@pytest.fixture(scope="module")
def found(settings: Settings) -> dict[str, Figure]:
    with query.published(settings.home) as connection:
        return {figure.metric: figure for figure in figures(connection, settings, person_of(connection, "me"))}


def test_each_main_number_has_a_figure(found: dict[str, Figure]) -> None:
    assert [*found] == ["steps", "rest_share", "asleep_min", "pain"]
    assert [len(figure.rows) for figure in found.values()] == [15] * 4


def test_title_and_answer_are_those_of_today(settings: Settings, found: dict[str, Figure]) -> None:
    with query.published(settings.home) as connection:
        cards = today.content(connection, settings, page_homes.NOW_UTC, "me").cards

    assert found["steps"].title == "You walked more on the three days after massages"
    assert found["pain"].title == "Your pain was lower on the three days after massages"
    for figure, card in zip(found.values(), cards, strict=True):
        assert card.sentence in figure.answer
    assert found["steps"].answer.startswith("Better, clear so far. About 1,400 steps more a day")
    assert "minutes less a day" in found["rest_share"].answer  # of the waking day, and not percentage points


def test_bars_of_the_window_are_filled_and_the_answer_lies_across_them(found: dict[str, Figure]) -> None:
    steps, asleep = found["steps"], found["asleep_min"]

    assert (steps.on.count("z"), steps.off.count("z")) == (3, 12)
    assert (asleep.on.count("z"), asleep.off.count("z")) == (1, 14)
    assert steps.answer_y is not None
    assert steps.answer_y < 104  # more is up


def test_bars_and_answer_stand_beside_each_other_in_words(found: dict[str, Figure]) -> None:
    assert "Over the shaded days the bars show 900 steps more." in found["steps"].explained
    assert "allows for weekdays and seasons: 1,400 steps more." in found["steps"].explained


def test_where_bars_and_answer_part_the_page_says_which_counts(settings: Settings) -> None:
    with query.published(settings.home) as connection:
        person = person_of(connection, "me")
        told = effect("steps", estimate=-900.0, ci_low=-1400.0, ci_high=-400.0, direction="worse", certainty="clear")
        effects = {**person.answers.effects, ("steps", "days_1_3"): told}
        person = person._replace(answers=type(person.answers)(**{**vars(person.answers), "effects": effects}))
        steps = figures(connection, settings, person)[0]

    assert steps.title == "You walked less on the three days after massages"
    assert "Here the bars mislead" in steps.explained
    assert steps.explained.endswith("900 steps fewer. Go by the answer.")


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (effect("steps"), Found.UP),
        (effect("steps", direction="worse"), Found.DOWN),
        (effect("pain", better="down"), Found.DOWN),
        (effect("pain", better="down", direction="a_little_worse"), Found.UP),
        (effect("steps", direction="no_difference"), Found.SAME),
        (effect("steps", direction="about_the_same", better="none"), Found.SAME),
        (effect("steps", direction="less", better="none"), Found.DOWN),
        (effect("steps", direction="no_better"), Found.NOT_BETTER),
        (effect("steps", direction="unknown", certainty="too_early"), Found.OPEN),
        (effect("steps", **REFUSED), Found.REFUSED),
        (effect("steps", direction=None, certainty=None), Found.NONE),
        (None, Found.NONE),
    ],
)
def test_what_is_found_is_up_down_or_open(told: Effect | None, expected: Found) -> None:
    assert _found(told) is expected


def test_few_massages_have_bars_and_a_sentence_and_none_have_no_figure(tmp_path: Path) -> None:
    settings = page_homes.home(tmp_path / "home", "3")

    with query.published(settings.home) as connection:
        drawn = figures(connection, settings, person_of(connection, "me"))
    without = figures(days_by_hand.database(), settings, person_of(days_by_hand.database(), "me"))

    assert len(drawn) == 4
    assert all(figure.answer_y is None and "cannot be told" in figure.answer for figure in drawn)
    assert without == []
