-- The days around each massage
--
-- The values of each metric from 7 days (nights for the nightly metrics) before to 7 after each attended massage,
-- beside the person's own baseline before it (massage.around).
-- grain: one row per subject, massage_id, metric and day_offset
-- missing: no row where the metric was not measured; baseline and change are NULL with fewer than 3 days for a baseline
-- source: daily_metrics
select
    around.subject,
    around.massage_id,
    around.metric,
    around.day_offset,
    around.local_date,
    around.value,
    around.baseline,
    around.change,
    around.is_valid,
    around.overlaps_another
from massage.around
order by around.subject, around.massage_id, around.metric, around.day_offset
