-- Weeks of the randomised trials
--
-- One row a week of a trial: whether it was drawn for a massage, and the massages that took place in it. The week
-- counts as it was drawn, whether the massage took place or not.
-- grain: one row per subject, start_date and week
-- missing: massages_attended is 0 where none was logged, also in weeks to come
-- source: plan-trial; the massage logs
select
    trial_weeks.subject,
    trial_weeks.start_date,
    trial_weeks.week,
    trial_weeks.pair,
    trial_weeks.local_date,
    cast(trial_weeks.local_date + interval 6 day as date) as last_date, -- last date of the week
    trial_weeks.is_massage_week,
    cast(count(massages.massage_id) as integer) as massages_attended, -- attended massages of the week
    coalesce(bool_or(massages.local_date = trial_weeks.local_date), false)
        as is_attended_on_date -- whether one of them was on the set date
from raw.trial_weeks
left join stg.massages
    on
        trial_weeks.subject = massages.subject
        and massages.status = 'attended'
        and trial_weeks.local_date <= massages.local_date
        and massages.local_date < trial_weeks.local_date + interval 7 day
group by all
order by trial_weeks.subject, trial_weeks.start_date, trial_weeks.week
