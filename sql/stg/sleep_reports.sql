-- Sessions of sleep as reported, and what became of each
--
-- Of several reports of a session (subject, source, session_key) the newest export is selected, then the highest
-- delivery. A session without a stage of sleep and without reported minutes asleep is left out. Sessions that overlap
-- or lie less than an hour apart are the same sleep, at night (awake from 22:00 or before 06:00, asleep again before
-- 07:00 on the wall clock) less than three hours; one source is selected for all of it. Only sources that saw
-- at least half as much sleep as any other are considered. Sources with stages of sleep (light, deep, REM) come
-- before plain sleep; of these the ones that saw at least nine tenths as much as any; then the better rank, the most
-- minutes asleep, the name. Of overlapping sessions of that source the one with stages is selected, then the newest
-- export, then the longer.
-- is_told_by_source: its minutes asleep are those that the source reports, because its stages are told every five
-- minutes only.
-- fate: kept; other, of a sleep for which another source is selected; same, told by another report of the session or by
-- another session of the source; rejected, without sleep or without length, with more minutes asleep than it is long
-- (vendors round to a minute), or with more than 36 hours.
-- is_contradicted: it tells more minutes asleep than it is long, or than 36 hours have.
-- report_rank: 1 = the selected report of the session.
-- grain: none; subject, source, session_key of those with report_rank 1 and a length
-- missing: NULL in what is made of stages where the report is not the selected one
with numbered as (
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
        timed_sessions.exported_utc,
        timed_sessions.end_utc > timed_sessions.start_utc as has_length,
        -- vendors round to a minute; a wall clock of another country may tell a longer night than our hours of UTC
        1 + greatest(
            epoch_us(timed_sessions.end_utc - timed_sessions.start_utc),
            coalesce(epoch_us(timed_sessions.reported_end_local - timed_sessions.reported_start_local), 0)
        ) / 60e6 as longest_min,
        row_number() over (
            partition by
                timed_sessions.subject,
                timed_sessions.source,
                timed_sessions.session_key,
                timed_sessions.end_utc > timed_sessions.start_utc
            order by
                timed_sessions.exported_utc desc nulls last,
                timed_sessions.delivery desc,
                timed_sessions.start_utc asc,
                timed_sessions.end_utc asc
        ) as report_rank
    from stg.timed_sessions
),

unique_sessions as (
    select numbered.*
    from numbered
    where numbered.has_length and numbered.report_rank = 1
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

staged as (
    select
        unique_sessions.*,
        coalesce(unique_sessions.is_in_bed_reported or stage_sums.has_in_bed, false) as is_in_bed_recorded,
        coalesce(stage_sums.has_in_bed, false) as is_lying_recorded,
        coalesce(stage_sums.has_levels, false) as has_levels,
        stage_sums.staged_min is not null as has_stages,
        coalesce(stage_sums.is_coarse, false) as is_coarse,
        coalesce(
            stage_sums.staged_min,
            case
                when unique_sessions.asleep_min <= unique_sessions.longest_min then unique_sessions.asleep_min
            end
        ) as slept_min
    from unique_sessions
    left join stage_sums
        on
            unique_sessions.subject = stage_sums.subject
            and unique_sessions.source = stage_sums.source
            and unique_sessions.session_key = stage_sums.session_key
),

sleeps as (
    select staged.*
    from staged
    where staged.slept_min > 0 and staged.slept_min <= 36 * 60
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
        grouped.source = source_of_group.source as is_of_source,
        row_number() over (
            partition by grouped.subject, grouped.sleep_group, grouped.source
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
        on grouped.subject = source_of_group.subject and grouped.sleep_group = source_of_group.sleep_group
),

outranked as (
    select distinct
        candidates.subject,
        candidates.source,
        candidates.session_key
    from candidates
    inner join candidates as better
        on
            candidates.subject = better.subject
            and candidates.sleep_group = better.sleep_group
            and candidates.source = better.source
            and candidates.place > better.place
            and candidates.start_utc < better.end_utc
            and candidates.end_utc > better.start_utc
),

reports as (
    select
        candidates.*,
        case
            when not candidates.is_of_source then 'other'
            when outranked.session_key is not null then 'same'
            else 'kept'
        end as fate
    from candidates
    left join outranked
        on
            candidates.subject = outranked.subject
            and candidates.source = outranked.source
            and candidates.session_key = outranked.session_key
    union all by name
    select
        staged.*,
        'rejected' as fate
    from staged
    where coalesce(staged.slept_min, 0) <= 0 or staged.slept_min > 36 * 60
    union all by name
    select
        numbered.*,
        coalesce(numbered.is_in_bed_reported, false) as is_in_bed_recorded,
        if(numbered.has_length, 'same', 'rejected') as fate
    from numbered
    where numbered.report_rank > 1 or not numbered.has_length
)

select
    reports.subject,
    reports.source,
    reports.session_key,
    reports.start_utc,
    reports.end_utc,
    reports.reported_start_local,
    reports.reported_end_local,
    reports.kind,
    reports.tz_assumed,
    reports.asleep_min,
    reports.awake_min,
    reports.latency_min,
    reports.after_wake_min,
    reports.is_in_bed_recorded,
    reports.is_lying_recorded,
    reports.has_levels,
    reports.has_stages,
    coalesce(
        reports.is_coarse
        and reports.asleep_min > 0
        and reports.asleep_min <= epoch(reports.end_utc - reports.start_utc) / 60,
        false
    ) as is_told_by_source,
    reports.slept_min,
    reports.report_rank,
    reports.asleep_min > least(reports.longest_min, 36 * 60) as is_contradicted,
    reports.fate

from reports
