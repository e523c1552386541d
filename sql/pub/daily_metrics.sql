-- One row a day and metric
--
-- Every measured value of every metric, with where it comes from, whether it is complete (the day or night is over for
-- all of its sources) and whether it is fit to be compared (massage.measures).
-- grain: one row per subject, local_date and metric
-- missing: no row where nothing was measured
-- source: the device or app selected for that day, or the diary
select
    measures.subject,
    measures.local_date,
    measures.metric,
    measures.family,
    measures.value,
    measures.unit,
    measures.source,
    measures.resolution,
    measures.coverage_share,
    measures.is_complete,
    measures.is_valid
from massage.measures
order by measures.subject, measures.local_date, measures.metric
