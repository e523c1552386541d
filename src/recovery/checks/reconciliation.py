"""Our totals of days beside the vendor's own."""

from recovery.checks._kinds import NoRows, NotNull, Unique

RELATION = "reconciliation"
KEY = ("subject", "local_date", "metric", "source")
# What is a plain sum by anyone's definition; of stages of sleep and intensities each vendor has its own.
TOTALS = ("steps", "distance_m", "floors", "active_energy_kcal")
MAX_SHARE = 0.05  # a difference of so much on the middle day of 28 is no rounding: records are lost or counted twice
DAYS = 28
CHECKS = (
    Unique("critical", "A vendor says one value of a metric and day.", KEY),
    NotNull("critical", "Every comparison has the vendor's value.", "vendor_value"),
    NotNull("critical", "Every comparison has our value.", "value"),
    NoRows(
        "critical",
        "The difference is ours less the vendor's.",
        """select subject, concat_ws(' ', local_date, metric, source) as place, difference as value
        from {batch}
        where not coalesce(abs(difference - (value - vendor_value)) <= 1e-5 * greatest(1, abs(vendor_value)), false)""",
    ),
    NoRows(
        "critical",
        "Our value is that of daily_metrics.",
        """select ours.subject, concat_ws(' ', ours.local_date, ours.metric, ours.source) as place, ours.value
        from {batch} as ours
        anti join pub.daily_metrics as days
            on days.subject = ours.subject and days.local_date = ours.local_date
            and days.metric = ours.metric and days.value = ours.value""",
    ),
    NoRows(
        "warning",
        f"In no {DAYS} days does the middle difference to the vendor's own total pass {MAX_SHARE:.0%}.",
        f"""with running as (
            select subject, metric, source, local_date, row_number() over one_source as ordinal,
                median(abs(difference_share)) over (one_source rows between {DAYS - 1} preceding and current row)
                    as middle_share
            from {{batch}}
            where is_comparable and difference_share is not null and metric in {TOTALS}
            window one_source as (partition by subject, metric, source order by local_date)
        )

        select subject, concat_ws(' ', source, metric, 'to', arg_max(local_date, middle_share)) as place,
            format('{{:.1f}}%', 100 * max(middle_share)) as value
        from running
        where ordinal >= {DAYS}
        group by subject, metric, source
        having max(middle_share) > {MAX_SHARE}""",
    ),
)
