-- Energy of movement
--
-- Kilocalories spent on movement on the local day, without what the body needs at rest, as the device works them
-- out. The sum over the day's minutes of the source that counts in each. Where no minute of the date has one, the
-- source's total of the day.
-- family: movement
-- unit: kcal
-- better: up
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with a record of energy of movement
-- missing: no row where no source tells energy of movement; 0 where a source tells that there was none
-- source: the one that counts in each minute (timeline.minutes); sources are never added up
with minute_totals as (
    select
        minutes.subject,
        minutes.local_date,
        round(fsum(minutes.active_energy_kcal), 6) as value,
        string_agg(distinct minutes.source, ', ' order by minutes.source)
        filter (where minutes.active_energy_kcal is not null) as source,
        round(count(minutes.active_energy_kcal) / count(*), 6) as coverage_share
    from timeline.minutes
    group by minutes.subject, minutes.local_date
    having count(minutes.active_energy_kcal) > 0
)

select
    minute_totals.subject,
    minute_totals.local_date,
    'active_energy_kcal' as metric,
    minute_totals.value,
    'kcal' as unit,
    minute_totals.source,
    'minute' as resolution,
    minute_totals.coverage_share
from minute_totals

union all

select
    told_days.subject,
    told_days.local_date,
    'active_energy_kcal' as metric,
    told_days.value,
    'kcal' as unit,
    told_days.source,
    'day' as resolution,
    cast(null as double) as coverage_share
from stg.told_days
anti join minute_totals
    on
        told_days.subject = minute_totals.subject
        and told_days.local_date = minute_totals.local_date
where told_days.metric = 'active_energy_kcal'
