-- Nights and naps
--
-- A night belongs to the local date on which its record ends (the end itself excluded: what ends at midnight belongs
-- to the date before). The main sleep of a date is the one that the source calls so, the longest of several. Where
-- the source calls none so, it is the longest night of at least 3 hours that the source does not call a nap. All
-- others are naps.
-- ordinal: 1 = main sleep, naps from 2 by start, also on a date without main sleep. Durations are those of the
-- stages, where there are any, else those that the source reports. in_bed_min, latency_min and efficiency_share need
-- a recorded time in bed. waso_min is the time that was not sleep between the first and the last minute asleep, less
-- what was not measured ('unknown'); awakenings is the number of its stretches. Minutes of light, deep and REM sleep
-- are given where all of the sleep has a level, to a minute: of a night that is half without levels they would be too
-- few. asleep_min is what the source itself reports where it tells its stages only every 5 minutes (Oura, which counts
-- half minutes).
-- awake_min holds the time between the parts of a night too.
-- What a source tells of a night and contradicts is set aside, and the rest of the night stays: the time in bed where
-- it is shorter than the time asleep by more than the minute to which vendors round, latency_min and the minutes after
-- waking that leave no time for sleep, levels that are far from the source's own minutes asleep. No row of a night with
-- more than 36 hours asleep.
-- is_lying_recorded: the source has stretches of lying in bed ('in_bed'), which no wrist sees.
-- onset_local_min, wake_local_min: minutes from the midnight that begins local_date, by the clock of that instant; of
-- a source that reports local times by its own, which also tells local_date.
-- grain: subject, local_date, ordinal
-- missing: no row without a stage of sleep or reported minutes asleep; NULL where the source does not report the
-- value
-- kept: yes
with sessions as (
    select
        night_sessions.night_utc,
        sleep_sessions.*
    from stg.sleep_sessions
    inner join stg.night_sessions
        on
            sleep_sessions.subject = night_sessions.subject
            and sleep_sessions.source = night_sessions.source
            and sleep_sessions.session_key = night_sessions.session_key
),

records as (
    select
        sessions.subject,
        sessions.night_utc,
        sessions.source,
        arg_min(sessions.session_key, sessions.start_utc) as session_key,
        min(sessions.start_utc) as start_utc,
        max(sessions.end_utc) as end_utc,
        arg_min(sessions.reported_start_local, sessions.start_utc) as start_local,
        arg_max(sessions.reported_end_local, sessions.end_utc) as end_local,
        bool_or(coalesce(sessions.kind = 'main', false)) as is_reported_main,
        bool_or(coalesce(sessions.kind = 'nap', false)) as is_reported_nap,
        bool_or(sessions.tz_assumed) as is_offset_assumed,
        bool_and(sessions.is_in_bed_recorded) as is_in_bed_recorded,
        bool_and(sessions.is_lying_recorded) as is_lying_recorded,
        bool_or(sessions.has_levels) as has_levels,
        bool_and(sessions.has_stages) as has_stages,
        round(sum(sessions.slept_min), 3) as slept_min,
        round(sum(if(sessions.is_told_by_source, sessions.asleep_min, sessions.slept_min)), 3) as asleep_min,
        round(
            epoch(max(sessions.end_utc) - min(sessions.start_utc)) / 60
            - sum(epoch(sessions.end_utc - sessions.start_utc)) / 60,
            3
        ) as between_min,
        sum(sessions.awake_min) as reported_awake_min,
        arg_min(sessions.latency_min, sessions.start_utc) as reported_latency_min,
        arg_max(sessions.after_wake_min, sessions.end_utc) as reported_after_wake_min
    from sessions
    group by sessions.subject, sessions.night_utc, sessions.source
),

stages as (
    select
        night_sessions.subject,
        night_sessions.night_utc,
        sleep_stages.start_utc,
        sleep_stages.end_utc,
        sleep_stages.stage,
        sleep_stages.stage in ('light', 'deep', 'rem', 'asleep') as is_asleep,
        (epoch_us(sleep_stages.end_utc) - epoch_us(sleep_stages.start_utc)) / 60e6 as stage_min
    from stg.sleep_stages
    inner join stg.night_sessions
        on
            sleep_stages.subject = night_sessions.subject
            and sleep_stages.source = night_sessions.source
            and sleep_stages.session_key = night_sessions.session_key
),

