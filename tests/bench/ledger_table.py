"""Writes docs/ledger.md: of the real exports, vendor by vendor, where every number that was reported is.

    python tests/bench/ledger_table.py [--garmin-home HOME]

The real exports lie in `../shared/data/real` beside the checkout; a vendor that is not there is skipped, and said so.
HOME is a home that has read the four Garmin years already, which take minutes. Exits with 1 where a number is
unaccounted for.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).parents[1]))

import homes
from places import REAL, ROOT

from recovery import warehouse

VENDORS: Mapping[str, Sequence[str]] = {
    "Garmin, four years": ("fit/CHI-Garmin",),
    "Garmin Connect API": ("garmin_connect_api",),
    "Fitbit": ("fitbit/miriskalt__DSExample/data/Takeout",),
    "Oura": ("oura",),
    "WHOOP": ("whoop",),
    "Samsung Health": ("samsung_health",),
    "Withings": ("withings",),
    "Google Fit": ("google_fit",),
    "Apple Health": ("apple_health",),
    "Gadgetbridge": ("gadgetbridge",),
    "Samsung, Google Fit and Withings as one person": ("samsung_health", "google_fit", "withings"),
}
AMOUNTS = ("reported", "counted", "counted_by_other", "same", "cut", "rejected", "outside", "unaccounted")
SUMS = f"""
select metric, {", ".join(f"sum({amount})" for amount in AMOUNTS)}, count_if(unaccounted <> 0)
from massage.ledger group by metric having sum(reported) > 0 order by metric
"""
HEAD = """\
# Where every number is

*What `ledger` says of the real exports: of each vendor and metric what was reported, and where it is.* Steps, metres,
kilocalories, floors and minutes are sums; of all other metrics the records are counted. What the columns mean:
[`ledger`](tables.md#ledger). Made by `python tests/bench/ledger_table.py`.

Minutes of sleep (`asleep_min`, `nap_min`, of these `light_min`, `deep_min`, `rem_min`; `awake_min`, `lying_min`,
`unknown_min`) are reported by stages, by the total of a session and by values of dates, each for itself: one counts,
the others are `same`; `in_bed_min` and `latency_min` too. `moving_min`, `moderate_min` and `vigorous_min` are the time
that devices measure, `rejected` where the hour is told in records too long to know the minute; `activity_min` is
recorded activities, `is_worn` reports of wear. What no metric is made of is `rejected`, as `reason` says:
`sedentary_min` and other grades of a vendor's own, `after_wake_min`, and what a source tells of an activity as a whole
(`activity_steps`, `activity_distance_m`, `activity_energy_kcal`).

What a reader leaves out although it is a number is here too, with its sum: told twice in one file (`same`), of a value
or length that cannot be, of a night that the vendor did not confirm, by the hour where minutes are needed (`rejected`),
of a time that cannot be (`outside`). No loss is what a format itself writes for "no value": 0 of a heart rate, of a
reading or of a date on which the device was not worn, 255 and -1 of a sensor that found nothing, Garmin's negative
stress, an empty cell. Nor is energy that includes the body at rest, which no metric takes. Of a row that cannot be read
the number is not known: it stands in [`rejected`](tables.md#rejected) alone.

That `reported` is what the files say is held by `tests/warehouse/test_reported_of_files.py`, which counts samples of
14 formats without any code of ours.

| vendor | metric | reported | counted | by another source | same | cut | rejected | outside | unaccounted |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--garmin-home", type=Path)
    garmin_home = parser.parse_args().garmin_home
    lines, missing, wrong = [], [], 0
    for vendor, folders in VENDORS.items():
        if not all((REAL / folder).exists() for folder in folders):
            missing.append(vendor)
            continue
        is_read = garmin_home and vendor.startswith("Garmin, ")
        for metric, *amounts, days in _of_home(garmin_home) if is_read else _of_exports(folders):
            lines.append(f"| {vendor} | `{metric}` | {' | '.join(f'{amount:,.0f}' for amount in amounts)} |")
            wrong += days
        print(vendor)
    (ROOT / "docs" / "ledger.md").write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"skipped, as they are not there: {', '.join(missing) or 'none'}; rows unaccounted for: {wrong}")
    sys.exit(1 if wrong else 0)


def _of_home(folder: Path) -> list[tuple]:
    with duckdb.connect(str(folder / ".recovery" / "work.duckdb"), read_only=True) as connection:
        return connection.execute(SUMS).fetchall()


def _of_exports(folders: Sequence[str]) -> Iterator[tuple]:
    with tempfile.TemporaryDirectory() as scratch:
        home = homes.make(Path(scratch) / "home", on_disk=True)
        warehouse.load_settings_tables(home.connection, home.settings)
        for folder in folders:
            shutil.copytree(REAL / folder, home.home.inbox / folder.replace("/", "_"))
        home.run()
        warehouse.build(home.connection)
        yield from home.rows(SUMS)
        home.close()


if __name__ == "__main__":
    main()
