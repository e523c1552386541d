"""Where every number that was reported is: nothing is lost without a name.

A number that is unaccounted for is a warning, not a stop: its day is not valid, and all else is published.
"""

from recovery.checks._kinds import NoRows, NotNull, Unique

RELATION = "ledger"
KEY = ("subject", "local_date", "source", "metric")
AMOUNTS = ("reported", "counted", "counted_by_other", "same", "cut", "rejected", "outside", "unaccounted")
CHECKS = (
    Unique("critical", "The ledger has one row a day, source and metric.", KEY),
    *(NotNull("critical", f"Every row of the ledger has {name}.", name) for name in AMOUNTS),
    NoRows(
        "warning",
        "Every number that a source reports is accounted for.",
        """select subject, concat_ws(' ', local_date, source, metric) as place, unaccounted as value
        from {batch} where unaccounted <> 0""",
    ),
    NoRows(
        "critical",
        "No day with a number that is unaccounted for is valid.",
        """select ledger.subject, concat_ws(' ', ledger.local_date, ledger.source, ledger.metric) as place,
            ledger.unaccounted as value
        from {batch} as ledger
        inner join pub.daily as days on days.subject = ledger.subject and days.local_date = ledger.local_date
        where ledger.unaccounted <> 0 and days.is_valid_day""",
    ),
    NoRows(
        "critical",
        "What the sources count adds up to the value of daily_metrics.",
        """with counted as (
            select subject, local_date, metric, sum(counted) as counted, sum(outside) as outside
            from {batch} group by subject, local_date, metric
        )

        select days.subject, concat_ws(' ', days.local_date, days.metric) as place,
            concat_ws(' of ', counted.counted, days.value) as value
        from pub.daily_metrics as days
        left join counted on counted.subject = days.subject and counted.local_date = days.local_date
            and counted.metric = days.metric
        left join pub.daily as wide on wide.subject = days.subject and wide.local_date = days.local_date
        where days.metric in ('steps', 'distance_m', 'active_energy_kcal', 'floors', 'asleep_min', 'nap_min')
            -- a value of 0, as of no nap, needs no row
            and abs(coalesce(if(wide.excluded_for is null, counted.counted, counted.outside), 0) - days.value) > 0.01
        """,
    ),
)
