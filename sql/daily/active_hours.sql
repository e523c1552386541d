-- Hours with some walking
--
-- How many of the 18 hours from 6 in the morning to midnight of the wall clock had at least 250 steps. It separates a
-- day with movement all through it from a day with one long walk.
-- family: movement
-- unit: h
-- better: up
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with a step record between 06:00 and 24:00
-- missing: no row where no source reports steps in these hours; 0 where one does and no hour had 250
-- day values: yes
-- source: the source selected for each minute (timeline.minutes); sources are never added up
with hours as (
    select
        minutes.subject,
        minutes.local_date,
        sum(minutes.steps) as steps,
        count(minutes.steps) as counted_min,
        count(*) as minute_count,
        coalesce(bool_or(minutes.is_coarse and minutes.steps > 0), false) as is_coarse
    from timeline.minutes
    where hour(minutes.local_time) >= 6
    group by minutes.subject, minutes.local_date, hour(minutes.local_time)
),

sources as (
    select
        minutes.subject,
        minutes.local_date,
        string_agg(distinct minutes.source, ', ' order by minutes.source) as source
    from timeline.minutes
    where hour(minutes.local_time) >= 6 and minutes.steps is not null
    group by minutes.subject, minutes.local_date
)

select
    hours.subject,
    hours.local_date,
    count(*) filter (where hours.steps >= 250) as value,
    sources.source,
    if(bool_or(hours.is_coarse), 'interval', 'minute') as resolution,
    round(sum(hours.counted_min) / sum(hours.minute_count), 6) as coverage_share
from hours
inner join sources
    on
        hours.subject = sources.subject
        and hours.local_date = sources.local_date
group by hours.subject, hours.local_date, sources.source
