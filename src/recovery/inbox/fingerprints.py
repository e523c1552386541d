"""Digests that change with a reader, or with a setting it depends on: its files are then read or asked about again."""

import hashlib

from recovery.home.settings import Settings
from recovery.readers import MAPPED, readers


def zones_of(settings: Settings, subject: str) -> str:
    """Changes with the home zone and a person's travel, on which records told in local time depend."""
    travel = [row for row in settings.travel if row.subject in (None, subject)]
    return _digest((settings.home_time_zone, travel))


def settings_fingerprint(settings: Settings, subject: str, reader: str) -> str | None:
    """Changes with what the records of a reader depend on in recovery.toml; None where on nothing."""
    if not readers()[reader].USES_LOCAL_TIME:
        return None
    zones = zones_of(settings, subject)
    return _digest((zones, settings.tables)) if reader == MAPPED else zones


def _digest(told: object) -> str:
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def readers_fingerprint(settings: Settings) -> str:
    """Changes with the readers and with what recovery.toml says of files, which are then asked about anew."""
    told = " ".join(f"{name}={reader.VERSION}" for name, reader in sorted(readers().items()))
    of_files = (settings.tables, settings.private_ignore)
    return f"{told} {_digest(of_files)}" if any(of_files) else told
