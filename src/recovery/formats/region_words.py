"""Words for parts of the body, symptoms and ratings, folded, in the languages of the logs' columns."""

import re

# Beginnings of words: "knees", "shoulders", "patellar tendon" are found by theirs; short ones must be whole.
_BODY = (
    "lumbar|spine|sciatic|neck|shoulder|knee|finger|wrist|elbow|ankle|heel|thigh|forearm|forehead|headache|"
    "migraine|jaw|chest|belly|stomach|abdom|pelvi|buttock|glute|hamstring|quadricep|tendon|joint|muscle|rucken|"
    "ruecken|lenden|lws|hws|bws|wirbel|nacken|schulter|knie|huft|huefte|handgelenk|ellbogen|ellenbogen|fuss|"
    "knochel|ferse|zehe|oberschenkel|wade|unterarm|kopf|stirn|auge|kiefer|gesicht|brust|bauch|becken|gesass|sehne|"
    "gelenk|muskel|lombaire|nuque|epaule|genou|hanche|doigt|poignet|coude|cheville|talon|jambe|cuisse|mollet|"
    "machoire|visage|poitrine|ventre|espalda|cuello|hombro|rodilla|cadera|muneca|tobillo|pierna|muslo|brazo|cabeza|"
    "mandibula|pecho|vientre|schiena|collo|spalla|spalle|ginocchi|polso|gomito|piede|piedi|caviglia|gamba|gambe|"
    "coscia|braccio|occhi|petto|pancia|schouder|heup|vinger|pols|elleboog|voet|enkel|bovenbeen|onderarm|hoofd|kaak|"
    "borst|nakke|skulder|hofte|handled|albue|hoved|costas|pescoco|ombro|joelho|quadril|cotovelo|tornozelo|perna|"
    "braco|cabeca"
)
_WHOLE_BODY = (
    "back|low back|hip|hips|hand|hands|foot|feet|toe|toes|leg|legs|arm|arms|head|eye|eyes|rib|ribs|face|calf|"
    "calves|hals|bein|beine|dos|cou|main|mains|pied|pieds|bras|tete|oeil|yeux|mano|manos|dedo|dedos|codo|pie|pies|"
    "ojo|ojos|anca|dito|dita|testa|rug|nek|been|benen|ogen|buik|ryg|fod|fodder|mao|maos|pulso|pe"
)
_PAIN = "pain|pains|painful|ache|aches|sore|soreness|hurt|hurts|weh|douleurs?|mal|dolor|dolores|dolore|dolori|dor|dores"
_SYMPTOM = (
    "happiness|happy|mood|stress|anxi|fatigue|tired|energy|sleep quality|nausea|dizz|numb|tingl|stiff|throb|cramp|"
    "spasm|swelling|symptom|stimmung|mudigkeit|muedigkeit|ubelkeit|schwindel|taub|steif|krampf|humeur|nausee|animo|"
    "cansancio|umore|stanchezza|stemming|vermoeid|humor|cansaco"
)
# Headings of the column that says what a row of a long table is about.
_REGION_HEADINGS = (
    "region|regions|area|areas|body area|body areas|body part|body parts|body region|body site|site|zone|zones|"
    "joint|symptom|symptoms|pain location|pain site|pain area|pain region|where does it hurt|bereich|bereiche|"
    "korperbereich|korperteil|stelle|stellen|symptome|schmerzort|partie du corps|symptomes|endroit|zona|zonas|"
    "parte del cuerpo|sintoma|sintomas|parte del corpo|sintomo|sintomi|gebied|gebieden|lichaamsdeel|symptoom|"
    "symptomen|omrade|kropsdel|regiao|regioes|regione|parte do corpo"
)
# Headings of ratings that say nothing of what is rated.
_VALUE_HEADINGS = (
    "intensity|level|score|rating|severity|strength|value|scale|rate|amount|intensitat|starke|wert|stufe|schwere|"
    "intensite|niveau|valeur|intensidad|nivel|valor|intensita|livello|valore|intensiteit|waarde|intensitet|styrke|"
    "vaerdi|intensidade"
)
_TOTAL_PAIN = (
    "pain|pain level|pain score|pain today|pain day|overall pain|pain overall|total pain|pain total|general pain|"
    "pain general|whole body pain|overall|schmerz|schmerzen|gesamtschmerz|schmerz gesamt|schmerzen gesamt|"
    "schmerzen insgesamt|douleur|douleurs|douleur totale|douleur globale|douleur generale|dolor|dolor total|"
    "dolor general|dolore|dolore totale|dolore generale|pijn|pijn totaal|totale pijn|smerte|smerter|smerte i alt|"
    "dor|dor total|dor geral|nrs|vas"
)
# Columns that make a table one of sport, whatever it says of pain.
_SPORT_HEADINGS = (
    "activity|activities|sport|exercise|workout|distance|km|miles|elevation|aktivitat|sportart|ubung|training|"
    "strecke|distanz|activite|exercice|actividad|deporte|ejercicio|distancia|attivita|esercizio|distanza|"
    "activiteit|oefening|afstand|aktivitet|ovelse|atividade|exercicio"
)

BODY = re.compile(rf"\b(?:(?:{_BODY})\w*|(?:{_WHOLE_BODY})\b)")
BACK = re.compile(r"\bback\b|lumbar|lombaire|rucken|lws|\bdos\b|espalda|schiena|\brug\b|rygs?|costas")
SYMPTOM = re.compile(rf"\b(?:{_SYMPTOM})")
PAIN = re.compile(rf"\b(?:{_PAIN})\b|schmerz|pijn\b|smerte|(?:head|back|tooth|stomach|belly)ache")
REGION_HEADINGS = frozenset(_REGION_HEADINGS.split("|"))
VALUE_HEADINGS = frozenset(_VALUE_HEADINGS.split("|"))
TOTAL_PAIN = frozenset(_TOTAL_PAIN.split("|"))  # a rating of all pain together
SPORT_HEADINGS = frozenset(_SPORT_HEADINGS.split("|"))
PAIN_NAME = re.compile(r"(?<!s)pains?\b|schmerz|douleur|\bdolor(?:es|e|i)?\b|pijn|smerte")  # of a file or a sheet
