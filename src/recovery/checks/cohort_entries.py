"""Who entered the mean over several people."""

from recovery.checks._kinds import NoRows, NotNull, Unique

RELATION = "cohort_entries"
KEY = ("subject", "metric", "window")
PLACE = "metric || ' ' || \"window\""
CHECKS = (
    Unique("critical", "A person enters a mean once.", KEY),
    NotNull("critical", "Every person in a mean, or not in it, has the reason.", "reason"),
    NoRows(
        "critical",
        "Who entered has an estimate, and who did not has none.",
        f"""select subject, {PLACE} as place, estimate as value from {{batch}}
        where is_entered <> (estimate is not null) or not (ci_low <= estimate and estimate <= ci_high)""",
    ),
    NoRows(
        "critical",
        "The mean is of those who entered.",
        """select null::varchar as subject, entries.metric || ' ' || entries."window" as place, count(*) as value
        from {batch} as entries
        inner join pub.cohort_effects
            on entries.metric = cohort_effects.metric and entries."window" = cohort_effects."window"
                and case cohort_effects.attribute
                    when 'arm' then entries.arm = cohort_effects.level
                    when 'subgroup' then entries.subgroup = cohort_effects.level
                    else true
                end
        group by entries.metric, entries."window", cohort_effects.attribute, cohort_effects.level,
            cohort_effects.n_subjects
        having count(*) filter (where entries.is_entered) <> cohort_effects.n_subjects""",
    ),
)
