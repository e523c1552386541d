-- Longest time still
--
-- The longest unbroken stretch of minutes of the local day that were worn, awake, out of bed and without movement.
-- One minute of anything else ends it. Midnight cuts a stretch in two.
-- family: rest
-- unit: min
-- better: down
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with a worn minute, where a source reports steps or a still minute
-- missing: no row where no such minute was worn; 0 where there was one and never still
-- day values: yes
-- source: the source selected for each minute (timeline.minutes); sources are never added up
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
)

select
    worn_days.subject,
    worn_days.local_date,
    coalesce(longest_stretches.length_min, 0) as value,
    worn_days.source,
    'minute' as resolution,
    worn_days.coverage_share
from timeline.worn_days
left join longest_stretches
    on
        worn_days.subject = longest_stretches.subject
        and worn_days.local_date = longest_stretches.local_date
where worn_days.is_stillness_known
