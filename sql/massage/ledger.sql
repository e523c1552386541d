-- Where every number that was reported is
--
-- Of each day, source and metric: reported = counted + counted_by_other + same + cut + rejected + outside +
-- unaccounted, in the metric's unit. Each is written by the step that moves the number, none is a difference of others
-- but unaccounted, which must be 0.
-- reported: what the records have (stg.source_amounts), and the value that a vendor gives for the whole day.
-- counted: what the value of daily_metrics is made of; over all sources it adds up to it. counted_by_other: the hour,
-- or the date, is that of another source. same: another record of the source has it too, as its total of the day beside
-- its minutes. cut: the share of a record whose time is that of another. rejected: it cannot be. outside: the date is
-- excluded ([exclusions] of recovery.toml), or cannot be.
-- unaccounted: 0 within rounding. Minutes have whole steps and thousandths of metres and kilocalories, so the rounding
-- of a day is at most one step, and 0.72 m or kcal.
-- grain: one row per subject, local_date, source and metric
-- missing: no row where a source reports nothing; local_date is NULL of what was removed and has no date
-- source: every source for itself
with parts as (
    select
        source_amounts.subject,
        source_amounts.local_date,
        source_amounts.source,
        source_amounts.metric,
        source_amounts.reported,
        source_amounts.counted_by_other,
        source_amounts.same,
        source_amounts.cut
    from stg.source_amounts
    union all by name
    select
        selected_amounts.subject,
        selected_amounts.local_date,
        selected_amounts.source,
        selected_amounts.metric,
        selected_amounts.value as selected
    from timeline.selected_amounts
    union all by name
    select
        day_values.subject,
        day_values.local_date,
        day_values.source,
        day_values.metric,
        day_values.value as told
    from stg.day_values
    where day_values.metric in ('steps', 'distance_m', 'active_energy_kcal', 'floors')
    union all by name
    select
        removed.subject,
        removed.local_date,
        coalesce(removed.source, 'unknown') as source,
        removed.metric,
        removed.amount as reported,
        if(removed.fate = 'same', removed.amount, 0) as same,
        if(removed.fate = 'rejected', removed.amount, 0) as rejected,
        if(removed.fate = 'outside', removed.amount, 0) as outside
    from raw.removed
    where removed.metric in ('steps', 'distance_m', 'active_energy_kcal', 'floors')
),

amounts as (
    select
        parts.subject,
        parts.local_date,
        parts.source,
        parts.metric,
        coalesce(sum(parts.reported), 0) as reported,
        coalesce(sum(parts.selected), 0) as selected,
        coalesce(sum(parts.counted_by_other), 0) as counted_by_other,
        coalesce(sum(parts.same), 0) as same,
        coalesce(sum(parts.cut), 0) as cut,
        coalesce(sum(parts.told), 0) as told,
        coalesce(sum(parts.rejected), 0) as rejected,
        coalesce(sum(parts.outside), 0) as outside,
        sum(parts.selected) is not null or sum(parts.counted_by_other) > 0 as has_records
    from parts
    group by parts.subject, parts.local_date, parts.source, parts.metric
),

-- what is published of the date: minutes and readings, or the value of a day of some source
published as (
    select
        amounts.*,
        coalesce(metrics.resolution = 'day', false) as is_of_day,
        coalesce(metrics.resolution = 'day' and metrics.source = amounts.source, false) as is_own_day,
        metrics.metric is not null as is_published,
        exclusions.local_date is not null as is_excluded
    from amounts
    left join daily.metrics
        on
            amounts.subject = metrics.subject
            and amounts.local_date = metrics.local_date
            and amounts.metric = metrics.metric
    left join raw.exclusions
        on amounts.subject = exclusions.subject and amounts.local_date = exclusions.local_date
),

fates as (
    select
        published.subject,
        published.local_date,
        published.source,
        published.metric,
        published.reported,
        published.is_excluded,
        case
            when published.is_own_day then published.told
            when published.is_of_day then 0
            else published.selected
        end as counted,
        case
            when published.is_own_day then 0
            when published.is_of_day then published.selected + published.counted_by_other + published.told
            when published.is_published and not published.has_records
                then published.counted_by_other + published.told
            else published.counted_by_other
        end as counted_by_other,
        published.same + case
            when published.is_own_day then published.selected + published.counted_by_other
            when not published.is_of_day and published.has_records then published.told
            else 0
        end as same,
        published.cut,
        published.rejected,
        published.outside
    from published
),

balances as (
    select
        fates.*,
        fates.reported
        - fates.counted
        - fates.counted_by_other
        - fates.same
        - fates.cut
        - fates.rejected
        - fates.outside as balance
    from fates
)

select
    balances.subject,
    balances.local_date,
    balances.source,
    balances.metric,
    round(balances.reported, 3) as reported,
    round(if(balances.is_excluded, 0, balances.counted), 3) as counted,
    round(balances.counted_by_other, 3) as counted_by_other,
    round(balances.same, 3) as same,
    round(balances.cut, 3) as cut,
    round(balances.rejected, 3) as rejected,
    round(balances.outside + if(balances.is_excluded, balances.counted, 0), 3) as outside,
    if(abs(balances.balance) <= if(balances.metric = 'floors', 0.01, 1), 0, round(balances.balance, 3)) as unaccounted
from balances
