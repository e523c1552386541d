"""A Prefect server for the tests of this folder; it ends with the last of them."""

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from prefect_records import NewRecords

from recovery.home.folder import Home


@pytest.fixture(scope="package")
def new_records(tmp_path_factory: pytest.TempPathFactory) -> NewRecords:
    """What a home of the tests may begin with."""
    folder = tmp_path_factory.getbasetemp()
    return NewRecords((folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "prefect-records")


@pytest.fixture(scope="package")
def prefect_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The home of the server that the tests of this folder share."""
    return Home(tmp_path_factory.mktemp("prefect"))


@pytest.fixture(scope="package")
def prefect_server(prefect_home: Home, new_records: NewRecords) -> Iterator[str]:
    """The address of a real Prefect server, named in PREFECT_API_URL; one of its own costs a run 4 s of CPU."""
    from recovery.pipelines import environment, server

    environment.use(prefect_home)
    with ExitStack() as stack:
        with new_records.lock:  # taken again by `give`
            new_records.give(prefect_home)
            url = stack.enter_context(server.running(prefect_home, is_passing=False))
            if not new_records.folder.exists():
                new_records.keep(prefect_home)
        yield url
