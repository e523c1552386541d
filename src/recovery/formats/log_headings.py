"""What the columns of a massage log and of a diary are called, in the languages that people write them in."""

import re
from collections.abc import Mapping

# The first name is ours (contract.md); the others are what people write, folded: no case, accents or punctuation.
MASSAGE_COLUMNS: Mapping[str, str] = {
    "date": "dzien|data masazu|data wizyty|дата|дата массажа|日付|日時|施術日|来院日|"
    "day|datum|tag|fecha|dia|data|giorno|jour|dato|dag|datetime|date time|date and time|start date|"
    "appointment|appointment date|session date|termin|massage date|date de seance|date du massage",
    "start": "godzina|godzina rozpoczecia|poczatek|cas|zacatek|время|начало|開始|開始時刻|開始時間|時刻|"
    "start time|time|from|begin|begins|start local|beginn|uhrzeit|von|zeit|startzeit|heure|debut|"
    "heure de debut|hora|inicio|hora de inicio|hora inicio|ora|inizio|ora inizio|tijd|begintijd|starttijd|"
    "aanvang|tid|"
    "starttid|klokken|klokkeslaet",
    "end": "end time|to|ends|finish|ende|bis|endzeit|fin|heure de fin|hora de fin|hora fin|hora final|fine|ora fine|"
    "eind|einde|eindtijd|slut|sluttid|fim|hora de fim",
    "minutes": "czas trwania|dlugosc|delka|trvani|doba trvani|длительность|продолжительность|минуты|минут|"
    "時間 分|分|所要時間|施術時間|"
    "min|mins|massage min|massage minutes|duration|duration min|length|minuten|dauer|dauer min|minuti|"
    "durata|minuto|minutos|duracion|duracao|duree|minuter|minutter|duur|varighed",
    "technique": "rodzaj|rodzaj masazu|zabieg|druh|druh masaze|typ masaze|вид|вид массажа|техника|種類|施術|"
    "施術内容|コース|メニュー|"
    "massage type|type of massage|treatment|treatment type|modality|method|technik|massageart|behandlung|"
    "art der massage|methode|type de massage|soin|tecnica|tipo de masaje|tratamiento|tipo di massaggio|trattamento|"
    "techniek|soort massage|behandeling|teknik|behandling|massagetype|tipo de massagem|tratamento",
    "pressure": "pressure level|intensity|druck|druckstarke|pression|presion|pressione|druk|tryk|pressao",
    "areas": "area|body area|body areas|region|regions|body part|body parts|bereich|bereiche|korperbereich|stelle|"
    "stellen|zone|zones|zona|zonas|area del corpo|aree|gebied|gebieden|omrade|omrader|regiao|regioes|regione",
    "muscles": "muscle|muskel|muskeln|muscolo|muscoli|musculo|musculos|spier|spieren|muskler",
    "therapist": "masazysta|masazystka|terapeutka|fizjoterapeuta|maser|maserka|массажист|массажистка|"
    "терапевт|施術者|担当|"
    "masseur|masseuse|practitioner|provider|therapeut|therapeutin|physiotherapeut|therapeute|praticien|"
    "kine|terapeuta|fisioterapeuta|masajista|massaggiatore|massagista|terapeut|behandler|massor|fysioterapeut",
    "status": "state|attended|attendance|outcome|zustand|teilgenommen|statut|etat|presence|estado|asistencia|stato|"
    "presenza|aanwezig|fremmode|situacao|presenca",
    "pain_before": "bol przed|bolest pred|боль до|施術前の痛み|"
    "pre pain|pain pre|before pain|schmerz vorher|schmerzen vorher|schmerz davor|schmerz vor|"
    "vorher schmerz|douleur avant|dolor antes|dolore prima|pijn vooraf|pijn voor|smerte for|smerter for|dor antes",
    "pain_after": "bol po|bolest po|боль после|施術後の痛み|"
    "post pain|pain post|after pain|schmerz nachher|schmerzen nachher|schmerz danach|schmerz nach|"
    "nachher schmerz|douleur apres|dolor despues|dolore dopo|pijn achteraf|pijn na|smerte efter|smerter efter|"
    "dor depois",
    "cause": "reason|trigger|grund|ursache|anlass|motif|raison|motivo|causa|reden|oorzaak|arsag|grund til",
    "note": "uwagi|notatki|poznamka|poznamky|примечание|примечания|комментарии|заметки|備考|メモ|"
    "notes|comment|comments|remark|remarks|notiz|notizen|bemerkung|bemerkungen|kommentar|anmerkung|remarque|"
    "remarques|commentaire|commentaires|nota|notas|comentario|comentarios|commento|commenti|opmerking|opmerkingen|"
    "notitie|notities|bemaerkning|bemaerkninger|noter|observacoes|observaciones",
}
DIARY_COLUMNS: Mapping[str, str] = {
    "date": "dzien|дата|日付|日時|day|datum|tag|fecha|dia|data|giorno|jour|dato|dag|datetime|date time",
    "pain": "bol|bol plecow|bolest|bolest zad|боль|боль в спине|痛み|腰痛|"
    "pain level|pain score|back pain|pain today|pain day|overall pain|pain overall|total pain|pain total|"
    "general pain|gesamtschmerz|schmerz gesamt|schmerzen gesamt|douleur totale|douleur globale|dolor total|"
    "dolor general|dolore totale|dolore generale|pijn totaal|totale pijn|schmerz|schmerzen|ruckenschmerz|"
    "ruckenschmerzen|"
    "douleur|douleurs|mal de dos|dolor|dolor de espalda|dolore|mal di schiena|pijn|rugpijn|smerte|smerter|rygsmerter|"
    "dor|dor nas costas|nrs|vas",
    "pain_morning": "morning pain|pain am|schmerz morgens|schmerzen morgens|schmerz morgen|schmerz am morgen|"
    "douleur matin|douleur du matin|douleur le matin|dolor manana|dolor por la manana|dolore mattina|"
    "dolore al mattino|"
    "pijn ochtend|ochtendpijn|smerte morgen|smerter morgen|dor manha|dor de manha",
    "pain_afternoon": "afternoon pain|pain pm|schmerz nachmittags|schmerzen nachmittags|schmerz nachmittag|"
    "schmerz am nachmittag|douleur apres midi|douleur de l apres midi|douleur l apres midi|dolor tarde|"
    "dolor por la tarde|dolore pomeriggio|dolore al pomeriggio|pijn middag|middagpijn|smerte eftermiddag|"
    "smerter eftermiddag|dor tarde|dor da tarde",
    "medication": "leki|lek|leky|лекарство|лекарства|薬|"
    "medicine|meds|drug|painkiller|painkillers|medikament|medikamente|schmerzmittel|medicament|"
    "medicaments|antidouleur|medicacion|medicamento|medicamentos|analgesico|farmaco|farmaci|medicina|medicinale|"
    "medicatie|medicijn|medicijnen|pijnstiller|pijnstillers|medicin|smertestillende|medicacao|remedio",
    "doses": "dose|medication doses|tablets|pills|anzahl tabletten|tabletten|dosis|dosen|comprimes|dosi|compresse|"
    "doser|pastillas|comprimidos|pillen",
    "bed_rest_hours": "bed rest|hours of bed rest|hours in bed by day|bettruhe|bettruhe stunden|stunden bettruhe|"
    "repos au lit|heures de repos au lit|reposo en cama|horas de reposo|riposo a letto|ore di riposo a letto|bedrust|"
    "uren bedrust|sengeleje|timer sengeleje|repouso na cama|horas de repouso",
    "doctor_visits": "doctor visit|doctor|gp visits|arztbesuch|arztbesuche|arzttermine|visite medecin|"
    "visites medicales|visite chez le medecin|visitas medicas|visitas al medico|visita medica|visite mediche|"
    "visite dal medico|doktersbezoek|doktersbezoeken|laegebesog|visitas ao medico|consultas medicas",
    "mood": "nastroj|nalada|настроение|気分|stimmung|laune|humeur|animo|estado de animo|umore|stemming|humor",
    "could_do_daily_activities": "daily activities|could do activities|able to do daily activities|alltag|"
    "alltag moglich|alltagsaktivitaten|activites quotidiennes|actividades diarias|attivita quotidiane|"
    "dagelijkse activiteiten|daglige aktiviteter|atividades diarias|adl",
    # What else may stand behind a change, yes or no. None of the four makes a table a diary: many tables have them.
    "other_treatment": "other treatments|other therapy|other therapies|additional treatment|andere behandlung|"
    "andere behandlungen|weitere behandlung|weitere behandlungen|sonstige behandlung|andere therapie|andere therapien|"
    "autre traitement|autres traitements|autre soin|autres soins|otro tratamiento|otros tratamientos|otra terapia|"
    "otras terapias|altro trattamento|altri trattamenti|altra terapia|altre terapie|andere behandeling|"
    "andere behandelingen|anden behandling|andre behandlinger|outro tratamento|outros tratamentos|outra terapia|"
    "inne leczenie|inny zabieg|inne zabiegi|jina lecba|jine osetreni|другое лечение|другие процедуры|他の治療|"
    "その他の治療",
    "day_off": "days off|off work|free day|holiday|vacation|frei|freier tag|arbeitsfrei|urlaub|urlaubstag|feiertag|"
    "conge|conges|jour de conge|jour ferie|vacances|dia libre|vacaciones|festivo|dia festivo|giorno libero|ferie|"
    "vacanza|vrij|vrije dag|vakantie|fri|fridag|feriedag|folga|dia de folga|feriado|ferias|dzien wolny|urlop|volno|"
    "volny den|dovolena|выходнои|отпуск|休み|休日|休暇",
    "illness": "ill|sick|sickness|sick day|krank|krankheit|erkrankt|malade|maladie|enfermo|enferma|enfermedad|malato|"
    "malata|malattia|ziek|ziekte|syg|sygdom|doente|doenca|choroba|chory|chora|nemoc|nemocny|nemocna|болезнь|болел|"
    "болела|病気|体調不良",
    "travel": "travelling|traveling|travelled|trip|journey|reise|verreist|auf reisen|unterwegs|voyage|en voyage|"
    "deplacement|viaje|de viaje|viaggio|in viaggio|reis|op reis|rejse|pa rejse|viagem|em viagem|podroz|wyjazd|cesta|"
    "cestovani|поездка|путешествие|旅行|出張",
    "note": MASSAGE_COLUMNS["note"],
}
# Names that other tables use as well: they are understood in a log, and never make one. Forms write a `Timestamp`.
_TIMESTAMP = (
    "timestamp|zeitstempel|horodateur|horodatage|marca temporal|marca de tiempo|informazioni cronologiche|"
    "tijdstempel|"
    "tidsstempel|tidsstampel|carimbo de data hora|submitted at|submission date|date submitted"
)
# Whose row it is. A row that names somebody is never taken for the owner's of the folder.
_SURE_CLIENT = (
    "client|clients|client name|patient|patients|patient name|person|customer|customer name|kunde|kundin|kundenname|"
    "patientin|klient|klientin|cliente|paciente|paziente|klant"
)
_CLIENT = (
    f"{_SURE_CLIENT}|name|guest|guest name|gast|nom|nome|nombre|who|wer|fur wen|for whom|member|member name|mitglied|"
    "attendee|attendee name|teilnehmer|teilnehmerin|booked for|booked by|gebucht von|gebucht fur|invitee|"
    "invitee name|full name|nome completo|nombre completo|nom complet|vollstandiger name|pacjent|pacjentka|"
    "imie i nazwisko"
)
CLIENT_HEADINGS = frozenset(_SURE_CLIENT.split("|"))  # in any table: a `name` there may be that of a reading
# Whether there was one, or how long it took: in a table of days.
_TAKEN = (
    "massage|massages|massage yes no|massage ja nein|massage j n|massage y n|massage gehabt|had massage|"
    "had a massage|"
    "got massage|got a massage|massage today|massage heute|massage done|massage received|massage erhalten|massaged|"
    "massage oui non|masaje|massaggio|massagem|massage si no"
)
WEAK_NAMES: Mapping[str, Mapping[str, str]] = {
    "massages": {
        "date": _TIMESTAMP,
        "client": _CLIENT,
        "taken": _TAKEN,
        "status": "appointment status|booking status|visit status|terminstatus|result|ergebnis|resultat|anwesend|"
        "stattgefunden|hat stattgefunden|erschienen|gekommen|wahrgenommen|show|showed|showed up|came|took place|"
        "happened|completed|done|erledigt|honore|venu|venue|asistio|presente",
        "is_cancelled": "cancelled|canceled|cancellation|abgesagt|storniert|ausgefallen|entfallen|annule|annulee|"
        "cancelado|cancelada|anulado|anulada|annullato|annullata|disdetto|geannuleerd|afgezegd|aflyst|"
        "odwo[lł]ana|odwo[lł]ane",
        "is_no_show": "no show|noshow|no shows|nicht erschienen|nicht gekommen|versaumt|missed|absent|non venu|ausente",
        "technique": "type|kind|art|typ|service|leistung|anwendung|tipo|genre|soort|slags|prestation|servicio|servizio",
    },
    "diary": {"date": _TIMESTAMP, "client": _CLIENT, "taken": _TAKEN},
}
COLUMNS: Mapping[str, Mapping[str, str]] = {"massages": MASSAGE_COLUMNS, "diary": DIARY_COLUMNS}

