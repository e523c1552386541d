-- Measured numbers, once each
--
-- Of several tellings of the same number (subject, source, metric, start, end) the one of the newest export
-- counts, then the highest delivery. Where intervals of one source and metric overlap (a later export with other
-- cuts), the newest export counts, then the shorter interval, then the later one; what overlaps a better one is
-- left out, so that nothing is added up twice.
-- grain: subject, source, metric, start_utc, end_utc
with told_once as (
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
        told_once.*,
        max(told_once.end_utc) over (
            partition by told_once.subject, told_once.source, told_once.metric
            order by told_once.start_utc, told_once.end_utc
            rows between unbounded preceding and 1 preceding
        ) as busy_until
    from told_once
    where told_once.end_utc > told_once.start_utc
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
    told_once.subject,
    told_once.source,
    told_once.metric,
    told_once.start_utc,
    told_once.end_utc,
    told_once.value

from told_once

anti join left_out
    on
        told_once.subject = left_out.subject
        and told_once.source = left_out.source
        and told_once.metric = left_out.metric
        and told_once.start_utc = left_out.start_utc
        and told_once.end_utc = left_out.end_utc
