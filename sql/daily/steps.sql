-- Steps
--
-- All steps of the local day. The sum, over its minutes, of the steps that the source selected for the minute reports,
-- worn or not. Where no minute of the date has a step record, the total that a source gives for the whole day.
-- family: movement
-- unit: steps
-- better: up
-- smallest worthwhile change: 600 (a day; of 600-1,100 found in COPD, Demeyer 2016; none for back pain)
-- counted by: day
-- grain: one row per subject and local_date with a record of steps
-- missing: no row where no source reports steps; 0 where a source reports none
-- day values: yes
-- source: the source selected for each minute (timeline.minutes); sources are never added up
select
    minutes.subject,
    minutes.local_date,
    sum(minutes.steps) as value,
    string_agg(distinct minutes.source, ', ' order by minutes.source)
    filter (where minutes.steps is not null) as source,
    if(bool_or(minutes.is_coarse and minutes.steps > 0), 'interval', 'minute') as resolution,
    round(count(minutes.steps) / count(*), 6) as coverage_share
from timeline.minutes
group by minutes.subject, minutes.local_date
having count(minutes.steps) > 0
