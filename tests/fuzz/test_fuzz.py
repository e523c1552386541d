"""Damaged files through the whole inbox: the short part of tests/fuzz/fuzz_long.py, and what that can see."""

import fuzz_inbox
import pytest
from fuzz_inbox import Case

pytestmark = pytest.mark.slow

SEED = 9


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    batch = list(fuzz_inbox.cases(SEED, 40, fuzz_inbox.samples()[::3]))
    fuzz_inbox.run(tmp_path_factory.mktemp("fuzz") / "home", batch)
    return batch


def test_damaged_files_cost_nobody_else_anything(judged: list[Case]) -> None:
    assert [
        (case.number, case.sample.name, case.path, case.mutant.kind, case.faults) for case in judged if case.faults
    ] == []


def test_the_mutants_reach_readers(judged: list[Case]) -> None:
    outcomes = [case.outcome for case in judged]

    assert {"loaded", "partial", "rejected"} <= set(outcomes)
    assert outcomes.count("unrecognised") < len(outcomes) / 2


def test_a_mutant_can_be_made_again() -> None:
    chosen = fuzz_inbox.samples()[:3]

    assert [case.mutant for case in fuzz_inbox.cases(SEED, 9, chosen)] == [
        case.mutant for case in fuzz_inbox.cases(SEED, 9, chosen)
    ]
