-- Minutes of movement, of local dates with a worn minute
--
-- The counts behind the metrics of movement. coverage_share is the share of all minutes of the date in any state but
-- not_worn, rest_unknown and unknown.
-- grain: subject, local_date
-- missing: no row where no minute is moving, still, awake in bed or asleep, or where no source reports movement
-- source: those of the minutes in coverage_share (timeline.minutes); NULL where only a recorded activity is known
-- kept: no
with sources as (
    select
        hours.subject,
        hours.local_date,
        string_agg(distinct hours.source, ', ' order by hours.source) as source
    from (
        select
            hours.subject,
            hours.local_date,
            unnest([hours.source, hours.other_source]) as source
        from timeline.hours
    ) as hours
    group by hours.subject, hours.local_date
),

counts as (
    select
        hours.subject,
        hours.local_date,
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
    sources.source,
    round(counts.known_min / counts.minute_count, 6) as coverage_share

from counts

inner join sources
    on counts.subject = sources.subject and counts.local_date = sources.local_date

where counts.worn_min > 0 and (counts.source_min > 0 or counts.moving_min > 0)
