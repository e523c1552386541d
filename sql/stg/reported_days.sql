-- Reported values of whole days, of the selected source
--
-- A metric of sql/daily with `day values: yes` takes them on the dates without a finer record.
-- grain: subject, local_date, metric
-- missing: no row where no source reports a value for the whole day
-- source: the one of highest priority; of equals the first by name
-- kept: yes
select
    day_values.subject,
    day_values.local_date,
    day_values.metric,
    day_values.source,
    sources.rank as source_rank,
    day_values.value

from stg.day_values

inner join stg.sources on day_values.source = sources.source

qualify row_number() over (
    partition by day_values.subject, day_values.local_date, day_values.metric
    order by sources.rank asc, day_values.source asc
) = 1
