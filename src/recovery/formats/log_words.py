"""Words in the cells of a log, folded, in the languages of its columns: months, weekdays, numbers, lengths, "
"doubts."""

import re
from collections.abc import Mapping

from recovery.formats.cancelled_words import CANCELLED, CANCELLED_WITHOUT_SPACES, NOT_HELD, POSTPONED

_MONTH_WORDS: Mapping[int, str] = {
    1: "jan january januar janvier janv enero ene gennaio gen januari janeiro"
    " styczen stycznia январь января янв leden ledna",
    2: "feb february februar fevrier fevr fev febrero febbraio februari fevereiro"
    " luty lutego lut февраль февраля фев unor unora",
    3: "mar march marz maerz mrz mars marzo maart mrt marts marco marzec marca март марта brezen brezna",
    4: "apr april avril avr abril abr aprile kwiecien kwietnia апрель апреля апр duben dubna",
    5: "may mai mayo maggio mag mei maj maio maja маи мая kveten kvetna",
    6: "jun june juni juin junio giugno giu junho czerwiec czerwca июнь июня июн cerven cervna",
    7: "jul july juli juillet juil julio luglio lug julho lipiec lipca июль июля июл cervenec cervence",
    8: "aug august aout agosto ago augustus sierpien sierpnia август августа авг srpen srpna",
    9: "sep sept september septembre septiembre settembre set setembro wrzesien wrzesnia сентябрь сентября сен zari",
    10: "oct october okt oktober octobre octubre ottobre ott outubro out"
    " pazdziernik pazdziernika октябрь октября окт rijen rijna",
    11: "nov november novembre noviembre novembro listopad listopada ноябрь ноября ноя",
    12: "dec december dez dezember decembre diciembre dic dicembre dezembro"
    " grudzien grudnia декабрь декабря дек prosinec prosince",
}
MONTHS = {word: month for month, words in _MONTH_WORDS.items() for word in words.split()}

_WEEKDAY_WORDS = (
    "mon monday tue tues tuesday wed wednesday thu thur thurs thursday fri friday sat saturday sun sunday "
    "mo montag di dienstag mi mittwoch do donnerstag fr freitag sa samstag sonnabend so sonntag "
    "lun lundi mar mardi mer mercredi jeu jeudi ven vendredi sam samedi dim dimanche "
    "lunes martes mie miercoles jue jueves vie viernes sab sabado dom domingo "
    "lunedi martedi mercoledi gio giovedi venerdi sabato domenica "
    "ma maandag dinsdag wo woensdag donderdag vr vrijdag za zaterdag zo zondag "
    "man mandag tir tirsdag ons onsdag tor torsdag fre fredag lor lordag son sondag "
    "seg segunda ter terca qua quarta qui quinta sex sexta feira"
)
WEEKDAYS = frozenset(_WEEKDAY_WORDS.split())

# Days that only the writer's own day would tell; a file does not say when each of its lines was written.
_RELATIVE_WORDS = (
    "yesterday|today|tomorrow|day before yesterday|gestern|heute|morgen|vorgestern|ubermorgen|hier|"
    "aujourd hui|demain|"
    "avant hier|ayer|hoy|manana|anteayer|ieri|oggi|domani|l altro ieri|gisteren|vandaag|eergisteren|i gar|i dag|igar|"
    "i forgars|ontem|hoje|amanha|anteontem"
)
RELATIVE_DAYS = frozenset(_RELATIVE_WORDS.split("|"))

_NOON_WORDS = (
    "noon|midday|12 noon|12 midday|high noon|midi|mediodia|mezzogiorno|meio dia|12 uhr mittags|"
    "południe|poledne|полдень|正午"
)
NOON = frozenset(_NOON_WORDS.split("|"))

_NUMBER_WORDS: Mapping[int, str] = {
    0: "zero null cero nul",
    1: "one eins ein eine un une uno una een en um uma",
    2: "two zwei deux dos due twee to dois duas",
    3: "three drei trois tres tre drie",
    4: "four vier quatre cuatro quattro fire quatro",
    5: "five funf fuenf cinq cinco cinque vijf fem",
    6: "six sechs seis sei zes seks",
    7: "seven sieben sept siete sette zeven syv sete",
    8: "eight acht huit ocho otto otte oito",
    9: "nine neun neuf nueve nove negen ni",
    10: "ten zehn dix diez dieci tien ti dez",
}
NUMBERS = {word: number for number, words in _NUMBER_WORDS.items() for word in words.split()}

