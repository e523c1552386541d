-- Randomised trials
--
-- Schedules that `recovery plan-trial` drew: in each pair of blocks of weeks a coin decided which holds the massages.
-- schedule_sha256 was committed at committed_utc, before the first week; what came of a trial is in effects, windows
-- trial_days_1_3 and trial_night_0. massages_attended and massages_in_control_weeks count what the logs hold so far.
-- grain: one row per subject and start_date
-- missing: nothing; a massage that was not logged is not counted
-- source: plan-trial; the massage logs
with attended as (
    select
        trial_weeks.subject,
        trial_weeks.start_date,
        cast(count_if(trial_weeks.is_massage_week and massages.local_date = trial_weeks.local_date) as integer)
            as massages_attended,
        cast(count_if(not trial_weeks.is_massage_week) as integer) as massages_in_control_weeks
    from raw.trial_weeks
    inner join stg.massages
        on
            trial_weeks.subject = massages.subject
            and massages.status = 'attended'
            and trial_weeks.local_date <= massages.local_date
            and massages.local_date < trial_weeks.local_date + interval 7 day
    group by trial_weeks.subject, trial_weeks.start_date
)

select
    trials.subject,
    trials.start_date,
    cast(trials.start_date + to_days(14 * trials.pairs * trials.weeks_per_block - 1) as date)
        as end_date, -- last date of the last week
    trials.pairs,
    trials.weeks_per_block,
    trials.weekday,
    trials.start_time,
    trials.time_zone,
    trials.massage_min,
    trials.primaries,
    trials.seed,
    trials.schedule_sha256,
    trials.committed_utc,
    trials.pairs * trials.weeks_per_block as massages_scheduled, -- weeks drawn for a massage
    coalesce(attended.massages_attended, 0) as massages_attended, -- massages attended in these weeks
    coalesce(attended.massages_in_control_weeks, 0) as massages_in_control_weeks -- massages attended in the other weeks
from raw.trials
left join attended
    on trials.subject = attended.subject and trials.start_date = attended.start_date
order by trials.subject, trials.start_date
