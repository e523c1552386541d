"""How often answers are wrong: only what was measured, as docs/calibration.md has it, is told."""

import csv
import math
import re
import statistics
from collections.abc import Sequence
from datetime import date, timedelta
from importlib.resources import files

import pytest
from answers_by_hand import PRIMARIES, answers, check, effect
from calibration.study import ways
from calibration.study.results import Key, Sum, read_results
from calibration.study.table import measured as measured_in
from places import ROOT, TESTS

from recovery.report.cards import cards
from recovery.report.evidence import measured as told
from recovery.report.evidence.booked import Booked, booked
from recovery.report.evidence.measured import (
    Measured,
    first_look,
    how_booked,
    measured,
    missed,
    of_way,
    sentences,
    ways_to_be_wrong,
)
from recovery.vocabulary.bookings import Way

PAGE = (ROOT / "docs" / "calibration.md").read_text(encoding="utf-8")
STUDY = TESTS / "calibration" / "results"
UNKNOWN = Booked(None, 3, True, [])


def by(way: Way | None, massages: int = 40) -> Booked:
    return Booked(way, massages, True, [])


def dates(*gaps: int) -> list[date]:
    """Twelve massages, so many days apart in turn."""
    found = [date(2026, 1, 5)]
    for number in range(11):
        found.append(found[-1] + timedelta(days=gaps[number % len(gaps)]))
    return found


def sums() -> dict[Key, Sum]:
    return read_results(STUDY)[0]


def test_the_figures_are_those_of_the_study() -> None:
    known = files("recovery.report.evidence").joinpath("measured.csv").read_text(encoding="utf-8")

    assert known == measured_in(PAGE), "python -m tests.calibration.study table writes both"


def test_the_figure_of_other_methods_is_that_of_the_first_study() -> None:
    page = (ROOT / "docs" / "calibration-one-look.md").read_text(encoding="utf-8")
    low, high = told.OTHER_DAYS

    assert f"and in {low}-{high}% of those who book on pain" in " ".join(page.split())
    rows = [
        line.split("|") for line in page.partition("<!-- figures: null -->")[2].partition("<!-- end -->")[0].split("\n")
    ]
    shares = [float(row[6]) for row in rows if len(row) > 6 and "flare" in row[1] and not row[2].startswith(" 60/")]
    assert len(shares) == 12
    assert (math.ceil(min(shares)), round(max(shares))) == (low, high)
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert f"finds something in {low} to {high} of 100 people who book when it hurts" in readme


def test_the_figures_of_each_way_to_book_are_those_of_the_study() -> None:
    told_on_the_page = files("recovery.report.evidence").joinpath("ways.csv").read_text(encoding="utf-8")

    assert told_on_the_page == ways.as_csv(sums()), "python -m tests.calibration.study table writes both"
    assert all(f"| {' | '.join(cells)} |" in PAGE for cells in ways.as_cells(sums()))


def test_who_books_when_it_hurts_reads_of_people_who_do() -> None:
    """Counted here from the study's results once more, by hand."""
    with (STUDY / "figures.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))

    def counted(effect_: str, figure: str) -> tuple[int, int]:
        bookings = [f"a/{name}/{effect_}" for name in ("flare", "same morning", "same afternoon", "rising")]
        found = [row for row in rows if row["cell"] in bookings and row["figure"] == figure and not row["of"]]
        return sum(int(row["n"]) for row in found), sum(int(row["total"]) for row in found)

    people, wrongly = counted("none", "no main: ever a finding")
    of_them = of_way(Way.PAIN, "found")

    assert of_them == Measured(people, 100 * wrongly / people)
    (first, *_) = ways_to_be_wrong(by(Way.PAIN), has_main=False)
    assert f"{of_them.at_least} to {of_them.at_most} of 100 such people" in first.sentence


@pytest.mark.parametrize("way", Way)
def test_what_is_told_of_likely_where_nothing_happens_is_counted_in_the_study(way: Way) -> None:
    of_study = [sums()[Key(f"a/{name}/none", "no main: likely: ever better", "")] for name in ways.BOOKINGS[way]]
    people, told_so = sum(one.n for one in of_study), sum(one.total for one in of_study)
    likely = Measured(people, 100 * told_so / people)

    sentence = ways_to_be_wrong(by(way), has_main=False)[0].sentence

    assert likely == of_way(way, "likely")
    ends = f"{likely.at_least} to {likely.at_most}" if likely.at_least else f"at most {likely.at_most}"
    assert f"of something better, likely only, {ends}; of something worse" in sentence


@pytest.mark.parametrize("way", [way for way in Way if missed(way, has_main=False)])
def test_a_change_that_is_missed_is_told_from_both_sides(way: Way) -> None:
    by_now = missed(way, has_main=False)[1]
    low, high = by_now.of.at_least, by_now.of.at_most

    second = ways_to_be_wrong(by(way, by_now.massages), has_main=False)[1]

    assert f"misses it by about {by_now.massages} massages for {low} to {high} of 100." in second.sentence
    assert (second.filled, second.filled + second.ringed) == (low, high)
    assert ("just" in second.sentence) == by_now.is_worth


def test_a_way_of_which_nobody_was_tried_has_no_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told, "missed", lambda way, has_main: [])

    assert how_booked(by(Way.PAIN), has_main=False)[-1].endswith("so there is no figure.")
    assert "misses it" not in "".join(one.sentence for one in ways_to_be_wrong(by(Way.PAIN), has_main=False))


