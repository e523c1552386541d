"""What an invented home is written with: its folder, tables and zips."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from recovery.actions.demo.life import Life
from recovery.errors import HomeError
from recovery.home.disk import full_disk_is_plain, open_private, private_folder
from recovery.home.folder import Home
from recovery.words.say import say

AREAS = ("lower back", "lower back, neck", "neck, shoulders")
MUSCLES = ("erectors, quadratus lumborum", "erectors", "gluteals, psoas", "quadratus lumborum, gluteals")
MASSAGE_COLUMNS = (
    "date", "start", "minutes", "technique", "pressure", "areas", "muscles", "cause", "status", "pain_before",
    "pain_after", "note",
)  # fmt: skip
ZIP_TIME = (2026, 11, 1, 12, 0, 0)


def write_home(folder: Path, about: str, settings: str, inbox: Iterable[tuple[str, bytes]]) -> None:
    """Writes a home with the mark of a demo, its recovery.toml, and files by their path below the inbox.

    Raises HomeError where the folder holds anything that is not a demo's, or cannot be written.
    """
    home = Home(folder)
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not home.demo_mark.is_file())):
        raise HomeError(
            say("{folder} holds something else, and a demo does not mix with it.", folder=folder),
            say("Choose an empty folder with --home."),
        )
    try:
        with full_disk_is_plain(folder if folder.is_dir() else folder.parent):
            private_folder(home.private)
            _write(home.demo_mark, about.encode())
            _write(home.settings, settings.encode())
            for name, content in inbox:
                _write(home.inbox / name, content)
    except OSError as error:
        raise HomeError(
            say("The demo cannot be written to {folder}: {strerror}.", folder=folder, strerror=error.strerror),
            say("Choose another folder with --home."),
        ) from None


def massages(lived: Life, more: Sequence[Mapping[str, Any]] = ()) -> bytes:
    """The list of a person's massages, with further lines at its end."""
    rows: list[Mapping[str, Any]] = [
        {
            **massage._asdict(),
            "date": massage.start.date().isoformat(),
            "start": massage.start.strftime("%H:%M"),
            "areas": AREAS[number % len(AREAS)],
            "muscles": MUSCLES[number % len(MUSCLES)],
            "cause": "strain at work" if number % 5 < 2 else "sitting",
        }
        for number, massage in enumerate(lived.massages)
    ]
    return table(MASSAGE_COLUMNS, [*rows, *more])


def table(names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> bytes:
    """A CSV file."""
    out = io.StringIO()
    writer = csv.DictWriter(out, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def zipped(files: Mapping[str, bytes], level: int | None = None) -> bytes:
    """A zip; the same at every call."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, content in files.items():
            archive.writestr(zipfile.ZipInfo(path, ZIP_TIME), content, zipfile.ZIP_DEFLATED, level)
    return out.getvalue()


def _write(path: Path, content: bytes) -> None:
    private_folder(path.parent)
    with open_private(path) as stream:
        stream.write(content)
