-- Asleep or awake in bed, minute by minute
--
-- Of the selected nights (stg.nights). A minute is asleep when at least half of its staged time is sleep, else awake
-- in bed. In a night without stages every minute between the first and the last asleep is asleep. A minute whose only
-- stage is 'unknown' has no row.
-- grain: subject, minute_utc
with spans as (
    select
        night_sessions.subject,
        night_sessions.source,
        sleep_stages.start_utc,
        sleep_stages.end_utc,
        sleep_stages.stage in ('light', 'deep', 'rem', 'asleep') as is_asleep
    from stg.sleep_stages
    inner join stg.night_sessions
        on
            sleep_stages.subject = night_sessions.subject
            and sleep_stages.source = night_sessions.source
            and sleep_stages.session_key = night_sessions.session_key
    where sleep_stages.stage <> 'unknown'
    union all
    select
        nights.subject,
        nights.source,
        nights.onset_utc as start_utc,
        nights.wake_utc as end_utc,
        true as is_asleep
    from stg.nights
    where nights.awakenings is null
),

minutes as (
    select
        spans.*,
        unnest(
            range(epoch_us(spans.start_utc) // 60000000, (epoch_us(spans.end_utc) - 1) // 60000000 + 1)
        ) as minute_number
    from spans
)

select
    minutes.subject,
    make_timestamp(minutes.minute_number * 60000000) as minute_utc,
    min(minutes.source) as source,
    sum(
        (case when minutes.is_asleep then 1 else -1 end) * (
            least(epoch_us(minutes.end_utc), minutes.minute_number * 60000000 + 60000000)
            - greatest(epoch_us(minutes.start_utc), minutes.minute_number * 60000000)
        )
    ) >= 0 as is_asleep

from minutes

group by minutes.subject, minutes.minute_number