# Headings of several words, such as the questions of a form: understood in a log, and never making one.
_DATE_WORDS_LIST = (
    "when date day wann datum tag quand jour fecha cuando dia quando giorno wanneer dag hvornar dato kiedy"
)
_DATE_WORDS = frozenset(_DATE_WORDS_LIST.split())
_OTHER_DATES_WORDS = (
    "birth born birthday dob geburt geburtstag geburtsdatum naissance nacimiento created booked booking invoice "
    "rechnung paid payment next nachste nachster prochain prochaine updated modified sent erstellt gebucht buchung "
    "expires bill bezahlt ausgefullt submitted"
)
_OTHER_DATES = frozenset(_OTHER_DATES_WORDS.split())
_ACHES = r"\b(?:pain|schmerz\w*|douleurs?|mal|dolor|dolore|pijn|smerter?|dor)\b.*"
_QUESTIONS: Mapping[str, re.Pattern[str]] = {
    "status": re.compile(
        r"(?:hat|fand|war|ist|did|has|was|were)\b.*\b(?:stattgefunden|statt|take place|taken place|happen|attend\w*|"
        r"come|came|erschienen|anwesend|present)\b"
    ),
    "minutes": re.compile(
        r"(?:.* )?(?:dauer|duration|duree|duracion|durata|duur) |"
        r"(?:how long|wie lange?|combien de temps|cuanto (?:tiempo|duro)|quanto tempo|hoe lang)\b"
    ),
    "start": re.compile(
        r"(?:at )?what time|um wie ?viel uhr|welche uhrzeit|a quelle heure|a que hora|a che ora|hoe laat"
    ),
    "technique": re.compile(r"(?:what|which) (?:kind of |type of |sort of )?massage|welche (?:art|massage)|quel type"),
    "pain_before": re.compile(_ACHES + r"\b(?:before|vor|vorher|davor|avant|antes|prima|voor|for)\b"),
    "pain_after": re.compile(_ACHES + r"\b(?:after|nach|nachher|danach|apres|despues|dopo|na|efter)\b"),
}


def may_ask_for_date(folded: str) -> bool:
    """Whether a heading of several words asks for the date, 'When was the massage'; its cells decide."""
    words = set(folded.split())
    return len(words) > 1 and bool(words & _DATE_WORDS) and not words & _OTHER_DATES


def asked_for(folded: str) -> str:
    """The column of a massage log that the question of a form asks for, 'How long was it'; '' for none."""
    return (
        next((column for column, pattern in _QUESTIONS.items() if pattern.match(folded)), "") if " " in folded else ""
    )
