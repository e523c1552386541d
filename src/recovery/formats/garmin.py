"""What Garmin's account export and the answers of its API have in common."""

import re

from recovery.formats.json_values import finite_or_none

NO_MOVEMENT = re.compile(  # sports in which something else moves, or nothing
    r"breathwork|meditation|driving|motorcycling|flying|boating|overland|incident", re.IGNORECASE
)


def not_negative(value: object) -> float | None:
    """A number that is not negative, else None: Garmin writes -1 and -2 for what it could not measure."""
    result = finite_or_none(value)
    return None if result is None or result < 0 else result
