"""A small slice of the calibration study (tests/calibration/one_look.py), with fixed seeds."""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from places import TESTS

from recovery.effects.boundaries import NEAREST, TABLE, beyond
from recovery.effects.examine import Findings, examine, verdict_on
from recovery.effects.weeks import between_weeks
from recovery.vocabulary.verdicts import Verdict

STUDY = TESTS / "calibration"
WORTH = 0.3


@pytest.fixture(autouse=True)
def simulator() -> Iterator[None]:
    sys.path.insert(0, str(STUDY))
    yield
    sys.path.remove(str(STUDY))


def findings(booking: str, effect: str, people: int) -> list[Findings]:
    from simulator import simulated

    out = []
    for seed in range(people):
        person = simulated(booking, 180, 25, effect, seed)
        out.append(
            examine(person.values, person.is_massage, person.dates, person.pain, seed=seed + 1000, simulations=99)
        )
    return [found for found in out if found.estimate is not None]


def words(found: list[Findings]) -> list[Verdict]:
    return [verdict_on(one, better="up", worthwhile=WORTH).verdict for one in found]


@pytest.mark.slow
@pytest.mark.parametrize("booking", ["random", "flare_sameday"])
def test_without_an_effect_none_is_supported_and_the_intervals_hold_zero(booking: str) -> None:
    found = findings(booking, "none", 16)

    assert words(found).count(Verdict.SUPPORTED) <= 1
    covered = [one.adjusted.ci_low <= 0 <= one.adjusted.ci_high for one in found if one.adjusted]
    assert np.mean(covered) >= 0.75  # 0.95 expected; fewer than 12 of 16 has a chance of 0.1%


@pytest.mark.slow
def test_an_effect_just_worth_having_is_seldom_contradicted_where_bad_days_are_booked() -> None:
    assert words(findings("flare_sameday", "transient", 24)).count(Verdict.CONTRADICTED) <= 3


@pytest.mark.parametrize("booking", ["random", "weekday", "course", "flare", "flare_sameday", "flare_strong"])
def test_each_way_to_book_gives_about_the_massages_asked_for_and_the_same_person_again(booking: str) -> None:
    from simulator import simulated

    person, again = (simulated(booking, 180, 25, "none", 3) for _ in range(2))

    assert 19 <= person.is_massage.sum() <= 27
    np.testing.assert_array_equal(person.values, again.values)
    assert 0.8 < np.isfinite(person.values).mean() < 1


def test_the_oracle_is_told_the_noise_that_the_simulator_makes() -> None:
    from simulator import simulated

    people = [simulated("random", 400, 8, "none", seed) for seed in range(60)]
    told = np.mean([person.autocovariance[:15] for person in people], axis=0)
    left = [person.values - np.nanmean(person.values) for person in people]
    seen = np.array([np.mean([np.nanmean(one[: 400 - lag] * one[lag:]) for one in left]) for lag in range(15)])

    fast = np.array([1, 2, 3, 4]), np.array([8, 9, 11, 12])  # weekdays and the season are none of its business
    assert seen[fast[0]].mean() - seen[fast[1]].mean() == pytest.approx(
        told[fast[0]].mean() - told[fast[1]].mean(), abs=0.06
    )


def test_a_study_that_was_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    from one_look import person_line, read_lines, run

    path = tmp_path / "people.jsonl"
    run(person_line, [("random 60/8 none", 2)], path, jobs=1)
    first = path.read_bytes()
    path.write_bytes(first + b'{"cell": "random 60/8 none", "num')  # killed in the middle of a line
    run(person_line, [("random 60/8 none", 3)], path, jobs=1)

    assert [line["number"] for line in read_lines(path)] == [0, 1, 2]
    assert path.read_bytes().startswith(first)


def test_the_report_fills_its_marks_and_leaves_the_rest() -> None:
    from report import fill

    page = "Before.\n\n<!-- figures: null -->\nold\n<!-- end -->\n\nAfter.\n"

    assert fill(page, {"null": "| new |"}) == "Before.\n\n<!-- figures: null -->\n\n| new |\n\n<!-- end -->\n\nAfter.\n"


@pytest.mark.slow
def test_the_boundaries_of_looks_are_those_of_their_simulation_within_its_error() -> None:
    from boundaries import MASSAGES, boundaries, largest

    for table, farther in ((TABLE, 0.0), (NEAREST, beyond(MASSAGES))):
        found = boundaries(largest(40_000, 5, farther), list(table))

        for told, (simulated, error) in zip(table.values(), found, strict=True):
            assert told == pytest.approx(simulated, abs=4 * error)


@pytest.mark.slow
@pytest.mark.parametrize("booking", ["random", "weekday"])
def test_without_an_effect_about_one_in_ten_passes_the_weeks_gate_however_massages_are_booked(booking: str) -> None:
    from simulator import simulated

    people = [simulated(booking, 365, 52, "none", 7_000 + seed) for seed in range(300)]

    passed = [between_weeks(person.values, person.is_massage, person.dates).passed for person in people]

    assert 0.04 <= np.mean(passed) <= 0.14  # 9%, three standard errors
