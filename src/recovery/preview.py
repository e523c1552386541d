"""What the next run would read; nothing is read, written or remembered."""

import duckdb

from recovery import inbox, warehouse
from recovery.errors import LockedError
from recovery.inbox import Look
from recovery.settings import Settings


def preview(settings: Settings) -> Look:
    """The look at the inbox that the next run would take.

    LockedError while another run holds the work database.
    """
    work = settings.home.work
    if not work.exists():
        connection = warehouse.connect()
        warehouse.create_raw(connection)
    else:
        try:
            connection = warehouse.connect(work, read_only=True)
        except duckdb.IOException:
            raise LockedError("Another run is at work in this home.", "Wait until it is done.") from None
    try:
        return inbox.look(settings, connection)
    finally:
        connection.close()
