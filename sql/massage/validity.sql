-- Which days and nights are valid
--
-- A measured value is always published; validity only says whether it is fit to be compared. A day is valid when it
-- was worn for at least min_worn_waking_min ([validity] of recovery.toml, 10 hours unless set) of its waking minutes.
-- Where no source can tell wear, it is valid when steps were reported, unless they are fewer than 500 and the date
-- has neither a resting heart rate nor a recorded sleep (a device left in a drawer). Never valid are excluded days
-- ([exclusions] of recovery.toml), and a date that is the first or last of each of its sources and was not recorded
-- from midnight to midnight. A night is valid when its main sleep took, from the first to the last minute asleep,
-- min_night_min to max_night_min (3 to 14 hours unless set) and its date is not excluded. A day of the diary is fit
-- to be compared when it is not excluded.
-- grain: one row per subject and local_date of the span (massage.spans)
-- missing: worn_min and worn_waking_min are NULL where no source can tell, or nothing was recorded
-- source: all
with dates as (
    select
        spans.subject,
        cast(unnest(generate_series(spans.first_date, spans.last_date, interval 1 day)) as date) as local_date
    from massage.spans
),

source_dates as (
    select
        days.subject,
        unnest(string_split(days.sources, ', ')) as source,
        days.local_date
    from stg.days

    union

    select
        day_values.subject,
        day_values.source,
        day_values.local_date
    from stg.day_values
),

source_edges as (
    select
        source_dates.subject,
        source_dates.local_date,
        source_dates.local_date in (
            min(source_dates.local_date) over one_source,
            max(source_dates.local_date) over one_source
        ) as is_edge
    from source_dates
    window one_source as (
        partition by source_dates.subject, source_dates.source
    )
),

edge_dates as (
    select
        source_edges.subject,
        source_edges.local_date
    from source_edges
    group by source_edges.subject, source_edges.local_date
    having bool_and(source_edges.is_edge)
),

main_sleeps as (
    select
        nights.subject,
        nights.local_date,
        date_diff('second', nights.onset_utc, nights.wake_utc) / 60 as night_min
    from stg.nights
    where nights.is_main
),

thresholds as (
    select
        max(validity.value) filter (where validity.name = 'min_worn_waking_min') as min_worn_waking_min,
        max(validity.value) filter (where validity.name = 'min_night_min') as min_night_min,
        max(validity.value) filter (where validity.name = 'max_night_min') as max_night_min
    from raw.validity
)

select
    dates.subject,
    dates.local_date,
    cast(days.worn_min as double) as worn_min,
    cast(days.worn_waking_min as double) as worn_waking_min,
    coalesce(
        exclusions.local_date is null
        and (edge_dates.local_date is null or days.recorded_min >= days.minute_count)
        and case
            when days.worn_waking_min is not null then days.worn_waking_min >= thresholds.min_worn_waking_min
            -- 500: below what anyone makes who carries the device, above the shakes of a drawer or a car
            else steps.value >= 500 or (
                steps.value is not null
                and (resting_heart_rate_bpm.value is not null or main_sleeps.local_date is not null)
            )
        end,
        false
    ) as is_valid_day,
    coalesce(
        exclusions.local_date is null
        and main_sleeps.night_min between thresholds.min_night_min and thresholds.max_night_min,
        false
    ) as is_valid_night,
    exclusions.reason as excluded_for
from dates
cross join thresholds
left join stg.days
    on
        dates.subject = days.subject
        and dates.local_date = days.local_date
left join edge_dates
    on
        dates.subject = edge_dates.subject
        and dates.local_date = edge_dates.local_date
left join main_sleeps
    on
        dates.subject = main_sleeps.subject
        and dates.local_date = main_sleeps.local_date
left join daily.steps
    on
        dates.subject = steps.subject
        and dates.local_date = steps.local_date
left join daily.resting_heart_rate_bpm
    on
        dates.subject = resting_heart_rate_bpm.subject
        and dates.local_date = resting_heart_rate_bpm.local_date
left join raw.exclusions
    on
        dates.subject = exclusions.subject
        and dates.local_date = exclusions.local_date
