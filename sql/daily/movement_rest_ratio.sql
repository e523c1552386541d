-- Movement to rest
--
-- Minutes moving divided by minutes awake and still on the local day; 0.5 means one minute of movement for two of
-- rest.
-- family: rest
-- unit: ratio
-- better: up
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with a minute awake and still
-- missing: no row without a still minute; 0 where there was one and none moving
-- source: the one that counts in each minute (timeline.minutes); sources are never added up
with minute_counts as (
    select
        minutes.subject,
        minutes.local_date,
        count(*) filter (where minutes.state = 'moving') as moving_min,
        count(*) filter (where minutes.state = 'still') as still_min,
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
),

ratios as (
    select
        minute_counts.subject,
        minute_counts.local_date,
        round(minute_counts.moving_min / minute_counts.still_min, 6) as value,
        minute_counts.source,
        minute_counts.coverage_share
    from minute_counts
    where minute_counts.still_min > 0
)

select
    ratios.subject,
    ratios.local_date,
    'movement_rest_ratio' as metric,
    ratios.value,
    'ratio' as unit,
    ratios.source,
    'minute' as resolution,
    ratios.coverage_share
from ratios

union all

select
    told_days.subject,
    told_days.local_date,
    'movement_rest_ratio' as metric,
    told_days.value,
    'ratio' as unit,
    told_days.source,
    'day' as resolution,
    cast(null as double) as coverage_share
from stg.told_days
anti join ratios
    on
        told_days.subject = ratios.subject
        and told_days.local_date = ratios.local_date
where told_days.metric = 'movement_rest_ratio'
