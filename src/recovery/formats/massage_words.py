"""Words that name a massage or physiotherapy, in calendars and in the tags that people put on their nights."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from recovery.formats.log_cells import fold
from recovery.formats.records import Massage
from recovery.home.people import plain_words

# Words of scripts that put no spaces between words, and accents that folding takes away.
_UNSPACED = (
    "マッサージ|指圧|按摩|推拿|理学療法|整体院|整体師|整体術|마사지|안마|물리치료|物理治疗|物理治療|นวด|मालिश|मसाज"
)
_UNSPACED_DEVICES = "マッサージ(?:チェア|機|器|ガン|椅子)|마사지건|안마의자|안마기|按摩(?:椅|枪|槍|器|仪)"


def _as_folded(pattern: str) -> str:
    """The alternatives as `fold` leaves them: it takes the dots from ジ and the parts of 마 asunder."""
    marks = re.compile(r"(\(\?:|\)|\|)")
    return "".join(part if marks.fullmatch(part) else plain_words(part) for part in marks.split(pattern))


# Beginnings of folded words: "massagen", "physiotherapie", "fisioterapista" are found by theirs.
MASSAGE_WORDS = re.compile(
    r"\b(\w*massage|masaje|massaggi|massagem|massagist|physio|fysio|fisiotera|fisio\b|kinesither|kine\b|krankengymnast|"
    r"manuelle therapie|manual therapy|terapia manual|lymphdrainage|lymph drainage|shiatsu|osteopath|osteopat|"
    r"chiropra|quiropra|chiropratic|kiropra|myofas|trigger ?point|triggerpunkt|rolfing|deep tissue|"
    r"\w*masaz|masaj|masszazs|massaaz|massatge|massasj|\w*hieronta|hieroja|pijat\b|mat xa\b|tui ?na\b|abhyanga|"
    r"lomi lomi|fizjoterap|fyzioterap|fizioterap|fizyoterap|\w*массаж|\w*масаж|физиотерап|фізіотерап|μασαζ|"
    r"φυσικοθεραπ|φυσιοθεραπ|עיסוי|מסאז|פיזיותרפ|مساج|تدليك)|" + _as_folded(_UNSPACED)
)
NO_MASSAGE = re.compile(
    r"(no|not|kein|keine|ohne|pas de|sans|sin|senza|geen|zonder|ingen|uden|sem|brak|bez|nie ma|без|нет) ?"
    r"(mas|phys|fys|fis|fiz|мас|физ)"
)
# What a person does alone with a device is no session with a therapist; Oura has a tag of its own for the gun.
DEVICE_WORDS = re.compile(
    r"\b(gun\b|\w*pistole|pistola|pistolet|chair|\w*sessel|fauteuil|sillon|roller|foam|percussi|theragun|hypervolt|self\b|"
    r"selbst|auto ?mas|massagers?\b|massage ?(?:gerat|matte|kissen|ball|rolle|stuhl|mat\b|pillow|cushion|device)|"
    r"masazer|массажер|массажн\w* (?:кресл|пистол))|" + _as_folded(_UNSPACED_DEVICES)
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
