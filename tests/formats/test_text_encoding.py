"""In which encoding a text is, by its letters."""

import pytest

from recovery.formats.text_encoding import encoding_by_letters


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp932", "日付,歩数"),
        ("cp932", "date,note\n2026-05-04,腰が痛い\n"),
        ("cp949", "날짜,걸음수"),
        ("cp1252", "note\nit’s better, don’t worry, I’m well\n"),
        ("cp1252", "note\n“Rest” – nothing else\n"),
        ("cp1252", "Datum,Rücken\n"),
    ],
)
def test_short_texts_are_known(encoding: str, text: str) -> None:
    assert encoding_by_letters(text.encode(encoding)) == encoding
