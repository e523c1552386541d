"""Counts and lists in sentences."""

import pytest

from recovery.words import counts


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 files"), (1, "1 file"), (2, "2 files"), (2300, "2,300 files"), (1001, "1,001 files")]
)
def test_a_count_takes_the_plural_form_of_its_number(count: int, words: str) -> None:
    assert counts.counted(count, counts.FILE) == words


@pytest.mark.parametrize(
    ("names", "words"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_the_last_of_a_list_is_joined_by_and(names: list[str], words: str) -> None:
    assert counts.listed(names) == words


def test_a_list_that_was_cut_says_how_many_are_left_out_and_where_they_are() -> None:
    said: list[str] = []

    counts.say_first("abcde", 3, said.append, "recovery status --all")

    assert said == ["a", "b", "c", "... and 2 more (recovery status --all)"]


@pytest.mark.parametrize("limit", [None, 2, 3])
def test_a_list_that_is_whole_says_nothing_more(limit: int | None) -> None:
    said: list[str] = []

    counts.say_first("ab", limit, said.append)

    assert said == ["a", "b"]
