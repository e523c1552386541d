-- The hours of the clock in which a person's rest is counted
--
-- Whole hours in which the person is usually awake, the same on all of their days: from the hour by which four of five
-- nights had ended (from_hour) to the hour after which four of five began (to_hour, over 24 where that is after
-- midnight). Recorded main sleeps count, and the inferred rest of unrecorded nights. They are those of the full
-- calendar months before the newest night, so that the hours stay the same all month, or all where these are fewer
-- than 28. With fewer than 14 nights they are the twelve hours from 9 to 21 (is_assumed).
-- grain: subject
-- missing: from_hour and to_hour NULL where fewer than 6 hours are left, as of some who work in shifts
-- built: whole
with people as (
    select distinct hours.subject
    from timeline.hours
),

nights as (
    select
        nights.subject,
        nights.local_date,
        nights.onset_local_min,
        nights.wake_local_min
    from stg.nights
    where nights.is_main
    union all
    select
        rest_windows.subject,
        rest_windows.local_date,
        rest_windows.onset_local_min,
        rest_windows.wake_local_min
    from stg.rest_windows
),

full_months as (
    select
        nights.*,
        nights.local_date < date_trunc('month', max(nights.local_date) over of_person) as is_of_full_month
    from nights
    window of_person as (partition by nights.subject)
),

usual as (
    select
        full_months.subject,
        count(*) as night_count,
        count_if(full_months.is_of_full_month) >= 28 as is_by_month,
        cast(ceil(quantile_disc(full_months.wake_local_min, 0.8) / 60) as integer) as wake_hour,
        cast(floor(quantile_disc(full_months.onset_local_min, 0.2) / 60) as integer) as onset_hour,
        cast(
            ceil(
                quantile_disc(full_months.wake_local_min, 0.8) filter (where full_months.is_of_full_month) / 60
            ) as integer
        ) as month_wake_hour,
        cast(
            floor(
                quantile_disc(full_months.onset_local_min, 0.2) filter (where full_months.is_of_full_month) / 60
            ) as integer
        ) as month_onset_hour
    from full_months
    group by full_months.subject
),

hours as (
    select
        people.subject,
        coalesce(usual.night_count < 14, true) as is_assumed,
        case
            when coalesce(usual.night_count < 14, true) then 9
            when usual.is_by_month then usual.month_wake_hour
            else usual.wake_hour
        end as from_hour,
        case
            when coalesce(usual.night_count < 14, true) then 21
            when usual.is_by_month then usual.month_onset_hour + 24
            else usual.onset_hour + 24
        end as to_hour
    from people
    left join usual on people.subject = usual.subject
)

select
    hours.subject,
    hours.is_assumed,
    if(hours.to_hour - hours.from_hour >= 6, hours.from_hour, null) as from_hour,
    if(hours.to_hour - hours.from_hour >= 6, hours.to_hour, null) as to_hour

from hours
