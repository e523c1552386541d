-- Daily values with their validity
--
-- Every value of sql/daily, with what it is counted by (day or night, a line of its file's header) and whether it is
-- fit to be compared: a value counted by night when the night that ends on its date is valid, a value of the diary
-- or of the family diary, which needs no device, when the date is not excluded, any other when its day was worn for
-- long enough (massage.validity) and is complete by all of the value's sources (massage.source_ends). Rest that is
-- counted by the minute is so only where the person's waking hours are known too.
-- is_complete: false where one of them may have more to say of that date or night; a diary never has.
-- is_valid_unless_excluded: fit to be compared where excluded days count; answers.looks of dates before they were
-- excluded are made of these.
-- grain: one row per subject, local_date and metric
-- missing: no row where nothing was measured
-- source: as the value's own
with judged_metrics as (
    select
        metrics.subject,
        metrics.local_date,
        metrics.metric,
        definitions.family,
        case
            when metrics.source = 'diary' or definitions.family = 'diary' then 'diary'
            else definitions.counted_by
        end as judged_by,
        definitions.counted_by,
        metrics.value,
        metrics.unit,
        metrics.source,
        metrics.resolution,
        metrics.coverage_share
    from massage.day_metrics as metrics
    inner join daily.definitions on metrics.metric = definitions.metric
),

value_sources as (
    select
        judged_metrics.subject,
        judged_metrics.local_date,
        judged_metrics.metric,
        unnest(string_split(judged_metrics.source, ', ')) as source
    from judged_metrics
    where judged_metrics.judged_by = 'day'
),

incomplete_values as (
    select distinct
        value_sources.subject,
        value_sources.local_date,
        value_sources.metric
    from value_sources
    inner join massage.source_ends
        on
            value_sources.subject = source_ends.subject
            and value_sources.source = source_ends.source
            and value_sources.local_date > source_ends.last_complete_date
),

judged_values as (
    select
        judged_metrics.*,
        validity.excluded_for,
        case judged_metrics.judged_by
            when 'diary' then true
            when 'night' then coalesce(validity.is_night_complete, true)
            else incomplete_values.metric is null
        end as is_complete,
        case judged_metrics.judged_by
            when 'diary' then true
            when 'night' then validity.is_valid_night_unless_excluded
            else
                validity.is_worn_enough_unless_excluded
                and incomplete_values.metric is null
                and (validity.is_rest_known or judged_metrics.family <> 'rest' or judged_metrics.resolution <> 'minute')
        end as is_valid_unless_excluded
    from judged_metrics
    inner join massage.validity
        on
            judged_metrics.subject = validity.subject
            and judged_metrics.local_date = validity.local_date
    left join incomplete_values
        on
            judged_metrics.subject = incomplete_values.subject
            and judged_metrics.local_date = incomplete_values.local_date
            and judged_metrics.metric = incomplete_values.metric
)

select
    judged_values.subject,
    judged_values.local_date,
    judged_values.metric,
    judged_values.family,
    judged_values.counted_by,
    judged_values.value,
    judged_values.unit,
    judged_values.source,
    judged_values.resolution,
    judged_values.coverage_share,
    judged_values.is_complete,
    judged_values.is_valid_unless_excluded and judged_values.excluded_for is null as is_valid,
    judged_values.is_valid_unless_excluded
from judged_values
