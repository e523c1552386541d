-- What each answer counts, and what it leaves out
--
-- Of each answer all massages that were logged as attended, and all dates from the person's first record to the last,
-- each in one part: massages_logged is the sum of the other columns of massages, days_in_span that of the other columns
-- of days. massages_counted is n_massages_measured of effects, days_counted its n_days. Of numbers that are counted by
-- night, massages are placed by the night that follows them, and a day is the date on which the night ends.
-- grain: one row per subject, metric and window, of the windows that answer for a metric (days_1_3, night_0)
-- missing: no row where nothing was examined, nor of weeks drawn by lot
-- source: effects, the massage logs, the daily values with their validity
with logged as (
    select
        massages.subject,
        count(*) as massages
    from stg.massages
    where massages.status = 'attended'
    group by massages.subject
),

excluded as (
    select
        validity.subject,
        count(validity.excluded_for) as dates
    from massage.validity
    group by validity.subject
),

told as (
    select
        measures.subject,
        measures.metric,
        min(measures.local_date) as first_date,
        count_if(validity.excluded_for is null) as value_days,
        count_if(measures.is_valid) as valid_days
    from massage.measures
    inner join massage.validity
        on
            measures.subject = validity.subject
            and measures.local_date = validity.local_date
    where measures.value is not null
    group by measures.subject, measures.metric
),

examined as (
    select
        effects.subject,
        effects.metric,
        effects."window",
        definitions.counted_by,
        effects.n_massages_measured,
        effects.n_days,
        -- none of the days after a massage before it is measured
        told.first_date - 3 as massages_from,
        coalesce(told.value_days, 0) as days_told,
        coalesce(told.valid_days, 0) as valid_days
    from answers.effects
    inner join daily.definitions on effects.metric = definitions.metric
    left join told
        on
            effects.subject = told.subject
            and effects.metric = told.metric
    where effects."window" in ('days_1_3', 'night_0') and effects.n_massages_measured is not null
),

placed as (
    select
        examined.subject,
        examined.metric,
        examined."window",
        count(*) as massages,
        count(distinct anchors.anchor_date) as dates,
        count(distinct anchors.anchor_date) filter (where anchors.anchor_date < examined.massages_from) as early_dates
    from examined
    inner join massage.anchors
        on
            examined.subject = anchors.subject
            and examined.counted_by = anchors.counted_by
    group by examined.subject, examined.metric, examined."window"
),

counted as (
    select
        examined.*,
        spans.last_date - spans.first_date + 1 as days_in_span,
        coalesce(excluded.dates, 0) as days_excluded,
        coalesce(logged.massages, 0) as massages_logged,
        coalesce(placed.massages, 0) as massages_placed,
        coalesce(placed.dates, 0) as massage_dates,
        coalesce(placed.early_dates, 0) as early_dates
    from examined
    inner join massage.spans on examined.subject = spans.subject
    left join excluded on examined.subject = excluded.subject
    left join logged on examined.subject = logged.subject
    left join placed
        on
            examined.subject = placed.subject
            and examined.metric = placed.metric
            and examined."window" = placed."window"
)

select
    counted.subject, -- person
    counted.metric,
    counted."window", -- days_1_3 or night_0
    counted.massages_logged, -- attended massages that were logged
    counted.massages_placed - counted.massage_dates as massages_same_day, -- on the day, or before the night, of another
    counted.massages_logged - counted.massages_placed + counted.early_dates
        as massages_outside, -- after the last record of the person, or before the metric was measured
    counted.massage_dates - counted.early_dates - counted.n_massages_measured
        as massages_unmeasured, -- without measured days after them so far
    counted.n_massages_measured as massages_counted, -- that the answer counts
    counted.days_in_span, -- dates from the first to the last record of the person
    counted.days_excluded, -- dates that recovery.toml excludes, with or without a value
    counted.days_in_span - counted.days_excluded - counted.days_told as days_without, -- others without a value
    counted.days_told - counted.valid_days as days_not_valid, -- others that are not valid
    counted.valid_days - counted.n_days
        as days_not_compared, -- valid; no log vouches for it, later than the last look, of a seldom device
    counted.n_days as days_counted -- that the answer counts
from counted
order by counted.subject, counted.metric, counted."window"
