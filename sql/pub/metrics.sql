-- What each metric means
--
-- One row a metric, made of the header of its file in sql/daily. The change worth having is the one for everybody; that
-- of a person, which decides, stands in effects (worth, worth_source).
-- grain: one row per metric
-- missing: smallest_worthwhile_change is NULL where none is known and [goals] of recovery.toml sets none
-- source: sql/daily, and [goals] of recovery.toml, which goes before the header
select
    definitions.metric,
    definitions.family, -- movement, rest, sleep, diary, physiology, gait
    definitions.unit, -- of its values
    definitions.title, -- what it is called
    definitions.description, -- what it counts
    definitions.better, -- up, down or none
    definitions.counted_by, -- how it is counted around massages: day or night
    coalesce(goals.smallest_worthwhile_change, definitions.smallest_worthwhile_change)
        as smallest_worthwhile_change, -- for everybody, in unit
    if(
        goals.smallest_worthwhile_change is null,
        definitions.worthwhile_source,
        '[goals] of recovery.toml'
    ) as worthwhile_source
from daily.definitions
left join raw.goals on definitions.metric = goals.metric
order by definitions.metric
