-- Local days with a record
--
-- minute_count: length of the local day. offset_change_min: by how much the clock was advanced in it (60 in the night
-- of spring). recorded_min: minutes with a measurement or recorded sleep. worn_waking_min: worn, not asleep, not in
-- bed, not the inferred rest of an unrecorded night, and not in an hour whose movement is told too coarsely to know
-- the minute. A massage hour is worn only where the device was.
-- grain: subject, local_date
-- missing: worn_min and worn_waking_min NULL where no source can tell wear; no row without a record
-- source: sources lists the selected sources of all minutes, sorted
-- kept: yes
with sources as (
    select
        minutes.subject,
        minutes.local_date,
        unnest([minutes.source, minutes.heart_source, nullif(minutes.sleep_source, 'inferred')]) as source
    from timeline.minutes
    group by minutes.subject, minutes.local_date, minutes.source, minutes.heart_source, minutes.sleep_source
),

source_lists as (
    select
        sources.subject,
        sources.local_date,
        string_agg(distinct sources.source, ', ' order by sources.source) as sources
    from sources
    group by sources.subject, sources.local_date
),

changes as (
    select
        local_days.subject,
        local_days.local_date,
        arg_max(local_days.offset_min, local_days.start_utc)
        - arg_min(local_days.offset_min, local_days.start_utc) as offset_change_min
    from stg.local_days
    group by local_days.subject, local_days.local_date
),

counts as (
    select
        minutes.subject,
        minutes.local_date,
        count(*) as minute_count,
        count(*) filter (
            where minutes.heart_rate_bpm is not null
            or minutes.stress is not null
            or minutes.steps is not null
            or minutes.is_moving
            or minutes.state in ('asleep', 'awake_in_bed')
        ) as recorded_min,
        count(minutes.is_worn) filter (where minutes.state not in ('asleep', 'awake_in_bed', 'unknown'))
            as wear_known_min,
        count(*) filter (where minutes.is_worn) as worn_min,
        count(*) filter (
            where minutes.is_worn and minutes.state not in ('asleep', 'awake_in_bed', 'rest_unknown', 'unknown')
        ) as worn_waking_min
    from timeline.minutes
    group by minutes.subject, minutes.local_date
)

select
    counts.subject,
    counts.local_date,
    cast(counts.minute_count as integer) as minute_count,
    cast(counts.recorded_min as integer) as recorded_min,
    cast(case when counts.wear_known_min > 0 then counts.worn_min end as integer) as worn_min,
    cast(case when counts.wear_known_min > 0 then counts.worn_waking_min end as integer) as worn_waking_min,
    source_lists.sources,
    changes.offset_change_min

from counts

inner join changes
    on counts.subject = changes.subject and counts.local_date = changes.local_date

left join source_lists
    on counts.subject = source_lists.subject and counts.local_date = source_lists.local_date
