-- Where every number that was reported is
--
-- Of each day, source and metric: reported = counted + counted_by_other + same + cut + rejected + outside +
-- unaccounted, in the metric's unit. Each is written by the step that moves the number, none is a difference of others
-- but unaccounted, which must be 0.
-- Steps, metres, kilocalories, floors and minutes are sums, all else is a number of records. Of sleep: asleep_min and
-- nap_min, light_min, deep_min, rem_min of both, awake_min, lying_min, unknown_min (not measured); of movement the time
-- that devices report themselves (moving_min, moderate_min, vigorous_min) and recorded activities (activity_min).
-- reported: what the records have (stg.source_amounts), and the value that a vendor gives for the whole day.
-- counted: what daily_metrics is made of; over all sources it adds up to steps, metres, energy, floors and minutes
-- asleep. counted_by_other: the minute or the date is that of another source. same: another record of the source has it
-- too, as its total of the day beside its minutes. cut: the share of a record whose time is that of another. rejected:
-- it cannot be, or cannot be used; that no metric is made of it is among the reasons. outside: the date is excluded
-- ([exclusions] of recovery.toml), or cannot be.
-- reason: of what is rejected or outside, several are separated by semicolons; NULL where nothing is.
-- unaccounted: 0, but for the last digit and a millionth. What whole steps and thousandths of metres and kilocalories
-- leave off in the minutes is known (stg.source_amounts) and is not in it: up to a step, 0.72 m and 0.72 kcal a day.
-- grain: one row per subject, local_date, source and metric
-- missing: no row where a source reports nothing; local_date is NULL of what was removed and has no date
-- source: every source for itself
with left_out as (
    select
        removed.subject,
        removed.local_date,
        coalesce(removed.source, 'unknown') as source,
        coalesce(summed_metrics.ledger_metric, removed.metric) as metric,
        removed.fate,
        removed.reason,
        if(summed_metrics.metric is null, removed.records, removed.amount / summed_metrics.unit_size) as amount
    from raw.removed
    left join raw.summed_metrics on removed.metric = summed_metrics.metric
),

parts as (
    select
        source_amounts.subject,
        source_amounts.local_date,
        source_amounts.source,
        source_amounts.metric,
        source_amounts.reported,
        source_amounts.counted as selected,
        source_amounts.counted_by_other,
        source_amounts.same,
        source_amounts.cut,
        source_amounts.rejected,
        source_amounts.reason,
        source_amounts.rounded
    from stg.source_amounts
    union all by name
    select
        sleep_amounts.subject,
        sleep_amounts.local_date,
        sleep_amounts.source,
        sleep_amounts.metric,
        sleep_amounts.reported,
        sleep_amounts.counted as selected,
        sleep_amounts.counted_by_other,
        sleep_amounts.same,
        sleep_amounts.cut,
        sleep_amounts.rejected,
        sleep_amounts.reason
    from stg.sleep_amounts
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
        if(summed_metrics.metric is null, 1, day_values.value) as told
    from stg.day_values
    left join raw.summed_metrics on day_values.metric = summed_metrics.metric
    union all by name
    select
        left_out.subject,
        left_out.local_date,
        left_out.source,
        left_out.metric,
        left_out.amount as reported,
        if(left_out.fate = 'same', left_out.amount, 0) as same,
        if(left_out.fate = 'rejected', left_out.amount, 0) as rejected,
        if(left_out.fate = 'outside', left_out.amount, 0) as outside,
        if(left_out.fate = 'same', null, left_out.reason) as reason
    from left_out
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
        coalesce(sum(parts.rounded), 0) as rounded,
        string_agg(distinct parts.reason, '; ' order by parts.reason) as reason,
        sum(parts.selected) is not null or sum(parts.counted_by_other) > 0 as has_records
    from parts
    group by parts.subject, parts.local_date, parts.source, parts.metric
),

-- what a metric is made of
used_metrics as (
    select definitions.metric
    from daily.definitions
    union
    select unnest([
        'heart_rate_bpm', 'stress', 'spo2_share', 'is_worn', 'activity_min', 'awake_min', 'lying_min', 'unknown_min'
    ]) as metric
),

-- what is published of the date: minutes and readings, or the value of a day of some source
published as (
    select
        amounts.*,
        coalesce(metrics.resolution = 'day', false) as is_of_day,
        coalesce(metrics.resolution = 'day' and metrics.source = amounts.source, false) as is_own_day,
        metrics.metric is not null as is_published,
        amounts.has_records or list_contains(string_split(metrics.source, ', '), amounts.source) as is_told,
        exclusions.local_date is not null as is_excluded,
        used_metrics.metric is not null as is_used
    from amounts
    left join used_metrics on amounts.metric = used_metrics.metric
    left join massage.day_metrics as metrics
        on
            amounts.subject = metrics.subject
            and amounts.local_date = metrics.local_date
            and case amounts.metric
                when 'spo2_share' then 'spo2_mean_share'
                when 'stress' then 'stress_mean'
                else amounts.metric
            end = metrics.metric
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
        concat_ws(
            '; ',
            published.reason,
            if(published.is_used, null, 'no metric is made of it')
        ) as reason,
        case
            when published.is_own_day then published.told
            when published.is_of_day then 0
            else published.selected
        end as counted,
        case
            when published.is_own_day then 0
            when published.is_of_day then published.selected + published.counted_by_other + published.told
            when published.is_published and not published.is_told
                then published.counted_by_other + published.told
            else published.counted_by_other
        end as counted_by_other,
        published.same + case
            when published.is_own_day then published.selected + published.counted_by_other
            when not published.is_of_day and published.is_told then published.told
            else 0
        end as same,
        published.cut,
        published.rejected + if(published.is_used, 0, published.told) as rejected,
        published.outside,
        published.rounded
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
        - fates.outside
        - fates.rounded as balance
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
    nullif(
        concat_ws(
            '; ',
            nullif(balances.reason, ''),
            if(balances.is_excluded and balances.counted <> 0, 'the date is excluded', null)
        ),
        ''
    ) as reason,
    -- 0.001: the last digit that is published
    if(abs(balances.balance) <= 0.001 + 1e-6 * balances.reported, 0, round(balances.balance, 3)) as unaccounted
from balances
