"""Many mutants of all samples through the whole inbox, by hand: a table of what became of them, and what is wrong.

python tests/fuzz/fuzz_long.py --mutants 20000 [--seed 1] [--first 0] [--only fit_files] [--batch 560]
"""

import argparse
import logging
import sys
import tempfile
import time
import traceback
from collections import Counter, defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import fuzz_inbox
from fuzz_inbox import Case

MEMORY = Path("/dev/shm")  # noqa: S108 - folders in it are made by tempfile
SCRATCH = MEMORY if MEMORY.is_dir() else None  # homes in memory: their disk is not what is tried
COLUMNS = ("loaded", "partial", "rejected", "unrecognised", "duplicate", "ignored", "other")


def judged(batch: list[Case]) -> None:
    """Runs a batch; where the run itself fails, each half, down to the mutant that does it."""
    try:
        with tempfile.TemporaryDirectory(dir=SCRATCH) as folder:
            fuzz_inbox.run(Path(folder) / "home", batch)
    except Exception as error:  # noqa: BLE001 - it is what is looked for
        if len(batch) == 1:
            batch[0].faults.append(f"the run fails: {error!r} {traceback.format_exc()[-1500:]}")
            return
        judged(batch[: len(batch) // 2])
        judged(batch[len(batch) // 2 :])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mutants", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--only", default="")
    parser.add_argument("--batch", type=int, default=560)
    given = parser.parse_args()
    logging.getLogger("recovery").setLevel(logging.CRITICAL)
    chosen = [sample for sample in fuzz_inbox.samples() if given.only in sample.name]
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    start = time.monotonic()
    every = list(fuzz_inbox.cases(given.seed, given.mutants, chosen))[given.first :]
    for first in range(0, len(every), given.batch):
        batch = every[first : first + given.batch]
        judged(batch)
        for case in [case for case in batch if case.faults]:
            together = case.faults
            judged([case])
            case.faults = case.faults or [f"beside others: {fault}" for fault in together]
        for case in batch:
            count = counts[case.sample.name.partition("/")[0]]
            count["mutants"] += 1
            count[case.outcome if case.outcome in COLUMNS else "other"] += 1
            count["faults"] += bool(case.faults)
            for fault in case.faults:
                print(f"{case.number} {case.sample.name} {case.path} [{case.mutant.kind}]: {fault}", flush=True)
        print(f"-- {first + len(batch)} of {len(every)}, {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
    names = ("mutants", *COLUMNS, "faults")
    print("| format | " + " | ".join(names) + " |")
    print("| --- |" + " ---: |" * len(names))
    total: Counter[str] = Counter()
    for name, count in sorted(counts.items()):
        total += count
        print(f"| {name} | " + " | ".join(f"{count[column]:,}" for column in names) + " |")
    print("| all | " + " | ".join(f"{total[column]:,}" for column in names) + " |")


if __name__ == "__main__":
    main()
