"""What a person said of rows of a mapped table, put into its cells while it is read.

A mend names the heading of the table, and its value is in the words and on the scale of the table.
"""

from collections.abc import Mapping, Sequence

from recovery.formats.export_table import plain
from recovery.formats.log_mends import MAX_TEXT, lapsed_of, named, sentences, told
from recovery.formats.records import PutIn, Skipped, UnreadRow
from recovery.formats.times import iso_time, time_as
from recovery.home.mends import FORMULA_STARTS, MAX_COLUMN, WHOLE_ROW, Mend, row_key
from recovery.home.table_mapping import YEAR_MONTH_DAY, TableMapping


class TableMends:
    """The mends of one table, and the row that is read just now."""

    def __init__(self, mends: Mapping[str, Sequence[Mend]]) -> None:
        self.put_in: list[PutIn] = []
        self._mends = mends
        self._used: set[Mend] = set()
        self._applied: list[str] = []
        self._is_left_out = False
        self._place = ""
        self._names: Sequence[str] = ()
        self._cells: Sequence[str] = ()

    def cells(self, place: str, names: Sequence[str], cells: list[str]) -> list[str]:
        """The cells of a row with what was said of it; `names` are the headings as they stand in the file."""
        self._place, self._names, self._cells = place, names, cells
        self._is_left_out = False
        if not self._mends:
            return cells
        key = _key(cells)
        found = list(cells)
        for mend in self._mends.get(key, ()):
            position = next((at for at, name in enumerate(names) if column_name(name) == mend.column), None)
            if mend.column == WHOLE_ROW:
                self._is_left_out = True
            elif position is None:
                continue
            else:
                found += [""] * (len(names) - len(found))
                found[position] = mend.value
            self._used.add(mend)
            self._applied.append(told(place, mend))
            self.put_in.append(PutIn(key, mend.column, place))
        return found

    def leaves_out(self, place: str) -> bool:
        """Whether the row at a place, which is read just now, tells of nothing."""
        return self._is_left_out and place == self._place

    def with_row(self, skipped: Skipped, heading: str = "") -> Skipped:
        """What cannot be read of the row, with the row as it stands in the file; without a heading it is all of it."""
        if skipped.place != self._place:
            return skipped
        position = next((at for at, name in enumerate(self._names) if heading and plain(name) == plain(heading)), None)
        column = WHOLE_ROW if position is None else column_name(self._names[position])
        old = self._cells[position] if position is not None and position < len(self._cells) else ""
        cells = named([name.strip() for name in self._names], [cell.strip() for cell in self._cells])
        return skipped._replace(row=UnreadRow(_key(self._cells), column, old.strip()[:MAX_TEXT], cells, "table"))

    def messages(self) -> list[str]:
        """What the receipt says of the mends."""
        return [one.rstrip(".") for one in sentences(self._applied, lapsed_of(self._mends, self._used))]


def column_name(heading: str) -> str:
    """The name of a column in inbox/mends.csv: its heading, of which no spreadsheet makes a formula."""
    seen = "".join(letter if letter.isprintable() else " " for letter in heading)
    return " ".join(seen.split()).lstrip("".join(FORMULA_STARTS) + " ")[:MAX_COLUMN].strip()


def fault_of_start(cells: Mapping[str, str], mapping: TableMapping) -> str:
    """The heading in which the fault of a date lies that cannot be read; `cells` are by plain heading."""
    headings = mapping.start
    texts = [cells[plain(heading)].strip() for heading in headings]
    if len(headings) == len(YEAR_MONTH_DAY):
        faults = [heading for heading, text in zip(headings, texts, strict=True) if text and not text.isdecimal()]
        return faults[0] if faults else headings[-1]
    if len(headings) == 1 or not texts[0]:
        return headings[0]
    try:
        _ = time_as(texts[0], mapping.date_format.split()[0]) if mapping.date_format else iso_time(texts[0])
    except (ValueError, OverflowError):
        return headings[0]
    return headings[-1]


def _key(cells: Sequence[str]) -> str:
    return row_key(cell.strip() for cell in cells)
