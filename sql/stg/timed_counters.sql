-- Readings of running totals at the person's time
--
-- As raw.counters, with the UTC of stg.timed_samples. The local time of the device stays: clock_offset_s becomes
-- smaller by what the UTC becomes later.
-- grain: none, as raw.counters
-- kept: view
select
    counters.subject,
    counters.source,
    counters.metric,
    counters.activity,
    case
        when source_clocks.shift_s is null then counters.time_utc
        else counters.time_utc + to_seconds(source_clocks.shift_s)
    end as time_utc,
    cast(counters.clock_offset_s - coalesce(source_clocks.shift_s, 0) as integer) as clock_offset_s,
    counters.value,
    counters.delivery,
    counters.exported_utc

from raw.counters

left join stg.source_clocks
    on
        counters.subject = source_clocks.subject
        and counters.source = source_clocks.source
        and counters.time_utc >= source_clocks.start_utc
        and counters.time_utc < source_clocks.end_utc
