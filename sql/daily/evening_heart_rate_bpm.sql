-- Heart rate of the evening
--
-- Mean heart rate of the minutes awake and still (timeline state still) from 18:00 to midnight on the local clock,
-- where at least 20 of them have a heart rate; on a date of which no source tells movement, of the minutes awake.
-- Minutes of movement, of the massage, in bed or asleep, and quiet nights that no device recorded as sleep
-- (rest_unknown) never count. coverage_share is that of these six hours.
-- name: heart rate in the evening
-- family: physiology
-- unit: bpm
-- better: down
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with at least 20 such minutes
-- missing: no row with fewer than 20, since a few minutes in a chair are not the evening
-- source: the source selected for the heart in each minute (timeline.minutes)
select
    minutes.subject,
    minutes.local_date,
    round(favg(minutes.heart_rate_bpm) filter (where minutes.state in ('still', 'worn')), 6) as value,
    string_agg(distinct minutes.heart_source, ', ' order by minutes.heart_source)
    filter (where minutes.state in ('still', 'worn') and minutes.heart_rate_bpm is not null) as source,
    'minute' as resolution,
    round(count(minutes.heart_rate_bpm) filter (where minutes.state in ('still', 'worn')) / count(*), 6)
        as coverage_share
from timeline.minutes
where hour(minutes.local_time) >= 18
group by minutes.subject, minutes.local_date
-- 20: a device that measures every ten minutes reaches it in a quiet evening
having count(minutes.heart_rate_bpm) filter (where minutes.state in ('still', 'worn')) >= 20
