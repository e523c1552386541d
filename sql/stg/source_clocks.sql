-- Clocks of sources that are not the person's
--
-- A source whose UTC follows from its local time by another offset than the person's has the right local time and the
-- wrong UTC. shift_s leads from its UTC to the UTC at which the clock of the person (stg.clock_offsets) shows the same
-- local time. Two kinds. A source that reports an offset that no zone has: from this report to its next one, at most 2
-- days, after a silence also the 2 days before; not a report that the source replaces within an hour. And local times
-- without a zone (source is empty: those of all sources), which are read with the home zone, as long as a device tells
-- that the person is in another zone. What the person's clock shows at its own UTC already stays where it is; a local
-- time that the person's clock skips has none.
-- grain: subject, source, start_utc; no overlap
-- missing: no row where the UTC of a source is right
with reports as (
    select
        clock_reports.subject,
        clock_reports.source,
        clock_reports.time_utc,
        clock_reports.offset_s,
        clock_reports.offset_min is null as is_own
    from stg.clock_reports
    qualify
        row_number() over (
            partition by clock_reports.subject, clock_reports.source, clock_reports.time_utc
            order by clock_reports.exported_utc desc nulls last, clock_reports.delivery desc, clock_reports.offset_s asc
        ) = 1
        and bool_or(clock_reports.offset_min is null) over (partition by clock_reports.subject, clock_reports.source)
),

neighbours as (
    select
        reports.*,
        lag(reports.time_utc) over of_source as before_utc,
        lead(reports.time_utc) over of_source as after_utc,
        lead(reports.offset_s) over of_source as offset_after_s
    from reports
    window of_source as (partition by reports.subject, reports.source order by reports.time_utc)
),

held as (
    select
        neighbours.subject,
        neighbours.source,
        case
            when neighbours.before_utc >= neighbours.time_utc - interval 2 day then neighbours.time_utc
            else greatest(neighbours.time_utc - interval 2 day, neighbours.before_utc + interval 2 day)
        end as start_utc,
        least(neighbours.time_utc + interval 2 day, neighbours.after_utc) as end_utc,
        neighbours.offset_s
    from neighbours
    where
        neighbours.is_own
        -- not one that the device replaces at once, while its clock is being set
        and not coalesce(
            neighbours.after_utc < neighbours.time_utc + interval 1 hour
            and neighbours.offset_after_s <> neighbours.offset_s,
            false
        )
),

with_before as (
    select
        held.*,
        lag(held.end_utc) over of_source as ended_before_utc,
        lag(held.offset_s) over of_source as offset_before_s
    from held
    window of_source as (partition by held.subject, held.source order by held.start_utc)
),

numbered as (
    select
        with_before.*,
        count(*) filter (
            where with_before.start_utc is distinct from with_before.ended_before_utc
            or with_before.offset_s is distinct from with_before.offset_before_s
        ) over (
            partition by with_before.subject, with_before.source
            order by with_before.start_utc
            rows between unbounded preceding and current row
        ) as stretch
    from with_before
),

own_clocks as (
    select
        numbered.subject,
        numbered.source,
        min(numbered.start_utc) as start_utc,
        max(numbered.end_utc) as end_utc,
        any_value(numbered.offset_s) as offset_s
    from numbered
    group by numbered.subject, numbered.source, numbered.stretch
),

away as (
    select
        clock_offsets.subject,
        greatest(clock_offsets.start_utc, zone_offsets.start_utc) as start_utc,
        least(clock_offsets.end_utc, zone_offsets.end_utc) as end_utc,
        clock_offsets.offset_min
    from stg.clock_offsets
    inner join raw.zone_offsets
        on
            clock_offsets.subject = zone_offsets.subject
            and clock_offsets.offset_min <> zone_offsets.offset_min
            and clock_offsets.start_utc < zone_offsets.end_utc
            and clock_offsets.end_utc > zone_offsets.start_utc
),

