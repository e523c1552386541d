"""`python -m tests.calibration.study run|table|retell|promises|forget`; see the docstring of the package."""

# ruff: noqa: E402  the number of threads is settled when NumPy is loaded
import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"  # the products are small: more threads only wait for each other
sys.path.insert(0, str(Path(__file__).parents[1]))  # pain_people.py, real_series.py

from . import jumps, real, results, whole_path
from .cells import Cell, cells
from .evidence import asked_about, evidence
from .people import person
from .promises import PROMISED, add_paces, paces
from .results import Line
from .table import fill, measured, retold, sections, study_of
from .ways import as_csv

CHECKOUT = Path(__file__).parents[3]
MEASURED = CHECKOUT / "src" / "recovery" / "report" / "evidence" / "measured.csv"  # what the page Evidence tells
OF_WAYS = MEASURED.with_name("ways.csv")  # the same by how people book


def looks_line(cell: Cell, number: int) -> Line:
    """The evidence of all looks at the main metrics of one person."""
    made = person(cell.booking, cell.effect, cell.name, number, days=cell.days)
    begun, metrics = time.process_time(), []
    for outcome in made.outcomes:
        rows = evidence(made, outcome, asked=asked_about(cell.effect))
        told = {"metric": outcome.metric, "better": outcome.better, "truth": outcome.truth, "rows": rows}
        is_promised = cell.effect == PROMISED  # else nobody asks
        told["paces"] = paces(made, outcome, rows) if is_promised else []
        metrics.append({**told, "deviation": outcome.deviation})
    cpu = round(time.process_time() - begun, 3)
    kind = {"life": made.life, "noise": made.noise, "diary": made.diary}
    return {"number": number, "cpu": cpu, **kind, "metrics": metrics}


def work_of(layer: str) -> list[tuple[Cell, Callable[[Cell, int], Line]]]:
    """The cells of a layer and what is done for a person of each."""
    if layer == "levels":
        return [(cell, jumps.line) for cell in jumps.cells()]
    if layer == "real":
        pain = [(cell, real.pain_line) for cell in real.pain_cells()] if real.diaries() else []
        if real.HOME not in os.environ:
            return pain
        days = [(cell, real.day_line) for cell in real.day_cells()]
        return [*pain, *days, *((cell, real.noise_line) for cell in real.noise_cells())]
    return [(cell, looks_line if layer == "a" else whole_path.line) for cell in cells(layer)]


def run(
    folder: Path,
    work: list[tuple[Cell, Callable[[Cell, int], Line]]],
    minutes: float,
    people: int | None = None,
    committed: Path = results.RESULTS,
) -> int:
    """Adds people, always to the cell that lacks most, until the minutes of this clock are over; how many it added."""
    made_by, (_, listed) = results.code(), results.read_results(committed)
    ahead = results.next_numbers([*listed, *(piece for piece, _ in results.pieces_in(folder))])
    firsts = {cell.name: ahead.get(cell.name, 0) for cell, _ in work}
    done, ends, added = dict(firsts), time.monotonic() + 60 * minutes, 0
    while time.monotonic() < ends:
        open_cells = [(cell, job) for cell, job in work if done[cell.name] < min(cell.people, people or cell.people)]
        if not open_cells:
            break
        cell, job = min(open_cells, key=lambda one: (done[one[0].name] + 1) / one[0].people ** 0.5)
        results.add(folder, made_by, cell.name, firsts[cell.name], job(cell, done[cell.name]))
        done[cell.name] += 1
        added += 1
    return added


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.calibration.study")
    parser.add_argument("--folder", type=Path, default=CHECKOUT / ".calibration", help="of the pieces")
    what = parser.add_subparsers(required=True, dest="what")
    running = what.add_parser("run", help="add people for so many minutes")
    running.add_argument("--minutes", type=float, default=20.0)
    running.add_argument("--layer", choices=("a", "b", "real", "levels"), default="a")
    running.add_argument("--people", type=int, help="of each cell at most, instead of all that are asked for")
    running.add_argument("--only", nargs="+", default=[""], help="cells whose name holds one of these")
    telling = what.add_parser("table", help="write the tables of what is there")
    retelling = what.add_parser("retell", help="the same by changed rules, without those whose pieces are gone")
    for one in (telling, retelling):
        one.add_argument("--page", type=Path, default=CHECKOUT / "docs" / "calibration.md")
        one.add_argument("--print", action="store_true", help="instead of writing anything")
    promising = what.add_parser("promises", help="add to the pieces what promises need, where it is missing")
    promising.add_argument("--minutes", type=float, default=20.0)
    dropping = what.add_parser("forget", help="drop what was found by code that changed since")
    dropping.add_argument("name", help="cells whose name holds this")
    arguments = parser.parse_args()
    if arguments.what == "run":
        asked = work_of(arguments.layer)
        work = [(cell, job) for cell, job in asked if any(name in cell.name for name in arguments.only)]
        added = run(arguments.folder, work, arguments.minutes, arguments.people)
        print(f"{added} people added in {time.process_time():.0f} s of CPU")
        return
    if arguments.what == "promises":
        print(f"{add_paces(arguments.folder, arguments.minutes)} people asked")
        return
    if arguments.what == "forget":
        print(f"{results.forget(arguments.name, arguments.folder)} people dropped")
        return
    study = (retold if arguments.what == "retell" else study_of)(arguments.folder)
    if arguments.print:
        print("\n\n".join(f"{name}\n\n{text}" for name, text in sections(study)))
        return
    results.write_results(study.sums, study.pieces)
    page = fill(arguments.page.read_text(encoding="utf-8"), sections(study))
    arguments.page.write_text(page, encoding="utf-8")
    MEASURED.write_text(measured(page), encoding="utf-8")
    OF_WAYS.write_text(as_csv(study.sums), encoding="utf-8")


if __name__ == "__main__":
    main()
