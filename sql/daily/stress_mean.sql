-- Mean stress
--
-- The mean of the device's own stress score (0 to 100, made from heart beats) over the minutes of the local day that
-- have one. Minutes in which the device could not measure are left out. Where no minute has one, the mean that a
-- source gives for the day.
-- name: stress as the watch scores it
-- family: physiology
-- unit: score
-- better: down
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with a stress score
-- missing: no row where no source tells stress
-- source: the one that counts for the heart in each minute (timeline.minutes)
with minute_means as (
    select
        minutes.subject,
        minutes.local_date,
        round(favg(minutes.stress), 6) as value,
        string_agg(distinct minutes.heart_source, ', ' order by minutes.heart_source)
        filter (where minutes.stress is not null) as source,
        round(count(minutes.stress) / count(*), 6) as coverage_share
    from timeline.minutes
    group by minutes.subject, minutes.local_date
    having count(minutes.stress) > 0
)

select
    minute_means.subject,
    minute_means.local_date,
    'stress_mean' as metric,
    minute_means.value,
    'score' as unit,
    minute_means.source,
    'minute' as resolution,
    minute_means.coverage_share
from minute_means

union all

select
    told_days.subject,
    told_days.local_date,
    'stress_mean' as metric,
    told_days.value,
    'score' as unit,
    told_days.source,
    'day' as resolution,
    cast(null as double) as coverage_share
from stg.told_days
anti join minute_means
    on
        told_days.subject = minute_means.subject
        and told_days.local_date = minute_means.local_date
where told_days.metric = 'stress_mean'
