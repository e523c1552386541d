"""Each rule of the receipts is broken by a change of its own."""

from collections.abc import Callable

import pytest

pytestmark = pytest.mark.slow

Broken = Callable[[str, str], set[str]]  # relation, change -> sentences of the checks that fail


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("insert into pub.files from pub.files", "A file has one receipt."),
        ("update pub.files set status = null", "Every receipt has a status."),
        ("update pub.files set status = 'eaten', message = 'yes'", "The status is one of seven."),
        ("update pub.files set status = 'rejected'", "A file that was not loaded says why."),
        ("update pub.files set first_utc = '2027-01-01'", "The first record is not after the last."),
        ("update pub.files set first_utc = '1989-12-31'", "No record is older than the year 2000."),
    ],
)
def test_one_wrong_row_breaks_one_rule(broken: Broken, change: str, sentence: str) -> None:
    assert broken("files", change) == {sentence}
