-- Heart rate asleep
--
-- What the source itself gives for the night; else the mean heart rate of the minutes asleep of the main sleep that
-- ends on this date, where at least 30 of them have a heart rate; coverage_share is that of the minutes asleep.
-- family: physiology
-- unit: bpm
-- better: down
-- smallest worthwhile change: none
-- counted by: night
-- grain: one row per subject and local_date with at least 30 such minutes, or a value that a source gives for the date
-- missing: no row without either; none for a night that no device recorded as sleep
-- day values: first
-- source: the source selected for the heart in each minute (timeline.minutes)
with main_sleeps as (
    select
        nights.subject,
        nights.local_date,
        nights.onset_utc,
        nights.wake_utc
    from stg.nights
    where nights.is_main
)

select
    main_sleeps.subject,
    main_sleeps.local_date,
    round(favg(minutes.heart_rate_bpm), 6) as value,
    string_agg(distinct minutes.heart_source, ', ' order by minutes.heart_source)
    filter (where minutes.heart_rate_bpm is not null) as source,
    'minute' as resolution,
    round(count(minutes.heart_rate_bpm) / count(*), 6) as coverage_share
from timeline.minutes
asof inner join main_sleeps
    on
        minutes.subject = main_sleeps.subject
        and minutes.minute_utc >= main_sleeps.onset_utc
where minutes.state = 'asleep' and minutes.minute_utc < main_sleeps.wake_utc
group by main_sleeps.subject, main_sleeps.local_date
-- 30: a device that measures every ten minutes reaches it in a night of five hours
having count(minutes.heart_rate_bpm) >= 30
