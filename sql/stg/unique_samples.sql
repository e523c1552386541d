-- Measured numbers, each once
--
-- Of several reports of the same number (subject, source, metric, start, end) the newest export is selected, then the
-- highest delivery, then the greatest value.
-- repeated: the values of the other reports, added up; repeated_count: how many these are.
-- grain: subject, source, metric, start_utc, end_utc
-- source: every source for itself
with numbers as (
    select
        timed_samples.subject,
        timed_samples.source,
        timed_samples.metric,
        timed_samples.start_utc,
        timed_samples.end_utc,
        any_value(timed_samples.value) as value,
        any_value(timed_samples.exported_utc) as exported_utc,
        sum(timed_samples.value) as value_of_all,
        count(*) as report_count
    from stg.timed_samples
    group by
        timed_samples.subject,
        timed_samples.source,
        timed_samples.metric,
        timed_samples.start_utc,
        timed_samples.end_utc
),

several as (
    select numbers.*
    from numbers
    where numbers.report_count > 1
),

newest as (
    select
        timed_samples.subject,
        timed_samples.source,
        timed_samples.metric,
        timed_samples.start_utc,
        timed_samples.end_utc,
        max_by(
            struct_pack(value := timed_samples.value, exported_utc := timed_samples.exported_utc),
            (coalesce(timed_samples.exported_utc, timestamp '-infinity'), timed_samples.delivery, timed_samples.value)
        ) as report
    from stg.timed_samples
    semi join several
        on
            timed_samples.subject = several.subject
            and timed_samples.source = several.source
            and timed_samples.metric = several.metric
            and timed_samples.start_utc = several.start_utc
            and timed_samples.end_utc = several.end_utc
    group by
        timed_samples.subject,
        timed_samples.source,
        timed_samples.metric,
        timed_samples.start_utc,
        timed_samples.end_utc
)

select
    numbers.subject,
    numbers.source,
    numbers.metric,
    numbers.start_utc,
    numbers.end_utc,
    numbers.value,
    numbers.exported_utc,
    0.0 as repeated,
    0 as repeated_count
from numbers
where numbers.report_count = 1

union all

select
    several.subject,
    several.source,
    several.metric,
    several.start_utc,
    several.end_utc,
    newest.report.value,
    newest.report.exported_utc,
    several.value_of_all - newest.report.value as repeated,
    cast(several.report_count - 1 as integer) as repeated_count
from several
inner join newest
    on
        several.subject = newest.subject
        and several.source = newest.source
        and several.metric = newest.metric
        and several.start_utc = newest.start_utc
        and several.end_utc = newest.end_utc
