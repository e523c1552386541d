"""What each answer counts and leaves out: every massage and every day stands in one part."""

from recovery.checks._kinds import NoRows, Unique, Within

RELATION = "answer_counts"
KEY = ("subject", "metric", "window")
MASSAGES = ("massages_counted", "massages_unmeasured", "massages_outside", "massages_same_day")
DAYS = ("days_counted", "days_without", "days_excluded", "days_not_valid", "days_not_compared")


def _adds_up(what: str, total: str, parts: tuple[str, ...]) -> NoRows:
    """That a column is the sum of its parts."""
    return NoRows(
        "critical",
        what,
        f"""select subject, metric || ' ' || "window" as place, {total} as value from {{batch}}
        where {total} is distinct from {" + ".join(parts)}""",
    )


CHECKS = (
    Unique("critical", "An answer is counted once.", KEY),
    *(Within("warning", f"There are no fewer than none: {name}.", name, low=0) for name in (*MASSAGES, *DAYS)),
    _adds_up("The massages that count and those that do not are all that were logged.", "massages_logged", MASSAGES),
    NoRows(
        "critical",
        "The massages that were logged are those of massages.",
        """select counts.subject, counts.metric || ' ' || counts."window" as place, counts.massages_logged as value
        from {batch} as counts
        left join (
            select subject, count(*) as massages from pub.massages where status = 'attended' group by subject
        ) as logged on logged.subject = counts.subject
        where counts.massages_logged <> coalesce(logged.massages, 0)""",
    ),
    _adds_up("The days that count and those that do not are all from the first to the last.", "days_in_span", DAYS),
    NoRows(
        "critical",
        "The days that are told are those of daily.",
        """select counts.subject, counts.metric || ' ' || counts."window" as place, counts.days_in_span as value
        from {batch} as counts
        left join (select subject, count(*) as days from pub.daily group by subject) as days
            on days.subject = counts.subject
        where counts.days_in_span is distinct from days.days""",
    ),
    NoRows(
        "critical",
        "What an answer counts is what effects says.",
        """select counts.subject, counts.metric || ' ' || counts."window" as place, counts.days_counted as value
        from {batch} as counts
        left join pub.effects
            on effects.subject = counts.subject and effects.metric = counts.metric
            and effects."window" = counts."window"
        where counts.days_counted is distinct from effects.n_days
            or counts.massages_counted is distinct from effects.n_massages_measured""",
    ),
)
