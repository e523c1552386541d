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
