"""Tables below each other in one file."""

import pytest

from recovery.formats.log_pieces import headings_of, pieces
from recovery.formats.log_table import Row, Table


def split(text: str) -> list[tuple[int, str]]:
    rows = [Row(f"row {number}", line.split(";")) for number, line in enumerate(text.split("|"), 1)]
    return [(len(piece.rows), headings_of(piece)) for piece in pieces(Table("", rows))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("date;technique|2026-05-04;a|date;pain|2026-05-12;4", [(2, "date, technique"), (2, "date, pain")]),
        ("Massagen|Datum;Dauer|04.05.2026;60|Tagebuch|Datum;Schmerz|05.05.2026;3",
         [(3, "Datum, Dauer"), (3, "Datum, Schmerz")]),
        ("date;minutes|2026-05-04;60|date;minutes|2026-05-12;60", [(4, "date, minutes")]),
        ("date;minutes|2026-05-04;60|Datum;Betrag;Kunde|2026-05-12;60;x",
         [(2, "date, minutes"), (2, "Datum, Betrag, Kunde")]),
        ("date;note|2026-05-04;pain|2026-05-05;date", [(3, "date, note")]),
        ("date;note|2026-05-04;moved the date|pain;6", [(3, "date, note")]),
    ],
)  # fmt: skip
def test_another_row_of_headings_begins_another_table(text: str, found: list[tuple[int, str]]) -> None:
    assert split(text) == found