_LENGTH_WORDS: Mapping[int, str] = {
    15: "quarter of an hour|a quarter of an hour|quarter hour|viertelstunde|eine viertelstunde|un quart d heure|"
    "quart d heure|un cuarto de hora|cuarto de hora|un quarto d ora|kwartier|een kwartier|et kvarter|"
    "um quarto de hora",
    30: "poł godziny|pol godziny|pul hodiny|полчаса|half an hour|half hour|a half hour|half a hour|"
    "halbe stunde|eine halbe stunde|ne halbe stunde|demi heure|"
    "une demi heure|media hora|mezz ora|mezza ora|half uur|een half uur|halv time|en halv time|meia hora",
    45: "three quarters of an hour|dreiviertelstunde|eine dreiviertelstunde|dreiviertel stunde|trois quarts d heure|"
    "tres cuartos de hora|tre quarti d ora|drie kwartier|tre kvarter",
    60: "godzina|godzine|hodina|час|hour|an hour|a hour|one hour|stunde|eine stunde|ne stunde|1 volle stunde|"
    "heure|une heure|hora|una hora|ora|"
    "un ora|una ora|uur|een uur|en time|uma hora",
    90: "połtorej godziny|hodina a pul|полтора часа|an hour and a half|one hour and a half|hour and a half|"
    "one and a half hours|one and a half hour|"
    "anderthalb stunden|eineinhalb stunden|eine und eine halbe stunde|une heure et demie|hora y media|"
    "una hora y media|"
    "un ora e mezza|un ora e mezzo|anderhalf uur|halvanden time|uma hora e meia",
    120: "two hours|zwei stunden|deux heures|dos horas|due ore|twee uur|to timer|duas horas",
}
LENGTHS = {word: minutes for minutes, words in _LENGTH_WORDS.items() for word in words.split("|")}

# "none" is a number in a diary because a blank is NULL.
NONE_WORDS = (
    "none|no|nil|keine|kein|nein|aucun|aucune|non|ninguno|ninguna|nada|nessuno|nessuna|niente|geen|nee|ingen|nej|"
    "nenhum|nenhuma|nao"
)
YES_WORDS = "yes|y|true|ja|j|oui|o|si|s|sim|wahr|vrai|verdadero|vero|waar|sand|1|x"
NO_WORDS = "no|n|false|nein|non|nee|nej|nao|falsch|faux|falso|onwaar|falsk|0"
NONE, YES, NO = (frozenset(words.split("|")) for words in (NONE_WORDS, YES_WORDS, NO_WORDS))

# 'ca. 60', '~60', 'etwa 60': nobody uses a stop watch.
ABOUT = re.compile(
    r"^(?:[~≈±]|(?:ca|circa|cca|approx|approximately|about|around|roughly|etwa|ungefähr|ungefaehr|rund|gegen|env|environ|"
    r"unos|aprox|aproximadamente|ongeveer|cirka|cerca de)\b\.?)\s*",
    re.IGNORECASE,
)

# How the words begin that name another treatment than massage, and what may stand between them.
_TREATMENT = re.compile(
    r"(?:physio|fysio|fisio|fizjo|fyzio|krankengymnastik|kinesi|kine\b|exerci|ejercicio|eserciz|ubung|ovelse|oefening|"
    r"cwiczen|cvicen|yoga|pilates|injection|injektion|inyeccion|iniezion|injecao|injectie|spritze|infiltra|chiropra|"
    r"quiropra|osteopat|a[ck]upun[ck]t|agopuntura|tens\b|shockwave|stosswelle|rehab|"
    r"физио|укол|理学療法|リハビリ|注射|鍼)\w*"
)
_BETWEEN = frozenset(("and", "und", "et", "y", "e", "en", "og", "i", "a", "with", "mit", "therapy", "therapie"))

# What a note says of a massage that may not have taken place. It is asked about, never decided: "felt ill" is none.
_DOUBTS = re.compile(
    r"(?<!\bnot )(?<!\bnicht )"
    rf"(?:\b(?:{CANCELLED}|{POSTPONED}|{NOT_HELD}|"
    r"cancel\w*|did(?: not|n t) show|enferm[oa]|malat[oa]|ziek|syg|doente|ausfall|moved to|"
    rf"(?:on|no) (?:leave|show)|urlaub|vacation|отмен\w*)\b|{CANCELLED_WITHOUT_SPACES})"
)

# What says outright that there was none.
_NO_MASSAGE = re.compile(
    r"(?:there was )?(?:no|keine?|pas de|aucune?|sin|ningun|nessun|senza|geen|ingen|sem|nenhuma?|brak)"
    r"(?: (?:massages?|massagen?|masaje|massaggio|massagem|masazu|session|treatment|termin|behandlung|appointment|"
    r"rendez vous|seance|cita|afspraak))(?: (?:today|heute|this week|diese woche))?"
)


def names_treatment(folded: str) -> bool:
    """Whether a folded text names another treatment than massage, and says nothing else."""
    named = [word for word in folded.split() if word not in _BETWEEN]
    return bool(named) and all(_TREATMENT.fullmatch(word) for word in named)


def says_none(folded: str) -> bool:
    """Whether a folded text says that there was no massage, and nothing else."""
    return bool(_NO_MASSAGE.fullmatch(folded))


def doubt(folded: str) -> str:
    """The word by which a folded text says that a massage may not have taken place; '' where there is none."""
    found = _DOUBTS.search(folded)
    return found[0] if found else ""
