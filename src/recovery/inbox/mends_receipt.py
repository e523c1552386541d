"""The receipt of `inbox/mends.csv`: it is no export, and its lines are put into the rows that they speak of."""

from collections.abc import Sequence

from recovery.home.mends import MENDS, Mends
from recovery.inbox.archives import MEMBER
from recovery.inbox.walk import Found
from recovery.words import mends as words


def with_mends_receipt(found: Sequence[Found], mends: Mends) -> list[Found]:
    """What lies in the inbox, where the list of mends is not to be opened but has its receipt."""
    if not mends.is_ours:
        return list(found)
    return [
        file._replace(status="rejected" if mends.problems else "ignored", message=_message(found, mends))
        if file.path == MENDS and not file.status and file.size
        else file
        for file in found
    ]


def _message(found: Sequence[Found], mends: Mends) -> str:
    here = {file.path for file in found}
    absent = sorted({mend.path for mend in mends.mends if mend.path.partition(MEMBER)[0] not in here})
    return words.receipt(len(mends.mends), absent, mends.problems)
