-- Effects of the massages
--
-- For each person, metric and window the change by a massage with its range, the checks it passed and failed, which way
-- it went, how sure that is and why, and the verdict that follows, with its reason. Of a main metric these are what all
-- looks together say, with the range that holds however often one looks (shown_estimate, shown_low, shown_high);
-- ci_low, ci_high and p_value are those of a single look: simulated, that interval holds the truth for some 95 of 100
-- people, but for 78 to 90 where a benefit fades over ten days, or where people book on the pain of an afternoon or
-- while it rises: a benefit is then told a fifth to a third too small. days_1_3 is the mean of the days +1 to +3 after
-- a massage, night_0 the night that follows it, week_1_7 the total of the seven days after it (doses, visits, bed
-- days), dose_7 the change per 60 min of massage in the seven days before, day_0 to day_7 single days or nights without
-- a verdict, trial_days_1_3 and trial_night_0 the last finished randomised trial. shrunken_estimate is a second number
-- where there are at least five people: the estimate pulled towards the mean of all, with the 95% interval of such
-- people's effects (of somebody without an effect among people who have one it leaves 0 out in 7 to 20 of 100, so no
-- verdict rests on it). `window` is a word of SQL: write "window".
-- grain: one row per subject, metric and window
-- missing: estimate and interval are NULL where the data cannot answer; verdict is NULL where none is given
-- source: the daily values and the massage log; methods in docs/calibration.md
select
    effects.subject,
    effects.metric,
    effects."window",
    effects.family,
    effects.is_primary,
    effects.unit,
    effects.better,
    effects.estimate,
    effects.standard_error,
    effects.ci_low,
    effects.ci_high, -- its upper end
    effects.shown_estimate,
    effects.shown_low,
    effects.shown_high, -- its upper end
    effects.said_on,
    effects.first_said,
    effects.withdrawn_on,
    effects.p_value,
    effects.holm_p,
    effects.q_value,
    effects.lead_p,
    effects.permutation_p,
    effects.redrawn_p,
    effects.adjusted_estimate,
    effects.adjusted_ci_low, -- 95% interval of adjusted_estimate
    effects.adjusted_ci_high, -- its upper end
    effects.lowest_without_one,
    effects.highest_without_one, -- largest estimate when one massage is left out
    effects.usual,
    effects.usual_without,
    effects.worth,
    effects.worth_from,
    effects.worth_source,
    effects.is_worth_reachable,
    effects.smallest_detectable,
    effects.is_building_up,
    effects.n_massages,
    effects.n_massages_measured,
    effects.n_days,
    effects.n_days_after,
    effects.checks,
    effects.direction,
    effects.certainty,
    effects.doubts,
    effects.basis,
    effects.verdict,
    effects.reason,
    effects.massages_needed,
    cohort_people.shrunken_estimate,
    cohort_people.shrunken_ci_low,
    cohort_people.shrunken_ci_high
from answers.effects
left join answers.cohort_people
    on
        effects.subject = cohort_people.subject
        and effects.metric = cohort_people.metric
        and effects."window" = cohort_people."window"
order by effects.subject, effects.metric, effects."window"
