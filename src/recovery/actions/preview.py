"""What the next run would read; nothing is read, written or remembered."""

from recovery import warehouse
from recovery.errors import LockedError
from recovery.home import lock
from recovery.home.settings import Settings
from recovery.inbox.look import look
from recovery.inbox.receipts import Look


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
            connection = warehouse.read_work(work)
        except LockedError:
            raise lock.busy(settings) from None
    try:
        return look(settings, connection)
    finally:
        connection.close()
