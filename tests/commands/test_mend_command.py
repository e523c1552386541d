"""`recovery mend` from the command line."""

import hashlib
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from recovery.actions.init import init
from recovery.cli import cli
from recovery.home.folder import Home

LOG = "Datum;Dauer\n02.01.2026;60\n30.02.2026;60\n09.03.2026;soon\n"


@pytest.mark.slow
def test_rows_are_listed_mended_left_out_and_taken_back(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    init(folder, "Europe/Berlin", ())
    (folder / "inbox" / "studio.csv").write_text(LOG)
    digest = hashlib.sha256(LOG.encode()).hexdigest()
    with duckdb.connect(str(Home(folder).published)) as connection:
        connection.execute(f"create table files as select 'studio.csv' as path, '{digest}' as sha256,"
                           " 'massage_log' as format, 'me' as subject, 'partial' as status")  # fmt: skip
        connection.execute("create table rejected as select 'me' as subject, 'studio.csv' as path, 'row 3' as place")

    def ask(*words: str, status: int = 0) -> str:
        result = CliRunner().invoke(cli, ["mend", *words, "--home", str(folder)])
        assert result.exit_code == status, result.output
        return result.output

    listed = ask("list")
    assert "   1  studio.csv: Row 3 says 30.02.2026, and that is no day. Which day was it?" in listed
    assert "      Datum: 30.02.2026; Dauer: 60" in listed
    assert "Written: minutes of row 4 of studio.csv is 45" in ask("row", "2", "45")
    assert "Written: row 3 of studio.csv is left out" in ask("leave-out", "1")
    listed = ask("list")
    assert "All rows could be read." in listed
    assert "studio.csv: minutes 45, said on " in listed
    assert "Taken back" in ask("undo", "1")
    ask("undo", "9", status=2)
    ask("row", "9", "45", status=2)
    ask("list", "--person", "nobody", status=2)
    assert (folder / "inbox" / "studio.csv").read_text() == LOG
