-- Rows of massage logs, bundled by massage and ranked
--
-- Rows of the same subject and date are one massage (bundle) when each starts at most 15 minutes after the one
-- before. A row without a start joins the massage with a start, if the date has only one. Rows without a start are
-- counted within their log: the first row of one log and the first of another are one massage, two such rows of one
-- log are two, and only the first can be the massage with a start.
-- report_rank: 1 = the selected row, the one with more fields, then the higher delivery.
-- grain: subject, path, place
with timed as (
    select
        massage_times.subject,
        massage_times.local_date,
        massage_times.path,
        massage_times.place,
        massage_times.start_utc,
        coalesce(
            massage_times.start_utc > lag(massage_times.start_utc) over of_date + interval 15 minute, true
        ) as is_first
    from stg.massage_times
    where massage_times.start_utc is not null
    window of_date as (
        partition by massage_times.subject, massage_times.local_date
        order by massage_times.start_utc, massage_times.path, massage_times.place
    )
),

timed_bundles as (
    select
        timed.subject,
        timed.local_date,
        timed.path,
        timed.place,
        count_if(timed.is_first) over (
            partition by timed.subject, timed.local_date
            order by timed.start_utc, timed.path, timed.place
            rows between unbounded preceding and current row
        ) as bundle
    from timed
),

timed_counts as (
    select
        timed_bundles.subject,
        timed_bundles.local_date,
        max(timed_bundles.bundle) as massage_count
    from timed_bundles
    group by timed_bundles.subject, timed_bundles.local_date
),

untimed as (
    select
        massage_times.subject,
        massage_times.local_date,
        massage_times.path,
        massage_times.place,
        row_number() over (
            partition by massage_times.subject, massage_times.local_date, massage_times.path
            order by length(massage_times.place), massage_times.place
        ) as number_in_log
    from stg.massage_times
    where massage_times.start_utc is null
),

bundles as (
    select
        timed_bundles.subject,
        timed_bundles.path,
        timed_bundles.place,
        timed_bundles.bundle
    from timed_bundles
    union all
    select
        untimed.subject,
        untimed.path,
        untimed.place,
        case
            when timed_counts.massage_count = 1 and untimed.number_in_log = 1 then 1
            else 1000 + untimed.number_in_log
        end as bundle
    from untimed
    left join timed_counts
        on untimed.subject = timed_counts.subject and untimed.local_date = timed_counts.local_date
),

bundled as (
    select
        massage_times.*,
        bundles.bundle
    from stg.massage_times
    inner join bundles
        on
            massage_times.subject = bundles.subject
            and massage_times.path = bundles.path
            and massage_times.place = bundles.place
)

select
    bundled.subject,
    bundled.local_date,
    bundled.bundle,
    row_number() over (
        partition by bundled.subject, bundled.local_date, bundled.bundle
        order by bundled.field_count desc, bundled.delivery desc, bundled.path asc, bundled.place asc
    ) as report_rank,
    min(bundled.start_utc) over (
        partition by bundled.subject, bundled.local_date, bundled.bundle
    ) as first_start_utc,
    min(bundled.start_local) over (
        partition by bundled.subject, bundled.local_date, bundled.bundle
    ) as first_start_local,
    bundled.path,
    bundled.place,
    bundled.origin,
    bundled.start_local,
    bundled.start_utc,
    bundled.massage_min,
    bundled.technique,
    bundled.pressure,
    bundled.areas,
    bundled.muscles,
    bundled.therapist,
    bundled.status,
    bundled.pain_before,
    bundled.pain_after,
    bundled.cause,
    bundled.note

from bundled
