-- Steps
--
-- All steps of the local day. The sum, over its minutes, of the steps that the source counting in that minute tells,
-- worn or not. Where no minute of the date has a step record, the total that a source gives for the whole day.
-- family: movement
-- unit: steps
-- better: up
-- smallest worthwhile change: 600 (a day; of 600-1,100 found in COPD, Demeyer 2016; none for back pain)
-- counted by: day
-- grain: one row per subject and local_date with a record of steps
-- missing: no row where no source tells steps; 0 where a source tells that there was none
-- source: the one that counts in each minute (timeline.minutes); sources are never added up
with minute_totals as (
    select
        minutes.subject,
        minutes.local_date,
        cast(sum(minutes.steps) as double) as value,
        string_agg(distinct minutes.source, ', ' order by minutes.source)
        filter (where minutes.steps is not null) as source,
        round(count(minutes.steps) / count(*), 6) as coverage_share
    from timeline.minutes
    group by minutes.subject, minutes.local_date
    having count(minutes.steps) > 0
)

select
    minute_totals.subject,
    minute_totals.local_date,
    'steps' as metric,
    minute_totals.value,
    'steps' as unit,
    minute_totals.source,
    'minute' as resolution,
    minute_totals.coverage_share
from minute_totals

union all

select
    told_days.subject,
    told_days.local_date,
    'steps' as metric,
    told_days.value,
    'steps' as unit,
    told_days.source,
    'day' as resolution,
    cast(null as double) as coverage_share
from stg.told_days
anti join minute_totals
    on
        told_days.subject = minute_totals.subject
        and told_days.local_date = minute_totals.local_date
where told_days.metric = 'steps'
