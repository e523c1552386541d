-- Longest walk
--
-- The longest stretch of the local day in which the person kept walking, from its first to its last minute with a
-- step. One minute without a step does not end it and is part of it; two in a row end it. Midnight cuts a stretch in
-- two.
-- family: movement
-- unit: min
-- better: up
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with a worn minute of which a source reports steps
-- missing: no row where no such minute was worn; 0 where there was one and no step was made
-- day values: yes
-- source: the source selected for each minute (timeline.minutes); sources are never added up
with walking_minutes as (
    select
        minutes.subject,
        minutes.local_date,
        minutes.minute_utc,
        coalesce(
            minutes.minute_utc - lag(minutes.minute_utc) over day_minutes > interval 2 minutes,
            true
        ) as is_first
    from timeline.minutes
    where minutes.state = 'moving' and minutes.steps > 0
    window day_minutes as (
        partition by minutes.subject, minutes.local_date
        order by minutes.minute_utc
    )
),

numbered_minutes as (
    select
        walking_minutes.subject,
        walking_minutes.local_date,
        walking_minutes.minute_utc,
        count_if(walking_minutes.is_first) over (
            partition by walking_minutes.subject, walking_minutes.local_date
            order by walking_minutes.minute_utc
        ) as walk
    from walking_minutes
),

walks as (
    select
        numbered_minutes.subject,
        numbered_minutes.local_date,
        date_diff('minute', min(numbered_minutes.minute_utc), max(numbered_minutes.minute_utc)) + 1 as length_min
    from numbered_minutes
    group by numbered_minutes.subject, numbered_minutes.local_date, numbered_minutes.walk
),

longest_walks as (
    select
        walks.subject,
        walks.local_date,
        max(walks.length_min) as length_min
    from walks
    group by walks.subject, walks.local_date
),

worn_days as (
    select
        minutes.subject,
        minutes.local_date,
        string_agg(distinct minutes.source, ', ' order by minutes.source)
        filter (where minutes.state <> 'not_worn' and minutes.steps is not null) as source,
        round(
            count(*) filter (where minutes.state not in ('not_worn', 'rest_unknown', 'unknown', 'worn')) / count(*), 6
        ) as coverage_share
    from timeline.minutes
    group by minutes.subject, minutes.local_date
    having count(*) filter (where minutes.state <> 'not_worn' and minutes.steps is not null) > 0
)

select
    worn_days.subject,
    worn_days.local_date,
    coalesce(longest_walks.length_min, 0) as value,
    worn_days.source,
    'minute' as resolution,
    worn_days.coverage_share
from worn_days
left join longest_walks
    on
        worn_days.subject = longest_walks.subject
        and worn_days.local_date = longest_walks.local_date
