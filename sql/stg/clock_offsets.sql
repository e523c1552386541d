-- Offset of the wall clock from UTC
--
-- The clock of the person, by which days are cut. Journeys of recovery.toml come first. Else the zone that a device
-- reports (stg.clock_reports; an offset that no zone has says nothing of where the person is): a report holds until
-- the next one, at most 2 days; after a silence it also holds for the 2 days before it. A report that agrees with the
-- home zone follows the home zone's own change of clock, because devices notice it hours late. Without a report the
-- home zone is used. The clocks of sources that differ: stg.source_clocks. Of two devices the one of the
-- better rank is selected, then the one with more reports on that day of UTC. Not used: an offset that its device
-- replaces by another within an hour (a Garmin watch reported 0 for five minutes in the night its clock went from +2
-- h to +1 h). Of two offsets at one instant the one that the next report repeats is selected.
-- tz_assumed: no device reported the offset, or rounding changed it.
-- grain: subject, start_utc; no gap, no overlap
with subjects as (
    select samples.subject from raw.samples
    union
    select counters.subject from raw.counters
    union
    select sleep_sessions.subject from raw.sleep_sessions
    union
    select activities.subject from raw.activities
    union
    select massages.subject from raw.massages
),

zones as (
    select
        zone_offsets.subject,
        zone_offsets.start_utc,
        zone_offsets.end_utc,
        zone_offsets.offset_min,
        zone_offsets.is_travel
    from raw.zone_offsets
    union all
    -- a person that recovery.toml no longer lists
    select
        subjects.subject,
        timestamp '2000-01-01' as start_utc,
        timestamp '2100-01-01' as end_utc,
        0 as offset_min,
        false as is_travel
    from subjects
    anti join raw.zone_offsets on subjects.subject = zone_offsets.subject
),

reports as (
    select
        clock_reports.subject,
        clock_reports.source,
        clock_reports.time_utc,
        clock_reports.offset_min,
        bool_or(clock_reports.offset_s <> 60 * clock_reports.offset_min) as is_rounded,
        max(clock_reports.exported_utc) as exported_utc,
        max(clock_reports.delivery) as delivery
    from stg.clock_reports
    where clock_reports.offset_min is not null
    group by all
),

instants as (
    select
        reports.subject,
        reports.source,
        reports.time_utc,
        lead(list(reports.offset_min)) over (
            partition by reports.subject, reports.source order by reports.time_utc
        ) as next_offsets
    from reports
    group by reports.subject, reports.source, reports.time_utc
),

one_per_instant as (
    select reports.*
    from reports
    inner join instants
        on
            reports.subject = instants.subject
            and reports.source = instants.source
            and reports.time_utc = instants.time_utc
    qualify row_number() over (
        partition by reports.subject, reports.source, reports.time_utc
        order by
            coalesce(list_contains(instants.next_offsets, reports.offset_min), false) desc,
            reports.exported_utc desc nulls last,
            reports.delivery desc,
            reports.offset_min asc
    ) = 1
),

changes as (
    select
        one_per_instant.*,
        coalesce(
            one_per_instant.offset_min <> lag(one_per_instant.offset_min) over of_source, false
        ) as is_change,
        lag(one_per_instant.time_utc) over of_source as reported_before_utc
    from one_per_instant
    window of_source as (
        partition by one_per_instant.subject, one_per_instant.source order by one_per_instant.time_utc
    )
),

runs as (
    select
        changes.*,
        count_if(changes.is_change) over (
            partition by changes.subject, changes.source
            order by changes.time_utc
            rows between unbounded preceding and current row
        ) as run_number
    from changes
),

run_starts as (
    select
        runs.subject,
        runs.source,
        runs.run_number,
        runs.time_utc,
        runs.reported_before_utc,
        lead(runs.time_utc) over (partition by runs.subject, runs.source order by runs.time_utc) as replaced_utc
    from runs
    where runs.is_change or runs.reported_before_utc is null
),

false_runs as (
    select
        run_starts.subject,
        run_starts.source,
        run_starts.run_number
    from run_starts
    where
        run_starts.replaced_utc < run_starts.time_utc + interval 1 hour
        and run_starts.reported_before_utc > run_starts.time_utc - interval 2 day
),

