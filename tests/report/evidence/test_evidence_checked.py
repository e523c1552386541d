"""The checks of the main answers side by side."""

from answers_by_hand import check

from recovery.report.evidence.checked import checked


def test_a_check_that_failed_for_several_numbers_is_told_once() -> None:
    failed = {"passed": False, "sentence": "Over your massages the number got better."}

    found = checked({"Steps": [check("lead"), check("slow build-up", **failed)], "Rest": [check("lead", **failed)]})

    assert found.failed == [(2, "Steps and Rest: Over your massages the number got better.")]
    assert (found.passed, found.asked) == (1, 3)


def test_what_was_not_asked_of_a_number_is_neither_passed_nor_failed() -> None:
    found = checked({"Steps": [check("worn alike")], "Pain": [check("lead", passed=False)]})

    assert [(row.name, row.states) for row in found.rows] == [("Worn alike", [True, None]), ("Lead", [None, False])]


def test_nothing_was_checked_of_nothing() -> None:
    found = checked({})

    assert (found.asked, found.rows, found.failed) == (0, [], [])
