-- The day value that counts
--
-- What sources say of whole days, of one source for each date and metric; the metrics of sql/daily use it where no
-- finer record of the date is there.
-- grain: subject, local_date, metric
-- missing: no row where no source says anything of the whole day
-- source: the one of highest priority; of equals the first by name
select
    day_values.subject,
    day_values.local_date,
    day_values.metric,
    day_values.source,
    day_values.value

from stg.day_values

inner join stg.sources on day_values.source = sources.source

qualify row_number() over (
    partition by day_values.subject, day_values.local_date, day_values.metric
    order by sources.rank asc, day_values.source asc
) = 1
