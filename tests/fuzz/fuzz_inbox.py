"""Many damaged files in one home: those of one sample below one person, beside an untouched copy of the sample.

`run` brings them from the inbox to the raw tables and gives each mutant's receipts, what was read of it and what is
wrong with that. What is asked of every mutant stands in `faults`.
"""

import gzip
import random
import resource
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import fuzz_inside
import homes
import psutil
from fuzz_mutations import DAMAGES, EXTENSIONS, Damage, Mutant, zipped
from places import SAMPLES

from recovery.formats.records import SCHEMAS

MAX_PROCESS_BYTES = 1 << 30
# The copies of an export: the smaller path is the original of what both hold.
UNTOUCHED, DAMAGED, WITHOUT_DAMAGED_LINES = "a", "b", "c"
# A file of these says itself where it ends, so that a missing end can always be told.
TELLS_ITS_END = (".fit", ".json", ".xml", ".gpx", ".tcx", ".ics", ".xlsx")
# Of these any missing byte can be told: they carry a checksum.
TELLS_ANY_LOSS = (".fit", ".xlsx")
# Of these the lines that were not touched are read as if the others had never been there, or the receipt says more.
LINES = (".csv", ".tsv", ".txt")


@dataclass(frozen=True)
class Sample:
    """A piece of an inbox; `settings` is what recovery.toml says of it."""

    name: str
    files: Mapping[str, bytes]
    settings: str = ""


@dataclass
class Case:
    """One mutant: file `path` of a sample was damaged."""

    number: int
    sample: Sample
    path: str
    mutant: Mutant
    statuses: list[tuple[str, str, int, str]] = field(
        default_factory=list
    )  # of the mutant: path, status, rows, message
    faults: list[str] = field(default_factory=list)
    person: str = ""

    @property
    def folder(self) -> str:
        return f"{self.person}/{DAMAGED}{self.number}"

    @property
    def intact_lines(self) -> bytes | None:
        """The lines of the file before and behind the damage; None where it has no lines, or bytes are not missing."""
        if self.mutant.kind not in ("cut", "deleted") or not self.path.lower().endswith(LINES):
            return None
        old, new = (
            content.splitlines(keepends=True) for content in (self.sample.files[self.path], self.mutant.content)
        )
        first = _common(old, new)
        last = _common(old[first:][::-1], new[first:][::-1])
        return b"".join(old[:first] + old[len(old) - last :])

    @property
    def new_path(self) -> str:
        return "/".join((*self.path.split("/")[:-1], self.mutant.name))

    @property
    def outcome(self) -> str:
        """The status of the file, or of the only member of its archive."""
        return self.statuses[-1][1] if self.statuses else "none"


def _common(some: Sequence[bytes], others: Sequence[bytes]) -> int:
    """How many lines at the start are the same."""
    pairs = enumerate(zip(some, others, strict=False))
    return next((place for place, (one, other) in pairs if one != other), min(len(some), len(others)))


def samples() -> list[Sample]:
    """All samples of the readers."""
    found = []
    for folder in sorted(path for path in SAMPLES.glob("*/*") if path.is_dir()):
        files = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        toml = folder.with_name(f"{folder.name}.toml")
        found.append(Sample(f"{folder.parent.name}/{folder.name}", files, toml.read_text() if toml.is_file() else ""))
    return found


def cases(seed: int, count: int, chosen: Sequence[Sample]) -> Iterator[Case]:
    """So many mutants, the samples in turn; mutant `number` of a seed is always the same."""
    for number in range(count):
        rng = random.Random(f"{seed} {number}")  # noqa: S311 - no secret
        sample = chosen[number % len(chosen)]
        path = rng.choice([path for path, content in sample.files.items() if content])
        yield Case(number, sample, path, mutant(rng, path.rpartition("/")[2], sample.files[path]))


