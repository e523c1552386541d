-- Every minute of the local days with a record, and whether a device was worn
--
-- On a date with a heart rate (of the selected source): worn within 30 minutes of any evidence, that is a heart rate
-- or a count that is not zero, of any device. On a date without: not worn in stretches of 90 minutes or more without
-- evidence (Choi 2011, without his allowance for short artefacts). A device's own report 'off' holds from its minute
-- until the next evidence, for at most 15 minutes; a heart rate in the same minute overrides it. A minute of recorded
-- sleep is worn.
-- grain: subject, minute_utc
-- missing: is_worn NULL on a date with nothing but sleep, values of the day, or counts too coarse to know the minute
with people as (
    select distinct local_days.subject
    from stg.local_days
),

first_evidence as (
    select
        recorded_minutes.subject,
        min(recorded_minutes.minute_utc) as minute_utc
    from stg.recorded_minutes
    where recorded_minutes.has_evidence
    group by recorded_minutes.subject
),

evidence as (
    select
        recorded_minutes.subject,
        recorded_minutes.minute_utc as after_utc,
        lead(recorded_minutes.minute_utc, 1, timestamp '2200-01-01') over (
            partition by recorded_minutes.subject order by recorded_minutes.minute_utc
        ) as before_utc
    from stg.recorded_minutes
    where recorded_minutes.has_evidence
    union all
    -- the time before the first evidence, or all of it where there is none
    select
        people.subject,
        timestamp '1900-01-01' as after_utc,
        coalesce(first_evidence.minute_utc, timestamp '2200-01-01') as before_utc
    from people
    left join first_evidence on people.subject = first_evidence.subject
),

-- in a shorter gap every minute is worn by either rule
gaps as (
    select
        evidence.subject,
        evidence.after_utc,
        evidence.before_utc
    from evidence
    where evidence.before_utc > evidence.after_utc + interval 61 minute
),

wear_reports as (
    select
        recorded_minutes.subject,
        recorded_minutes.minute_utc,
        recorded_minutes.is_off,
        lead(recorded_minutes.minute_utc) over (
            partition by recorded_minutes.subject order by recorded_minutes.minute_utc
        ) as next_utc
    from stg.recorded_minutes
    where recorded_minutes.is_off or recorded_minutes.has_evidence
),

off_spans as (
    select
        wear_reports.subject,
        wear_reports.minute_utc as start_utc,
        least(wear_reports.minute_utc + interval 16 minute, wear_reports.next_utc) as end_utc
    from wear_reports
    where wear_reports.is_off
),

quarters as (
    select
        recorded_minutes.subject,
        make_timestamp(epoch_us(recorded_minutes.minute_utc) // 900000000 * 900000000) as quarter_utc,
        bool_or(recorded_minutes.heart_rate_bpm is not null) as has_heart
    from stg.recorded_minutes
    where recorded_minutes.has_evidence or recorded_minutes.is_off
    group by recorded_minutes.subject, epoch_us(recorded_minutes.minute_utc) // 900000000
    union all
    -- an hour in which a source reports counts of zero
    select
        hour_sources.subject,
        hour_sources.hour_utc as quarter_utc,
        false as has_heart
    from stg.hour_sources
    where hour_sources.minute_source is not null
),

dates as (
    select
        local_days.subject,
        local_days.local_date,
        bool_or(quarters.has_heart) as has_heart
    from quarters
    asof inner join stg.local_days
        on quarters.subject = local_days.subject and quarters.quarter_utc >= local_days.start_utc
    where quarters.quarter_utc < local_days.end_utc
    group by local_days.subject, local_days.local_date
),

-- the instants at which is_worn can change
edges as (
    select
        local_days.subject,
        local_days.start_utc as edge_utc
    from stg.local_days
    union
    select
        gaps.subject,
        unnest(
            [
                gaps.after_utc + interval 1 minute,
                gaps.after_utc + interval 31 minute,
                gaps.before_utc - interval 30 minute,
                gaps.before_utc
            ]
        ) as edge_utc
    from gaps
    union
    select
        off_spans.subject,
        unnest([off_spans.start_utc, off_spans.end_utc]) as edge_utc
    from off_spans
),

pieces as (
    select
        edges.subject,
        edges.edge_utc as start_utc,
        lead(edges.edge_utc, 1, timestamp '2200-01-01') over (
            partition by edges.subject order by edges.edge_utc
        ) as end_utc
    from edges
),

worn as (
    select
        pieces.subject,
        pieces.start_utc,
        least(pieces.end_utc, local_days.end_utc) as end_utc,
        local_days.local_date,
        local_days.offset_min,
        local_days.tz_assumed,
        case
            when dates.has_heart is null then null
            when off_spans.end_utc > pieces.start_utc then false
            when gaps.before_utc is null or pieces.start_utc >= gaps.before_utc then true
            when dates.has_heart
                then
                    pieces.start_utc <= gaps.after_utc + interval 30 minute
                    or pieces.start_utc >= gaps.before_utc - interval 30 minute
            -- n minutes without evidence lie between two that are n + 1 apart
            else pieces.start_utc = gaps.after_utc or gaps.before_utc <= gaps.after_utc + interval 90 minute
        end as is_worn
    from pieces
    asof inner join stg.local_days
        on pieces.subject = local_days.subject and pieces.start_utc >= local_days.start_utc
    asof left join gaps
        on pieces.subject = gaps.subject and pieces.start_utc >= gaps.after_utc
    asof left join off_spans
        on pieces.subject = off_spans.subject and pieces.start_utc >= off_spans.start_utc
    left join dates
        on local_days.subject = dates.subject and local_days.local_date = dates.local_date
    where pieces.start_utc < local_days.end_utc
),

minutes as (
    select
        worn.subject,
        worn.local_date,
        worn.offset_min,
        worn.tz_assumed,
        worn.is_worn,
        unnest(
            generate_series(worn.start_utc, worn.end_utc - interval 1 minute, interval 1 minute)
        ) as minute_utc
    from worn
)

select
    minutes.subject,
    minutes.minute_utc,
    minutes.local_date,
    minutes.offset_min,
    minutes.tz_assumed,
    case when minute_sleep.is_asleep is null then minutes.is_worn else true end as is_worn

from minutes

left join stg.minute_sleep
    on minutes.subject = minute_sleep.subject and minutes.minute_utc = minute_sleep.minute_utc
