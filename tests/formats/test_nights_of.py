"""Nights out of pieces."""

from datetime import datetime

from recovery.formats.nights import Stretch, joined, nights_of, stage_rows


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 5, 31, hour, minute)


def span(piece: Stretch) -> tuple[datetime, datetime]:
    return piece.start_utc, piece.end_utc


def test_a_gap_of_an_hour_ends_a_night() -> None:
    first, second, third = (
        Stretch(at(1), at(2), "light"),
        Stretch(at(2, 59), at(4), "deep"),
        Stretch(at(5), at(6), "light"),
    )

    assert list(nights_of([first, second, third], span)) == [[first, second], [third]]


def test_a_piece_inside_another_does_not_shorten_the_night() -> None:
    pieces = [Stretch(at(1), at(5), "light"), Stretch(at(2), at(3), "deep"), Stretch(at(5, 30), at(6), "light")]

    assert list(nights_of(pieces, span)) == [pieces]


def test_there_are_no_nights_of_nothing() -> None:
    assert list(nights_of([], span)) == []


def test_stretches_of_one_stage_without_a_gap_are_one() -> None:
    pieces = [
        Stretch(at(1), at(2), "light"),
        Stretch(at(2), at(3), "light"),
        Stretch(at(3), at(4), "deep"),
        Stretch(at(4, 1), at(5), "deep"),
    ]

    assert joined(pieces) == [Stretch(at(1), at(3), "light"), *pieces[2:]]


def test_stretches_become_rows_of_their_session() -> None:
    assert list(stage_rows("watch", "night 1", [(at(1), at(2), "light")])) == [
        {"source": "watch", "session_key": "night 1", "start_utc": at(1), "end_utc": at(2), "stage": "light"}
    ]
