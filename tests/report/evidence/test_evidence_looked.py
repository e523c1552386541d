"""The looks: when an answer was first said, taken back, said again, and a picture of their ranges."""

from datetime import date, timedelta
from typing import Any

from recovery.report.evidence.looked import Look, history

FIRST = date(2026, 1, 5)


def looks(*events: tuple[str, str, str], **told: Any) -> list[Look]:
    """Looks a week apart, each with an event, a word and how sure."""
    known: dict[str, Any] = {"low": -300.0, "high": 900.0, "worth": 600.0, **told}
    return [
        Look(FIRST + timedelta(days=7 * number), 12 + number, word, sure, event, **known)
        for number, (event, word, sure) in enumerate(events)
    ]


OPEN = ("none", "unknown", "too_early")


def test_what_was_said_has_its_date_and_whether_it_still_stands() -> None:
    found = history("Steps", "up", looks(OPEN, ("found", "better", "clear"), ("kept", "better", "clear")))

    assert found.told == ["12 January 2026, 13 massages: first seen, “better”.", "It still stands, 1 look later."]


def test_what_was_taken_back_is_told_and_does_not_stand() -> None:
    found = history(
        "Steps",
        "up",
        looks(
            ("found", "better", "clear"),
            ("withdrawn", "unknown", "too_early"),
            ("found again", "a_little_better", "clear"),
            ("withdrawn and ruled out", "no_better", "clear"),
            ("no longer ruled out", "unknown", "too_early"),
            OPEN,
        ),
    )

    assert [sentence.partition(": ")[2] for sentence in found.told] == [
        "first seen, “better”.",
        "withdrawn: the change was less than half of one that matters.",
        "seen again, “a little better”.",
        "withdrawn, and a change that matters was ruled out, “no better”.",
        "no longer ruled out: a change that matters is possible again.",
    ]


def test_looks_that_said_nothing_are_counted() -> None:
    assert history("Steps", "up", looks(OPEN, OPEN)).told == [
        "2 looks, and nothing was said at any: both stay possible."
    ]


def test_better_is_up_whichever_way_the_number_goes() -> None:
    up = history("Steps", "up", looks(OPEN, OPEN)).picture
    down = history("Pain", "down", looks(OPEN, OPEN, low=-900.0, high=300.0)).picture

    assert up is not None
    assert down is not None
    assert (up.open, up.zero_y, up.worth_y) == (down.open, down.zero_y, down.worth_y)
    assert up.worth_y is not None
    assert up.worth_y < up.zero_y  # y grows downwards


def test_looks_at_which_an_answer_stood_are_drawn_apart() -> None:
    found = history("Steps", "up", looks(OPEN, ("found", "better", "clear"), ("kept", "better", "clear"))).picture

    assert found is not None
    assert (found.open.count("M"), found.stood.count("M")) == (1, 2)
    assert found.label.startswith("Steps: the ranges of 3 looks, from 5 January 2026 to 19 January 2026.")


def test_a_refused_look_has_no_line_and_a_very_wide_one_is_cut() -> None:
    wide = looks(OPEN, low=-90_000.0, high=90_000.0)
    refused = looks(OPEN, low=None, high=None)

    found = history("Steps", "up", [*wide, *refused, *looks(OPEN, OPEN)]).picture

    assert found is not None
    assert found.open.count("M") == 3
    assert history("Steps", "up", [*refused, *looks(OPEN)]).picture is None
