-- Measured numbers, without duplicates and without overlaps
--
-- The numbers of stg.unique_samples; of those that overlap, the pieces that are kept (stg.overlapping_samples).
-- grain: subject, source, metric, start_utc, end_utc
select
    unique_samples.subject,
    unique_samples.source,
    unique_samples.metric,
    unique_samples.start_utc,
    unique_samples.end_utc,
    unique_samples.value

from stg.unique_samples

anti join stg.overlapping_samples
    on
        unique_samples.subject = overlapping_samples.subject
        and unique_samples.source = overlapping_samples.source
        and unique_samples.metric = overlapping_samples.metric
        and unique_samples.start_utc = overlapping_samples.record_start_utc
        and unique_samples.end_utc = overlapping_samples.record_end_utc

union all

select
    overlapping_samples.subject,
    overlapping_samples.source,
    overlapping_samples.metric,
    overlapping_samples.start_utc,
    overlapping_samples.end_utc,
    overlapping_samples.value

from stg.overlapping_samples

where overlapping_samples.fate = 'kept'
