-- Floors climbed
--
-- Floors climbed on the local day, as the device counts them from air pressure and steps. The sum of its records of
-- the day, each on the date it begins; a running total belongs to the device's own day. Where there is no record,
-- the source's total of the day.
-- family: movement
-- unit: floors
-- better: up
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with a record of floors
-- missing: no row where no source tells floors; 0 where one tells none
-- source: one a date, by priority, then by the number of records; sources are never added up
with sums_of_sources as (
    select
        readings.subject,
        readings.local_date,
        readings.source,
        round(fsum(readings.value), 6) as value,
        row_number() over (
            partition by readings.subject, readings.local_date
            order by
                min(readings.source_rank) asc,
                count(*) desc,
                readings.source asc
        ) as choice
    from stg.readings
    where readings.metric = 'floors'
    group by readings.subject, readings.local_date, readings.source
),

chosen_sums as (
    select
        sums_of_sources.subject,
        sums_of_sources.local_date,
        sums_of_sources.source,
        sums_of_sources.value
    from sums_of_sources
    where sums_of_sources.choice = 1
)

select
    chosen_sums.subject,
    chosen_sums.local_date,
    'floors' as metric,
    chosen_sums.value,
    'floors' as unit,
    chosen_sums.source,
    'interval' as resolution,
    cast(null as double) as coverage_share
from chosen_sums

union all

select
    told_days.subject,
    told_days.local_date,
    'floors' as metric,
    told_days.value,
    'floors' as unit,
    told_days.source,
    'day' as resolution,
    cast(null as double) as coverage_share
from stg.told_days
anti join chosen_sums
    on
        told_days.subject = chosen_sums.subject
        and told_days.local_date = chosen_sums.local_date
where told_days.metric = 'floors'
