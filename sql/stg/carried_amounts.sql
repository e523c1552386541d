-- Amounts that are placed on another date than that of their record
--
-- Minutes after midnight (stg.minute_movement), and readings of a night (stg.readings). Of readings without a sum
-- (raw.summed_metrics) their number.
-- home_date: the date of the record; local_date: that on which it is placed.
-- grain: none; several of one source, metric and dates
-- source: every source for itself
with stretches as (
    select
        placed_movement.subject,
        placed_movement.source,
        placed_movement.metric,
        placed_movement.home_date,
        local_days.local_date,
        placed_movement.value,
        placed_movement.value_until,
        placed_movement.to_minute + 1 - placed_movement.from_minute as minute_count,
        greatest(epoch_us(local_days.start_utc) // 60000000, placed_movement.from_minute) - placed_movement.from_minute
            as first_ordinal,
        least(epoch_us(local_days.end_utc) // 60000000, placed_movement.to_minute + 1) - placed_movement.from_minute
            as end_ordinal
    from stg.placed_movement
    inner join stg.local_days
        on
            placed_movement.subject = local_days.subject
            and epoch_us(local_days.start_utc) // 60000000 <= placed_movement.to_minute
            and epoch_us(local_days.end_utc) // 60000000 > placed_movement.from_minute
    where placed_movement.is_split and placed_movement.home_date <> local_days.local_date
),

carried as (
    select
        stretches.subject,
        stretches.source,
        stretches.metric,
        stretches.home_date,
        stretches.local_date,
        if(
            stretches.metric = 'steps',
            round(
                stretches.value_until
                - stretches.value * (stretches.minute_count - stretches.end_ordinal) / stretches.minute_count
            )
            - round(
                stretches.value_until
                - stretches.value * (stretches.minute_count - stretches.first_ordinal) / stretches.minute_count
            ),
            stretches.value * (stretches.end_ordinal - stretches.first_ordinal) / stretches.minute_count
        ) as value
    from stretches
    union all
    select
        readings.subject,
        readings.source,
        readings.metric,
        readings.record_date as home_date,
        readings.local_date,
        readings.value
    from stg.readings
    where readings.record_date <> readings.local_date
)

select
    carried.subject,
    carried.source,
    coalesce(summed_metrics.ledger_metric, carried.metric) as metric,
    carried.home_date,
    carried.local_date,
    if(summed_metrics.metric is null, 1, carried.value / summed_metrics.unit_size) as amount

from carried

left join raw.summed_metrics on carried.metric = summed_metrics.metric
