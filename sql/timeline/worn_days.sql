-- Minutes of movement, of local dates with a worn minute
--
-- The counts behind the metrics of movement. coverage_share is the share of all minutes of the date in any state but
-- not_worn, rest_unknown, unknown and worn.
-- grain: subject, local_date
-- missing: no row where no minute is moving, still, awake in bed or asleep, or where no source reports movement
-- source: those of the minutes in coverage_share (timeline.minutes); NULL where only a recorded activity is known
-- kept: no
with counts as (
    select
        hours.subject,
        hours.local_date,
        nullif(
            array_to_string(
                list_sort(list_distinct(list(hours.source) || list(hours.other_source))), ', '
            ),
            ''
        ) as source,
        sum(hours.minute_count) as minute_count,
        sum(hours.moving_min) as moving_min,
        sum(hours.moderate_min) as moderate_min,
        sum(hours.vigorous_min) as vigorous_min,
        sum(hours.moving_min + hours.still_min + hours.awake_in_bed_min + hours.asleep_min) as worn_min,
        sum(hours.known_min) as known_min,
        sum(hours.source_min) as source_min
    from timeline.hours
    group by hours.subject, hours.local_date
)

select
    counts.subject,
    counts.local_date,
    counts.moving_min,
    counts.moderate_min,
    counts.vigorous_min,
    counts.source,
    round(counts.known_min / counts.minute_count, 6) as coverage_share

from counts

where counts.worn_min > 0 and (counts.source_min > 0 or counts.moving_min > 0)
