-- Who entered the mean over several people
--
-- Each person with the metric: whether they are in the mean of cohort_effects, by which estimate, and why not. Of who
-- is gated (the massages followed pain, the number itself or the days before) the estimate with these allowed for
-- enters, and cohort_effects tells the mean without them beside.
-- grain: one row per subject, metric and window
-- missing: estimate and interval are NULL for people whose data were refused
-- source: effects
select
    cohort_entries.subject,
    cohort_entries.metric,
    cohort_entries."window",
    cohort_entries.is_entered,
    cohort_entries.is_gated,
    cohort_entries.is_adjusted,
    cohort_entries.n_massages,
    cohort_entries.estimate,
    cohort_entries.ci_low,
    cohort_entries.ci_high,
    cohort_entries.reason,
    participants.arm, -- arm of the person, see participants
    participants.subgroup -- group of the person, see participants
from answers.cohort_entries
left join raw.participants on cohort_entries.subject = participants.subject
order by cohort_entries.metric, cohort_entries."window", cohort_entries.subject
