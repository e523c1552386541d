-- Effects of some massages apart from the others
--
-- Massages of one technique, pressure, area, muscle, cause or length, where there are enough of them. Exploratory: the
-- more one looks, the more one finds, so read q_value; no verdict is given. Of pain the estimate is that of all
-- massages, which allows for the pain before them, and what the kind did more than the rest.
-- grain: one row per subject, metric, attribute and level
-- missing: estimate is NULL where there are too few, and of pain where it chose the kind
-- source: the daily values and the massage log
select
    subgroup_effects.subject,
    subgroup_effects.metric,
    subgroup_effects.attribute,
    subgroup_effects.level,
    subgroup_effects.n_massages,
    subgroup_effects.estimate,
    subgroup_effects.ci_low,
    subgroup_effects.ci_high,
    subgroup_effects.p_value,
    subgroup_effects.q_value,
    subgroup_effects.difference,
    subgroup_effects.difference_ci_low,
    subgroup_effects.difference_ci_high,
    subgroup_effects.difference_q_value,
    subgroup_effects.reason
from answers.subgroup_effects
order by subgroup_effects.subject, subgroup_effects.metric, subgroup_effects.attribute, subgroup_effects.level
