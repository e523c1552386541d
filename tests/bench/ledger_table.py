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
kilocalories and floors are sums; of all other metrics the records are counted. What the columns mean:
[`ledger`](tables.md#ledger). Made by `python tests/bench/ledger_table.py`.

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
