-- When a device is off, in hours of which another source reports movement too
--
-- Off is: no evidence (stg.evidence_minutes) for more than 61 minutes, of a source that measures a heart rate every
-- half hour at least, or for more than 90 of a wearable that does not (as in stg.minute_wear); or the device's own
-- report that it is off, until the next evidence, for at most 15 minutes. A shorter silence is not: who sits still
-- takes no steps. The silence of a phone, or of a collector of others' records, says nothing.
-- A device that is put on is on from the beginning of the first interval with movement, where that is an hour at most.
-- grain: subject, source, start_utc; spans of both kinds may overlap, none reaches over an hour
-- missing: no row of hours in which a device has no evidence at all, unless it reports that it is off
-- source: every source for itself
with intervals as ( -- active time is placed at the end of its interval, in all of which the device was on
    select
        placed_movement.subject,
        placed_movement.source,
        make_timestamp(placed_movement.from_minute // 60 * 3600000000) as hour_utc,
        date_trunc('minute', min(placed_movement.start_utc)) as start_utc
    from stg.placed_movement
    -- a longer one may begin long before the device was put on
    where placed_movement.end_utc - placed_movement.start_utc <= interval 1 hour
    group by placed_movement.subject, placed_movement.source, placed_movement.from_minute // 60
),

hours as (
    select
        source_hours.subject,
        source_hours.source,
        source_hours.hour_utc,
        least(source_hours.first_utc, coalesce(intervals.start_utc, source_hours.first_utc)) as first_utc,
        source_hours.last_utc,
        source_hours.heart_minutes
    from stg.source_hours
    left join intervals
        on
            source_hours.subject = intervals.subject
            and source_hours.source = intervals.source
            and source_hours.hour_utc = intervals.hour_utc
    where source_hours.minutes > 0
),

neighbours as (
    select
        hours.subject,
        hours.source,
        hours.hour_utc,
        hours.first_utc,
        hours.last_utc,
        lag(hours.last_utc) over of_source as former_utc,
        lead(hours.first_utc) over of_source as next_utc,
        -- of two hours
        hours.heart_minutes + coalesce(lag(hours.heart_minutes) over of_source, 0) >= 4
            as has_heart_until,
        hours.heart_minutes + coalesce(lead(hours.heart_minutes) over of_source, 0) >= 4
            as has_heart_from
    from hours
    window of_source as (
        partition by hours.subject, hours.source order by hours.hour_utc
    )
),

silences as (
    select
        neighbours.subject,
        neighbours.source,
        neighbours.hour_utc,
        neighbours.hour_utc as start_utc,
        neighbours.first_utc as end_utc,
        neighbours.has_heart_from as has_heart,
        neighbours.first_utc - neighbours.former_utc as length
    from neighbours
    where neighbours.first_utc > neighbours.hour_utc
    union all
    select
        neighbours.subject,
        neighbours.source,
        neighbours.hour_utc,
        neighbours.last_utc + interval 1 minute as start_utc,
        neighbours.hour_utc + interval 1 hour as end_utc,
        neighbours.has_heart_until as has_heart,
        neighbours.next_utc - neighbours.last_utc as length
    from neighbours
    where neighbours.last_utc < neighbours.hour_utc + interval 59 minute
),

-- a report reaches into the next hour
hours_with_reports_of_off as (
    select
        minute_body.subject,
        minute_body.source,
        unnest(
            [
                date_trunc('hour', minute_body.minute_utc),
                date_trunc('hour', minute_body.minute_utc) + interval 1 hour
            ]
        ) as hour_utc
    from stg.minute_body
    where minute_body.is_off
),

shared_hours as (
    select
        source_hours.subject,
        source_hours.source,
        source_hours.hour_utc
    from stg.source_hours
    where source_hours.is_shared
),

-- hours in which such a report may count, and those before
hours_to_read as (
    select distinct
        hours_with_reports_of_off.subject,
        hours_with_reports_of_off.source,
        unnest(
            [hours_with_reports_of_off.hour_utc, hours_with_reports_of_off.hour_utc - interval 1 hour]
        ) as hour_utc
    from hours_with_reports_of_off
    semi join shared_hours
        on
            hours_with_reports_of_off.subject = shared_hours.subject
            and hours_with_reports_of_off.source = shared_hours.source
            and hours_with_reports_of_off.hour_utc = shared_hours.hour_utc
),

wear_reports as (
    select
        minute_body.subject,
        minute_body.source,
        minute_body.minute_utc,
        minute_body.is_off
    from stg.minute_body
    union all
    select
        minute_movement.subject,
        minute_movement.source,
        minute_movement.minute_utc,
        false as is_off
    from stg.minute_movement
    where not minute_movement.is_coarse
),

followed as (
    select
        wear_reports.subject,
        wear_reports.source,
        wear_reports.minute_utc,
        wear_reports.is_off,
        lead(wear_reports.minute_utc) over (
            partition by wear_reports.subject, wear_reports.source
            order by wear_reports.minute_utc asc, wear_reports.is_off desc
        ) as next_utc
    from wear_reports
    semi join hours_to_read
        on
            wear_reports.subject = hours_to_read.subject
            and wear_reports.source = hours_to_read.source
            and date_trunc('hour', wear_reports.minute_utc) = hours_to_read.hour_utc
),

off_minutes as (
    select distinct
        followed.subject,
        followed.source,
        unnest(
            generate_series(
                followed.minute_utc,
                least(followed.minute_utc + interval 15 minute, followed.next_utc - interval 1 minute),
                interval 1 minute
            )
        ) as minute_utc
    from followed
    where followed.is_off
),

off_stretches as (
    select
        off_minutes.*,
        date_trunc('hour', off_minutes.minute_utc) as hour_utc,
        off_minutes.minute_utc - to_minutes(
            row_number() over (
                partition by off_minutes.subject, off_minutes.source, date_trunc('hour', off_minutes.minute_utc)
                order by off_minutes.minute_utc
            )
        ) as stretch
    from off_minutes
),

spans as (
    select
        silences.subject,
        silences.source,
        silences.hour_utc,
        silences.start_utc,
        silences.end_utc
    from silences
    inner join stg.sources on silences.source = sources.source
    where
        silences.has_heart and coalesce(silences.length > interval 61 minute, true)
        or sources.is_wearable and coalesce(silences.length > interval 90 minute, true)
    union all
    select
        off_stretches.subject,
        off_stretches.source,
        off_stretches.hour_utc,
        min(off_stretches.minute_utc) as start_utc,
        max(off_stretches.minute_utc) + interval 1 minute as end_utc
    from off_stretches
    group by off_stretches.subject, off_stretches.source, off_stretches.hour_utc, off_stretches.stretch
)

select
    spans.subject,
    spans.source,
    spans.hour_utc,
    spans.start_utc,
    spans.end_utc

from spans

semi join shared_hours
    on
        spans.subject = shared_hours.subject
        and spans.source = shared_hours.source
        and spans.hour_utc = shared_hours.hour_utc
