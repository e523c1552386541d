"""What tells two files with the same content apart: the date that stands in their names alone."""

import pytest
from homes import make

from recovery.formats.name_dates import date_in_name, identity

QUARTER_HOURS = (
    b"Start time,End time,Calories (kcal),Distance (m),Step count\n09:00:00.000+02:00,09:15:00.000+02:00,16,80,114\n"
)


@pytest.mark.parametrize(
    ("name", "day"),
    [("2026-05-02.csv", "2026-05-02"), ("2026-05-02 (1).csv", "2026-05-02"), ("2026-05-02.json", ""), ("a.csv", "")],
)
def test_a_date_stands_at_the_end_of_a_name(name: str, day: str) -> None:
    assert date_in_name(name) == day


def test_a_copy_of_a_day_is_the_same_day_and_another_day_is_another() -> None:
    first, copy, other = (
        identity(name, QUARTER_HOURS, "5e") for name in ("2026-05-02.csv", "2026-05-02(1).csv", "2026-05-03.csv")
    )

    assert first == copy != other


@pytest.mark.parametrize("content", [b"Date,Steps\n2026-05-02,114\n", b"a,b\n9,1\n", b"", b"09:00,1"])
def test_a_file_with_dates_inside_is_known_by_its_content_alone(content: bytes) -> None:
    assert identity("2026-05-02.csv", content, "5e") == "5e"


@pytest.mark.slow
def test_days_alike_to_the_byte_are_days_and_a_copy_is_a_duplicate(tmp_path) -> None:
    home = make(tmp_path / "home")
    for name in ("2026-05-02.csv", "2026-05-03.csv", "2026-05-03 (1).csv"):
        home.drop(f"fit/{name}", QUARTER_HOURS)
    home.run()

    assert sorted(home.statuses().values()) == ["duplicate", "loaded", "loaded"]
    assert home.rows("select count(*), sum(value) from raw.samples where metric = 'steps'") == [(2, 228)]
    home.run()
    assert sorted(home.statuses().values()) == ["duplicate", "loaded", "loaded"]
    home.close()
