-- Amounts of the selected source
--
-- Steps, metres and kilocalories of the minutes of which a source is the selected one, and the floors of its date. They
-- count, unless the total that a source gives for the whole day does (massage.ledger).
-- grain: subject, local_date, source, metric
-- missing: no row where the source is selected for no minute, or reports none of the metric in these
-- source: the selected ones; of floors one a date
-- kept: yes
with of_minutes as (
    select
        minutes.subject,
        minutes.local_date,
        minutes.source,
        cast(sum(minutes.steps) as double) as steps,
        fsum(minutes.distance_m) as distance_m,
        fsum(minutes.active_energy_kcal) as active_energy_kcal
    from timeline.minutes
    where minutes.source is not null
    group by minutes.subject, minutes.local_date, minutes.source
),

by_metric as (
    select
        of_minutes.subject,
        of_minutes.local_date,
        of_minutes.source,
        unnest(['steps', 'distance_m', 'active_energy_kcal']) as metric,
        unnest([of_minutes.steps, of_minutes.distance_m, of_minutes.active_energy_kcal]) as value
    from of_minutes
)

select
    by_metric.subject,
    by_metric.local_date,
    by_metric.source,
    by_metric.metric,
    round(by_metric.value, 6) as value
from by_metric
where by_metric.value is not null

union all

select
    day_readings.subject,
    day_readings.local_date,
    day_readings.source,
    day_readings.metric,
    day_readings.sum_value as value
from stg.day_readings
where day_readings.metric = 'floors'
