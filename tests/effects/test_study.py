"""The calibration study (tests/calibration/study): that it runs, goes on where it stopped, and tells what it found."""

import sys
from collections.abc import Iterator
from datetime import timedelta
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


def test_the_whole_path_finds_what_the_looks_alone_find() -> None:
    """As long as nothing happens to the devices."""
    from study.beside import LESS, SAME, figures_beside
    from study.cells import Cell
    from study.whole_path import line

    of_path = line(Cell("b", "random", "worth", 2, days=200), 0)

    assert [row[0] for row in of_path["metrics"][0]["rows"]][:1] == [12]
    found = list(figures_beside(of_path))
    assert {value for name, _, value in found if name == SAME} == {1.0}
    assert {value for name, _, value in found if name.startswith(LESS)} == {0.0}


def test_where_layer_b_looks_and_layer_a_did_not_the_look_before_counts() -> None:
    from study.beside import at_seven

    rows = [[massages] for massages in (12, 15, 18, 22, 27, 33, 41, 51, 60)]

    assert [row[0] for row in at_seven(rows)] == [12, 15, 22, 33, 51, 60]


def test_likely_counts_the_days_until_the_next_look_at_the_same_number() -> None:
    from study.likely import KINDS, share_of_days
    from study.spoken import FIRST_DAY

    from recovery.effects.look_family import Found, SaidAt
    from recovery.effects.look_series import Evidence
    from recovery.effects.looks import Said
    from recovery.vocabulary.verdicts import Certainty, Word

    def at(day: int, metric: str, word: Word, certainty: Certainty) -> SaidAt:
        found = Found(FIRST_DAY + timedelta(days=day), 1, 12, Evidence(None))
        return SaidAt(metric, found, None, Said(word=word, certainty=certainty))

    said = [
        at(0, "steps", Word.UNKNOWN, Certainty.TOO_EARLY),
        at(10, "steps", Word.BETTER, Certainty.LIKELY),
        at(15, "pain", Word.A_LITTLE_BETTER, Certainty.LIKELY),
        at(20, "steps", Word.WORSE, Certainty.LIKELY),
        at(30, "pain", Word.UNKNOWN, Certainty.TOO_EARLY),
        at(40, "steps", Word.BETTER, Certainty.CLEAR),
    ]

    shares = {kind: share_of_days(said, is_said) for kind, is_said in KINDS.items()}

    assert shares == {"better": 20 / 40, "worse": 20 / 40, "either": 30 / 40}


def test_what_promises_need_is_added_to_stored_evidence_of_the_same_people_alone(folder: Path) -> None:
    from study.figures import figures_of
    from study.promises import with_paces
    from study.results import read_piece

    (path,) = folder.glob("*/a--random--worth/*.jsonl")
    (line,) = read_piece(path)
    without = {**line, "metrics": [{**one, "paces": []} for one in line["metrics"]]}

    assert with_paces(without, "a/random/worth", days=200) == line
    with pytest.raises(ValueError, match="other code"):
        with_paces(without, "a/random/half", days=200)
    promised = [value for name, of, value in figures_of(line) if (name, of) == ("promises an answer", "")]
    assert len(promised) == 1
    assert not [name for name, _, _ in figures_of(without) if name == "promises an answer"]


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
