-- Minutes awake and still
--
-- Minutes of the local day that were worn, awake, out of bed and without movement (timeline state still). The
-- massage hour, minutes not worn, and quiet nights that no device recorded as sleep (rest_unknown) never count.
-- family: rest
-- unit: min
-- better: none
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with a worn minute, where a source tells steps or a still minute
-- missing: no row where no such minute was worn; 0 where there was one and none counts
-- source: the one that counts in each minute (timeline.minutes); sources are never added up
with minute_counts as (
    select
        minutes.subject,
        minutes.local_date,
        cast(
            count(*) filter (where minutes.state = 'still') as double
        ) as value,
        string_agg(distinct minutes.source, ', ' order by minutes.source)
        filter (where minutes.state not in ('not_worn', 'rest_unknown')) as source,
        round(count(*) filter (where minutes.state not in ('not_worn', 'rest_unknown')) / count(*), 6)
            as coverage_share
    from timeline.minutes
    group by minutes.subject, minutes.local_date
    having
        count(*) filter (where minutes.state in ('moving', 'still', 'awake_in_bed', 'asleep')) > 0
        and count(minutes.source) > 0
        -- a source of nothing but minutes of movement cannot tell a still one
        and (count(minutes.steps) > 0 or bool_or(minutes.state = 'still'))
)

select
    minute_counts.subject,
    minute_counts.local_date,
    'still_min' as metric,
    minute_counts.value,
    'min' as unit,
    minute_counts.source,
    'minute' as resolution,
    minute_counts.coverage_share
from minute_counts

union all

select
    told_days.subject,
    told_days.local_date,
    'still_min' as metric,
    told_days.value,
    'min' as unit,
    told_days.source,
    'day' as resolution,
    cast(null as double) as coverage_share
from stg.told_days
anti join minute_counts
    on
        told_days.subject = minute_counts.subject
        and told_days.local_date = minute_counts.local_date
where told_days.metric = 'still_min'
