"""What the article promises, and what the data say."""

from recovery.checks._kinds import NoRows, NotNull, OneOf, Unique, Within, sql_list, verdict_follows
from recovery.vocabulary.article import PROMISES
from recovery.vocabulary.verdicts import Basis, Certainty, Verdict, Word
from recovery.vocabulary.windows import TRIAL

RELATION = "claims"
KEY = ("subject", "claim_id")
CHECKS = (
    Unique("critical", "A person has one answer per claim.", KEY),
    NotNull("critical", "Every claim has a verdict.", "verdict"),
    OneOf("critical", "A verdict is one of the five words.", "verdict", tuple(Verdict)),
    verdict_follows("claim_id", "said.is_size_excluded"),
    NotNull("critical", "Every claim has a direction.", "direction"),
    NotNull("critical", "Every claim says how sure.", "certainty"),
    OneOf("critical", "A direction is one of ten words.", "direction", tuple(Word)),
    OneOf("critical", "A direction is clear, likely, too early, or cannot be told.", "certainty", tuple(Certainty)),
    OneOf("critical", "What is said is after massages or because of them.", "basis", tuple(Basis)),
    NoRows(
        "critical",
        "Only of a claim of a size the size can be excluded.",
        """select subject, claim_id as place, claimed as value from {batch}
        where is_size_excluded is not null and claimed_share is null""",
    ),
    NotNull("critical", "Every verdict has its reason.", "reason"),
    NotNull("critical", "Every claim says what trials found.", "published_evidence"),
    Within("critical", "A promised share lies between none and all.", "claimed_share", 0, 1),
    NoRows(
        "critical",
        "Everyone with days has an answer to every claim.",
        f"""select people.subject, 'claims' as place, count(claims.claim_id) as value
        from (select distinct subject from pub.daily) as people
        left join {{batch}} as claims on claims.subject = people.subject
        group by people.subject having count(claims.claim_id) <> {len(PROMISES)}""",
    ),
    NoRows(
        "critical",
        "An interval holds what was observed.",
        """select subject, claim_id as place, ci_low || ' to ' || ci_high as value from {batch}
        where not (ci_low <= observed and observed <= ci_high)
            or (observed is null and (ci_low is not null or ci_high is not null))""",
    ),
    NoRows(
        "critical",
        "A claim has the change worth having of the effect that answers it.",
        """select claims.subject, claims.claim_id as place, claims.worth as value
        from {batch} as claims
        inner join pub.effects
            on effects.subject = claims.subject and effects.metric = claims.metric
            and effects."window" = claims."window"
        where claims.worth is distinct from effects.worth
            or (claims.worth is null) <> (claims.worth_source is null)""",
    ),
    NoRows(
        "critical",
        "What cannot be told has no size.",
        f"""select subject, claim_id as place, observed as value from {{batch}}
        where verdict = '{Verdict.CANNOT_BE_TOLD}' and observed is not null""",
    ),
    NoRows(
        "critical",
        "An 'up to' is never supported.",
        f"""select subject, claim_id as place, claimed as value from {{batch}}
        where verdict = '{Verdict.SUPPORTED}' and (claimed_share is not null or claimed like '%up to%')""",
    ),
    NoRows(
        "critical",
        "Only the effect of a main metric or of a randomised trial, itself supported, supports a claim.",
        f"""select claims.subject, claims.claim_id as place, claims.metric as value
        from {{batch}} as claims
        left join pub.effects
            on effects.subject = claims.subject and effects.metric = claims.metric
            and effects."window" = claims."window"
        where claims.verdict = '{Verdict.SUPPORTED}'
            and not coalesce(
                effects.verdict = '{Verdict.SUPPORTED}'
                    and (effects.is_primary or effects."window" in {sql_list(TRIAL)}),
                false
            )""",
    ),
    NoRows(
        "critical",
        "What answers a claim stands in effects.",
        """select claims.subject, claims.claim_id as place, claims.metric || ' ' || claims."window" as value
        from {batch} as claims
        anti join pub.effects
            on effects.subject = claims.subject and effects.metric = claims.metric
            and effects."window" = claims."window"
        where claims.metric is not null""",
    ),
)
