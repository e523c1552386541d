-- Dates of which nobody knows whether there was a massage
--
-- A row of a massage log that could not be read lies on one date, where its date can be read, or on one of several.
-- None of these is a day without a massage. A date with an attended massage stays one. A row that names a known person
-- is about that person, another one about everybody of whom its log speaks. A row without a bound may lie wherever its
-- log vouches for the dates. is_its_date: the row is surely of this person and date, so that minutes of massages on
-- that date are not all told.
-- grain: one row per subject, local_date, path and place
-- missing: no row for dates that no log vouches for
-- source: rows of massage logs that could not be read
with unclear_dates as (
    select
        log_spans.subject,
        unclear_rows.path,
        unclear_rows.place,
        unclear_rows.reason,
        coalesce(unclear_rows.subject is not null and unclear_rows.first_date = unclear_rows.last_date, false)
            as is_its_date,
        coalesce(unclear_rows.first_date, log_spans.first_date) as first_date,
        coalesce(unclear_rows.last_date, log_spans.last_date) as last_date
    from raw.unclear_rows
    inner join massage.log_spans
        on
            unclear_rows.path = log_spans.path
            and (unclear_rows.subject is null or unclear_rows.subject = log_spans.subject)

    union all

    -- A row of a person for whom its log has no entry: only its own dates tell where it lies.
    select
        unclear_rows.subject,
        unclear_rows.path,
        unclear_rows.place,
        unclear_rows.reason,
        coalesce(unclear_rows.first_date = unclear_rows.last_date, false) as is_its_date,
        unclear_rows.first_date,
        unclear_rows.last_date
    from raw.unclear_rows
    anti join massage.log_spans
        on
            unclear_rows.path = log_spans.path
            and unclear_rows.subject = log_spans.subject
    where unclear_rows.subject is not null
)

select distinct
    log_spans.subject,
    cast(unnest(
        generate_series(
            greatest(unclear_dates.first_date, log_spans.first_date),
            least(unclear_dates.last_date, log_spans.last_date),
            interval 1 day
        )
    ) as date)
        as local_date,
    unclear_dates.path,
    unclear_dates.place,
    unclear_dates.reason,
    unclear_dates.is_its_date
from unclear_dates
inner join massage.log_spans on unclear_dates.subject = log_spans.subject
where
    unclear_dates.first_date <= log_spans.last_date
    and unclear_dates.last_date >= log_spans.first_date
