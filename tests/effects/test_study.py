"""The calibration study (tests/calibration/study): that it runs, goes on where it stopped, and tells what it found."""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from places import TESTS

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True, scope="module")
def study() -> Iterator[None]:
    sys.path.insert(0, str(TESTS / "calibration"))
    yield
    sys.path.remove(str(TESTS / "calibration"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, study: None) -> Path:
    """Two people of half a year who book on pain, two series without a jump."""
    from study.__main__ import looks_line, run
    from study.cells import Cell
    from study.jumps import line

    path = tmp_path_factory.mktemp("study")
    short = [Cell("a", "same afternoon", "none", 2, days=200), Cell("a", "random", "worth", 2, days=200)]
    run(path, [(cell, looks_line) for cell in short], 5, 1, path)
    run(path, [*((cell, looks_line) for cell in short[:1]), (Cell("levels", "regimes", "none", 2), line)], 5, 2, path)
    return path


def test_a_study_goes_on_where_it_stopped_and_counts_nobody_twice(folder: Path) -> None:
    from study.results import read_piece

    pieces = {f"{path.parent.name} {path.stem}": len(read_piece(path)) for path in folder.glob("*/*/*.jsonl")}

    assert pieces["a--same_afternoon--none 0"] == pieces["a--same_afternoon--none 1"] == 1
    assert pieces["levels--regimes--none 0"] == 2


def test_the_whole_path_finds_what_the_looks_alone_find(folder: Path) -> None:
    """As long as nothing happens to the devices, and for those looks that both layers take."""
    from study.cells import Cell
    from study.evidence import evidence
    from study.people import person
    from study.whole_path import LOOKS, line

    of_path = line(Cell("a", "random", "worth", 2, days=200), 0)["metrics"][0]
    alone = person("random", "worth", "a/random/worth", 0, days=200)

    rows = {row[0]: row for row in evidence(alone, alone.outcomes[0], all_looks=True)}

    assert [row[0] for row in of_path["rows"]][:1] == [12]
    assert all(row == rows[row[0]] for row in of_path["rows"] if row[0] in LOOKS)


def test_its_table_says_how_many_people_each_figure_rests_on(folder: Path, tmp_path: Path) -> None:
    from study.table import fill, sections, study_of

    study = study_of(folder, tmp_path)
    page = fill("<!-- study: questions -->\nyesterday\n<!-- end -->", sections(study))

    line = next(line for line in page.splitlines() if line.startswith("| any main metric ever a finding"))
    assert "| 2 in 1 |" in line
    assert "yesterday" not in page


def test_what_is_committed_is_kept_where_the_pieces_are_gone(folder: Path, tmp_path: Path) -> None:
    from study.results import write_results
    from study.table import study_of

    study = study_of(folder, tmp_path)
    write_results(study.sums, study.pieces, tmp_path)

    alone, beside = study_of(tmp_path / "no pieces", tmp_path), study_of(folder, tmp_path)

    assert {key: one.n for key, one in alone.sums.items()} == {key: one.n for key, one in study.sums.items()}
    assert sorted(alone.pieces) == sorted(study.pieces)
    assert beside == study


def test_cells_whose_code_changed_are_forgotten_by_name(folder: Path, tmp_path: Path) -> None:
    from study.results import forget, read_results, write_results
    from study.table import study_of

    study = study_of(folder, tmp_path)
    write_results(study.sums, study.pieces, tmp_path)

    assert forget("levels", tmp_path / "no pieces", tmp_path) == 2
    assert {key.cell for key in read_results(tmp_path)[0]} == {"a/same afternoon/none", "a/random/worth"}


@pytest.mark.parametrize("kind", ["long memory", "regimes", "heavy tails"])
def test_noise_of_each_kind_varies_about_as_much_as_one_deviation(kind: str) -> None:
    from study.noise import KINDS

    random = np.random.default_rng(1)
    drawn = [KINDS[kind](random, 400) for _ in range(20)]

    assert 0.7 < np.mean([one.std() for one in drawn]) < 1.3


def test_a_person_of_a_name_and_number_is_the_same_again_and_the_truth_is_what_came_of_the_effect() -> None:
    from study.people import person

    made, again = (person("random", "worth", "somebody", 3, days=200) for _ in range(2))

    assert made.outcomes[0].metric == "steps"
    assert made.outcomes[0].truth == pytest.approx(600, rel=0.02)
    np.testing.assert_array_equal(made.outcomes[0].values, again.outcomes[0].values)


def test_where_massages_before_left_no_bad_days_one_more_has_no_effect() -> None:
    from study.people import truth_of_one_more

    is_massage = np.zeros(12)
    is_massage[[0, 5]] = 1

    limited, free = (
        truth_of_one_more(lambda lift, least=least: np.maximum(1 + lift, least), is_massage, (1, 2, 3), -np.ones(12))
        for least in (0, -9)
    )

    assert (limited, free) == (-0.5, -1.0)  # the days of the second massage are at the limit already


def test_looks_between_two_far_from_every_boundary_are_passed_over_and_those_near_one_are_not() -> None:
    from study.evidence import computed

    from recovery.effects.look_series import Evidence, LookDay
    from recovery.effects.regression import Estimate

    looks = [LookDay(number, 7 * number, 11 + number) for number in range(1, 60)]

    def at(z: float) -> int:
        found = Estimate(z, 1.0, z - 1.96, z + 1.96, 1.0, 1.96, 100)
        return len(computed(looks, lambda look: Evidence(found, 1.5), "up", level=0.05))

    assert at(0.9) < 15
    assert at(2.5) == len(looks)


def test_a_nearer_boundary_finds_no_later_and_the_rule_of_today_finds_what_the_study_says(folder: Path) -> None:
    from study.figures import figures_of
    from study.nearer import RULES
    from study.results import read_piece

    names = [rule.name for rule in RULES]
    assert names[-1] == "by massages; as today"

    for path in folder.glob("*/a--random--worth/*.jsonl"):
        for line in read_piece(path):
            told = {(name, of): value for name, of, value in figures_of(line)}
            ever = {name: told["rule: ever found", name] for name in names}
            assert ever["2.671; as today"] <= ever["2.4; as today"] <= ever["2.2; as today"]
            assert ever[names[-1]] == told["ever a finding", line["metrics"][0]["metric"]]


def test_people_told_anew_are_told_what_people_found_anew_are(folder: Path, tmp_path: Path) -> None:
    """Sums by old rules are replaced where pieces are at hand; else dropped, or kept where the rules do not matter."""
    from study.results import Piece, Sum, write_results
    from study.table import rests_on_rules, retold, study_of

    anew = study_of(folder, tmp_path)
    stale = {key: Sum(one.n, -one.n, one.n) if rests_on_rules(key.figure) else one for key, one in anew.sums.items()}
    gone = [Piece("0", cell, 7, 3) for cell in ("a/random/worth", "real pain/random/none")]
    write_results(stale, [*anew.pieces, *gone], tmp_path)

    told = retold(folder, tmp_path)
    dropped = retold(tmp_path / "no pieces", tmp_path)

    assert {key: one.n for key, one in told.sums.items()} == {key: one.n for key, one in anew.sums.items()}
    for key, one in anew.sums.items():
        assert told.sums[key].total == pytest.approx(one.total, rel=1e-5), key
    assert set(dropped.sums) == {key for key in anew.sums if not rests_on_rules(key.figure)}
    assert sorted(told.pieces) == sorted([*anew.pieces, *gone])
