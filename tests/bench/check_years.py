"""All of the four Garmin years against fitparse, by hand: python tests/bench/check_years.py FOLDER_OF_ZIPS

Loads the zips into a scratch home, and says of how many days the published steps equal the sums that fitparse gives
alone, whether the minutes sum to the days, and how long the days are.
"""

import shutil
import sys
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import fitparse_steps
import homes

from recovery import warehouse


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        home = homes.make(Path(scratch) / "home", 'home_time_zone = "Europe/Copenhagen"\n', on_disk=True)
        warehouse.load_settings_tables(home.connection, home.settings)
        for path in sorted(folder.glob("garmin_*.zip")):
            shutil.copy(path, home.home.inbox)
        home.run()
        warehouse.build(home.connection)
        statuses = Counter(status for path, status in home.statuses().items() if path.endswith(".fit"))
        daily = dict(home.rows("select local_date, cast(steps as bigint) from pub.daily where steps is not null"))
        sums = dict(
            home.rows("select local_date, sum(steps) from pub.timeline group by all having sum(steps) is not null")
        )
        lengths = Counter(length for (length,) in home.rows("select count(*) from pub.timeline group by local_date"))
        home.close()

    seen = set()
    for path in sorted(folder.glob("garmin_*.zip")):
        with zipfile.ZipFile(path) as archive:
            for content in fitparse_steps.files(archive):
                seen.update(fitparse_steps.readings(content))
    told = fitparse_steps.daily_steps(seen)
    devices = Counter(day for _, day in told)
    wrong = {
        day: (steps, daily.get(day))
        for (_, day), steps in told.items()
        if devices[day] == 1 and daily.get(day) != steps
    }
    print(f"FIT files: {dict(statuses)}")
    print(f"days of one device: {sum(count == 1 for count in devices.values())}, unlike fitparse: {len(wrong)} {wrong}")
    for day in sorted(day for day, count in devices.items() if count > 1):
        each = {source: steps for (source, of), steps in told.items() if of == day}
        print(f"several devices on {day}: {each}, published {daily.get(day)}")
    print(f"days whose minutes do not sum to them: {sum(daily[day] != sums.get(day) for day in daily)} of {len(daily)}")
    print(f"minutes of a day: {dict(sorted(lengths.items()))}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
