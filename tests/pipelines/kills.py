"""Kills real runs at random moments: nothing lost, nothing torn, no process and no temporary file left.

    python tests/pipelines/kills.py [--kills 100] [--seed 1]

In one home run after run is started as a process, `recovery run` and `recovery run --without-prefect` in turn, each
with something new to read, and ended by SIGKILL, SIGTERM or SIGINT (to its whole group, as a terminal does) at a random
moment; every third one while it publishes. After each: how it ended, whether processes live on, whether what is
published can be opened and is wholly that of the inbox before or after. Every tenth time the next run is left alone:
what it publishes must be that of a home where nobody was killed, and all temporary folders must be empty. Prints the
rows of the table in docs/robustness.md.
"""

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))

import nights

from recovery.home import lock
from recovery.home.settings import Settings

SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
WAYS = (("run",), ("run", "--without-prefect"))
LEFT_ALONE_EVERY = 10
ENDS_WITHIN_S = 30.0
ORPHANS_END_WITHIN_S = 10.0


class Kill(NamedTuple):
    """One run that was ended, and what was wrong after it."""

    way: str
    number: int  # of the signal
    moment: str  # 'anywhere', 'publishing'; 'too early', 'too late' where it had not begun or was done
    seconds: float  # until it had ended
    faults: list[str]


