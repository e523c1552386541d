"""How often answers are wrong: only what was measured, as docs/calibration.md has it, is told."""

import math
from importlib.resources import files

import pytest
from calibration.study.table import measured as measured_in
from places import ROOT

from recovery.report.evidence import measured as told
from recovery.report.evidence.measured import Measured, measured, sentences, ways_to_be_wrong

PAGE = (ROOT / "docs" / "calibration.md").read_text(encoding="utf-8")


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


@pytest.mark.parametrize("has_main", [True, False])
def test_each_way_to_be_wrong_has_a_hundred_circles(has_main: bool) -> None:
    found = ways_to_be_wrong(has_main=has_main)

    assert len(found) >= 2
    for one in found:
        assert one.filled + one.ringed + one.empty == 100
        assert min(one.filled, one.ringed, one.empty) >= 0
        assert not one.filled or f" {one.filled} " in one.sentence


def test_no_person_found_wrong_leaves_room_for_some() -> None:
    assert Measured(71, 0.0).up_to == pytest.approx(5.13, abs=0.01)  # Wilson's interval: 3.84 / (71 + 3.84)


def test_what_was_not_measured_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told, "measured", dict)

    assert len(ways_to_be_wrong(has_main=False)) == 1  # the methods of others, measured before
    assert sentences() == []


def test_a_study_that_lacks_a_figure_leaves_it_out() -> None:
    text = "| true findings taken back | <= 3 | 1 | 69 | not yet | - | - | - |\n"

    assert measured_in(text) == "name,count,percent\n"
    assert set(measured()) <= {line.partition(",")[0] for line in measured_in(PAGE).splitlines()}
