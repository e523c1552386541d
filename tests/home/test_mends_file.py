"""The list of mends as a file: what it may hold, and what is made of a file that is none."""

from datetime import datetime
from pathlib import Path

import pytest

from recovery.home.folder import Home
from recovery.home.mends import FIELDS, MENDS, Mend, Mends, as_text, read_mends, row_key

MEND = Mend("studio.csv", "0" * 32, "date", "2026-02-28", datetime(2026, 11, 27, 8), "me")
HEADINGS = ",".join(FIELDS)


def file(folder: Path, content: bytes | str) -> Home:
    home = Home(folder)
    home.inbox.mkdir()
    (home.inbox / MENDS).write_bytes(content.encode() if isinstance(content, str) else content)
    return home


def line(**cells: str) -> str:
    told = {"path": "studio.csv", "row": "0" * 32, "column": "date", "value": "2026-02-28"}
    return ",".join({**told, "written_utc": "2026-11-27T08:00:00", "person": "me", **cells}[name] for name in FIELDS)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    odd = MEND._replace(path='=a "b", c.csv', column="note", value='he said "no", twice')

    assert read_mends(file(tmp_path, as_text(Mends((MEND, odd))))) == Mends((MEND, odd))


def test_of_two_lines_about_one_cell_the_later_holds(tmp_path: Path) -> None:
    found = read_mends(file(tmp_path, f"{HEADINGS}\n{line()}\n{line(value='2026-03-01')}\n"))

    assert [mend.value for mend in found.mends] == ["2026-03-01"]


@pytest.mark.parametrize(
    "bad",
    [
        line(path="../x.csv"), line(path="/etc/passwd"), line(path="a//b"), line(path="a/./b"), line(path=""),
        line(path="a\x1b[2Jb"), line(row="../../x"), line(row="0"), line(row="G" * 32), line(value="=cmd()"),
        line(value="@SUM(A1)"), line(value="a\x07b"), line(value=""), line(value="x" * 300), line(value="leave out"),
        line(column=""), line(column="row"), line(column="x" * 99), line(written_utc="soon"), line(person="\x00x"),
        "one,two", line() + ",more", "studio.csv" * 1000,
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_read_is_told_and_says_nothing(tmp_path: Path, bad: str) -> None:
    found = read_mends(file(tmp_path, f"{HEADINGS}\n{bad}\n{line()}\n"))

    assert found.mends == (MEND,)
    assert len(found.problems) == 1
    assert "Line 2 of mends.csv" in found.problems[0]
    assert len(found.unread) == 1


@pytest.mark.parametrize(
    "content",
    ["date,pain\n2026-01-01,3\n", b"x" * ((4 << 20) + 1), b"\xff\xfe\x00", f"{HEADINGS}\n" + "\n" * 20_002,
     '"' + "x" * 140_000 + '"'],
)  # fmt: skip
def test_another_file_is_not_ours(tmp_path: Path, content: bytes | str) -> None:
    found = read_mends(file(tmp_path, content))

    assert (found.is_ours, found.mends, len(found.problems)) == (False, (), 1)


def test_a_link_or_a_folder_is_not_ours(tmp_path: Path) -> None:
    home = file(tmp_path, as_text(Mends((MEND,))))
    (home.inbox / MENDS).rename(tmp_path / "outside.csv")
    assert read_mends(home) == Mends()

    (home.inbox / MENDS).symlink_to(tmp_path / "outside.csv")
    assert not read_mends(home).is_ours
    (home.inbox / MENDS).unlink()
    (home.inbox / MENDS).mkdir()
    assert not read_mends(home).is_ours


def test_an_empty_file_and_one_from_a_spreadsheet_are_ours(tmp_path: Path) -> None:
    home = file(tmp_path, "")
    assert read_mends(home) == Mends()

    (home.inbox / MENDS).write_text("\ufeff" + f"{HEADINGS}\r\n{line()}\r\n,,,,,\r\n")
    assert read_mends(home) == Mends((MEND,))


def test_a_row_has_one_key_whatever_empty_cells_follow() -> None:
    assert row_key(["a", "b"]) == row_key(["a", "b", "", ""])
    assert len({row_key(cells) for cells in (["a", "b"], ["ab"], ["a", "", "b"], ["a"], [])}) == 5
