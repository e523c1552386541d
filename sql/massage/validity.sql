-- Which days and nights are valid
--
-- A measured value is always published; validity only says whether it is fit to be compared. A day is valid when it
-- was worn for at least min_worn_waking_min ([validity] of recovery.toml, 10 hours unless set) of its waking minutes.
-- Where no source can tell wear, it is valid when steps were reported, unless they are fewer than 500 and the date
-- has neither a resting heart rate nor a recorded sleep (a device left in a drawer). Never valid are excluded days
-- ([exclusions] of recovery.toml), and a date that is the first or last of each of its sources and was not recorded
-- from midnight to midnight, and a date of which a reported number is unaccounted for (massage.ledger). A night is
-- valid when its main sleep took, from the first to the last minute asleep, min_night_min to max_night_min (3 to 14
-- hours unless set) and its date is not excluded. A day of the diary is fit to be compared when it is not excluded.
-- Days and nights that are not complete are not valid. A day is complete when each selected source that can be
-- incomplete (massage.source_ends) is complete on it; incomplete_sources names the others. A night is complete when
-- its source went on for 3 hours after it, by a record or by the date of an export, or tells nothing but nights: it
-- writes them when they are over. is_worn_enough: valid but for that, which is asked of each value's sources.
-- ..._unless_excluded: the same where excluded days count, as they do in looks of dates before they were excluded.
-- A valid day is valid for rest when its waking hours (timeline.waking_hours) are known, 80% of them at least, or
-- min_worn_waking_min where that is less; of a person who has none, when the night before the day is accounted for.
-- night_status is how the night that ends on the date is known: recorded (a main sleep), inferred (stg.rest_windows),
-- or unknown; night_confidence is the share of such nights whose beginning and end are right to an hour.
-- rest_from_hour and rest_to_hour are the hours in which rest is counted, the same on all days of the person (25 is 1
-- o'clock of the night).
-- grain: one row per subject and local_date of the span (massage.spans)
-- missing: worn_min and worn_waking_min are NULL where no source can tell, or nothing was recorded; the hours of rest
-- where no hours of the clock are awake on most days: then the whole day is counted
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
        date_diff('second', nights.onset_utc, nights.wake_utc) / 60 as night_min,
        coalesce(
            case
                -- 3 hours: up to then sleep goes on after a long waking (stg.night_sessions)
                when source_ends.exported_utc >= nights.in_bed_end_utc + interval 3 hour then true
                when source_ends.exported_utc > nights.in_bed_end_utc then false
                -- a day before: what told nothing all night and the day before it tells nights only
                when source_ends.last_record_utc < nights.in_bed_start_utc - interval 1 day then true
                else source_ends.last_record_utc >= nights.in_bed_end_utc + interval 3 hour
            end,
            true
        ) as is_complete
    from stg.nights
    left join massage.source_ends
        on
            nights.subject = source_ends.subject
            and regexp_replace(nights.source, ':part$', '') = source_ends.source
    where nights.is_main
),

-- the sources whose numbers a day is made of: of its minutes, else of its steps
day_sources as (
    select
        coalesce(days.subject, steps.subject) as subject,
        coalesce(days.local_date, steps.local_date) as local_date,
        unnest(string_split(coalesce(days.sources, steps.source), ', ')) as source
    from stg.days
    full outer join daily.steps
        on
            days.subject = steps.subject
            and days.local_date = steps.local_date
),

unbalanced_dates as (
    select distinct
        ledger.subject,
        ledger.local_date
    from massage.ledger
    where ledger.unaccounted <> 0
),

incomplete_days as (
    select
        day_sources.subject,
        day_sources.local_date,
        string_agg(distinct day_sources.source, ', ' order by day_sources.source) as incomplete_sources
    from day_sources
    inner join massage.source_ends
        on
            day_sources.subject = source_ends.subject
            and day_sources.source = source_ends.source
            and day_sources.local_date > source_ends.last_complete_date
    group by day_sources.subject, day_sources.local_date
),

thresholds as (
    select
        max(validity.value) filter (where validity.name = 'min_worn_waking_min') as min_worn_waking_min,
        max(validity.value) filter (where validity.name = 'min_night_min') as min_night_min,
        max(validity.value) filter (where validity.name = 'max_night_min') as max_night_min
    from raw.validity
),

judged_dates as (
    select
        dates.subject,
        dates.local_date,
        cast(days.worn_min as double) as worn_min,
        cast(days.worn_waking_min as double) as worn_waking_min,
        coalesce(
            unbalanced_dates.local_date is null
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
        ) as is_worn_enough_unless_excluded,
        incomplete_days.incomplete_sources,
        main_sleeps.is_complete as is_night_complete,
        coalesce(
            main_sleeps.is_complete
            and main_sleeps.night_min between thresholds.min_night_min and thresholds.max_night_min,
            false
        ) as is_valid_night_unless_excluded,
        exclusions.reason as excluded_for,
        case
            when main_sleeps.local_date is not null then 'recorded'
            when rest_windows.local_date is not null then 'inferred'
            else 'unknown'
        end as night_status,
        -- of hidden nights with a heart rate 72% were right to an hour; without one few are (docs/nights.md)
        case
            when main_sleeps.local_date is not null then 1
            when rest_windows.has_heart then 0.7
            when rest_windows.local_date is not null then 0.2
            else 0
        end as night_confidence,
        waking_hours.from_hour,
        waking_hours.to_hour,
        coalesce(
            case
                when waking_hours.from_hour is not null
                    then rest_days.known_min >= least(thresholds.min_worn_waking_min, 0.8 * rest_days.hours_min)
                else main_sleeps.local_date is not null or rest_windows.local_date is not null
            end,
            false
        ) as is_rest_known
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
    left join unbalanced_dates
        on
            dates.subject = unbalanced_dates.subject
            and dates.local_date = unbalanced_dates.local_date
    left join incomplete_days
        on
            dates.subject = incomplete_days.subject
            and dates.local_date = incomplete_days.local_date
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
    left join stg.rest_windows
        on
            dates.subject = rest_windows.subject
            and dates.local_date = rest_windows.local_date
    left join timeline.rest_days
        on
            dates.subject = rest_days.subject
            and dates.local_date = rest_days.local_date
    left join timeline.waking_hours on dates.subject = waking_hours.subject
),

counted_dates as (
    select
        judged_dates.*,
        judged_dates.is_worn_enough_unless_excluded and judged_dates.excluded_for is null as is_worn_enough,
        judged_dates.is_valid_night_unless_excluded and judged_dates.excluded_for is null as is_valid_night
    from judged_dates
)

select
    counted_dates.subject,
    counted_dates.local_date,
    counted_dates.worn_min,
    counted_dates.worn_waking_min,
    counted_dates.is_worn_enough,
    counted_dates.is_worn_enough_unless_excluded,
    counted_dates.incomplete_sources,
    counted_dates.is_night_complete,
    counted_dates.is_worn_enough and counted_dates.incomplete_sources is null as is_valid_day,
    counted_dates.is_rest_known,
    counted_dates.is_worn_enough and counted_dates.incomplete_sources is null and counted_dates.is_rest_known
        as is_valid_rest,
    counted_dates.is_valid_night,
    counted_dates.is_valid_night_unless_excluded,
    counted_dates.excluded_for,
    counted_dates.night_status,
    cast(counted_dates.night_confidence as double) as night_confidence,
    counted_dates.from_hour as rest_from_hour,
    counted_dates.to_hour as rest_to_hour
from counted_dates
