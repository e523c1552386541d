-- Minutes of each state in the hours in which rest is counted
--
-- Of the person's waking hours (timeline.waking_hours), of the whole local day where a person has none. known_min
-- counts all of these minutes but those not worn or unknown, hours_min all that there are. longest_still_min is the
-- longest stretch inside these hours. is_stillness_known: some source reports steps or a still minute; a source that
-- records minutes of movement only cannot report a still one.
-- grain: subject, local_date
-- missing: no row where no minute of these hours is moving, still, awake in bed or asleep
-- source: those of the minutes in coverage_share (timeline.minutes)
-- built: whole
with counted_hours as (
    select
        hours.*,
        waking_hours.from_hour,
        waking_hours.to_hour
    from timeline.hours
    inner join timeline.waking_hours on hours.subject = waking_hours.subject
    where
        waking_hours.from_hour is null
        or hours.clock_hour between waking_hours.from_hour and waking_hours.to_hour - 1
        or hours.clock_hour < waking_hours.to_hour - 24
),

counts as (
    select
        counted_hours.subject,
        counted_hours.local_date,
        nullif(
            array_to_string(
                list_sort(list_distinct(list(counted_hours.source) || list(counted_hours.other_source))), ', '
            ),
            ''
        ) as source,
        sum(counted_hours.minute_count) as hours_min,
        sum(counted_hours.moving_min) as moving_min,
        sum(counted_hours.still_min) as still_min,
        sum(counted_hours.awake_in_bed_min) as awake_in_bed_min,
        sum(counted_hours.asleep_min) as asleep_min,
        sum(counted_hours.known_min) as covered_min,
        sum(counted_hours.known_min + counted_hours.rest_unknown_min) as known_min,
        sum(counted_hours.source_min) as source_min,
        sum(counted_hours.steps_min) as steps_min
    from counted_hours
    group by counted_hours.subject, counted_hours.local_date
),

-- a stretch may begin before these hours and end in them, or lie in both ends of the date
pieces as (
    select
        still_stretches.subject,
        still_stretches.local_date,
        greatest(
            least(still_stretches.start_min + still_stretches.length_min, coalesce(waking_hours.to_hour, 24) * 60)
            - greatest(still_stretches.start_min, coalesce(waking_hours.from_hour, 0) * 60),
            least(still_stretches.start_min + still_stretches.length_min, waking_hours.to_hour * 60 - 1440)
            - still_stretches.start_min
        ) as length_min
    from timeline.still_stretches
    inner join timeline.waking_hours on still_stretches.subject = waking_hours.subject
),

longest as (
    select
        pieces.subject,
        pieces.local_date,
        max(pieces.length_min) as length_min
    from pieces
    group by pieces.subject, pieces.local_date
)

select
    counts.subject,
    counts.local_date,
    counts.hours_min,
    counts.known_min,
    counts.moving_min,
    counts.still_min,
    counts.awake_in_bed_min,
    greatest(coalesce(longest.length_min, 0), 0) as longest_still_min,
    counts.source_min > 0 and (counts.steps_min > 0 or counts.still_min > 0) as is_stillness_known,
    counts.source,
    round(counts.covered_min / counts.hours_min, 6) as coverage_share

from counts

left join longest
    on counts.subject = longest.subject and counts.local_date = longest.local_date

where counts.moving_min + counts.still_min + counts.awake_in_bed_min + counts.asleep_min > 0
