-- What each source reports of its whole days
--
-- The total or mean that a vendor reports for a calendar date; where it reports none, the growth of a device's own
-- running totals on the device's own day. pub.reconciliation compares ours with it.
-- grain: subject, source, local_date, metric
-- missing: no row where a source reports nothing of the whole day
-- source: every source for itself
-- kept: yes
with running_totals as (
    select
        counter_intervals.subject,
        counter_intervals.source,
        counter_intervals.device_date as local_date,
        counter_intervals.metric,
        round(sum(counter_intervals.value), 3) as value
    from stg.counter_intervals
    where counter_intervals.metric in ('steps', 'distance_m', 'active_energy_kcal', 'floors')
    group by
        counter_intervals.subject,
        counter_intervals.source,
        counter_intervals.device_date,
        counter_intervals.metric
)

select
    day_values.subject,
    day_values.source,
    day_values.local_date,
    day_values.metric,
    day_values.value,
    'told' as told_as
from stg.day_values

union all

select
    running_totals.subject,
    running_totals.source,
    running_totals.local_date,
    running_totals.metric,
    running_totals.value,
    'running total' as told_as
from running_totals
anti join stg.day_values
    on
        running_totals.subject = day_values.subject
        and running_totals.source = day_values.source
        and running_totals.local_date = day_values.local_date
        and running_totals.metric = day_values.metric
