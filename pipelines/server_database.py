"""Prefect's database of the installed version, made in one process without threads where there is none.

Prefect's own way hands each of 34,000 calls of SQLite to another thread and waits for it, which takes 5 s of CPU of
every first run. The migrations are Prefect's here too, and so are the tables; they run on a plain connection (2 s).
"""

import asyncio
import logging
import warnings
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prefect.server.database.interface import PrefectDBInterface

UNFINISHED = ".unfinished"  # behind the name of a database until it has all its tables
BESIDE = ("-wal", "-shm", "-journal")  # behind the name of a database, what SQLite has not yet put into it


def bring_up_to_date() -> None:
    """Makes Prefect's database, or brings it to the installed version, wherever Prefect's settings say it is.

    One that is there already is left to Prefect, as is one on a server, and what another version of Prefect or of
    Alembic does not let us make.
    """
    from prefect.server.database import provide_database_interface

    database = provide_database_interface()
    path = _file_of(database)
    if path is not None and not path.exists():
        try:
            _make(database, path)
        except Exception:  # whatever it is, Prefect says it better
            logging.getLogger("recovery.pipelines").warning("Prefect makes its database itself", exc_info=True)
    asyncio.run(database.create_db())


def _file_of(database: "PrefectDBInterface") -> Path | None:
    """The file that the database is to be in; None where it is on a server or in memory."""
    from sqlalchemy import make_url

    url = make_url(database.database_config.connection_url)
    if url.get_backend_name() != "sqlite" or url.query or not url.database or ":memory:" in url.database:
        return None
    return Path(url.database)


def _make(database: "PrefectDBInterface", path: Path) -> None:
    """Makes the database beside its place and then puts it there, so that it is whole or not there."""
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory
    from prefect.server.database.alembic_commands import alembic_config
    from sqlalchemy import create_engine
    from sqlalchemy.exc import SAWarning

    unfinished = path.with_name(path.name + UNFINISHED)
    unfinished.unlink(missing_ok=True)
    config = alembic_config()
    scripts = ScriptDirectory.from_config(config)
    scripts.version_locations = [str(database.orm.versions_dir)]
    engine = create_engine(f"sqlite:///{unfinished}")
    try:
        with (
            warnings.catch_warnings(),
            # a private name, by which Alembic's own command upgrades too
            EnvironmentContext(config, scripts, fn=lambda now, _: scripts._upgrade_revs("head", now)) as environment,
            engine.connect() as connection,
        ):
            warnings.filterwarnings("ignore", category=SAWarning)  # of what it does not read of some indexes
            connection.exec_driver_sql("pragma foreign_keys = off")  # tables are put in the place of others
            connection.exec_driver_sql("pragma synchronous = off")  # it is thrown away if it does not become whole
            connection.commit()
            environment.configure(
                connection=connection,
                target_metadata=database.Base.metadata,
                render_as_batch=True,  # as Prefect does for SQLite, which changes no column in its place
                transaction_per_migration=True,
                template_args={"dialect": "sqlite"},
            )
            with environment.begin_transaction():
                environment.run_migrations()
    except BaseException:
        with suppress(OSError):
            unfinished.unlink()
        raise
    finally:
        engine.dispose()
    for behind in BESIDE:  # of a database that was removed: it would be taken for what is new in this one
        path.with_name(path.name + behind).unlink(missing_ok=True)
    unfinished.replace(path)
