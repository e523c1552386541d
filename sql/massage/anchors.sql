-- The date that is day 0 of a massage
--
-- For metrics counted by day, the massage's own date. For metrics counted by night, the date on which the first main
-- sleep ends that begins after the massage ended. This is the massage's own date where a main sleep that ends on it
-- begins after the massage (a massage after midnight, a person who sleeps by day), else the next date, whether that
-- night was recorded or not. Without a start time, the next date. Only attended massages up to the last recorded
-- date.
-- grain: one row per subject, massage_id and counted_by
-- missing: no row for a massage that was cancelled or not attended, or lies after all records
-- source: the massage logs, stg.nights
with attended_massages as (
    select
        massages.subject,
        massages.massage_id,
        massages.local_date,
        coalesce(massages.end_utc, massages.start_utc) as end_utc
    from stg.massages
    inner join massage.spans on massages.subject = spans.subject
    where massages.status = 'attended' and massages.local_date <= spans.last_date
)

select
    attended_massages.subject,
    attended_massages.massage_id,
    'day' as counted_by,
    attended_massages.local_date as anchor_date
from attended_massages

union all

select
    attended_massages.subject,
    attended_massages.massage_id,
    'night' as counted_by,
    if(
        coalesce(nights.in_bed_start_utc, nights.onset_utc) >= attended_massages.end_utc,
        attended_massages.local_date,
        cast(attended_massages.local_date + interval 1 day as date)
    ) as anchor_date
from attended_massages
left join stg.nights
    on
        attended_massages.subject = nights.subject
        and attended_massages.local_date = nights.local_date
        and nights.is_main
