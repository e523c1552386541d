"""A published home of clients who differ in how far they are, with measured values that Clinic must not tell."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path

import pyarrow as pa
from answers_by_hand import effect, publish
from by_hand import TABLES, made_once

from recovery import warehouse
from recovery.actions.init import init
from recovery.answers.rows import MoreMassages
from recovery.formats.client_counts import Counts, State
from recovery.home.settings import Settings, load_settings

TODAY = date(2026, 4, 2)  # of by_hand.NOW_UTC
MEASURED = (7.77, 98765.0)  # pain and steps: on no page over several people
NOTE = "only for her own eyes"
# massages, days since the last one, diary days of 14, days since the last one, days since the watch told anything
CLIENTS: dict[str, tuple[int, int, int, int, int | None]] = {
    "Client A": (22, 3, 14, 0, 0),
    "Client B": (31, 6, 13, 0, 1),
    "Client C": (18, 2, 12, 0, 0),
    "Client D": (5, 4, 14, 1, 1),
    "Client E": (7, 1, 13, 0, 0),
    "Client F": (3, 9, 11, 0, 2),
    "Client G": (14, 5, 13, 0, 0),
    "Client H": (14, 8, 4, 10, 1),
    "Client I": (11, 5, 14, 0, 24),
    "Client J": (6, 41, 0, 35, 33),
    "Client K": (12, 7, 14, 0, 0),
    "Client L": (9, 6, 13, 0, 1),
}
ALL = tuple(CLIENTS)
COUNTS = Counts(
    id="0123456789abcdef", client="Client M", made=TODAY, massages=4, last_massage=TODAY - timedelta(days=3),
    diary_days=40, diary_days_of_14=10, last_diary_day=TODAY, newest_watch_day=TODAY, state=State.TOO_EARLY,
)  # fmt: skip


@made_once
def clinic_home(folder: Path, people: Sequence[str] = ALL, agreed: Sequence[str] = ALL) -> Settings:
    """A home of these clients, published; each is as one of `CLIENTS`, in their order."""
    init(folder, "Europe/Berlin", list(people))
    share(folder, people, agreed)
    settings = load_settings(folder)
    connection = warehouse.connect(settings.home.published)
    connection.execute(TABLES)
    _fill(connection, dict(zip(people, cycle(CLIENTS.values()), strict=False)))
    connection.execute("insert into files (path, format, status) values ('list.csv', 'massage_log', 'partial')")
    connection.execute(
        "insert into unknown_days values ('Client L', '2026-01-01', 'list.csv', 'row 3', ''),"
        " ('Client L', '2026-01-02', 'list.csv', 'row 3', ''), ('Client L', '2026-01-02', 'list.csv', 'row 9', '')"
    )
    connection.close()
    said = date(2026, 2, 19)
    answered = [effect(subject=name, first_said=said) for name in ("Client A", "Client B", "Client C")]
    more = MoreMassages("Client G", "steps", "days_1_3", "as booked", 1.0, 0.8, "", 3, 6, 5)
    still_open = effect(subject="Client G", verdict="can't tell yet", n_massages=14)
    checks = "enough days: passed; weekdays vary: failed"
    stuck = effect(subject="Client K", certainty="cannot_tell", verdict=None, checks=checks)
    return publish(settings, [*answered, more, still_open, stuck])


def share(folder: Path, people: Iterable[str], agreed: Iterable[str]) -> None:
    """Writes into recovery.toml who agreed."""
    agreed = set(agreed)
    lines = [f'[people."{name}"]\n' + "shared_since = 2026-01-05\n" * (name in agreed) for name in people]
    (folder / "recovery.toml").write_text('home_time_zone = "Europe/Berlin"\n' + "".join(lines))


def _fill(
    connection: "warehouse.duckdb.DuckDBPyConnection", people: dict[str, tuple[int, int, int, int, int | None]]
) -> None:
    massages, diary, watch = [], [], []
    for person, (count, last, diary_of_14, diary_ago, watch_ago) in people.items():
        step = 7 if person == "Client K" else 5
        massages += [(person, TODAY - timedelta(days=last + step * number)) for number in range(count)]
        diary += [(person, TODAY - timedelta(days=diary_ago + number)) for number in range(max(diary_of_14, 1))]
        watch += [(person, TODAY - timedelta(days=watch_ago))] if watch_ago is not None else []
    told = f"'attended', '{NOTE}', {MEASURED[0]}"
    _insert(connection, f"massages (subject, local_date, status, note, pain_before) select #1, #2, {told}", massages)
    _insert(connection, f"diary select #1, #2, {MEASURED[0]}, '{NOTE}'", diary)
    _insert(connection, "daily_metrics (subject, local_date, metric, family, value, source, is_complete) select #1, #2,"
                        f" 'steps', 'movement', {MEASURED[1]}, 'garmin', true", watch)  # fmt: skip


def _insert(connection: "warehouse.duckdb.DuckDBPyConnection", into: str, rows: list[tuple[str, date]]) -> None:
    if rows:
        table = pa.table({"subject": [row[0] for row in rows], "day": [row[1] for row in rows]})
        connection.register("incoming", table)
        connection.execute(f"insert into {into} from incoming")
        connection.unregister("incoming")
