"""Our days against an independent count of the real exports: a cheap part of what docs/counts.md holds of all."""

from pathlib import Path

import pytest
from bench import recount

pytestmark = pytest.mark.slow

CHEAP = ("garmin_api", "whoop", "gadgetbridge")


@pytest.fixture(scope="module")
def lines(real: Path) -> list[recount.Line]:
    return recount.recount([export for export in recount.EXPORTS if export.person in CHEAP])


def test_our_days_equal_the_count_of_the_files_or_the_page_says_why(lines: list[recount.Line]) -> None:
    unlike = {
        (line.title, line.metric): line.examples[:3]
        for line in lines
        if line.share < recount.LEAST and (line.title, line.metric) not in recount.WHY
    }

    assert not unlike
    assert sum(line.days for line in lines) > 3000


def test_the_page_tells_what_was_counted(lines: list[recount.Line]) -> None:
    page = recount.TABLE.read_text(encoding="utf-8").splitlines()

    assert [row for line in lines if (row := recount.row_of(line)) not in page] == []


def test_the_page_is_as_the_script_writes_it() -> None:
    page = recount.TABLE.read_text(encoding="utf-8")

    assert recount.table([], page) == page


def test_a_difference_is_counted_once_and_rounding_is_none() -> None:
    theirs = {"asleep_min": {"2026-01-01": 400.0, "2026-01-02": 400.0, "2026-01-03": 400.0, "2026-01-04": 1.0}}
    ours = {"asleep_min": {"2026-01-01": 400.0, "2026-01-02": 400.5, "2026-01-03": 402.0, "2026-01-05": 3.0}}

    (line,) = recount.compare("A watch", theirs, ours)

    assert (line.days, line.equal, line.rounded, line.ours_missing, line.ours_only) == (4, 1, 1, 1, 1)
    assert (line.share, line.largest) == (0.5, 2.0)
    assert line.examples == (("2026-01-03", 400.0, 402.0), ("2026-01-04", 1.0, None))


def test_exports_that_were_not_counted_keep_their_lines() -> None:
    former = recount.HEAD + "| Oura | asleep_min | 9 | 9 | 0 | 100.0% | 0 | 0 |  |  |\n| A former one | x |\n"
    (line,) = recount.compare("WHOOP", {"steps": {"2026-01-01": 1.0}}, {"steps": {"2026-01-01": 1.0}})

    page = recount.table([line], former)

    assert page.splitlines()[-2:] == [
        "| Oura | asleep_min | 9 | 9 | 0 | 100.0% | 0 | 0 |  |  |",
        "| WHOOP | steps | 1 | 1 | 0 | 100.0% | 0 | 0 |  |  |",
    ]
