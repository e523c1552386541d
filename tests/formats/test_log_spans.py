"""A start and an end in one cell."""

from datetime import time

import pytest

from recovery.formats.log_spans import span_of


@pytest.mark.parametrize(
    ("cell", "start", "minutes"),
    [
        ("17:30-18:30", time(17, 30), 60),
        ("17:30 – 18:15", time(17, 30), 45),
        ("17.30 bis 18.30", time(17, 30), 60),
        ("von 17 bis 18 Uhr", time(17), 60),
        ("17h30 à 18h30", time(17, 30), 60),
        ("5-6pm", time(17), 60),
        ("11-12:30 pm", time(11), 90),
        ("from 5 to 6:30 pm", time(17), 90),
        ("5:30pm-6:15pm", time(17, 30), 45),
        ("23:30-00:30", time(23, 30), 60),
        ("1730-1830", None, 0),  # without a sign of a time it may be anything
        ("5-6", None, 0),
        ("12-05", None, 0),
        ("2026-05-04", None, 0),
        ("17:30-05:00", None, 0),  # a time with its offset
        ("17:30+02:00", None, 0),
        ("17:30", None, 0),
        ("17:30-17:30", None, 0),
        ("17:30-25:00", None, 0),
        ("x" * 200, None, 0),
    ],
)
def test_a_span_is_a_start_and_a_length(cell: str, start: time | None, minutes: float) -> None:
    span = span_of(cell)

    assert span is None if start is None else span == (start, minutes)
