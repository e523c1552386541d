"""What the article promises, and what the data say."""

from recovery.checks._kinds import NoRows, OneOf, Told, Unique, Within
from recovery.checks.effects import WORDS

RELATION = "claims"
KEY = ("subject", "claim_id")
COUNT = 16  # promises of recovery.answers.article, which lies above; a test compares
CHECKS = (
    Unique("critical", "A person has one answer per claim.", KEY),
    Told("critical", "Every claim has a verdict.", "verdict"),
    OneOf("critical", "A verdict is one of the five words.", "verdict", WORDS),
    Told("critical", "Every verdict has its reason.", "reason"),
    Told("critical", "Every claim says what trials found.", "published_evidence"),
    Within("critical", "A promised share lies between none and all.", "claimed_share", 0, 1),
    NoRows(
        "critical",
        "Everyone with days has an answer to every claim.",
        f"""select people.subject, 'claims' as place, count(claims.claim_id) as value
        from (select distinct subject from pub.daily) as people
        left join pub.claims on claims.subject = people.subject
        group by people.subject having count(claims.claim_id) <> {COUNT}""",
    ),
    NoRows(
        "critical",
        "An interval holds what was observed.",
        """select subject, claim_id as place, ci_low || ' to ' || ci_high as value from pub.claims
        where not (ci_low <= observed and observed <= ci_high)
            or (observed is null and (ci_low is not null or ci_high is not null))""",
    ),
    NoRows(
        "critical",
        "What cannot be told has no size.",
        """select subject, claim_id as place, observed as value from pub.claims
        where verdict = 'cannot be told from this data' and observed is not null""",
    ),
    NoRows(
        "critical",
        "An 'up to' is never supported.",
        """select subject, claim_id as place, claimed as value from pub.claims
        where verdict = 'supported' and (claimed_share is not null or claimed like '%up to%')""",
    ),
    NoRows(
        "critical",
        "Only the effect of a main metric or of a randomised trial, itself supported, supports a claim.",
        """select told.subject, told.claim_id as place, told.metric as value
        from pub.claims as told
        left join pub.effects
            on effects.subject = told.subject and effects.metric = told.metric and effects."window" = told."window"
        where told.verdict = 'supported'
            and not coalesce(
                effects.verdict = 'supported' and (effects.is_primary or effects."window" like 'trial%'), false
            )""",
    ),
    NoRows(
        "critical",
        "What answers a claim stands in effects.",
        """select told.subject, told.claim_id as place, told.metric || ' ' || told."window" as value
        from pub.claims as told
        anti join pub.effects
            on effects.subject = told.subject and effects.metric = told.metric and effects."window" = told."window"
        where told.metric is not null""",
    ),
)
