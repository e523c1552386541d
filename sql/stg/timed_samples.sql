-- Measured numbers at the person's time
--
-- As raw.samples, but that the UTC of a source whose clock is not the person's is corrected (stg.source_clocks): its
-- local time is kept, as the person's clock shows it. Both ends move as the start does.
-- grain: none, as raw.samples
-- kept: view
select
    samples.subject,
    samples.source,
    samples.metric,
    case
        when source_clocks.shift_s is null then samples.start_utc
        else samples.start_utc + to_seconds(source_clocks.shift_s)
    end as start_utc,
    case
        when source_clocks.shift_s is null then samples.end_utc
        else samples.end_utc + to_seconds(source_clocks.shift_s)
    end as end_utc,
    samples.value,
    samples.delivery,
    samples.exported_utc

from raw.samples

left join stg.source_clocks
    on
        samples.subject = source_clocks.subject
        and if(coalesce(samples.tz_assumed, false), '', samples.source) = source_clocks.source
        and samples.start_utc >= source_clocks.start_utc
        and samples.start_utc < source_clocks.end_utc
