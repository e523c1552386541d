-- The days around each massage
--
-- The values of each metric from 7 days (nights for the nightly metrics) before to 7 after each attended massage,
-- beside the person's own baseline before it (massage.around).
-- grain: one row per subject, massage_id, metric and day_offset
-- missing: no row where the metric was not measured; baseline and change are NULL with fewer than 3 days for a baseline
-- source: daily_metrics
-- kept: no
select
    around.subject,
    around.massage_id, -- of massages
    around.metric,
    around.day_offset, -- days from the massage, -7 to 7
    around.local_date,
    around.value, -- of the metric on the date
    around.baseline, -- the person's own mean before the massage
    around.change, -- value less baseline
    around.is_valid, -- whether the day is fit to be compared
    around.overlaps_another -- whether it is day 0 to +3 of another massage
from massage.around
