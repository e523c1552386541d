-- Which sources a metric has, and from when
--
-- For each metric the stretches of days in which the same sources are in use, of valid days only. A source is in use
-- from the first to the last of its days, as long as it is selected at least once in 14 valid days, and on half of
-- them in all: a phone that fills a gap now and then does not begin and end each time. A source that is selected on
-- fewer than 14 valid days, and a stretch of fewer, is no change: one day of two watches, a watch lent for a week.
-- grain: one row per subject, metric and first_date
-- missing: no row of a metric with fewer than 14 valid days; days without settled sources lie between rows
-- source: massage.measures
with valid_days as (
    select
        measures.subject,
        measures.metric,
        measures.local_date,
        measures.source,
        row_number() over one_metric as ordinal
    from massage.measures
    where measures.is_valid
    window one_metric as (
        partition by measures.subject, measures.metric
        order by measures.local_date
    )
),

source_days as (
    select
        valid_days.subject,
        valid_days.metric,
        valid_days.ordinal,
        unnest(string_split(valid_days.source, ', ')) as source
    from valid_days
),

source_days_since as (
    select
        source_days.subject,
        source_days.metric,
        source_days.source,
        source_days.ordinal,
        source_days.ordinal - lag(source_days.ordinal) over one_source as since_last
    from source_days
    window one_source as (
        partition by source_days.subject, source_days.metric, source_days.source
        order by source_days.ordinal
    )
),

source_days_in_use as (
    select
        source_days_since.subject,
        source_days_since.metric,
        source_days_since.source,
        source_days_since.ordinal,
        count_if(coalesce(source_days_since.since_last, 15) > 14) over one_source as use_number
    from source_days_since
    window one_source as (
        partition by source_days_since.subject, source_days_since.metric, source_days_since.source
        order by source_days_since.ordinal
        rows between unbounded preceding and current row
    )
),

uses as (
    select
        source_days_in_use.subject,
        source_days_in_use.metric,
        source_days_in_use.source,
        min(source_days_in_use.ordinal) as first_ordinal,
        max(source_days_in_use.ordinal) as last_ordinal
    from source_days_in_use
    group by
        source_days_in_use.subject,
        source_days_in_use.metric,
        source_days_in_use.source,
        source_days_in_use.use_number
    having
        count(*) >= 14
        and 2 * count(*) >= max(source_days_in_use.ordinal) - min(source_days_in_use.ordinal) + 1
),

days_in_use as (
    select
        uses.subject,
        uses.metric,
        uses.source,
        cast(unnest(generate_series(uses.first_ordinal, uses.last_ordinal)) as bigint) as ordinal
    from uses
),

settled_days as (
    select
        days_in_use.subject,
        days_in_use.metric,
        days_in_use.ordinal,
        string_agg(days_in_use.source, ', ' order by days_in_use.source) as sources
    from days_in_use
    group by days_in_use.subject, days_in_use.metric, days_in_use.ordinal
),

settled_runs as (
    select
        settled_days.subject,
        settled_days.metric,
        settled_days.ordinal,
        settled_days.sources,
        settled_days.ordinal - row_number() over same_sources as run_number
    from settled_days
    window same_sources as (
        partition by settled_days.subject, settled_days.metric, settled_days.sources
        order by settled_days.ordinal
    )
),

long_runs as (
    select
        settled_runs.subject,
        settled_runs.metric,
        settled_runs.sources,
        min(settled_runs.ordinal) as first_ordinal,
        max(settled_runs.ordinal) as last_ordinal
    from settled_runs
    group by settled_runs.subject, settled_runs.metric, settled_runs.sources, settled_runs.run_number
    having count(*) >= 14
),

-- two long runs of the same sources with an unsettled time between them are one
joined_runs as (
    select
        long_runs.subject,
        long_runs.metric,
        long_runs.sources,
        long_runs.first_ordinal,
        long_runs.last_ordinal,
        row_number() over one_metric - row_number() over same_sources as stretch_number
    from long_runs
    window
        one_metric as (
            partition by long_runs.subject, long_runs.metric
            order by long_runs.first_ordinal
        ),
        same_sources as (
            partition by long_runs.subject, long_runs.metric, long_runs.sources
            order by long_runs.first_ordinal
        )
),

stretches as (
    select
        joined_runs.subject,
        joined_runs.metric,
        joined_runs.sources,
        min(joined_runs.first_ordinal) as first_ordinal,
        max(joined_runs.last_ordinal) as last_ordinal
    from joined_runs
    group by joined_runs.subject, joined_runs.metric, joined_runs.sources, joined_runs.stretch_number
)

select
    stretches.subject,
    stretches.metric,
    min(valid_days.local_date) as first_date,
    max(valid_days.local_date) as last_date,
    stretches.sources,
    count(*) as valid_days
from stretches
inner join valid_days
    on
        stretches.subject = valid_days.subject
        and stretches.metric = valid_days.metric
        and valid_days.ordinal between stretches.first_ordinal and stretches.last_ordinal
group by stretches.subject, stretches.metric, stretches.sources, stretches.first_ordinal
