"""The log of the runs: one file a day in the home's private folder, of which the last sixty stay."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

from recovery.home.disk import private_folder
from recovery.home.folder import Home

KEPT = 60
LOGGERS = ("recovery", "prefect")


@contextmanager
def written(home: Home) -> Iterator[None]:
    """Writes what is logged meanwhile; what a full disk does not take is lost without a word on the terminal."""
    folder = private_folder(home.logs)
    today = datetime.now(UTC)
    handler = logging.FileHandler(folder / f"{today:%Y-%m-%d}.log", encoding="utf-8")
    formatter = logging.Formatter("%(asctime)sZ %(levelname)s %(name)s %(message)s")
    formatter.converter = lambda seconds: datetime.fromtimestamp(seconds or 0, UTC).timetuple()
    handler.setFormatter(formatter)
    former, logging.raiseExceptions = logging.raiseExceptions, False
    loggers = [logging.getLogger(name) for name in LOGGERS]
    loggers[0].setLevel(logging.INFO)
    loggers[0].propagate = False  # nothing of it on the terminal
    for logger in loggers:
        logger.addHandler(handler)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
        with suppress(OSError):  # the disk may be full
            handler.close()
        logging.raiseExceptions = former
        for old in sorted(folder.glob("????-??-??.log"))[:-KEPT]:
            old.unlink()
