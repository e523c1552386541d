-- Recorded activities, without duplicates
--
-- Of several reports of the same activity (subject, source, start, end) the newest export is selected, then the
-- highest delivery. Where one source records an activity in one piece, and another source records the same time in
-- several pieces (start and end within two minutes), the pieces are selected, because they leave out the pauses.
-- Activities are evidence of movement. Their steps and metres are mostly in the device's totals already, so the
-- timeline does not add them.
-- grain: subject, source, start_utc, end_utc
with unique_activities as (
    select
        timed_activities.subject,
        timed_activities.source,
        timed_activities.start_utc,
        timed_activities.end_utc,
        timed_activities.sport,
        timed_activities.steps,
        timed_activities.distance_m,
        timed_activities.active_energy_kcal
    from stg.timed_activities
    where timed_activities.end_utc > timed_activities.start_utc
    qualify row_number() over (
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
    ) = 1
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
    unique_activities.subject,
    unique_activities.source,
    unique_activities.start_utc,
    unique_activities.end_utc,
    unique_activities.sport,
    unique_activities.steps,
    unique_activities.distance_m,
    unique_activities.active_energy_kcal

from unique_activities

anti join in_pieces
    on
        unique_activities.subject = in_pieces.subject
        and unique_activities.source = in_pieces.source
        and unique_activities.start_utc = in_pieces.start_utc
        and unique_activities.end_utc = in_pieces.end_utc
