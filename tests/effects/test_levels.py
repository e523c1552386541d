"""Devices and firmware that get their own level, those that cannot, and jumps that nobody told of."""

import numpy as np
import pytest
from people import DAY_0, books_at_random

from recovery.effects import design, gates, levels, regression
from recovery.vocabulary.windows import DAYS_AFTER

DAYS = 200
DATES = DAY_0 + np.arange(DAYS)
ALL = np.ones(DAYS, dtype=bool)
EVERY_EIGHTH = np.isin(np.arange(DAYS), np.arange(5, 190, 8)).astype(float)


def by_turns(*spans: tuple[int, int]) -> np.ndarray:
    """Code and length of each span of days."""
    return np.repeat([code for code, _ in spans], [length for _, length in spans]).astype(np.int64)


def on_days(sources: np.ndarray, firmwares: np.ndarray | None = None, **changed: np.ndarray) -> levels.Levels:
    asked = {"is_observed": ALL, "is_massage": EVERY_EIGHTH, "dates": DATES} | changed
    return levels.levels(**asked, sources=sources, firmwares=firmwares)


def test_one_device_needs_no_level() -> None:
    found = on_days(by_turns((7, DAYS)))

    assert found.columns.shape == (DAYS, 0)
    assert found.is_kept.all()
    assert found.gate == gates.Gate(gates.ONE_DEVICE, True, "One device measured all days that count.")


def test_all_but_the_most_frequent_device_get_a_column() -> None:
    sources = by_turns((3, 50), (1, 100), (2, 50))

    found = on_days(sources)

    assert np.array_equal(found.columns, np.column_stack([sources == 2, sources == 3]))
    assert found.gate.passed
    assert found.gate.sentence == "3 devices measured; each got its own level."


@pytest.mark.parametrize(("days", "count", "n_dropped"), [(27, 0, 27), (28, 1, 0)])
def test_a_level_takes_four_weeks(days: int, count: int, n_dropped: int) -> None:
    found = on_days(by_turns((1, DAYS - days), (2, days)))

    assert found.columns.shape[1] == count
    assert (found.n_dropped, int(np.sum(~found.is_kept))) == (n_dropped, n_dropped)
    assert found.gate.passed
    assert ("27 days of devices with fewer than 28 days are left out." in found.gate.sentence) is bool(n_dropped)


def test_only_measured_days_count() -> None:
    is_observed = ALL.copy()
    is_observed[195:] = False

    found = on_days(by_turns((1, 170), (2, 30)), is_observed=is_observed)

    assert found.n_dropped == 25
    assert found.is_kept[195:].all()  # nothing was measured there that could be dropped


def test_a_firmware_gets_a_level_and_a_short_one_counts_as_the_one_before() -> None:
    firmwares = by_turns((0, 80), (1, 10), (2, 110))

    found = on_days(by_turns((1, DAYS)), firmwares)

    assert np.array_equal(found.columns[:, 0], firmwares < 2)
    assert found.gate.sentence == (
        "1 device measured with 2 firmware versions; each got its own level. "
        "1 firmware version with too few days count as the one before."
    )


def test_a_short_first_firmware_counts_as_the_one_after() -> None:
    assert on_days(by_turns((1, DAYS)), by_turns((0, 20), (1, 180))).columns.shape[1] == 0


def test_a_firmware_that_is_not_told_is_the_one_told_before() -> None:
    firmwares = by_turns((-1, 40), (0, 40), (-1, 20), (1, 60), (-1, 40))

    found = on_days(by_turns((1, DAYS)), firmwares)

    assert np.array_equal(found.columns[:, 0], np.arange(DAYS) >= 100) or np.array_equal(
        found.columns[:, 0], np.arange(DAYS) < 100
    )


def test_there_is_one_column_for_sixty_days_and_devices_go_first() -> None:
    firmwares = by_turns(*((number, 33) for number in range(6)), (5, 2))

    alone = on_days(by_turns((1, DAYS)), firmwares)
    with_devices = on_days(by_turns((1, 66), (2, 66), (3, 68)), firmwares)

    assert alone.columns.shape[1] == 3  # 200 // 60
    assert "2 firmware versions with too few days" in alone.gate.sentence
    assert with_devices.columns.shape[1] == 3
    assert np.linalg.matrix_rank(np.column_stack([np.ones(DAYS), with_devices.columns])) == 4


def test_a_device_of_the_weekend_is_told_by_the_weekday() -> None:
    weekend = design.weekdays(DATES)[:, -2:].sum(axis=1)

    found = on_days(weekend.astype(np.int64))

    assert found.columns.shape[1] == 0
    assert found.gate.passed
    assert "Weekday and trend tell 1 of them already." in found.gate.sentence


def test_a_device_worn_for_massages_alone_is_refused() -> None:
    near = np.sum([design.lagged(EVERY_EIGHTH, lag) for lag in range(4)], axis=0)

    found = on_days(near.astype(np.int64))

    assert not found.gate.passed
    assert found.gate.name in gates.REFUSALS
    assert found.gate.sentence.startswith("On days of the same device, those after massages cannot be told")


def test_massages_on_days_of_a_dropped_device_are_refused() -> None:
    is_massage = np.isin(np.arange(DAYS), [177, 182, 187, 192]).astype(float)

    found = on_days(by_turns((1, 175), (2, 25)), is_massage=is_massage)

    assert not found.gate.passed
    assert "were measured by another device than the others" in found.gate.sentence


def test_many_devices_of_a_few_days_each_are_refused() -> None:
    found = on_days(np.arange(DAYS) // 20)

    assert not found.is_kept.any()
    assert not found.gate.passed
    assert "No device measured 28 days" in found.gate.sentence


def test_nothing_measured_is_no_error() -> None:
    found = on_days(by_turns((1, DAYS)), is_observed=~ALL)

    assert found.columns.shape == (DAYS, 0)
    assert found.gate.passed


def test_the_numbers_of_sources_do_not_matter() -> None:
    sources = by_turns((3, 50), (1, 100), (2, 50))

    assert np.array_equal(on_days(sources).columns, on_days(sources * 7 + 2).columns)


def test_another_device_worn_mostly_after_massages_is_no_effect() -> None:
    """A second watch that reads two deviations higher, worn on 8 of 10 days after massages and 2 of 10 others."""
    person = books_at_random(4, days=300, massages=25)
    after = np.sum([design.lagged(person.is_massage, lag) for lag in DAYS_AFTER], axis=0) > 0
    sources = (np.random.default_rng(4).random(300) < np.where(after, 0.8, 0.2)).astype(np.int64)
    values = person.values + 2.0 * sources
    found = levels.levels(np.isfinite(values), person.is_massage, person.dates, sources)
    usual = np.column_stack([design.event_window(person.is_massage), design.weekdays(person.dates)])

    without = regression.fit(values, usual, seed=1, simulations=99)
    adjusted = regression.fit(values, np.column_stack([usual, found.columns]), seed=1, simulations=99)

    assert found.gate.passed
    assert without.ci_low > 0.5
    assert adjusted.ci_low < 0 < adjusted.ci_high
