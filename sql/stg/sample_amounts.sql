-- What each source reports in measured numbers, by quarters of an hour, and what became of it
--
-- The amounts that stg.source_amounts adds up to dates, with its fates: reported, same, cut. long: of records of more
-- than two hours, which are reported too. Of what has no sum (raw.summed_metrics) the number of records.
-- time_utc: the beginning of the quarter; of the minute where a clock changed in it (stg.clock_change_quarters).
-- grain: subject, source, metric, fate, time_utc
-- source: every source for itself
with pieces as (
    select
        overlapping_samples.*,
        -- a reading that is cut into two counts as two
        count(*) over (
            partition by
                overlapping_samples.subject,
                overlapping_samples.source,
                overlapping_samples.metric,
                overlapping_samples.record_start_utc,
                overlapping_samples.record_end_utc,
                overlapping_samples.fate
        ) as piece_count
    from stg.overlapping_samples
),

numbers as (
    select
        timed_samples.subject,
        timed_samples.source,
        timed_samples.metric,
        timed_samples.start_utc,
        timed_samples.end_utc,
        'reported' as fate,
        timed_samples.value,
        1 as record_count
    from stg.timed_samples
    union all
    select
        unique_samples.subject,
        unique_samples.source,
        unique_samples.metric,
        unique_samples.start_utc,
        unique_samples.end_utc,
        'same' as fate,
        unique_samples.repeated as value,
        unique_samples.repeated_count as record_count
    from stg.unique_samples
    where unique_samples.repeated_count > 0
    union all
    -- a piece is reported where it lies, not where its record does
    select
        pieces.subject,
        pieces.source,
        pieces.metric,
        pieces.record_start_utc as start_utc,
        pieces.record_end_utc as end_utc,
        if(pieces.fate = 'kept', 'reported', pieces.fate) as fate,
        if(pieces.fate = 'kept', -pieces.value, pieces.value) as value,
        if(pieces.fate = 'kept', -1, 1) / pieces.piece_count as record_count
    from pieces
    union all
    select
        pieces.subject,
        pieces.source,
        pieces.metric,
        pieces.start_utc,
        pieces.end_utc,
        'reported' as fate,
        pieces.value,
        1 as record_count
    from pieces
    where pieces.fate = 'kept'
    union all
    -- of what is spread; a value of the day is there too (stg.day_values)
    select
        samples.subject,
        samples.source,
        samples.metric,
        samples.start_utc,
        samples.end_utc,
        'long' as fate,
        samples.value,
        0 as record_count
    from stg.samples
    where samples.end_utc - samples.start_utc > interval 2 hour
),

parts as (
    select
        numbers.subject,
        numbers.source,
        coalesce(summed_metrics.ledger_metric, numbers.metric) as metric,
        numbers.fate,
        if(
            summed_metrics.is_spread and numbers.end_utc - numbers.start_utc > interval 2 hour,
            numbers.start_utc + (numbers.end_utc - numbers.start_utc) / 2,
            numbers.start_utc
        ) as time_utc,
        if(summed_metrics.metric is null, numbers.record_count, numbers.value / summed_metrics.unit_size) as amount
    from numbers
    left join raw.summed_metrics on numbers.metric = summed_metrics.metric
    where numbers.fate <> 'long' or summed_metrics.is_spread
)

select
    parts.subject,
    parts.source,
    parts.metric,
    parts.fate,
    if(
        clock_change_quarters.quarter_number is null,
        make_timestamp(epoch_us(parts.time_utc) // 900000000 * 900000000),
        date_trunc('minute', parts.time_utc)
    ) as time_utc,
    sum(parts.amount) as amount

from parts

left join stg.clock_change_quarters
    on
        parts.subject = clock_change_quarters.subject
        and epoch_us(parts.time_utc) // 900000000 = clock_change_quarters.quarter_number

group by all
