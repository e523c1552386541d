-- Unbroken stretches of still minutes
--
-- start_min: minutes from midnight on the local clock. Midnight cuts a stretch in two.
-- grain: subject, local_date, start_min
with still_minutes as (
    select
        minutes.subject,
        minutes.local_date,
        minutes.local_time,
        minutes.minute_utc,
        minutes.minute_utc - to_minutes(
            row_number() over (
                partition by minutes.subject, minutes.local_date
                order by minutes.minute_utc
            )
        ) as stretch
    from timeline.minutes
    where minutes.state = 'still'
)

select
    still_minutes.subject,
    still_minutes.local_date,
    cast(
        epoch(min_by(still_minutes.local_time, still_minutes.minute_utc)) / 60
        - epoch(cast(still_minutes.local_date as timestamp)) / 60 as integer
    ) as start_min,
    cast(count(*) as integer) as length_min

from still_minutes

group by still_minutes.subject, still_minutes.local_date, still_minutes.stretch
