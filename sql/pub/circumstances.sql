-- What else happened on massage days
--
-- How often massages fell on days with another treatment, days off, illness or travel, as the diary tells them, against
-- other days of the same weekdays. Where they clearly differ (is_alike is false) nothing is certain, and the estimate
-- without such days stands beside: without the days themselves, the days after massages on them, and of another
-- treatment also the three days after it. A day that says neither yes nor no counts for nothing.
-- grain: one row per subject, main metric with an estimate, and circumstance that the diary tells of massage days
-- missing: other_share is NULL where other days hardly say yes or no, without_* where is_alike or too few massages are
-- left; no row where the diary never tells the circumstance, or only no
-- source: the diary and the massage log
select
    circumstances.subject,
    circumstances.metric,
    circumstances."window",
    circumstances.circumstance,
    circumstances.n_massages,
    circumstances.n_massages_told,
    circumstances.n_massages_yes,
    circumstances.n_other_days_told,
    circumstances.n_other_days_yes,
    circumstances.other_share,
    circumstances.is_alike,
    circumstances.estimate,
    circumstances.ci_low,
    circumstances.ci_high,
    circumstances.without_estimate,
    circumstances.without_ci_low,
    circumstances.without_ci_high,
    circumstances.reason
from answers.circumstances
order by circumstances.subject, circumstances.metric, circumstances.circumstance
