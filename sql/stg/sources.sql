-- Sources and their rank
--
-- A source takes the rank that recovery.toml gives to its whole name, else to its beginning before a ':', the longest
-- that is named. All that are not named come after those that are. Among them those that gather what other devices and
-- apps recorded (Apple Health but for Apple's own devices, Health Connect, Google Fit) come last: of a copy and the
-- device's own records the device's own count.
-- grain: source
with told as (
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
)

select
    told.source,
    coalesce(
        arg_max(source_priority.rank, length(source_priority.source)),
        case
            when
                regexp_matches(told.source, '^(google_fit|health_connect|fitbit:fit_health_connect)')
                or regexp_matches(told.source, '^apple:')
                and not regexp_matches(told.source, '^apple:(activity|clock|iphone|ipad|ipod|watch|vision|airpods)')
                then 1000001
            else 1000000
        end
    ) as rank

from told

left join raw.source_priority
    on told.source = source_priority.source or starts_with(told.source, source_priority.source || ':')

group by told.source
