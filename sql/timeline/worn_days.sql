-- Minutes of each state, of local dates with a worn minute
--
-- The counts behind the metrics of movement and of rest. coverage_share is the share of all minutes of the date in
-- any state but not_worn, rest_unknown and unknown. is_stillness_known: some source reports steps or a still minute; a
-- source that records minutes of movement only cannot report a still one.
-- grain: subject, local_date
-- missing: no row where no minute is moving, still, awake in bed or asleep, or where no source reports movement
-- source: those of the minutes in coverage_share (timeline.minutes); NULL where only a recorded activity is known
-- kept: no
with counts as (
    select
        minutes.subject,
        minutes.local_date,
        count(*) as minute_count,
        count(*) filter (where minutes.state = 'moving') as moving_min,
        count(*) filter (where minutes.state = 'moving' and minutes.intensity in ('moderate', 'vigorous'))
            as moderate_min,
        count(*) filter (where minutes.state = 'moving' and minutes.intensity = 'vigorous') as vigorous_min,
        count(*) filter (where minutes.state = 'still') as still_min,
        count(*) filter (where minutes.state = 'awake_in_bed') as awake_in_bed_min,
        count(*) filter (where minutes.state = 'asleep') as asleep_min,
        count(*) filter (where minutes.state not in ('not_worn', 'rest_unknown', 'unknown')) as covered_min,
        count(minutes.source) as source_min,
        count(minutes.steps) as steps_min,
        string_agg(distinct minutes.source, ', ' order by minutes.source)
        filter (where minutes.state not in ('not_worn', 'rest_unknown', 'unknown')) as source
    from timeline.minutes
    group by minutes.subject, minutes.local_date
)

select
    counts.subject,
    counts.local_date,
    counts.moving_min,
    counts.moderate_min,
    counts.vigorous_min,
    counts.still_min,
    counts.awake_in_bed_min,
    counts.source_min > 0 and (counts.steps_min > 0 or counts.still_min > 0) as is_stillness_known,
    counts.source,
    round(counts.covered_min / counts.minute_count, 6) as coverage_share

from counts

where
    counts.moving_min + counts.still_min + counts.awake_in_bed_min + counts.asleep_min > 0
    and (counts.source_min > 0 or counts.moving_min > 0)
