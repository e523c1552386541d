-- Readings of a night, of the selected source
--
-- For each date and metric the mean of the readings taken during the main sleep that ends on it; on a date with none,
-- the mean of all its readings. The metrics of sql/daily that are counted by night use it.
-- grain: subject, local_date, metric
-- missing: no row without a reading
-- source: one a date: first one with readings of the main sleep, then by priority, then by the number of readings
select
    readings.subject,
    readings.local_date,
    readings.metric,
    readings.source,
    round(
        case
            when bool_or(readings.is_in_main_sleep)
                then favg(readings.value) filter (where readings.is_in_main_sleep)
            else favg(readings.value)
        end,
        6
    ) as value,
    cast(count(*) as integer) as reading_count
from stg.readings
group by readings.subject, readings.local_date, readings.metric, readings.source
qualify
    row_number() over (
        partition by readings.subject, readings.local_date, readings.metric
        order by
            bool_or(readings.is_in_main_sleep) desc,
            min(readings.source_rank) asc,
            count(*) desc,
            readings.source asc
    ) = 1
