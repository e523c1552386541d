-- Dates on which each source recorded something
--
-- last_record_utc: when the last number, total or activity of the date began; NULL where the source reported only
-- values of whole days or sleep (is_sleep_only: nothing but sleep). exported_utc: the newest date of an export with a
-- record of this date, as the export tells it itself; exported_date: the same as a date, by the local clock or by
-- UTC, whichever is earlier. massage.source_ends makes of them until when the days of a source are complete.
-- grain: subject, source, local_date
-- missing: exported_utc and exported_date are NULL where no export tells its date
-- source: every source for itself
-- kept: yes
with records as (
    select
        timed_samples.subject,
        timed_samples.source,
        timed_samples.delivery,
        max(timed_samples.start_utc) as last_utc,
        false as is_sleep
    from stg.timed_samples
    group by timed_samples.subject, timed_samples.source, timed_samples.delivery, cast(timed_samples.start_utc as date)

    union all

    select
        timed_counters.subject,
        timed_counters.source,
        timed_counters.delivery,
        max(timed_counters.time_utc) as last_utc,
        false as is_sleep
    from stg.timed_counters
    group by
        timed_counters.subject, timed_counters.source, timed_counters.delivery, cast(timed_counters.time_utc as date)

    union all

    select
        timed_activities.subject,
        timed_activities.source,
        timed_activities.delivery,
        max(timed_activities.start_utc) as last_utc,
        false as is_sleep
    from stg.timed_activities
    group by
        timed_activities.subject,
        timed_activities.source,
        timed_activities.delivery,
        cast(timed_activities.start_utc as date)

    union all

    -- what has slept on the next date has seen the end of this one
    select
        timed_sessions.subject,
        timed_sessions.source,
        timed_sessions.delivery,
        max(timed_sessions.end_utc) - interval 1 microsecond as last_utc,
        true as is_sleep
    from stg.timed_sessions
    group by
        timed_sessions.subject,
        timed_sessions.source,
        timed_sessions.delivery,
        cast(timed_sessions.end_utc as date)
),

dated_records as (
    select
        records.subject,
        records.source,
        cast(records.last_utc + to_minutes(clock_offsets.offset_min) as date) as local_date,
        records.delivery,
        if(records.is_sleep, null, records.last_utc) as last_record_utc,
        records.is_sleep
    from records
    asof inner join stg.clock_offsets
        on records.subject = clock_offsets.subject and records.last_utc >= clock_offsets.start_utc

    union all

    select
        day_values.subject,
        day_values.source,
        day_values.local_date,
        day_values.delivery,
        cast(null as timestamp) as last_record_utc,
        false as is_sleep
    from raw.day_values
),

exported_records as (
    select
        dated_records.subject,
        dated_records.source,
        dated_records.local_date,
        max(dated_records.last_record_utc) as last_record_utc,
        -- 1 second: a date that stands in a name is the end of that date, and two files of one date are told apart
        max(deliveries.exported_utc) - interval 1 second as exported_utc,
        bool_and(dated_records.is_sleep) as is_sleep_only
    from dated_records
    left join raw.deliveries
        on
            dated_records.subject = deliveries.subject
            and dated_records.delivery = deliveries.delivery
    group by dated_records.subject, dated_records.source, dated_records.local_date
)

select
    exported_records.subject,
    exported_records.source,
    exported_records.local_date,
    exported_records.last_record_utc,
    exported_records.exported_utc,
    least(
        cast(exported_records.exported_utc as date),
        cast(exported_records.exported_utc + to_minutes(clock_offsets.offset_min) as date)
    ) as exported_date,
    exported_records.is_sleep_only

from exported_records

asof left join stg.clock_offsets
    on
        exported_records.subject = clock_offsets.subject
        and exported_records.exported_utc >= clock_offsets.start_utc
