-- Measured numbers, without duplicates
--
-- Of several reports of the same number (subject, source, metric, start, end) the newest export is selected, then the
-- highest delivery. Where intervals of one source and metric overlap (a later export with other limits), the newest
-- export is selected, then the shorter interval, then the later one. What overlaps a selected one is left out, so
-- that nothing is added up twice.
-- grain: subject, source, metric, start_utc, end_utc
with unique_samples as (
    select
        samples.subject,
        samples.source,
        samples.metric,
        samples.start_utc,
        samples.end_utc,
        samples.value,
        samples.exported_utc
    from raw.samples
    qualify row_number() over (
        partition by
            samples.subject, samples.source, samples.metric, samples.start_utc, samples.end_utc
        order by samples.exported_utc desc nulls last, samples.delivery desc, samples.value desc
    ) = 1
),

intervals as (
    select
        unique_samples.*,
        max(unique_samples.end_utc) over (
            partition by unique_samples.subject, unique_samples.source, unique_samples.metric
            order by unique_samples.start_utc, unique_samples.end_utc
            rows between unbounded preceding and 1 preceding
        ) as busy_until
    from unique_samples
    where unique_samples.end_utc > unique_samples.start_utc
),

bundles as (
    select
        intervals.*,
        count_if(intervals.busy_until is null or intervals.busy_until <= intervals.start_utc) over (
            partition by intervals.subject, intervals.source, intervals.metric
            order by intervals.start_utc, intervals.end_utc
            rows between unbounded preceding and current row
        ) as bundle
    from intervals
),

bundle_sizes as (
    select
        bundles.subject,
        bundles.source,
        bundles.metric,
        bundles.bundle
    from bundles
    group by bundles.subject, bundles.source, bundles.metric, bundles.bundle
    having count(*) > 1
),

contested as (
    select
        bundles.*,
        row_number() over (
            partition by bundles.subject, bundles.source, bundles.metric, bundles.bundle
            order by
                bundles.exported_utc desc nulls last,
                bundles.end_utc - bundles.start_utc asc,
                bundles.start_utc desc
        ) as place
    from bundles
    semi join bundle_sizes
        on
            bundles.subject = bundle_sizes.subject
            and bundles.source = bundle_sizes.source
            and bundles.metric = bundle_sizes.metric
            and bundles.bundle = bundle_sizes.bundle
),

left_out as (
    select distinct
        contested.subject,
        contested.source,
        contested.metric,
        contested.start_utc,
        contested.end_utc
    from contested
    inner join contested as better
        on
            contested.subject = better.subject
            and contested.source = better.source
            and contested.metric = better.metric
            and contested.bundle = better.bundle
            and contested.place > better.place
            and contested.start_utc < better.end_utc
            and contested.end_utc > better.start_utc
)

select
    unique_samples.subject,
    unique_samples.source,
    unique_samples.metric,
    unique_samples.start_utc,
    unique_samples.end_utc,
    unique_samples.value

from unique_samples

anti join left_out
    on
        unique_samples.subject = left_out.subject
        and unique_samples.source = left_out.source
        and unique_samples.metric = left_out.metric
        and unique_samples.start_utc = left_out.start_utc
        and unique_samples.end_utc = left_out.end_utc
