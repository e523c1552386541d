-- Share of the waking day spent still
--
-- Minutes awake and still, divided by all worn waking minutes of the local day (moving, still, or awake in bed;
-- timeline states), 0 to 1. The massage hour is left out above and below.
-- family: rest
-- unit: share
-- better: down
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with a worn waking minute
-- missing: no row without a worn waking minute; 0 where never still
-- source: the one that counts in each minute (timeline.minutes); sources are never added up
with minute_counts as (
    select
        minutes.subject,
        minutes.local_date,
        count(*) filter (where minutes.state = 'moving') as moving_min,
        count(*) filter (where minutes.state = 'still') as still_min,
        count(*) filter (where minutes.state = 'awake_in_bed') as awake_in_bed_min,
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

shares as (
    select
        minute_counts.subject,
        minute_counts.local_date,
        round(
            minute_counts.still_min
            / (minute_counts.moving_min + minute_counts.still_min + minute_counts.awake_in_bed_min),
            6
        ) as value,
        minute_counts.source,
        minute_counts.coverage_share
    from minute_counts
    where minute_counts.moving_min + minute_counts.still_min + minute_counts.awake_in_bed_min > 0
)

select
    shares.subject,
    shares.local_date,
    'rest_share' as metric,
    shares.value,
    'share' as unit,
    shares.source,
    'minute' as resolution,
    shares.coverage_share
from shares

union all

select
    told_days.subject,
    told_days.local_date,
    'rest_share' as metric,
    told_days.value,
    'share' as unit,
    told_days.source,
    'day' as resolution,
    cast(null as double) as coverage_share
from stg.told_days
anti join shares
    on
        told_days.subject = shares.subject
        and told_days.local_date = shares.local_date
where told_days.metric = 'rest_share'