-- where a local time that was read with the home zone lies, and where it should
shifts as (
    select
        away.subject,
        '' as source,
        away.start_utc as piece_utc,
        timestamp '2000-01-01' as stretch_utc,
        greatest(
            away.start_utc + to_minutes(away.offset_min - zone_offsets.offset_min),
            zone_offsets.start_utc,
            away_there.start_utc
        ) as start_utc,
        least(
            away.end_utc + to_minutes(away.offset_min - zone_offsets.offset_min),
            zone_offsets.end_utc,
            away_there.end_utc
        ) as end_utc,
        60 * (zone_offsets.offset_min - away.offset_min) as shift_s
    from away
    inner join raw.zone_offsets
        on
            away.subject = zone_offsets.subject
            and away.start_utc < zone_offsets.end_utc + interval 26 hour
            and away.end_utc > zone_offsets.start_utc - interval 26 hour
    inner join away as away_there
        on
            away.subject = away_there.subject
            and away.start_utc < away_there.end_utc + interval 26 hour
            and away.end_utc > away_there.start_utc - interval 26 hour
            and zone_offsets.start_utc < away_there.end_utc
            and zone_offsets.end_utc > away_there.start_utc
    union all
    select
        own_clocks.subject,
        own_clocks.source,
        clock_offsets.start_utc as piece_utc,
        own_clocks.start_utc as stretch_utc,
        greatest(
            own_clocks.start_utc,
            clock_offsets.start_utc + to_minutes(clock_offsets.offset_min) - to_seconds(own_clocks.offset_s)
        ) as start_utc,
        least(
            own_clocks.end_utc,
            clock_offsets.end_utc + to_minutes(clock_offsets.offset_min) - to_seconds(own_clocks.offset_s)
        ) as end_utc,
        own_clocks.offset_s - 60 * clock_offsets.offset_min as shift_s
    from own_clocks
    inner join stg.clock_offsets
        on
            own_clocks.subject = clock_offsets.subject
            and own_clocks.start_utc < clock_offsets.end_utc + interval 26 hour
            and own_clocks.end_utc > clock_offsets.start_utc - interval 26 hour
),

spans as (
    select shifts.*
    from shifts
    where shifts.end_utc > shifts.start_utc
),

edges as (
    select
        spans.subject,
        spans.source,
        spans.stretch_utc,
        spans.start_utc
    from spans
    union
    select
        spans.subject,
        spans.source,
        spans.stretch_utc,
        spans.end_utc as start_utc
    from spans
),

segments as (
    select
        edges.*,
        lead(edges.start_utc) over (
            partition by edges.subject, edges.source, edges.stretch_utc order by edges.start_utc
        ) as end_utc
    from edges
),

-- of a local time that the person's clock shows twice the second
covered as (
    select
        segments.subject,
        segments.source,
        segments.stretch_utc,
        segments.start_utc,
        segments.end_utc,
        arg_max(spans.shift_s, spans.piece_utc) as shift_s
    from segments
    left join spans
        on
            segments.subject = spans.subject
            and segments.source = spans.source
            and segments.stretch_utc = spans.stretch_utc
            and segments.start_utc >= spans.start_utc
            and segments.end_utc <= spans.end_utc
    where segments.end_utc is not null
    group by segments.subject, segments.source, segments.stretch_utc, segments.start_utc, segments.end_utc
),

-- of a source's own clock what the person's clock skips follows what stands before it
filled as (
    select
        covered.subject,
        covered.source,
        covered.start_utc,
        covered.end_utc,
        case
            when covered.source = '' then covered.shift_s
            else last_value(covered.shift_s ignore nulls) over (
                partition by covered.subject, covered.source, covered.stretch_utc
                order by covered.start_utc
                rows between unbounded preceding and current row
            )
        end as shift_s
    from covered
)

select
    filled.subject,
    filled.source,
    filled.start_utc,
    filled.end_utc,
    cast(filled.shift_s as bigint) as shift_s

from filled

where filled.shift_s is not null
