"""The pages of the last snapshot, of which those are taken over that say what would be written now.

What a page says beside the rows of its person is hashed in its last line.
"""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import NamedTuple

from recovery.home.disk import write_private
from recovery.report.frame import Frame
from recovery.report.render import redated
from recovery.report.site import Page, folder_of


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

    def month(self, person: str, month: str, name: str, end: str) -> bytes | None:
        """The page of a month, as '2026-03', under its `name`; None where it changed, or ends otherwise."""
        if not end or (person, month) in self.changed:
            return None
        return _ending_in(self.folder / folder_of(person) / name, end)

    def put_weeks(self, person: str, folder: Path, end: str) -> bool:
        """Puts all Weeks of a person into `folder`; False where the page of the newest month does not end so."""
        former = self.folder / folder_of(person)
        if _ending_in(former / f"{Page.WEEKS}.html", end) is None:
            return False
        for path in former.glob(f"{Page.WEEKS}*.html"):
            try:
                (folder / path.name).hardlink_to(path)  # nobody writes into a page: a new one takes its place
            except OSError:  # a file system without links
                write_private(folder / path.name, path.read_bytes())
        return True


def _ending_in(path: Path, end: str) -> bytes | None:
    """The content of a file that ends so; None where it ends otherwise, or there is none."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    return content if content.endswith(end.encode()) else None
