"""The pages of the last snapshot, of which those are taken over that say what would be written now.

What a page says beside the rows of its person is hashed in its last line.
"""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import NamedTuple

from recovery.home.disk import write_private
from recovery.report.frame import Frame
from recovery.report.render import redated
from recovery.report.site import Page, folder_of, month_file


class FormerPages(NamedTuple):
    """The pages as they were left: what did not change is taken over."""

    folder: Path
    changed: Collection[tuple[str, str]]  # person and month, as '2026-03', of which any row is another one now
    people: Collection[str] | None = None  # of whom any row is another one now; None: anybody

    def has_all_of(self, person: str) -> bool:
        """Whether no row of a person is another one than when these pages were written."""
        return self.people is not None and person not in self.people

    def grown_older(self, person: str, here: Frame, ends: Sequence[str], dated: object) -> str | None:
        """A page of a person with what grows older told anew, where it ends in one of `ends`; None where it does not.

        `dated` is what `render.redated` takes.
        """
        path = self.folder / folder_of(person) / f"{here.page}.html"
        kept = next((found for end in ends if (found := _ending_in(path, end)) is not None), None)
        return None if kept is None else redated(kept.decode(), here, dated)

    def put_month(
        self, person: str, month: str, folder: Path, here: Frame, ends: tuple[str, str], dated: object
    ) -> bool:
        """Puts the page of a month, as '2026-03', into `folder`; False where it changed, or ends otherwise.

        `ends` are its last two lines, the last one of the list of months: where that is another one, the page has it
        told anew.
        """
        end, end_of_list = ends
        if not end or (person, month) in self.changed:
            return False
        former = self.folder / folder_of(person) / month_file(month)
        text = (_read(former) or b"").decode()
        if text.endswith(end + end_of_list):
            _link(former, folder)
            return True
        text = text[: -len(end_of_list)]
        told = redated(text, here, dated) if text.endswith(end) else None
        if told is not None:
            write_private(folder / former.name, told + end_of_list)
        return told is not None

    def has_weeks(self, person: str, end: str) -> bool:
        """Whether the page of a person's newest month ends so."""
        return _ending_in(self.folder / folder_of(person) / f"{Page.WEEKS}.html", end) is not None

    def put_weeks(self, person: str, folder: Path, end: str) -> bool:
        """Puts all Weeks of a person into `folder`; False where the page of the newest month does not end so."""
        former = self.folder / folder_of(person)
        if not self.has_weeks(person, end):
            return False
        for path in former.glob(f"{Page.WEEKS}*.html"):
            _link(path, folder)
        return True


def _link(page: Path, folder: Path) -> None:
    """Puts a page into a folder as well: nobody writes into a page, a new one takes its place."""
    try:
        (folder / page.name).hardlink_to(page)
    except OSError:  # a file system without links
        write_private(folder / page.name, page.read_bytes())


def _ending_in(path: Path, end: str) -> bytes | None:
    """The content of a file that ends so; None where it ends otherwise, or there is none."""
    content = _read(path)
    return content if content is not None and content.endswith(end.encode()) else None


def _read(path: Path) -> bytes | None:
    """The content of a file; None where there is none."""
    try:
        return path.read_bytes()
    except OSError:
        return None