@pytest.mark.parametrize(
    ("massages", "of"),
    [(3, 0), (missed(Way.VARYING, has_main=False)[1].massages, 1), (10_000, 2)],
    ids=["few", "a year", "very many"],
)
def test_what_is_missed_is_told_at_about_as_many_massages_as_there_were(massages: int, of: int) -> None:
    rows = missed(Way.VARYING, has_main=False)

    sentence = ways_to_be_wrong(by(Way.VARYING, massages), has_main=False)[1].sentence

    assert f"by about {rows[of].massages} massages" in sentence
    assert ("By about" in sentence) == (of < 2)  # and at the next number


def test_how_somebody_books_is_what_the_checks_and_the_weekdays_say() -> None:
    def of(massages: Sequence[date], *checks: object, usable: int = 12) -> Booked:
        asked = cards(answers(effect(), *checks), PRIMARIES, 12)  # type: ignore[arg-type]
        return booked([card for card in asked if card.effect], massages, usable)

    free = check("dates free of pain")
    assert of(dates(7), free).way is Way.ONE_WEEKDAY
    assert of(dates(3, 6), free).way is Way.VARYING
    assert of(dates(7), check("dates free of pain", passed=False)).way is Way.PAIN
    assert of(dates(7), free, usable=11).way is None
    assert of(dates(3, 6), free, check("lead", passed=False)).followed == ["Steps"]
    assert (of(dates(7), free).is_pain_known, of(dates(7)).is_pain_known) == (True, False)


def test_of_bookings_that_nobody_was_tried_with_there_is_no_figure_and_it_says_so() -> None:
    by_steps = by(Way.VARYING)._replace(followed=["Steps"], is_pain_known=False)

    alike, no_figure, diary = how_booked(by_steps, has_main=False)
    assert "as you seem to" not in alike  # a check says that it may not be so
    assert diary == "Without a diary of pain nobody sees whether you book when it hurts."
    assert "before them this was other than usual: steps. Of such bookings there is no figure." in no_figure
    assert "Filled" not in " ".join(how_booked(UNKNOWN, has_main=False))


@pytest.mark.parametrize("has_main", [True, False])
def test_who_books_by_the_calendar_is_told_how_often_good_times_are_taken_for_the_massage(has_main: bool) -> None:
    beside = "ever a finding" if has_main else "no main: ever a finding"
    of_study = [sums()[Key(f"a/{name}/none", beside, "")] for name in ("holidays", "good weekends")]
    people = sum(one.n for one in of_study)
    good = Measured(people, 100 * sum(one.total for one in of_study) / people)

    told_to = {way: " ".join(one.sentence for one in ways_to_be_wrong(by(way), has_main=has_main)) for way in Way}

    sentence = f"{good.at_least} to {good.at_most} of 100 are ever told of something better though massages do nothing."
    assert {way: sentence in text for way, text in told_to.items()} == {way: way is not Way.PAIN for way in Way}


def test_the_first_look_is_told_to_be_seldom_the_answer() -> None:
    found = [[round(100 - one.of.percent) for one in rows] for way in Way if (rows := missed(way, has_main=False))]

    sentence = first_look(has_main=False)

    assert sentence.startswith("Twelve is the first look, seldom the answer.")
    counts = zip(*([one.massages for one in missed(way, has_main=False)] for way in Way), strict=True)
    assert re.findall(r"about ([\d.]+) ", sentence) == [f"{statistics.mean(one) / 10:.0f}0" for one in counts]
    for at in range(3):
        column = [one[at] for one in found]
        assert f"for {min(column)} to {max(column)}" in sentence


@pytest.mark.parametrize("has_main", [True, False])
@pytest.mark.parametrize("way", [None, *Way])
def test_each_way_to_be_wrong_has_a_hundred_circles(has_main: bool, way: Way | None) -> None:
    found = ways_to_be_wrong(by(way), has_main=has_main)

    assert len(found) >= 2
    for one in found:
        assert one.filled + one.ringed + one.empty == 100
        assert min(one.filled, one.ringed, one.empty) >= 0
        ends = (one.filled, one.filled + one.ringed)
        assert f"{ends[0]} to {ends[1]}" in one.sentence or (not ends[0] and f"to {ends[1]} of" in one.sentence)


def test_no_person_found_wrong_leaves_room_for_some() -> None:
    assert Measured(71, 0.0).up_to == pytest.approx(5.13, abs=0.01)  # Wilson's interval: 3.84 / (71 + 3.84)


def test_what_was_not_measured_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told, "measured", dict)
    monkeypatch.setattr(told, "_read", lambda name: [])
    for cached in (of_way, missed):
        cached.cache_clear()

    try:
        assert len(ways_to_be_wrong(by(Way.PAIN), has_main=False)) == 1  # the methods of others, measured before
        assert (sentences(), first_look(has_main=False)) == ([], "")
    finally:
        for cached in (of_way, missed):
            cached.cache_clear()


def test_a_study_that_lacks_a_figure_leaves_it_out() -> None:
    text = "| true findings taken back | <= 3 | 1 | 69 | not yet | - | - | - |\n"

    assert measured_in(text) == "name,count,percent\n"
    assert set(measured()) <= {line.partition(",")[0] for line in measured_in(PAGE).splitlines()}
