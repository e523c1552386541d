-- The effect over several people
--
-- A random-effects mean over all people with an estimate (Paule-Mandel, Hartung-Knapp), and the interval in which the
-- effect of the next person is expected. Refused below 5 people. Beside it the mean in which all count alike, and the
-- one without people whose massages followed pain, the number itself or the days before. Who entered: cohort_entries.
-- attribute is 'all' for everybody; rows of 'arm' and 'subgroup' are over the people of one arm or group (level) that
-- recovery.toml tells: means of the effects of each person's own massages, exploratory, and no arms are compared.
-- grain: one row per metric, window, attribute and level
-- missing: estimate and intervals are NULL below 5 people
-- source: effects
select
    cohort_effects.metric,
    cohort_effects."window",
    cohort_effects.unit,
    cohort_effects.n_subjects,
    cohort_effects.n_refused,
    cohort_effects.estimate,
    cohort_effects.ci_low,
    cohort_effects.ci_high,
    cohort_effects.p_value,
    cohort_effects.prediction_low,
    cohort_effects.prediction_high,
    cohort_effects.between_sd,
    cohort_effects.i_squared_share,
    cohort_effects.reason,
    cohort_effects.unweighted_estimate,
    cohort_effects.unweighted_ci_low,
    cohort_effects.unweighted_ci_high,
    cohort_effects.n_gated,
    cohort_effects.without_estimate,
    cohort_effects.without_ci_low,
    cohort_effects.without_ci_high,
    cohort_effects.warning,
    cohort_effects.attribute,
    cohort_effects.level
from answers.cohort_effects
order by cohort_effects.metric, cohort_effects."window", cohort_effects.attribute, cohort_effects.level
