"""`recovery query`: SQL on the published database."""

import sys
from pathlib import Path

import click

from recovery.commands import Call, echo, home_options
from recovery.words.say import say
from recovery.words.terminal import printable

SHOWN_ROWS = 200  # of a table on the terminal; the file formats hold all


@click.command()
@click.argument("sql")
@click.option("--csv", "as_csv", is_flag=True, help="All rows as CSV.")
@click.option("--parquet", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write Parquet.")
@click.option("--xlsx", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write an Excel sheet.")
@home_options
@click.pass_obj
def command(call: Call, sql: str, as_csv: bool, parquet: Path | None, xlsx: Path | None) -> None:
    """Run SQL on the published database (read only).

    \b
    Example:
      recovery query "show tables"
      recovery query "select local_date, steps, still_min from daily order by local_date desc limit 7"
      recovery query --xlsx daily.xlsx "from daily"
    """
    from recovery.published import query

    if sum([as_csv, parquet is not None, xlsx is not None]) > 1:
        raise click.UsageError(say("Choose one of --csv, --parquet and --xlsx."))
    home = call.settings().home
    parquet, xlsx = parquet and parquet.absolute(), xlsx and xlsx.absolute()  # of a study we stand in its folder
    if file := parquet or xlsx:
        query.must_be_free(home, file)
    with query.published(home) as connection:
        if as_csv:
            query.write_csv(connection, sql, _Terminal() if sys.stdout.isatty() else sys.stdout)
        elif parquet is not None:
            echo(
                say(
                    "{count:,} rows in {parquet}", count=query.write_parquet(connection, sql, parquet), parquet=parquet
                ),
                err=True,
            )
        elif xlsx is not None:
            echo(say("{count:,} rows in {xlsx}", count=query.write_xlsx(connection, sql, xlsx), xlsx=xlsx), err=True)
        else:
            _show(query.answer(connection, sql, SHOWN_ROWS))


class _Terminal:
    """Where CSV goes that nobody piped elsewhere: without control characters."""

    def write(self, text: str) -> int:
        return sys.stdout.write(printable(text, keep_lines=True))


def _show(answer: "tuple[tuple[str, ...], list[tuple[object, ...]], bool]") -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    columns, rows, more = answer
    table = Table()
    for number, column in enumerate(columns):
        is_number = any(isinstance(row[number], int | float) for row in rows)
        table.add_column(Text(printable(column)), justify="right" if is_number else "left")
    for row in rows:  # Text, so that no bracket in a note is taken for markup
        table.add_row(*(Text("" if value is None else printable(str(value), keep_lines=True)) for value in row))
    console = Console()
    if not console.is_terminal:
        console.width = 10_000  # a pipe has no width: nothing is cut or folded
    console.print(table)
    if more:
        echo(say("Only the first {count} rows are shown; --csv gives all.", count=len(rows)), err=True)
