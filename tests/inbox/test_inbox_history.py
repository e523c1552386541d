"""Whatever order, repetition, change, removal or stop: the raw tables say what was delivered, and each thing once."""

import random
from pathlib import Path

import homes
import pytest

from recovery.loading import load, stage

DEVICE = [f"TINY\n2024-01-{day:02d}T10:00:00 {day}\n" for day in range(1, 5)]
LOGS = [f"date,start,minutes,note\n2024-01-{day:02d},10:00,60,log{day}\n" for day in range(1, 4)]
OTHER = ["odd text", ""]
PATHS = ["a.csv", "b/x.csv", "c.csv", "client1/a.csv", "z.zip", "m.zip", "client1/q.zip"]

Contents = dict[str, str]


def change(home: homes.HomeAtWork, chance: random.Random, state: dict[str, Contents]) -> None:
    """Drops, replaces or removes one file."""
    path = chance.choice(PATHS)
    if chance.random() < 0.25:
        (home.home.inbox / path).unlink(missing_ok=True)
        state.pop(path, None)
    elif path.endswith(".zip"):
        names = chance.sample(["1.csv", "2.csv", "d/3.csv"], chance.randint(1, 3))
        members = {name: chance.choice(DEVICE + LOGS + LOGS + OTHER) for name in names}
        home.drop(path, homes.zipped(dict(members)))
        state[path] = {f"{path}!/{name}": content for name, content in members.items()}
    else:
        content = chance.choice(DEVICE + LOGS + LOGS + OTHER)
        home.drop(path, content)
        state[path] = {path: content}


def stopped_run(home: homes.HomeAtWork, chance: random.Random) -> None:
    """A run that is killed after some of its packs."""
    look = home.look()
    found = stage.packs(home.settings, look)
    for pack in found[: chance.randint(0, len(found))]:
        load.load(home.connection, home.settings, pack, stage.stage(home.settings, look, pack))
    look.close()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_the_raw_tables_follow_from_what_was_delivered(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    state: dict[str, Contents] = {}
    ever: set[tuple[str, float]] = set()
    with homes.knowing_tiny(tmp_path, "[people.client1]\n", is_forked=seed == 0) as home:
        for _ in range(6):
            for _ in range(chance.randint(1, 3)):
                change(home, chance, state)
            if chance.random() < 0.4:
                stopped_run(home, chance)
            home.run()
            here = {path: content for contents in state.values() for path, content in contents.items()}

            assert home.look().is_quiet
            ever |= {
                (home.settings.subject_of(path), float(content.split()[-1]))
                for path, content in here.items()
                if content.startswith("TINY")
            }
            assert sorted(home.rows("select subject, value from raw.samples")) == sorted(ever)
            assert sorted(home.rows("select subject, note, path from raw.massages")) == logs(home, here)
            check_receipts(home, here)


def logs(home: homes.HomeAtWork, here: Contents) -> list[tuple[str, str, str]]:
    """Each massage once, at the smallest path that tells it now."""
    told: dict[tuple[str, str], list[str]] = {}
    for path, content in here.items():
        if content.startswith("date"):
            told.setdefault((home.settings.subject_of(path), content.strip().rpartition(",")[2]), []).append(path)
    return sorted((subject, note, min(paths)) for (subject, note), paths in told.items())


def check_receipts(home: homes.HomeAtWork, here: Contents) -> None:
    statuses = home.statuses()
    for path, content in here.items():
        expected = {"": {"rejected"}, "odd text": {"unrecognised"}}.get(content, {"loaded", "duplicate"})
        assert statuses[path] in expected
    members = "from raw.files where format not in ('zip', 'gz')"
    assert not home.rows(f"select sha256 {members} and status = 'loaded' group by subject, sha256 having count(*) > 1")
    assert not home.rows(
        f"select path {members} and status = 'duplicate' and (subject, sha256) not in"
        " (select (subject, sha256) from raw.files where status = 'loaded' and sha256 is not null)"
    )
    assert not home.rows("select path from raw.rejected anti join raw.files using (path)")
