"""How often looking again and again is wrong, on simulated people without any effect. Run by hand:

    python tests/calibration/looks.py --people 100 --minutes 15

Each person books one of three ways for 104 weeks and has three primaries that share massages, pain and half of their
variance; every look of every primary is computed, and what is said follows `recovery.effects.looks`. Prints for each
booking how many people were ever told a finding of any primary, how often a change just worth having was ruled out
where there was one, and what a look costs.
"""

# ruff: noqa: E402  the number of threads is settled when NumPy is loaded
import argparse
import os
import time

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

import numpy as np
from simulator import Simulated, simulated_metrics

from recovery.effects.boundaries import FAMILY, Family, finding_boundary
from recovery.effects.design import lagged
from recovery.effects.look_series import Booked, Diary, LookSeries
from recovery.effects.looks import Event, Look, Said, Standing, after_look
from recovery.effects.prepare import Measured

DAYS, WORTH = 728, 0.3  # a change worth having, in day-to-day standard deviations
BOOKINGS = {"random": 80, "weekday": 104, "course": 60, "flare": 80}  # massages in two years
FOUND = (Event.FOUND, Event.FOUND_AGAIN)


def told(person: Simulated, level: float, exclusion: float, *, worth: float = WORTH) -> tuple[list[Said], int]:
    """What is said at each look of one primary; and how many looks had no estimate."""
    series = LookSeries(Measured(person.values), Booked(person.is_massage, person.dates), Diary(person.pain), seed=1)
    said, refused = [Said()], 0
    for look in series.looks:
        evidence = series.at(look, "up", lambda _: worth)
        if evidence.estimate is None:
            refused += 1
            continue
        boundary = finding_boundary(level, look.massages)
        now = Look(evidence.estimate, "up", worth, boundary, exclusion, not evidence.failed, evidence.may_exclude)
        said.append(after_look(said[-1], now))
    return said[1:], refused


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=100, help="of each booking")
    parser.add_argument("--minutes", type=float, default=15.0, help="of CPU, after which no further person is begun")
    parser.add_argument("--bookings", default="random,weekday")
    parser.add_argument("--effect", type=float, default=0.0, help="in the mean of days +1 to +3, of every primary")
    parser.add_argument("--primaries", type=int, default=3)
    arguments = parser.parse_args()
    metrics = tuple(f"metric {number}" for number in range(arguments.primaries))
    family = Family(metrics, main=metrics[0])
    exclusion = family.exclusion_boundary(metrics[0])
    begun, looks = time.process_time(), 0
    bookings = arguments.bookings.split(",")
    found, ruled_out, withdrawn, findings = ({booking: [] for booking in bookings} for _ in range(4))
    for number in range(arguments.people):
        for booking in bookings:
            if time.process_time() - begun > 60 * arguments.minutes:
                break
            people = simulated_metrics(booking, DAYS, BOOKINGS[booking], arguments.primaries, 90_000_000 + number)
            ever_found = ever_ruled_out = False
            for metric, person in zip(metrics, people, strict=True):
                lift = arguments.effect * sum(lagged(person.is_massage, lag) for lag in (1, 2, 3))
                changed = Simulated(person.dates, person.values + lift, person.is_massage, person.pain)
                said, refused = told(changed, family.level(metric), exclusion)
                looks += len(said) + refused
                ever_found |= any(one.event in FOUND for one in said)
                ever_ruled_out |= any(one.standing is Standing.EXCLUDED for one in said)
                findings[booking].append(sum(one.event in FOUND for one in said))
                withdrawn[booking].append(sum("withdrawn" in one.event for one in said))
            print(f"{booking} {number}: found {ever_found}, ruled out {ever_ruled_out}", flush=True)
            found[booking].append(ever_found)
            ruled_out[booking].append(ever_ruled_out)
    for booking in bookings:
        count = len(found[booking])
        for name, shares in (("ever a finding", found[booking]), ("ever ruled out", ruled_out[booking])):
            share = float(np.mean(shares))
            # the error of a share of none or few is that of half a person more
            error = np.sqrt((share * count + 0.5) * (count - share * count + 0.5) / (count + 1) ** 3)
            print(f"{booking}: {name} {100 * share:.1f}% +- {100 * error:.1f} of {count} people")
        print(f"{booking}: {sum(findings[booking])} findings, {sum(withdrawn[booking])} withdrawn")
    cpu = time.process_time() - begun
    print(f"effect {arguments.effect}, level {FAMILY}: {looks} looks, {1000 * cpu / max(looks, 1):.1f} ms of CPU each")


if __name__ == "__main__":
    main()
