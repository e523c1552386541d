"""Each line of Limits in the README is held against the product by a check of its own."""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import homes
import pytest
from answers_by_hand import effect, publish
from by_hand import published_home
from parsed_page import parsed
from places import ROOT
from shown_pages import shown
from sql_cases import given

from recovery import warehouse
from recovery.commands import command_names
from recovery.errors import LockedError
from recovery.home import lock
from recovery.home.settings import load_settings
from recovery.vocabulary.verdicts import Verdict

pytestmark = pytest.mark.slow

SECTION = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Limits\n")[2].partition("\n## ")[0]
LIMITS = [" ".join(line.split()) for line in re.split(r"^- ", SECTION, flags=re.M)[1:]]


def an_effect_is_shown_with_its_verdict(folder: Path) -> None:
    """The page shows effects; its strongest word comes from a list that knows no "caused" and no "proven"."""
    settings = published_home(folder / "home")
    publish(settings, [effect()])
    said = parsed(shown(settings)).text

    assert "Better, clear so far" in said
    assert "plan-trial" in command_names()  # the way to draw the weeks by lot
    assert not any("caus" in word.value or "prov" in word.value for word in Verdict)


def lying_by_day_comes_only_from_in_bed_records(folder: Path) -> None:
    made = homes.make(folder / "home")
    minute = {"subject": "me", "source": "watch", "metric": "steps"}
    given(
        made.connection, "raw.samples",
        [{**minute, "start_utc": datetime(2026, 5, 1, hour), "end_utc": datetime(2026, 5, 1, hour, 1), "value": 0.0}
         for hour in range(6, 22)],
    )  # fmt: skip
    warehouse.load_settings_tables(made.connection, made.settings)
    warehouse.build_all(made.connection)

    assert made.rows("select count(*) from daily.daytime_lying_min") == [(0,)]
    made.close()


def the_better_of_two_devices_counts(folder: Path) -> None:
    made = homes.make(folder / "home")
    rows: list[dict[str, Any]] = [
        {"source": source, "metric": "steps", "start_utc": datetime(2026, 5, 1, 10, minute),
         "end_utc": datetime(2026, 5, 1, 10, minute + 1), "value": steps}
        for source, steps in (("watch", 10.0), ("phone", 7.0)) for minute in range(50)
    ]  # fmt: skip
    given(made.connection, "raw.samples", rows, subject="me")
    warehouse.load_settings_tables(made.connection, made.settings)
    warehouse.build_all(made.connection)

    assert made.rows("select sum(steps) from timeline.minutes") in ([(500,)], [(350,)])  # of one, never 850
    assert "reconciliation" in {relation.name for relation in warehouse.relations() if relation.layer == "pub"}
    made.close()


def an_unknown_format_is_left_alone(folder: Path) -> None:
    made = homes.make(folder / "home")
    file = made.drop("recipe.txt", "500 g flour, 350 g water, 10 g salt.\n")
    made.run()

    assert made.statuses() == {"recipe.txt": "unrecognised"}
    assert file.read_text() == "500 g flour, 350 g water, 10 g salt.\n"
    made.close()


def a_local_time_is_read_in_the_zone_of_the_home(folder: Path) -> None:
    made = homes.make(folder / "home", 'home_time_zone = "Asia/Tokyo"\n')
    given(
        made.connection, "raw.samples",
        [{"subject": "me", "source": "watch", "metric": "steps", "value": 5.0,
          "start_utc": datetime(2026, 5, 1, 20), "end_utc": datetime(2026, 5, 1, 20, 1)}],
    )  # fmt: skip
    warehouse.load_settings_tables(made.connection, made.settings)
    warehouse.build_all(made.connection)

    assert made.rows("select distinct tz_assumed, local_time::date::varchar from timeline.minutes where steps > 0") == [
        (True, "2026-05-02")
    ]
    made.close()


def a_second_run_says_so_and_stops(folder: Path) -> None:
    made = homes.make(folder / "home")
    settings = load_settings(made.home.folder)
    with lock.held(settings, "the first"), pytest.raises(LockedError, match="Another run"), lock.held(settings):
        pass
    made.close()


def posix_is_named_in_the_metadata(folder: Path) -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")

    assert set(re.findall(r'"Operating System :: ([^"]+)"', project)) == {"MacOS", "POSIX :: Linux"}
    assert folder.is_dir()


CHECKS: dict[str, Callable[[Path], None]] = {  # by how the line begins
    "An effect is an estimate": an_effect_is_shown_with_its_verdict,
    "A wrist does not see lying": lying_by_day_comes_only_from_in_bed_records,
    "Devices are never added up": the_better_of_two_devices_counts,
    "Formats other than those above": an_unknown_format_is_left_alone,
    "Where an export names no time zone": a_local_time_is_read_in_the_zone_of_the_home,
    "One run at a time": a_second_run_says_so_and_stops,
    "Linux and macOS": posix_is_named_in_the_metadata,
}


def test_every_limit_of_the_readme_has_a_check_and_every_check_a_limit() -> None:
    begun = {limit: [begin for begin in CHECKS if limit.startswith(begin)] for limit in LIMITS}

    assert all(len(found) == 1 for found in begun.values()), begun
    assert len(LIMITS) == len(CHECKS)


@pytest.mark.parametrize("begin", CHECKS)
def test_a_limit_is_true_of_the_product(begin: str, tmp_path: Path) -> None:
    CHECKS[begin](tmp_path)
