"""What counts for a metric and what changed, on small lives worked out by hand, and on a person who changed watches."""

import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

import homes
import pytest
from layers import add, build, empty_layers, layers
from sql_cases import rows

from recovery import warehouse

pytestmark = pytest.mark.slow

__all__ = ["empty_layers", "layers"]
FIRST = date(2024, 5, 1)


def on(number: int) -> str:
    """The date of a day of the case; 1 is 2024-05-01."""
    return str(FIRST + timedelta(days=number - 1))


def lived(layers, sources: Iterable[str], metric: str = "steps", first: int = 1, is_valid: bool = True) -> int:
    """Adds a day of a metric for each source named, from day `first` on; gives the day after the last."""
    named = [*sources]
    add(
        layers,
        "massage.measures",
        [{"local_date": on(first + number), "source": source} for number, source in enumerate(named)],
        metric=metric,
        is_valid=is_valid,
    )
    return first + len(named)


def reported(layers, *firmwares: tuple[str, str, str]) -> None:
    """Devices as reported: source, UTC, firmware."""
    add(
        layers,
        "raw.devices",
        [{"source": source, "time_utc": time, "firmware": firmware} for source, time, firmware in firmwares],
        delivery=1,
    )


def stretches(layers) -> list[tuple]:
    build(layers, "massage.metric_sources")
    return rows(layers, "massage.metric_sources", "metric, first_date::text, last_date::text, sources, valid_days")


def changes(layers, what: str = "device", columns: str = "source_before, source_after, metrics") -> list[tuple]:
    build(layers, "massage.metric_sources", "massage.device_changes")
    return rows(layers, "massage.device_changes", f"local_date::text, {columns}", f"what = '{what}'")


def test_a_new_watch_counts_from_its_first_day(layers):
    lived(layers, ["old"] * 14 + ["new"] * 14)

    assert stretches(layers) == [
        ("steps", on(1), on(14), "old", 14),
        ("steps", on(15), on(28), "new", 14),
    ]
    assert changes(layers) == [(on(15), "old", "new", "steps")]


@pytest.mark.parametrize(("before", "after"), [(13, 30), (30, 13)])
def test_fewer_than_fourteen_days_on_a_side_are_no_change(layers, before, after):
    lived(layers, ["old"] * before + ["new"] * after)

    assert changes(layers) == []


def test_days_that_are_not_valid_settle_nothing(layers):
    lived(layers, ["old"] * 20)
    lived(layers, ["new"] * 20, first=21, is_valid=False)

    assert stretches(layers) == [("steps", on(1), on(20), "old", 20)]


def test_a_watch_that_is_lent_for_a_week_is_no_change(layers):
    lived(layers, ["mine"] * 30 + ["lent"] * 7 + ["mine"] * 30)

    assert stretches(layers) == [("steps", on(1), on(67), "mine", 67)]


def test_a_phone_that_fills_in_on_every_third_day_neither_comes_nor_goes(layers):
    lived(layers, ["phone", "watch", "watch"] * 20)

    assert stretches(layers) == [("steps", on(2), on(60), "watch", 59)]
    assert changes(layers) == []


def test_two_devices_that_take_turns_are_one_state(layers):
    lived(layers, ["phone", "watch"] * 30)

    assert stretches(layers) == [("steps", on(2), on(59), "phone, watch", 58)]  # from the first of both on
    assert changes(layers) == []


def test_the_day_of_the_change_with_both_is_on_neither_side(layers):
    lived(layers, ["old"] * 20 + ["new, old"] + ["new"] * 20)

    assert changes(layers) == [(on(22), "old", "new", "steps")]


def test_a_phone_that_fills_in_stays_while_the_watch_changes(layers):
    lived(layers, ["old", "old, phone"] * 15 + ["new", "new, phone"] * 15)
    lived(layers, ["old", "old", "phone"] * 10 + ["new", "new", "phone"] * 10, "floors")

    assert changes(layers) == [(on(31), "old", "new", "floors, steps")]


def test_a_source_that_comes_beside_another_or_goes_is_reported_alone(layers):
    lived(layers, ["watch"] * 20 + ["ring, watch"] * 20 + ["watch"] * 20)

    assert changes(layers) == [(on(21), None, "ring", "steps"), (on(41), "ring", None, "steps")]


def test_back_to_the_old_watch_is_a_change_too(layers):
    lived(layers, ["old"] * 20 + ["new"] * 20 + ["old"] * 20)

    assert changes(layers) == [(on(21), "old", "new", "steps"), (on(41), "new", "old", "steps")]