sums as (
    select
        stages.subject,
        stages.night_utc,
        min(stages.start_utc) filter (where stages.is_asleep) as onset_utc,
        max(stages.end_utc) filter (where stages.is_asleep) as wake_utc,
        sum(stages.stage_min) filter (where stages.stage = 'awake') as awake_min,
        sum(stages.stage_min) filter (where stages.stage = 'light') as light_min,
        sum(stages.stage_min) filter (where stages.stage = 'deep') as deep_min,
        sum(stages.stage_min) filter (where stages.stage = 'rem') as rem_min
    from stages
    group by stages.subject, stages.night_utc
),

inside as (
    select
        stages.subject,
        stages.night_utc,
        stages.is_asleep,
        stages.stage,
        stages.stage_min,
        stages.is_asleep and (
            not lag(stages.is_asleep) over of_night
            or stages.start_utc > lag(stages.end_utc) over of_night
        ) as is_after_awakening
    from stages
    inner join sums
        on
            stages.subject = sums.subject
            and stages.night_utc = sums.night_utc
            and stages.start_utc >= sums.onset_utc
            and stages.end_utc <= sums.wake_utc
    window of_night as (partition by stages.subject, stages.night_utc order by stages.start_utc)
),

interruptions as (
    select
        inside.subject,
        inside.night_utc,
        sum(inside.stage_min) filter (where inside.is_asleep or inside.stage = 'unknown') as not_awake_min,
        count(*) filter (where inside.is_after_awakening) as awakenings
    from inside
    group by inside.subject, inside.night_utc
),

consistent as (
    select
        records.* exclude (reported_latency_min, reported_after_wake_min),
        epoch_us(records.end_utc - records.start_utc) / 60e6 as length_min,
        case
            when coalesce(records.reported_latency_min, 0) + coalesce(records.reported_after_wake_min, 0) < length_min
                then records.reported_latency_min
        end as reported_latency_min,
        case
            when coalesce(records.reported_latency_min, 0) + coalesce(records.reported_after_wake_min, 0) < length_min
                then records.reported_after_wake_min
        end as reported_after_wake_min
    from records
),

timed as (
    select
        consistent.*,
        sums.light_min,
        sums.deep_min,
        sums.rem_min,
        interruptions.not_awake_min,
        case when consistent.has_stages then interruptions.awakenings end as awakenings,
        coalesce(
            case when consistent.has_stages then sums.awake_min end,
            consistent.reported_awake_min,
            case when consistent.between_min > 0 then 0 end
        ) + consistent.between_min as awake_min,
        coalesce(
            sums.onset_utc,
            consistent.start_utc + to_seconds(cast(60 * coalesce(consistent.reported_latency_min, 0) as integer))
        ) as onset_utc,
        coalesce(
            sums.wake_utc,
            consistent.end_utc - to_seconds(cast(60 * coalesce(consistent.reported_after_wake_min, 0) as integer))
        ) as wake_utc,
        consistent.is_offset_assumed or clock_offsets.tz_assumed as tz_assumed,
        cast(
            coalesce(consistent.end_local, consistent.end_utc + to_minutes(clock_offsets.offset_min))
            - interval 1 microsecond as date
        ) as local_date
    from consistent
    left join sums
        on consistent.subject = sums.subject and consistent.night_utc = sums.night_utc
    left join interruptions
        on consistent.subject = interruptions.subject and consistent.night_utc = interruptions.night_utc
    asof inner join stg.clock_offsets
        on consistent.subject = clock_offsets.subject and consistent.end_utc > clock_offsets.start_utc
),

placed as (
    select
        timed.*,
        coalesce(
            epoch(timed.start_local + (timed.onset_utc - timed.start_utc)) / 60,
            epoch(timed.onset_utc) / 60 + at_onset.offset_min
        ) - epoch(cast(timed.local_date as timestamp)) / 60 as onset_local_min
    from timed
    asof inner join stg.clock_offsets as at_onset
        on timed.subject = at_onset.subject and timed.onset_utc >= at_onset.start_utc
),

