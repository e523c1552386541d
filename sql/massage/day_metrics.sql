-- The daily metrics in one table
--
-- All rows of daily.metrics, which is a union of the relation of each metric. A join with such a union keeps a buffer
-- for each of them (300 MB with 45 metrics, however few rows there are); a join with a table does not.
-- grain: subject, local_date, metric
-- missing: no row where nothing was measured
-- source: daily.metrics
select
    metrics.subject,
    metrics.local_date,
    metrics.metric,
    metrics.value,
    metrics.unit,
    metrics.source,
    metrics.resolution,
    metrics.coverage_share

from daily.metrics
