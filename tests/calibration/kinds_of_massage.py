"""How often the effect of a kind of massage on pain is wrong where pain books massages. By hand, in the checkout:

    python -m tests.calibration.kinds_of_massage /tmp/kinds.jsonl --people 24

Does only the people that the file lacks (half an hour of one core for 24), and prints the table of docs/calibration.md.
People of the study (`study/people.py`), two years; all massages do the same. Half of the massages are of one kind: by
a coin, or those before which it hurt more. `plain` is what the model of kinds says without the pain before massages;
`differs` says how often the kinds, which do the same, are told to differ.
"""

# ruff: noqa: E402  the number of threads is settled when NumPy is loaded
import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")
sys.path.insert(0, str(Path(__file__).parent))  # pain_people.py, real_series.py

import numpy as np

from recovery.answers.metric import seed_of
from recovery.effects.booked_on_pain import rated_before
from recovery.effects.examine import examine
from recovery.effects.subgroups import Whole, subgroups

from .study.people import person

BOOKINGS = ("random", "same morning", "same afternoon", "rising")
EFFECTS, CHOSEN = ("none", "worth"), ("by a coin", "by pain")
SEED = seed_of("pain")


def lines(booking: str, effect: str, number: int) -> Iterator[dict[str, Any]]:
    """A line for each kind of one person, for both ways to choose it; of who has no answer one that says so."""
    made = person(booking, effect, f"kinds/{booking}", number)
    cell = {"booking": booking, "effect": effect, "number": number}
    pain = next((one for one in made.outcomes if one.metric == "pain"), None)
    found = pain and examine(pain.values, pain.is_massage, made.dates, made.pain, seed=SEED, ratings=made.ratings)
    before = pain and rated_before(made.ratings, pain.is_massage, made.dates)
    if pain is None or not found or found.kept is None or found.estimate is None or before is None:
        yield cell
        return
    days = np.flatnonzero(pain.is_massage)
    random = np.random.default_rng(number)
    felt = before.reshape(len(before), -1)[days, 0]
    felt = np.where(np.isfinite(felt), felt, np.nanmedian(felt))
    felt = felt + 0.3 * felt.std() * random.standard_normal(len(days))
    for chosen, is_deep in zip(CHOSEN, (random.random(len(days)) < 0.5, felt > np.median(felt)), strict=True):
        kinds = {"technique": [frozenset(["deep" if deep else "soft"]) for deep in is_deep]}
        ways = [
            subgroups(
                found.kept, made.dates, [int(day) for day in days], kinds,
                seed=SEED, background=found.background, whole=whole,
            )
            for whole in (None, Whole(found.estimate, before))
        ]  # fmt: skip
        for plain, now in zip(*ways, strict=True):
            told = [one.estimate and [one.estimate.ci_low, one.estimate.ci_high] for one in (plain, now)]
            apart = [one.difference and [one.difference.ci_low, one.difference.ci_high] for one in (plain, now)]
            yield {**cell, "chosen": chosen, "truth": pain.truth, "told": told, "apart": apart}


def table(found: list[dict[str, Any]]) -> str:
    """A row for each booking, effect and choice, in percent."""
    head = (
        "booking", "effect", "chosen", "kinds", "holds: plain", "now", "worse: plain", "now",
        "differs: plain", "now", "refused", "width",
    )  # fmt: skip
    rows = [f"| {' | '.join(head)} |", "| --- |" + " --- |" * (len(head) - 1)]
    for booking in BOOKINGS:
        for effect in EFFECTS:
            for chosen in CHOSEN:
                cell = [booking, effect, chosen]
                of = [one for one in found if [one["booking"], one["effect"], one.get("chosen")] == cell]
                of = [one for one in of if one["told"][0]]
                if of:
                    rows.append(f"| {' | '.join(cell)} | {len(of)} | {' | '.join(_row(of))} |")
    return "\n".join(rows)


def _row(of: list[dict[str, Any]]) -> list[str]:
    still = [one for one in of if one["told"][1]]
    shares = []
    for told, way in ((of, 0), (still, 1)):
        ranges = [(*one["told"][way], one["truth"]) for one in told]
        apart = [low > 0 or high < 0 for low, high in (one["apart"][way] for one in told if one["apart"][way])]
        holds, worse = [low <= truth <= high for low, high, truth in ranges], [low > 0 for low, *_ in ranges]
        shares.append([_share(holds), _share(worse), _share(apart)])
    width = f"{np.median([np.ptp(one['told'][1]) / np.ptp(one['told'][0]) for one in still]):.1f}" if still else "-"
    refused = _share([not one["told"][1] for one in of])
    return [*(share for both in zip(*shares, strict=True) for share in both), refused, width]


def _share(hits: list[bool]) -> str:
    if not hits:
        return "-"
    share = float(np.mean(hits))
    return f"{100 * share:.0f} ±{100 * (share * (1 - share) / len(hits)) ** 0.5:.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--people", type=int, default=24, help="of each booking and effect")
    arguments = parser.parse_args()
    found = [json.loads(one) for one in arguments.file.read_text().splitlines()] if arguments.file.exists() else []
    done = {(one["booking"], one["effect"], one["number"]) for one in found}
    with arguments.file.open("a") as out:
        for number in range(arguments.people):
            for booking in BOOKINGS:
                for effect in EFFECTS:
                    if (booking, effect, number) in done:
                        continue
                    for line in lines(booking, effect, number):
                        found.append(line)
                        print(json.dumps(line), file=out, flush=True)
    print(table(found))


if __name__ == "__main__":
    main()
