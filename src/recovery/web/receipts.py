"""What became of a person's files: what waits for a run, and the receipts of what is published."""

from collections.abc import Collection

from recovery.home.settings import Settings
from recovery.published.file_receipts import FileReceipt, file_receipts
from recovery.web.arriving import folder_of
from recovery.web.snapshot import Snapshots

SHOWN = 200  # files; the database has all


def receipts_of(snapshots: Snapshots, person: str) -> list[FileReceipt]:
    """The receipts of a person's files, those sent last first; [] where nothing is published."""
    settings = snapshots.site.settings()
    return snapshots.read(lambda connection: file_receipts(connection, settings, person)) or []


def arrived_files(settings: Settings, person: str, known: Collection[str]) -> list[str]:
    """The names of files that were sent and that no run has looked at yet, newest first."""
    folder = folder_of(settings, person)
    paths = [path for path in sorted(folder.glob("*/*"), reverse=True)[:SHOWN] if not path.name.startswith(".")]
    return [path.name for path in paths if path.relative_to(settings.home.inbox).as_posix() not in known]
