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
        row_number() over one_metric as ordinal,
        row_number() over same_source as ordinal_of_source
    from massage.measures
    where measures.is_valid
    window
        one_metric as (
            partition by measures.subject, measures.metric
            order by measures.local_date
        ),
        same_source as (
            partition by measures.subject, measures.metric, measures.source
            order by measures.local_date
        )
),

-- days one after the other with the same sources: of ten years a few rows a metric
day_runs as (
    select
        valid_days.subject,
        valid_days.metric,
        valid_days.source as sources,
        min(valid_days.ordinal) as first_ordinal,
        max(valid_days.ordinal) as last_ordinal
    from valid_days
    group by
        valid_days.subject,
        valid_days.metric,
        valid_days.source,
        valid_days.ordinal - valid_days.ordinal_of_source
),

source_runs as (
    select
        day_runs.subject,
        day_runs.metric,
        day_runs.first_ordinal,
        day_runs.last_ordinal,
        unnest(string_split(day_runs.sources, ', ')) as source
    from day_runs
),

source_runs_since as (
    select
        source_runs.subject,
        source_runs.metric,
        source_runs.source,
        source_runs.first_ordinal,
        source_runs.last_ordinal,
        source_runs.first_ordinal - lag(source_runs.last_ordinal) over one_source as since_last
    from source_runs
    window one_source as (
        partition by source_runs.subject, source_runs.metric, source_runs.source
        order by source_runs.first_ordinal
    )
),

source_runs_in_use as (
    select
        source_runs_since.subject,
        source_runs_since.metric,
        source_runs_since.source,
        source_runs_since.first_ordinal,
        source_runs_since.last_ordinal,
        count_if(coalesce(source_runs_since.since_last, 15) > 14) over one_source as use_number
    from source_runs_since
    window one_source as (
        partition by source_runs_since.subject, source_runs_since.metric, source_runs_since.source
        order by source_runs_since.first_ordinal
        rows between unbounded preceding and current row
    )
),

uses as (
    select
        source_runs_in_use.subject,
        source_runs_in_use.metric,
        source_runs_in_use.source,
        min(source_runs_in_use.first_ordinal) as first_ordinal,
        max(source_runs_in_use.last_ordinal) as last_ordinal,
        sum(source_runs_in_use.last_ordinal - source_runs_in_use.first_ordinal + 1) as day_count
    from source_runs_in_use
    group by
        source_runs_in_use.subject,
        source_runs_in_use.metric,
        source_runs_in_use.source,
        source_runs_in_use.use_number
    having
        day_count >= 14
        and 2 * day_count >= max(source_runs_in_use.last_ordinal) - min(source_runs_in_use.first_ordinal) + 1
),

-- where a use begins, or has ended: between two of them the same sources are in use
bounds as (
    select
        uses.subject,
        uses.metric,
        uses.first_ordinal as ordinal
    from uses
    union
    select
        uses.subject,
        uses.metric,
        uses.last_ordinal + 1 as ordinal
    from uses
),

pieces as (
    select
        bounds.subject,
        bounds.metric,
        bounds.ordinal as first_ordinal,
        lead(bounds.ordinal) over one_metric - 1 as last_ordinal
    from bounds
    window one_metric as (
        partition by bounds.subject, bounds.metric
        order by bounds.ordinal
    )
),

long_runs as (
    select
        pieces.subject,
        pieces.metric,
        string_agg(uses.source, ', ' order by uses.source) as sources,
        pieces.first_ordinal,
        pieces.last_ordinal
    from pieces
    inner join uses
        on
            pieces.subject = uses.subject
            and pieces.metric = uses.metric
            and pieces.first_ordinal between uses.first_ordinal and uses.last_ordinal
    where pieces.last_ordinal - pieces.first_ordinal + 1 >= 14
    group by pieces.subject, pieces.metric, pieces.first_ordinal, pieces.last_ordinal
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
    first_days.local_date as first_date,
    last_days.local_date as last_date,
    stretches.sources,
    stretches.last_ordinal - stretches.first_ordinal + 1 as valid_days
from stretches
inner join valid_days as first_days
    on
        stretches.subject = first_days.subject
        and stretches.metric = first_days.metric
        and stretches.first_ordinal = first_days.ordinal
inner join valid_days as last_days
    on
        stretches.subject = last_days.subject
        and stretches.metric = last_days.metric
        and stretches.last_ordinal = last_days.ordinal
