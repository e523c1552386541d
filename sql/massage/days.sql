-- Every date, with its distance from the massages
--
-- is_massage_day is true on the date of an attended massage. Unlogged is not "no": it is false only on a date that a
-- massage log vouches for (massage.log_spans), and NULL outside. It is NULL too where a row may lie that could not be
-- read; massage_unknown_for then says which. massage_min is the minutes of the date's attended massages, NULL where
-- one of them is without minutes or could not be read, 0 where there was none. massage_min_7d is their sum over the
-- seven dates before this one (t-7 to t-1, this date excluded), NULL where one of these is not known.
-- days_since_massage and days_to_massage count from and to the nearest attended massage in the log, 0 on its date,
-- NULL where there is none on that side.
-- grain: one row per subject and local_date of the span (massage.spans)
-- missing: see above
-- source: the massage logs
with massage_days as (
    select
        massages.subject,
        massages.local_date,
        if(count(*) = count(massages.massage_min), fsum(massages.massage_min), null) as massage_min
    from stg.massages
    where massages.status = 'attended'
    group by massages.subject, massages.local_date
),

covered_dates as (
    select distinct
        log_spans.subject,
        cast(unnest(generate_series(log_spans.first_date, log_spans.last_date, interval 1 day)) as date) as local_date
    from massage.log_spans
),

unknown_dates as (
    select
        unknown_days.subject,
        unknown_days.local_date,
        min(unknown_days.path || coalesce(' ' || unknown_days.place, '') || ': ' || unknown_days.reason)
            as unknown_for,
        bool_or(unknown_days.is_its_date) as is_its_date
    from massage.unknown_days
    group by unknown_days.subject, unknown_days.local_date
),

dates as (
    select
        spans.subject,
        cast(unnest(generate_series(spans.first_date, spans.last_date, interval 1 day)) as date) as local_date,
        true as is_in_span
    from massage.spans

    union all

    select
        massage_days.subject,
        massage_days.local_date,
        false as is_in_span
    from massage_days
    inner join massage.spans on massage_days.subject = spans.subject
    where massage_days.local_date > spans.last_date
),

marked_dates as (
    select
        dates.subject,
        dates.local_date,
        dates.is_in_span,
        if(massage_days.local_date is not null, dates.local_date, null) as massage_date,
        if(massage_days.local_date is null, unknown_dates.unknown_for, null) as massage_unknown_for,
        case
            when massage_days.local_date is not null then true
            when unknown_dates.local_date is not null then null
            when covered_dates.local_date is not null then false
        end as is_massage_day,
        case
            when unknown_dates.is_its_date then null -- one more massage may have been on it
            when massage_days.local_date is not null then massage_days.massage_min
            when unknown_dates.local_date is not null then null
            when covered_dates.local_date is not null then 0.0
        end as massage_min
    from dates
    left join massage_days
        on
            dates.subject = massage_days.subject
            and dates.local_date = massage_days.local_date
    left join covered_dates
        on
            dates.subject = covered_dates.subject
            and dates.local_date = covered_dates.local_date
    left join unknown_dates
        on
            dates.subject = unknown_dates.subject
            and dates.local_date = unknown_dates.local_date
),

counted_dates as (
    select
        marked_dates.subject,
        marked_dates.local_date,
        marked_dates.is_in_span,
        marked_dates.is_massage_day,
        marked_dates.massage_unknown_for,
        marked_dates.massage_min,
        if(
            count(marked_dates.massage_min) over seven_dates_before = 7,
            round(sum(marked_dates.massage_min) over seven_dates_before, 6),
            null
        ) as massage_min_7d,
        marked_dates.local_date - max(marked_dates.massage_date) over until_now as days_since_massage,
        min(marked_dates.massage_date) over from_now - marked_dates.local_date as days_to_massage
    from marked_dates
    window
        seven_dates_before as (
            partition by marked_dates.subject
            order by marked_dates.local_date
            range between interval 7 days preceding and interval 1 day preceding
        ),
        until_now as (
            partition by marked_dates.subject
            order by marked_dates.local_date
            rows between unbounded preceding and current row
        ),
        from_now as (
            partition by marked_dates.subject
            order by marked_dates.local_date
            rows between current row and unbounded following
        )
)

select
    counted_dates.subject,
    counted_dates.local_date,
    counted_dates.is_massage_day,
    counted_dates.massage_unknown_for,
    counted_dates.massage_min,
    counted_dates.massage_min_7d,
    counted_dates.days_since_massage,
    counted_dates.days_to_massage
from counted_dates
where counted_dates.is_in_span
