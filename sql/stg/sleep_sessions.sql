-- Sessions of sleep, of the selected source
--
-- Of several reports of a session (subject, source, session_key) the newest export is selected, then the highest
-- delivery. A session without a stage of sleep and without reported minutes asleep is left out. Sessions that overlap
-- or lie less than an hour apart are the same sleep, at night (awake from 22:00 or before 06:00, asleep again before
-- 07:00 on the wall clock) less than three hours; one source is selected for all of it. Only sources that saw
-- at least half as much sleep as any other are considered. Sources with stages of sleep (light, deep, REM) come
-- before plain sleep; of these the ones that saw at least nine tenths as much as any; then the better rank, the most
-- minutes asleep, the name. Of overlapping sessions of that source the one with stages is selected, then the newest
-- export, then the longer. is_coarse: its stages are told every five minutes.
-- grain: subject, source, session_key
with unique_sessions as (
    select
        timed_sessions.subject,
        timed_sessions.source,
        timed_sessions.session_key,
        timed_sessions.start_utc,
        timed_sessions.end_utc,
        timed_sessions.reported_start_local,
        timed_sessions.reported_end_local,
        timed_sessions.kind,
        timed_sessions.tz_assumed,
        timed_sessions.asleep_min,
        timed_sessions.awake_min,
        timed_sessions.latency_min,
        timed_sessions.after_wake_min,
        timed_sessions.is_in_bed_recorded as is_in_bed_reported,
        timed_sessions.exported_utc
    from stg.timed_sessions
    where timed_sessions.end_utc > timed_sessions.start_utc
    qualify row_number() over (
        partition by timed_sessions.subject, timed_sessions.source, timed_sessions.session_key
        order by
            timed_sessions.exported_utc desc nulls last,
            timed_sessions.delivery desc,
            timed_sessions.start_utc asc,
            timed_sessions.end_utc asc
    ) = 1
),

stage_sums as (
    select
        sleep_stages.subject,
        sleep_stages.source,
        sleep_stages.session_key,
        coalesce(bool_or(sleep_stages.stage in ('light', 'deep', 'rem')), false) as has_levels,
        sum(epoch_us(sleep_stages.end_utc) - epoch_us(sleep_stages.start_utc))
        filter (where sleep_stages.stage in ('light', 'deep', 'rem', 'asleep')) / 60e6 as staged_min,
        bool_or(sleep_stages.stage = 'in_bed') as has_in_bed,
        -- but for the last, which may be cut at the end of the session
        count_if((epoch_us(sleep_stages.end_utc) - epoch_us(sleep_stages.start_utc)) % 300000000 = 0)
        >= greatest(count(*) - 1, 3) as is_coarse
    from stg.sleep_stages
    group by sleep_stages.subject, sleep_stages.source, sleep_stages.session_key
),

sleeps as (
    select
        unique_sessions.*,
        coalesce(unique_sessions.is_in_bed_reported or stage_sums.has_in_bed, false) as is_in_bed_recorded,
        coalesce(stage_sums.has_in_bed, false) as is_lying_recorded,
        coalesce(stage_sums.has_levels, false) as has_levels,
        stage_sums.staged_min is not null as has_stages,
        coalesce(stage_sums.is_coarse, false) as is_coarse,
        coalesce(stage_sums.staged_min, unique_sessions.asleep_min) as slept_min
    from unique_sessions
    left join stage_sums
        on
            unique_sessions.subject = stage_sums.subject
            and unique_sessions.source = stage_sums.source
            and unique_sessions.session_key = stage_sums.session_key
    where coalesce(stage_sums.staged_min, unique_sessions.asleep_min) > 0
),

with_before as (
    select
        sleeps.*,
        max(sleeps.end_utc) over (
            partition by sleeps.subject
            order by sleeps.start_utc, sleeps.end_utc, sleeps.source, sleeps.session_key
            rows between unbounded preceding and 1 preceding
        ) as asleep_until
    from sleeps
),

with_clock as (
    select
        with_before.*,
        with_before.asleep_until + to_minutes(clock_offsets.offset_min) as awake_local,
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
            and (extract('hour' from with_clock.start_local) >= 22 or extract('hour' from with_clock.start_local) < 7),
            false
        ) as is_awake_at_night
    from with_clock
),

grouped as (
    select
        with_gap.*,
        count(*) filter (
            where with_gap.asleep_until is null
            or with_gap.start_utc
            >= with_gap.asleep_until + if(with_gap.is_awake_at_night, interval 3 hour, interval 1 hour)
        ) over (
            partition by with_gap.subject
            order by with_gap.start_utc, with_gap.end_utc, with_gap.source, with_gap.session_key
            rows between unbounded preceding and current row
        ) as sleep_group
    from with_gap
),

group_sources as (
    select
        grouped.subject,
        grouped.sleep_group,
        grouped.source,
        sources.rank,
        bool_or(grouped.has_levels) as has_levels,
        -- a source can report the same sleep with and without stages
        round(coalesce(
            sum(grouped.slept_min) filter (where grouped.has_levels), sum(grouped.slept_min)
        ), 3) as slept_min
    from grouped
    inner join stg.sources on grouped.source = sources.source
    group by grouped.subject, grouped.sleep_group, grouped.source, sources.rank
),

compared_sources as (
    select
        group_sources.*,
        max(group_sources.slept_min) over (
            partition by group_sources.subject, group_sources.sleep_group
        ) as most_min,
        max(group_sources.slept_min) over (
            partition by group_sources.subject, group_sources.sleep_group, group_sources.has_levels
        ) as most_alike_min
    from group_sources
),

source_of_group as (
    select
        compared_sources.subject,
        compared_sources.sleep_group,
        compared_sources.source
    from compared_sources
    qualify row_number() over (
        partition by compared_sources.subject, compared_sources.sleep_group
        order by
            compared_sources.slept_min >= compared_sources.most_min / 2 desc,
            compared_sources.has_levels desc,
            compared_sources.slept_min >= compared_sources.most_alike_min * 0.9 desc,
            compared_sources.rank asc,
            compared_sources.slept_min desc,
            compared_sources.source asc
    ) = 1
),

candidates as (
    select
        grouped.*,
        row_number() over (
            partition by grouped.subject, grouped.sleep_group
            order by
                grouped.has_levels desc,
                grouped.has_stages desc,
                grouped.exported_utc desc nulls last,
                round(grouped.slept_min, 3) desc,
                grouped.start_utc asc,
                grouped.session_key asc
        ) as place
    from grouped
    inner join source_of_group
        on
            grouped.subject = source_of_group.subject
            and grouped.sleep_group = source_of_group.sleep_group
            and grouped.source = source_of_group.source
)

select
    candidates.subject,
    candidates.source,
    candidates.session_key,
    candidates.start_utc,
    candidates.end_utc,
    candidates.reported_start_local,
    candidates.reported_end_local,
    candidates.kind,
    candidates.tz_assumed,
    candidates.asleep_min,
    candidates.awake_min,
    candidates.latency_min,
    candidates.after_wake_min,
    candidates.is_in_bed_recorded,
    candidates.is_lying_recorded,
    candidates.has_levels,
    candidates.has_stages,
    candidates.is_coarse,
    candidates.slept_min

from candidates

anti join candidates as better
    on
        candidates.subject = better.subject
        and candidates.sleep_group = better.sleep_group
        and candidates.place > better.place
        and candidates.start_utc < better.end_utc
        and candidates.end_utc > better.start_utc
