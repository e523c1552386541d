-- The night that a session of sleep belongs to
--
-- Sessions of one source less than an hour apart are one night, unless the source calls one the main sleep and the
-- other a nap. Awake at night (from 22:00 or before 06:00, asleep again before 07:00 on the wall clock), whoever sleeps
-- again within three hours has slept one night, whatever the source calls its second part: waking for long is what pain
-- does; a sleep that began by day (06:00 to 18:00) is no part of it. A nap that the source reports before the main
-- sleep stays a nap, unless the person woke from it at night and it began at night too or lasted an hour and a half:
-- the source calls the longer part the main sleep. A nap that began by day is not joined with what begins at night
-- (from 20:00 or before 06:00).
-- night_utc, the start of the first session, identifies the night.
-- grain: subject, source, session_key
with with_before as (
    select
        sleep_sessions.subject,
        sleep_sessions.source,
        sleep_sessions.session_key,
        sleep_sessions.start_utc,
        sleep_sessions.end_utc,
        lag(sleep_sessions.start_utc) over of_subject as began_before_utc,
        lag(sleep_sessions.end_utc) over of_subject as ended_before_utc,
        lag(sleep_sessions.source) over of_subject as source_before,
        coalesce(sleep_sessions.kind, 'unknown') as kind,
        coalesce(lag(sleep_sessions.kind) over of_subject, 'unknown') as kind_before
    from stg.sleep_sessions
    window of_subject as (
        partition by sleep_sessions.subject order by sleep_sessions.start_utc, sleep_sessions.session_key
    )
),

with_clock as (
    select
        with_before.*,
        with_before.began_before_utc + to_minutes(clock_offsets.offset_min) as began_local,
        with_before.ended_before_utc + to_minutes(clock_offsets.offset_min) as awake_local,
        with_before.start_utc + to_minutes(clock_offsets.offset_min) as start_local
    from with_before
    asof left join stg.clock_offsets
        on with_before.subject = clock_offsets.subject and with_before.start_utc >= clock_offsets.start_utc
),

with_gap as (
    select
        with_clock.*,
        coalesce(
            (extract('hour' from with_clock.awake_local) >= 22 or extract('hour' from with_clock.awake_local) < 6)
            and (extract('hour' from with_clock.start_local) >= 22 or extract('hour' from with_clock.start_local) < 7)
            and extract('hour' from with_clock.began_local) not between 6 and 17,
            false
        ) as is_awake_at_night,
        extract('hour' from with_clock.began_local) not between 6 and 21
        or with_clock.ended_before_utc >= with_clock.began_before_utc + interval 90 minute as is_before_of_night,
        coalesce(
            with_clock.kind_before = 'nap'
            and extract('hour' from with_clock.began_local) between 6 and 17
            and extract('hour' from with_clock.start_local) not between 6 and 19,
            false
        ) as is_after_day_nap
    from with_clock
),

with_first as (
    select
        with_gap.*,
        with_gap.ended_before_utc is null
        or with_gap.source <> with_gap.source_before
        or with_gap.start_utc
        >= with_gap.ended_before_utc + if(with_gap.is_awake_at_night, interval 3 hour, interval 1 hour)
        or (
            with_gap.kind_before = 'nap'
            and with_gap.kind = 'main'
            and not (with_gap.is_awake_at_night and with_gap.is_before_of_night)
        )
        or with_gap.is_after_day_nap
        or (with_gap.kind_before = 'main' and with_gap.kind = 'nap' and not with_gap.is_awake_at_night) as is_first
    from with_gap
)

select
    with_first.subject,
    with_first.source,
    with_first.session_key,
    max(with_first.start_utc) filter (where with_first.is_first) over (
        partition by with_first.subject
        order by with_first.start_utc, with_first.session_key
        rows between unbounded preceding and current row
    ) as night_utc,
    with_first.start_utc,
    with_first.end_utc

from with_first
