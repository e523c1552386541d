"""What is asked of the published ledger."""

from datetime import date

import duckdb

from recovery.published.ledger import Entry, Loss, lost_most, of_day

DAY = date(2026, 5, 1)


def test_a_day_and_what_was_lost_most() -> None:
    connection = duckdb.connect()
    assert (of_day(connection, "me", DAY, "steps"), lost_most(connection)) == ([], [])  # of an earlier version

    connection.execute(
        "create table ledger as select 'me' as subject, * from (values"
        " ('phone', date '2026-05-01', 'steps', 100.0, 60.0, 20.0, 0.0, 10.0, 10.0, 0.0, 0.0),"
        " ('watch', date '2026-05-01', 'stress', 9.0, 8.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0),"
        " ('watch', date '2026-05-02', 'steps', 900.0, 889.0, 0.0, 0.0, 0.0, 0.0, 0.0, 11.0)) as told (source,"
        " local_date, metric, reported, counted, counted_by_other, same, cut, rejected, outside, unaccounted)"
    )

    assert of_day(connection, "me", DAY, "steps") == [Entry("phone", 100, 60, 20, 0, 10, 10, 0, 0)]
    assert of_day(connection, "me", DAY, "stress_mean") == [Entry("watch", 9, 8, 0, 1, 0, 0, 0, 0)]
    assert lost_most(connection) == [
        Loss("me", "phone", "steps", "cut", 10, 100),
        Loss("me", "phone", "steps", "rejected", 10, 100),
        Loss("me", "watch", "steps", "unaccounted", 11, 900),
    ]


def test_reasons_are_told_and_what_no_metric_is_made_of_is_not_lost() -> None:
    connection = duckdb.connect()
    connection.execute(
        "create table ledger as select 'me' as subject, date '2026-05-01' as local_date, told.*, 0.0 as counted,"
        " 0.0 as counted_by_other, 0.0 as same, 0.0 as cut, 0.0 as outside, 0.0 as unaccounted from (values"
        " ('watch', 'steps', 7.0, 7.0, 'of a size that cannot be'),"
        " ('watch', 'sedentary_min', 600.0, 600.0, 'no metric is made of it')"
        ") as told (source, metric, reported, rejected, reason)"
    )

    (entry,) = of_day(connection, "me", DAY, "steps")

    assert (entry.why("rejected"), entry.why("cut")) == ("of a size that cannot be", "")
    assert lost_most(connection) == [Loss("me", "watch", "steps", "rejected", 7, 7, "of a size that cannot be")]
