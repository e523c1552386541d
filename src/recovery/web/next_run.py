"""When what was written down counts: from the next run on, and when that is where the server knows."""

from datetime import UTC, datetime

from recovery.home.clock import now_utc, to_local
from recovery.pipelines.schedule import next_due
from recovery.web.asked import Asked
from recovery.words import web as words


def counts_from(asked: Asked) -> str:
    """A sentence for the receipt of what was written."""
    at, zone = asked.site.nightly_at, asked.settings.home_time_zone
    if not at:
        return words.COUNTS
    now = now_utc()
    due = to_local(next_due(at, zone, now.replace(tzinfo=UTC)).replace(tzinfo=None), zone)
    return _told(due, to_local(now, zone))


def _told(due: datetime, now: datetime) -> str:
    time = f"{due:%H:%M}"
    return words.counts_today(time) if due.date() == now.date() else words.counts_tomorrow(time)
