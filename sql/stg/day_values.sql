-- Values of whole days, without duplicates
--
-- Of several reports of the same value (subject, source, date, metric) the newest export is selected, then the highest
-- delivery. Where a source reports none, its records of more than two hours are added up: such a record says what was
-- made on the date of its middle, not in which hours.
-- grain: subject, source, local_date, metric
-- kept: yes
with reported as (
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
),

long_records as (
    select
        samples.subject,
        samples.source,
        samples.start_utc + (samples.end_utc - samples.start_utc) / 2 as middle_utc,
        case samples.metric
            when 'active_s' then 'moving_min'
            when 'moderate_s' then 'moderate_min'
            when 'vigorous_s' then 'vigorous_min'
            else samples.metric
        end as metric,
        if(samples.metric in ('active_s', 'moderate_s', 'vigorous_s'), samples.value / 60, samples.value) as value
    from stg.samples
    where
        samples.metric in (
            'steps', 'distance_m', 'active_s', 'active_energy_kcal', 'moderate_s', 'vigorous_s'
        )
        and samples.end_utc - samples.start_utc > interval 2 hour
),

sums as (
    select
        long_records.subject,
        long_records.source,
        cast(long_records.middle_utc + to_minutes(clock_offsets.offset_min) as date) as local_date,
        long_records.metric,
        round(sum(long_records.value), 6) as value
    from long_records
    asof inner join stg.clock_offsets
        on long_records.subject = clock_offsets.subject and long_records.middle_utc >= clock_offsets.start_utc
    group by all
)

select
    reported.subject,
    reported.source,
    reported.local_date,
    reported.metric,
    reported.value

from reported

union all

select
    sums.subject,
    sums.source,
    sums.local_date,
    sums.metric,
    sums.value

from sums

anti join reported
    on
        sums.subject = reported.subject
        and sums.source = reported.source
        and sums.local_date = reported.local_date
        and sums.metric = reported.metric
