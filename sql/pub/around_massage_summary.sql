-- The mean day around a massage
--
-- For each metric and day_offset, over the n massages whose day is valid and is not day 0 to +3 of another massage,
-- mean is the mean of the values. mean_change is the mean of the changes from each massage's own baseline, over the
-- n_change of these massages that have one. A description and no test; ci_low and ci_high are filled by the relation
-- effects' methods.
-- grain: one row per subject, metric and day_offset with any value around a massage
-- missing: mean is NULL and n is 0 where no day counts; ci_low and ci_high are NULL
-- source: around_massage
with counted_days as (
    select
        around.subject,
        around.metric,
        around.day_offset,
        around.massage_id,
        around.value,
        around.change, -- noqa: RF04
        around.is_valid and not around.overlaps_another as is_counted
    from massage.around
)

select
    counted_days.subject,
    counted_days.metric,
    counted_days.day_offset,
    round(
        avg(counted_days.value order by counted_days.massage_id) filter (where counted_days.is_counted), 6
    ) as mean,
    count(*) filter (where counted_days.is_counted) as n,
    round(
        avg(counted_days.change order by counted_days.massage_id) filter (where counted_days.is_counted), 6
    ) as mean_change,
    count(counted_days.change) filter (where counted_days.is_counted) as n_change,
    cast(null as double) as ci_low,
    cast(null as double) as ci_high
from counted_days
group by counted_days.subject, counted_days.metric, counted_days.day_offset
order by counted_days.subject, counted_days.metric, counted_days.day_offset
