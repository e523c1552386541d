-- Longest time still
--
-- The longest unbroken stretch of minutes of the local day that were worn, awake, out of bed and without movement.
-- One minute of anything else ends it. Midnight cuts a stretch in two.
-- family: rest
-- unit: min
-- better: down
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with a worn minute, where a source tells steps or a still minute
-- missing: no row where no such minute was worn; 0 where there was one and never still
-- source: the one that counts in each minute (timeline.minutes); sources are never added up
with still_minutes as (
    select
        minutes.subject,
        minutes.local_date,
        minutes.minute_utc - to_minutes(
            row_number() over (
                partition by minutes.subject, minutes.local_date
                order by minutes.minute_utc
            )
        ) as stretch
    from timeline.minutes
    where minutes.state = 'still'
),

stretches as (
    select
        still_minutes.subject,
        still_minutes.local_date,
        count(*) as length_min
    from still_minutes
    group by still_minutes.subject, still_minutes.local_date, still_minutes.stretch
),

longest_stretches as (
    select
        stretches.subject,
        stretches.local_date,
        max(stretches.length_min) as length_min
    from stretches
    group by stretches.subject, stretches.local_date
),

worn_days as (
    select
        minutes.subject,
        minutes.local_date,
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

longest_of_days as (
    select
        worn_days.subject,
        worn_days.local_date,
        cast(coalesce(longest_stretches.length_min, 0) as double) as value,
        worn_days.source,
        worn_days.coverage_share
    from worn_days
    left join longest_stretches
        on
            worn_days.subject = longest_stretches.subject
            and worn_days.local_date = longest_stretches.local_date
)

select
    longest_of_days.subject,
    longest_of_days.local_date,
    'longest_still_min' as metric,
    longest_of_days.value,
    'min' as unit,
    longest_of_days.source,
    'minute' as resolution,
    longest_of_days.coverage_share
from longest_of_days

union all

select
    told_days.subject,
    told_days.local_date,
    'longest_still_min' as metric,
    told_days.value,
    'min' as unit,
    told_days.source,
    'day' as resolution,
    cast(null as double) as coverage_share
from stg.told_days
anti join longest_of_days
    on
        told_days.subject = longest_of_days.subject
        and told_days.local_date = longest_of_days.local_date
where told_days.metric = 'longest_still_min'
