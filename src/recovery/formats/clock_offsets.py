"""What exports say of the local clock: the first instant of each offset of a source on each date in UTC.

A device writes its offset with every record; of millions that are equal one a day is enough to know when it changed.
"""

from datetime import date, datetime

from recovery.formats.records import ClockOffset


class FirstOffsets:
    """Collects offsets while a file is read."""

    def __init__(self) -> None:
        self._first_utc: dict[tuple[str, date, int], datetime] = {}

    def add(self, source: str, time_utc: datetime, offset_s: int | None) -> None:
        """Takes an offset (seconds east of UTC) as of one instant; None is no offset."""
        if offset_s is not None:
            key = (source, time_utc.date(), offset_s)
            self._first_utc[key] = min(self._first_utc.get(key, time_utc), time_utc)

    def rows(self) -> list[ClockOffset]:
        """Rows of `clock_offsets`, in order of time."""
        return [
            {"source": source, "time_utc": time_utc, "offset_s": offset_s}
            for (source, _, offset_s), time_utc in sorted(self._first_utc.items(), key=lambda item: item[1])
        ]
