"""What a practice does beside massages: a row of a list that names such a treatment, and no massage, is none.

Physiotherapy and manual therapy count as massages do (`massage_words`), also by what German prescriptions call them.
"""

import re
from collections.abc import Iterator

from recovery.formats.log_cells import fold, shown
from recovery.formats.log_sheet import Sheet, cell_of
from recovery.formats.massage_words import names_massage

MAX_ROWS_LOOKED_AT = 300

# Krankengymnastik, klassische Massagetherapie, manuelle Therapie, manuelle Lymphdrainage, Bindegewebsmassage.
_ABBREVIATED = re.compile(r"\b(kg|kgg|kmt|mt|mld|bgm)\b")
_KNOWN_TECHNIQUE = re.compile(
    r"\b(thai|swedish|schwedisch\w*|deep|sports?|hot stones?|stones?|lomi|aroma\w*|relax\w*|klassisch\w*|classic\w*|"
    r"tiefengewebe\w*|tissu\w*|tejido\w*|ganzkorper\w*|full body|back|rucken\w*|nacken\w*|neck|schulter\w*|shoulders?|"
    r"wellness|entspann\w*|lymph\w*|schropf\w*|cupping|dorn|breuss|pantai|reflex\w*|fussreflex\w*|cranio\w*|kranio\w*|bowen|tuina|ayurved\w*|trigger\w*|faszien\w*|fascia\w*|bindegewebs\w*)"
)
_OTHER = re.compile(
    r"\b(fango|naturmoor|moorpackung|moor|warmepackung|warmetherapie|heissluft|heisse rolle|rotlicht|kryotherapie|"
    r"kaltetherapie|ultraschall\w*|ultrasound|elektrotherapie|electrotherapy|tens|stosswelle\w*|shockwave|"
    r"akupunktur\w*|acupunct\w*|acupuntura|agopuntura|akupunktura|kinesiotap\w*|tape|taping|zahn\w*|dentist\w*|dental|"
    r"dentiste|dentista|tandarts|tandlaege|prophylaxe|einkauf\w*|shopping|groceries|friseur\w*|frisor|haircut|hair cut|"
    r"haarschnitt|hairdresser|barber|coiffeur|coiffeuse|peluqueria|parrucchiere|kapper|manikure|manicure|pedikure|"
    r"pedicure|nagel\w*|nails|kosmetik\w*|cosmetic\w*|facial|gesichtsbehandlung|waxing|wimpern|lashes|yoga|pilates|"
    r"sauna|swimming|schwimmen|gym|krafttraining|rehasport|ruckenschule|ergotherapie|occupational therapy|logopadie|"
    r"speech therapy|blutabnahme|blood test|impfung|vaccination|rontgen\w*|x ray|mrt|mri|ct|podolog\w*|fusspflege|"
    r"psychotherap\w*|hausarzt|orthopade|optiker|tierarzt|vet|injection|injektion|spritze|infusion|steuerberater)\b"
)


def is_other(text: str) -> bool:
    """Whether a treatment is plainly no massage and no physiotherapy: 'Fango', but not 'Fango + Massage'."""
    return bool(_OTHER.search(fold(text))) and not names_massage(text) and not _counts(text)


def is_unknown(text: str) -> bool:
    """Whether a treatment is one of which nothing tells that it is a massage."""
    return bool(fold(text)) and not names_massage(text) and not _counts(text)


def tells_of_practice(sheet: Sheet) -> bool:
    """Whether a list names massages in its column of techniques, so that other words there are other treatments."""
    return any(names_massage(text) or _ABBREVIATED.search(fold(text)) for text in _told(sheet))


def holds_others(sheet: Sheet) -> bool:
    """Whether a list names treatments that are plainly no massage."""
    return any(map(is_other, _told(sheet)))


def _told(sheet: Sheet) -> Iterator[str]:
    return (shown(cell_of(row, sheet, "technique")) for row in sheet.rows[:MAX_ROWS_LOOKED_AT])


def heads_treatments(sheet: Sheet) -> bool:
    """Whether the column of techniques has a heading that lists of other things have too, such as 'treatment'."""
    position = sheet.columns.get("technique")
    heading = fold(sheet.names[position]) if position is not None and position < len(sheet.names) else ""
    return bool(heading) and not re.search(r"massa|masaj|techni|tecnica|teknik|methode?", heading)


def _counts(text: str) -> bool:
    words = fold(text)
    return bool(_ABBREVIATED.search(words) or _KNOWN_TECHNIQUE.search(words))
