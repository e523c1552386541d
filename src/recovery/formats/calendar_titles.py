"""What the title of a calendar event says: that there was a massage, none, perhaps one, or that it only speaks of one.

People write errands into calendars ("call: ask about massage price"), courses ("Massageausbildung"), and what became
of an appointment ("Massage abgesagt"). A title of which only the person knows what it means is `unsure`.
"""

import re
from typing import Literal

from recovery.formats.cancelled_words import CANCELLED, CANCELLED_WITHOUT_SPACES, NOT_HELD, POSTPONED
from recovery.formats.massage_words import MASSAGE_WORDS, names_massage
from recovery.home.people import plain_words

Said = Literal["massage", "cancelled", "unsure", "mentioned", ""]

MAX_CANCELLED_WORDS = 6  # a longer title may tell of something else that was cancelled

# Words as `plain_words` gives them: no capitals, accents and punctuation.
CANCELLED_WORDS = re.compile(rf"\b(?:{CANCELLED})\b|{CANCELLED_WITHOUT_SPACES}")
_DENIED = re.compile(
    r"\b(?:not|never|nicht|nie|pas|non|niet|ikke|inte|instead|statt|stattdessen|dafur|trotzdem|anyway)\b"
)
_UNSURE = re.compile(
    r"^cancel\b|\b(maybe|perhaps|possibly|tentative|tbc|tbd|unconfirmed|evtl|eventuell|vielleicht|moglich\w*|peut etre|"
    r"quizas?|tal vez|forse|misschien|maske|kanske|talvez|moze|mozna|option\w*|wait ?list\w*|warteliste|anfrage|"
    r"angefragt|requested|proposed|vorschlag|if|wenn|falls|oder|or|need|want|brauche|"
    rf"{POSTPONED}|{NOT_HELD}|"
    r"moved|missed|vergessen|forgot\w*|nicht da|did(?: not|n t) happen|not (?:happening|today|possible)|"
    r"voucher|gutschein|gift|geschenk\w*|bon cadeau|regalo|birthday|geburtstag|anniversaire|cumpleanos|compleanno|"
    r"urodziny|verjaardag|give|giving|geben|offer|angebot|rabatt|discount|deal|massage ?training|"
    r"mom|mum|mama|mutti|dad|papa|husband|wife|ehemann|ehefrau|oma|opa|grandma|grandpa|"
    r"(?:for|fur|pour|para|per|voor|til|dla) (?:mutter|vater|frau|mann|son|daughter|sohn|tochter|kids|kinder|a friend|"
    r"freund\w*))\b"
)
_ERRAND = re.compile(
    r"^(?:call|phone|ring|ask|email|e mail|mail|text|write|book|rebook|buy|order|pay|google|research|find|look|check|"
    r"compare|remind|reminder|to ?do|schedule|arrange|make an? appointment|anruf\w*|fragen|kaufen|bestellen|buchen|"
    r"termin (?:machen|vereinbaren|ausmachen)|appeler|acheter|commander|reserver|demander|llamar|comprar|pedir|"
    r"reservar|preguntar|chiamare|comprare|prenotare|chiedere|bellen|kopen|boeken|vragen|bestil|ligar|zadzwonic|kupic|"
    r"zapytac|umowic|позвонить|купить)\b"
    r"|\b(?:anrufen|nachfragen|kaufen|bestellen|buchen|bezahlen|uberweisen|vereinbaren|ausmachen|absagen|erkundigen|"
    r"reservieren|delivery|deliver\w*|lieferung|livraison|shipping|prices?|preise?|prix|precios?|prezz[oi]|cost|costs|"
    r"kosten|invoice|rechnung|facture|factura|fattura|faktura|receipt|quittung|\w*ausbildung|\w*fortbildung|"
    r"\w*weiterbildung|lehrgang|\w*kurs|\w*kurse|massage\w*schule|seminar\w*|webinar\w*|prufung|zertifikat|szkolenie|opleiding|"
    r"newsletter|kongress|podcast|documentary|(?:massage|massaggio|masaje|massagem|physio\w*) ?(?:workshops?|courses?|"
    r"class|classes|lessons?|school|exam|certification|license|interview|conference|shop|ol|oil|table|liege|bett)|"
    r"(?:formation|curso|corso|cursus|course|class|workshop) (?:de |di |in |on |d )?"
    r"(?:massage|masaje|massaggio|massagem))\b"
    r"|\b(?:baby|hunde?|dog|pferde?|horse|katzen?|pet|equine|canine) ?(?:massage|physio|osteo|chiro)"
)
_NONE_AT_ALL = re.compile(
    r"\b(?:no|not|kein|keine|ohne|pas de|sans|sin|senza|geen|zonder|ingen|uden|sem|brak|bez|без|нет) "
    r"(?:massage|physio|mas|fys|fis|fiz|мас)|\bmassage (?:no|none|nein|keine)$"
)
_STRUCK = ("\u0335", "\u0336")  # combining strokes through each letter
_CROSSED = re.compile(r"\s*(?:[❌✗✘🚫]|[xX] )")


def said_of(title: str, categories: str = "") -> Said:
    """What a title says of a massage, with the categories of its event; '' where it says nothing of one."""
    words = plain_words(title)
    if not names_massage(title) and not names_massage(categories):
        return "mentioned" if MASSAGE_WORDS.search(plain_words(f"{title} {categories}")) else ""
    if _ERRAND.search(words) or _NONE_AT_ALL.search(words):
        return "mentioned"
    if any(stroke in title for stroke in _STRUCK):
        return "cancelled"
    if CANCELLED_WORDS.search(words):
        is_clear = len(words.split()) <= MAX_CANCELLED_WORDS and not _DENIED.search(words) and "?" not in title
        return "cancelled" if is_clear else "unsure"
    if _UNSURE.search(words) or re.search("[?？¿]", title) or _CROSSED.match(title):
        return "unsure"
    return "massage"
