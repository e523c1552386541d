-- One row a day and metric
--
-- Every measured value of every metric, with where it comes from, whether it is complete (the day or night is over for
-- all of its sources) and whether it is fit to be compared (massage.measures).
-- grain: one row per subject, local_date and metric
-- missing: no row where nothing was measured
-- source: the device or app selected for that day, or the diary
-- kept: no
select
    measures.subject,
    measures.local_date,
    measures.metric,
    measures.family, -- of metrics: movement, rest, sleep, diary, physiology, gait
    measures.value, -- measured value, in unit; 0 is measured and zero
    measures.unit, -- of value
    measures.source, -- device or app selected for the day, or the diary
    measures.resolution, -- what it is made of: minute, interval or day
    measures.coverage_share, -- share of the day that was measured
    measures.is_complete, -- whether the day or night is over for all of its sources
    measures.is_valid -- whether it is fit to be compared
from massage.measures
