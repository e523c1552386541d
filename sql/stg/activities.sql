-- Recorded activities, once each
--
-- Of several tellings of the same activity (subject, source, start, end) the one of the newest export counts, then
-- the highest delivery. What one source tells in one piece and another, from the same start to the same end (within
-- two minutes), in pieces, is told by the pieces: these leave out the pauses. They are evidence of movement; their
-- steps and metres are mostly in the device's totals already, so the timeline does not add them.
-- grain: subject, source, start_utc, end_utc
with told_once as (
    select
        activities.subject,
        activities.source,
        activities.start_utc,
        activities.end_utc,
        activities.sport,
        activities.steps,
        activities.distance_m,
        activities.active_energy_kcal
    from raw.activities
    where activities.end_utc > activities.start_utc
    qualify row_number() over (
        partition by activities.subject, activities.source, activities.start_utc, activities.end_utc
        order by
            activities.exported_utc desc nulls last,
            activities.delivery desc,
            activities.sport asc,
            activities.steps desc,
            activities.distance_m desc,
            activities.active_energy_kcal desc
    ) = 1
),

in_pieces as (
    select distinct
        told_once.subject,
        told_once.source,
        told_once.start_utc,
        told_once.end_utc
    from told_once
    inner join told_once as first_piece
        on
            told_once.subject = first_piece.subject
            and told_once.source <> first_piece.source
            and told_once.start_utc between first_piece.start_utc - interval 2 minute
            and first_piece.start_utc + interval 2 minute
            and told_once.end_utc > first_piece.end_utc + interval 2 minute
    inner join told_once as last_piece
        on
            first_piece.subject = last_piece.subject
            and first_piece.source = last_piece.source
            and first_piece.end_utc <= last_piece.start_utc
            and told_once.end_utc between last_piece.end_utc - interval 2 minute
            and last_piece.end_utc + interval 2 minute
)

select
    told_once.subject,
    told_once.source,
    told_once.start_utc,
    told_once.end_utc,
    told_once.sport,
    told_once.steps,
    told_once.distance_m,
    told_once.active_energy_kcal

from told_once

anti join in_pieces
    on
        told_once.subject = in_pieces.subject
        and told_once.source = in_pieces.source
        and told_once.start_utc = in_pieces.start_utc
        and told_once.end_utc = in_pieces.end_utc
