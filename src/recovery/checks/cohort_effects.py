"""The effect over several people."""

from recovery.checks._kinds import NoRows, NotNull, OneOf, Unique, Within
from recovery.effects.cohort import MIN_PEOPLE

RELATION = "cohort_effects"
KEY = ("metric", "window", "attribute", "level")
PLACE = "metric || ' ' || \"window\""
CHECKS = (
    Unique("critical", "A metric has one summary per window.", KEY),
    OneOf("critical", "A summary is over all, an arm or a group.", "attribute", ("all", "arm", "subgroup")),
    NotNull("critical", "Every summary has its reason.", "reason"),
    Within("critical", "Variation between people is a share.", "i_squared_share", 0, 1),
    NoRows(
        "critical",
        f"No summary is made of fewer than {MIN_PEOPLE} people.",
        f"""select null::varchar as subject, {PLACE} as place, n_subjects as value from {{batch}}
        where n_subjects < {MIN_PEOPLE}
            and (estimate is not null or ci_low is not null or ci_high is not null or prediction_low is not null)""",
    ),
    NoRows(
        "critical",
        "An interval holds the mean, and that of the next person holds it too.",
        f"""select null::varchar as subject, {PLACE} as place, ci_low || ' to ' || ci_high as value
        from {{batch}}
        where not (ci_low <= estimate and estimate <= ci_high)
            or not (prediction_low <= ci_low and ci_high <= prediction_high)
            or isnan(estimate) or (estimate is null) <> (ci_low is null) or (estimate is null) <> (ci_high is null)""",
    ),
    Within("critical", "A p-value is above 0 and at most 1.", "p_value", above=0, high=1),
    NoRows(
        "critical",
        "A summary counts the people whose effect is told.",
        """select null::varchar as subject, cohort_effects.metric || ' ' || cohort_effects."window" as place,
            cohort_effects.n_subjects as value
        from {batch} as cohort_effects
        left join (
            select metric, "window", count(*) as people from pub.effects where estimate is not null group by all
        ) as measured on measured.metric = cohort_effects.metric and measured."window" = cohort_effects."window"
        where cohort_effects.attribute = 'all' and cohort_effects.n_subjects <> coalesce(measured.people, 0)""",
    ),
    NoRows(
        "critical",
        "The people of an arm or group are among all.",
        """select null::varchar as subject, parts.metric || ' ' || parts."window" || ' ' || parts.level as place,
            parts.n_subjects as value
        from {batch} as parts
        inner join {batch} as whole
            on whole.metric = parts.metric and whole."window" = parts."window" and whole.attribute = 'all'
        where parts.n_subjects > whole.n_subjects or parts.n_refused > whole.n_refused""",
    ),
)
