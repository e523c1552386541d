"""Great Expectations is imported without what this program never uses, and nobody else misses it."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

KL_DIVERGENCE = "great_expectations.expectations.core.expect_column_kl_divergence_to_be_less_than"


def told(lines: str) -> list[str]:
    """What a Python of its own prints, which has imported nothing yet."""
    return subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, check=True).stdout.split()


def test_checks_are_imported_without_drawings_statistics_and_another_way_to_databases() -> None:
    there = "print(*(name for name in ('sqlalchemy', 'altair', 'scipy.stats') if name in sys.modules))"
    assert told(f"import sys; from recovery.checks import _checkpoint; {there}") == []


def test_what_was_left_out_can_be_imported_afterwards() -> None:
    lines = """
from recovery.checks import _checkpoint
import sqlalchemy
from scipy import stats
import altair
print(sqlalchemy.column("x").name, stats.norm.cdf(0.0), altair.Chart.__name__)
"""
    assert told(lines) == ["x", "0.5", "Chart"]


def test_an_expectation_that_draws_still_finds_its_library() -> None:
    lines = f"""
import sys
from recovery.checks import _checkpoint
one = sys.modules["{KL_DIVERGENCE}"]
print(one.alt.Chart.__name__, one.stats.entropy([0.5, 0.5]) > 0.69, "altair" in sys.modules)
"""
    assert told(lines) == ["Chart", "True", "True"]


def test_what_is_imported_already_stays() -> None:
    lines = """
import sys, sqlalchemy, scipy.stats
before = sys.modules["sqlalchemy"], sys.modules["scipy.stats"]
from recovery.checks import _checkpoint
from great_expectations.compatibility.sqlalchemy import sqlalchemy as seen
print(before == (sys.modules["sqlalchemy"], sys.modules["scipy.stats"]), seen is sqlalchemy)
"""
    assert told(lines) == ["True", "True"]
