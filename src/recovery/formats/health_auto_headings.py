"""The headings of Health Auto Export's CSV: `Heart Rate [Avg] (count/min)`, on some phones translated.

Spanish and Portuguese headings were seen; the other languages are those of the app's own words.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from recovery.formats.export_table import plain
from recovery.formats.health_auto import KINDS

HEADING = re.compile(r"(?P<name>.*?)\s*(?:\[(?P<part>[^\]]*)\])?\s*(?:\((?P<unit>[^()]*(?:\([^()]*\))?[^()]*)\))?")
TIMES = (
    "datetime", "date", "fechahora", "datahora", "dataora", "dateheure", "datumuhrzeit", "datumzeit", "datumtijd",
)  # fmt: skip
MEANS = ("", "avg", "average", "promedio", "media", "moyenne", "moy", "durchschnitt", "mittelwert", "gemiddelde")
TRANSLATED: Mapping[str, str] = {  # what the headings are called elsewhere, folded and without blanks
    "step_count": "conteodepasos|contagemdepassos|schrittzahl|schritte|schrittanzahl|nombredepas|conteggiopassi|"
    "aantalstappen",
    "active_energy": "energiaactiva|energiaativa|energiaattiva|aktiveenergie|aktivitatsenergie|energieactive|"
    "actieveenergie",
    "heart_rate": "frecuenciacardiaca|frequenciacardiaca|frequenzacardiaca|herzfrequenz|frequencecardiaque|hartslag|"
    "avg",
    "resting_heart_rate": "frecuenciacardiacaenreposo|frequenciacardiacaemrepouso|frequenzacardiacaariposo|"
    "ruheherzfrequenz|ruhepuls|herzfrequenzinruhe|frequencecardiaqueaurepos|hartslaginrust|rusthartslag",
    "heart_rate_variability": "variabilidaddelafrecuenciacardiaca|variabilidadedafrequenciacardiaca|"
    "variabilitadellafrequenzacardiaca|herzfrequenzvariabilitat|variabilitedelafrequencecardiaque|"
    "hartslagvariabiliteit",
    "respiratory_rate": "frecuenciarespiratoria|taxarespiratoria|frequenzarespiratoria|atemfrequenz|"
    "frequencerespiratoire|ademhalingsfrequentie",
}
NAMES: Mapping[str, str] = {
    **{plain(name): name for name in KINDS},
    **{word: name for name, words in TRANSLATED.items() for word in words.split("|")},
}
UNITS: Mapping[str, str] = {
    "contagemmin": "count/min",
    "contagem": "count",
    "conteo": "count",
    "conteomin": "count/min",
}
SLEEP = (
    "sleepanalysis", "analisedosono", "analisisdelsueno", "analisisdesueno", "schlafanalyse", "analysedusommeil",
    "analisidelsonno", "slaapanalyse",
)  # fmt: skip
SLEEP_PARTS: Mapping[str, str] = {
    **{name: name for name in ("total", "asleep", "core", "deep", "rem", "inbed")},
    "adormecido": "asleep",
    "profundo": "deep",
    "nucleo": "core",
    "nacama": "inbed",
    "gesamt": "total",
    "tief": "deep",
    "imbett": "inbed",
    "profond": "deep",
    "totale": "total",
}
DISTANCES = ("distance", "distancia")
ENERGIES = ("activeenergy", "energiaactiva", "energiaativa")
STEPS = ("stepcount", "conteodepasos", "contagemdepassos")


class Column(NamedTuple):
    """What a heading says: plain name, part in square brackets, unit in round ones."""

    name: str
    part: str
    unit: str


@lru_cache(1 << 10)  # thousands of files have the same headings
def column_of(heading: str) -> Column:
    """`Heart Rate [Avg] (count/min)` as its parts, without case, accents and punctuation but in the unit."""
    match = HEADING.fullmatch(heading.strip())
    if match is None:
        return Column(folded(heading), "", "")
    unit = (match["unit"] or "").strip()
    return Column(folded(match["name"]), folded(match["part"] or ""), UNITS.get(folded(unit), unit))


@lru_cache(1 << 10)
def folded(text: str) -> str:
    """Without case, punctuation and accents."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return plain("".join(letter for letter in letters if not unicodedata.combining(letter)))


def metric_of(column: Column) -> str | None:
    """The name of a metric in the JSON, or 'sleep'; None of a column that is not needed."""
    if column.name in SLEEP:
        return "sleep" if column.part in SLEEP_PARTS else None
    name = NAMES.get(column.name)
    return name if column.part in MEANS else None
