-- What rounding leaves off in the minutes of a date
--
-- What whole steps leave off in the minutes of an interval, on the date of its record (stg.placed_movement), and what
-- thousandths of metres and kilocalories leave off, on the date of the minute (stg.minute_movement).
-- grain: subject, local_date, source, metric
-- missing: no row where every number was whole
-- source: every source for itself
with rests as (
    select
        minute_movement.subject,
        minute_movement.source,
        if(
            clock_change_quarters.quarter_number is null,
            make_timestamp(epoch_us(minute_movement.minute_utc) // 900000000 * 900000000),
            minute_movement.minute_utc
        ) as time_utc,
        sum(minute_movement.distance_rest_m) as distance_m,
        sum(minute_movement.active_energy_rest_kcal) as active_energy_kcal
    from stg.minute_movement
    left join stg.clock_change_quarters
        on
            minute_movement.subject = clock_change_quarters.subject
            and epoch_us(minute_movement.minute_utc) // 900000000 = clock_change_quarters.quarter_number
    where minute_movement.distance_rest_m <> 0 or minute_movement.active_energy_rest_kcal <> 0
    group by all
),

by_metric as (
    select
        rests.subject,
        cast(rests.time_utc + to_minutes(clock_offsets.offset_min) as date) as local_date,
        rests.source,
        unnest(['distance_m', 'active_energy_kcal']) as metric,
        unnest([rests.distance_m, rests.active_energy_kcal]) as amount
    from rests
    asof inner join stg.clock_offsets
        on rests.subject = clock_offsets.subject and rests.time_utc >= clock_offsets.start_utc
)

select
    by_metric.subject,
    by_metric.local_date,
    by_metric.source,
    by_metric.metric,
    sum(by_metric.amount) as amount
from by_metric
where by_metric.amount is not null
group by by_metric.subject, by_metric.local_date, by_metric.source, by_metric.metric

union all

select
    placed_movement.subject,
    placed_movement.home_date as local_date,
    placed_movement.source,
    'steps' as metric,
    sum(
        placed_movement.value - round(placed_movement.value_until)
        + round(placed_movement.value_until - placed_movement.value)
    ) as amount
from stg.placed_movement
where
    placed_movement.metric = 'steps'
    and (
        placed_movement.value <> round(placed_movement.value)
        or placed_movement.value_until <> round(placed_movement.value_until)
    )
group by placed_movement.subject, placed_movement.source, placed_movement.home_date
