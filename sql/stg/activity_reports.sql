-- Recorded activities as reported, and what became of each
--
-- Of several reports of the same activity (subject, source, start, end) the newest export is selected, then the
-- highest delivery. Where one source records an activity in one piece, and another source records the same time in
-- several pieces (start and end within two minutes), the pieces are selected, because they leave out the pauses.
-- fate: kept; same, another report of the activity; other, the pieces of another source are selected.
-- grain: none; kept are one per subject, source, start_utc and end_utc
-- missing: no row for an activity without length
-- source: every source for itself
with ranked as (
    select
        timed_activities.subject,
        timed_activities.source,
        timed_activities.start_utc,
        timed_activities.end_utc,
        timed_activities.sport,
        timed_activities.steps,
        timed_activities.distance_m,
        timed_activities.active_energy_kcal,
        row_number() over (
            partition by
                timed_activities.subject,
                timed_activities.source,
                timed_activities.start_utc,
                timed_activities.end_utc
            order by
                timed_activities.exported_utc desc nulls last,
                timed_activities.delivery desc,
                timed_activities.sport asc,
                timed_activities.steps desc,
                timed_activities.distance_m desc,
                timed_activities.active_energy_kcal desc
        ) as report_rank
    from stg.timed_activities
    where timed_activities.end_utc > timed_activities.start_utc
),

unique_activities as (
    select ranked.*
    from ranked
    where ranked.report_rank = 1
),

in_pieces as (
    select distinct
        unique_activities.subject,
        unique_activities.source,
        unique_activities.start_utc,
        unique_activities.end_utc
    from unique_activities
    inner join unique_activities as first_piece
        on
            unique_activities.subject = first_piece.subject
            and unique_activities.source <> first_piece.source
            and unique_activities.start_utc between first_piece.start_utc - interval 2 minute
            and first_piece.start_utc + interval 2 minute
            and unique_activities.end_utc > first_piece.end_utc + interval 2 minute
    inner join unique_activities as last_piece
        on
            first_piece.subject = last_piece.subject
            and first_piece.source = last_piece.source
            and first_piece.end_utc <= last_piece.start_utc
            and unique_activities.end_utc between last_piece.end_utc - interval 2 minute
            and last_piece.end_utc + interval 2 minute
)

select
    ranked.subject,
    ranked.source,
    ranked.start_utc,
    ranked.end_utc,
    ranked.sport,
    ranked.steps,
    ranked.distance_m,
    ranked.active_energy_kcal,
    case
        when ranked.report_rank > 1 then 'same'
        when in_pieces.source is not null then 'other'
        else 'kept'
    end as fate

from ranked

left join in_pieces
    on
        ranked.subject = in_pieces.subject
        and ranked.source = in_pieces.source
        and ranked.start_utc = in_pieces.start_utc
        and ranked.end_utc = in_pieces.end_utc
