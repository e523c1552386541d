-- Minutes moving
--
-- Minutes of the local day with at least one step, with growth of the device's active time, or inside a recorded
-- activity (timeline state moving). The massage hour, minutes asleep or in bed and minutes not worn never count.
-- family: movement
-- unit: min
-- better: up
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with a minute of which a source tells whether it was moving
-- missing: no row where no such minute was worn; 0 where there was one and none counts
-- source: the one that counts in each minute (timeline.minutes); sources are never added up
with minute_counts as (
    select
        minutes.subject,
        minutes.local_date,
        cast(
            count(*) filter (where minutes.state = 'moving') as double
        ) as value,
        coalesce(
            string_agg(distinct minutes.source, ', ' order by minutes.source)
            filter (where minutes.state not in ('not_worn', 'rest_unknown')),
            'recorded activity'
        ) as source,
        round(count(*) filter (where minutes.state not in ('not_worn', 'rest_unknown')) / count(*), 6)
            as coverage_share
    from timeline.minutes
    group by minutes.subject, minutes.local_date
    having
        count(*) filter (where minutes.state in ('moving', 'still', 'awake_in_bed', 'asleep')) > 0
        and (count(minutes.source) > 0 or bool_or(minutes.state = 'moving'))
)

select
    minute_counts.subject,
    minute_counts.local_date,
    'moving_min' as metric,
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
    'moving_min' as metric,
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
where told_days.metric = 'moving_min'