def kill(settings: Settings, way: tuple[str, ...], number: int, moment: str, after_s: float) -> Kill:
    """Starts a run, ends it, and looks at what it left."""
    home = settings.home
    outer = home.folder.parent / "outer"
    outer.mkdir(exist_ok=True)
    former, before = when_made(home.private / "publishing"), left_at_once(settings)
    process = subprocess.Popen(
        [sys.executable, "-m", "recovery", *way, "--home", str(home.folder)],
        env=os.environ | {"TMPDIR": str(outer)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    if moment == "publishing":
        while process.poll() is None and when_made(home.private / "publishing") in (0, former):
            time.sleep(0.01)
    until = time.monotonic() + after_s
    while process.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    family = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    has_ended = process.poll() is not None
    begun = time.monotonic()
    if not has_ended:
        if number == signal.SIGINT:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
    try:
        complaint = process.communicate(timeout=ENDS_WITHIN_S)[1]
    except subprocess.TimeoutExpired:
        process.kill()
        return Kill(" ".join(way), number, moment, ENDS_WITHIN_S, ["it did not end"])
    seconds = time.monotonic() - begun
    if process.returncode == -number != -signal.SIGKILL:  # Python was still loading the program
        moment, complaint = "too early", ""
    faults = [f"exit status {process.returncode}"] if process.returncode not in expected(number, has_ended) else []
    faults += [
        f"said {line!r}" for line in complaint.splitlines() if not re.match("recovery: stopped by SIG|warning: ", line)
    ]
    faults += [f"still alive: {orphan.name()}" for orphan in orphans(family, settings)]
    left = left_at_once(settings) if number != signal.SIGKILL else []
    faults += [one for one in left if one not in before]  # a run that had not begun cleans up for no other
    return Kill(" ".join(way), number, "too late" if has_ended else moment, seconds, faults)


def when_made(path: Path) -> int:
    """When a folder was made; 0 where there is none."""
    return path.stat().st_ctime_ns if path.exists() else 0


def expected(number: int, has_ended: bool) -> set[int]:
    """Exit statuses that are right: also 0 where the signal came when all was done."""
    return {0} if has_ended else {-number} if number == signal.SIGKILL else {128 + number, -number, 0}


def orphans(family: list[psutil.Process], settings: Settings) -> list[psutil.Process]:
    """Processes of a run that live on when they have had time to end."""
    _, alive = psutil.wait_procs([*family, *of_home(settings)], timeout=ORPHANS_END_WITHIN_S)
    return [process for process in alive if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]


def of_home(settings: Settings) -> list[psutil.Process]:
    """Processes that know the home from their arguments or environment."""
    found = []
    for process in psutil.process_iter():
        try:
            words = [*process.cmdline(), *process.environ().values()]
        except psutil.Error:
            continue
        if process.pid != os.getpid() and any(str(settings.home.folder) in word for word in words):
            found.append(process)
    return found


def left_at_once(settings: Settings) -> list[str]:
    """What a run that could clean up left all the same."""
    home = settings.home
    left = [*home.temporary.glob("*"), *home.lock.parent.glob("lock.json"), *(home.folder.parent / "outer").iterdir()]
    return [f"left {path.name}" for path in left] + ["holds the lock"] * lock.is_held(home)


def left_at_last(settings: Settings) -> list[str]:
    """What is in a temporary folder after a run that nobody disturbed."""
    home = settings.home
    passing = [home.private / "publishing", home.private / "checks.new", home.private / "checks.old"]
    left = [
        *(path for path in passing if path.exists()),
        *home.temporary.glob("*"),
        *home.staging.glob("*"),
        *home.folder.glob(".*.new"),
        *(home.folder.parent / "outer").iterdir(),
        *home.folder.glob("*.wal"),
        *home.private.glob("*.tmp"),
    ]
    return [f"left {path}" for path in left]


def control(settings: Settings, folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """What is published of the same inbox where nobody is killed."""
    calm = nights.home(folder)
    shutil.rmtree(calm.home.inbox)
    shutil.copytree(settings.home.inbox, calm.home.inbox)
    nights.run_plainly(calm)
    found = nights.published(calm)
    shutil.rmtree(folder)
    return found


def add_a_massage(settings: Settings, number: int) -> None:
    """Something new to read."""
    with (settings.home.inbox / "massages.csv").open("a", encoding="utf-8") as log:
        log.write(f"2025-{5 + number // 28:02}-{1 + number % 28:02},12:00,30,number {number}\n")


def kill_runs(folder: Path, kills: int, seed: int, longest_s: dict[tuple[str, ...], float]) -> list[Kill]:
    """Kills so many runs, one after the other, in one home."""
    lot = random.Random(seed)  # noqa: S311 - moments, not secrets
    settings = nights.home(folder / "home")
    done: list[Kill] = []
    relations: set[str] = set()
    for number in range(kills):
        if number:
            add_a_massage(settings, number)
        way, which = WAYS[number % len(WAYS)], lot.choice(SIGNALS)
        moment = "publishing" if number % 3 == 2 else "anywhere"
        after_s = lot.uniform(0, 0.6 if moment == "publishing" else longest_s[way])
        before = nights.published(settings) if settings.home.published.exists() else {}
        one = kill(settings, way, which, moment, after_s)
        now = {}
        if settings.home.published.exists():
            try:
                now = nights.published(settings)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is what this looks for
                one.faults.append(f"published file: {error}")
        if now != before and len(now.get("massages", ())) < len(before.get("massages", ())):
            one.faults.append("massages were lost")
        if relations and now and set(now) != relations:
            one.faults.append(f"relations missing: {relations - set(now)}")
        done.append(one)
        print(f"{number + 1}: {one}", file=sys.stderr, flush=True)
        if number % LEFT_ALONE_EVERY == LEFT_ALONE_EVERY - 1 or number == kills - 1:
            relations = set(finish(settings, folder, one))
    return done


def finish(settings: Settings, folder: Path, one: Kill) -> dict[str, list[tuple[object, ...]]]:
    """Leaves the next run alone, and compares what it publishes with that of a home where nobody was killed."""
    ended = subprocess.run(
        [sys.executable, "-m", "recovery", *WAYS[1], "--home", str(settings.home.folder)],
        env=os.environ | {"TMPDIR": str(folder / "outer")},
        capture_output=True, text=True,
    )  # fmt: skip
    if ended.returncode:
        one.faults.append(f"the next run: {ended.stderr}")
    found, calm = nights.published(settings), control(settings, folder / "calm")
    one.faults.extend(f"{name} is not that of an undisturbed run" for name in calm if found.get(name) != calm[name])
    one.faults.extend(left_at_last(settings))
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--longest", type=float, nargs=2, default=(25.0, 15.0), help="seconds of a run of each way")
    given = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in the background of a shell, and inherited
    with tempfile.TemporaryDirectory() as folder:
        begun = time.monotonic()
        done = kill_runs(Path(folder), given.kills, given.seed, dict(zip(WAYS, given.longest, strict=True)))
        seconds = time.monotonic() - begun
    for way, number in sorted({(one.way, one.number) for one in done}):
        mine = [one for one in done if (one.way, one.number) == (way, number)]
        moments = Counter(one.moment for one in mine)
        slowest = max(one.seconds for one in mine)
        print(
            f"| `recovery {way}` | {signal.Signals(number).name} | {len(mine)} | {moments['publishing']} |"
            f" {moments['too late']} | {slowest:.1f} | {sum(bool(one.faults) for one in mine)} |"
        )
    print(f"{given.kills} kills in {seconds:.0f} s")
    faults = [f"{one.way} {one.number} {one.moment}: {fault}" for one in done for fault in one.faults]
    print(*faults, sep="\n", file=sys.stderr)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
