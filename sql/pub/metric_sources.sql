-- Which sources a metric has, and from when
--
-- Of each metric the stretches of valid days in which the same sources are in use (massage.metric_sources). Between
-- two rows lies a change that looks like an effect: see device_changes.
-- grain: one row per subject, metric and first_date
-- missing: no row of a metric with fewer than 14 valid days
-- source: daily_metrics
select
    metric_sources.subject,
    metric_sources.metric,
    metric_sources.first_date, -- of the stretch
    metric_sources.last_date, -- of the stretch
    metric_sources.sources, -- in use, separated by commas
    metric_sources.valid_days -- valid days of the stretch
from massage.metric_sources
order by metric_sources.subject, metric_sources.metric, metric_sources.first_date
