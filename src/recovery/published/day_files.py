"""Which files a page names on a day: the shortest of those whose records lie around it."""

MOST_FILES = 2  # named of a day; the others are counted
AROUND_H = 38  # hours around a date in which records may be of it, as for `recovery explain`


def named_files(table: str) -> str:
    """A select of each person and date: the paths that are named, and how many files there are, of a table `files`."""
    return f"""
        select subject, local_date, list(path order by span, path)[1:{MOST_FILES}] as paths, count(*) as count
        from (
            select
                subject,
                path,
                last_utc - first_utc as span,
                unnest(
                    generate_series(
                        date_trunc('day', first_utc - interval {AROUND_H} hour) + interval 1 day,
                        last_utc + interval {AROUND_H} hour,
                        interval 1 day
                    )
                ) as local_date
            from {table}
            where status in ('loaded', 'partial') and first_utc is not null
        )
        group by subject, local_date
    """
