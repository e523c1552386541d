"""What is said at each look at a main metric."""

from recovery.checks._kinds import NoRows, OneOf, Unique, Within
from recovery.effects.boundaries import FIRST_LOOK
from recovery.effects.looks import Event
from recovery.vocabulary.verdicts import WITHOUT_BETTER_SIDE, Certainty, Word

RELATION = "looks"
KEY = ("subject", "metric", "look")
PLACE = "metric || ' look ' || look"
CHECKS = (
    Unique("critical", "A look at a main metric has one row.", KEY),
    OneOf(
        "critical",
        "A word of a look is one of seven.",
        "word",
        tuple(word for word in Word if word not in WITHOUT_BETTER_SIDE),
    ),
    OneOf(
        "critical", "A word of a look is clear, likely, too early, or cannot be told.", "certainty", tuple(Certainty)
    ),
    OneOf("critical", "A look makes, keeps or withdraws what was said.", "event", tuple(Event)),
    Within("critical", "The first look is at the twelfth massage.", "n_massages", low=FIRST_LOOK),
    Within("critical", "A change worth having is above nothing.", "worth", low=0),
    NoRows(
        "critical",
        "An interval holds its estimate.",
        f"""select subject, {PLACE} as place, low || ' to ' || high as value from {{batch}}
        where not (low <= estimate and estimate <= high) or isnan(estimate) or isnan(low) or isnan(high)""",
    ),
    NoRows(
        "critical",
        "What was refused at a look has no word.",
        f"""select subject, {PLACE} as place, word as value from {{batch}}
        where estimate is null and (word <> '{Word.UNKNOWN}' or certainty <> '{Certainty.CANNOT_TELL}')""",
    ),
    NoRows(
        "critical",
        "A finding is new only where every check passed and its interval lies away from 0.",
        f"""select subject, {PLACE} as place, event as value from {{batch}}
        where event in ('{Event.FOUND}', '{Event.FOUND_AGAIN}') and (failed <> '' or low * high <= 0)""",
    ),
    NoRows(
        "critical",
        "Looks come in the order of their dates.",
        f"""select subject, {PLACE} as place, local_date as value from (
            select *, lag(local_date) over (partition by subject, metric order by look) as before from {{batch}}
        ) where local_date <= before""",
    ),
)
