-- Rows of massage logs with their start in UTC
--
-- The start in UTC as the log has it, else its wall clock less the person's offset. Of an hour that occurs twice the
-- first is meant; in the hour that is left out in spring, the clock is read as if it had not been changed.
-- field_count is the number of fields that the row fills besides its date.
-- grain: subject, path, place
with candidates as (
    select
        massages.*,
        coalesce(
            massages.start_local, massages.start_utc + to_minutes(clock_offsets.offset_min)
        ) as settled_local,
        coalesce(
            massages.start_utc, massages.start_local - to_minutes(clock_offsets.offset_min)
        ) as settled_utc,
        clock_offsets.start_utc as segment_utc,
        coalesce(
            massages.start_local < clock_offsets.end_utc + to_minutes(clock_offsets.offset_min), false
        ) as is_within
    from raw.massages
    left join stg.clock_offsets
        on
            massages.subject = clock_offsets.subject
            and case
                when massages.start_local is null then massages.start_utc >= clock_offsets.start_utc
                else massages.start_local >= clock_offsets.start_utc + to_minutes(clock_offsets.offset_min)
            end
)

select
    candidates.subject,
    candidates.path,
    candidates.place,
    candidates.origin,
    candidates.local_date,
    candidates.settled_local as start_local,
    candidates.settled_utc as start_utc,
    candidates.massage_min,
    candidates.technique,
    candidates.pressure,
    candidates.areas,
    candidates.muscles,
    candidates.therapist,
    candidates.status,
    candidates.pain_before,
    candidates.pain_after,
    candidates.cause,
    candidates.note,
    candidates.delivery,
    (candidates.settled_utc is not null)::integer
    + (candidates.massage_min is not null)::integer
    + (candidates.technique is not null)::integer
    + (candidates.pressure is not null)::integer
    + (candidates.areas is not null)::integer
    + (candidates.muscles is not null)::integer
    + (candidates.therapist is not null)::integer
    + (candidates.pain_before is not null)::integer
    + (candidates.pain_after is not null)::integer
    + (candidates.cause is not null)::integer
    + (candidates.note is not null)::integer as field_count

from candidates

qualify row_number() over (
    partition by candidates.subject, candidates.path, candidates.place
    order by
        candidates.is_within desc,
        case when candidates.is_within then candidates.segment_utc end asc nulls last,
        candidates.segment_utc desc nulls last,
        candidates.delivery desc
) = 1
