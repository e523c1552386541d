-- The selected source of each hour of UTC
--
-- For movement, and for the heart (heart rate, stress): the source with evidence in the most quarters of the hour.
-- Evidence is a heart rate or a count that is not zero, so the watch on the wrist is preferred to the one in the
-- drawer, which reports zeros. Of sources with the same number of quarters the better rank is selected, then the one
-- with more minutes of heart rate (it was on the body), then with more minutes of evidence, then by name. Quarters,
-- because a total reported every 15 minutes covers all minutes without knowing more of them than a watch that reports
-- each. Sources are never added up. Of an hour in which a device is taken off or put on, stg.handover_minutes has the
-- minutes of another source.
-- minute_source: the source that knows in which minutes of the hour there was movement. It is the one for movement,
-- unless some of what it reports of the hour is coarse (stg.source_hours); then the best of those that are not and made
-- at least half of the steps that any source has on this date of UTC.
-- grain: subject, hour_utc
-- missing: no row where no source reports anything of the hour; a source is NULL where none reports of its kind, or
-- none knows the minutes
with ranked_movement as (
    select
        source_hours.subject,
        source_hours.hour_utc,
        source_hours.source,
        source_hours.has_steps,
        source_hours.is_coarse,
        source_hours.is_enough,
        row_number() over (
            partition by source_hours.subject, source_hours.hour_utc
            order by
                source_hours.quarters desc,
                sources.rank asc,
                source_hours.body_minutes desc,
                source_hours.minutes desc,
                source_hours.source asc
        ) as place
    from stg.source_hours
    inner join stg.sources on source_hours.source = sources.source
    where source_hours.is_movement
),

movement_sources as (
    select
        ranked_movement.subject,
        ranked_movement.hour_utc,
        arg_min(ranked_movement.source, ranked_movement.place) as source,
        arg_min(ranked_movement.has_steps, ranked_movement.place) as has_steps,
        arg_min(ranked_movement.source, ranked_movement.place) filter (
            where not ranked_movement.is_coarse and (ranked_movement.place = 1 or ranked_movement.is_enough)
        ) as minute_source
    from ranked_movement
    group by ranked_movement.subject, ranked_movement.hour_utc
),

heart as (
    select
        minute_body.subject,
        minute_body.source,
        date_trunc('hour', minute_body.minute_utc) as hour_utc,
        count(distinct extract('minute' from minute_body.minute_utc) // 15)
        filter (where minute_body.heart_rate_bpm is not null) as heart_quarters,
        count(minute_body.heart_rate_bpm) as heart_minutes,
        count(*) as minutes
    from stg.minute_body
    where minute_body.heart_rate_bpm is not null or minute_body.stress is not null
    group by minute_body.subject, minute_body.source, date_trunc('hour', minute_body.minute_utc)
),

heart_sources as (
    select
        heart.subject,
        heart.hour_utc,
        heart.source
    from heart
    inner join stg.sources on heart.source = sources.source
    qualify row_number() over (
        partition by heart.subject, heart.hour_utc
        order by
            heart.heart_quarters desc,
            sources.rank asc,
            heart.heart_minutes desc,
            heart.minutes desc,
            heart.source asc
    ) = 1
)

select
    coalesce(movement_sources.subject, heart_sources.subject) as subject,
    coalesce(movement_sources.hour_utc, heart_sources.hour_utc) as hour_utc,
    movement_sources.source as movement_source,
    movement_sources.minute_source,
    coalesce(movement_sources.has_steps, false) as has_steps,
    heart_sources.source as heart_source

from movement_sources

full outer join heart_sources
    on movement_sources.subject = heart_sources.subject and movement_sources.hour_utc = heart_sources.hour_utc
