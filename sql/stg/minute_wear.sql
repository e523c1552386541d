-- Worn or not, minute by minute
--
-- Where the source that counts for movement, or the heart, has a heart rate on that local date: worn within 30
-- minutes of any evidence (a heart rate or a count that is not zero, of any device). Where it has none: unworn in
-- stretches of 90 minutes or more without evidence (Choi 2011, without his allowance for short artefacts). The
-- device's own word 'off' counts from its minute for at most 15 minutes, until the next evidence; a heart rate in
-- the same minute is stronger. A minute of recorded sleep is worn. NULL: on that date nothing but sleep or daily
-- values was told.
-- grain: subject, minute_utc
with dates as (
    select
        minutes.subject,
        minutes.local_date,
        bool_or(minutes.heart_rate_bpm is not null) as has_heart,
        bool_or(minutes.movement_source is not null or minutes.has_evidence or minutes.is_off) as can_tell
    from stg.minutes
    group by minutes.subject, minutes.local_date
),

neighbours as (
    select
        minutes.subject,
        minutes.local_date,
        minutes.minute_utc,
        minutes.is_asleep,
        minutes.has_evidence,
        date_diff(
            'minute',
            max(minutes.minute_utc) filter (where minutes.has_evidence) over until_now,
            minutes.minute_utc
        ) as since_evidence_min,
        date_diff(
            'minute',
            minutes.minute_utc,
            min(minutes.minute_utc) filter (where minutes.has_evidence) over from_now
        ) as to_evidence_min,
        date_diff(
            'minute',
            max(minutes.minute_utc) filter (where minutes.is_off) over until_now,
            minutes.minute_utc
        ) as since_off_min
    from stg.minutes
    window
        until_now as (
            partition by minutes.subject
            order by minutes.minute_utc
            rows between unbounded preceding and current row
        ),
        from_now as (
            partition by minutes.subject
            order by minutes.minute_utc
            rows between current row and unbounded following
        )
)

select
    neighbours.subject,
    neighbours.minute_utc,
    case
        when neighbours.is_asleep is not null then true
        when not dates.can_tell then null
        when neighbours.has_evidence then true
        when
            neighbours.since_off_min <= 15
            and neighbours.since_off_min < coalesce(neighbours.since_evidence_min, 1000000)
            then false
        when dates.has_heart
            then coalesce(
                least(neighbours.since_evidence_min, neighbours.to_evidence_min) <= 30, false
            )
        -- n minutes without evidence lie between two that are n + 1 apart
        else coalesce(neighbours.since_evidence_min + neighbours.to_evidence_min <= 90, false)
    end as is_worn

from neighbours

inner join dates
    on neighbours.subject = dates.subject and neighbours.local_date = dates.local_date