source_of_day as (
    select
        runs.subject,
        runs.source,
        cast(runs.time_utc as date) as day_utc
    from runs
    anti join false_runs
        on
            runs.subject = false_runs.subject
            and runs.source = false_runs.source
            and runs.run_number = false_runs.run_number
    inner join stg.sources on runs.source = sources.source
    group by runs.subject, runs.source, day_utc, sources.rank
    qualify row_number() over (
        partition by runs.subject, cast(runs.time_utc as date)
        order by sources.rank asc, count(*) desc, runs.source asc
    ) = 1
),

selected as (
    select
        runs.subject,
        runs.time_utc,
        -- NULL = the offset of the home zone
        nullif(runs.offset_min, zones.offset_min) as away_min,
        runs.is_rounded
    from runs
    anti join false_runs
        on
            runs.subject = false_runs.subject
            and runs.source = false_runs.source
            and runs.run_number = false_runs.run_number
    inner join source_of_day
        on
            runs.subject = source_of_day.subject
            and runs.source = source_of_day.source
            and cast(runs.time_utc as date) = source_of_day.day_utc
    asof inner join zones on runs.subject = zones.subject and runs.time_utc >= zones.start_utc
),

neighbours as (
    select
        selected.*,
        lag(selected.time_utc) over of_subject as before_utc,
        lead(selected.time_utc) over of_subject as after_utc
    from selected
    window of_subject as (partition by selected.subject order by selected.time_utc)
),

held as (
    select
        neighbours.subject,
        case
            when neighbours.before_utc >= neighbours.time_utc - interval 2 day then neighbours.time_utc
            else greatest(neighbours.time_utc - interval 2 day, neighbours.before_utc + interval 2 day)
        end as start_utc,
        least(neighbours.time_utc + interval 2 day, neighbours.after_utc) as end_utc,
        neighbours.away_min,
        neighbours.is_rounded
    from neighbours
),

with_before as (
    select
        held.*,
        lag(held.end_utc) over of_subject as ended_before_utc,
        lag(held.away_min) over of_subject as away_before_min,
        lag(held.is_rounded) over of_subject as is_rounded_before
    from held
    window of_subject as (partition by held.subject order by held.start_utc)
),

held_groups as (
    select
        with_before.*,
        count(*) filter (
            where with_before.start_utc is distinct from with_before.ended_before_utc
            or with_before.away_min is distinct from with_before.away_before_min
            or with_before.is_rounded is distinct from with_before.is_rounded_before
        ) over (
            partition by with_before.subject
            order by with_before.start_utc
            rows between unbounded preceding and current row
        ) as stretch
    from with_before
),

stretches as (
    select
        held_groups.subject,
        min(held_groups.start_utc) as start_utc,
        max(held_groups.end_utc) as end_utc,
        any_value(held_groups.away_min) as away_min,
        any_value(held_groups.is_rounded) as is_rounded
    from held_groups
    group by held_groups.subject, held_groups.stretch
),

edges as (
    select
        zones.subject,
        zones.start_utc
    from zones
    union
    select
        stretches.subject,
        stretches.start_utc
    from stretches
    union
    select
        stretches.subject,
        stretches.end_utc
    from stretches
),

pieces as (
    select
        edges.subject,
        edges.start_utc,
        lead(edges.start_utc, 1, timestamp '2100-01-01') over (
            partition by edges.subject order by edges.start_utc
        ) as end_utc
    from edges
)

select
    pieces.subject,
    pieces.start_utc,
    pieces.end_utc,
    case
        when zones.is_travel or pieces.start_utc >= stretches.end_utc then zones.offset_min
        else coalesce(stretches.away_min, zones.offset_min)
    end as offset_min,
    case
        when zones.is_travel then false
        when pieces.start_utc < stretches.end_utc then stretches.is_rounded
        else true
    end as tz_assumed

from pieces

asof inner join zones on pieces.subject = zones.subject and pieces.start_utc >= zones.start_utc

asof left join stretches
    on pieces.subject = stretches.subject and pieces.start_utc >= stretches.start_utc
