"""Who takes part, and what was recorded in each week, worked out by hand."""

from datetime import date

import pytest
from layers import add, build
from sql_cases import given

from recovery import warehouse

LOG = {"path": "log.csv", "kind": "massages"}


@pytest.fixture
def study(layers):
    """Two listed people, the owner without a record, and one of whom recovery.toml no longer knows.

    A: a device on 2024-05-06 (a Monday) to 05-14, the diary on 05-08 and 05-09, massages on 05-07 and 05-15.
    """
    given(
        layers,
        "raw.participants",
        [
            {"subject": "A", "arm": "massage", "subgroup": "women"},
            {"subject": "B"},
            {"subject": "me", "is_listed": False},
        ],
        is_listed=True,
        time_zone="Europe/Berlin",
    )
    days = [f"2024-05-{day:02}" for day in range(6, 15)]
    add(layers, "stg.source_days", [{"source": "watch", "local_date": day} for day in days], subject="A")
    add(layers, "stg.days", [{"local_date": day, "recorded_min": 1440} for day in days], subject="A")
    add(layers, "stg.diary", [{"local_date": "2024-05-08"}, {"local_date": "2024-05-09"}], subject="A")
    add(
        layers,
        "stg.massages",
        [
            {"local_date": "2024-05-07"},
            {"local_date": "2024-05-10", "status": "cancelled"},
            {"local_date": "2024-05-15"},
        ],
        subject="A",
        status="attended",
    )
    given(layers, "raw.logs", [LOG], subject="A")
    given(layers, "raw.massages", [{"local_date": "2024-05-07"}, {"local_date": "2024-05-15"}], subject="A")
    add(layers, "stg.diary", [{"local_date": "2024-06-01"}], subject="gone")
    given(layers, "raw.exclusions", [{"local_date": "2024-05-12", "reason": "flu"}], subject="A")
    build(
        layers, "massage.day_metrics", "massage.spans", "massage.log_spans", "massage.unknown_days", "massage.days",
        "massage.validity", "pub.participants", "pub.adherence",
    )  # fmt: skip
    return layers


def people(connection, columns):
    return connection.execute(f"select subject, {columns} from pub.participants").fetchall()


def test_everybody_listed_or_recorded_takes_part_and_an_owner_without_a_record_does_not(study):
    assert people(study, "arm, subgroup, time_zone") == [
        ("A", "massage", "women", "Europe/Berlin"),
        ("B", None, None, "Europe/Berlin"),
        ("gone", None, None, None),
    ]


def test_each_has_its_own_dates_and_what_is_missing_is_named(study):
    columns = "first_device_date, last_device_date, first_diary_date, last_massage_date, n_massages, missing"

    assert people(study, columns) == [
        ("A", date(2024, 5, 6), date(2024, 5, 14), date(2024, 5, 8), date(2024, 5, 15), 2, None),
        ("B", None, None, None, None, 0, "devices, diary, massages"),
        ("gone", None, None, date(2024, 6, 1), None, 0, "devices, massages"),
    ]


def test_excluded_days_are_counted_with_their_reasons(study):
    assert people(study, "excluded_days, excluded_for")[0] == ("A", 1, "flu (1)")


def test_what_is_not_known_of_a_week_is_null_and_not_zero(study):
    found = study.execute(
        "select week_date, n_days, valid_nights, diary_days, massages, massage_unknown_days, excluded_days,"
        " planned_massages from pub.adherence where subject = 'A'"
    ).fetchall()

    assert found == [
        (date(2024, 5, 6), 7, None, 2, 1, 1, 1, None),  # no log vouches for Monday; no night was ever recorded
        (date(2024, 5, 13), 2, None, None, 0, 0, 0, None),  # the diary ended, the log goes on to Wednesday
    ]


def test_massages_of_a_drawn_trial_are_planned_as_far_as_the_records_go(study):
    given(
        study,
        "raw.trial_weeks",
        [
            {"week": 1, "local_date": "2024-05-07", "is_massage_week": True},
            {"week": 2, "local_date": "2024-05-14", "is_massage_week": False},
            {"week": 3, "local_date": "2024-05-21", "is_massage_week": True},
        ],
        subject="A",
        start_date="2024-05-07",
        pair=1,
    )

    build(study, "pub.adherence")

    found = study.execute("select planned_massages from pub.adherence where subject = 'A'").fetchall()
    assert found == [(1,), (0,)]


@pytest.mark.parametrize("name", ["participants", "adherence"])
def test_every_column_says_what_it_is(layers, name):
    (relation,) = (one for one in warehouse.relations() if one.full_name == f"pub.{name}")
    columns = [column for column, *_ in layers.execute(f"describe pub.{name}").fetchall()]

    assert list(relation.column_comments) == columns


def test_no_comment_is_about_a_column_that_is_not_there(layers):
    for relation in warehouse.relations():
        if relation.layer == "pub":
            columns = {column for column, *_ in layers.execute(f"describe pub.{relation.name}").fetchall()}
            assert set(relation.column_comments) <= columns, relation.name