def mutant(rng: random.Random, name: str, data: bytes) -> Mutant:
    """A file of a sample, damaged in its own name or in an archive."""
    way = rng.random()
    if way < 0.04:
        stem = name.rpartition(".")[0] or name
        return Mutant("other extension", stem + rng.choice(EXTENSIONS), data)
    if way < 0.07:
        packed = zipped(rng, name, data)
        return Mutant(
            "damaged zip", f"{name}.zip", _one_of(rng, "flipped", "cut", "deleted", "overwritten")(rng, packed)
        )
    if way < 0.09:
        packed = gzip.compress(data, mtime=0)
        return Mutant("damaged gz", f"{name}.gz", _one_of(rng, "flipped", "cut", "deleted")(rng, packed))
    inside = fuzz_inside.damage_of(data)
    if inside is not None and way < 0.5:
        return Mutant("inside", name, inside(rng, data))
    kind = rng.choice(list(DAMAGES))
    damaged = DAMAGES[kind](rng, data)
    if damaged and rng.random() < 0.2:
        return Mutant("damaged twice", name, _one_of(rng, *DAMAGES)(rng, damaged))
    if rng.random() < 0.05:
        return Mutant(f"{kind}, zipped", f"{name}.zip", zipped(rng, name, damaged))
    return Mutant(kind, name, damaged)


def _one_of(rng: random.Random, *names: str) -> Damage:
    return DAMAGES[rng.choice(names)]


def run(folder: Path, batch: Sequence[Case]) -> None:
    """Drops, runs and judges mutants; their `statuses` and `faults` are filled in."""
    by_sample = {name: f"p{number}" for number, name in enumerate(sorted({case.sample.name for case in batch}))}
    for case in batch:
        case.person, case.statuses, case.faults = by_sample[case.sample.name], [], []
    peaks_before, own_before = _peaks(), psutil.Process().memory_info().rss  # other tests may have grown the process
    home = homes.make(folder, _settings(batch), is_forked=True)
    try:
        for case in batch:
            _drop(home, case)
        home.run()
        summed = _sums(home)
        receipts: dict[str, list[Receipt]] = defaultdict(list)
        for path, status, rows, message in home.rows("select path, status, rows, message from raw.files order by path"):
            receipts[str(path).split("!/")[0]].append((str(path), str(status), int(str(rows or 0)), str(message)))
        expected = _untouched(folder.with_name(f"{folder.name}-untouched"), batch)
        for case in batch:
            case.statuses = receipts[f"{case.folder}/{case.new_path}"]
            case.faults += _faults(home, case, receipts, summed, expected[case.sample.name])
        if not home.look().is_quiet:
            batch[0].faults.append("a second look finds something new")
    finally:
        home.close()
    for peak, peak_before, had in zip(_peaks(), peaks_before, (own_before, 0), strict=True):
        if peak > peak_before and peak - had > MAX_PROCESS_BYTES:
            batch[0].faults.append(f"a process grew by {(peak - had) >> 20} MB")


