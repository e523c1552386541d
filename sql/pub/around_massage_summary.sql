-- The mean day around a massage
--
-- For each metric and day_offset, over the n massages whose day is valid and is not day 0 to +3 of another massage,
-- mean is the mean of the values. mean_change is the mean of the changes from each massage's own baseline, over the
-- n_change of these massages that have one. ci_low and ci_high enclose the mean: in 95 of 100 cases chance alone does
-- not move it further, given how much this person's days depend on the days before. This describes and does not test
-- what massages do: the days before a massage differ where people book when it hurts (see effects).
-- grain: one row per subject, metric and day_offset with any value around a massage
-- missing: mean is NULL and n is 0 where no day is valid; ci_low and ci_high are NULL where an interval would need more
-- valid days or massages
-- source: around_massage, answers.around_intervals
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
),

means as (
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
        count(counted_days.change) filter (where counted_days.is_counted) as n_change
    from counted_days
    group by counted_days.subject, counted_days.metric, counted_days.day_offset
)

select
    means.subject,
    means.metric,
    means.day_offset, -- days from the massage, -7 to 7
    means.mean, -- of the values
    means.n, -- massages whose day counts
    means.mean_change, -- mean of the changes from each massage's own baseline
    means.n_change, -- massages that have one
    round(means.mean - around_intervals.half_width, 6) as ci_low, -- 95% interval of the mean
    round(means.mean + around_intervals.half_width, 6) as ci_high -- its upper end
from means
left join answers.around_intervals
    on
        means.subject = around_intervals.subject
        and means.metric = around_intervals.metric
        and means.day_offset = around_intervals.day_offset
order by means.subject, means.metric, means.day_offset
