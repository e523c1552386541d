"""The generated parts of README.md and docs/: what the readers, the SQL files and the commands say of themselves.

`cog -r -I docs README.md docs/*.md` writes them anew; tests/house/test_docs.py fails where they are out of date.
"""

import tomllib
from collections.abc import Iterable, Sequence

import click
import rooms as house

from recovery import warehouse
from recovery.actions import init as home
from recovery.actions.formats import formats as formats_of_readers
from recovery.commands import command_names, load_command
from recovery.published import dictionary
from recovery.vocabulary.article import PROMISES, Promise
from recovery.vocabulary.families import Family
from recovery.vocabulary.windows import MAIN, Window


def formats() -> str:
    """A table of the readers."""
    return _table(
        ("Format", "Reader", "What it takes"),
        ((one.label, f"`{one.name}`", one.takes) for one in formats_of_readers()),
    )


def metrics() -> str:
    """A short table of the metrics."""
    return _table(
        ("Family", "Metric", "Unit", "Title"),
        (
            (row.get("family", ""), f"[`{row['metric']}`](docs/metrics.md#{row['metric']})", row["unit"], row["title"])
            for row in _metrics()
        ),
    )


def metrics_reference() -> str:
    """Each metric by its header."""
    parts: list[str] = []
    family = ""
    for row in _metrics():
        if row["family"] != family:
            family = row["family"]
            parts.append(f"## {family}\n")
        parts.append(f"### `{row['metric']}`\n\n*{row['title']}.* {row['description']}\n")
        parts += [
            f"- {key}: {row[key]}"
            for key in ("unit", "better", "smallest worthwhile change", "missing", "source")
            if key in row
        ]
        parts.append("")
    return "\n".join(parts)


def relations() -> str:
    """Each published table with its columns, as a database built of nothing has them."""
    connection = warehouse.connect()
    warehouse.create_raw(connection)
    warehouse.build_all(connection)
    parts: list[str] = []
    for relation in sorted(warehouse.relations(), key=lambda relation: relation.name):
        if relation.layer != "pub":
            continue
        header = relation.header
        columns = connection.execute(
            "select column_name, data_type from duckdb_columns() where schema_name = 'pub' and table_name = ?"
            " order by column_index",
            [relation.name],
        ).fetchall()
        parts.append(f"## `{relation.name}`\n\n*{header['title']}.* {header['description']}\n")
        parts += [f"- {key}: {header[key]}" for key in ("grain", "missing", "source") if key in header]
        told = dictionary.columns_of(relation.name, columns)
        rows = ((f"`{one.name}`", one.kind.lower(), one.unit, one.meaning) for one in told)
        parts.append(f"\n{_table(('Column', 'Type', 'Unit', 'What it is'), rows)}\n")
    connection.close()
    return "\n".join(parts)


def rooms() -> str:
    """A table of the rooms, by layer: what each holds and what it may import, as the import contract has it."""
    rows: list[tuple[str, str, str]] = []
    layers = house.layers()
    for number, layer in enumerate(layers, 1):
        below = [room for lower in layers[number:] for room in lower]
        may = "all below" if len(below) > 2 else ", ".join(f"`{room}`" for room in below) or "nothing"
        for room in layer:
            beside = ", ".join(f"`{other}`" for other in layer if other != room)
            rows.append((f"`{room}`", house.holds(room), f"{may}; not {beside}" if beside else may))
    return _table(("Room", "Holds", "May import"), rows)


def commands() -> str:
    """A table of the commands."""
    rows: list[tuple[str, str]] = []
    for name in command_names():
        command = load_command(name)
        inner = command.commands if isinstance(command, click.Group) else {"": command}
        rows += [
            (f"`recovery {name} {sub}`".replace(" `", "`"), one.get_short_help_str(200)) for sub, one in inner.items()
        ]
    return _table(("Command", "What it does"), rows)


def claims() -> str:
    """A table of the claims of the article, with what measures each and what trials found."""
    return _table(
        ("Claim", "The article says", "Measured by", "Where", "Trials found"),
        (
            (
                f"`{promise.claim_id}`",
                promise.claim,
                ", else ".join(_linked(metric) for metric in promise.metrics)
                + (f"; beside it {', '.join(map(_linked, promise.beside))}" if promise.beside else ""),
                _where(promise),
                promise.published_evidence,
            )
            for promise in PROMISES
        ),
    )


def settings() -> str:
    """The commented recovery.toml that `init` writes."""
    text = home.settings_text("Europe/Berlin")
    tomllib.loads(text)
    return f"```toml\n{text}```"


def _metrics() -> list[dict[str, str]]:
    order = list(Family)
    return sorted(warehouse.metric_definitions(), key=lambda row: (order.index(Family(row["family"])), row["metric"]))


def _linked(metric: str) -> str:
    return f"[`{metric}`](metrics.md#{metric})"


def _where(promise: Promise) -> str:
    """The windows, or the kinds of massages, that answer a claim."""
    if promise.levels:
        return f"massages told apart by {' or '.join(promise.levels)}"
    if promise.kind == "duration":
        return f"`{Window.DAY_1}` to `{Window.DAY_7}`, how many in a row"
    return (
        ", else ".join(f"`{window}`" for window in promise.windows)
        or f"a finished trial, else {' or '.join(f'`{window}`' for window in MAIN)}"
    )


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