def _peaks() -> tuple[int, int]:
    """The most bytes of memory that this process, and any that ended, ever had."""
    own, ended = (resource.getrusage(who).ru_maxrss << 10 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own, ended


def _settings(batch: Sequence[Case]) -> str:
    people = "".join(f"[people.{person}]\n" for person in sorted({case.person for case in batch}))
    tables = {case.sample.name: case.sample.settings for case in batch if case.sample.settings}
    assert all(set(tomllib.loads(text)) <= {"home_time_zone", "tables"} for text in tables.values())
    lines = [line for text in tables.values() for line in text.splitlines() if not line.startswith("home_time_zone")]
    return 'home_time_zone = "Europe/Berlin"\n' + people + "\n".join(lines) + "\n"


def _drop(home: homes.HomeAtWork, case: Case) -> None:
    for path, content in case.sample.files.items():
        if not (home.home.inbox / case.person / UNTOUCHED / path).exists():
            home.drop(f"{case.person}/{UNTOUCHED}/{path}", content)
        if path != case.path:
            home.drop(f"{case.folder}/{path}", content)
    home.drop(f"{case.folder}/{case.new_path}", case.mutant.content)
    if case.intact_lines:
        home.drop(_intact_path(case), case.intact_lines)


def _intact_path(case: Case) -> str:
    return f"{case.person}/{WITHOUT_DAMAGED_LINES}{case.number}/{case.path}"


Receipt = tuple[str, str, int, str]  # path, status, rows, message
Sums = dict[tuple[str, int], dict[str, tuple[int, int]]]  # (person, content): records and their sum by table


def _sums(home: homes.HomeAtWork) -> Sums:
    found: Sums = {}
    for table in SCHEMAS:
        others = "subject, delivery, exported_utc" + (", path" if table in ("massages", "diary") else "")
        rows = home.rows(
            "select subject, delivery, count(*), sum(hash(rest))::hugeint from"
            f" (select subject, delivery, struct_pack(*columns(* exclude ({others}))) as rest from raw.{table})"
            " group by all"
        )
        for subject, delivery, count, total in rows:
            found.setdefault((str(subject), int(str(delivery))), {})[table] = (int(str(count)), int(str(total)))
    return found


_known: dict[str, tuple[Sums, dict[str, int]]] = {}  # by sample: what it gives untouched, and the content of each file


def _untouched(folder: Path, batch: Sequence[Case]) -> dict[str, tuple[Sums, dict[str, int]]]:
    """What the samples give where nothing of them is damaged; the copies are there as in the other home."""
    missing = {case.sample.name: case.sample for case in batch if case.sample.name not in _known}
    if missing:
        twins = [
            Case(
                number,
                sample,
                path := next(iter(sample.files)),
                Mutant("none", path.rpartition("/")[2], sample.files[path]),
                person=f"p{number}",
            )
            for number, sample in enumerate(missing.values())
        ]
        home = homes.make(folder, _settings(twins), is_forked=True)
        for case in twins:
            _drop(home, case)
        home.run()
        summed = _sums(home)
        for case in twins:
            of_case = {key: tables for key, tables in summed.items() if key[0] == case.person}
            deliveries = {
                str(path).removeprefix(f"{case.person}/{UNTOUCHED}/"): int(str(sha256)[:16], 16)
                for path, sha256 in home.rows(
                    "select path, sha256 from raw.files where starts_with(path, '" + f"{case.person}/{UNTOUCHED}/')"
                )
            }
            _known[case.sample.name] = (of_case, deliveries)
        home.close()
    return {case.sample.name: _known[case.sample.name] for case in batch}


def _faults(
    home: homes.HomeAtWork,
    case: Case,
    receipts: Mapping[str, list[Receipt]],
    summed: Sums,
    expected: tuple[Sums, dict[str, int]],
) -> Iterator[str]:
    whole, deliveries = expected
    of_whole = {delivery: tables for (_, delivery), tables in whole.items()}
    of_case = {delivery: tables for (person, delivery), tables in summed.items() if person == case.person}
    if not case.statuses:
        yield "no receipt"
    for path, status, rows, message in case.statuses:
        if "our fault" in message or "was left out" in message or "nothing came for" in message:
            yield f"{path}: {message}"
        if status in ("loaded", "partial") and not rows and not path.endswith((".zip", ".gz")):
            yield f"{path} is {status} and nothing was read: {message}"
    changed = [delivery for delivery in of_whole if of_case.get(delivery) != of_whole[delivery]]
    if changed:
        yield f"the untouched copy gives other records: {[path for path, one in deliveries.items() if one in changed]}"
    intact = receipts[_intact_path(case)]
    is_read = intact and case.outcome == "loaded" and intact[0][1] in ("loaded", "partial")
    if is_read and case.statuses[-1][2] < intact[0][2]:
        yield f"loaded with {case.statuses[-1][2]} records, the lines that were not touched give {intact[0][2]}"
    loss = is_loss_told(case)
    before = of_whole.get(deliveries[case.path], {})
    if loss and case.outcome == "loaded":
        yield from _less(home, case, before)


def is_loss_told(case: Case) -> bool:
    """True if bytes are missing of a file that can tell."""
    kind = case.mutant.kind.partition(",")[0]
    if case.mutant.content.strip() == case.sample.files[case.path].strip():
        return False
    name = case.path.lower()
    if kind == "cut":
        return name.endswith(TELLS_ITS_END)
    return kind == "deleted" and name.endswith(TELLS_ANY_LOSS)


def _less(home: homes.HomeAtWork, case: Case, before: Mapping[str, tuple[int, int]]) -> Iterator[str]:
    ((sha256,),) = home.rows(f"select sha256 from raw.files where path = '{case.statuses[-1][0]}'")
    delivery = int(str(sha256)[:16], 16)
    after = {}
    for table in SCHEMAS:
        ((count,),) = home.rows(
            f"select count(*) from raw.{table} where subject = '{case.person}' and delivery = {delivery}"
        )
        after[table] = int(str(count))
    lost = {table: (count, after[table]) for table, (count, _) in before.items() if after[table] < count}
    if lost:
        yield f"cut, and loaded with fewer records: {lost}"
