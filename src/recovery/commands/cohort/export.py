"""`recovery cohort export`: writes a study without names, to give away."""

from pathlib import Path

import click

from recovery.commands import Call, echo, echo_indented, home_options


@click.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path), metavar="[FOLDER]")
@click.option("--to", "target", required=True, type=click.Path(path_type=Path), metavar="DIR", help="A new folder.")
@click.option("--format", "form", type=click.Choice(["parquet", "csv"]), default="parquet", help="Else parquet.")
@click.option("--with-minutes", is_flag=True, help="Every minute of everybody too (large).")
@click.option("--least", "k", type=click.IntRange(min=3), default=5, metavar="K", help="Fewest people of a group (5).")
@home_options
@click.pass_obj
def command(call: Call, folder: Path | None, target: Path, form: str, with_minutes: bool, k: int) -> None:
    """Write a study without names: random ids, dates moved by whole weeks, no free text, no small groups.

    FOLDER is a study or a home with several people. What this does not protect from: docs/cohort-data.md.

    \b
    Example:
      recovery cohort export my-study --to shared
      recovery cohort export my-study --to shared --format csv --least 10
    """
    from recovery.actions import cohort_export
    from recovery.words import cohort_export as words

    if folder:
        call.given_home = folder
    done = cohort_export.export(call.settings().home, target.absolute(), k=k, form=form, with_minutes=with_minutes)
    echo(words.written(done.people, target, done.rows))
    for sentence in done.left_out:
        echo_indented(sentence)
    echo(words.key_stays(done.key))
