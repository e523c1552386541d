"""Digests that change with a reader, or with a setting it depends on: its files are then read or asked about again."""

import hashlib

from recovery.home.settings import Settings
from recovery.inbox.receipts import Known
from recovery.readers import MAPPED, MENDED, readers


def zones_of(settings: Settings, subject: str) -> str:
    """Changes with the home zone and a person's travel, on which records in local time depend."""
    travel = [row for row in settings.travel if row.subject in (None, subject)]
    return _digest((settings.home_time_zone, travel))


def settings_fingerprint(settings: Settings, subject: str, reader: str) -> str | None:
    """Changes with what the records of a reader depend on in recovery.toml; None where on nothing."""
    found: list[object] = []
    if readers()[reader].USES_LOCAL_TIME:
        zones = zones_of(settings, subject)
        found.append(_digest((zones, settings.tables)) if reader == MAPPED else zones)
    is_of_people = getattr(readers()[reader], "USES_NAMES", False) and (
        reader != MAPPED or any(rows.log for table in settings.tables for rows in table.parts)
    )
    if is_of_people and (settings.people or settings.aliases):
        found.append(_digest((settings.people, sorted(settings.aliases.items()))))
    return " ".join(map(str, found)) or None


def file_fingerprint(settings: Settings, subject: str, reader: str, path: str) -> str | None:
    """As `settings_fingerprint`, and changes with what was said of the rows of this file in inbox/mends.csv."""
    of_settings = settings_fingerprint(settings, subject, reader)
    of_rows = mends_digest(settings, reader, path)
    return " ".join(filter(None, (of_settings, of_rows))) or None


def mends_digest(settings: Settings, reader: str, path: str) -> str:
    """What was said of the rows of a file; '' where nothing was, and of a file whose rows are not mended."""
    return settings.mends.digest_of(path) if reader in MENDED else ""


def readers_fingerprint(settings: Settings) -> str:
    """Changes with the readers and with what recovery.toml says of files, which are then asked about anew."""
    versions = " ".join(f"{name}={reader.VERSION}" for name, reader in sorted(readers().items()))
    of_files = (settings.tables, settings.private_ignore)
    return f"{versions} {_digest(of_files)}" if any(of_files) else versions


def changed_readers(fingerprint: str) -> set[str]:
    """The readers that are new or of another version since a `readers_fingerprint` was made."""
    before = set(fingerprint.split())
    return {name for name, reader in readers().items() if f"{name}={reader.VERSION}" not in before}


def is_stale(settings: Settings, row: Known) -> bool:
    """True if a file would be read otherwise now: another version of its reader, or other settings."""
    reader = readers().get(row.format or "")
    if reader is None or row.subject is None:
        return False
    fingerprint = file_fingerprint(settings, row.subject, row.format or "", row.path)
    return is_mapped_otherwise(settings, row.path, row.format) or (row.reader_version, row.zones) != (
        reader.VERSION,
        fingerprint,
    )


def is_mapped_otherwise(settings: Settings, path: str, reader: str | None) -> bool:
    """True if recovery.toml now maps what another reader read, or no longer maps what it mapped."""
    return (reader == MAPPED) != (settings.mapping_of(path) is not None)


def _digest(value: object) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()[:16]
