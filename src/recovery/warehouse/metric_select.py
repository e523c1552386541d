"""The last step of every metric: a file of `sql/daily/` gives what was measured, this makes the rows of `daily.METRIC`.

A file selects the columns of `MEASURED`, nothing more. What all metrics have in common is added here: the names of the
metric and of its unit, the types, and, where the header says `day values: yes`, the values that sources report for
whole days, on the dates without a measured one or with one of a source of lower rank
(docs/decisions/0015-the-last-step-of-a-metric.md). `day values: first` means that what a source itself says of the date
counts before what is made of its readings: a vendor's figure is the one that people know
(docs/decisions/0031-the-vendors-own-figure.md).
"""

from recovery.warehouse.quoting import quote

MEASURED = ("subject", "local_date", "value", "source", "resolution", "coverage_share")
CONTRACT_OF_DAILY = ("subject", "local_date", "metric", "value", "unit", "source", "resolution", "coverage_share")
REPORTED_DAYS = "stg.reported_days"  # of each date and metric the value for the whole day, of the selected source

UNRANKED = 1000000  # from here on the ranks that recovery.toml does not give (stg.sources)

MEASURED_VALUES = """\
with measured as (
{text}
)"""
TEMPLATE = """
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
where not exists (
    select 1
    from outranked
    where
        outranked.subject = measured.subject
        and outranked.local_date = measured.local_date
)

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
left join measured
    on
        reported_days.subject = measured.subject
        and reported_days.local_date = measured.local_date
left join outranked
    on
        reported_days.subject = outranked.subject
        and reported_days.local_date = outranked.local_date
where
    reported_days.metric = {{metric}}
    and (measured.subject is null or outranked.subject is not null)
"""
# Minutes of a phone do not beat the day's total of a wrist, unless it lay at home: then it told less than half of them.
# What recovery.toml ranks is as it says.
OUTRANKED = f"""\
,

measured_sources as (
    select
        measured.subject,
        measured.local_date,
        any_value(measured.value) as value,
        list(distinct measured.source) as sources,
        min(sources.rank) as rank
    from (
        select
            measured.subject,
            measured.local_date,
            measured.value,
            unnest(string_split(measured.source, ', ')) as source
        from measured
    ) as measured
    inner join stg.sources on measured.source = sources.source
    group by measured.subject, measured.local_date
),

outranked as (
    select
        reported_days.subject,
        reported_days.local_date
    from {REPORTED_DAYS}
    inner join measured_sources
        on
            reported_days.subject = measured_sources.subject
            and reported_days.local_date = measured_sources.local_date
    where
        reported_days.metric = {{metric}}
        and (
            {{is_told_by_rank}}
            and reported_days.source_rank < measured_sources.rank
            and (
                reported_days.source_rank < {UNRANKED}
                or reported_days.value * 2 >= measured_sources.value
            )
            or {{is_own_first}}
            and measured_sources.sources = [reported_days.source]
        )
)

"""
NONE_OUTRANKED = f"""\
,

outranked as (
    select
        reported_days.subject,
        reported_days.local_date
    from {REPORTED_DAYS}
    where false
)

"""


def metric_select(
    metric: str,
    unit: str,
    text: str,
    *,
    has_day_values: bool,
    is_told_by_rank: bool = False,
    is_own_first: bool = False,
) -> str:
    """The select of `daily.METRIC`, with the columns of `CONTRACT_OF_DAILY`; `text` is the file of the metric.

    `is_told_by_rank`: the total of a day counts before measured values of a source of lower rank, as of movement, where
    a phone tells minutes. A night that was recorded counts before any value told of it, and rest that was counted in
    the person's waking hours before a total of the whole day, which is another quantity.
    `is_own_first`: the value that a source tells of a date counts before what is made of its own readings.
    """
    outranked = OUTRANKED if is_told_by_rank or is_own_first else NONE_OUTRANKED
    parts = (outranked, TEMPLATE, TEMPLATE_OF_DAY_VALUES) if has_day_values else ("\n", TEMPLATE)
    template = MEASURED_VALUES + "".join(parts)
    return template.format(
        metric=quote(metric),
        unit=quote(unit),
        text=text.strip(),
        is_told_by_rank=str(is_told_by_rank).lower(),
        is_own_first=str(is_own_first).lower(),
    )
