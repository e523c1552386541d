"""What a recorded activity is called."""

import re


def sport_named(text: str) -> str | None:
    """A sport as vendors write it ("Traditional Strength Training") in our form; None where nothing is left of it."""
    return re.sub(r"[\W_]+", "_", text.lower()).strip("_") or None