def test_a_metric_that_follows_within_two_weeks_is_part_of_the_same_change(layers):
    lived(layers, ["old"] * 20 + ["new"] * 40)
    lived(layers, ["old"] * 25 + ["new"] * 35, "asleep_min")
    lived(layers, ["old"] * 45 + ["new"] * 15, "stress_mean")
    lived(layers, ["diary"] * 60, "pain")

    assert changes(layers) == [(on(21), "old", "new", "asleep_min, steps"), (on(46), "old", "new", "stress_mean")]


def test_people_are_kept_apart(layers):
    lived(layers, ["old"] * 20)
    layers.execute("insert into massage.measures by name select * replace ('you' as subject, 'new' as source)"
                   " from massage.measures")  # fmt: skip

    assert changes(layers) == []


def test_a_new_firmware_is_a_change_on_the_day_it_is_told(layers):
    lived(layers, ["watch"] * 30)
    add(
        layers,
        "raw.zone_offsets",
        [{"start_utc": "2000-01-01", "end_utc": "2100-01-01", "offset_min": 120, "is_travel": False}],
    )
    reported(
        layers,
        ("watch", "2024-05-01 08:00", "1.0"),
        ("watch", "2024-05-10 22:30", "1.1"),  # half past midnight of the 11th
        ("watch", "2024-05-12 08:00", ""),
        ("watch", "2024-05-13 08:00", "1.1"),
        ("watch", "2024-05-20 08:00", "1.1"),
        ("watch", "2024-05-20 09:00", "1.2"),
        ("scales", "2024-05-01 08:00", "7"),
        ("scales", "2024-05-02 08:00", "8"),
    )

    columns = "source_before, source_after, firmware_before, firmware_after, metrics"
    assert changes(layers, "firmware", columns) == [
        ("2024-05-02", "scales", "scales", "7", "8", None),
        ("2024-05-11", "watch", "watch", "1.0", "1.1", "steps"),
        ("2024-05-20", "watch", "watch", "1.1", "1.2", "steps"),
    ]


def test_the_first_firmware_of_a_new_watch_is_no_change_of_firmware(layers):
    lived(layers, ["old"] * 20 + ["new"] * 20)
    reported(layers, ("old", "2024-05-01", "9"), ("new", "2024-05-21", "3"), ("old", "2024-06-01", "9"))

    assert changes(layers, "firmware") == []
    assert len(changes(layers)) == 1


def test_nothing_measured_is_no_change(layers):
    assert stretches(layers) == changes(layers) == []


@pytest.fixture(scope="module")
def garmin(real: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[homes.HomeAtWork]:
    """Ten weeks in which one watch followed another after twelve days without any, and was updated a month later."""
    folders = {f"{date(2019, 2, 28) + timedelta(days=day):%Y/%m/%d}/" for day in range(67)}
    with zipfile.ZipFile(real / "fit" / "CHI-Garmin" / "garmin_2019.zip") as archive:
        contents = {
            name: archive.read(name) for name in archive.namelist() if name[:11] in folders and not name.endswith("/")
        }
    made = homes.make(tmp_path_factory.mktemp("garmin") / "home", 'home_time_zone = "Europe/Copenhagen"\n')
    warehouse.load_settings_tables(made.connection, made.settings)
    made.drop("garmin.zip", homes.zipped(contents))
    made.run()
    warehouse.build(made.connection)
    yield made
    made.close()


def test_a_real_change_of_watch_and_its_update_are_found(garmin):
    found = garmin.connection.execute(
        "select local_date::text, what, source_before, source_after, firmware_before, firmware_after"
        " from pub.device_changes"
    ).fetchall()

    assert found == [
        ("2019-04-01", "device", "garmin:3949547264", "garmin:3985028683", None, None),
        ("2019-04-30", "firmware", "garmin:3985028683", "garmin:3985028683", "6.10", "6.20"),
    ]


def test_of_every_real_metric_the_new_watch_counts_from_the_same_day(garmin):
    found = garmin.connection.execute("select distinct first_date::text, sources from pub.metric_sources").fetchall()
    metrics = garmin.connection.execute("select metrics from pub.device_changes where what = 'device'").fetchall()

    assert sorted(found) == [("2019-02-28", "garmin:3949547264"), ("2019-04-01", "garmin:3985028683")]
    assert {"steps", "stress_mean", "resting_heart_rate_bpm"} <= set(metrics[0][0].split(", "))
