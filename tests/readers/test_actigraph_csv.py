"""What we know of ActiGraph's epoch tables, with values worked out by hand."""

from datetime import datetime
from pathlib import Path

import pytest
from one_reader import Reading, entry, folder, living_in

from recovery.formats.records import Skipped
from recovery.readers import actigraph_csv

FIRST = "---- Data File Created By ActiGraph wGT3XBT ActiLife v6.13.3 Firmware v1.8.0 date format {} Filter Normal"


def made(
    rows: str,
    *,
    order: str = "M/d/yyyy",
    start: str = "8/26/2013",
    download: str = "9/3/2013",
    epoch: str = "00:00:15",
    mode: int = 13,
    time: str = "09:00:00",
) -> str:
    head = [
        FIRST.format(order), "Serial Number: XXX1", f"Start Time {time}", f"Start Date {start}",
        f"Epoch Period (hh:mm:ss) {epoch}", "Download Time 12:54:04", f"Download Date {download}",
        "Current Memory Address: 0", f"Current Battery Voltage: 4.03     Mode = {mode}", "-" * 50,
    ]  # fmt: skip
    return "\n".join([*head, rows])


def read(text: str) -> Reading:
    return Reading("actigraph_csv", [entry(text, "t.csv")])


def reasons(found: Reading) -> list[str]:
    return [item.reason for item in found.found if isinstance(item, Skipped)]


def minutes(found: Reading, metric: str = "steps") -> list[tuple[str, float]]:
    return [(start.isoformat(), value) for start, value in found.rows("samples", "start_utc", "value", metric=metric)]


def test_epochs_become_minutes_of_the_wall_clock() -> None:
    found = read(made("1,0,0,2\n0,0,0,0\n5,0,0,3\n0,0,0,0\n0,0,0,0\n"))

    assert minutes(found) == [("2013-08-26T07:00:00", 5.0), ("2013-08-26T07:01:00", 0.0)]
    assert minutes(found, "is_worn") == [("2013-08-26T07:00:00", 1.0)]
    assert found.rows("devices", "manufacturer", "product", "firmware") == [("ActiGraph", "wGT3XBT", "1.8.0")]
    assert found.messages == {"t.csv": "its times carry no zone and are read as local time"}


def test_two_devices_are_two_sources_and_no_serial_number_is_told() -> None:
    one, other = (read(made("1,0,0,2\n").replace("XXX1", serial)) for serial in ("XXX1", "XXX2"))

    assert one.rows("samples", "source") != other.rows("samples", "source")
    assert "XXX" not in repr([*one.found, *other.found])


@pytest.mark.parametrize(
    ("order", "start", "download", "begun"),
    [
        ("M/d/yyyy", "8/9/2013", "9/3/2013", "2013-08-09"),
        ("dd/MM/yyyy", "08/09/2013", "10/09/2013", "2013-09-08"),
        ("dd/MM/yyyy", "09-12-2017", "09-19-2017", "2017-09-12"),  # a download on the 9th of month 19
        ("M/d/yyyy", "10/9/2013", "9/10/2013", "2013-09-10"),  # begun in October, downloaded in September
        ("yyyy-MM-dd", "2013-08-09", "2013-09-03", "2013-08-09"),
    ],
)
def test_the_order_of_the_dates_is_what_the_file_can_mean(order: str, start: str, download: str, begun: str) -> None:
    found = read(made("1,0,0,2\n", order=order, start=start, download=download))

    assert minutes(found) == [(f"{begun}T07:00:00", 2.0)]


def test_a_time_in_the_rows_counts_before_the_head_and_its_z_is_not_utc() -> None:
    rows = "TimeStamp,axis1,axis2,axis3,steps,vm\n2013-08-27T09:00:00Z,1,0,0,4,1\n2013-08-27T11:00:00Z,0,0,0,0,0\n"

    assert minutes(read(made(rows, epoch="00:00:01"))) == [("2013-08-27T07:00:00", 4.0), ("2013-08-27T09:00:00", 0.0)]


