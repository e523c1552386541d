-- Readings of a date, of the selected source
--
-- For each date and metric the mean, the sum, the last and the highest of the readings (stg.readings) of one source.
-- Each metric of sql/daily says which of the four it is.
-- grain: subject, local_date, metric
-- missing: no row without a reading
-- source: one a date, by priority, then by the number of readings, then by name; sources are never mixed
select
    readings.subject,
    readings.local_date,
    readings.metric,
    readings.source,
    round(favg(readings.value), 6) as mean_value,
    round(fsum(readings.value), 6) as sum_value,
    arg_max(readings.value, (readings.start_utc, readings.value)) as last_value,
    max(readings.value) as max_value,
    cast(count(*) as integer) as reading_count

from stg.readings

group by readings.subject, readings.local_date, readings.metric, readings.source

qualify row_number() over (
    partition by readings.subject, readings.local_date, readings.metric
    order by min(readings.source_rank) asc, count(*) desc, readings.source asc
) = 1