ranked as (
    select
        placed.*,
        coalesce(
            epoch(placed.end_local - (placed.end_utc - placed.wake_utc)) / 60,
            epoch(placed.wake_utc) / 60 + at_wake.offset_min
        ) - epoch(cast(placed.local_date as timestamp)) / 60 as wake_local_min,
        row_number() over (
            partition by placed.subject, placed.local_date
            order by
                placed.is_reported_main desc,
                placed.is_reported_nap asc,
                placed.end_utc - placed.start_utc desc,
                placed.start_utc asc
        ) as place
    from placed
    asof inner join stg.clock_offsets as at_wake
        on placed.subject = at_wake.subject and placed.wake_utc >= at_wake.start_utc
),

with_main as (
    select
        ranked.*,
        ranked.place = 1 and (
            ranked.is_reported_main
            or (not ranked.is_reported_nap and ranked.end_utc - ranked.start_utc >= interval 3 hour)
        ) as is_main,
        ranked.has_levels and abs(
            coalesce(ranked.light_min, 0) + coalesce(ranked.deep_min, 0) + coalesce(ranked.rem_min, 0)
            - ranked.slept_min
        ) <= 1 and abs(
            coalesce(ranked.light_min, 0) + coalesce(ranked.deep_min, 0) + coalesce(ranked.rem_min, 0)
            - ranked.asleep_min
        ) <= if(
            -- most are told every five minutes, as the check of pub.nights has it
            cast(round(coalesce(ranked.light_min, 0), 3) % 5 = 0 as integer)
            + cast(round(coalesce(ranked.deep_min, 0), 3) % 5 = 0 as integer)
            + cast(round(coalesce(ranked.rem_min, 0), 3) % 5 = 0 as integer) >= 2,
            greatest(0.15 * ranked.asleep_min, 15),
            1
        ) as is_all_in_levels,
        ranked.is_in_bed_recorded and ranked.asleep_min <= ranked.length_min + 1 as is_in_bed_known
    from ranked
)

select
    with_main.subject,
    with_main.local_date,
    cast(
        case
            when with_main.is_main then 1
            else 1 + row_number() over (
                partition by with_main.subject, with_main.local_date, with_main.is_main
                order by with_main.start_utc
            )
        end as integer
    ) as ordinal,
    with_main.is_main,
    with_main.source,
    with_main.session_key,
    with_main.onset_utc,
    with_main.wake_utc,
    with_main.start_utc as in_bed_start_utc,
    with_main.end_utc as in_bed_end_utc,
    round(with_main.onset_local_min, 3) as onset_local_min,
    round(with_main.wake_local_min, 3) as wake_local_min,
    case when with_main.is_in_bed_known then round(with_main.length_min, 3) end as in_bed_min,
    with_main.asleep_min,
    round(with_main.awake_min, 3) as awake_min,
    case when with_main.is_all_in_levels then round(coalesce(with_main.light_min, 0), 3) end as light_min,
    case when with_main.is_all_in_levels then round(coalesce(with_main.deep_min, 0), 3) end as deep_min,
    case when with_main.is_all_in_levels then round(coalesce(with_main.rem_min, 0), 3) end as rem_min,
    case
        when not with_main.is_in_bed_recorded then with_main.reported_latency_min
        when with_main.has_stages
            then round((epoch_us(with_main.onset_utc) - epoch_us(with_main.start_utc)) / 60e6, 3)
        else with_main.reported_latency_min
    end as latency_min,
    case
        when with_main.has_stages
            then round(
                (epoch_us(with_main.wake_utc) - epoch_us(with_main.onset_utc)) / 60e6 - with_main.not_awake_min,
                3
            )
        else
            round(with_main.reported_awake_min - with_main.reported_latency_min - with_main.reported_after_wake_min, 3)
    end as waso_min,
    cast(with_main.awakenings as integer) as awakenings,
    case
        when with_main.is_in_bed_known then round(least(with_main.asleep_min / with_main.length_min, 1), 6)
    end as efficiency_share,
    with_main.is_in_bed_recorded,
    with_main.is_lying_recorded,
    with_main.tz_assumed

from with_main

where with_main.asleep_min <= 36 * 60
