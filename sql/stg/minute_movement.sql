-- Movement of each minute, as each source reports it
--
-- The steps, metres and energy of an interval are spread evenly over the minutes it is placed at
-- (stg.placed_movement). Steps are spread as whole numbers that add up to the total exactly. A total of metres that is
-- read more rarely than that of the steps follows the steps of its interval.
-- is_coarse: some of it is of an interval too long to know the minute (stg.placed_movement).
-- distance_rest_m, active_energy_rest_kcal: what rounding to thousandths leaves off.
-- grain: subject, source, minute_utc
-- missing: no row for a minute in which the source reports no movement
-- source: every source for itself
with numbered as (
    select
        placed_movement.*,
        placed_movement.to_minute + 1 - placed_movement.from_minute as minute_count,
        unnest(range(placed_movement.to_minute + 1 - placed_movement.from_minute)) as ordinal
    from stg.placed_movement
),

spread as (
    select
        numbered.subject,
        numbered.source,
        numbered.metric,
        numbered.activity,
        numbered.start_utc,
        numbered.end_utc,
        numbered.device_date,
        numbered.is_coarse,
        numbered.is_split,
        numbered.from_minute + numbered.ordinal as minute_number,
        case
            when numbered.metric <> 'steps' then numbered.value / numbered.minute_count
            else
                round(
                    numbered.value_until
                    - numbered.value * (numbered.minute_count - numbered.ordinal - 1) / numbered.minute_count
                )
                - round(
                    numbered.value_until
                    - numbered.value * (numbered.minute_count - numbered.ordinal) / numbered.minute_count
                )
        end as value
    from numbered
),

-- steps and the metres they made, where a total of metres is read more rarely than that of the steps
walked as (
    select
        spread.subject,
        spread.source,
        spread.activity,
        spread.minute_number,
        spread.value as steps,
        metres.value as distance_m,
        metres.end_utc as read_utc
    from spread
    asof inner join stg.placed_movement as metres
        on
            spread.subject = metres.subject
            and spread.source = metres.source
            and spread.activity = metres.activity
            and spread.metric = 'steps'
            and metres.metric = 'distance_m'
            and spread.device_date = metres.device_date
            and spread.end_utc <= metres.end_utc
    where
        spread.value > 0
        and spread.end_utc > metres.start_utc
        and not spread.is_split
        and not metres.is_split
        -- else all minutes of a source without totals are sorted for nothing
        and spread.device_date is not null
        and metres.device_date is not null
),

shared as (
    select
        walked.subject,
        walked.source,
        walked.activity,
        walked.minute_number,
        walked.read_utc,
        walked.distance_m * walked.steps / sum(walked.steps) over (
            partition by walked.subject, walked.source, walked.activity, walked.read_utc
        ) as distance_m
    from walked
),

movement as (
    select
        spread.subject,
        spread.source,
        spread.metric,
        spread.minute_number,
        spread.value,
        spread.is_coarse
    from spread
    anti join shared
        on
            spread.subject = shared.subject
            and spread.source = shared.source
            and spread.activity = shared.activity
            and spread.metric = 'distance_m'
            and spread.end_utc = shared.read_utc
    where spread.value > 0 or spread.is_coarse
    union all
    select
        shared.subject,
        shared.source,
        'distance_m' as metric,
        shared.minute_number,
        shared.distance_m as value,
        false as is_coarse
    from shared
)

select
    movement.subject,
    movement.source,
    make_timestamp(movement.minute_number * 60000000) as minute_utc,
    cast(sum(movement.value) filter (where movement.metric = 'steps') as integer) as steps,
    round(sum(movement.value) filter (where movement.metric = 'distance_m'), 3) as distance_m,
    round(sum(movement.value) filter (where movement.metric = 'active_energy_kcal'), 3) as active_energy_kcal,
    sum(movement.value) filter (where movement.metric = 'distance_m') - distance_m as distance_rest_m,
    sum(movement.value) filter (where movement.metric = 'active_energy_kcal') - active_energy_kcal
        as active_energy_rest_kcal,
    bool_or(movement.metric in ('active_s', 'moderate_s', 'vigorous_s')) as is_active,
    bool_or(movement.metric = 'moderate_s') as is_moderate,
    bool_or(movement.metric = 'vigorous_s') as is_vigorous,
    bool_or(movement.is_coarse) as is_coarse

from movement

group by movement.subject, movement.source, movement.minute_number
