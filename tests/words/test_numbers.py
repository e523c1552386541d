"""Numbers for people: the examples of the rules, worked out by hand, and what must hold of any number."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.vocabulary.units import UNITS, unit_of
from recovery.words import numbers

METRICS = ("", "asleep_min", "onset_local", "bed_rest_hours", "awakenings")


@pytest.mark.parametrize(
    ("estimate", "low", "high", "unit", "metric", "size", "of_range"),
    [
        # Steps of 100, or of 1 or 5 x 10^k up to a quarter of the range: 1,144 / 4 = 286, so 100
        (1365, 793, 1937, "steps", "steps", "1,400 steps more", "800 to 1,900"),
        # 21.97 / 4 = 5.5, so 5 minutes; an end that rounds to 0 is no change
        (-9.98, -20.96, 1.01, "min", "asleep_min", "10 minutes shorter", "20 shorter to no change"),
        # 17.9 / 4 = 4.5; five minutes would say 0 to 20, and 0 is excluded, so a step of one
        (11.33, 2.4, 20.26, "min", "onset_local", "11 minutes later", "2 to 20"),
        # All below ten minutes, and 8.04 / 4 = 2, so a step of one
        (-4.976, -8.997, -0.955, "min", "bed_rest_min", "5 minutes less", "1 to 9"),
        (-0.0829, -0.14995, -0.0159, "h", "bed_rest_hours", "5 minutes less", "1 to 9"),
        # 4,000 / 4 = 1,000
        (3600, 1600, 5600, "steps", "steps", "4,000 steps more", "2,000 to 6,000"),
        # 2,830 / 4 = 707, so 500, which says 0: 100 says it
        (1485, 70, 2900, "steps", "steps", "1,500 steps more", "100 to 2,900"),
        # 470, so 100; not even half of the finest step tells the near end from 0
        (950, 20, 1900, "steps", "steps", "1,000 steps more", "just above no change to 1,900"),
        (-950, -1900, -20, "steps", "steps", "1,000 steps fewer", "just below no change to 1,900"),
        (-0.486, -0.745, -0.228, "points", "pain", "half a point lower", "0.2 to 0.7"),
        (-0.55, -0.8, -0.3, "points", "pain", "0.6 points lower", "0.3 to 0.8"),
        (-1.2, -2.2, -0.2, "points", "pain", "1.2 points lower", "0.2 to 2.2"),
        (1.04, 0.8, 1.2, "points", "mood", "1 point higher", "0.8 to 1.2"),
        (-0.0198, -0.0264, -0.0133, "share", "rest_share", "2 percentage points lower", "1 to 3"),
        (0.04, -0.02, 0.1, "yes/no", "is_bed_day", "4 of 100 days more", "2 fewer to 10 more"),
        (-0.0995, -0.423, 0.224, "count", "awakenings", "0.1 awakenings fewer", "0.4 fewer to 0.2 more"),
        (95.4, 35, 155, "min", "moving_min", "1 h 40 more", "40 minutes to 2 h 40"),
        (-120, -150, -90, "min", "still_min", "2 h less", "90 minutes to 2 h 30"),
        (60, -30, 150, "min", "still_min", "60 minutes more", "30 minutes less to 2 h 30 more"),
        # an estimate of no change leaves the unit to its range
        (0.44, -6.09, 6.97, "min", "asleep_min", "no change", "6 minutes shorter to 7 longer"),
        (20, -20, 300, "steps", "steps", "no change", "just below no change to 300 steps more"),
        (0.0005, -0.002, 0.003, "share", "spo2_mean_share", "no change", "under 1 percentage point either way"),
        # certain, and too small to be told
        (
            0.003,
            0.001,
            0.004,
            "share",
            "spo2_mean_share",
            "under 1 percentage point higher",
            "just above no change to under 1 higher",
        ),
        (-0.167, -0.297, -0.037, "min", "vigorous_min", "under 1 minute less", "just below no change to under 1 less"),
        # ends that round to the same figure
        (-0.0198, -0.0224, -0.0173, "share", "rest_share", "2 percentage points lower", "close to 2"),
        # a trial with too few weeks has no end
        (500, float("-inf"), 900, "steps", "steps", "500 steps more", "no lower limit to 900 more"),
        (500, float("-inf"), float("inf"), "steps", "steps", "500 steps more", "no lower limit to no upper limit"),
        (12, 8, 16, "furlongs", "", "12 furlongs higher", "8 to 16"),
    ],
)
def test_an_estimate_and_its_range_have_one_step(
    estimate: float, low: float, high: float, unit: str, metric: str, size: str, of_range: str
) -> None:
    assert numbers.change(estimate, low, high, unit, metric) == (size, of_range)


def test_a_change_names_the_interval_it_stands_with() -> None:
    found = numbers.change(1365, 793, 1937, "steps")

    assert found.whole == "1,400 steps more (95% interval: 800 to 1,900)"


@pytest.mark.parametrize(
    ("low", "high", "unit", "words"),
    [
        (-90, 1370, "steps", "100 steps fewer to 1,400 more"),
        (-2.2, -0.2, "points", "0.2 to 2.2 points lower"),
        (12, 100, "min", "10 minutes to 1 h 40 more"),
        (0, 40, "min", "no change to 40 minutes more"),
        (-0.0214, -0.0173, "share", "close to 2 percentage points lower"),
    ],
)
def test_a_range_that_stands_alone_has_its_unit(low: float, high: float, unit: str, words: str) -> None:
    assert numbers.span(low, high, unit) == words


@pytest.mark.parametrize(
    ("value", "unit", "metric", "words"),
    [
        (588, "m", "distance_m", "600 metres"),
        (7.26, "min", "bed_rest_min", "7 minutes"),
        (32.7, "kcal", "active_energy_kcal", "30 kcal"),
        (0.49, "points", "pain", "half a point"),
        (-0.0104, "share", "rest_share", "1 percentage point"),
        (0.0419, "bpm", "resting_heart_rate_bpm", "0.05 beats a minute"),
        (20, "steps", "steps", "20 steps"),
    ],
)
def test_a_size_is_told_to_the_finest_step_and_never_as_nothing(
    value: float, unit: str, metric: str, words: str
) -> None:
    assert numbers.size(value, unit, metric) == words


def test_what_somebody_has_set_is_told_as_it_was_set() -> None:
    assert numbers.size(250, "steps", is_exact=True) == "250 steps"
    assert numbers.size(0.025, "share", is_exact=True) == "2.5 percentage points"
    assert numbers.size(2, "points", "pain", is_exact=True) == "2 points"


def test_a_change_without_a_range_is_told_to_the_finest_step() -> None:
    assert numbers.change_alone(-1234, "steps") == "1,200 steps fewer"
    assert numbers.change_alone(0.0, "steps") == "no change"


@pytest.mark.parametrize(
    ("value", "unit", "metric", "words"),
    [
        (7320, "steps", "steps", "7,300 steps"),
        (452, "min", "asleep_min", "7 h 30"),
        (0.788, "share", "rest_share", "79%"),
        (-50, "min", "onset_local", "23:10"),
        (4.54, "points", "pain", "4.5 points"),
        (1.0, "points", "pain", "1 point"),
        (50.4, "bpm", "resting_heart_rate_bpm", "50.4 beats a minute"),
        (0.24, "ratio", "movement_rest_ratio", "0.24"),
        (-12.2, "index", "regularity_index", "-12 points"),
    ],
)
def test_a_level_has_no_direction(value: float, unit: str, metric: str, words: str) -> None:
    assert numbers.level(value, unit, metric) == words


def test_a_probability_has_two_digits_or_is_a_bound() -> None:
    assert numbers.probability(0.0004) == "below 0.001"
    assert numbers.p_value(0.0312) == "p = 0.031"
    assert numbers.p_value(0.0001) == "p below 0.001"


@pytest.mark.parametrize(
    ("language", "words"), [("en", "1,400.5"), ("de", "1.400,5"), ("es", "1400,5"), ("fr", "1\u202f400,5")]
)
def test_each_language_has_its_own_marks(language: str, words: str) -> None:
    assert numbers.figure(1400.5, numbers.MARKS[language]) == words


def test_every_unit_has_a_finest_step_of_the_ladder() -> None:
    assert set(numbers.FINEST) == set(UNITS)
    assert set(numbers.FINEST.values()) <= set(numbers.LADDER)


# Of any number


@st.composite
def changes(draw: st.DrawFn) -> tuple[float, float, float, str, str]:
    """An estimate between its ends, a unit and a metric."""
    unit = draw(st.sampled_from([*UNITS, "furlongs"]))
    metric = draw(st.sampled_from(METRICS))
    size = st.floats(-50_000, 50_000, allow_nan=False).map(lambda value: value / unit_of(unit, metric).factor)
    low, estimate, high = sorted(draw(st.tuples(size, size, size)))
    return estimate, low, high, unit, metric


@given(changes())
def test_a_direction_is_never_against_the_sign(told: tuple[float, float, float, str, str]) -> None:
    estimate, low, high, unit, metric = told
    said = unit_of(unit, metric)
    found = numbers.change(*told)

    assert not found.size.endswith(f" {said.down if estimate > 0 else said.up}")
    assert "-" not in found.size + found.range
    if low > 0:
        assert not re.search(rf"\b({said.down}|below)\b", found.range)
        assert "no change to" not in found.range.replace(numbers.JUST_ABOVE, "")
    if high < 0:
        assert not re.search(rf"\b({said.up}|above)\b", found.range)


@given(changes())
def test_ends_never_cross_and_the_estimate_stays_between_them(told: tuple[float, float, float, str, str]) -> None:
    estimate, low, high, unit, metric = told
    said = numbers._said(unit, metric)
    at, bottom, top = (value * said.factor for value in (estimate, low, high))
    step = numbers._step_of_range(at, bottom, top, said)

    low_shown, shown, high_shown = (numbers._rounded(value, step) for value in (bottom, at, top))

    assert low_shown <= shown <= high_shown
    assert all(abs(shown - exact) <= step / 2 * (1 + 1e-6) for shown, exact in ((shown, at), (low_shown, bottom)))


@pytest.mark.slow
@given(changes())
def test_the_mirrored_change_is_said_with_the_other_direction(told: tuple[float, float, float, str, str]) -> None:
    estimate, low, high, unit, metric = told
    said = unit_of(unit, metric)
    found, mirrored = numbers.change(*told), numbers.change(-estimate, -high, -low, unit, metric)
    turn = {said.up: said.down, said.down: said.up, "above": "below", "below": "above"}

    assert mirrored.size == " ".join(turn.get(word, word) for word in found.size.split(" "))


@given(st.floats(1e-6, 50_000), st.sampled_from(sorted(UNITS)), st.booleans())
def test_a_size_is_never_told_as_nothing(value: float, unit: str, is_exact: bool) -> None:
    words = numbers.size(value, unit, is_exact=is_exact)

    assert words.startswith("half a point") or re.match(r"[\d,.]*[1-9]", words)


def test_a_p_value_at_the_floor_of_its_draws_is_a_bound() -> None:
    assert numbers.probability(0.0025, (1 / 400, 1 / 1000)) == "at most 0.0025"
    assert numbers.probability(0.005, (1 / 400, 1 / 1000)) == "0.005"
