-- Changes of device and firmware
--
-- device: the selected sources of some metrics changed for good, with at least 14 valid days on each side
-- (massage.metric_sources); local_date is the first valid day of the new ones. source_before are the sources that
-- ended, source_after those that began. Where another metric follows within 14 days, as sleep may, it is the same
-- change.
-- firmware: a device reported another version than on its day before. Both look like an effect, since devices measure
-- differently. metrics lists the metrics concerned: for firmware, those for which the device is the selected source
-- on that date.
-- grain: one row per subject, local_date, what, source_before, source_after and firmware_after
-- missing: source_before is NULL where a source was added to others, source_after where one of several ended; the
-- firmware is NULL for a change of device; metrics is NULL where the device is the selected source of none
-- source: the sources of the daily metrics, and what devices report of themselves; firmware on the date in the home
-- zone
with source_sets as (
    select
        metric_sources.subject,
        metric_sources.metric,
        metric_sources.first_date as local_date,
        string_split(metric_sources.sources, ', ') as sources_now,
        string_split(lag(metric_sources.sources) over one_metric, ', ') as sources_before
    from massage.metric_sources
    window one_metric as (
        partition by metric_sources.subject, metric_sources.metric
        order by metric_sources.first_date
    )
),

metric_changes as (
    select
        source_sets.subject,
        source_sets.metric,
        source_sets.local_date,
        -- noqa: disable=RF03
        nullif(array_to_string(
            list_filter(source_sets.sources_before, lambda name: not list_contains(source_sets.sources_now, name)), ', '
        ), '') as source_before,
        nullif(array_to_string(
            list_filter(source_sets.sources_now, lambda name: not list_contains(source_sets.sources_before, name)), ', '
        ), '') as source_after
        -- noqa: enable=RF03
    from source_sets
    where source_sets.sources_before is not null
),

changes_since as (
    select
        metric_changes.subject,
        metric_changes.metric,
        metric_changes.local_date,
        metric_changes.source_before,
        metric_changes.source_after,
        metric_changes.local_date - lag(metric_changes.local_date) over one_change as days_since_last
    from metric_changes
    window one_change as (
        partition by metric_changes.subject, metric_changes.source_before, metric_changes.source_after
        order by metric_changes.local_date, metric_changes.metric
    )
),

numbered_changes as (
    select
        changes_since.subject,
        changes_since.metric,
        changes_since.local_date,
        changes_since.source_before,
        changes_since.source_after,
        count_if(coalesce(changes_since.days_since_last, 15) > 14) over one_change as change_number
    from changes_since
    window one_change as (
        partition by changes_since.subject, changes_since.source_before, changes_since.source_after
        order by changes_since.local_date, changes_since.metric
        rows between unbounded preceding and current row
    )
),

reported_firmwares as (
    select
        devices.subject,
        devices.source,
        devices.firmware,
        cast(devices.time_utc + to_minutes(coalesce(zone_offsets.offset_min, 0)) as date) as local_date,
        max(devices.time_utc) as time_utc
    from raw.devices
    asof left join raw.zone_offsets
        on
            devices.subject = zone_offsets.subject
            and devices.time_utc >= zone_offsets.start_utc
    where devices.firmware <> ''
    group by
        devices.subject,
        devices.source,
        devices.firmware,
        cast(devices.time_utc + to_minutes(coalesce(zone_offsets.offset_min, 0)) as date)
),

-- the version that was reported last on a day
daily_firmwares as (
    select
        reported_firmwares.subject,
        reported_firmwares.source,
        reported_firmwares.local_date,
        max_by(reported_firmwares.firmware, (reported_firmwares.time_utc, reported_firmwares.firmware)) as firmware
    from reported_firmwares
    group by reported_firmwares.subject, reported_firmwares.source, reported_firmwares.local_date
),

firmwares_before as (
    select
        daily_firmwares.subject,
        daily_firmwares.source,
        daily_firmwares.local_date,
        lag(daily_firmwares.firmware) over one_source as firmware_before,
        daily_firmwares.firmware as firmware_after
    from daily_firmwares
    window one_source as (
        partition by daily_firmwares.subject, daily_firmwares.source
        order by daily_firmwares.local_date
    )
)

select
    numbered_changes.subject,
    min(numbered_changes.local_date) as local_date,
    'device' as what,
    numbered_changes.source_before,
    numbered_changes.source_after,
    cast(null as varchar) as firmware_before,
    cast(null as varchar) as firmware_after,
    string_agg(distinct numbered_changes.metric, ', ' order by numbered_changes.metric) as metrics
from numbered_changes
group by
    numbered_changes.subject,
    numbered_changes.source_before,
    numbered_changes.source_after,
    numbered_changes.change_number

union all

select
    firmwares_before.subject,
    firmwares_before.local_date,
    'firmware' as what,
    firmwares_before.source as source_before,
    firmwares_before.source as source_after,
    firmwares_before.firmware_before,
    firmwares_before.firmware_after,
    string_agg(distinct metric_sources.metric, ', ' order by metric_sources.metric) as metrics
from firmwares_before
left join massage.metric_sources
    on
        firmwares_before.subject = metric_sources.subject
        and firmwares_before.local_date between metric_sources.first_date and metric_sources.last_date
        and list_contains(string_split(metric_sources.sources, ', '), firmwares_before.source)
where firmwares_before.firmware_before <> firmwares_before.firmware_after
group by
    firmwares_before.subject,
    firmwares_before.source,
    firmwares_before.local_date,
    firmwares_before.firmware_before,
    firmwares_before.firmware_after
