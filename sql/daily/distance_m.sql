-- Distance on foot and otherwise by own effort
--
-- The metres moved on the local day, as the device works them out, mostly from steps. The sum over the day's minutes
-- of the source that counts in each. Where no minute of the date has a distance, the total that a source gives for
-- the whole day.
-- family: movement
-- unit: m
-- better: up
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with a record of distance
-- missing: no row where no source tells distance; 0 where a source tells that there was none
-- source: the one that counts in each minute (timeline.minutes); sources are never added up
with minute_totals as (
    select
        minutes.subject,
        minutes.local_date,
        round(fsum(minutes.distance_m), 6) as value,
        string_agg(distinct minutes.source, ', ' order by minutes.source)
        filter (where minutes.distance_m is not null) as source,
        round(count(minutes.distance_m) / count(*), 6) as coverage_share
    from timeline.minutes
    group by minutes.subject, minutes.local_date
    having count(minutes.distance_m) > 0
)

select
    minute_totals.subject,
    minute_totals.local_date,
    'distance_m' as metric,
    minute_totals.value,
    'm' as unit,
    minute_totals.source,
    'minute' as resolution,
    minute_totals.coverage_share
from minute_totals

union all

select
    told_days.subject,
    told_days.local_date,
    'distance_m' as metric,
    told_days.value,
    'm' as unit,
    told_days.source,
    'day' as resolution,
    cast(null as double) as coverage_share
from stg.told_days
anti join minute_totals
    on
        told_days.subject = minute_totals.subject
        and told_days.local_date = minute_totals.local_date
where told_days.metric = 'distance_m'
