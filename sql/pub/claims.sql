-- What the article promises, and what the data say
--
-- Every claim of the article has a row for every person, also where the answer is that the data cannot tell. observed
-- is the change in unit; "by up to" a share is never supported, the observed change stands beside it, and
-- is_size_excluded says whether the share lies outside its range. The verdict follows from direction and certainty.
-- grain: one row per subject and claim_id
-- missing: metric is NULL where nothing measures the claim, observed where the answer is refused
-- source: effects, subgroup_effects
select
    claims.subject,
    claims.claim_id,
    claims.ordinal,
    claims.claim,
    claims.metric,
    claims."window",
    claims.claimed,
    claims.claimed_share,
    claims.observed,
    claims.ci_low,
    claims.ci_high,
    claims.unit,
    claims.n_massages,
    claims.worth,
    claims.worth_source,
    claims.direction,
    claims.certainty,
    claims.basis,
    claims.is_size_excluded,
    claims.verdict,
    claims.reason,
    claims.published_evidence
from answers.claims
order by claims.subject, claims.ordinal
