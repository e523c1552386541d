"""What an edit of a home costs: of its settings, of its people, and one new day; two commits in turn on one machine.

    python tests/bench/bench_edits.py FOLDER [--against CHECKOUT] [--people 10] [--days 365] [--rounds 1]

FOLDER gets the inbox of as many invented people (as `bench_new_day` writes it), and for each commit a home of its own
with it, since no commit opens what a later one made. After the first run one thing at a time is edited, and `recovery
run` is run whole, Prefect's server with it. CPU is that of the process tree, the least of all rounds, each of which
edits something else of the same kind; memory is the largest sum of proportional set sizes seen. "Days built" are the
days of people whose minutes were built, those around a change with them. CHECKOUT is a folder with another commit
(`git worktree add CHECKOUT COMMIT`), run with the same Python and packages.
"""

import argparse
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import bench_new_day
from bench_main_job import cost_of
from bench_steps import TOP, commit

from recovery.actions.demo.life import LAST

FIRST_RUN = "first run"
# The command, with the days of each window that it builds written down; no slower to start than the command itself.
COUNTED = """
import gc, sys
gc.disable()
from recovery.warehouse import layers
gc.enable()
count_file, build_window = sys.argv.pop(1), layers.build_window

def counted(connection, window):
    with open(count_file, "a") as stream:
        print(len(window.subjects) * ((window.last - window.first).days + 1), file=stream)
    build_window(connection, window)

layers.build_window = counted
from recovery.__main__ import main
main()
"""


class Run(NamedTuple):
    """What a run needed, and how many days of people it built."""

    cpu_s: float
    peak_mb: float
    built_days: int


class Place:
    """The home of one commit, and what was edited in its recovery.toml."""

    def __init__(self, checkout: Path, home: Path, people: int, days: int) -> None:
        self.checkout, self.home, self.people, self.days = checkout, home, people, days
        self.settings = home / "recovery.toml"
        self.written = self.settings.read_text()
        self.tables: dict[str, str] = {}
        self.more: list[str] = []

    def edit(self, *more: str, **tables: str) -> None:
        """Adds parts to recovery.toml, and puts tables in the place of former ones of their names."""
        self.more += more
        self.tables |= tables
        named = [f"[{name}]\n{lines}\n" for name, lines in self.tables.items()]
        self.settings.write_text("\n".join([self.written, *self.more, *named]))

    def run(self) -> Run:
        """Runs the job of this commit."""
        count_file = self.home.parent / "built"
        count_file.write_text("")
        cost = cost_of(
            [
                "env", f"PYTHONPATH={self.checkout / 'src'}", sys.executable, "-c", COUNTED, str(count_file),
                "--home", str(self.home), "run",
            ]
        )  # fmt: skip
        return Run(cost.cpu_s, cost.peak_mb, sum(map(int, count_file.read_text().split())))


def nothing_new(place: Place, number: int) -> None:
    """Leaves all as it is."""


def new_day(place: Place, number: int) -> None:
    """Gives the first person a day more: of the watch, its night, and lines of the diary and of the massage log."""
    bench_new_day.next_day(place.home)


def excluded_day(place: Place, number: int) -> None:
    """Excludes a day of the first person."""
    day = LAST - timedelta(days=100 + number)
    place.edit(f'[[exclusions]]\nfrom = {day}\nto = {day}\nreason = "headache"\nperson = "P001"\n')


def validity(place: Place, number: int) -> None:
    """Asks for more minutes worn of a valid day, of everybody."""
    place.edit(validity=f"min_worn_waking_min = {610 + 10 * number}")


def goals(place: Place, number: int) -> None:
    """Asks for another change of pain, of everybody."""
    place.edit(goals=f"pain = {1.5 + number / 10}")


def journey(place: Place, number: int) -> None:
    """Sends the first person to another time zone for a week."""
    first = LAST - timedelta(days=place.days // 2 + 20 * number)  # among the days that are there
    last = first + timedelta(days=6)
    place.edit(f'[[travel]]\nfrom = {first}\nto = {last}\nzone = "America/New_York"\nperson = "P001"\n')


def new_person(place: Place, number: int) -> None:
    """Adds a person with as many days as the others."""
    one = bench_new_day.staying(place.people + 1 + number, place.days)
    for name, content in bench_new_day.exports(one, place.home.parent).items():
        bench_new_day.put(place.home / "inbox" / one.name / name, content)
    place.edit(f"[people.{one.name}]\n")


EDITS: Mapping[str, Callable[[Place, int], None]] = {
    "nothing new": nothing_new,
    "one new day of one person": new_day,
    "one more excluded day": excluded_day,
    "[validity]": validity,
    "[goals]": goals,
    "a journey of one person": journey,
    "one new person": new_person,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--against", type=Path, help="a checkout of another commit, measured in turn with this one")
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", nargs="*", choices=list(EDITS), default=list(EDITS))
    given = parser.parse_args()
    checkouts = [TOP] if given.against is None else [given.against.absolute(), TOP]
    written = given.folder / "written"
    if not written.is_dir():
        bench_new_day.write(written / "home", given.people, given.days)
    found: dict[str, dict[str, Run]] = {}
    places = {}
    for checkout in checkouts:
        name = commit(checkout)
        shutil.copytree(written, given.folder / name)
        places[name] = Place(checkout, given.folder / name / "home", given.people, given.days)
    for edit in [FIRST_RUN, *given.only]:
        rounds = []
        for number in range(1 if edit == FIRST_RUN else given.rounds):
            rounds.append({})
            for name, place in places.items():
                if edit != FIRST_RUN:
                    EDITS[edit](place, number)
                rounds[-1][name] = place.run()
        found[edit] = {name: min(one[name] for one in rounds) for name in places}
        print(edit, rounds, file=sys.stderr, flush=True)  # it takes long
    print(table(found, list(places)))


def table(found: Mapping[str, Mapping[str, Run]], names: Sequence[str]) -> str:
    """The runs as a table of docs/benchmarks.md, the older commit first."""
    columns = [f"{what} {name}" for what in ("CPU s", "days built", "peak MB") for name in names]
    lines = [f"| then | {' | '.join(columns)} |", "| --- |" + " --- |" * len(columns)]
    for edit, runs in found.items():
        cells = [f"{runs[name].cpu_s:.1f}" for name in names]
        cells += [f"{runs[name].built_days:,}" for name in names]
        cells += [f"{runs[name].peak_mb:.0f}" for name in names]
        lines.append(f"| {edit} | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
