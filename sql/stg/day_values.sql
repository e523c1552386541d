-- Values of whole days, without duplicates
--
-- Of several reports of the same value (subject, source, date, metric) the newest export is selected, then the
-- highest delivery.
-- grain: subject, source, local_date, metric
-- kept: yes
select
    day_values.subject,
    day_values.source,
    day_values.local_date,
    day_values.metric,
    day_values.value

from raw.day_values

qualify row_number() over (
    partition by day_values.subject, day_values.source, day_values.local_date, day_values.metric
    order by day_values.exported_utc desc nulls last, day_values.delivery desc, day_values.value desc
) = 1
