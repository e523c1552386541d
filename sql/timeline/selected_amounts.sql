-- Amounts of the selected source
--
-- Steps, metres and kilocalories of the minutes of which a source is the selected one, the time in movement that it
-- reports for minutes that are moving, and the floors of its date; of heart rate, stress and readings the number of
-- those that the selected source made. They count, unless the value that a source gives for the whole day does
-- (massage.ledger).
-- grain: subject, local_date, source, metric
-- missing: no row where the source is selected for no minute, or reports none of the metric in these
-- source: the selected ones; of readings one a date
-- kept: yes
with of_minutes as (
    select
        minutes.subject,
        minutes.local_date,
        minutes.source,
        minutes.heart_source,
        sum(minutes.steps) as steps,
        fsum(minutes.distance_m) as distance_m,
        fsum(minutes.active_energy_kcal) as active_energy_kcal,
        nullif(sum(minutes.heart_rate_count), 0) as heart_rate_count,
        nullif(sum(minutes.stress_count), 0) as stress_count
    from timeline.minutes
    group by minutes.subject, minutes.local_date, minutes.source, minutes.heart_source
),

by_metric as (
    select
        of_minutes.subject,
        of_minutes.local_date,
        of_minutes.source,
        unnest(['steps', 'distance_m', 'active_energy_kcal']) as metric,
        unnest([of_minutes.steps, of_minutes.distance_m, of_minutes.active_energy_kcal]) as value
    from of_minutes
    where of_minutes.source is not null
    union all
    select
        of_minutes.subject,
        of_minutes.local_date,
        of_minutes.heart_source as source,
        unnest(['heart_rate_bpm', 'stress']) as metric,
        unnest([of_minutes.heart_rate_count, of_minutes.stress_count]) as value
    from of_minutes
    where of_minutes.heart_source is not null
),

of_states as (
    select
        minutes.subject,
        minutes.local_date,
        selected_active.source,
        unnest(['moving_min', 'moderate_min', 'vigorous_min']) as metric,
        unnest([selected_active.active_s, selected_active.moderate_s, selected_active.vigorous_s]) / 60 as value
    from stg.selected_active
    inner join timeline.minutes
        on selected_active.subject = minutes.subject and selected_active.minute_utc = minutes.minute_utc
    where selected_active.is_of_minute and minutes.is_moving
)

select
    by_metric.subject,
    by_metric.local_date,
    by_metric.source,
    by_metric.metric,
    round(fsum(by_metric.value), 6) as value
from by_metric
where by_metric.value is not null
group by by_metric.subject, by_metric.local_date, by_metric.source, by_metric.metric

union all

select
    of_states.subject,
    of_states.local_date,
    of_states.source,
    of_states.metric,
    round(fsum(of_states.value), 6) as value
from of_states
where of_states.value is not null
group by of_states.subject, of_states.local_date, of_states.source, of_states.metric

union all

select
    selected_readings.subject,
    selected_readings.local_date,
    selected_readings.source,
    selected_readings.metric,
    selected_readings.amount as value
from stg.selected_readings
