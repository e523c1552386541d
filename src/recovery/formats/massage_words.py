"""Words that name a massage or physiotherapy, in calendars and in the tags that people put on their nights."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from recovery.formats.log_cells import fold
from recovery.formats.records import Massage

# Beginnings of folded words: "massagen", "physiotherapie", "fisioterapista" are found by theirs.
MASSAGE_WORDS = re.compile(
    r"\b(\w*massage|masaje|massaggi|massagem|massagist|physio|fysio|fisiotera|fisio\b|kinesither|kine\b|krankengymnast|"
    r"manuelle therapie|manual therapy|terapia manual|lymphdrainage|lymph drainage|shiatsu|osteopath|osteopat|"
    r"chiropra|quiropra|chiropratic|kiropra|myofas|trigger ?point|triggerpunkt|rolfing|deep tissue)"
)
NO_MASSAGE = re.compile(
    r"(no|not|kein|keine|ohne|pas de|sans|sin|senza|geen|zonder|ingen|uden|sem) ?(mas|phys|fys|fis)"
)
# What a person does alone with a device is no session with a therapist; Oura has a tag of its own for the gun.
DEVICE_WORDS = re.compile(
    r"\b(gun\b|\w*pistole|pistola|pistolet|chair|\w*sessel|fauteuil|sillon|roller|foam|percussi|theragun|hypervolt|self\b|"
    r"selbst|auto ?mas)"
)
DAY_BEGINS = timedelta(hours=6)  # who goes to bed at two lived the date before


def names_massage(text: str) -> bool:
    """Whether a text or tag such as `#thai_massage` names one that somebody gave.

    What begins with "no massage" says that there was none; `massage_gun` that a device did it.
    """
    words = fold(text)
    return bool(MASSAGE_WORDS.search(words)) and not NO_MASSAGE.match(words) and not DEVICE_WORDS.search(words)


def day_before_night(start_local: datetime) -> date:
    """The date that was lived before a sleep which began at this time of the wall clock."""
    return (start_local - DAY_BEGINS).date()


def number_places(massages: Sequence[Massage]) -> None:
    """Numbers those of some massages that share a place, since a place names one row of a log."""
    counts: Counter[str] = Counter()
    for massage in massages:
        place = massage["place"]
        counts[place] += 1
        if counts[place] > 1:
            massage["place"] = f"{place} ({counts[place]})"
