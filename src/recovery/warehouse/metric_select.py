"""The last step of every metric: a file of `sql/daily/` gives what was measured, this makes the rows of `daily.METRIC`.

A file selects the columns of `MEASURED`, nothing more. What all metrics have in common is added here: the names of the
metric and of its unit, the types, and, where the header says `day values: yes`, the values that sources report for
whole days, on the dates without a measured one (docs/decisions/0015-the-last-step-of-a-metric.md).
"""

from recovery.warehouse.quoting import quote

MEASURED = ("subject", "local_date", "value", "source", "resolution", "coverage_share")
CONTRACT_OF_DAILY = ("subject", "local_date", "metric", "value", "unit", "source", "resolution", "coverage_share")
REPORTED_DAYS = "stg.reported_days"  # of each date and metric the value for the whole day, of the selected source

TEMPLATE = """\
with measured as (
{text}
)

select
    measured.subject,
    measured.local_date,
    {metric} as metric,
    cast(measured.value as double) as value,
    {unit} as unit,
    measured.source,
    measured.resolution,
    cast(measured.coverage_share as double) as coverage_share
from measured
"""
TEMPLATE_OF_DAY_VALUES = f"""
union all

select
    reported_days.subject,
    reported_days.local_date,
    {{metric}} as metric,
    reported_days.value,
    {{unit}} as unit,
    reported_days.source,
    'day' as resolution,
    cast(null as double) as coverage_share
from {REPORTED_DAYS}
anti join measured
    on
        reported_days.subject = measured.subject
        and reported_days.local_date = measured.local_date
where reported_days.metric = {{metric}}
"""


def metric_select(metric: str, unit: str, text: str, *, has_day_values: bool) -> str:
    """The select of `daily.METRIC`, with the columns of `CONTRACT_OF_DAILY`; `text` is the file of the metric."""
    template = TEMPLATE + TEMPLATE_OF_DAY_VALUES if has_day_values else TEMPLATE
    return template.format(metric=quote(metric), unit=quote(unit), text=text.strip())
