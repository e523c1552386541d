"""What massages changed, with the verdicts."""

from recovery.checks._kinds import (
    NoRows,
    NotNull,
    OneOf,
    Unique,
    Within,
    massages_there_are,
    sql_list,
    verdict_follows,
)
from recovery.vocabulary.metrics import BETTER
from recovery.vocabulary.sureness import Doubt, joined
from recovery.vocabulary.verdicts import Basis, Certainty, Verdict, Word
from recovery.vocabulary.windows import TRIAL
from recovery.vocabulary.worth import WorthFrom

RELATION = "effects"
KEY = ("subject", "metric", "window")
DOUBTS = ("", *Doubt, joined(tuple(Doubt)))
PLACE = "metric || ' ' || \"window\""
CHECKS = (
    Unique("critical", "A person's metric has one effect per window.", KEY),
    OneOf("critical", "A verdict is one of the five words.", "verdict", tuple(Verdict)),
    verdict_follows(PLACE),
    OneOf("critical", "A direction is one of ten words.", "direction", tuple(Word)),
    OneOf("critical", "A direction is clear, likely, too early, or cannot be told.", "certainty", tuple(Certainty)),
    OneOf("critical", "What makes an answer less sure is the range of today, checks, or both.", "doubts", DOUBTS),
    OneOf("critical", "What is said is after massages or because of them.", "basis", tuple(Basis)),
    NoRows(
        "critical",
        "What is said has a direction, a certainty and a basis.",
        f"""select subject, {PLACE} as place, direction as value from {{batch}}
        where (direction is null) <> (certainty is null) or (direction is null) <> (basis is null)""",
    ),
    NoRows(
        "critical",
        "Only a randomised trial says because.",
        f"""select subject, {PLACE} as place, basis as value from {{batch}}
        where basis = '{Basis.BECAUSE}' and "window" not in {sql_list(TRIAL)}""",
    ),
    NoRows(
        "critical",
        "Only a main metric or a randomised trial is clear.",
        f"""select subject, {PLACE} as place, certainty as value from {{batch}}
        where certainty = '{Certainty.CLEAR}' and not (is_primary or "window" in {sql_list(TRIAL)})""",
    ),
    NoRows(
        "critical",
        "Only what is clear is less sure by now.",
        f"""select subject, {PLACE} as place, doubts as value from {{batch}}
        where doubts <> '' and certainty is distinct from '{Certainty.CLEAR}'""",
    ),
    NoRows(
        "critical",
        "A main metric says what its last look says.",
        """select effects.subject, effects.metric || ' ' || effects."window" as place, effects.direction as value
        from {batch} as effects
        inner join (
            from pub.looks qualify row_number() over (partition by subject, metric order by look desc) = 1
        ) as looks
            on looks.subject = effects.subject and looks.metric = effects.metric
            and looks."window" = effects."window"
        where effects.is_primary and effects.estimate is not null and looks.low is not null
            and (effects.direction <> looks.word or effects.certainty <> looks.certainty)""",
    ),
    OneOf("critical", "Better is up, down or none.", "better", BETTER),
    NotNull("critical", "Every effect has its reason.", "reason"),
    Within("critical", "An effect is of at least no days.", "n_days", low=0),
    Within("critical", "A change worth having is above nothing.", "worth", low=0),
    OneOf("critical", "A change worth having comes from one of four places.", "worth_from", tuple(WorthFrom)),
    NoRows(
        "critical",
        "A change worth having says where it comes from.",
        f"""select subject, {PLACE} as place, worth as value from {{batch}}
        where worth is not null and (worth_source is null or worth_from is null)""",
    ),
    NoRows(
        "critical",
        "What cannot be reached is not supported.",
        f"""select subject, {PLACE} as place, worth as value from {{batch}}
        where verdict = '{Verdict.SUPPORTED}' and not is_worth_reachable""",
    ),
    NoRows(
        "critical",
        "No number is NaN: what is missing is NULL.",
        f"""select subject, {PLACE} as place, name as value from (
            unpivot (
                select
                    subject, metric, "window", estimate, standard_error, ci_low, ci_high, p_value, usual, worth,
                    adjusted_estimate, adjusted_ci_low, adjusted_ci_high, smallest_detectable
                from {{batch}}
            ) on columns(* exclude (subject, metric, "window")) into name name value number
        ) where isnan(number)""",
    ),
    NoRows(
        "critical",
        "An interval holds its estimate.",
        f"""select subject, {PLACE} as place, ci_low || ' to ' || ci_high as value from {{batch}}
        where not (ci_low <= estimate and estimate <= ci_high)
            or not (adjusted_ci_low <= adjusted_estimate and adjusted_estimate <= adjusted_ci_high)
            or not (shown_low <= shown_estimate and shown_estimate <= shown_high)
            or (estimate is null) <> (ci_low is null) or (estimate is null) <> (ci_high is null)
            or (estimate is null) <> (shown_estimate is null)""",
    ),
    NoRows(
        "critical",
        "A p-value is above 0 and at most 1.",
        f"""select subject, {PLACE} as place, name || ' ' || p_value as value from (
            unpivot (
                select subject, metric, "window", p_value, holm_p, q_value, lead_p, permutation_p, redrawn_p
                from {{batch}}
            ) on p_value, holm_p, q_value, lead_p, permutation_p, redrawn_p into name name value p_value
        ) where not (p_value > 0 and p_value <= 1)""",
    ),
    NoRows(
        "critical",
        "What cannot be told has no size, and what has none cannot be told.",
        f"""select subject, {PLACE} as place, verdict as value from {{batch}}
        where (estimate is null) <> coalesce(verdict = '{Verdict.CANNOT_BE_TOLD}', false)""",
    ),
    NoRows(
        "critical",
        "What is supported lies on the better side, of a randomised trial with its interval.",
        f"""select subject, {PLACE} as place, verdict as value from {{batch}}
        where verdict = '{Verdict.SUPPORTED}'
            and not (
                case better when 'up' then shown_estimate > 0 when 'down' then shown_estimate < 0 else false end
                and (
                    "window" not in {sql_list(TRIAL)}
                    or case better when 'up' then ci_low > 0 when 'down' then ci_high < 0 end
                )
            )""",
    ),
    NoRows(
        "critical",
        "Every metric is defined in metrics, in the same unit.",
        f"""select effects.subject, effects.{PLACE} as place, effects.unit as value
        from {{batch}} as effects
        left join pub.metrics on metrics.metric = effects.metric
        where metrics.metric is null or metrics.unit is distinct from effects.unit""",
    ),
    massages_there_are(
        "No effect is of more massages than there are.",
        "effects",
        PLACE,
        "n_massages",
        only=f'"window" not in {sql_list(TRIAL)}',
    ),
    NoRows(
        "critical",
        "No effect is of more days than were measured.",
        f"""select effects.subject, effects.{PLACE} as place, effects.n_days as value
        from {{batch}} as effects
        left join (
            select subject, metric, count(*) as days from pub.daily_metrics group by subject, metric
        ) as measured on measured.subject = effects.subject and measured.metric = effects.metric
        where effects.n_days > coalesce(measured.days, 0)""",
    ),
    NoRows(
        "critical",
        "Each family has one main metric at most.",
        """select subject, family as place, count(distinct metric) as value from {batch}
        where is_primary group by subject, family having count(distinct metric) > 1""",
    ),
)
