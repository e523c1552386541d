-- Daily values with their validity
--
-- Every value of sql/daily, with what it is counted by (day or night, a line of its file's header) and whether it is
-- fit to be compared: a value counted by night when the night that ends on its date is valid, a value of the diary
-- or of the family diary, which needs no device, when the date is not excluded, any other when its day is valid
-- (massage.validity).
-- grain: one row per subject, local_date and metric
-- missing: no row where nothing was measured
-- source: as the value's own
select
    metrics.subject,
    metrics.local_date,
    metrics.metric,
    definitions.family,
    definitions.counted_by,
    metrics.value,
    metrics.unit,
    metrics.source,
    metrics.resolution,
    metrics.coverage_share,
    case
        when metrics.source = 'diary' or definitions.family = 'diary' then validity.excluded_for is null
        when definitions.counted_by = 'night' then validity.is_valid_night
        else validity.is_valid_day
    end as is_valid
from daily.metrics
inner join daily.definitions on metrics.metric = definitions.metric
inner join massage.validity
    on
        metrics.subject = validity.subject
        and metrics.local_date = validity.local_date