def test_columns_without_headings_follow_from_the_mode() -> None:
    standing = "325,85,176,2,7,0,15,0,0\n"  # axes, steps, light, then off, standing, sitting, lying
    off = "0,0,0,0,0,15,0,0,0\n"

    found = read(made(standing + off * 3 + off * 4, mode=61))

    assert minutes(found) == [("2013-08-26T07:00:00", 2.0)]  # a minute off the body has no steps, not 0
    assert minutes(found, "is_worn") == [("2013-08-26T07:00:00", 1.0), ("2013-08-26T07:01:00", 0.0)]
    assert minutes(read(made("9,3\n", mode=1))) == [("2013-08-26T07:00:00", 3.0)]
    bare = read(made("9\n", mode=0))
    assert minutes(bare) == []
    assert minutes(bare, "is_worn") == [("2013-08-26T07:00:00", 1.0)]
    assert "its mode has no steps" in bare.messages["t.csv"]


def test_a_damaged_epoch_does_not_move_those_behind_it() -> None:
    found = read(made("1,0,0,2\n" * 3 + "1,0,0,x\n" + "1,0,0,7\n"))

    assert minutes(found) == [("2013-08-26T07:00:00", 6.0), ("2013-08-26T07:01:00", 7.0)]
    assert found.skipped == ["row 14"]


@pytest.mark.parametrize("cells", ["1,0,0,999", "-1,0,0,2", "nan,0,0,2", "1,0,0", "1e30,0,0,2"])
def test_what_no_epoch_can_hold_is_skipped(cells: str) -> None:
    assert read(made(f"{cells}\n")).skipped == ["row 11"]


def test_the_clock_of_a_device_is_not_put_forward_while_it_records() -> None:
    rows = "TimeStamp,axis1,axis2,axis3,steps\n2024-03-30T12:00:00Z,1,0,0,2\n2024-03-31T12:00:00Z,1,0,0,2\n"
    counted = made("1,0,0,2\n" * 25, epoch="01:00:00", start="3/30/2024", download="4/3/2024", time="12:00:00")
    stamped = made(rows, epoch="00:00:01", start="3/30/2024", download="4/3/2024", time="12:00:00")

    # noon by winter time is 11:00 UTC, and a day of hours later it is 11:00 again
    assert minutes(read(counted))[-1] == ("2024-03-31T11:00:00", 2.0)
    assert minutes(read(stamped)) == [("2024-03-30T11:00:00", 2.0), ("2024-03-31T11:00:00", 2.0)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (made("1\n", epoch="00:00:00"), "raw acceleration"),
        (made("1\n", epoch="02:00:00"), "epochs of 7,200 s"),
        (made("1,2,3,4,80\n", mode=15), "Mode 15"),
        (made("1\n", start="soon"), "does not say when it begins"),
        (made("1\n", time="25:00:00"), "does not say when it begins"),
        (FIRST.format("M/d/yyyy"), "raw acceleration"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(text: str, sentence: str) -> None:
    (reason,) = reasons(read(text))

    assert sentence in reason


def test_a_table_of_something_else_is_neither_claimed_nor_read() -> None:
    other = entry("a,b\n1,2\n", "t.csv")

    assert list(actigraph_csv.claims([other])) == []
    (skipped,) = actigraph_csv.read([other], living_in("UTC"))
    assert skipped.reason == "this is no table of ActiLife"


def test_a_recording_without_epochs_holds_no_entries() -> None:
    assert read(made("")).messages == {"t.csv": "holds no entries"}


def test_a_long_recording_comes_in_several_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = made("1,0,0,2\n" * 4 * 25)
    monkeypatch.setattr(actigraph_csv, "ROWS_PER_BATCH", 10)

    found = minutes(read(whole))

    assert len(found) == 25
    assert sum(value for _, value in found) == 200.0


def test_the_real_files(real: Path) -> None:
    """Steps summed by awk over the files."""
    found = Reading("actigraph_csv", folder(real / "actigraphy"))

    names = {Path(path).name for path, not_needed in found.claims.items() if not not_needed}
    assert names == {"ActiGraph13.csv", "ActiGraph61.csv", "ActiGraph13_timestamps_headers.csv"}
    steps = {}
    for (source,) in dict.fromkeys(found.rows("samples", "source")):
        samples = found.rows("samples", "start_utc", "value", source=source, metric="steps")
        steps[samples[0][0]] = (len(samples), sum(value for _, value in samples))
    assert steps == {  # 990 epochs of 15 s, 1,000 of 1 s; of 990 of 5 s 52 minutes lie off the body
        datetime(2013, 8, 26, 7, 0): (248, 1118.0),
        datetime(2017, 9, 12, 13, 0): (17, 442.0),
        datetime(2016, 8, 15, 19, 35): (31, 253.0),
    }
    assert found.skipped == []
