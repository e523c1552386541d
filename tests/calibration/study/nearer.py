"""What a nearer boundary of a finding would give and cost, of the number that goes first.

Each person's evidence is spoken anew at each boundary of `BOUNDARIES`; nothing is simulated for it. Looks are computed
where z lies near the boundaries of today (evidence.py), so far from them a few crossings are missed.
"""

from collections.abc import Iterator, Sequence

from recovery.effects.boundaries import Family
from recovery.effects.look_family import Primary, look_of
from recovery.effects.looks import Event, Said, Standing, after_look

BOUNDARIES = (2.0, 2.2, 2.4, 2.671)  # the last is that of today, of a number named in advance
FOUND = (Event.FOUND, Event.FOUND_AGAIN)


def of_boundaries(
    main: Primary, names: Sequence[str], days: Sequence[int], weeks: Sequence[int]
) -> Iterator[tuple[str, str, float]]:
    """By boundary whether it is ever found, found within some weeks, and taken back where it was found.

    `days` are those of the looks, counted from the first day of the record; `names` all main numbers of the person.
    """
    exclusion = Family(tuple(names)).boundaries(main.metric)[0]
    for boundary in BOUNDARIES:
        of, so_far, after_first = f"z {boundary:g}", Said(), []
        found_on = []
        for found, day in zip(main.found, days, strict=True):
            look = look_of(found.evidence, main.metric, main.better, boundary, exclusion)
            if look is None:
                continue
            so_far = after_look(so_far, look)
            if so_far.event in FOUND:
                found_on.append(day)
            if found_on:
                after_first.append(so_far.standing)
        yield "main ever found at", of, float(bool(found_on))
        for count in weeks:
            yield f"main found at, {count} weeks", of, float(any(day < 7 * count for day in found_on))
        if found_on:
            yield "main taken back at", of, float(any(one is not Standing.BETTER for one in after_first))
