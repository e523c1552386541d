-- Sources and their rank
--
-- A source takes the rank that recovery.toml gives to its whole name, else to its beginning before a ':'; of several
-- the longest. Sources that are not named there come after those that are. Among them phones come after what is worn,
-- and those that collect the records of other devices and apps come last (Apple Health but for Apple's own devices,
-- Health Connect, Google Fit, Health Sync): the device's own records are preferred to a copy. What Health Sync copies
-- from another collector or the phone comes after what it copies from a vendor.
-- is_wearable: neither a phone nor such a collector, as far as the name says.
-- grain: source
with all_sources as (
    select samples.source from raw.samples
    union
    select counters.source from raw.counters
    union
    select clock_offsets.source from raw.clock_offsets
    union
    select sleep_sessions.source from raw.sleep_sessions
    union
    select activities.source from raw.activities
    union
    select day_values.source from raw.day_values
),

kinds as (
    select
        all_sources.source,
        case
            when
                regexp_matches(all_sources.source, '^health_sync:(health_connect|google_fit|phone)')
                then 3
            when
                regexp_matches(all_sources.source, '^(google_fit|health_connect|health_sync|fitbit:fit_health_connect)')
                or regexp_matches(all_sources.source, '^apple:')
                and not regexp_matches(
                    all_sources.source, '^apple:(activity|clock|iphone|ipad|ipod|watch|vision|airpods)'
                )
                then 2
            when
                regexp_matches(
                    lower(all_sources.source), '(^|[^a-z])(iphone|ipad|ipod|phone|smartphone|mobile)([^a-z]|$)'
                )
                then 1
            else 0
        end as kind
    from all_sources
)

select
    kinds.source,
    coalesce(arg_max(source_priority.rank, length(source_priority.source)), 1000000 + kinds.kind) as rank,
    kinds.kind = 0 as is_wearable

from kinds

left join raw.source_priority
    on
        kinds.source = source_priority.source
        or starts_with(kinds.source, source_priority.source || ':')

group by kinds.source, kinds.kind
