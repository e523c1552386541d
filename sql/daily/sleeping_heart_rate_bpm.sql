-- Heart rate asleep
--
-- Mean heart rate of the minutes asleep of the main sleep that ends on this date, where at least 30 of them have a
-- heart rate; coverage_share is that of the minutes asleep. Where a source only gives a value by date, that.
-- family: physiology
-- unit: bpm
-- better: down
-- smallest worthwhile change: none
-- counted by: night
-- grain: one row per subject and local_date with at least 30 such minutes, or a value that a source gives for the date
-- missing: no row without either; none for a night that no device recorded as sleep
-- source: the one that counts for the heart in each minute (timeline.minutes)
with main_sleeps as (
    select
        nights.subject,
        nights.local_date,
        nights.onset_utc,
        nights.wake_utc
    from stg.nights
    where nights.is_main
),

sleep_means as (
    select
        main_sleeps.subject,
        main_sleeps.local_date,
        round(favg(minutes.heart_rate_bpm), 6) as value,
        string_agg(distinct minutes.heart_source, ', ' order by minutes.heart_source)
        filter (where minutes.heart_rate_bpm is not null) as source,
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
)

select
    sleep_means.subject,
    sleep_means.local_date,
    'sleeping_heart_rate_bpm' as metric,
    sleep_means.value,
    'bpm' as unit,
    sleep_means.source,
    'minute' as resolution,
    sleep_means.coverage_share
from sleep_means

union all

select
    told_days.subject,
    told_days.local_date,
    'sleeping_heart_rate_bpm' as metric,
    told_days.value,
    'bpm' as unit,
    told_days.source,
    'day' as resolution,
    cast(null as double) as coverage_share
from stg.told_days
anti join sleep_means
    on
        told_days.subject = sleep_means.subject
        and told_days.local_date = sleep_means.local_date
where told_days.metric = 'sleeping_heart_rate_bpm'
