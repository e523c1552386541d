"""Symptoms that a person enters in Apple's Health app, as other apps write them: pain of the back, and how severe.

Health Auto Export writes names and severities in the language of the phone. The severities are an order and no numbers
of pain: docs/decisions/0025-severity-is-not-a-number.md.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from recovery.formats.log_cells import fold
from recovery.formats.records import Sample

LONGEST = timedelta(days=31)  # a longer one was never ended
DAY = timedelta(days=1)
METRIC = "back_pain_severity"

# Folded beginnings of words. Apple's list has one symptom of the back, so that one word for it is enough.
BACK = re.compile(
    r"\b(back ?(pain|ache)|lower back|lumb|lomb|rucken|kreuzschmerz|espalda|mal de dos|douleur du dos|dos\b|schiena|"
    r"costas|rug\b|rugp|onderrug|ryg|rygg|korsrygg)"
)
WORDS: Mapping[float | None, str] = {
    0.0: "not present|notpresent|none|absent|nicht vorhanden|keine|nicht da|no presente|ausente|non present|"
    "sin sintomas|absente|non presente|assente|nao presente|niet aanwezig|afwezig|ikke til stede|finns inte",
    1.0: "mild|slight|leicht|gering|leve|ligero|ligera|suave|leger|legere|faible|lieve|licht|let|lindrig",
    2.0: "moderate|moderat|massig|mittel|mittelschwer|mittelstark|moderado|moderada|modere|moderee|moderato|moderata|"
    "matig|mattlig|middel",
    3.0: "severe|schwer|stark|grave|severo|severa|intenso|fuerte|forte|intense|ernstig|zwaar|hevig|svaer|svar|kraftig",
    # that there was pain, not how severe
    None: "unspecified|not specified|present|unbestimmt|nicht angegeben|vorhanden|no especificado|sin especificar|"
    "presente|non specifie|non precise|non specificato|nao especificado|niet gespecificeerd|aanwezig|uspecificeret|"
    "ospecificerad",
}
_SEVERITIES = {word: severity for severity, words in WORDS.items() for word in words.split("|")}


class SeverityError(ValueError):
    """A severity in words that are not known here."""


def is_of_back(name: str) -> bool:
    """Whether a symptom is pain of the back, by its name in eight languages."""
    return BACK.search(fold(name)) is not None


def severity_of(word: str) -> float | None:
    """0 not present, 1 mild, 2 moderate, 3 severe; None where it says that there is pain and not how severe.

    Raises SeverityError for other words.
    """
    word = fold(word)
    if word not in _SEVERITIES:
        raise SeverityError(word)
    return _SEVERITIES[word]


def readings(source: str, start: datetime, end: datetime, severity: float) -> Iterator[Sample]:
    """The severity at its start, and again every 24 hours as long as the symptom lasts.

    Raises ValueError where it ends before it begins, or was never ended.
    """
    if not timedelta() <= end - start <= LONGEST:
        raise ValueError(end)
    here = start
    while here == start or here < end:
        yield {"source": source, "metric": METRIC, "start_utc": here, "end_utc": here, "value": severity}
        here += DAY
