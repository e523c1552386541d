"""Which exports arrived regularly and then no more: a synchronisation that broke makes no error anywhere.

The rhythm of a format is what its files tell of themselves: on how many different dates exports were made, or, where
these tell none, their last records are. A format of a few exports has no rhythm and is not missed.
"""

from datetime import date
from typing import NamedTuple

import duckdb

from recovery.published import query
from recovery.published.log_questions import Question
from recovery.vocabulary.export_sections import OWN, PAGE, SECTION_OF, SECTIONS
from recovery.words import deliveries as words

LEAST_DELIVERIES = 5
LAST_GAPS = 20  # between deliveries; how often an export came years ago says nothing about now
LONGEST_RHYTHM = 45  # days; who exports less often than monthly does it by hand
TIMES, AND_DAYS = 2, 2  # of the rhythm, while another format of the person delivers
TIMES_ALONE, AND_DAYS_ALONE = 4, 3  # nothing arrives: the person or the computer may be away
GIVEN_UP_AFTER = 6, 120  # times the rhythm, or days: a device that was replaced is not missed for ever


class Delivery(NamedTuple):
    """How a format arrived for a person."""

    subject: str
    format: str
    deliveries: int  # dates with one
    last: date
    rhythm_days: int  # between nine tenths of the last deliveries at most


def silent_exports(connection: duckdb.DuckDBPyConnection, today: date) -> list[Question]:
    """A sentence for each format of a person that fell silent, with the section that says how it arrives."""
    if not query.has_column(connection, "files", "exported_utc"):  # an earlier version
        return []
    found = _deliveries(connection)
    silent = [one for one in found if _is_silent(one, found, today)]
    return [
        Question(
            one.subject,
            words.silent(one.format, one.rhythm_days, one.last, PAGE, SECTION_OF.get(one.format, OWN)),
        )
        for one in silent
    ]


def _is_silent(one: Delivery, found: list[Delivery], today: date) -> bool:
    """Whether nothing came for clearly longer than the rhythm."""
    if one.deliveries < LEAST_DELIVERIES or one.rhythm_days > LONGEST_RHYTHM:
        return False
    others = [other for other in found if other.subject == one.subject and other.format != one.format]
    is_alone = not any(other.last > one.last for other in others)
    times, and_days = (TIMES_ALONE, AND_DAYS_ALONE) if is_alone else (TIMES, AND_DAYS)
    age = (today - one.last).days
    times_given_up, days_given_up = GIVEN_UP_AFTER
    return times * one.rhythm_days + and_days < age <= max(times_given_up * one.rhythm_days, days_given_up)


def _deliveries(connection: duckdb.DuckDBPyConnection) -> list[Delivery]:
    """How each format arrived for each person; the logs of people are no deliveries."""
    return [
        Delivery(*row)
        for row in connection.execute(
            "with days as (select distinct subject, format, coalesce(exported_utc, last_utc)::date as day from files"
            "   where status in ('loaded', 'partial', 'duplicate') and coalesce(exported_utc, last_utc) is not null"
            "   and format is not null and not list_contains(?, format)),"
            " gaps as (select subject, format, day, day - lag(day) over of_format as gap,"
            "   row_number() over (partition by subject, format order by day desc) as newest from days"
            "   window of_format as (partition by subject, format order by day))"
            " select subject, format, count(*), max(day),"
            "   coalesce(quantile_disc(gap, 0.9) filter (where newest <= ?), 0)"
            " from gaps group by all order by all",
            [[*SECTIONS[OWN], "calendar_ics"], LAST_GAPS],
        ).fetchall()
    ]
