-- Sources and their rank
--
-- A source takes the rank that recovery.toml gives to its whole name, else to the part before ':'; all that are
-- not named come after those that are, and then count by coverage and name.
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
        min(source_priority.rank) filter (where source_priority.source = told.source),
        min(source_priority.rank),
        1000000
    ) as rank

from told

left join raw.source_priority
    on source_priority.source in (told.source, split_part(told.source, ':', 1))

group by told.source
